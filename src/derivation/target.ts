/** What a derivation is asked for: a quantity or one of its entries, in the model language. */
import { Index } from "../expression/indices.js";
import type { Quantity } from "../expression/quantity.js";
import { shapeText } from "../expression/size.js";
import type { Model } from "../language/model.js";
import { InputError, nearest } from "../language/source.js";

export interface Target {
  readonly quantity: Quantity;
  /** Indices from 0, where one entry is meant. */
  readonly entry: readonly number[] | undefined;
}

/** An entry's numbers as indices. */
export function entryIndices(entry: readonly number[]): Index[] {
  return entry.map((index) => Index.number(index));
}

/** `W1[2,1]`: an entry in the model language, counted from 1. */
export function entryName(quantity: Quantity, indices: readonly number[]): string {
  if (indices.length === 0) return quantity.name;
  return `${quantity.name}[${indices.map((index) => index + 1).join(",")}]`;
}

/**
 * Reads `NAME` or `NAME[i,j]`.
 * @throws InputError for names that the model does not have, the loss itself, quantities that come
 * after the loss, and indices that are out of range.
 */
export function parseTarget(model: Model, text: string): Target {
  const match = /^\s*([^\s[\]]+)\s*(?:\[([^[\]]*)\])?\s*$/u.exec(text);
  if (!match) {
    throw new InputError(`${text} is not a quantity or an entry of one`, {
      hint: "write W1, W1[2,1] or b1[3]",
    });
  }
  const [, name = "", list] = match;
  const quantity = model.scope.get(name)?.quantity;
  if (!quantity) {
    const names = [...model.scope].flatMap(([known, meaning]) => (meaning.quantity ? [known] : []));
    const near = nearest(name, names);
    throw new InputError(`the model has no quantity ${name}`, {
      hint: near ? `did you mean ${near}?` : `it has ${names.slice(0, 12).join(", ")}`,
    });
  }
  if (quantity === model.loss) {
    throw new InputError(`${name} is the loss itself; its derivative by itself is 1`);
  }
  const order = model.definitions.map((definition) => definition.quantity);
  if (order.indexOf(quantity) > order.indexOf(model.loss)) {
    throw new InputError(`${name} is defined after the loss ${model.loss.name}`);
  }
  return { quantity, entry: list === undefined ? undefined : readEntry(quantity, list) };
}

function readEntry(quantity: Quantity, list: string): number[] {
  const { name, shape } = quantity;
  const indices = list.split(",").map((piece) => piece.trim());
  if (indices.length !== shape.length || !indices.every((piece) => /^\d+$/.test(piece))) {
    const example = shape.map(() => "1").join(",");
    throw new InputError(`${name}[${list}] is not an entry: ${name} is ${shapeText(shape)}`, {
      hint: shape.length === 0 ? `write ${name}` : `write ${name}[${example}], counted from 1`,
    });
  }
  return indices.map((piece, axis) => {
    const index = Number(piece);
    const size = shape[axis]!.constant ?? Infinity;
    if (index < 1 || index > size) {
      throw new InputError(
        `${name}[${list}]: index ${piece} is not within 1…${shape[axis]!.toString()}: ${name} is ${shapeText(shape)}`,
      );
    }
    return index - 1;
  });
}
