/**
 * Sentences about a model: words, and among them formulas of its quantities, which every format
 * writes as its equations do. What is a name and what a word is known where the sentence is made.
 */
import type { Quantity } from "../expression/quantity.js";
import type { Equation, Operation } from "../expression/operations/operation.js";
import { Size, sizeText } from "../expression/size.js";
import { entryName } from "./words.js";

/** A quantity, or an entry of it. */
export interface Mention {
  readonly quantity: Quantity;
  /** Of the entry, from 0; none for the whole quantity. */
  readonly indices: readonly number[];
}

/** Signs of formulas in sentences, as they stand in plain text. */
export type Sign = " + " | " − " | "×" | "/" | " = " | "(" | ")" | "1[…]";

/** A function at letters, and the equation that defines it, where there is one. */
export interface FunctionAtom {
  readonly kind: "function";
  readonly operation: Operation;
  readonly equation: Equation | undefined;
  /** Those of its meaning, or others that are free. */
  readonly letters: readonly string[];
  /** How many of them are operands. */
  readonly operands: number;
  /** Whether the function is what the equation ends in. */
  readonly isTurned?: boolean;
}

/** What a formula in a sentence is made of. */
export type Atom =
  | { readonly kind: "sign"; readonly sign: Sign }
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "size"; readonly size: Size }
  | { readonly kind: "name"; readonly name: Mention }
  /** A function at some letters; and where an equation defines it, this equation. */
  | FunctionAtom
  | DefinitionAtom
  | {
      readonly kind: "derivative";
      readonly of: Mention;
      readonly wrt: Mention;
      /** Its own name in plain text, where it has one. */
      readonly called?: string;
    };

/** One side of the equation that defines a quantity. */
export interface DefinitionAtom {
  readonly kind: "definition";
  readonly quantity: Quantity;
  readonly side: "left" | "right";
  /** Whether it is about an entry or about all of them as matrices. */
  readonly of: "entry" | "whole";
  /** In the model language. */
  readonly text: string;
}

/** What is written as it stands. */
export type PlainPiece =
  | { readonly kind: "words"; readonly text: string }
  | { readonly kind: "formula"; readonly atoms: readonly Atom[] }
  /** Another part of the document, by its title. */
  | { readonly kind: "part"; readonly title: string };

export type SentencePiece =
  | PlainPiece
  /** What whoever reads from the beginning need not be told again. */
  | { readonly kind: "remark"; readonly pieces: readonly PlainPiece[] };

/** What stands for itself in a sentence or a formula. */
type Inline = Quantity | Size | Atom;

/** What a sentence is put together from. */
export type SentencePart = string | number | Inline | SentencePiece | Sentence;

export class Sentence {
  /** No two pieces of words stand beside each other. */
  readonly pieces: readonly SentencePiece[];

  constructor(pieces: readonly SentencePiece[]) {
    const own: SentencePiece[] = [];
    for (const piece of pieces) {
      if (piece.kind === "words" && piece.text === "") continue;
      const before = own.at(-1);
      if (piece.kind !== "words" || before?.kind !== "words") own.push(piece);
      else own[own.length - 1] = { kind: "words", text: before.text + piece.text };
    }
    this.pieces = own;
  }

  /** In plain text, quantities and sizes by their names in the model language. */
  get text(): string {
    return this.pieces.map(pieceText).join("");
  }

  /** The same with other atoms in its formulas. */
  withAtoms(other: (atom: Atom) => Atom): Sentence {
    return new Sentence(
      this.pieces.map((piece) =>
        piece.kind === "formula" ? { ...piece, atoms: piece.atoms.map(other) } : piece,
      ),
    );
  }

  /**
   * What is written of it: without remarks that were made before, unless nothing else would be left.
   * @param told remarks by their texts, which grow; left out where every sentence stands for itself
   */
  written(told = new Set<string>()): readonly PlainPiece[] {
    const news = this.pieces.filter((one) => one.kind !== "remark" || !told.has(pieceText(one)));
    const isSomething = news.some((one) => pieceText(one).trim() !== "");
    const kept = isSomething ? news : this.pieces;
    for (const one of kept) if (one.kind === "remark") told.add(pieceText(one));
    const plain = kept.flatMap((one) => (one.kind === "remark" ? one.pieces : [one]));
    return kept.length < this.pieces.length ? withSpacesClosed(plain) : plain;
  }
}

/** Pieces between which others were left out: one space where two would meet, none at the ends. */
function withSpacesClosed(pieces: readonly PlainPiece[]): readonly PlainPiece[] {
  const closed: PlainPiece[] = [];
  for (const piece of pieces) {
    const before = closed.at(-1);
    if (piece.kind !== "words" || before?.kind !== "words") closed.push(piece);
    else closed[closed.length - 1] = { kind: "words", text: before.text + piece.text };
  }
  return closed.map((piece, place) => {
    if (piece.kind !== "words") return piece;
    let text = piece.text.replaceAll(/ {2,}/g, " ");
    if (place === 0) text = text.trimStart();
    if (place === closed.length - 1) text = text.trimEnd();
    return { kind: "words", text };
  });
}

