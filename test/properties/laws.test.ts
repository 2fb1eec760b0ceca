/** Laws of the expression graph and of derivatives, on random expressions. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { occurrences } from "../../src/calculus/occurrences.js";
import type { Expression, Reduction } from "../../src/expression/expression.js";
import { Graph } from "../../src/expression/graph.js";
import { Index, letter, type Letter } from "../../src/expression/indices.js";
import { operations } from "../../src/expression/operations/index.js";
import type { Quantity } from "../../src/expression/quantity.js";
import { Size } from "../../src/expression/size.js";
import { doubleArithmetic } from "../../src/numeric/arithmetic.js";
import { interpret } from "../../src/numeric/interpret.js";
import { type Random, random } from "../../src/numeric/prng.js";

const LENGTH = 3;
const N = Size.of(LENGTH);
const M = Size.named("M");
const sizes = new Map([["M", 2]]);

/** A scalar, two vectors, two matrices and one whose rows are M. */
const quantities: readonly Quantity[] = [
  { name: "s", role: "input", shape: [] },
  { name: "u", role: "input", shape: [N] },
  { name: "v", role: "input", shape: [N] },
  { name: "A", role: "input", shape: [N, N] },
  { name: "B", role: "input", shape: [N, N] },
  { name: "C", role: "input", shape: [M, N] },
];
const [i, j] = [letter("@0", N), letter("@1", N)];
const rows = letter("@2", M);
const given = new Map(
  quantities.map((quantity, seed) => {
    const generator = random(seed);
    const count = quantity.shape.reduce((product, size) => product * size.evaluate(sizes), 1);
    return [quantity, Array.from({ length: count }, () => generator.between(-1.5, 1.5))];
  }),
);

/** The entries of an expression for all values of i, j and the letter over M. */
function values(body: Expression): readonly number[] {
  const quantity: Quantity = { name: "y", role: "auxiliary", shape: [N, N, M] };
  const letters = [i, j, rows];
  const clause = { letters, indices: letters.map((one) => Index.of(one)), body };
  return interpret([{ quantity, clauses: [clause] }], sizes, given, doubleArithmetic).get(
    quantity,
  )!;
}

const SMOOTH = ["tanh", "sigmoid", "sin", "softplus", "erf", "exp"].map((name) =>
  operations.get(name)!,
);
const KINKED = ["abs", "relu", "maximum", ">", "step"].map((name) => operations.get(name)!);
const REDUCTIONS: readonly Reduction[] = ["sum", "sum", "sum", "max", "min"];

/** A random expression whose free letters are among those given. Its graph has nothing like it. */
function expression(
  graph: Graph,
  generator: Random,
  depth: number,
  free: readonly Letter[],
  isSmooth = false,
): Expression {
  const pick = <Item>(items: readonly Item[]): Item => items[generator.below(items.length)]!;
  const inner = (letters = free): Expression =>
    expression(graph, generator, depth - 1, letters, isSmooth);
  const index = (size: Size): Index => {
    const fitting = free.filter((one) => one.size.equals(size));
    const isFixed = fitting.length === 0 || generator.next() < 0.2;
    return isFixed ? Index.number(generator.below(2)) : Index.of(pick(fitting));
  };
  if (depth === 0) {
    const quantity = pick(quantities);
    return graph.reference(
      quantity,
      quantity.shape.map((size) => index(size)),
    );
  }
  return pick([
    () => graph.add(inner(), inner(), inner()),
    () => graph.subtract(inner(), inner()),
    () => graph.multiply(inner(), inner()),
    () => graph.multiply(graph.number(pick(["2", "-1/3", "0"])), inner(), inner()),
    () => graph.integerPower(inner(), pick([2, 3])),
    () => graph.multiply(graph.delta(index(N), index(N)), inner()),
    () => graph.apply(pick(SMOOTH), graph.apply(operations.get("sin")!, inner())),
    () => {
      if (isSmooth) return inner();
      const row = pick(KINKED);
      return graph.apply(row, ...row.operands.map(() => inner()));
    },
    () => {
      // often a letter that is bound or free elsewhere, too
      const own = pick([i, j, letter("k", N), letter("#1", N), letter("m", M)]);
      const body = inner([...free.filter(({ key }) => key !== own.key), own]);
      return graph.reduce(isSmooth ? "sum" : pick(REDUCTIONS), own, body);
    },
    () => graph.multiply(graph.size(M), inner()),
  ])();
}

