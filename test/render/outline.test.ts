import { describe, expect, it } from "vitest";
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
function headings(wrt?: readonly string[]): string[] {
  const derivations = deriveAll(model, { wrt, at });
  const text = markdownDocument(model, derivations, passages(model, { wrt, at }));
  return [...text.matchAll(/^(##+) (.*)$/gm)].map(([, level, title]) => `${level} ${title}`);
}

describe("a document", () => {
  it("goes from the whole to the single entry, form by form", () => {
    const by = (name: string, form: string): string =>
      `## Derivative of $\`L\`$ with respect to $\`${name}\`$: ${form}`;
    const found = headings();
    expect(found.filter((one) => one.startsWith("## "))).toEqual([
      "## The forward pass",
      "## The adjoints: index form",
      by("W", "index form"),
      by("V", "index form"),
      "## The adjoints: matrix form",
      by("W", "matrix form"),
      by("V", "matrix form"),
      "## The Jacobians",
      by("W", "Jacobian form"),
      by("V", "Jacobian form"),
      "## The local derivatives",
      "## Entry by entry",
      "## A gradient step",
    ]);
    const entries = found.slice(found.indexOf("## Entry by entry") + 1, -1);
    expect(entries).toHaveLength(16);
    expect(entries.every((one) => one.startsWith("### "))).toBe(true);
  });

  it("has the contents where it is long, and single entries not among them", () => {
    const long = latexDocument(model, deriveAll(model, { at }), passages(model, { at }));
    expect(long).toContain("\\tableofcontents");
    expect(long).toContain("\\setcounter{tocdepth}{1}");
    expect(long).toContain(
      "\\subsection{Derivative of $L$ with respect to $w_{11}$: sum over paths}",
    );
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
    expect(step).toContain("after the step of $`V`$ alone it is");
    expect(passages(model, { wrt: ["h"], at }).after).toEqual([]);
  });
});
