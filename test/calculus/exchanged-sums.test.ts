import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { exchangeSums } from "../../src/calculus/exchanged-sums.js";
import type { Expression } from "../../src/expression/expression.js";
import { Graph } from "../../src/expression/graph.js";
import { Index, letter } from "../../src/expression/indices.js";
import { Size } from "../../src/expression/size.js";
import { postorder } from "../../src/expression/walk.js";
import { parseModel } from "../../src/language/model.js";
import { derive } from "../../src/render/derivation.js";
import { passages } from "../../src/render/document/passage.js";

/** Two convolutions, the second of which takes every second place. */
const STRIDED = `
  x  = input(11)
  t  = target(4)
  k1 = param(3)
  k2 = param(3)
  u = tanh(k1[1] * x[1:9] + k1[2] * x[2:10] + k1[3] * x[3:11])
  y = k2[1] * u[1:2:7] + k2[2] * u[2:2:8] + k2[3] * u[3:2:9]
  L = 1/2 * sum((y - t).^2)`;

describe("sums over an index that an inner condition fixes", () => {
  // the lines of derivations are compared with the matrix backprop, too
  it("are sums over the inner index, term by term the same", () => {
    const pieces = fc.array(fc.tuple(fc.constantFrom(1, 2, 3), fc.nat(3)), {
      minLength: 1,
      maxLength: 3,
    });
    fc.assert(
      fc.property(pieces, (conditions) => {
        const graph = new Graph();
        const [outer, inner] = [letter("j", Size.of(14)), letter("l", Size.of(4))];
        const entry = (name: string, size: number, index: Index): Expression =>
          graph.reference({ name, role: "input", shape: [Size.of(size)] }, [index]);
        const f = { name: "f", role: "input", shape: [Size.of(14)] } as const;
        const g = { name: "g", role: "input", shape: [Size.of(4)] } as const;
        const sums = conditions.map(([step, from], at) => {
          const place = Index.of(inner).times(Size.of(step)).plus(Index.number(from));
          const term = graph.multiply(
            graph.delta(Index.of(outer), place),
            graph.reference(g, [Index.of(inner)]),
          );
          return graph.multiply(entry(`k${at}`, 1, Index.number(0)), graph.sum(inner, term));
        });
        const body = graph.multiply(graph.reference(f, [Index.of(outer)]), graph.add(...sums));
        const before = graph.sum(outer, body);
        const after = exchangeSums(graph, before);
        expect(valueOf(graph, after)).toBe(valueOf(graph, before));
        const nodes = postorder([after], (one: Expression) => one.children);
        expect(nodes.some(({ kind }) => kind === "delta")).toBe(false);
      }),
      { seed: 5, numRuns: 60 },
    );
  });

  it("leave no condition in the derivative of a convolution with stride", () => {
    const { steps } = derive(parseModel(STRIDED), { wrt: "k1", form: "index" });
    const last = steps.at(-1)!.rhs;
    expect(last).not.toContain("mathbf{1}");
    expect(last).toMatch(/^\\sum_\{j=1\}\^\{4\} \\left\(y_\{j\} - t_\{j\}\\right\)/);
    expect(last).toContain("\\left(1 - {u_{2j}}^{2}\\right) x_{2j + i - 1}");
  });
});

/** With whole numbers for the entries; exact. */
function valueOf(graph: Graph, node: Expression): number {
  const of = (one: Expression): number => valueOf(graph, one);
  switch (node.kind) {
    case "number":
      return node.value.valueOf();
    case "reference":
      return (
        node.quantity.name.charCodeAt(node.quantity.name.length - 1) +
        7 * node.indices[0]!.offset.constant!
      );
    case "sum":
      return node.terms.reduce(
        (total, { coefficient, term }) => total + coefficient.valueOf() * of(term),
        node.constant.valueOf(),
      );
    case "product":
      return node.factors.reduce((total, { base }) => total * of(base), node.coefficient.valueOf());
    case "reduce":
      return Array.from({ length: node.letter.size.constant! }, (_, value) =>
        of(graph.substitute(node.body, new Map([[node.letter.key, Index.number(value)]]))),
      ).reduce((total, one) => total + one, 0);
    default:
      throw new Error(`no ${node.kind} is made here`);
  }
}

describe("conditions on every second place", () => {
  it("are told for the odd and the even ones, with the range of each", () => {
    const steps = derive(parseModel(STRIDED), { wrt: "k1", form: "index" }).steps.filter(
      ({ lhs, rule }) => lhs.includes("partial u_") && rule === "local derivatives",
    );
    const y = (index: string): string => `\\frac{\\partial L}{\\partial y_{${index}}}`;
    expect(steps.map(({ lhs, rhs }) => [/u_\{([^}]*)\}/.exec(lhs)![1], rhs])).toEqual([
      ["1", `${y("1")} k^{(2)}_{1}`],
      ["2i + 1", `${y("i")} k^{(2)}_{3} + ${y("i + 1")} k^{(2)}_{1}`],
      ["9", `${y("4")} k^{(2)}_{3}`],
      ["2i", `${y("i")} k^{(2)}_{2}`],
    ]);
  });

  it("are local derivatives at the places where they hold", () => {
    const local = passages(parseModel(STRIDED)).before[1]!.toMarkdown();
    expect(local).not.toContain("mathbf{1}");
    for (const [index, factor] of ["2i - 1", "2i", "2i + 1"].entries()) {
      expect(local).toContain(
        `{\\partial y_{i}}{\\partial u_{${factor}}} &= k^{(2)}_{${index + 1}} \\qquad i = 1, \\dots, 4`,
      );
    }
  });
});
