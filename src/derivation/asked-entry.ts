/** The derivative by one entry that was asked for, read off that by all entries. */
import type { Expression } from "../expression/expression.js";
import { atIndices, type Route } from "../forms/route.js";
import { entryAtom, said, type Sentence } from "../language/sentence.js";
import type { PointLabels } from "./labels.js";
import { type Claim, scalar } from "./step.js";
import { entryIndices, type Target } from "./target.js";

/** What the entry is read off. */
export interface WholeGradient {
  readonly kind: "matrix" | "vector" | "row";
  /** The same with sums over indices. */
  readonly expression: Expression;
}

/** The entry that was asked for, behind a line that has all of them as a matrix, a vector or a row. */
export function entryOfWhole(
  { route, labels }: { readonly route: Route; readonly labels: PointLabels },
  target: Target,
  { kind, expression }: WholeGradient,
): readonly Claim[] {
  const { quantity, entry = [] } = target;
  const why = said`The entry of this ${kind} that belongs to ${entryAtom(quantity, entry)}.`;
  return labels.continued([entryClaim(route, target, expression, why)]);
}

/** @param all the derivative by every entry, with the letters of the quantity's axes */
export function entryClaim(
  route: Route,
  { quantity, entry = [] }: Target,
  all: Expression,
  why: Sentence,
): Claim {
  const { graph } = route.model;
  const at = entryIndices(entry);
  return {
    rule: "the entry",
    why,
    left: scalar(graph.reference(route.adjoint(quantity).quantity, at)),
    right: scalar(atIndices(graph, quantity, all, at)),
    letters: [],
  };
}
