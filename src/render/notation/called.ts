/** What a model calls its quantities and sizes, as far as notation has to know. */
import { hasLayers } from "../../derivation/layers.js";
import type { Model } from "../../language/model.js";

/** A name, with the LaTeX symbol that its author gave. */
export interface Named {
  readonly name: string;
  readonly symbol?: string | undefined;
}

/** What a model calls its quantities and sizes. */
export interface Names {
  readonly called: readonly (Named & {
    /** 0 for sizes, too. */
    readonly axes: number;
    readonly isSize: boolean;
  })[];
  /** Whether its layers are written in general, with a letter for their number. */
  readonly hasLayers: boolean;
}

export const NO_NAMES: Names = { called: [], hasLayers: false };

export function namesOf(model: Model): Names {
  const called = [...model.scope].map(([name, { quantity }]) => ({
    name,
    symbol: quantity?.symbol,
    axes: quantity?.shape.length ?? 0,
    isSize: quantity === undefined,
  }));
  return { called, hasLayers: hasLayers(model) };
}

/** Letters for the number of a layer, in the order of preference. */
const LAYER_LETTERS = ["l", "\\ell", "\\lambda"] as const;

/** The letter for the number of a layer: no name of the model, and no letter that runs along a size. */
export function layerLetter(
  names: Names["called"],
  taken: { readonly has: (letter: string) => boolean },
): string {
  const running = names.filter((one) => one.isSize).map(({ name }) => name.toLowerCase());
  const isFree = (one: string): boolean => !taken.has(one) && !running.includes(one);
  return LAYER_LETTERS.find(isFree) ?? LAYER_LETTERS[0];
}
