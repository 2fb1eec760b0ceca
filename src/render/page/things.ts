/**
 * Stable ids: a weight, a factor or a path has one class wherever it stands on a page, in the
 * picture, the equations, the tables and the sentences.
 *
 *     t3       a quantity            t3-0-1   an entry of it, counted from 0
 *     f7       a factor ∂u/∂v        p4       a path
 *
 * An entry's id begins with that of its quantity, so that the script can relate the two.
 */
import type { Model } from "../../language/model.js";

/** All ids are of this form; KaTeX is allowed no other class. */
export const ID = /^(?:t\d+(?:-\d+)*|f\d+|p\d+)$/;

/** English words that sentences use: as names of quantities they are marked only with an index. */
const WORDS = new Set(
  "a A I an as at be by do if in is it no of on or so to we and the".split(" "),
);

/** A name in a sentence or a statement, with its id where it has one. */
export interface Mention {
  readonly text: string;
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

  /** The id of `W1` or `W1[2,1]`, as JSON names them. */
  named(name: string): string {
    const match = /^([^[\]]+)\[([\d,]+)\]$/u.exec(name);
    if (!match) return this.quantity(name);
    const indices = match[2]!.split(",").map((index) => Number(index) - 1);
    return this.entry(match[1]!, indices);
  }

  /** A text in pieces: names of quantities and entries with their ids, and what is between. */
  mentions(text: string): Mention[] {
    const pieces: Mention[] = [];
    let end = 0;
    for (const match of text.matchAll(
      /(?<![\p{L}\p{N}_.])([\p{L}_][\p{L}\p{N}_]*)(\[[\d, ]+\])?/gu,
    )) {
      const [whole, name = "", index] = match;
      if (!this.model.scope.get(name)?.quantity) continue;
      if (index === undefined && (WORDS.has(name) || text[match.index + whole.length] === "("))
        continue;
      pieces.push({ text: text.slice(end, match.index), id: undefined });
      pieces.push({ text: whole, id: this.named(`${name}${(index ?? "").replaceAll(" ", "")}`) });
      end = match.index + whole.length;
    }
    return [...pieces, { text: text.slice(end), id: undefined }];
  }
}

function numberOf(known: Map<string, number>, key: string): number {
  let found = known.get(key);
  if (found === undefined) known.set(key, (found = known.size));
  return found;
}
