/** The differences of entries that statements have: they stand together in derivatives too. */
import type { Fraction } from "fraction.js";
import type { Quantity } from "../../expression/quantity.js";
import { isSign } from "../../expression/rational.js";
import { postorder } from "../../expression/walk.js";
import type { Model } from "../../language/model.js";

/** A quantity with + or − for each of its parts. */
export type Difference = readonly { readonly quantity: Quantity; readonly coefficient: Fraction }[];

/** Those of a model's statements, y − t. */
export function differencesIn({ definitions }: Pick<Model, "definitions">): readonly Difference[] {
  const bodies = definitions.flatMap(({ clauses }) => clauses.map(({ body }) => body));
  return postorder(bodies, (one) => one.children).flatMap((node) => {
    if (node.kind !== "sum" || node.constant.n !== 0n || node.terms.length !== 2) return [];
    const parts = node.terms.flatMap(({ term, coefficient }) =>
      term.kind === "reference" && isSign(coefficient)
        ? [{ quantity: term.quantity, coefficient }]
        : [],
    );
    const isDifference = parts.length === 2 && parts[0]!.coefficient.s !== parts[1]!.coefficient.s;
    return isDifference ? [parts] : [];
  });
}
