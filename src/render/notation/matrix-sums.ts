/** Sums of statements as they stand in matrices: those in derivatives are told by them. */
import type { Quantity } from "../../expression/quantity.js";
import { keyOf } from "../../expression/rational.js";
import { fullBody } from "../../expression/definition.js";
import { postorder } from "../../expression/walk.js";
import { axesOf, matrixForm } from "../../forms/matrix/convert.js";
import { operands, type SumNode } from "../../forms/matrix/expression.js";
import type { Model } from "../../language/model.js";

export class MatrixSums {
  /** By what is added, the quantity in whose definition it is first. */
  private known: ReadonlyMap<string, Quantity> | undefined;

  constructor(private readonly model: Model) {}

  /** The quantity that is defined by this very sum, or by what has it as a part. */
  ownerOf(sum: SumNode): Quantity | undefined {
    this.known ??= ownersIn(this.model);
    return this.known.get(textOf(sum));
  }
}

/** The forms are those that derivations have made already. */
function ownersIn({ graph, definitions }: Model): ReadonlyMap<string, Quantity> {
  const found = new Map<string, Quantity>();
  for (const { quantity, clauses } of definitions) {
    const body = fullBody(quantity.shape, clauses);
    const form = body && matrixForm(graph, body, axesOf(quantity.shape));
    for (const node of form ? postorder([form.matrix], operands) : []) {
      if (node.kind !== "sum") continue;
      const text = textOf(node);
      if (!found.has(text)) found.set(text, quantity);
    }
  }
  return found;
}

/** Equal whatever the order of the terms is. */
function textOf({ terms }: SumNode): string {
  return terms
    .map(({ coefficient, term }) => `${keyOf(coefficient)}*${term.key}`)
    .toSorted()
    .join("+");
}