/** A sentence with quantities, sizes, formulas and other sentences in it: said`${a} is ${b}.` */
export function said(words: TemplateStringsArray, ...parts: readonly SentencePart[]): Sentence {
  const pieces: SentencePiece[] = [];
  for (const [position, text] of words.entries()) {
    pieces.push({ kind: "words", text });
    if (position < parts.length) pieces.push(...piecesOf(parts[position]!));
  }
  return new Sentence(pieces);
}

/** Parts beside each other as one formula, `1/N`. */
export function formula(...parts: readonly (Sign | number | Inline)[]): SentencePiece {
  return { kind: "formula", atoms: parts.map(atomOf) };
}

/** An entry, its indices counted from 0. */
export function entryAtom(quantity: Quantity, indices: readonly number[]): Atom {
  return { kind: "name", name: { quantity, indices } };
}

/**
 * ∂of/∂wrt
 * @param called its own name in plain text
 */
export function derivativeAtom(of: Quantity, wrt: Quantity, called?: string): Atom {
  return {
    kind: "derivative",
    of: whole(of),
    wrt: whole(wrt),
    ...(called === undefined ? {} : { called }),
  };
}

/** A reference to another part of the document. */
export function titled(title: string): SentencePiece {
  return { kind: "part", title };
}

/** A sentence that a document has once: what a sign means, or how something is written. */
export function remark(sentence: Sentence): Sentence {
  return new Sentence([{ kind: "remark", pieces: sentence.written() }]);
}

/** Sentences one after the other. */
export function joined(sentences: readonly Sentence[]): Sentence {
  return between(sentences, " ");
}

/** `a`, `a and b`, `a, b and c`. */
export function enumerated(parts: readonly SentencePart[]): Sentence {
  const last = parts.at(-1);
  if (last === undefined || parts.length === 1) return between(parts, "");
  return said`${between(parts.slice(0, -1), ", ")} and ${last}`;
}

/** `a, b, c`: as it stands before "and others". */
export function separated(parts: readonly SentencePart[], separator = ", "): Sentence {
  return between(parts, separator);
}

/** Every sentence once, by what it says. */
export function distinct(sentences: readonly Sentence[]): Sentence[] {
  const each = [...new Set(sentences)];
  if (each.length < 2) return each;
  return [...new Map(each.map((one) => [one.text, one])).values()];
}

/** With a capital letter, unless a quantity begins it: names keep their letters. */
export function capitalised({ pieces: [first, ...rest] }: Sentence): Sentence {
  if (first?.kind !== "words") return new Sentence(first ? [first, ...rest] : []);
  const text = first.text.charAt(0).toUpperCase() + first.text.slice(1);
  return new Sentence([{ kind: "words", text }, ...rest]);
}

function between(parts: readonly SentencePart[], separator: string): Sentence {
  const pieces: SentencePiece[] = [];
  for (const [position, part] of parts.entries()) {
    if (position > 0) pieces.push({ kind: "words", text: separator });
    pieces.push(...piecesOf(part));
  }
  return new Sentence(pieces);
}

function piecesOf(part: SentencePart): readonly SentencePiece[] {
  if (typeof part === "string" || typeof part === "number") {
    return [{ kind: "words", text: `${part}` }];
  }
  if (part instanceof Sentence) return part.pieces;
  return [isPiece(part) ? part : formula(part)];
}

function isPiece(part: Inline | SentencePiece): part is SentencePiece {
  return "kind" in part && ["words", "formula", "part", "remark"].includes(part.kind);
}

function atomOf(part: Sign | number | Inline): Atom {
  if (typeof part === "string") return { kind: "sign", sign: part };
  if (typeof part === "number") return { kind: "number", value: part };
  if (part instanceof Size) return { kind: "size", size: part };
  return "role" in part ? { kind: "name", name: whole(part) } : part;
}

function whole(quantity: Quantity): Mention {
  return { quantity, indices: [] };
}

function pieceText(piece: SentencePiece): string {
  if (piece.kind === "words") return piece.text;
  if (piece.kind === "remark") return piece.pieces.map(pieceText).join("");
  return piece.kind === "part" ? `“${piece.title}”` : piece.atoms.map(atomText).join("");
}

function atomText(atom: Atom): string {
  switch (atom.kind) {
    case "sign":
      return atom.sign;
    case "function":
      return functionText(atom);
    case "definition":
      return atom.text;
    case "number":
      return `${atom.value}`;
    case "size":
      return sizeText(atom.size);
    case "name":
      return mentionText(atom.name);
    case "derivative":
      return atom.called ?? `∂${mentionText(atom.of)}/∂${mentionText(atom.wrt)}`;
  }
}

/** `relu(u) = max(0, u)` in plain text. */
export function functionText(atom: FunctionAtom): string {
  const { operation, equation, letters, operands, isTurned } = atom;
  const name = operation.meaning?.sign ?? operation.name;
  const sides = [`${name}(${letters.slice(0, operands).join(", ")})`];
  if (equation) sides.push(equation.text(...letters));
  return (isTurned === true ? sides.toReversed() : sides).join(" = ");
}

function mentionText({ quantity, indices }: Mention): string {
  return entryName(quantity.name, indices);
}
