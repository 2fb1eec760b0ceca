/**
 * Expressions in the model language, for sentences: `a1 .* (1 - a1)`. Letters are left out where they only run along
 * the axes, so every part is laid out first: it is transposed where another part has its letters the other way
 * around, a letter that is summed becomes a product of matrices, and one that stands twice a diagonal.
 */
import type { Fraction } from "fraction.js";
import type {
  ApplyNode,
  DeltaNode,
  Expression,
  ProductNode,
  ReduceNode,
  ReferenceNode,
  SumNode,
} from "../../expression/expression.js";
import type { Index, Letter } from "../../expression/indices.js";
import { postorder } from "../../expression/walk.js";
import { Size } from "../../expression/size.js";
import { unbracketed } from "../../language/print.js";
import {
  along,
  aligned,
  atom,
  bracketed,
  isAlong,
  isFull,
  type Layout,
  lettersOf,
  type Piece,
  transposed,
} from "./layout.js";

/** Longer texts are cut. */
const LONGEST = 80;

type Pieces = (child: Expression) => Piece;
type Factor = ProductNode["factors"][number];

const NUMBER: Layout = {};

/** `a1 .* (1 - a1)` */
export function modelText(root: Expression): string {
  const { text } = laidOut(root)(root);
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}

/**
 * A sum, or another reduction, by another name: `mean(A, 2)`.
 * @param letters those of a sum over everything that are meant
 * @returns undefined for the sum in a product of matrices, which has no name
 */
export function reducedText(
  node: ReduceNode,
  name: string,
  letters: readonly Letter[],
): string | undefined {
  const of = laidOut(node);
  const whole = wholeBody(node, of);
  const [only, ...others] = letters;
  if (whole && only && others.length === 0) return alongPiece(name, of(whole), only).text;
  return of(whole ?? node.body).layout && reducedPiece(node, of, name).text;
}

function laidOut(root: Expression): Pieces {
  const pieces = new Map<Expression, Piece>();
  const of = (child: Expression): Piece => pieces.get(child)!;
  for (const node of postorder([root], (one: Expression) => one.children)) {
    const piece = write(node, of);
    const text = piece.text.length > 2 * LONGEST ? "…" : piece.text;
    pieces.set(node, { ...piece, text });
  }
  return of;
}

function write(node: Expression, of: Pieces): Piece {
  switch (node.kind) {
    case "number":
      return numberPiece(node.value);
    case "size":
      return sizePiece(node.size);
    case "constant":
      return atom(node.name, NUMBER);
    case "reference":
      return referencePiece(node);
    case "delta":
      return deltaPiece(node);
    case "sum":
      return sumPiece(node, of);
    case "product":
      return productPiece(node, of);
    case "apply":
      return applyPiece(node, of);
    case "reduce":
      return contractionPiece(node, of) ?? reducedPiece(node, of);
  }
}

// ————— leaves —————

function numberPiece(value: Fraction): Piece {
  const decimal = `${Number(value.valueOf().toPrecision(12))}`;
  const [exact, fraction] = [`${value.valueOf()}`, value.toFraction()];
  const shortest = exact.length < fraction.length ? exact : fraction;
  const text = value.d === 1n ? exact : decimal.length <= 6 ? decimal : shortest;
  return { text, binding: text.startsWith("-") || text.includes("/") ? 1 : 2, layout: NUMBER };
}

function sizePiece(size: Size): Piece {
  const text = size.toString();
  return { text, binding: size.terms.length > 1 ? 0 : text.includes("*") ? 1 : 2, layout: NUMBER };
}

/** `a1`, `W[:, 2]`, `a1[1:2:5]`: positions are written where they are not all entries of all axes. */
function referencePiece({ quantity, indices }: ReferenceNode): Piece {
  const { name, shape } = quantity;
  const [row, column] = indices.map(({ plain }) => plain);
  if (row && column && row.key === column.key && isWhole(indices, shape)) {
    return atom(`diag(${name})`, { row });
  }
  const positions = indices.map((index, axis) => positionText(index, shape[axis]!));
  const isPart = positions.some((text, axis) => text !== ":" && !shape[axis]!.isOne);
  const isKnown = indices.every(({ terms }) => terms.length <= 1);
  const letters = indices.map(({ letters: [only] }) => only);
  if (!isPart) return atom(name, isKnown ? { row: letters[0], column: letters[1] } : undefined);
  // an axis at one place is none any more
  const [first, second] = letters.filter((one) => one !== undefined);
  const layout = isKnown && (!first || first.key !== second?.key);
  return atom(
    `${name}[${positions.join(", ")}]`,
    layout ? { row: first, column: second } : undefined,
  );
}

function isWhole(indices: readonly Index[], shape: readonly Size[]): boolean {
  return indices.every((index, axis) => positionText(index, shape[axis]!) === ":");
}

/**
 * Where an index runs along an axis, counted from 1: one place, a slice, or `:` for the whole axis. An index of
 * several letters, as windows and Kronecker products have, comes to every place.
 */
