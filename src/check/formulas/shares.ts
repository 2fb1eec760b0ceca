/** What each term of a statement that is a sum would have to be, were the others right. */
import type { Syntax } from "../../language/syntax.js";
import { BINARY, differs, type Estimate, negated, type Outcome } from "./estimate.js";
import type { Estimator } from "./estimator.js";
import { type Share, type Spot, termsOf } from "./variants/variant.js";

export class Shares {
  private readonly wanted: readonly (Estimate | undefined)[];

  /** @param right what the statement would have to be */
  constructor(
    expression: Syntax,
    private readonly estimator: Estimator,
    right: Estimate,
  ) {
    const { sums, terms } = termsOf(expression);
    const negative = negatives(sums);
    const values = terms.map(({ node }) => {
      const value = estimator.estimate(node);
      return typeof value === "object" ? value : undefined;
    });
    // terms that are stretched say nothing of one entry alone
    const [first] = values;
    const isPlain =
      first !== undefined &&
      longAxes(first) === longAxes(right) &&
      values.every((one) => one?.lengths.join() === first.lengths.join());
    this.wanted = terms.map(({ node }, k) => {
      if (!isPlain) return undefined;
      let rest: Outcome = { ...right, lengths: first.lengths };
      for (const [n, other] of terms.entries()) {
        if (n === k || typeof rest !== "object") continue;
        rest = BINARY[negative.has(other.node) ? "+" : "-"](rest, values[n]!);
      }
      if (typeof rest !== "object") return undefined;
      return negative.has(node) ? negated(rest) : rest;
    });
  }

  /** Whether a term certainly makes the whole wrong; undefined where it alone does not tell. */
  isOther({ term, syntax }: Share): boolean | undefined {
    const value = this.estimator.estimate(syntax);
    if (value === "valueless") return true;
    const wanted = this.wanted[term];
    const isAlike = value && wanted && value.lengths.join() === wanted.lengths.join();
    return isAlike ? differs(value, wanted) : undefined;
  }
}

function longAxes({ lengths }: Estimate): string {
  return lengths.filter((length) => length > 1).join();
}

/** The parts of sums that are subtracted from the whole. */
function negatives(sums: readonly Spot[]): ReadonlySet<Syntax> {
  const negative = new Set<Syntax>();
  for (const { node } of sums) {
    if (node.kind !== "binary") continue;
    const isOwn = negative.has(node);
    if (isOwn) negative.add(node.left);
    if (isOwn !== (node.operator === "-")) negative.add(node.right);
  }
  return negative;
}
