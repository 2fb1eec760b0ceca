/**
 * Named quantities among the factors of a product. A definition that is itself a product, such as
 * p[i] = e^z[i] · (Σ_j e^z[j])⁻¹, stands in derivatives with other factors around it, before and
 * behind sums: e^z[i] · S⁻² · Σ_j g[j]·e^z[j] is p[i] · Σ_j g[j]·p[j]. So does one that is a sum of
 * products, o[i,k] = Σ_j a[i,j]·v[j,k]: Σ_j a[i,j] · Σ_k g[k]·v[j,k] is Σ_k g[k]·o[i,k].
 */
import { CONTENT, holds } from "../expression/contents.js";
import { axisLetter, type Definition, fullAxes, fullBody } from "../expression/definition.js";
import type { Expression, ProductNode } from "../expression/expression.js";
import type { Graph } from "../expression/graph.js";
import { Index, letter, type Letter } from "../expression/indices.js";
import type { Quantity } from "../expression/quantity.js";
import { isSign, isUnit } from "../expression/rational.js";
import { writtenLength } from "../expression/walk.js";
import { flatten, type FlatTerm } from "./term.js";

type Factors = ProductNode["factors"];

interface NamedProduct {
  readonly quantity: Quantity;
  readonly axes: readonly Letter[];
  /** Letters that the definition sums over; they are among no other factors where it is named. */
  readonly summed: readonly Letter[];
  /** With the sign of the definition; where it is a sum, what it sums. */
  readonly body: ProductNode;
}

/** Is told of quantities whose names were put in. */
export type Tell = (quantity: Quantity) => void;

export interface NamedFactorsOptions {
  /** Whether sums of products get their names too, and not only products. */
  readonly acrossSums: boolean;
  /** Whether definitions with a number in front are known too: 2·s for f where s = f/2. */
  readonly multiples?: boolean;
}

export class NamedFactors {
  private readonly products: NamedProduct[] = [];

  constructor(
    private readonly graph: Graph,
    private readonly options: NamedFactorsOptions = { acrossSums: false },
  ) {}

  /** Makes a definition known, if it is a product of at least two factors; one of a sum may have a minus. */
  add({ quantity, clauses }: Definition): void {
    const whole = fullBody(quantity.shape, clauses);
    const { letters: axes } = fullAxes(quantity.shape);
    if (whole?.free.length !== axes.length) return;
    const { coefficient, factors, summed } = this.flat(whole, "s");
    const body = this.graph.monomial(coefficient, factors);
    if (body.kind !== "product" || body.factors.length < 2) return;
    const isOfSum = summed.length > 0;
    if (isOfSum && !this.options.acrossSums) return;
    const isKnown = this.options.multiples === true || (isOfSum ? isSign : isUnit)(coefficient);
    if (!isKnown) return;
    this.products.push({ quantity, axes, summed, body });
  }

  /** Whether nothing that was made known is such a product. */
  get isEmpty(): boolean {
    return this.products.length === 0;
  }

  /**
   * The product with names for some of its factors; undefined where none has one.
   * @param tell is told of what got its name
   */
  apply(node: Expression, tell?: Tell): Expression | undefined {
    const isTerm = node.kind === "product" || (this.options.acrossSums && isSum(node));
    if (this.products.length === 0 || !isTerm) return undefined;
    const { graph } = this;
    const flat = this.flat(node, "f");
    const names: Expression[] = [];
    let { factors: rest, summed } = flat;
    for (const product of this.products) {
      for (;;) {
        const found = this.find(product, rest, summed, names);
        if (!found) break;
        names.push(found.name);
        tell?.(product.quantity);
        ({ rest, summed } = found);
      }
    }
    if (names.length === 0) return undefined;
    const powers = rest.map(({ base, exponent }) => graph.integerPower(base, exponent));
    const product = graph.multiply(graph.number(flat.coefficient), ...powers, ...names);
    return graph.sumOver(summed, product);
  }

  private flat(node: Expression, prefix: string): FlatTerm {
    let count = 0;
    return flatten(this.graph, node, (size) => letter(`${prefix}${count++}`, size));
  }

  /**
   * An entry of the quantity all of whose factors are among the given ones, and what is left.
   * @param names what stands beside the factors
   */
  private find(
    { quantity, axes, summed: inner, body }: NamedProduct,
    factors: Factors,
    summed: readonly Letter[],
    names: readonly Expression[],
  ): { name: Expression; rest: Factors; summed: readonly Letter[] } | undefined {
    const parts = body.factors.map((part) =>
      factors.filter((one) => one.base.skeleton === part.base.skeleton && isPowerOf(one, part)),
    );
    if (parts.some((candidates) => candidates.length === 0)) return undefined;
    const free = parts.flat().flatMap(({ base }) => base.free);
    const letters = [...new Map(free.map((one) => [one.key, one])).values()];
    for (const places of placements([...axes, ...inner], letters)) {
      const instance = this.graph.substitute(body, places);
      const rest = instance.kind === "product" ? without(factors, instance.factors) : undefined;
      if (!rest) continue;
      const used = new Set(inner.map(({ key }) => places.get(key)!.plain!.key));
      const others = [...rest.map(({ base }) => base), ...names];
      const left = summed.filter(({ key }) => !used.has(key));
      const isOwn = left.length === summed.length - used.size;
      if (!isOwn || others.some((one) => one.free.some(({ key }) => used.has(key)))) continue;
      const indices = quantity.shape.map((size, axis) =>
        size.isOne ? Index.number(0) : places.get(axisLetter(axis, size).key)!,
      );
      const reference = this.graph.reference(quantity, indices);
      const name = this.graph.scale(body.coefficient.inverse(), reference);
      return { name, rest, summed: left };
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

/**
 * ∂s/∂τ as it is written, in terms of s where that is shorter: −1/τ² Σ_j u[j]·v[j] is −s/τ where s is Σ_j u[j]·v[j]
 * divided by τ.
 * @param definition of s
 * @param written how a derivative is written
 */
export function withOwnName(
  graph: Graph,
  definition: Definition,
  derivative: Expression,
  written: (derivative: Expression) => Expression,
): Expression {
  const plain = written(derivative);
  if (!holds(plain, CONTENT.reduce)) return plain;
  const own = new NamedFactors(graph, { acrossSums: true, multiples: true });
  own.add(definition);
  if (own.isEmpty) return plain;
  const put = (node: Expression): Expression | undefined => own.apply(node);
  const named = (one: Expression): Expression =>
    graph.transform(one, put, CONTENT.product | CONTENT.reduce);
  // what is put in front of a sum stands no longer beside what it has a name with
  const found = named(derivative);
  const all = [plain, named(plain), ...(found === derivative ? [] : [written(found)])];
  const lengths = all.map(writtenLength);
  return all[lengths.indexOf(Math.min(...lengths))]!;
}