function positionText({ offset, terms }: Index, axis: Size): string {
  const start = offset.plus(Size.one);
  const [term] = terms;
  if (!term) return start.toString();
  if (terms.length > 1) return ":";
  const { coefficient: step, letter } = term;
  const reach = step.times(letter.size.minus(Size.one));
  if (step.isOne && start.isOne && letter.size.equals(axis)) return ":";
  const ends = [start, ...(step.isOne ? [] : [step]), start.plus(reach)];
  return ends.map((end) => end.toString()).join(":");
}

function deltaPiece({ indices }: DeltaNode): Piece {
  const [row, column] = indices.map(({ plain }) => plain);
  if (!row || !column || !row.size.equals(column.size)) return atom("identity", undefined);
  return atom(`identity(${row.size.toString()})`, { row, column });
}

// ————— entry by entry —————

function sumPiece({ constant, terms }: SumNode, of: Pieces): Piece {
  const { pieces, layout } = aligned(terms.map(({ term }) => of(term)));
  const summands = terms.map(({ coefficient }, position) => {
    const magnitude = coefficient.abs();
    const piece = pieces[position]!;
    const inner = piece.binding === 0 ? `(${piece.text})` : piece.text;
    const text = magnitude.equals(1) ? inner : `${bracketed(numberPiece(magnitude))} * ${inner}`;
    return { negative: coefficient.s < 0n, text };
  });
  if (constant.n !== 0n) {
    summands.unshift({ negative: constant.s < 0n, text: numberPiece(constant.abs()).text });
  }
  summands.sort((a, b) => Number(a.negative) - Number(b.negative));
  const text = summands
    .map(
      (one, k) => (k === 0 ? (one.negative ? "-" : "") : one.negative ? " - " : " + ") + one.text,
    )
    .join("");
  return { text, binding: 0, layout };
}

function productPiece({ coefficient, factors }: ProductNode, of: Pieces): Piece {
  const number = bracketed(numberPiece(coefficient.abs()));
  const outer = outerPiece(factors, of);
  const piece = outer ? withNumber(number, outer.text, outer) : factorsPiece(factors, of, number);
  return { ...piece, text: coefficient.s < 0n ? `-${piece.text}` : piece.text, binding: 1 };
}

function withNumber(number: string, text: string, { layout }: Piece): Piece {
  return { text: number === "1" ? text : `${number} * ${text}`, binding: 1, layout };
}

/** Factors beside each other, and divisors behind them. */
function factorsPiece(all: readonly Factor[], of: Pieces, number?: string): Piece {
  const factors = rowsLast(all, of);
  const { pieces, layout } = aligned(factors.map(({ base }) => of(base)));
  const [only] = pieces;
  if (factors.length === 1 && factors[0]!.exponent === 1) {
    return number === undefined ? only! : withNumber(number, bracketed(only!), only!);
  }
  const over: string[] = [];
  const under: string[] = [];
  for (const [position, { exponent }] of factors.entries()) {
    const text = bracketed(pieces[position]!);
    const power = Math.abs(exponent);
    (exponent > 0 ? over : under).push(power === 1 ? text : `${text}.^${power}`);
  }
  const whole = over.join(" .* ");
  const isPlain = number === undefined || number === "1";
  const first = isPlain ? whole || "1" : whole ? `${number} * ${whole}` : number;
  return { text: [first, ...under].join(" ./ "), binding: 1, layout };
}

/** A row behind the matrix that it stretches along: beside a column both would be stretched. */
function rowsLast(factors: readonly Factor[], of: Pieces): readonly Factor[] {
  const { pieces, layout } = aligned(factors.map(({ base }) => of(base)));
  if (!isFull(layout)) return factors;
  const isRow = (k: number): boolean => {
    const own = pieces[k]!.layout!;
    return own.column !== undefined && !own.row;
  };
  const isColumn = (k: number): boolean => {
    const own = pieces[k]!.layout!;
    return own.row !== undefined && !own.column;
  };
  const places = [...factors.keys()];
  if (!places.some(isRow) || !places.some(isColumn)) return factors;
  return places.toSorted((a, b) => Number(isRow(a)) - Number(isRow(b))).map((k) => factors[k]!);
}

/** `u * v'`: a column times a row, as nothing else stretches both. */
function outerPiece(factors: readonly Factor[], of: Pieces): Piece | undefined {
  const letters = new Map<string, Letter>();
  for (const { base } of factors) {
    const { layout } = of(base);
    if (!layout || isFull(layout)) return undefined;
    for (const one of lettersOf(layout)) letters.set(one.key, one);
  }
  if (letters.size !== 2) return undefined;
  const isColumn = (one: Letter): boolean =>
    factors.some(({ base }) => isAlong(of(base).layout?.column, one));
  const [first, second] = letters.values();
  const [row, column] =
    isColumn(first!) && !isColumn(second!) ? [second!, first!] : [first!, second!];
  const hasLetter =
    (letter: Letter) =>
    ({ base }: Factor): boolean =>
      lettersOf(of(base).layout!).some(({ key }) => key === letter.key);
  const left = factorsPiece(
    factors.filter((one) => !hasLetter(column)(one)),
    of,
  );
  const right = factorsPiece(factors.filter(hasLetter(column)), of);
  return timesPiece(along(left, { row }), along(right, { column }), { row, column });
}

