/**
 * Sentences of derivations: plain text, in which the names of the model language stand for symbols.
 * Every format finds the names here, so that a sentence and its equations write them alike.
 */
import type { Quantity } from "../../expression/quantity.js";
import type { Model } from "../../language/model.js";
import type { Notation } from "../notation/notation.js";
import type { Prose } from "./prose.js";

/** A quantity, or an entry of it, that a sentence names. */
export interface Mention {
  /** As it stands in the sentence. */
  readonly text: string;
  readonly quantity: Quantity;
  /** Of the entry, from 0; none for the whole quantity. */
  readonly indices: readonly number[];
}

/** Words, a name, or a derivative such as ∂L/∂z2. */
export type SentencePiece =
  | { readonly kind: "words"; readonly text: string }
  | { readonly kind: "name"; readonly name: Mention }
  | { readonly kind: "derivative"; readonly of: Mention; readonly wrt: Mention };

/** English words that sentences use: as names of quantities they are marked only with an index. */
const WORDS = new Set("an as at be by do if in is it no of on or so to we and the".split(" "));
/** What stands behind a name and never behind the article. */
const BEHIND_NAMES =
  /^(?:$|[.,;:]| (?:is|are|acts|and|by|times|depends|moves|with|held|only|in|on)\b| [×−])/u;

const NAME = String.raw`([\p{L}_][\p{L}\p{N}_]*)(\[[\d, ]+\])?`;
const DERIVATIVE_OR_NAME = String.raw`\u2202${NAME}/\u2202${NAME}|(?<![\p{L}\p{N}_.])${NAME}`;

/** A text in pieces. What only looks like a name is words. */
export function sentencePieces(model: Model, text: string): SentencePiece[] {
  const pieces: SentencePiece[] = [];
  let end = 0;
  // read when it is needed: V8 puts the sets of letters together, and finds the expression again
  for (const match of text.matchAll(new RegExp(DERIVATIVE_OR_NAME, "gu"))) {
    const [whole, above, aboveIndex, below, belowIndex, name, index] = match;
    const next = match.index + whole.length;
    const piece = isWord(name, index, text.slice(next))
      ? undefined
      : pieceOf(mention(model, name, index), [
          mention(model, above, aboveIndex),
          mention(model, below, belowIndex),
        ]);
    if (!piece) continue;
    pieces.push({ kind: "words", text: text.slice(end, match.index) }, piece);
    end = next;
  }
  pieces.push({ kind: "words", text: text.slice(end) });
  return pieces.filter((piece) => piece.kind !== "words" || piece.text !== "");
}

function pieceOf(
  name: Mention | undefined,
  [of, wrt]: readonly [Mention | undefined, Mention | undefined],
): SentencePiece | undefined {
  if (name) return { kind: "name", name };
  return of && wrt && { kind: "derivative", of, wrt };
}

/** Whether a name is an English word, or a function's. */
function isWord(name: string | undefined, index: string | undefined, rest: string): boolean {
  if (name === undefined || index !== undefined) return false;
  const isArticle = /^a$/i.test(name) && !BEHIND_NAMES.test(rest);
  return isArticle || WORDS.has(name) || rest.startsWith("(");
}

function mention(
  model: Model,
  name: string | undefined,
  index: string | undefined,
): Mention | undefined {
  const quantity = name === undefined ? undefined : quantityOf(model, name);
  if (!quantity) return undefined;
  const numbers = index?.slice(1, -1).split(",") ?? [];
  return {
    text: `${name}${index ?? ""}`,
    quantity,
    indices: numbers.map((number) => Number(number) - 1),
  };
}

function quantityOf(model: Model, name: string): Quantity | undefined {
  return model.scope.get(name)?.quantity ?? auxiliariesOf(model).get(name);
}

const AUXILIARIES = new WeakMap<Model, ReadonlyMap<string, Quantity>>();

/** The parts of statements that the model does not name, by the names that they were given. */
function auxiliariesOf(model: Model): ReadonlyMap<string, Quantity> {
  let known = AUXILIARIES.get(model);
  if (!known) {
    const parts = model.definitions.filter(({ quantity }) => quantity.role === "auxiliary");
    known = new Map(parts.map(({ quantity }) => [quantity.name, quantity]));
    AUXILIARIES.set(model, known);
  }
  return known;
}

/** Sentences of a model in a notation, as a document has them. */
export class Sentences {
  constructor(
    private readonly model: Model,
    private readonly notation: Notation,
    readonly prose: Prose,
  ) {}

  typeset(sentence: string): string {
    const { text, inline } = this.prose;
    return sentencePieces(this.model, sentence)
      .map((piece) => (piece.kind === "words" ? text(piece.text) : inline(this.tex(piece))))
      .join("");
  }

  private tex(piece: Exclude<SentencePiece, { kind: "words" }>): string {
    if (piece.kind === "name") return this.symbol(piece.name);
    const { of, wrt } = piece;
    const indices = this.indices(wrt);
    const named =
      of.quantity === this.model.loss
        ? this.notation.adjointEntry(wrt.quantity, indices)
        : undefined;
    return named ?? `\\partial ${this.symbol(of)}/\\partial ${this.symbol(wrt)}`;
  }

  private symbol(name: Mention): string {
    return this.notation.entry(name.quantity, this.indices(name));
  }

  /** The loss is one number, whatever its declared shape. */
  private indices({ quantity, indices }: Mention): string[] {
    if (quantity === this.model.loss) return [];
    return indices.map((index) => `${index + this.notation.indexBase}`);
  }
}