const seeds = fc.integer({ min: 0, max: 1e9 });
const depths = fc.integer({ min: 1, max: 5 });

function forExpressions(
  count: number,
  law: (graph: Graph, make: (letters?: readonly Letter[]) => Expression) => void,
  isSmooth = false,
): void {
  fc.assert(
    fc.property(seeds, depths, (seed, depth) => {
      const graph = new Graph();
      const generator = random(seed);
      law(graph, (letters = [i, j, rows]) =>
        expression(graph, generator, depth, letters, isSmooth),
      );
    }),
    { seed: 4, numRuns: count },
  );
}

function expectSame(actual: Expression, expected: Expression): void {
  expectNear(values(actual), values(expected));
}

function expectNear(actual: readonly number[], expected: readonly number[]): void {
  expect(actual).toHaveLength(expected.length);
  for (const [k, value] of actual.entries()) {
    const other = expected[k]!;
    if (!Number.isFinite(other)) continue;
    expect(Math.abs(value - other)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(other)));
  }
}

describe("expressions", () => {
  it("are the same object when they are built the same way, in any order of operands", () => {
    forExpressions(600, (graph, make) => {
      const [a, b, c] = [make(), make(), make()];
      expect(graph.add(a, b, c)).toBe(graph.add(c, a, b));
      expect(graph.multiply(a, b, c)).toBe(graph.multiply(b, c, a));
    });
  });

  it("built twice from one seed are one object", () => {
    fc.assert(
      fc.property(seeds, depths, (seed, depth) => {
        const graph = new Graph();
        const build = () => expression(graph, random(seed), depth, [i, j, rows]);
        expect(build()).toBe(build());
      }),
      { seed: 5, numRuns: 600 },
    );
  });

  it("have only the free letters that they say", () => {
    forExpressions(400, (_, make) => {
      const keys = make([i]).free.map(({ key }) => key);
      expect(keys.filter((key) => key !== i.key)).toEqual([]);
    });
  });
});

describe("substitution", () => {
  it("of indices by numbers picks entries", () => {
    forExpressions(500, (graph, make) => {
      const body = make();
      const at = graph.substitute(body, new Map([[i.key, Index.number(1)]]));
      expect(at.free.some(({ key }) => key === i.key)).toBe(false);
      const stride = LENGTH * 2;
      const expected = values(body);
      expectNear(values(at).slice(0, stride), expected.slice(stride, 2 * stride));
    });
  });

  it("of letters by each other, all at once, transposes", () => {
    forExpressions(500, (graph, make) => {
      const body = make();
      const swap = new Map([
        [i.key, Index.of(j)],
        [j.key, Index.of(i)],
      ]);
      const swapped = graph.substitute(body, swap);
      const [before, after] = [values(body), values(swapped)];
      const transposed = before.map((_, k) => {
        const [a, b, m] = [Math.floor(k / 6), Math.floor(k / 2) % 3, k % 2];
        return before[b * 6 + a * 2 + m]!;
      });
      expectNear(after, transposed);
      expectSame(graph.substitute(swapped, swap), body);
    });
  });

  it("captures nothing: what comes in stays free under reductions of the same letter", () => {
    forExpressions(500, (graph, make) => {
      const inner = make([i, j]);
      const total = graph.sum(j, inner);
      // i := #1, #2, … are the names that bound letters have
      for (const name of ["#1", "#2", "#3"]) {
        const incoming = letter(name, N);
        const renamed = graph.substitute(total, new Map([[i.key, Index.of(incoming)]]));
        const back = graph.substitute(renamed, new Map([[incoming.key, Index.of(i)]]));
        expectSame(back, total);
      }
    });
  });
});

