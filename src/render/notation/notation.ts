/**
 * How names are written: a model's names in LaTeX, with layers as superscripts or subscripts, and
 * indices counted from 0 or 1.
 */
import { type AdjointNames, type Deltas, nameParts } from "../../derivation/layers.js";
import type { Expression } from "../../expression/expression.js";
import type { Index, Letter } from "../../expression/indices.js";
import type { Quantity } from "../../expression/quantity.js";
import { Size } from "../../expression/size.js";
import type { MatrixExpression } from "../../forms/matrix/expression.js";
import { joined, splitScripts, type SymbolParts } from "../../language/symbol.js";
import { hasOneEntry } from "../../language/tensor.js";
import { layerLetter, type Named, type Names, NO_NAMES } from "./called.js";
import { LetterNames } from "./letters.js";
import { accentLatex, indexed, lightLetter, plainLatex, smallLetter, wordLatex } from "./names.js";
import { powerLatex } from "./power.js";
import { Signs } from "./signs.js";
import { signed, type Summand } from "./summands.js";

export interface NotationOptions {
  /** The first index. */
  readonly indexBase?: 0 | 1;
  /**
   * Where the number of a layer stands: W^{(1)}, W_{1} or W^{[1]}. By default as in the symbols that
   * the author gave, and else as W^{(1)}.
   */
  readonly layers?: LayerScript;
  /** Whether the adjoints of a net's pre-activations are called δ, as by default, or stay ∂L/∂z. */
  readonly adjoints?: AdjointNames;
  /**
   * The name of the rate of a gradient step, in the model language: `eta`, `alpha`. By default a
   * Greek letter that the model leaves free.
   */
  readonly rate?: string;
}

/** `square` is a superscript in square brackets. */
export type LayerScript = "superscript" | "subscript" | "square";

/** Letters of numbers: e_{ij} or e^{(1)}_{ij} would stand beside e^x. */
const CONSTANTS: ReadonlySet<string> = new Set(["e", "\\pi"]);

/** The number of a layer, below or above what is of that layer. */
const LAYER_SCRIPTS: Readonly<Record<LayerScript, (layer: string) => Omit<SymbolParts, "base">>> = {
  superscript: (layer) => ({ sup: `(${layer})` }),
  subscript: (layer) => ({ sub: layer }),
  square: (layer) => ({ sup: `[${layer}]` }),
};

/** Where the first symbol of a numbered name has that number. */
function layersOfSymbols(names: Names["called"]): LayerScript | undefined {
  for (const { name, symbol } of names) {
    const { layer } = nameParts(name);
    if (symbol === undefined || layer === undefined) continue;
    const parts = splitScripts(symbol);
    const scripts = Object.keys(LAYER_SCRIPTS) as LayerScript[];
    const found = scripts.find(
      (one) => joined({ ...LAYER_SCRIPTS[one](layer), base: parts.base }) === joined(parts),
    );
    if (found !== undefined) return found;
  }
  return undefined;
}

export class Notation {
  /** What derivations write by themselves. */
  readonly signs: Signs;
  readonly indexBase: 0 | 1;
  readonly layers: LayerScript;
  /** What stands for the number of a layer in lines of all layers; no index is written so. */
  readonly layerLetter: string;
  /** What names and symbols are written with: no index letter is one of these. */
  protected readonly taken = new Set<string>();
  /** How names without subscripts of their own look. */
  private readonly looks = new Set<string>();
  /** The same of those that have entries: the number behind such a name is that of an entry. */
  private readonly withEntries = new Set<string>();
  /** By the look of entries, the name of the quantity whose entries look so. */
  private readonly entryLooks = new Map<string, string>();
  /** Names that would look like another name: they are written as they are. */
  private readonly plain = new Set<string>();
  /** Of the quantities that were written. */
  private readonly wholes = new Map<Quantity, SymbolParts>();
  private readonly entries = new Map<Quantity, SymbolParts>();

