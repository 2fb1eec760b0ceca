import { describe, expect, it } from "vitest";
import { localDerivatives } from "../../src/derivation/local.js";
import { Workbench } from "../../src/derivation/workbench.js";
import { parseModel } from "../../src/language/model.js";
import { derive, deriveAll } from "../../src/render/derivation.js";
import { latexDocument } from "../../src/render/document/documents.js";
import type { Side } from "../../src/derivation/step.js";
import { references } from "../../src/expression/walk.js";
import { expressionOf } from "./support.js";

/** The names in a side, in order. */
function namesIn(side: Side): string[] {
  return references([expressionOf(side)])
    .map(({ quantity }) => quantity.name)
    .toSorted();
}

function isOf(side: Side, partial: string): boolean {
  return side.kind === "scalar" && namesIn(side).includes(partial);
}

const ATTENTION = `
  X = input(4, 3)
  T = target(4, 2)
  W = param(3, 2)
  V = param(4, 2)
  S = X * W * ones(2, 4)
  P = softmax(S, 2)
  O = P * V
  L = 1/2 * sum((O - T).^2)
`;

describe("what a definition defines, met in a later line", () => {
  it("is written with its name, and that is said, in indices as in matrices", () => {
    for (const form of ["index", "matrix", "scalar"] as const) {
      const wrt = form === "scalar" ? "W[1,1]" : "W";
      const { steps } = derive(parseModel(ATTENTION), { wrt, form });
      // (O − T)Vᵀ times P, summed, is ((O − T) ⊙ O)1 since O = P V
      expect(steps.some(({ why }) => why.includes("P * V is O, by the definition of O."))).toBe(
        true,
      );
    }
  });

  it("is an equation in documents, of entries and of matrices, and in every derivation where it is met", () => {
    const model = parseModel(ATTENTION);
    const derivations = deriveAll(model, {
      wrt: ["W[1,1]", "W[2,1]"],
      forms: ["matrix", "scalar"],
    });
    const text = latexDocument(model, derivations);
    const entry = "$\\sum_{k=1}^{4} p_{ik} v_{kj}$ is $o_{ij}$, by the definition of $O$.";
    // the entries of one quantity share their sentences
    expect(text.split(entry)).toHaveLength(2);
    expect(text.split("$P V$ is $O$, by the definition of $O$.")).toHaveLength(3);
  });

  it("is told without its equation where that is long", () => {
    const model = parseModel(`
      x = input(3)
      t = target(3)
      w = param(3)
      c = param(3)
      u = w .* x .* (x + x.^2 + x.^3 + 2 * x.^4 + 3 * x.^5 + sin(x) + sin(2 * x) + cos(x)) .* sin(c)
      L = sum(exp(u) + t .* u)`);
    const { steps } = derive(model, { wrt: "w", form: "index" });
    for (const { why } of steps) expect(why).not.toContain("by the definition of");
  });

  it("is not told where every line has the names of the lines before it", () => {
    const model = parseModel(`
      x = input(3)
      t = target(2)
      W = param(2, 3)
      z = W * x
      a = sigmoid(z)
      L = 1/2 * sum((t - a).^2)
    `);
    for (const form of ["index", "matrix", "jacobian"] as const) {
      const { steps } = derive(model, { wrt: "W", form });
      expect(steps.filter(({ why }) => why.includes("by the definition of"))).toEqual([]);
    }
  });
});

describe("a local derivative that a later quantity is", () => {
  const NORM = `
    u = param(3)
    r = input(3)
    s = norm(u)
    n = u / s
    L = sum((n - r).^2)
  `;

  it("stands in its own terms first, then with the name", () => {
    const { steps } = localDerivatives(new Workbench(parseModel(NORM), undefined));
    const general = steps.filter(
      ({ left, rule }) => isOf(left, "ds_du") && rule !== "entry by entry",
    );
    expect(general.map(({ rule }) => rule)).toEqual([
      "local derivative",
      "local derivative",
      "names put in",
    ]);
    // u/‖u‖, then u/s
    expect(general.map(({ right }) => namesIn(right))).toEqual([["u", "u"], ["s", "u"], ["n"]]);
    expect(general.at(-1)!.why.text).toBe("u / s is n, by the definition of n.");
  });

  it("stands once where it has the names of its own definition alone", () => {
    const { steps } = localDerivatives(new Workbench(parseModel(NORM), undefined));
    // −u/s² is −n/s with the name of what is differentiated
    const general = steps.filter(
      ({ left, rule }) => isOf(left, "dn_ds") && rule !== "entry by entry",
    );
    expect(general.map(({ rule }) => rule)).toEqual(["local derivative"]);
  });
});

describe("what a local derivative has a name for", () => {
  it("has it in the line into which that is put, also where a sum comes between its factors", () => {
    const model = parseModel(`
      U = input(4, 3)
      V = input(4, 3)
      T = target(4, 4)
      s = param()
      S = exp(s) * U * V'
      L = sum((S - T).^2)
    `);
    for (const form of ["index", "matrix"] as const) {
      const { data } = derive(model, { wrt: "s", form });
      const put = data.steps.find(({ rule }) => rule === "local derivatives")!;
      expect(namesIn(put.right)).toEqual(["S", "dS"]);
    }
  });
});

describe("two definitions of one value", () => {
  const twice = `
    x = input(3)
    W = param(3, 3)
    z = W * x
    a = tanh(z)
    b = tanh(z)
    L = sum(a .* a .* b)`;

  it.each(["a", "b"])("have their own name in the local derivative, %s", (name) => {
    const { steps } = localDerivatives(new Workbench(parseModel(twice), undefined));
    const lines = steps.filter(({ left }) => isOf(left, `d${name}_dz`));
    const named = lines.flatMap(({ right }) => (right.kind === "scalar" ? namesIn(right) : []));
    expect(named).toContain(name);
    expect(named).not.toContain(name === "a" ? "b" : "a");
  });
});
