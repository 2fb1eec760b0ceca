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
