/** How many units the layers have, and which indices run through those of which layer. */
import { layerName } from "../../derivation/layers.js";
import type { Side, Step } from "../../derivation/step.js";
import type { ReferenceNode } from "../../expression/expression.js";
import type { Index, Letter } from "../../expression/indices.js";
import { PerGraph } from "../../expression/per-graph.js";
import type { Quantity } from "../../expression/quantity.js";
import type { Size } from "../../expression/size.js";
import { references } from "../../expression/walk.js";
import type { Model } from "../../language/model.js";
import { enumerated, formula, said, type Sentence } from "../../language/sentence.js";

/** Where the units of layers are. */
export interface Widths {
  /** By the number of a layer; 0 is that of the input. */
  readonly sizes: ReadonlyMap<number, Size>;
  /** The layers along the axes of what has some, undefined along others, such as that of a batch. */
  readonly axes: ReadonlyMap<Quantity, readonly (number | undefined)[]>;
}

const known = new PerGraph(() => new Map<Model, { readonly widths: Widths | undefined }>());

/** Undefined where layers do not say it, or say different things. */
export function widthsOf(model: Model): Widths | undefined {
  const all = known.of(model.graph);
  let found = all.get(model);
  if (!found) all.set(model, (found = { widths: findWidths(model) }));
  return found.widths;
}

function findWidths({ definitions, params }: Model): Widths | undefined {
  const sizes = new Map<number, Size>();
  const axes = new Map<Quantity, (number | undefined)[]>();
  /** The axis of the units in what a layer computes. */
  const unitAxes = new Map<number, number>();
  const isAgreed = (layer: number, size: Size): boolean => {
    const before = sizes.get(layer);
    sizes.set(layer, size);
    return before === undefined || before.equals(size);
  };
  for (const { quantity, clauses } of definitions) {
    for (const { indices, body } of clauses) {
      for (const weights of references([body])) {
        const layer = layerOf(weights.quantity);
        if (!params.includes(weights.quantity) || layer === undefined) continue;
        const [first, second, ...others] = weights.indices.flatMap((index) => index.plain ?? []);
        if (!first || !second || others.length > 0) continue;
        const along = (one: Letter): number => indices.findIndex((index) => isAt(index, one));
        const places = [along(first), along(second)];
        const outer = places.findIndex((place) => place >= 0);
        // all of them are summed in a penalty, and none in what is put together of weights
        if (places.filter((place) => place >= 0).length !== 1) continue;
        const [to, from] = outer === 0 ? [first, second] : [second, first];
        if (!isAgreed(layer, to.size) || !isAgreed(layer - 1, from.size)) return undefined;
        axes.set(weights.quantity, outer === 0 ? [layer, layer - 1] : [layer - 1, layer]);
        if (layerOf(quantity) === layer) unitAxes.set(layer, places[outer]!);
        const alongUnits = (all: readonly Index[]): (number | undefined)[] =>
          all.map((index) => (isAt(index, to) ? layer : undefined));
        // an output without a number, and biases
        if (layerOf(quantity) === undefined) axes.set(quantity, alongUnits(indices));
        for (const { quantity: bias, indices: own } of references([body])) {
          if (params.includes(bias) && !axes.has(bias)) axes.set(bias, alongUnits(own));
        }
      }
    }
  }
  for (const { quantity } of definitions) {
    const layer = layerOf(quantity);
    const axis = layer === undefined ? undefined : unitAxes.get(layer);
    const size = axis === undefined ? undefined : quantity.shape[axis];
    if (layer === undefined || !size || sizes.get(layer)?.equals(size) !== true) continue;
    axes.set(
      quantity,
      quantity.shape.map((_, place) => (place === axis ? layer : undefined)),
    );
  }
  return sizes.size > 2 ? { sizes, axes } : undefined;
}

function isAt(index: Index, { key }: Letter): boolean {
  return index.plain?.key === key;
}

function layerOf({ name }: Quantity): number | undefined {
  const layer = layerName(name)?.layer;
  return layer === undefined ? undefined : Number(layer);
}

/** `n_l is the number of units of layer l: n_0 = 2, n_1 = 3 and n_2 = 2.` */
export function unitsSentence(
  { sizes }: Widths,
  { widthLetter, letter }: { readonly widthLetter: string; readonly letter: string },
): Sentence {
  const number = (of: string): Quantity => ({
    name: `${widthLetter}_${of}`,
    symbol: `${widthLetter}_{${of}}`,
    role: "input",
    shape: [],
  });
  const layer: Quantity = { name: "l", symbol: letter, role: "input", shape: [] };
  const each = [...sizes]
    .toSorted(([a], [b]) => a - b)
    .map(([of, size]) => formula(number(`${of}`), " = ", size));
  return said`${number(letter)} is the number of units of layer ${layer}: ${enumerated(each)}.`;
}

/** The layers that the letters of a line run through, by their keys; letters of several layers are left out. */
export function layersOfLetters(
  { left, right }: Step,
  { axes }: Widths,
): ReadonlyMap<string, number> {
  const found = new Map<string, number | undefined>();
  for (const reference of [left, right].flatMap(referencesOf)) {
    for (const [index, layer] of alongAxes(reference, axes)) {
      const key = index.plain?.key;
      if (key === undefined || layer === undefined) continue;
      found.set(key, found.has(key) && found.get(key) !== layer ? undefined : layer);
    }
  }
  return new Map([...found].flatMap(([key, layer]) => (layer === undefined ? [] : [[key, layer]])));
}

function referencesOf(side: Side): readonly ReferenceNode[] {
  return side.kind === "scalar" ? references([side.expression]) : [];
}

/** The indices of an entry with the layers along their axes; of a derivative those of both. */
function alongAxes(
  { quantity, indices }: ReferenceNode,
  axes: Widths["axes"],
): readonly (readonly [Index, number | undefined])[] {
  const { numerator, of, role } = quantity;
  const parts = role === "partial" && numerator && of ? [numerator, of] : [of ?? quantity];
  const layers = parts.flatMap((one) => axes.get(one) ?? one.shape.map(() => undefined));
  return indices.map((index, place) => [index, layers[place]]);
}
