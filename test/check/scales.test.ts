/** Temperatures that are forgotten: of one of two distributions, in all places where it stands. */
import { check, compile, type Diagnosis, parseModel } from "chainrule";
import { expect, it } from "vitest";
import { matrix } from "./corpus/matrices.js";

/** What is told first of the gradients of another model. */
function firsts(text: string, other: string, at: Record<string, number[][]>): Diagnosis[] {
  const claims = compile(parseModel(other)).evaluate(at).gradients;
  const { checks } = check(parseModel(text), claims, { at });
  return checks.flatMap(({ diagnosis }) =>
    diagnosis.filter(({ explanation }) => explanation === 1),
  );
}

const MODEL = `
  X = input(5, 4)
  G = input(5, 3)
  W = param(4, 3)
  Z = X * W`;
const at = { X: matrix(5, 4, 1), G: matrix(5, 3, 2), W: matrix(4, 3, 3) };

it("that of a log-softmax is one factor, though it stands twice in its formula", () => {
  const text = `${MODEL}
  P = logsoftmax(Z / 4, 2)
  L = -sum(softmax(G, 2) .* P)`;
  const all = firsts(text, text.replace("Z / 4", "Z"), at);
  expect(all).toHaveLength(1);
  expect(all[0]).toMatchObject({ cause: "missing-factor", isForward: true, arisesIn: "P" });
});

it("that of the one distribution is lost while the other keeps the same", () => {
  const text = `${MODEL}
  L = -sum(softmax(G / 4, 2) .* logsoftmax(Z / 4, 2))`;
  for (const lost of ["G", "Z"]) {
    const all = firsts(text, text.replace(`${lost} / 4`, lost), at);
    expect(all).toHaveLength(1);
    expect(all[0]).toMatchObject({ cause: "missing-factor", isForward: true });
    expect(all[0]!.text).toContain(`${lost} in place of 0.25 * ${lost}`);
  }
});
