import type { DeltaNode, Expression } from "./expression.js";
import type { Graph } from "./graph.js";
import type { Letter } from "./indices.js";
import { Size } from "./size.js";

/** Σ_letter δ·rest where the delta fixes the letter to an index that is surely in its range. */
export function contract(
  graph: Graph,
  letter: Letter,
  delta: DeltaNode,
  rest: Expression,
): Expression | undefined {
  for (const [position, index] of delta.indices.entries()) {
    const other = delta.indices[1 - position]!;
    if (index.plain?.key !== letter.key || other.letters.some(({ key }) => key === letter.key)) {
      continue;
    }
    const offset = other.offset;
    const inRange =
      other.plain?.size.equals(letter.size) ??
      (other.terms.length === 0 &&
        offset.nonNegative === true &&
        letter.size.minus(offset).minus(Size.one).nonNegative === true);
    if (inRange) return graph.substitute(rest, new Map([[letter.key, other]]));
  }
  return undefined;
}
