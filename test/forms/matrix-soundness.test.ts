import fc from "fast-check";
import katex from "katex";
import { describe, expect, it } from "vitest";
import { Graph } from "../../src/expression/graph.js";
import { Index, letter } from "../../src/expression/indices.js";
import type { Quantity } from "../../src/expression/quantity.js";
import { Size } from "../../src/expression/size.js";
import { matrixForm } from "../../src/forms/matrix/convert.js";
import { MatrixPrinter } from "../../src/render/formula/matrix.js";
import { UNORDERED } from "../../src/render/notation/order.js";
import { Notation } from "../../src/render/notation/notation.js";
import { difference, SIZES, TOLERANCE } from "./support.js";
import { anySample, evenSeeds, hasNoK4, plainSample, seeds, text } from "./terms.js";

const printer = new MatrixPrinter(new Notation(), UNORDERED);

describe("a matrix form", () => {
  it("has the values of its index expression", () => {
    let converted = 0;
    fc.assert(
      fc.property(seeds, (seed) => {
        const sample = anySample(seed);
        const { graph, expression, axes } = sample;
        const form = matrixForm(graph, expression, axes);
        if (!form) return;
        converted++;
        const error = difference(graph, expression, axes, form.matrix, SIZES);
        // powers of differences may overflow or divide by 0 on both sides
        if (Number.isNaN(error)) return;
        expect(error, `${text(sample)} is ${printer.print(form.matrix)}`).toBeLessThan(TOLERANCE);
      }),
      { seed: 1, numRuns: 800 },
    );
    expect(converted).toBeGreaterThan(600);
  });

  it("typesets, with and without shapes", () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const sample = anySample(seed);
        const { graph, expression, axes } = sample;
        const form = matrixForm(graph, expression, axes);
        if (!form) return;
        for (const shapes of [false, true]) {
          const tex = printer.print(form.matrix, { shapes });
          katex.renderToString(tex, { strict: "error", throwOnError: true });
        }
      }),
      { seed: 2, numRuns: 150 },
    );
  });

  it("exists for products of matrices and vectors exactly where their graph has no K4", () => {
    const seen = { with: 0, without: 0 };
    fc.assert(
      fc.property(evenSeeds, (seed) => {
        const { graph, expression, axes, letters, pairs } = plainSample(seed);
        const output = [axes.row, axes.column].filter((one) => one !== undefined);
        const exists = hasNoK4(letters, [...pairs, output]);
        const form = matrixForm(graph, expression, axes);
        seen[exists ? "with" : "without"]++;
        expect(form !== undefined).toBe(exists);
        if (form)
          expect(difference(graph, expression, axes, form.matrix, SIZES)).toBeLessThan(TOLERANCE);
      }),
      { seed: 3, numRuns: 1500 },
    );
    expect(seen.without).toBeGreaterThan(50);
  });

  it("does not exist for K4", () => {
    const graph = new Graph();
    const n = Size.of(2);
    const [i, j, k, l] = ["i", "j", "k", "l"].map((name) => letter(name, n));
    const factor = (name: string, a = i!, b = j!) => {
      const quantity: Quantity = { name, role: "parameter", shape: [n, n] };
      return graph.reference(quantity, [Index.of(a), Index.of(b)]);
    };
    const sides = [factor("A", i, k), factor("B", j, k), factor("C", i, l), factor("D", j, l)];
    const square = graph.multiply(...sides);
    const diagonal = factor("E", k, l);
    const axes = { row: i, column: j };
    expect(
      matrixForm(graph, graph.sumOver([k!, l!], graph.multiply(square, diagonal)), axes),
    ).toBeUndefined();
    expect(matrixForm(graph, graph.sumOver([k!, l!], square), axes)).toBeDefined();
  });
});
