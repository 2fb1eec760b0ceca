import { describe, expect, it } from "vitest";
import { parseModel } from "../../src/language/model.js";
import { derive } from "../../src/render/derivation.js";

describe("elementwise powers", () => {
  const written = (exponent: string): string =>
    derive(parseModel(`g = input()\nw = param(3)\nL = sum((1 + w.^2).^(${exponent}))`), {
      wrt: "w",
      form: "matrix",
    }).toMarkdown();

  it("have exponents that are sums in brackets: ⊙g − 1 would be a power less 1", () => {
    expect(written("g")).toContain(String.raw`^{\odot \left(g - 1\right)}`);
    expect(written("g")).not.toMatch(/odot g [-+]/u);
    expect(written("-1/2")).toContain(String.raw`^{\odot \left(-\frac{3}{2}\right)}`);
  });

  it("have others without", () => {
    expect(written("3/2")).toContain(String.raw`^{\odot \frac{1}{2}}`);
  });
});

describe("squares of roots", () => {
  const lines = (text: string, form: "index" | "matrix" = "index"): string =>
    derive(parseModel(text), { wrt: "v", form }).toMarkdown();

  it("are what stands under the root, without brackets where it stands alone", () => {
    for (const form of ["index", "matrix"] as const) {
      const text = lines("v = param()\nt = input(3)\nh = t / sqrt(v)\nL = sum(h)", form);
      expect(text).toContain(String.raw`\frac{L}{2 v}`);
      expect(text).not.toContain(String.raw`\left(v\right)`);
    }
    const norm = parseModel("v = param(3)\nx = input(3)\nL = sum(x) / norm(v)^2");
    const forward = derive(norm, { wrt: "x", form: "index" }).latex;
    expect(forward).toContain(String.raw`\frac{1}{\sum_{j=1}^{3} {v_{j}}^{2}}`);
  });
});
