/** Texts with the letters that run along their rows and columns: how parts of an expression are laid out together. */
import type { Letter } from "../../expression/indices.js";

/** The letters along the rows and the columns of what a text stands for. */
export interface Layout {
  readonly row?: Letter | undefined;
  readonly column?: Letter | undefined;
}

export interface Piece {
  readonly text: string;
  /** 0 for sums, 1 for products, 2 for what needs no brackets. */
  readonly binding: 0 | 1 | 2;
  /** Undefined where the text has no shape, as what has three letters. */
  readonly layout: Layout | undefined;
}

export function atom(text: string, layout: Layout | undefined): Piece {
  return { text, binding: 2, layout };
}

export function bracketed(piece: Piece): string {
  return piece.binding < 2 ? `(${piece.text})` : piece.text;
}

export function lettersOf({ row, column }: Layout): Letter[] {
  return [row, column].filter((one) => one !== undefined);
}

export function isFull(layout: Layout | undefined): layout is Required<Layout> {
  return layout?.row !== undefined && layout.column !== undefined;
}

export function isAlong(one: Letter | undefined, other: Letter | undefined): boolean {
  return one?.key === other?.key;
}

export function transposed(piece: Piece): Piece {
  const { row, column } = piece.layout!;
  const text = bracketed(piece);
  return atom(text.endsWith("'") ? text.slice(0, -1) : `${text}'`, { row: column, column: row });
}

/** The letters along which all parts can be laid out, with nothing but transposes; undefined where they cannot. */
export function commonLayout(pieces: readonly Piece[]): Layout | undefined {
  const layouts = pieces.map(({ layout }) => layout).filter((one) => one !== undefined);
  if (layouts.length < pieces.length) return undefined;
  const used = new Map(layouts.flatMap(lettersOf).map((one) => [one.key, one]));
  if (used.size > 2) return undefined;
  if (used.size < 2) {
    const [only] = used.values();
    const isColumn = (one: Layout): boolean => one.column !== undefined && !one.row;
    const some = layouts.filter((one) => lettersOf(one).length > 0);
    return some.length > 0 && some.every(isColumn) ? { column: only } : { row: only };
  }
  const full = layouts.filter(isFull);
  const [first] = full;
  const turned = full.filter(({ row }) => !isAlong(row, first!.row));
  // what stretches both its operands, as a column and a row do, is no expression of the language
  return 2 * turned.length > full.length ? turned[0] : first;
}

/** The piece along these letters: what has one of them only is stretched. */
export function along(piece: Piece, layout: Layout): Piece {
  const { row, column } = piece.layout!;
  const fits =
    (row === undefined || isAlong(row, layout.row)) &&
    (column === undefined || isAlong(column, layout.column));
  return fits ? piece : transposed(piece);
}

/** Parts that stand beside each other entry by entry, and how what is made of them is laid out. */
export function aligned(pieces: readonly Piece[]): {
  readonly pieces: readonly Piece[];
  readonly layout: Layout | undefined;
} {
  const layout = commonLayout(pieces);
  return { pieces: layout ? pieces.map((one) => along(one, layout)) : pieces, layout };
}