  /**
   * @param called names of the model
   * @param deltas quantities whose adjoints are written δ, with the numbers of their layers
   */
  constructor(
    options: NotationOptions = {},
    { called: names, hasLayers }: Names = NO_NAMES,
    protected readonly deltas: Deltas = new Map(),
  ) {
    this.indexBase = options.indexBase ?? 1;
    this.layers = options.layers ?? layersOfSymbols(names) ?? "superscript";
    if (options.rate !== undefined) this.taken.add(options.rate);
    const seen = new Set<string>();
    const letters = new Set<string>();
    // what the author chose stays: a name that looks like it is written as it is
    const chosenFirst = [...names].sort(
      (a, b) => Number(a.symbol === undefined) - Number(b.symbol === undefined),
    );
    for (const { name, symbol, axes } of chosenFirst) {
      const parts = symbol === undefined ? this.partsOf(name) : splitScripts(symbol);
      const looks = joined(parts);
      if (seen.has(looks)) this.plain.add(name);
      seen.add(looks);
      const light = lightLetter(parts.base);
      letters.add(parts.base);
      // entries of a bold e stay bold
      if (!CONSTANTS.has(light)) letters.add(light);
      if (parts.sub === undefined) this.looks.add(looks);
      if (parts.sub === undefined && axes > 0) this.withEntries.add(looks);
      for (const one of [name, parts.base, light]) this.taken.add(one);
      if (axes === 2) this.taken.add(light.toLowerCase());
      for (const one of [parts.sub, parts.sup].flatMap((script) => script?.split(",") ?? [])) {
        this.taken.add(one);
      }
    }
    this.layerLetter = layerLetter(names, this.taken);
    if (hasLayers) this.taken.add(this.layerLetter);
    this.signs = new Signs(letters);
    // the entries of a vector have no other letter that is usual: they come before those of matrices
    for (const axes of [1, 2]) {
      for (const one of names.filter((named) => named.axes === axes)) {
        const parts = this.wholeParts(one);
        if (parts.sub !== undefined) continue;
        const look = joined(this.lightest(one.name, parts, axes));
        if (!this.entryLooks.has(look)) this.entryLooks.set(look, one.name);
      }
    }
  }

  /** A quantity as a whole: W^{(1)}. */
  symbol(quantity: Quantity): string {
    return joined(this.parts(quantity));
  }

  /** The symbol taken apart. A symbol that the author gave is one piece where it has scripts. */
  parts(quantity: Quantity): SymbolParts {
    let known = this.wholes.get(quantity);
    if (!known) {
      const parts = this.wholeParts(quantity);
      const isOwn = quantity.symbol === undefined && !this.plain.has(quantity.name);
      known = isOwn && this.looksLikeEntry(parts) ? { ...parts, sub: `(${parts.sub!})` } : parts;
      this.wholes.set(quantity, known);
    }
    return known;
  }

  private wholeParts({ name, symbol }: Named): SymbolParts {
    if (symbol !== undefined) return splitScripts(symbol);
    return this.plain.has(name) ? { base: plainLatex(name) } : this.partsOf(name);
  }

  /** h_1 beside a vector h: it is written h_{(1)}, for h_1 is an entry of h. */
  private looksLikeEntry({ sub, ...whole }: SymbolParts): boolean {
    if (sub === undefined || !/^\d+$/.test(sub) || Number(sub) < this.indexBase) return false;
    return this.withEntries.has(joined(whole));
  }

  /** δ^{(2)}: the adjoint of a quantity, where it has a name of its own. */
  adjoint(of: Quantity): SymbolParts | undefined {
    if (!this.deltas.has(of)) return undefined;
    const layer = this.deltas.get(of);
    return { base: "\\delta", ...(layer === undefined ? {} : this.layerScript(layer)) };
  }

  /** The number of a layer, below or above what is of that layer. */
  layerScript(layer: string): Omit<SymbolParts, "base"> {
    return LAYER_SCRIPTS[this.layers](layer);
  }

  private partsOf(name: string): SymbolParts {
    const { word, layer, tail } = nameParts(name);
    const accented = accentLatex(word, tail[0]);
    const base = accented ?? wordLatex(word);
    const rest = accented === undefined ? tail : tail.slice(1);
    const subs = rest.map((piece) => (/^\d+$/.test(piece) ? piece : wordLatex(piece)));
    const { sub, sup } = layer === undefined ? {} : this.layerScript(layer);
    if (sub !== undefined) subs.unshift(sub);
    return {
      base: base === "" ? plainLatex(name) : base,
      ...(subs.length > 0 ? { sub: subs.join(",") } : {}),
      ...(sup === undefined ? {} : { sup }),
    };
  }

  /**
   * An entry of a quantity: w^{(1)}_{ij}. A matrix's one-letter symbol is small in its entries, and
   * a bold one light, unless that is another quantity or its entries. A symbol that has a subscript of its own
   * stands in brackets and keeps its letter: (W_1)_{ij}. What has one entry only is written as a
   * number.
   */
  entry(quantity: Quantity, indices: readonly string[]): string {
    return isWhole(quantity, indices)
      ? this.symbol(quantity)
      : indexed(this.entryParts(quantity), indices);
  }

  /** What stands before the indices of an entry. */
  entryParts(quantity: Quantity): SymbolParts {
    let known = this.entries.get(quantity);
    if (!known) {
      known = this.lightParts(quantity, this.parts(quantity));
      this.entries.set(quantity, known);
    }
    return known;
  }

  /** What stands before the indices of an entry of what is written so as a whole. */
  protected lightParts({ name, shape }: Quantity, parts: SymbolParts): SymbolParts {
    return parts.sub === undefined ? this.lightest(name, parts, shape.length) : parts;
  }

