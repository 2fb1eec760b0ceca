import { describe, expect, it } from "vitest";
import { derive, parseModel } from "chainrule";
import { deriveAll } from "../../src/render/derivation.js";
import { passages } from "../../src/render/document/passage.js";

/** All lines of the derivation by w, in two forms. */
function lines(text: string, wrt = "w"): string {
  const model = parseModel(text);
  const forms = (["index", "matrix"] as const).map((form) => derive(model, { wrt, form }));
  return forms
    .flatMap(({ steps }) => steps)
    .map(({ lhs, rhs }) => `${lhs} = ${rhs}`)
    .join("\n");
}

describe("a sign has one meaning", () => {
  const exponentials = (name: string): string => `
    x = input(3)
    w = param(3)
    ${name} = w .* x
    f = exp(-${name})
    L = sum(f) + log(sum(exp(${name})))`;

  it.each([["e"], ["e1"], ["e_err"]])("exp is written out beside a quantity %s", (name) => {
    expect(lines(exponentials(name))).toMatch(/\\exp\\left\(/);
    expect(lines(exponentials(name))).not.toMatch(/e\^\{[^(]/);
  });

  it.each(["superscript", "subscript", "square"] as const)(
    "entries of a matrix E1 keep their letter, layers as %s",
    (layers) => {
      for (const declared of ["E1 = param(2, 3)", 'E1 = param(2, 3, "E^{[1]}")']) {
        const model = parseModel(`
          x = input(3)
          d = input(2)
          ${declared}
          L = dot(d, exp(E1 * x))`);
        for (const form of ["index", "scalar", "jacobian"] as const) {
          const wrt = form === "scalar" ? "E1[1,2]" : "E1";
          const { latex } = derive(model, { wrt, form, notation: { layers } });
          // what stands above an e is no number of a layer
          expect(latex).not.toMatch(/e\^\{[([]1[)\]]\}/);
          expect(latex).toMatch(/E(?:\^\{[([]1[)\]]\}|_\{1\})/);
        }
      }
    },
  );

  it("e to a power is written where nothing else is called e", () => {
    for (const name of ["z", "err", "E"]) {
      expect(lines(exponentials(name))).toContain("e^{");
    }
  });

  it.each([["sigma"], ["sigma2"]])("the sigmoid is written out beside a quantity %s", (name) => {
    const text = `
      x = input(3)
      ${name} = param()
      w = param(3)
      L = sum(log(sigmoid(${name} * (w .* x))))`;
    const shown = lines(text);
    expect(shown).toContain("\\operatorname{sigmoid}\\left(");
    expect(shown).not.toMatch(/\\sigma'?\\left/);
  });

  it("the sentence that introduces the sigmoid has its name", () => {
    const said = (name: string): string =>
      derive(
        parseModel(`
          x = input(3)
          ${name} = input()
          w = param(3)
          L = softplus(${name} * dot(w, x))`),
        { wrt: "w", form: "index" },
      ).toMarkdown();
    expect(said("c")).toContain("$`\\sigma(u) = 1/(1 + e^{-u})`$ is the sigmoid");
    expect(said("sigma")).toContain("$`\\mathrm{sigmoid}(u) = 1/(1 + e^{-u})`$ is the sigmoid");
  });

  const net = (size: string, extra = ""): string => `
    ${size} = size()
    X = input(${size}, 3)
    Y = target(${size}, 2)
    W1 = param(3, 4)
    W2 = param(4, 2)
    Z1 = X * W1
    A1 = tanh(Z1)
    Z2 = A1 * W2
    A2 = softmax(Z2, 2)${extra}
    J = -1/${size} * sum(Y .* log(A2))`;

  it.each([
    ["l", net("m"), /\(l\)/],
    ["\\ell", net("L"), /\(\\ell\)/],
    ["\\ell", `${net("m", "\n    l = sum(W1.^2)")} + l`, /\(\\ell\)/],
  ])("no index is written %s where layers are", (letter, text, layer) => {
    const model = parseModel(text);
    const document = [...passages(model).before, ...passages(model).paths, ...deriveAll(model)]
      .map((one) => one.toLatex())
      .join("\n");
    expect(document).toMatch(layer);
    // the number of units of a layer has that of the layer below
    const units = /([a-z])_\{(?:l|\\ell)\}\$ is the number of units/u.exec(document)![1]!;
    const written = document.replaceAll(`${units}_{${letter}`, "");
    const indices = [...written.matchAll(/_\{([a-z\\]+)(?==1\}|\})/g)].map(([, one]) => one!);
    expect(indices.length).toBeGreaterThan(10);
    expect(indices.filter((script) => script.includes(letter))).toEqual([]);
  });

  it("parts without names are not called as a quantity is", () => {
    const text = `
      A = input(3, 3)
      x = input(3)
      w = param(3, "u_1")
      y = softmax(A * x + w)
      L = sum(y.^2)`;
    expect(lines(text)).toContain("s_{1}");
    expect(lines(text)).toContain("u_{1}");
  });

  it("identity matrices and unit vectors have other letters where theirs are taken", () => {
    const square = String.raw`
      w = param(3, 3, "I_3")
      L = sum((w + identity(3)).^2)`;
    expect(lines(square)).toContain("\\hat{I}_{3}");
    const small = "e = param(3)\nL = sum(e.^2) + log(e[2])";
    expect(lines(small, "e")).toContain("\\hat{e}_{2}");
    expect(lines(small, "e")).not.toContain("\\mathbf{e}");
    const vector = String.raw`
      q = input(3, "\mathbf{e}_2")
      w = param(3)
      L = dot(q, w) + log(w[2])`;
    expect(lines(vector)).toContain("\\hat{e}_{2}");
  });

  it("a number behind the name of a number is no index", () => {
    const losses = "w = param(3)\nL_1 = sum(w.^2)\nL_2 = sum(w.^4)\nL = L_1 * L_2";
    expect(lines(losses)).toContain("L_{1}");
    expect(lines(losses)).not.toContain("L_{(1)}");
    const states = "h = input(3)\nh_1 = h.^2\nw = param(3)\nL = sum(w .* h_1)";
    expect(lines(states)).toContain("h_{(1)}");
  });

  it("symbols of what the model writes otherwise are refused, with their place", () => {
    const withPi = 'p = param(2, "\\pi")\nL = sum(p) * sqrt(2 * pi)';
    expect(() => parseModel(withPi)).toThrow("the symbol π is that of the number pi");
    expect(() => parseModel('p = param(2, "\\pi")\nL = sum(p)')).not.toThrow();
    expect(() => parseModel('p = param(2, "\\mathbf{1}")\nL = sum(p)')).toThrow("ones");
  });
});
