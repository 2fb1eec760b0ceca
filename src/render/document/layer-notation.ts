/** Notation in which the number of a layer is a letter: W^{(l)}, a^{(l−1)}. */
import { type Deltas, layerName } from "../../derivation/layers.js";
import type { Letter } from "../../expression/indices.js";
import type { Quantity } from "../../expression/quantity.js";
import type { Model } from "../../language/model.js";
import type { LetterNames } from "../notation/letters.js";
import type { SymbolParts } from "../../language/symbol.js";
import { namesOf } from "../notation/called.js";
import { Notation, type NotationOptions } from "../notation/notation.js";

/** An input in the place of the layer before the first. */
export interface Alias {
  readonly input: Quantity;
  /** A quantity of the layer before, in a line of a higher layer. */
  readonly model: Quantity;
}

/** The layer of a quantity; of what has a δ, also the layer of that. */
export function numberOf(quantity: Quantity, deltas?: Deltas): number | undefined {
  const layer = layerName(quantity.name)?.layer ?? deltas?.get(quantity);
  return layer === undefined ? undefined : Number(layer);
}

/** Writes layer numbers relative to one layer: l for it, l − 1 for the one before. */
export class LayerNotation extends Notation {
  readonly letter: string;
  /** Whether the letter was written. */
  isUsed = false;

  private readonly layer: number;
  private readonly alias: Alias | undefined;

  constructor(
    options: NotationOptions,
    model: Model,
    deltas: Deltas,
    line: {
      readonly layer: number;
      readonly alias?: Alias | undefined;
      readonly letter?: string | undefined;
    },
  ) {
    super(options, namesOf(model), deltas);
    this.layer = line.layer;
    this.alias = line.alias;
    this.letter = line.letter ?? this.layerLetter;
  }

  override parts(quantity: Quantity): SymbolParts {
    if (this.alias?.input === quantity) {
      return this.shifted(super.parts(this.alias.model), numberOf(this.alias.model)!, -1);
    }
    const number = numberOf(quantity);
    const parts = super.parts(quantity);
    return number === undefined ? parts : this.shifted(parts, number, number - this.layer);
  }

  override adjoint(of: Quantity): SymbolParts | undefined {
    const parts = super.adjoint(of);
    const number = Number(this.deltas.get(of) ?? NaN);
    return parts && !Number.isNaN(number)
      ? this.shifted(parts, number, number - this.layer)
      : parts;
  }

  /** The layer's number in a script replaced by l, l − 1 or l + 1. */
  private shifted(parts: SymbolParts, number: number, offset: number): SymbolParts {
    const text =
      offset === 0 ? this.letter : `${this.letter}${offset < 0 ? "-" : "+"}${Math.abs(offset)}`;
    const replaced = (script: string | undefined): string | undefined => {
      const result = script?.replace(new RegExp(`(?<!\\d)${number}(?!\\d)`), text);
      this.isUsed ||= result !== script;
      return result;
    };
    const { base, sub, sup } = parts;
    return {
      base,
      ...(sub === undefined ? {} : { sub: replaced(sub)! }),
      ...(sup === undefined ? {} : { sup: replaced(sup)! }),
    };
  }

  /** Layers differ in size: sums run over all units, and ranges are left out. */
  override sumRange(letter: Letter, names: LetterNames): string {
    return `_{${names.of(letter)}}`;
  }

  override range(): string {
    return "";
  }
}
