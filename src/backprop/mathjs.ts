/** The functions of mathjs that are used here, made when the first is called: that takes a while. */
import { Fraction } from "fraction.js";
import {
  addDependencies,
  concatDependencies,
  create,
  dotDivideDependencies,
  dotMultiplyDependencies,
  erfDependencies,
  identityDependencies,
  indexDependencies,
  kronDependencies,
  mapDependencies,
  type MathJsInstance,
  matrixDependencies,
  multiplyDependencies,
  subsetDependencies,
  subtractDependencies,
  transposeDependencies,
  unaryMinusDependencies,
} from "mathjs";

let instance: MathJsInstance | undefined;

export function math(): MathJsInstance {
  return (instance ??= made());
}

function made(): MathJsInstance {
  const functions = create({
    ...addDependencies,
    ...concatDependencies,
    ...dotDivideDependencies,
    ...dotMultiplyDependencies,
    ...erfDependencies,
    ...identityDependencies,
    ...indexDependencies,
    ...kronDependencies,
    ...mapDependencies,
    ...matrixDependencies,
    ...multiplyDependencies,
    ...subsetDependencies,
    ...subtractDependencies,
    ...transposeDependencies,
    ...unaryMinusDependencies,
  });
  const typed = functions.typed as unknown as Typed;
  // Each would add signatures to every function, which takes most of the time to make it. Ours get
  // matrices of one kind of scalar, and whole numbers among fractions.
  typed.clearConversions();
  typed.addConversion({ from: "number", to: "Fraction", convert: wholeFraction });
  return functions;
}

/** @throws for other numbers: what a double stands for is not known. */
function wholeFraction(x: number): Fraction {
  if (!Number.isSafeInteger(x)) throw new TypeError(`${x} among fractions`);
  return new Fraction(x);
}

/** What mathjs's types leave out of its typed-function. */
interface Typed {
  clearConversions(): void;
  addConversion(conversion: {
    readonly from: "number";
    readonly to: "Fraction";
    readonly convert: (x: number) => Fraction;
  }): void;
}
