import { describe, expect, it } from "vitest";
import { parseModel } from "../../src/language/model.js";
import { derive, deriveAll } from "../../src/render/derivation.js";
import { markdownDocument } from "../../src/render/document/documents.js";
import { passages } from "../../src/render/document/passage.js";
import { shareSteps } from "../../src/render/document/shared.js";

const model = parseModel(`
  x = input(2)
  t = target(2)
  W1 = param(2, 2)
  b1 = param(2)
  W2 = param(2, 2)
  h1 = tanh(W1 * x + b1)
  y = W2 * h1
  L = sum((y - t).^2)
`);

describe("a document of several derivations", () => {
  const derivations = deriveAll(model, { forms: ["index", "matrix", "jacobian"] });
  const around = passages(model);
  const { before } = around;
  const shared = shareSteps(model, derivations, before);

  it("has every adjoint once in each form, in the order of the backward pass", () => {
    expect(shared.parts.map(({ passage }) => passage.title)).toEqual([
      "The adjoints: index form",
      "The adjoints: matrix form",
      "The Jacobians",
    ]);
    const text = markdownDocument(model, derivations, { ...around, after: [] });
    const found = [...text.matchAll(/itself uses \$`y`\$/g)];
    expect(found).toHaveLength(2);
  });

  it("has derivations that begin with where the rest stands and end with the gradient", () => {
    for (const [place, one] of shared.derivations.entries()) {
      const whole = derivations[place]!;
      expect(one.data.opening?.text).toMatch(
        /found in the part “The (adjoints: .* form|Jacobians)”\.$/,
      );
      expect(one.steps.length).toBeLessThan(whole.steps.length);
      expect(one.steps.at(-1)).toEqual(whole.steps.at(-1));
    }
  });

  it("has what is asked for in its own part, and calls it δ, where others are computed from it", () => {
    const net = parseModel(`
      x = input(2)
      t = target(2)
      W1 = param(2, 2)
      W2 = param(2, 2)
      W3 = param(2, 2)
      z1 = W1 * x
      z2 = W2 * tanh(z1)
      z3 = W3 * tanh(z2)
      L = sum((z3 - t).^2)
    `);
    const all = deriveAll(net, { wrt: ["z2", "W1"], forms: ["index", "matrix", "jacobian"] });
    for (const [place, one] of shareSteps(net, all, []).derivations.entries()) {
      expect(one.steps.at(-1)).toEqual(all[place]!.steps.at(-1));
    }
    const [, ofFirst] = all.filter(({ form }) => form === "index");
    expect(ofFirst!.latex).toContain("\\delta^{(2)}_{j}");
    expect(derive(net, { wrt: "z2", form: "index" }).latex).not.toContain("\\delta^{(2)}");
  });

  it("calls the same adjoints δ in derivations that were asked for one by one", () => {
    const net = parseModel(`
      x = input(2)
      t = target(2)
      W1 = param(2, 2)
      W2 = param(2, 2)
      z1 = W1 * x
      z2 = W2 * tanh(z1)
      L = sum((z2 - t).^2)
    `);
    const own = ["W2", "W1"].map((wrt) => derive(net, { wrt, form: "index" }));
    const [part] = shareSteps(net, own, []).parts;
    const lefts = [...part!.passage.shown()].flatMap(({ equations }) =>
      equations.map(({ left }) => left),
    );
    const general = lefts.filter((left) => left.endsWith("_{i}"));
    expect(new Set(general)).toEqual(new Set(["\\delta^{(2)}_{i}", "\\delta^{(1)}_{i}"]));
    expect(lefts.every((left) => left.startsWith("\\delta"))).toBe(true);
    expect(derive(net, { wrt: "z1", form: "index" }).latex).not.toContain("\\delta^{(1)}");
  });

  it("leaves a single derivation complete", () => {
    const [only] = deriveAll(model, { wrt: ["W1"], forms: ["index"] });
    expect(shareSteps(model, [only!], before)).toEqual({ parts: [], derivations: [only] });
  });
});

it("does not send to derivatives that a derivation needs nothing of", () => {
  const constant = parseModel(`
    x = input(2)
    y = target(3)
    W = param(3, 2)
    b = param(3)
    c = param()
    z = W * x + b
    p = softmax(z + c)
    L = -sum(y .* log(p))
  `);
  const derivations = deriveAll(constant, { forms: ["matrix"], wrt: ["W", "b", "c"] });
  const openings = shareSteps(constant, derivations, []).derivations.map(
    ({ data }) => data.opening !== undefined,
  );
  expect(openings).toEqual([true, true, false]);
});
