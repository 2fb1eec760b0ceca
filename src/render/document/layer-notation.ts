/** Notation in which the number of a layer is a letter: W^{(l)}, a^{(l−1)}. */
import { type Deltas, layerName } from "../../derivation/layers.js";
import type { Letter } from "../../expression/indices.js";
import type { Quantity } from "../../expression/quantity.js";
import type { Model } from "../../language/model.js";
import type { LetterNames } from "../notation/letters.js";
import { joined, type SymbolParts } from "../../language/symbol.js";
import { namesOf } from "../notation/called.js";
import { Notation, type NotationOptions } from "../notation/notation.js";

/** For the number of units of a layer, in the order of preference. */
const WIDTH_LETTERS = ["n", "m", "d", "h", "p", "q", "r"];

/** An input in the place of the layer before the first. */
export interface Alias {
  readonly input: Quantity;
  /** A quantity of the layer before, in a line of a higher layer. */
  readonly model: Quantity;
}

/** `a^{(0)} = x` */
export function aliasText(
  { input, model: of }: Alias,
  layer: number,
  model: Model,
  options: NotationOptions,
): string {
  const notation = new Notation(options, namesOf(model));
  const { base } = notation.parts(of);
  const before = joined({ base, ...notation.layerScript(`${layer - 1}`) });
  return `${before} = ${notation.symbol(input)}`;
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

  /** The letter for the number of units of a layer. */
  readonly widthLetter: string;
  /** Whether the values of an index were left out. */
  hasOpenRange = false;

  private readonly layer: number;
  private readonly alias: Alias | undefined;
  private readonly ofLayers: ReadonlyMap<string, number>;

  constructor(
    options: NotationOptions,
    model: Model,
    deltas: Deltas,
    line: {
      readonly layer: number;
      readonly alias?: Alias | undefined;
      readonly letter?: string | undefined;
      /** The layers that its letters run through. */
      readonly letters?: ReadonlyMap<string, number> | undefined;
    },
  ) {
    const names = namesOf(model);
    super(options, names, deltas);
    const running = names.called.filter((one) => one.isSize).map(({ name }) => name.toLowerCase());
    const isFree = (one: string): boolean => !this.taken.has(one) && !running.includes(one);
    this.widthLetter = WIDTH_LETTERS.find(isFree) ?? "\\nu";
    this.taken.add(this.widthLetter);
    this.ofLayers = line.letters ?? new Map<string, number>();
    this.layer = line.layer;
    this.alias = line.alias;
    this.letter = line.letter ?? this.layerLetter;
  }

  override parts(quantity: Quantity): SymbolParts {
    return this.inLayer(quantity, (one) => super.parts(one));
  }

  /** The letter is the one that entries of its layer have: A^{(1)}_{ij} beside a vector a^{(1)}. */
  override entryParts(quantity: Quantity): SymbolParts {
    return this.inLayer(quantity, (one) => this.lightParts(one, super.parts(one)));
  }

  private inLayer(quantity: Quantity, partsOf: (one: Quantity) => SymbolParts): SymbolParts {
    if (this.alias?.input === quantity) {
      return this.shifted(partsOf(this.alias.model), numberOf(this.alias.model)!, -1);
    }
    const number = numberOf(quantity);
    const parts = partsOf(quantity);
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
    const text = this.relative(offset);
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

  /** Layers differ in size: sums run over all units of one. */
  override sumRange(letter: Letter, names: LetterNames): string {
    const last = this.lastUnit(letter);
    const name = names.of(letter);
    return last === undefined ? `_{${name}}` : `_{${name}=${this.indexBase}}^{${last}}`;
  }

  /** Empty where it is not known of which layer the units are. */
  override range(letter: Letter, names: LetterNames): string {
    const last = this.lastUnit(letter);
    return last === undefined ? "" : `${names.of(letter)} = ${this.indexBase}, \\dots, ${last}`;
  }

  /** `n_{l-1}`, or a size with a name, which all layers have. */
  private lastUnit(letter: Letter): string | undefined {
    const layer = this.ofLayers.get(letter.key);
    if (layer === undefined) {
      if (letter.size.soleName !== undefined) return this.last(letter.size);
      this.hasOpenRange = true;
      return undefined;
    }
    const units = `${this.widthLetter}_{${this.relative(layer - this.layer)}}`;
    return this.indexBase === 1 ? units : `${units} - 1`;
  }

  /** l, l − 1 or l + 1 */
  private relative(offset: number): string {
    return offset === 0
      ? this.letter
      : `${this.letter}${offset < 0 ? "-" : "+"}${Math.abs(offset)}`;
  }
}
