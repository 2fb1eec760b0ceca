/**
 * Named quantities among the factors of a product. A definition that is itself a product, such as
 * p[i] = e^z[i] · (Σ_j e^z[j])⁻¹, stands in derivatives with other factors around it, before and
 * behind sums: e^z[i] · S⁻² · Σ_j g[j]·e^z[j] is p[i] · Σ_j g[j]·p[j].
 */
import { axisLetter, type Definition, fullAxes, fullBody } from "../expression/definition.js";
import type { Expression, ProductNode } from "../expression/expression.js";
import type { Graph } from "../expression/graph.js";
import { Index, letter, type Letter } from "../expression/indices.js";
import type { Quantity } from "../expression/quantity.js";
import { flatten } from "./term.js";

type Factors = ProductNode["factors"];

interface NamedProduct {
  readonly quantity: Quantity;
  readonly axes: readonly Letter[];
  readonly body: ProductNode;
}

export class NamedFactors {
  private readonly products: NamedProduct[] = [];

  constructor(private readonly graph: Graph) {}

  /** Makes a definition known, if it is a product of at least two factors without a number. */
  add({ quantity, clauses }: Definition): void {
    const body = fullBody(quantity.shape, clauses);
    const { letters: axes } = fullAxes(quantity.shape);
    if (body?.kind !== "product" || body.free.length !== axes.length) return;
    const isOpen = body.factors.some(({ base, exponent }) => isSum(base) && exponent === 1);
    if (body.factors.length < 2 || !body.coefficient.equals(1) || isOpen) return;
    this.products.push({ quantity, axes, body });
  }

  /** The product with names for some of its factors; undefined where none has one. */
  apply(node: Expression): Expression | undefined {
    if (this.products.length === 0 || node.kind !== "product") return undefined;
    const { graph } = this;
    let count = 0;
    const flat = flatten(graph, node, (size) => letter(`f${count++}`, size));
    const names: Expression[] = [];
    let rest: Factors = flat.factors;
    for (const product of this.products) {
      for (;;) {
        const found = this.find(product, rest);
        if (!found) break;
        names.push(found.name);
        rest = found.rest;
      }
    }
    if (names.length === 0) return undefined;
    const powers = rest.map(({ base, exponent }) => graph.integerPower(base, exponent));
    const product = graph.multiply(graph.number(flat.coefficient), ...powers, ...names);
    return graph.sumOver(flat.summed, product);
  }

  /** An entry of the quantity all of whose factors are among the given ones, and what is left. */
  private find(
    { quantity, axes, body }: NamedProduct,
    factors: Factors,
  ): { name: Expression; rest: Factors } | undefined {
    const isLikely = body.factors.every((part) =>
      factors.some((one) => one.base.skeleton === part.base.skeleton && isPowerOf(one, part)),
    );
    if (!isLikely) return undefined;
    const free = factors.flatMap(({ base }) => base.free);
    const letters = [...new Map(free.map((one) => [one.key, one])).values()];
    for (const places of placements(axes, letters)) {
      const instance = this.graph.substitute(body, places);
      const rest = instance.kind === "product" ? without(factors, instance.factors) : undefined;
      if (!rest) continue;
      const indices = quantity.shape.map((size, axis) =>
        size.isOne ? Index.number(0) : places.get(axisLetter(axis, size).key)!,
      );
      return { name: this.graph.reference(quantity, indices), rest };
    }
    return undefined;
  }
}

/** The factors divided by others; undefined where one of these is not among them. */
function without(factors: Factors, divisors: Factors): Factors | undefined {
  let rest = factors;
  for (const divisor of divisors) {
    const position = rest.findIndex((one) => one.base === divisor.base && isPowerOf(one, divisor));
    const found = rest[position];
    if (!found) return undefined;
    const left = { base: found.base, exponent: found.exponent - divisor.exponent };
    rest = rest.toSpliced(position, 1, ...(left.exponent === 0 ? [] : [left]));
  }
  return rest;
}

/** Whether a power holds another one of the same base: e⁻² holds e⁻¹, and not e. */
function isPowerOf(one: { exponent: number }, other: { exponent: number }): boolean {
  return (
    Math.sign(one.exponent) === Math.sign(other.exponent) &&
    Math.abs(one.exponent) >= Math.abs(other.exponent)
  );
}

/** All ways to put different letters of the right sizes in the places of the axes. */
function placements(
  axes: readonly Letter[],
  letters: readonly Letter[],
): ReadonlyMap<string, Index>[] {
  const [axis, ...others] = axes;
  if (!axis) return [new Map()];
  return letters
    .filter(({ size }) => size.equals(axis.size))
    .flatMap((one) =>
      placements(
        others,
        letters.filter(({ key }) => key !== one.key),
      ).map((rest) => new Map([[axis.key, Index.of(one)], ...rest])),
    );
}

function isSum(node: Expression): boolean {
  return node.kind === "reduce" && node.reduction === "sum";
}
