/** Parts of statements that the model does not name: a derivation that names them says what they are. */
import type { Quantity } from "../expression/quantity.js";
import { references } from "../expression/walk.js";
import type { Model } from "../language/model.js";
import { definitionEquations } from "./forward.js";
import { sideQuantities } from "./side-quantities.js";
import type { Claim, Step } from "./step.js";

/**
 * The lines that name the parts that some lines use, in the order of the model, what they are made of among them.
 * @param areMatrices whether the lines are about whole matrices
 */
export function partClaims(
  model: Model,
  claims: readonly Claim[],
  areMatrices: boolean,
): readonly Claim[] {
  const parts = model.definitions.filter(({ quantity }) => isPart(quantity));
  if (parts.length === 0) return [];
  const used = new Set(
    claims
      .flatMap(({ left, right }) => [left, right].flatMap(sideQuantities))
      .flatMap((one) => [one, one.of, one.numerator]),
  );
  // a part is made of those before it
  const kept = parts.toReversed().filter(({ quantity, clauses }) => {
    if (!used.has(quantity)) return false;
    for (const inner of references(clauses.map(({ body }) => body))) used.add(inner.quantity);
    return true;
  });
  return kept.toReversed().flatMap((definition) => {
    const { entries, whole, whyAlone: why } = definitionEquations(model, definition);
    const lines = areMatrices && whole ? [{ ...whole, why }] : entries;
    return lines.map((one): Claim => ({ ...one, rule: "name" }));
  });
}

/** The part that a step says what it is; undefined where it is a step of another kind. */
export function partNamedBy({ rule, left }: Step): Quantity | undefined {
  const [quantity] = rule === "name" || rule === "definition" ? sideQuantities(left) : [];
  return quantity && isPart(quantity) ? quantity : undefined;
}

function isPart({ role }: Quantity): boolean {
  return role === "auxiliary";
}
