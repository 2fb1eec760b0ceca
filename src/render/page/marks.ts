/** Equations with the places of the things in them. */
import type { Deltas } from "../../derivation/layers.js";
import type { Expression } from "../../expression/expression.js";
import type { Quantity } from "../../expression/quantity.js";
import type { MatrixExpression } from "../../forms/matrix/expression.js";
import { BETWEEN_LINES } from "../layout/lines.js";
import type { Names } from "../notation/called.js";
import { Notation, type NotationOptions } from "../notation/notation.js";
import type { Things } from "./things.js";

/** A piece of LaTeX that is a thing. */
export interface Mark {
  readonly start: number;
  readonly end: number;
  readonly id: string;
}

export interface MarkedTex {
  /** Plain LaTeX: what is copied. */
  readonly tex: string;
  /** Nested or apart, outer ones before inner ones. */
  readonly marks: readonly Mark[];
}

/** An equation as it stands beside the picture. */
export interface MarkedEquation extends MarkedTex {
  /** As it stands on a phone, where that is another way. */
  readonly narrow?: MarkedTex;
}

type Node = Expression | MatrixExpression;

/** First signs of the private use areas, and how many each has. */
const AREAS = [
  [0xe000, 6400],
  [0xf0000, 65_534],
  [0x100000, 65_534],
] as const;

/**
 * Appends one private sign to whatever stands for a thing; `read` finds the signs again. So the
 * printers need not know of pages, and what they print is the same to the letter.
 */
export class MarkedNotation extends Notation {
  /** Sums of paths: what each path's summand is. */
  readonly summands = new Map<Node, string>();
  private readonly noted: { readonly length: number; readonly id: string }[] = [];

  constructor(
    options: NotationOptions,
    names: Names,
    private readonly things: Things,
    deltas?: Deltas,
  ) {
    super(options, names, deltas);
  }

  override mark(tex: string, node: Node): string {
    return this.note(tex, this.summands.get(node) ?? this.idOf(node));
  }

  override markEntry(tex: string, quantity: Quantity, indices: readonly number[]): string {
    return this.note(tex, this.quantityId(quantity, indices));
  }

  private note(tex: string, id: string | undefined): string {
    const sign = id === undefined ? undefined : privateSign(this.noted.length);
    if (id === undefined || sign === undefined) return tex;
    this.noted.push({ length: tex.length, id });
    return tex + sign;
  }

  /** Takes the signs out of what was printed since the last call, in both of its layouts. */
  read(wide: string, narrow: string): MarkedEquation {
    const read = this.readLayout(wide);
    const equation = wide === narrow ? read : { ...read, narrow: this.readLayout(narrow) };
    this.noted.length = 0;
    return equation;
  }

  private readLayout(printed: string): MarkedTex {
    const breaks = Array.from(printed.matchAll(BETWEEN_LINES), ({ 0: { length }, index }) => ({
      at: index,
      size: length,
    }));
    const signs: { readonly at: number; readonly size: number }[] = [];
    /** A place without the signs before it. */
    const bare = (place: number): number =>
      signs.reduce((rest, { at, size }) => (at < place ? rest - size : rest), place);
    const found: Mark[] = [];
    let tex = "";
    let at = 0;
    for (const sign of printed) {
      const noted = this.noted[privateNumber(sign)];
      if (noted) {
        // breaks of lines were put in after the length was noted
        const from = breaks.reduceRight(
          (start, one) => (one.at > start - one.size && one.at < at ? start - one.size : start),
          at - noted.length,
        );
        found.push({ start: bare(from), end: tex.length, id: noted.id });
        signs.push({ at, size: sign.length });
      } else {
        tex += sign;
      }
      at += sign.length;
    }
    const marks = found.flatMap((mark) => onEachLine(tex, mark));
    marks.sort((a, b) => a.start - b.start || b.end - a.end);
    return { tex, marks };
  }

  private idOf(node: Node): string | undefined {
    switch (node.kind) {
      case "reference":
        return this.quantityId(
          node.quantity,
          node.indices.map(({ terms, offset }) => (terms.length > 0 ? undefined : offset.constant)),
        );
      case "quantity":
        return this.quantityId(node.quantity, []);
      case "transpose":
        return node.of.kind === "quantity" ? this.quantityId(node.of.quantity, []) : undefined;
      case "slice":
        return this.quantityId(
          node.quantity,
          node.axes.map((axis) => (axis.kind === "at" ? axis.index.constant : undefined)),
        );
      default:
        return undefined;
    }
  }

  /** A derivative of the loss is lit with what the loss is differentiated by. */
  private quantityId(
    { name, role, shape, numerator, of }: Quantity,
    indices: readonly (number | undefined)[],
  ): string {
    const isEntry = indices.length === shape.length && indices.every((one) => one !== undefined);
    const id = (quantity: Quantity, from: number): string =>
      isEntry
        ? this.things.entry(quantity.name, indices.slice(from, from + quantity.shape.length))
        : this.things.quantity(quantity.name);
    if (role === "partial" && numerator && of) {
      return this.things.factor(id(numerator, 0), id(of, numerator.shape.length));
    }
    return of ? id(of, 0) : isEntry ? this.things.entry(name, indices) : this.things.quantity(name);
  }
}

/** A thing that goes on in other lines, line by line: nothing can be marked across lines. */
function onEachLine(tex: string, { start, end, id }: Mark): Mark[] {
  const pieces: Mark[] = [];
  let from = start;
  for (const { 0: text, index } of [...tex.slice(start, end).matchAll(BETWEEN_LINES)]) {
    pieces.push({ start: from, end: start + index, id });
    from = start + index + text.length;
  }
  return [...pieces, { start: from, end, id }].filter((piece) =>
    isBalanced(tex.slice(piece.start, piece.end)),
  );
}

/** Whether groups and stretched brackets that are opened are closed. */
function isBalanced(tex: string): boolean {
  let depth = 0;
  for (const [token] of tex.matchAll(/\\left(?![a-z])|\\right(?![a-z])|\\.|[{}]/g)) {
    if (token === "{" || token === "\\left") depth++;
    if (token === "}" || token === "\\right") depth--;
    if (depth < 0) return false;
  }
  return depth === 0;
}

function privateSign(number: number): string | undefined {
  let rest = number;
  for (const [first, count] of AREAS) {
    if (rest < count) return String.fromCodePoint(first + rest);
    rest -= count;
  }
  return undefined;
}

/** −1 where a sign is not private. */
function privateNumber(sign: string): number {
  const code = sign.codePointAt(0)!;
  let before = 0;
  for (const [first, count] of AREAS) {
    if (code >= first && code < first + count) return before + code - first;
    before += count;
  }
  return -1;
}
