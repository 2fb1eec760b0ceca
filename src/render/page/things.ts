/**
 * Stable ids: a weight, a factor or a path has one class wherever it stands on a page, in the
 * picture, the equations, the tables and the sentences.
 *
 *     t3       a quantity            t3-0-1   an entry of it, counted from 0
 *     f7       a factor ∂u/∂v        p4       a path
 *
 * An entry's id begins with that of its quantity, so that the script can relate the two.
 */
import type { Entry } from "../../forms/paths.js";
import type { Model } from "../../language/model.js";
import { type Mention as Named, sentencePieces } from "../sentence.js";

/** All ids are of this form; KaTeX is allowed no other class. */
export const ID = /^(?:t\d+(?:-\d+)*|f\d+|p\d+)$/;

/** A name in a sentence or a statement, with its id where it has one. */
export interface Mention {
  readonly text: string;
  /** What is named. */
  readonly entry: Entry | undefined;
  readonly id: string | undefined;
}

export class Things {
  private readonly quantities = new Map<string, number>();
  private readonly factors = new Map<string, number>();
  private paths = 0;

  constructor(private readonly model: Model) {}

  quantity(name: string): string {
    return `t${numberOf(this.quantities, name)}`;
  }

  /**
   * The loss is one number, whatever its declared shape.
   * @param indices from 0
   */
  entry(name: string, indices: readonly number[]): string {
    if (name === this.model.loss.name) return this.quantity(name);
    return [this.quantity(name), ...indices].join("-");
  }

  /** The derivative of one quantity or entry by another, both given by their ids. */
  factor(of: string, wrt: string): string {
    return `f${numberOf(this.factors, `${of}/${wrt}`)}`;
  }

  /** A new path. */
  path(): string {
    return `p${this.paths++}`;
  }

  /** A text in pieces: names of quantities and entries with their ids, and what is between. */
  mentions(text: string): Mention[] {
    return sentencePieces(this.model, text).flatMap((piece): Mention[] => {
      switch (piece.kind) {
        case "words":
          return [{ text: piece.text, entry: undefined, id: undefined }];
        case "name":
          return [this.mention(piece.name)];
        case "derivative":
          return [
            { text: "∂", entry: undefined, id: undefined },
            this.mention(piece.of),
            { text: "/∂", entry: undefined, id: undefined },
            this.mention(piece.wrt),
          ];
      }
    });
  }

  private mention({ text, quantity, indices }: Named): Mention {
    return { text, entry: { quantity, indices }, id: this.entry(quantity.name, indices) };
  }
}

function numberOf(known: Map<string, number>, key: string): number {
  let found = known.get(key);
  if (found === undefined) known.set(key, (found = known.size));
  return found;
}
