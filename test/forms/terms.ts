import fc from "fast-check";
import { fullAxes } from "../../src/expression/definition.js";
import type { Expression } from "../../src/expression/expression.js";
import { Graph } from "../../src/expression/graph.js";
import { Index, letter, type Letter } from "../../src/expression/indices.js";
import { greater } from "../../src/expression/operations/comparisons.js";
import { isZero } from "../../src/expression/predicates.js";
import { power } from "../../src/expression/operations/powers.js";
import { maximum } from "../../src/expression/operations/piecewise.js";
import { exponential, sigmoid } from "../../src/expression/operations/smooth.js";
import type { Quantity } from "../../src/expression/quantity.js";
import { Size } from "../../src/expression/size.js";
import type { Axes } from "../../src/forms/matrix/convert.js";
import { ExpressionPrinter } from "../../src/render/formula/expression.js";
import { UNORDERED } from "../../src/render/notation/order.js";
import { Notation } from "../../src/render/notation/notation.js";

/** An expression whose free letters are the axes. */
export interface Sample {
  readonly graph: Graph;
  readonly expression: Expression;
  readonly axes: Axes;
}

export interface PlainSample extends Sample {
  readonly letters: readonly Letter[];
  /** The letters of each factor. */
  readonly pairs: readonly (readonly Letter[])[];
}

const CHOICES = [Size.of(3), Size.named("N"), Size.of(3), Size.named("M"), Size.one] as const;

/** Draws from a list of random numbers. */
class Draws {
  private next = 0;

  constructor(private readonly numbers: readonly number[]) {}

  below(count: number): number {
    return this.numbers[this.next++ % this.numbers.length]! % count;
  }

  of<Item>(items: readonly Item[]): Item {
    return items[this.below(items.length)]!;
  }
}

class Terms {
  readonly graph = new Graph();
  private readonly quantities = new Map<string, Quantity>();

  /** @param hasJumps comparisons and extrema: their derivatives compare numbers for equality */
  constructor(
    readonly draws: Draws,
    private readonly hasJumps = true,
  ) {}

  private quantity(name: string, shape: readonly Size[]): Quantity {
    const full = `${name}${shape.map((size) => size.toString()).join("x")}`;
    const known = this.quantities.get(full) ?? { name: full, role: "parameter", shape };
    this.quantities.set(full, known);
    return known;
  }

  /** A reference at one or two of the letters, sometimes at a number or a part of an axis. */
  reference(letters: readonly Letter[], plain: boolean): Expression {
    const name = this.draws.of(["A", "B", "C"]);
    const count = 1 + Math.min(1, this.draws.below(5));
    const shape: Size[] = [];
    const indices: Index[] = [];
    for (let axis = 0; axis < count; axis++) {
      const one = this.draws.of(letters);
      const kind = plain ? 0 : this.draws.below(8);
      if (one.size.isOne || kind === 7) {
        shape.push(kind === 7 ? Size.of(3) : Size.one);
        indices.push(Index.number(kind === 7 ? this.draws.below(3) : 0));
      } else if (kind === 6) {
        shape.push(one.size.plus(Size.of(2)));
        indices.push(Index.of(one).plus(Index.number(this.draws.below(3))));
      } else {
        shape.push(one.size);
        indices.push(Index.of(one));
      }
    }
    return this.graph.reference(this.quantity(name, shape), indices);
  }

  delta(letters: readonly Letter[]): Expression {
    const [a, b] = [this.draws.of(letters), this.draws.of(letters)];
    const equal = letters.filter(({ size }) => size.equals(a.size));
    const other = this.draws.below(3) > 0 ? this.draws.of(equal) : b;
    return this.graph.delta(Index.of(a), Index.of(other));
  }

  private power(base: Expression, exponent: number): Expression {
    return isZero(base) ? base : this.graph.integerPower(base, exponent);
  }

  factor(letters: readonly Letter[], depth: number): Expression {
    const { graph, draws } = this;
    const chosen = [draws.of(letters), draws.of(letters)];
    const inner = (): Expression =>
      depth > 0 && draws.below(4) === 0
        ? this.sum(chosen, depth - 1)
        : this.reference(chosen, false);
    switch (draws.below(14)) {
      case 0:
        return this.delta(letters);
      case 1:
        return graph.subtract(graph.one, inner());
      case 2:
        return graph.apply(sigmoid, inner());
      case 3:
        return this.power(inner(), draws.of([2, -1, 3]));
      case 4:
        return graph.subtract(inner(), inner());
      case 5:
        return graph.apply(this.hasJumps ? draws.of([maximum, greater]) : power, inner(), inner());
      case 6:
        return draws.of([graph.number("-3/2"), graph.size(Size.named("N")), graph.constant("pi")]);
      case 7: {
        const body = inner();
        const one = draws.of(chosen);
        if (one.size.isOne) return body;
        return graph.reduce(this.hasJumps ? draws.of(["max", "min"]) : "logsumexp", one, body);
      }
      case 8: {
        const body = inner();
        const one = draws.of(chosen);
        if (one.size.isOne || body.free.every(({ key }) => key !== one.key)) return body;
        const total = graph.reduce("logsumexp", one, body);
        return graph.apply(exponential, graph.subtract(body, total));
      }
      default:
        return this.reference(letters, false);
    }
  }

