/** `import "chainrule/vitest"` adds the matchers to the `expect` of Vitest. */
import { expect } from "vitest";
import { type GradientMatchers, toBeGradientOf } from "./matchers.js";

expect.extend({ toBeGradientOf });

// Augmented are the types that Vitest 4 and 5 have in common.
declare global {
  // eslint-disable-next-line @typescript-eslint/no-namespace
  namespace Chai {
    // eslint-disable-next-line @typescript-eslint/no-empty-object-type
    interface Assertion extends GradientMatchers<void> {}
  }
}

declare module "vitest" {
  // eslint-disable-next-line @typescript-eslint/no-empty-object-type
  interface AsymmetricMatchersContaining extends GradientMatchers<unknown> {}
}
