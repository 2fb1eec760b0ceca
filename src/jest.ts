/** `import "chainrule/jest"` adds the matchers to the `expect` of Jest. */
import { expect } from "@jest/globals";
import { type GradientMatchers, toBeGradientOf } from "./matchers.js";

expect.extend({ toBeGradientOf });

// For tests that import from @jest/globals, and for those that use the globals of @types/jest.
declare module "expect" {
  // eslint-disable-next-line @typescript-eslint/no-empty-object-type -- only an interface merges with theirs
  interface AsymmetricMatchers extends GradientMatchers<unknown> {}
  // eslint-disable-next-line @typescript-eslint/no-empty-object-type, @typescript-eslint/no-unused-vars -- merged interfaces have the same parameters
  interface Matchers<R extends void | Promise<void>, T = unknown> extends GradientMatchers<R> {}
}

declare global {
  // eslint-disable-next-line @typescript-eslint/no-namespace -- the globals of @types/jest are one
  namespace jest {
    // eslint-disable-next-line @typescript-eslint/no-empty-object-type -- only an interface merges with theirs
    interface Expect extends GradientMatchers<unknown> {}
    // eslint-disable-next-line @typescript-eslint/no-empty-object-type, @typescript-eslint/no-unused-vars -- merged interfaces have the same parameters
    interface Matchers<R, T = {}> extends GradientMatchers<R> {}
  }
}
