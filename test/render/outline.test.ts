import { describe, expect, it } from "vitest";
import type { Form } from "../../src/derivation/derive.js";
import { parseModel } from "../../src/language/model.js";
import { deriveAll } from "../../src/render/derivation.js";
import { latexDocument, markdownDocument } from "../../src/render/document/documents.js";
import { passages } from "../../src/render/document/passage.js";

const model = parseModel(`
  x = input(2)
  t = target(2)
  W = param(2, 2)
  V = param(2, 2)
  h = tanh(W * x)
  y = V * h
  L = sum((y - t).^2)
`);
const at = { x: [1, 2], t: [0.5, -0.5], W: [[0.1, 0.2], [0.3, 0.4]], V: [[0.5, 0.6], [0.7, 0.8]] }; // prettier-ignore

/** The headings of a document, with their levels. */
function headings(forms?: readonly Form[]): string[] {
  const derivations = deriveAll(model, { forms, at });
  const text = markdownDocument(model, derivations, passages(model, { forms, at }));
  return [...text.matchAll(/^(##+) (.*)$/gm)].map(([, level, title]) => `${level} ${title}`);
}

describe("a document", () => {
  it("goes from the whole to the single entry, form by form", () => {
    const by = (name: string, form: string): string =>
      `### Derivative of $\`L\`$ with respect to $\`${name}\`$: ${form}`;
    const found = headings();
    const start = found.indexOf("## Entry by entry");
    expect(found.slice(0, start)).toEqual([
      "## The forward pass",
      "## The local derivatives",
      "## Index form",
      "### The adjoints: index form",
      by("W", "index form"),
      by("V", "index form"),
      "## Matrix form",
      "### The adjoints: matrix form",
      by("W", "matrix form"),
      by("V", "matrix form"),
      "## Jacobian form",
      "### The Jacobians",
      by("W", "Jacobian form"),
      by("V", "Jacobian form"),
      "## The sums over paths",
    ]);
    const entries = found.slice(start + 1, -1);
    const of = (name: string, form: string): string =>
      `### Derivatives of $\`L\`$ with respect to the entries of $\`${name}\`$: ${form}`;
    expect(entries).toEqual(
      ["W", "V"].flatMap((name) => [of(name, "sum over paths"), of(name, "written out")]),
    );
    expect(found.at(-1)).toBe("## A gradient step");
  });

  it("has the forms in the order in which they are asked for", () => {
    const titles = (forms: readonly Form[]): string[] =>
      headings(forms).filter((one) => one.startsWith("## "));
    const [forward, locals, step] = [
      "## The forward pass",
      "## The local derivatives",
      "## A gradient step",
    ];
    const entries = ["## The sums over paths", "## Entry by entry"];
    expect(titles(["paths", "matrix", "index"])).toEqual([
      ...[forward, locals, ...entries],
      ...["## Matrix form", "## Index form", step],
    ]);
    expect(titles(["index", "scalar"])).toEqual([
      ...[forward, locals, "## Index form", "## Entry by entry", step],
    ]);
    // forms that only the passages were not told of
    const derivations = deriveAll(model, { forms: ["index"], at });
    const text = markdownDocument(model, derivations, passages(model, { forms: ["matrix"] }));
    expect(text).toContain("## Index form");
  });

  it("has the first entries of every quantity where not all have room, and says how many more", () => {
    const deep = parseModel(`
      N = size()
      X = input(3, N)
      T = target(3, N)
      W1 = param(3, 3)
      W2 = param(4, 3)
      W3 = param(3, 4)
      H = tanh(W1 * X)
      G = tanh(W2 * H)
      L = sum((tanh(W3 * G) - T).^2) / N
    `);
    const derivations = deriveAll(deep, { forms: ["scalar", "paths"] });
    const text = latexDocument(deep, derivations);
    expect(text.length).toBeLessThan(100_000);
    const left = /\\dots\{\} (\d+) more, written out: W1\[(\d),(\d)\] to W1\[3,3\]; each with/.exec(
      text,
    )!;
    const [count, row, column] = left.slice(1).map(Number) as [number, number, number];
    expect(count).toBe(9 - ((row - 1) * 3 + column - 1));
    expect(text).toContain(`\\texttt{--wrt "W1[${row},${column}]" --form scalar}`);
    for (const layer of [1, 2, 3]) {
      expect(text).toContain(`with respect to the entries of $W^{(${layer})}$: sum over paths`);
      expect(text).toMatch(new RegExp(`partial w\\^\\{\\(${layer}\\)\\}_\\{11\\}\\} &= `));
    }
  });

  it("says once what is the same for the entries of a parameter, and in their order", () => {
    const derivations = deriveAll(model, { at, forms: ["paths"] });
    const text = markdownDocument(model, derivations, passages(model, { at }));
    const [, ofW = "", ofV = ""] = text.split(/^### /m);
    expect(ofW.split("paths lead from").length - 1).toBe(1);
    expect(ofV.split("One path leads from").length - 1).toBe(1);
    const lefts = [...ofW.matchAll(/partial (w_\{\d\d\})\} &=/g)].map(([, left]) => left);
    expect(lefts).toEqual(["w_{11}", "w_{12}", "w_{21}", "w_{22}"]);
  });

  it("says once what groups of its entries have in common, also where they differ otherwise", () => {
    const symmetric = parseModel(`
      N = size()
      X = input(2, N)
      A = param(2, 2)
      r = param()
      M = A + A'
      Q = M * X
      L = (exp(r) + 1) * sum(Q.^2)
    `);
    const made = passages(symmetric);
    const text = markdownDocument(symmetric, deriveAll(symmetric, { forms: ["paths"] }), made);
    const [, ofA = "", ofR = ""] = text.split(/^### /m);
    // entries on the diagonal have other paths than those beside it
    expect(new Set(ofA.match(/^.*path(s lead| leads) from.*$/gm)).size).toBe(2);
    for (const sentence of ["Written out for", "are found in the part"]) {
      expect(ofA.split(sentence).length - 1).toBe(1);
    }
    expect(ofA.indexOf("Written out for")).toBeGreaterThan(ofA.lastIndexOf("```"));
    // the sums over N stand as they are
    expect(ofR).toContain("n=1}^{N}");
    expect(ofR).not.toContain("Written out for");
  });

  it("says what is not the same for all entries beside the entries that it is about", () => {
    const uneven = parseModel("w = param(3)\nh = w[1]^2\nL = h + w[2] * w[1] + w[2]");
    const text = markdownDocument(uneven, deriveAll(uneven, { forms: ["paths"] }));
    const [, second = ""] = text.split("\\partial w_{2}} &=");
    expect(text).toContain("2 paths lead from");
    expect(second).toContain("No path leads from $`L`$ to this entry of $`w`$");
  });

  it("has the contents where it is long, and no single entries among them", () => {
    const long = latexDocument(model, deriveAll(model, { at }), passages(model, { at }));
    expect(long).toContain("\\tableofcontents");
    expect(long).toContain("\\subsection{The adjoints: matrix form}");
    expect(long).toContain(
      "\\subsection{Derivatives of $L$ with respect to the entries of $W$: sum over paths}",
    );
    expect(long).not.toMatch(/\\(sub)?section.*w_\{11\}/);
    const short = latexDocument(model, deriveAll(model, { forms: ["matrix"], wrt: ["W"] }));
    expect(short).not.toContain("\\tableofcontents");
  });

  it("has what belongs to the parameters that are asked for, and no others", () => {
    const wrt = ["V[1,2]"];
    const { before, after } = passages(model, { wrt, at });
    const local = before.find(({ title }) => title === "The local derivatives")!.toMarkdown();
    expect(local).toContain("\\partial v_{ij}");
    expect(local).not.toContain("\\partial w_{ij}");
    const step = after.map((one) => one.toMarkdown()).join("");
    expect(step).toContain("v_{ij} &\\leftarrow");
    expect(step).not.toContain("w_{ij} &\\leftarrow");
    expect(step).toContain("$`L`$ before the step of $`V`$ alone, and after it.");
    expect(passages(model, { wrt: ["h"], at }).after).toEqual([]);
  });

  it("has no layers in general where what is numbered stands side by side", () => {
    const branches = (second: string) =>
      parseModel(`
        x = input(2)
        c1 = param(2)
        c2 = param(2)
        r1 = tanh(c1 .* x)
        r2 = tanh(c2 .* ${second})
        L = sum(r1 + r2) + sum(c1.^2)
      `);
    const titles = (second: string): string[] =>
      passages(branches(second)).before.map(({ title }) => title);
    expect(titles("x")).not.toContain("The layers in general");
    expect(titles("r1")).toContain("The layers in general");
  });

  it("has the layers in general up to the output, whatever the derivatives are called", () => {
    const model = parseModel(`
      x = input(3)
      t = target(2)
      W1 = param(4, 3)
      W2 = param(4, 4)
      W3 = param(2, 4)
      z1 = W1 * x
      a1 = tanh(z1)
      z2 = W2 * a1
      a2 = tanh(z2)
      y = W3 * a2
      L = sum((y - t).^2)
    `);
    const layersOf = (adjoints: "delta" | "derivative"): string[] =>
      passages(model, { notation: { adjoints } })
        .before.find(({ title }) => title === "The layers in general")!
        .toMarkdown()
        .split("\n");
    const output = "y &= W^{(l)} a^{(l-1)} \\qquad l = 3";
    for (const adjoints of ["delta", "derivative"] as const) {
      expect(layersOf(adjoints).filter((line) => line.startsWith(output))).toHaveLength(1);
    }
    const ofWeights = layersOf("derivative").filter((line) =>
      line.startsWith("\\frac{\\partial L}{\\partial W^{(l)}} &= "),
    );
    expect(ofWeights.map((line) => /l = [\d, ]+/.exec(line)![0])).toEqual(["l = 3 ", "l = 1, 2,"]);
  });

  it("has residual layers in their order, and the slope of none alone", () => {
    const model = parseModel(`
      N = size()
      X = input(N, 3)
      Y = target(N)
      W1 = param(3, 4)
      b1 = param(4)
      W2 = param(4, 4)
      b2 = param(4)
      w = param(4)
      Z1 = X * W1 + b1'
      A1 = relu(Z1)
      Z2 = A1 * W2 + b2'
      A2 = A1 + relu(Z2)
      y = A2 * w
      L = sum((y - Y).^2) / N
    `);
    const general = passages(model).before.find(({ title }) => title === "The layers in general")!;
    const lines = general.toMarkdown().split("\n");
    const units = lines.filter((line) => line.startsWith("A^{(l)} &= "));
    expect(units.map((line) => /l = \d/.exec(line)![0])).toEqual(["l = 1", "l = 2"]);
    const slopes = lines.filter((line) => line.includes("\\mathrm{relu}'"));
    // the local derivative of both layers
    expect(slopes).toHaveLength(1);
    expect(slopes[0]).toMatch(/^\\frac\{\\partial a/);
  });

  it("says in the layers in general what δ and 1[…] are where they stand first, and all shapes", () => {
    const model = parseModel(`
      N = size()
      X = input(N, 3)
      T = target(N, 2)
      W1 = param(3, 4)
      W2 = param(4, 5)
      W3 = param(5, 2)
      Z1 = X * W1
      A1 = relu(Z1)
      Z2 = A1 * W2
      A2 = relu(Z2)
      S = A2 * W3
      L = sum((S - T).^2)
    `);
    const general = passages(model).before.find(({ title }) => title === "The layers in general")!;
    const text = general.toMarkdown();
    const called = "by $`Z^{(1)}`$, $`Z^{(2)}`$ and $`S`$ are called δ.";
    const bracket = "is 1 where the condition in the brackets holds, and 0 elsewhere.";
    for (const [sentence, sign] of [
      [called, "\\delta^{"],
      [bracket, "\\mathbf{1}\\left["],
      ["relu′(0) = 0", "\\mathrm{relu}'"],
    ] as const) {
      expect(text.split(sentence)).toHaveLength(2);
      expect(text.indexOf(sentence)).toBeLessThan(text.indexOf(sign));
    }
    expect(text).toContain("$`S`$ is $`N \\times 2`$; $`W^{(1)}`$ is $`3 \\times 4`$;");
  });

  it("writes each layer's own line where penalties differ, the first with the input that stands before it", () => {
    const model = parseModel(`
      x = input(3)
      t = target(2)
      W1 = param(4, 3)
      W2 = param(2, 4)
      z1 = W1 * x
      a1 = tanh(z1)
      z2 = W2 * a1
      L = sum((z2 - t).^2) + sum(W2.^2) + sum(W1.^3)
    `);
    const general = passages(model).before.find(({ title }) => title === "The layers in general")!;
    const lines = general.toMarkdown().split("\n");
    const of = (left: string): string[] =>
      lines.filter((line) => line.startsWith(left)).map((line) => line.slice(left.length));
    expect(of("\\frac{\\partial L}{\\partial W^{(l)}} &= ")).toEqual([
      "\\delta^{(l)} a^{(l-1)\\top} + 2 W^{(l)} \\qquad l = 2 \\\\",
      "\\delta^{(l)} a^{(l-1)\\top} + 3 \\left(W^{(l)}\\right)^{\\odot 2} \\qquad l = 1,\\; a^{(0)} = x",
    ]);
  });
});