function timesPiece(left: Piece, right: Piece, layout: Layout): Piece {
  return { text: `${bracketed(left)} * ${bracketed(right)}`, binding: 1, layout };
}

function applyPiece({ operation: { name }, children }: ApplyNode, of: Pieces): Piece {
  const { pieces, layout } = aligned(children.map(of));
  if (/^\w/.test(name)) {
    return atom(`${name}(${pieces.map(({ text }) => unbracketed(text)).join(", ")})`, layout);
  }
  return { text: pieces.map(bracketed).join(` ${name} `), binding: 0, layout };
}

// ————— sums over letters —————

/** `sum(A)`, `sum(A, 2)`: a reduction over all entries, or along one axis. */
function reducedPiece(node: ReduceNode, of: Pieces, name: string = node.reduction): Piece {
  const whole = wholeBody(node, of);
  const piece = of(whole ?? node.body);
  if (!whole && isFull(piece.layout)) return alongPiece(name, piece, node.letter);
  const isOver = piece.layout && lettersOf(piece.layout).every((one) => !isFree(node, one));
  return atom(`${name}(${unbracketed(piece.text)})`, isOver ? NUMBER : undefined);
}

function alongPiece(name: string, { text, layout }: Piece, letter: Letter): Piece {
  const { row, column } = layout!;
  const isDown = isAlong(row, letter);
  return atom(`${name}(${unbracketed(text)}, ${isDown ? 1 : 2})`, { row: isDown ? column : row });
}

function isFree({ free }: Expression, letter: Letter): boolean {
  return free.some(({ key }) => key === letter.key);
}

/** What a reduction that goes on in its body is of: sum(A) is over all entries. */
function wholeBody({ reduction, body, free }: ReduceNode, of: Pieces): Expression | undefined {
  if (free.length > 0 || body.kind !== "reduce" || body.reduction !== reduction) return undefined;
  return isFull(of(body.body).layout) ? body.body : undefined;
}

/** `W * (r .* h)`, `A * B'`, `dot(u, v)`; undefined for what is no product of matrices and vectors. */
function contractionPiece({ reduction, letter, body }: ReduceNode, of: Pieces): Piece | undefined {
  if (reduction !== "sum" || body.kind !== "product" || !body.coefficient.equals(1)) {
    return undefined;
  }
  const vectors: Factor[] = [];
  // factors with the same other letter are one matrix
  const groups = new Map<string, Factor[]>();
  for (const factor of body.factors) {
    const others = factor.base.free.filter(({ key }) => key !== letter.key);
    const [other, ...more] = others;
    if (more.length > 0 || others.length === factor.base.free.length) return undefined;
    if (!other) vectors.push(factor);
    else groups.set(other.key, [...(groups.get(other.key) ?? []), factor]);
  }
  const [first, second, ...more] = groups.values();
  if (more.length > 0) return undefined;
  if (!first) return dotPiece(vectors, of);
  if (second) return matrixProduct(first, second, vectors, letter, of);
  // divisors alone are no vector to multiply by
  if (!vectors.some(({ exponent }) => exponent > 0)) return undefined;
  const [left, right] = [facing(factorsPiece(first, of), letter), factorsPiece(vectors, of)];
  if (!left || !right.layout) return undefined;
  return timesPiece(left, along(right, { row: letter }), { row: left.layout!.row });
}

function matrixProduct(
  first: readonly Factor[],
  second: readonly Factor[],
  vectors: readonly Factor[],
  letter: Letter,
  of: Pieces,
): Piece | undefined {
  const isLast = (group: readonly Factor[]): boolean =>
    isAlong(factorsPiece(group, of).layout?.column, letter);
  const [one, other] = !isLast(first) && isLast(second) ? [second, first] : [first, second];
  const left = facing(factorsPiece([...one, ...vectors], of), letter);
  const right = facing(factorsPiece(other, of), letter);
  if (!left || !right) return undefined;
  return timesPiece(left, transposed(right), { row: left.layout!.row, column: right.layout!.row });
}

/** A matrix with the letter along its columns. */
function facing(piece: Piece, letter: Letter): Piece | undefined {
  if (!isFull(piece.layout)) return undefined;
  return isAlong(piece.layout.column, letter) ? piece : transposed(piece);
}

function dotPiece(vectors: readonly Factor[], of: Pieces): Piece | undefined {
  const [u, v, ...more] = vectors;
  if (!u || !v || more.length > 0 || u.exponent !== 1 || v.exponent !== 1) return undefined;
  return atom(`dot(${of(u.base).text}, ${of(v.base).text})`, NUMBER);
}
