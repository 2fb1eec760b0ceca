/** Sums over labels, which are 1 where labels add up to 1: p Σ y − y is p − y. */
import { Fraction } from "fraction.js";
import { summandsOf } from "../calculus/multiplied-out.js";
import type { Expression, ReduceNode, ReferenceNode, SumNode } from "../expression/expression.js";
import type { Graph } from "../expression/graph.js";
import type { Index } from "../expression/indices.js";
import type { Quantity } from "../expression/quantity.js";
import { isUnit } from "../expression/rational.js";
import { postorder, references } from "../expression/walk.js";
import type { Model } from "../language/model.js";
import { distinct, formula, joined, said, type Sentence } from "../language/sentence.js";
import type { GivenEnvironment } from "./points.js";
import { type Claim, type Origins, scalar } from "./step.js";

/** What stands behind the sentence that says where labels add up to 1. */
export const SO_AT_POINT = said`So it is at the point.`;

/** p Σ y − y in an expression. */
interface LabelSum {
  /** y. */
  readonly quantity: Quantity;
  /** The axis along all of which it is summed. */
  readonly axis: number;
  /** p, where it has a name. */
  readonly share: Quantity | undefined;
  /** Whether nothing else is in the expression. */
  readonly isWhole: boolean;
}

function sentenceOf({ quantity, axis, share, isWhole }: LabelSum): Sentence {
  const isVector = quantity.shape.length === 1;
  const lines = isVector ? quantity : said`each ${axis === 0 ? "column" : "row"} of ${quantity}`;
  const place = isWhole ? "" : " in the brackets";
  const left = share ? said`, and ${formula(share, " − ", quantity)} is left${place}` : "";
  const those = quantity.role === "target" ? "one-hot labels" : "smoothed one-hot labels";
  return said`Where ${lines} adds up to 1, as ${those} do, the sum over the labels is 1${left}.`;
}

type Term = SumNode["terms"][number];

const AS_LABELS = said`The labels of the point add up to 1.`;

/** What is left of sums over labels that add up to 1 at the user's point. */
export class PointLabels {
  private readonly graph: Graph;
  /** Labels, and what is made of labels and given numbers alone, such as smoothed ones. */
  private readonly labels: ReadonlySet<Quantity>;

  constructor(
    { graph, targets, definitions }: Pick<Model, "graph" | "targets" | "definitions">,
    private readonly given: GivenEnvironment | undefined,
  ) {
    this.graph = graph;
    this.labels = labelsOf(targets, definitions);
  }

  /** Says in the last step what becomes of its sums over labels. */
  told(steps: readonly Claim[]): readonly Claim[] {
    const last = steps.at(-1);
    if (last?.right.kind !== "scalar") return steps;
    const why = joined([last.why, ...this.sentences(last.right.expression)]);
    return [...steps.slice(0, -1), { ...last, why }];
  }

  /** One sentence for each difference p Σ y − y of entries at the same place. */
  sentences(expression: Expression): Sentence[] {
    return distinct(this.sumsIn(expression).map(sentenceOf));
  }

  /** The steps, and the last of them without its sums, where they are 1. */
  continued(steps: readonly Claim[], why: Sentence = AS_LABELS): readonly Claim[] {
    const last = steps.at(-1);
    if (last?.right.kind !== "scalar") return steps;
    const { expression, origins } = last.right;
    const rest = this.withoutSums(expression);
    if (!rest) return steps;
    const right = { ...scalar(rest), ...(origins && this.originsWithoutSums(origins, expression)) };
    return [...steps, this.claim({ ...last, right }, why)];
  }

  /** Terms come from where they came from with their sums. */
  private originsWithoutSums(origins: Origins, before: Expression): { readonly origins: Origins } {
    const whole = new Map(
      (before.kind === "sum" ? summandsOf(this.graph, before) : [before]).map((term) => {
        const [own, rest] = [term, this.withoutSums(term) ?? term].map(
          (one) => this.graph.splitCoefficient(one)[1],
        );
        return [rest!, own!] as const;
      }),
    );
    return { origins: { get: (term) => origins.get(whole.get(term) ?? term) } };
  }

  /** A line that holds because the labels of the point add up to 1. */
  claim(line: Claim, why: Sentence = AS_LABELS): Claim {
    return { ...line, rule: "labels that add up to 1", why, isAtPoint: true, continues: true };
  }

