/** mathjs's error function, which is Cody's: not the one that the engine computes with. */
import { createErf, type FactoryFunction } from "mathjs/number";

type RealFunction = (x: number) => number;

// mathjs exports its factories without saying so in its types.
declare module "mathjs/number" {
  const createErf: FactoryFunction<RealFunction>;
}

/** mathjs's `typed` picks a function by the types of its arguments: this one is given numbers. */
const typed = Object.assign(
  (_name: string, signatures: Readonly<Record<string, unknown>>) => signatures["number"],
  { referToSelf: () => undefined },
);

let made: RealFunction | undefined;

export function erf(x: number): number {
  made ??= createErf({ typed });
  return made(x);
}