  /** As `parts`, in the smallest and lightest letter that no number, no other quantity and no entries of one have. */
  private lightest(name: string, parts: SymbolParts, axes: number): SymbolParts {
    const light = lightLetter(parts.base);
    const isFree = (look: string): boolean =>
      !this.looks.has(look) && (this.entryLooks.get(look) ?? name) === name;
    const bases = [...(axes === 2 ? [smallLetter(light)] : []), light];
    // e^{(1)}_{ij} would be a power of e, whatever stands above it
    const found = bases
      .filter((base) => !CONSTANTS.has(base))
      .map((base) => ({ ...parts, base }))
      .find((one) => isFree(joined(one)));
    return found ?? parts;
  }

  /** An entry of the adjoint of a quantity, where it has a name of its own: δ^{(2)}_i. */
  adjointEntry(of: Quantity, indices: readonly string[]): string | undefined {
    const parts = this.adjoint(of);
    return parts && (isWhole(of, indices) ? joined(parts) : indexed(parts, indices));
  }

  size(size: Size): string {
    return size.terms.length === 0
      ? "0"
      : size.terms
          .map(({ names, coefficient }, position) => {
            const magnitude = Math.abs(coefficient);
            const factors = [...new Set(names)]
              .map((name) =>
                powerLatex(wordLatex(name), names.filter((one) => one === name).length),
              )
              .join(" ");
            const number = magnitude === 1 && factors !== "" ? "" : `${magnitude}`;
            const sign = coefficient < 0 ? (position > 0 ? " - " : "-") : position > 0 ? " + " : "";
            return `${sign}${[number, factors].filter((text) => text !== "").join(" ")}`;
          })
          .join("");
  }

  /** An index as it is printed, from the first index of this notation. */
  index(index: Index, names: LetterNames): string {
    const terms = index.terms.map(({ letter, coefficient }): Summand => {
      const isNegative = (coefficient.constant ?? 0) < 0;
      const magnitude = isNegative ? Size.zero.minus(coefficient) : coefficient;
      const factor = magnitude.isOne ? "" : this.size(magnitude);
      const tex = `${factor.includes(" ") ? `(${factor})` : factor}${names.of(letter)}`;
      return { sign: isNegative ? "-" : "+", tex };
    });
    const summands = terms.sort((a, b) => Number(a.sign === "-") - Number(b.sign === "-"));
    // a letter counts from the base too: i + 3 stays i + 3, 2i becomes 2i − 1 when counted from 1
    const factors = index.terms.reduce(
      (total, term) => total + (term.coefficient.constant ?? 1),
      0,
    );
    const isShifted = index.terms.every((term) => term.coefficient.constant !== undefined);
    const shift = isShifted ? this.indexBase * (1 - factors) : 0;
    const constant = index.offset.constant;
    if (constant === undefined) summands.push({ sign: "+", tex: this.size(index.offset) });
    const value = (constant ?? 0) + shift;
    if (summands.length === 0) return `${value}`;
    if (value !== 0) summands.push({ sign: value > 0 ? "+" : "-", tex: `${Math.abs(value)}` });
    return signed(summands);
  }

  /** The last value of a letter: m, or m − 1 when counted from 0. */
  last(size: Size): string {
    if (this.indexBase === 1) return this.size(size);
    const constant = size.constant;
    return constant === undefined ? `${this.size(size)} - 1` : `${constant - 1}`;
  }

  /** `_{i=1}^{3}`: what a sum runs over. */
  sumRange(letter: Letter, names: LetterNames): string {
    return `_{${names.of(letter)}=${this.indexBase}}^{${this.last(letter.size)}}`;
  }

  /** `i = 1, \\dots, 3`: the values of a letter. */
  range(letter: Letter, names: LetterNames): string {
    const name = names.of(letter);
    const start = `${name} = ${this.indexBase}`;
    const last = this.last(letter.size);
    return letter.size.constant === 2 ? `${start}, ${last}` : `${start}, \\dots, ${last}`;
  }

  /**
   * What a node was printed as, for renderers that mark where things stand: they may append signs of
   * Unicode's private use areas, and nothing else.
   */
  mark(tex: string, _node: Expression | MatrixExpression): string {
    return tex;
  }

  /** The same for an entry of an array, its indices from 0. */
  markEntry(tex: string, _quantity: Quantity, _indices: readonly number[]): string {
    return tex;
  }

  /** New names for letters; none is a name of the model. */
  letters(): LetterNames {
    return new LetterNames(this.taken);
  }
}

/** Whether no index is written: there is none, or only one entry that could be meant. */
function isWhole({ shape }: Quantity, indices: readonly string[]): boolean {
  return indices.length === 0 || hasOneEntry(shape);
}
