import { describe, expect, it } from "vitest";
import { parseModel } from "../../src/language/model.js";
import { derive } from "../../src/render/derivation.js";

describe("derivatives that have no Jacobian", () => {
  const written = (text: string, wrt: string): string =>
    derive(parseModel(text), { wrt, form: "jacobian" }).toMarkdown();

  it("are said to have no formula where they are small", () => {
    const text = written(
      `x = input(7)
      k = param(3)
      z = k[1] * x[1:2:5] + k[2] * x[2:2:6] + k[3] * x[3:2:7]
      L = sum(z.^2)`,
      "k",
    );
    expect(text).toContain("is written with indices: no formula of products");
    expect(text).not.toContain("too large");
  });

  it("are said to be large where they are", () => {
    const text = written("A = param(60, 60)\nB = input(60, 60)\nC = A * B\nL = sum(C.^2)", "A");
    expect(text).toContain("is written with indices: its Jacobian is too large to be checked");
  });
});

describe("commutation matrices", () => {
  it("are explained once, and K is called otherwise where a quantity is K", () => {
    const written = (name: string): string =>
      derive(
        parseModel(`X = input(3, 4)\n${name} = param(4, 2)\nG = (X * ${name})'\nL = sum(G.^3)`),
        {
          wrt: name,
          form: "jacobian",
        },
      ).toLatex();
    const text = written("W");
    expect(text).toContain("\\mathbf{K}_{");
    expect(text.split("the commutation matrix").length - 1).toBe(0);
    expect(text.split("The commutation matrix").length - 1).toBe(1);
    expect(written("K")).toContain("\\hat{K}_{");
    expect(written("K")).not.toContain("\\mathbf{K}");
  });
});

describe("the Jacobian of a layer by its weights", () => {
  const products = (text: string): string[] =>
    derive(parseModel(text), { wrt: "W", form: "jacobian" })
      .steps.map(({ why }) => why)
      .filter((why) => why.includes("the two Jacobians are multiplied"));
  const before = "x = input(3)\nt = target(2)\nW = param(2, 3)\nV = param(2, 3)\nz = W * x";
  const after = "L = sum((h - t).^2)";

  it("is written for an activation of what the weights give", () => {
    expect(products(`${before}\nh = tanh(z)\n${after}`)).toHaveLength(1);
  });

  it("is not written where a gate stands beside it, whose product does not use it", () => {
    expect(products(`${before}\nh = sigmoid(V * x) .* tanh(z)\n${after}`)).toEqual([]);
  });
});

describe("the commutation matrix", () => {
  it("is said without a letter, which would be that of a quantity", () => {
    const model = parseModel(
      "A = param(4, 2)\nB = param(2, 3)\nT = target(3, 4)\nC = A * B\nD = C'\nL = sum((D - T).^2)",
    );
    const { steps } = derive(model, { wrt: "A", form: "jacobian" });
    const { why } = steps.find((one) => one.why.includes("commutation matrix"))!;
    expect(why).toContain(
      "puts the entries of vec of that matrix into the order of vec of its transpose",
    );
    expect(why).not.toMatch(/\b(of|vec) A\b/);
  });
});

it("calls what a parameter does in the loss itself the direct part of the Jacobian", () => {
  const model = parseModel("u = param(3)\nd = sum(u)\nL = d^2 + sum(u.^2)");
  const { steps } = derive(model, { wrt: "u", form: "jacobian" });
  const direct = steps.find(({ lhs }) => lhs.includes("\\partial^{+}"))!;
  expect(direct.why).toContain("The direct part of the Jacobian of L with respect to u is 1×3.");
  expect(steps.filter(({ why }) => why.startsWith("The Jacobian of L with respect to u"))).toEqual(
    [],
  );
});

it("multiplies what acts through others too with its direct part, and says so", () => {
  const model = parseModel(`
    x = input(3)
    t = target(3)
    W = param(3, 3)
    h = W * x
    m = mean(h)
    v = sum((h - m).^2)
    n = h / v - m
    L = sum((t - n).^2)`);
  const { steps } = derive(model, { wrt: "W", form: "jacobian" });
  const chains = steps.filter(({ rule }) => rule === "chain rule").map(({ why }) => why);
  expect(chains).toContain(
    "The Jacobian of L with respect to n times the direct part of that of n with respect to m.",
  );
  expect(chains).toContain(
    "The Jacobians of L with respect to m, v and n, each times that of its quantity with respect to h (of v and n its direct part), added.",
  );
  expect(chains).toContain(
    "The Jacobian of L with respect to n times that of n with respect to v.",
  );
});

describe("sentences about factors", () => {
  const sentences = (text: string, wrt: string, form: "matrix" | "jacobian"): string =>
    derive(parseModel(text), { wrt, form })
      .steps.map(({ why }) => why)
      .join("\n");

  it("say which factor is transposed where another one is the same without that", () => {
    const attention = `X = input(3, 4)
      Q = param(4, 2)
      K = param(4, 2)
      S = (X * Q) * (X * K)'
      L = sum(S.^2)`;
    expect(sentences(attention, "K", "matrix")).toContain(
      "X is transposed because its row index is summed with the factor behind it.",
    );
  });

  it("say what is transposed where it has no name", () => {
    const text = sentences("s = param(2)\nL = 1/2 * sum(exp(s) - s)", "s", "jacobian");
    expect(text).toContain("The vector in brackets is transposed because its index");
    expect(text).not.toContain("ne factor");
  });

  it("say what a diagonal matrix multiplies, and name no row by a letter that the model has", () => {
    const gate = `h = input(2)
      x = input(2)
      r = param(2)
      U = param(2, 2)
      n = tanh(U * (r .* h) + x)
      L = sum(n.^2)`;
    const text = sentences(gate, "r", "jacobian");
    expect(text).toContain("multiplies each row of U by a number of its own.");
    expect(text).toContain("multiplies each column of U by its entry of h.");
    expect(text).toContain(
      "Each row of a Jacobian belongs to one entry of what is differentiated.",
    );
    expect(text).not.toMatch(/\br\b of what|Row r/);
  });
});
