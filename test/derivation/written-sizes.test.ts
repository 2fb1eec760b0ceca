import { expect, it } from "vitest";
import { derive, parseModel } from "chainrule";

const MODEL = parseModel(`
  N = size()
  D = size()
  X = input(N, D)
  w = param(D)
  V = param(N, D)
  b = param()
  y = X * w
  L = sum((y + b).^2) / N + dot(V[1, :], w)`);

/** What a derivation says of the sizes that it takes. */
function said(wrt: string, form: "paths" | "scalar" | "index"): string | undefined {
  const { notes } = derive(MODEL, { wrt, form });
  return notes.find((one) => one.startsWith("Written out"));
}

it.each([
  // one summand for each of the N entries of y; of the D entries of w only the one that is asked for
  ["w[1]", "paths", /for N = \d+;/],
  ["w[2]", "scalar", /for N = \d+;/],
  ["b", "scalar", /for N = \d+;/],
  // the entry that is asked for, and nothing beside it
  ["V[1,2]", "paths", undefined],
  ["V[1,1]", "scalar", undefined],
  ["w", "index", undefined],
] as const)("%s, %s: takes the sizes along which entries are written", (wrt, form, expected) => {
  if (expected) expect(said(wrt, form)).toMatch(expected);
  else expect(said(wrt, form)).toBeUndefined();
});
