/** Names for adjoints: δ^{(2)}_i = ∂L/∂z^{(2)}_i stands in the derivation before δ is used. */
import type { PrintedEquation } from "./equations.js";
import type { World } from "./lookup.js";
import { entryOf, type Matrix } from "./matrix.js";
import { Parser } from "./parse.js";
import type { Quantity, Symbols } from "./symbols.js";

/** A quantity that stands for the derivative of the loss by another. */
export interface Adjoint {
  readonly quantity: Quantity;
  readonly of: string;
}

/** The adjoints that get names: equations with δ on the left and a derivative on the right. */
export function namedAdjoints(printed: readonly PrintedEquation[], symbols: Symbols): Adjoint[] {
  const found = new Map<string, Adjoint>();
  for (const { left, right, ranges } of printed) {
    if (!left.includes("\\delta") || right[0] !== "\\frac" || right[2] !== "\\partial") continue;
    const letters = ranges.filter((_, at) => ranges[at + 1] === "=");
    const derivative = new Parser(right, symbols, new Set(letters)).factor();
    if (derivative.kind !== "partial") continue;
    const of = derivative.by.name;
    const symbol = nameIn(left, derivative.by.positions !== undefined);
    if (symbol === undefined) continue;
    const { axes } = symbols.quantities.find(({ name }) => name === of)!;
    const quantity: Quantity = { name: `adjoint of ${of}`, axes, isSize: false, symbol };
    if (!found.has(symbol)) found.set(symbol, { quantity, of });
  }
  return [...found.values()];
}

/** δ with its layer; the index of an entry is no part of it. */
function nameIn(left: readonly string[], isEntry: boolean): string | undefined {
  const text = left.join("");
  const inBrackets = /^\\left\((\\delta_\{?\d+\}?)\\right\)/.exec(text);
  if (inBrackets) return inBrackets[1]!;
  if (!isEntry && /^\\delta_\{?\d+\}?$/.test(text)) return text;
  return /^(\\delta(?:\^\{(?:\(\d+\)|\[\d+\])\})?)(?:_\{[a-z0-9,+-]+\})?$/.exec(text)?.[1];
}

/** A world that knows the named adjoints too. */
export class WorldWithAdjoints implements World {
  readonly indexBase: 0 | 1;
  private readonly adjoints: ReadonlyMap<string, string>;

  constructor(
    private readonly base: World & { readonly loss: string },
    adjoints: readonly Adjoint[],
  ) {
    this.indexBase = base.indexBase;
    this.adjoints = new Map(adjoints.map(({ quantity, of }) => [quantity.name, of]));
  }

  get loss(): string {
    return this.base.loss;
  }

  value(name: string): Matrix {
    const of = this.adjoints.get(name);
    if (of === undefined) return this.base.value(name);
    const whole = this.base.partial(this.base.loss, of);
    const shape = this.base.value(of);
    return { ...shape, data: shape.data.map((_, at) => entryOf(whole, 0, at)) };
  }

  size(name: string): number {
    return this.base.size(name);
  }

  partial(of: string, by: string, isDirect?: boolean): Matrix {
    return this.base.partial(of, by, isDirect);
  }

  isLoss(name: string): boolean {
    return this.base.isLoss(name);
  }
}
