/** All that is used of Jest's globals; their own types come with most of Jest. */
declare module "@jest/globals" {
  export { expect } from "expect";
}
