/**
 * Named quantities instead of repeated expressions: where a sub-expression is the body of a
 * definition, at any indices, the definition's name takes its place: σ(z1[k]) becomes a1[k].
 */
import { Fraction } from "fraction.js";
import { CONTENT } from "../expression/contents.js";
import { axisLetter, type Definition, fullAxes, fullBody } from "../expression/definition.js";
import type { Expression } from "../expression/expression.js";
import type { Graph } from "../expression/graph.js";
import { Index, type Letter } from "../expression/indices.js";
import type { Quantity } from "../expression/quantity.js";
import { NamedFactors, type Tell } from "./named-factors.js";

/** What may have a name: leaves have none but their own. */
const COMPOUND = CONTENT.sum | CONTENT.product | CONTENT.apply | CONTENT.reduce;
const ONE = new Fraction(1);

export interface NamedBodiesOptions {
  /** Whether f(x) gets a name where a definition is a multiple of it: 2·g for f(x) where g = f(x)/2. */
  readonly multiples: boolean;
}

/** What has a name, and what it is multiplied by where that stands in its place. */
interface Named {
  readonly quantity: Quantity;
  readonly times: Fraction;
}

export class NamedBodies {
  private readonly quantities = new Map<Expression, readonly Named[]>();
  /** Skeletons of the bodies: what has another one is no body at other indices. */
  private readonly skeletons = new Set<number>();

  private readonly factors: NamedFactors;

  constructor(
    private readonly graph: Graph,
    private readonly options: NamedBodiesOptions = { multiples: false },
  ) {
    this.factors = new NamedFactors(graph);
  }

  /** Makes a definition known. Bodies that are only a number or another name are not. */
  add(definition: Definition): void {
    const { quantity, clauses } = definition;
    this.factors.add(definition);
    const body = fullBody(quantity.shape, clauses);
    const axes = fullAxes(quantity.shape).letters;
    if (!body || body.children.length === 0 || body.free.length !== axes.length) return;
    this.know(body, axes, { quantity, times: ONE });
    const [coefficient, core] = this.graph.splitCoefficient(body);
    const isMultiple = !coefficient.equals(0) && !coefficient.equals(1) && core.kind === "apply";
    if (!isMultiple || !this.options.multiples) return;
    this.know(core, axes, { quantity, times: ONE.div(coefficient) });
  }

  private know(body: Expression, axes: readonly Letter[], named: Named): void {
    const key = this.atPositions(body, axes);
    this.quantities.set(key, [...(this.quantities.get(key) ?? []), named]);
    // the second is the body as it stands: renaming may dissolve a sum that was kept whole
    this.skeletons.add(key.skeleton).add(body.skeleton);
  }

  /** An expression with its letters renamed by their positions in a list. */
  private atPositions(node: Expression, letters: readonly Letter[]): Expression {
    const renaming = new Map(
      letters.map((letter, position) => [letter.key, Index.of(axisLetter(position, letter.size))]),
    );
    return this.graph.substitute(node, renaming);
  }

  /**
   * The expression with names for whatever has one, largest parts first.
   * @param tell is told of what got its name
   * @param own whose names are taken where several have one value; else the first one's
   */
  apply(root: Expression, tell?: Tell, own?: ReadonlySet<Quantity>): Expression {
    const put = (node: Expression): Expression | undefined => {
      const name = this.nameOf(node, tell, own);
      if (name) return name;
      const product = this.factors.apply(node, tell);
      return product && this.apply(product, tell, own);
    };
    return this.graph.transform(root, put, COMPOUND);
  }

  private nameOf(
    node: Expression,
    tell?: Tell,
    own?: ReadonlySet<Quantity>,
  ): Expression | undefined {
    if (node.children.length === 0 || !this.skeletons.has(node.skeleton)) return undefined;
    for (const letters of orders(node.free)) {
      const all = this.quantities.get(this.atPositions(node, letters)) ?? [];
      const named = all.find((one) => own?.has(one.quantity)) ?? all[0];
      if (!named) continue;
      const { quantity, times } = named;
      const axes = quantity.shape.filter((size) => !size.isOne);
      if (axes.every((size, axis) => size.equals(letters[axis]!.size))) {
        tell?.(quantity);
        let next = 0;
        const indices = quantity.shape.map((size) =>
          size.isOne ? Index.number(0) : Index.of(letters[next++]!),
        );
        return this.graph.scale(times, this.graph.reference(quantity, indices));
      }
    }
    return undefined;
  }
}

/** The orders in which letters may stand for axes; more than two letters only as they are. */
function orders(letters: readonly Letter[]): readonly (readonly Letter[])[] {
  return letters.length === 2 ? [letters, letters.toReversed()] : [letters];
}
