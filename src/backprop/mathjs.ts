/** The functions of mathjs that are used here, made when the first is called: that takes a while. */
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
  return (instance ??= create({
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
  }));
}