  /** Products under sums, added; every letter that is not kept is summed. */
  sum(kept: readonly Letter[], depth: number): Expression {
    const { graph, draws } = this;
    const terms = Array.from({ length: 1 + draws.below(2) }, (_, position) => {
      const bound = Array.from({ length: draws.below(3) }, (__, k) =>
        letter(`s${depth}${position}${k}`, draws.of(CHOICES.slice(0, 4))),
      );
      const letters = [...kept, ...bound];
      const factors = Array.from({ length: 1 + draws.below(4) }, () => this.factor(letters, depth));
      return graph.sumOver(bound, graph.multiply(...factors));
    });
    return graph.add(...terms);
  }
}

/** What samples are drawn from; small numbers make small samples. */
export const seeds: fc.Arbitrary<number[]> = fc.array(fc.nat(5039), {
  minLength: 40,
  maxLength: 40,
});

/** The same without a liking for small numbers. */
export const evenSeeds: fc.Arbitrary<number[]> = fc.integer().map((seed) => {
  let state = seed;
  return Array.from({ length: 80 }, () => {
    // mulberry32
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  });
});

/** Any expression of references, elementwise functions, deltas, sums and reductions. */
export function anySample(seed: readonly number[]): Sample {
  const terms = new Terms(new Draws(seed));
  const { draws, graph } = terms;
  const sizes = [draws.of(CHOICES.slice(0, 4)), draws.of(CHOICES.slice(0, 4))];
  const [row, column] = sizes.map((size, axis) =>
    draws.below(4) > 0 ? letter(axis === 0 ? "r" : "c", size) : undefined,
  );
  const kept = [row, column].filter((one) => one !== undefined);
  const none = letter("none", Size.one);
  const body = terms.sum(kept.length > 0 ? kept : [none], 2);
  const expression = graph.substitute(body, new Map([[none.key, Index.number(0)]]));
  return { graph, expression, axes: { row, column } };
}

/** A definition of up to two axes. */
export function anyDefinition(seed: readonly number[]): {
  graph: Graph;
  quantity: Quantity;
  body: Expression;
} {
  const terms = new Terms(new Draws(seed), false);
  const shape = Array.from({ length: 1 + terms.draws.below(2) }, () => terms.draws.of(CHOICES));
  const { letters } = fullAxes(shape);
  const kept = letters.length > 0 ? letters : [letter("none", Size.one)];
  const body = terms.sum(kept, 1);
  const none = new Map(kept.map((one) => [one.key, Index.number(0)]));
  return {
    graph: terms.graph,
    quantity: { name: "u", role: "definition", shape },
    body: letters.length > 0 ? body : terms.graph.substitute(body, none),
  };
}

/** A product of references with plain indices only, under sums. */
export function plainSample(seed: readonly number[]): PlainSample {
  const terms = new Terms(new Draws(seed));
  const { draws, graph } = terms;
  const letters = Array.from({ length: 1 + draws.below(6) }, (_, k) => letter(`l${k}`, Size.of(2)));
  const row = draws.below(3) > 0 ? letters[0] : undefined;
  const column = draws.below(3) > 0 ? letters[1] : undefined;
  const bound = letters.filter((one) => one !== row && one !== column);
  const factors = Array.from({ length: 1 + draws.below(18) }, () => terms.reference(letters, true));
  const expression = graph.sumOver(bound, graph.multiply(...factors));
  const pairs = factors.map(({ free }) => free);
  return { graph, expression, axes: { row, column }, letters, pairs };
}

/** For messages. */
export function text({ expression }: Sample): string {
  const printer = new ExpressionPrinter(new Notation(), UNORDERED);
  return printer.print(expression, new Notation().letters());
}

/**
 * Whether a graph has no K₄ minor, which is: whether vertices with at most two neighbours can be
 * taken away, their neighbours joined, until nothing is left.
 */
export function hasNoK4(
  letters: readonly Letter[],
  pairs: readonly (readonly Letter[])[],
): boolean {
  const neighbours = new Map(letters.map(({ key }) => [key, new Set<string>()]));
  const join = (a: string, b: string): void => {
    if (a === b) return;
    neighbours.get(a)!.add(b);
    neighbours.get(b)!.add(a);
  };
  for (const [a, b] of pairs) if (a && b) join(a.key, b.key);
  for (;;) {
    const found = [...neighbours].find(([, near]) => near.size <= 2);
    if (!found) return neighbours.size === 0;
    const [key, near] = found;
    neighbours.delete(key);
    for (const one of near) neighbours.get(one)!.delete(key);
    const [a, b] = near;
    if (a !== undefined && b !== undefined) join(a, b);
  }
}