  /** An expression without its sums over labels; undefined where none is known to be 1. */
  withoutSums(expression: Expression): Expression | undefined {
    const known = this.sumsIn(expression).filter((one) => this.isOne(one));
    if (known.length === 0) return undefined;
    const rest = this.graph.transform(expression, (node) => {
      if (node.kind !== "reduce" || !this.isLabel(node.body)) return undefined;
      const { quantity, indices } = node.body;
      const axis = indices.findIndex(({ plain }) => plain?.key === node.letter.key);
      const isKnown = known.some((one) => one.quantity === quantity && one.axis === axis);
      return isKnown && isSumAlong(node, quantity, axis) ? this.graph.number(1) : undefined;
    });
    return rest === expression ? undefined : rest;
  }

  /** Every p Σ y − y. */
  private sumsIn(expression: Expression): LabelSum[] {
    return [...postorder([expression], (one: Expression) => one.children)].flatMap((node) => {
      if (node.kind !== "sum") return [];
      const isWhole = node === expression && node.terms.length === 2 && node.constant.n === 0n;
      return node.terms.flatMap((minus) =>
        node.terms.flatMap((plus) => {
          const found = this.sumOf(plus, minus);
          return found ? [{ ...found, isWhole }] : [];
        }),
      );
    });
  }

  /** Two terms as p Σ y − y. */
  private sumOf(plus: Term, minus: Term): Omit<LabelSum, "isWhole"> | undefined {
    const label = minus.term;
    if (!this.isLabel(label) || plus.term.kind !== "product") return undefined;
    if (!plus.coefficient.equals(minus.coefficient.neg())) return undefined;
    const [first, second, ...others] = plus.term.factors;
    if (first?.exponent !== 1 || second?.exponent !== 1 || others.length > 0) return undefined;
    const [share, sum] = first.base.kind === "reduce" ? [second, first] : [first, second];
    const axis = sum.base.kind === "reduce" ? this.summedAxis(sum.base, label) : undefined;
    if (axis === undefined) return undefined;
    if (share.base.kind !== "reference")
      return { quantity: label.quantity, axis, share: undefined };
    if (!areEqual(share.base.indices, label.indices)) return undefined;
    return { quantity: label.quantity, axis, share: share.base.quantity };
  }

  private isLabel(node: Expression): node is ReferenceNode {
    return node.kind === "reference" && this.labels.has(node.quantity);
  }

  /** The axis along all of which a sum adds the labels beside one label; undefined for other sums. */
  private summedAxis(
    { reduction, letter, body }: ReduceNode,
    { quantity, indices }: ReferenceNode,
  ): number | undefined {
    if (reduction !== "sum" || !this.isLabel(body) || body.quantity !== quantity) return undefined;
    const axes = body.indices.flatMap((index, axis) =>
      index.equals(indices[axis]!) ? [] : [axis],
    );
    const [axis, ...others] = axes;
    if (axis === undefined || others.length > 0) return undefined;
    return isSumAlong({ reduction, letter, body }, quantity, axis) ? axis : undefined;
  }

  /** Whether labels add up to 1 at the point, exactly. */
  private isOne({ quantity, axis }: LabelSum): boolean {
    const { given } = this;
    const entries = given?.printed.entries.get(quantity);
    if (!given || !entries) return false;
    const lengths = quantity.shape.map((size) => size.evaluate(given.sizes));
    const stride = axis === 0 ? (lengths[1] ?? 1) : 1;
    const sums = new Map<number, Fraction>();
    for (const [position, { fraction }] of entries.entries()) {
      if (!fraction) return false;
      const line = stride === 1 ? Math.floor(position / lengths[axis]!) : position % stride;
      sums.set(line, (sums.get(line) ?? new Fraction(0)).add(fraction));
    }
    return [...sums.values()].every((sum) => isUnit(sum));
  }
}

/** Whether a sum adds all entries of a quantity along an axis. */
function isSumAlong(
  { reduction, letter, body }: Pick<ReduceNode, "reduction" | "letter" | "body">,
  quantity: Quantity,
  axis: number,
): boolean {
  if (reduction !== "sum" || body.kind !== "reference" || body.quantity !== quantity) return false;
  const index = body.indices[axis];
  return index?.plain?.key === letter.key && letter.size.equals(quantity.shape[axis]!);
}

function labelsOf(
  targets: readonly Quantity[],
  definitions: Model["definitions"],
): ReadonlySet<Quantity> {
  const labels = new Set(targets);
  for (const { quantity, clauses } of definitions) {
    const used = references(clauses.map(({ body }) => body)).map((one) => one.quantity);
    const areLabels = used.every(
      (one) => labels.has(one) || (one.role === "input" && one.shape.length === 0),
    );
    if (areLabels && used.some((one) => labels.has(one))) labels.add(quantity);
  }
  return labels;
}

function areEqual(one: readonly Index[], other: readonly Index[]): boolean {
  return one.length === other.length && one.every((index, axis) => index.equals(other[axis]!));
}
