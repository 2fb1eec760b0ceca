/** Explanations of numbers with few digits reproduce them as well as the numbers are good. */
import { backprop, check, parseModel, type Point } from "chainrule";
import { describe, expect, it } from "vitest";
import { matrix } from "./corpus/matrices.js";

/** Two towers whose cosines are compared within a batch, at a learned temperature. */
const towers = parseModel(`
  N = size()
  X = input(N, 4)
  V = input(N, 5)
  Wq = param(4, 3)
  Wk = param(5, 3)
  lt = param()
  Q = X * Wq
  K = V * Wk
  Qn = Q ./ sqrt(sum(Q.^2, 2))
  Kn = K ./ sqrt(sum(K.^2, 2))
  S = Qn * Kn' * exp(lt)
  Pr = softmax(S, 2)
  Pc = softmax(S, 1)
  L = -(sum(log(diag(Pr))) + sum(log(diag(Pc)))) / (2 * N)`);

const at = (lt: number): Point => ({
  X: matrix(8, 4, 1),
  V: matrix(8, 5, 2),
  Wq: matrix(4, 3, 3),
  Wk: matrix(5, 3, 4),
  lt,
});

const temperatures = [0.71, 1.05, 1.229, 1.38];
const formats: readonly [string, (value: number) => number][] = [
  ["singles", Math.fround],
  ["four digits", (value) => Number(value.toPrecision(4))],
];

describe.each(formats)("Scores divided by the temperature, in %s", (_, round) => {
  it.each(temperatures)("are not told by factors that come near, at a temperature of %d", (lt) => {
    const {
      Wq,
      Wk,
      lt: own,
    } = backprop(towers, at(lt)).gradients as {
      Wq: number[][];
      Wk: number[][];
      lt: number;
    };
    // the scores divided by the temperature where they are multiplied with it
    const factor = Math.exp(-2 * lt);
    const times = (rows: number[][]): number[][] =>
      rows.map((row) => row.map((entry) => round(factor * entry)));
    const { checks } = check(
      towers,
      { Wq: times(Wq), Wk: times(Wk), lt: round(own) },
      { at: at(lt) },
    );
    for (const { ok, diagnosis } of checks.slice(0, 2)) {
      expect(ok).toBe(false);
      const told = diagnosis.filter(({ explanation }) => explanation === 1);
      expect(told.map(({ text }) => text)).toEqual([
        expect.stringContaining("divided by exp(lt) in the step back through S"),
      ]);
    }
  });
});