describe("reductions", () => {
  it("add up what substitution gives for each value of the letter", () => {
    forExpressions(500, (graph, make) => {
      const body = make();
      const entries = Array.from({ length: LENGTH }, (_, k) =>
        graph.substitute(body, new Map([[j.key, Index.number(k)]])),
      );
      expectSame(graph.sum(j, body), graph.add(...entries));
    });
  });

  it("with a delta rename its letter away", () => {
    forExpressions(500, (graph, make) => {
      const body = make();
      const k = letter("k", N);
      const moved = graph.substitute(body, new Map([[i.key, Index.of(k)]]));
      const delta = graph.delta(Index.of(k), Index.of(i));
      const contracted = graph.sum(k, graph.multiply(delta, moved));
      expectSame(contracted, body);
      const summed = graph.sum(k, graph.multiply(delta, graph.add(moved, graph.number(3))));
      expectSame(summed, graph.add(body, graph.number(3)));
    });
  });

  it("are linear", () => {
    forExpressions(300, (graph, make) => {
      const [a, b] = [make(), make()];
      const three = graph.number(3);
      expectSame(
        graph.sum(i, graph.add(graph.multiply(three, a), b)),
        graph.add(graph.multiply(three, graph.sum(i, a)), graph.sum(i, b)),
      );
    });
  });
});

describe("derivatives", () => {
  const [s] = quantities;

  /** ∂body/∂s: the sum over the open letters of all its uses. */
  function derivative(graph: Graph, body: Expression): Expression {
    const found = occurrences(graph, body, graph.one, ({ quantity }) => quantity === s);
    return graph.add(...found.map(({ open, derivative }) => graph.sumOver(open, derivative)));
  }

  it("are linear", () => {
    forExpressions(
      300,
      (graph, make) => {
        const [a, b] = [make(), make()];
        const factor = graph.number("-5/2");
        expectSame(
          derivative(graph, graph.add(graph.multiply(factor, a), b)),
          graph.add(graph.multiply(factor, derivative(graph, a)), derivative(graph, b)),
        );
      },
      true,
    );
  });

  it("obey the product rule and the chain rule", () => {
    forExpressions(
      300,
      (graph, make) => {
        const [a, b] = [make(), make()];
        expectSame(
          derivative(graph, graph.multiply(a, b)),
          graph.add(
            graph.multiply(a, derivative(graph, b)),
            graph.multiply(derivative(graph, a), b),
          ),
        );
        const tanh = graph.apply(operations.get("tanh")!, a);
        const slope = graph.subtract(graph.one, graph.integerPower(tanh, 2));
        expectSame(derivative(graph, tanh), graph.multiply(slope, derivative(graph, a)));
      },
      true,
    );
  });

  it("are what differences show", () => {
    forExpressions(
      200,
      (graph, make) => {
        const body = make();
        const entry = given.get(s!)!;
        const at = (value: number): readonly number[] => {
          const [before] = entry;
          entry[0] = value;
          try {
            return values(body);
          } finally {
            entry[0] = before!;
          }
        };
        const [here] = entry;
        const h = 1e-5;
        const [right, left] = [at(here! + h), at(here! - h)];
        const expected = values(derivative(graph, body));
        for (const [k, value] of expected.entries()) {
          const difference = (right[k]! - left[k]!) / (2 * h);
          const scale = Math.max(1, Math.abs(value), Math.abs(right[k]!));
          expect(Math.abs(difference - value) / scale).toBeLessThan(1e-4);
        }
      },
      true,
    );
  });
});
