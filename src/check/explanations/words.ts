/** Expressions in the model language, entry by entry: for sentences, never parsed again. */
import type { Fraction } from "fraction.js";
import type {
  Expression,
  ProductNode,
  ReduceNode,
  ReferenceNode,
  SumNode,
} from "../../expression/expression.js";
import type { Index, Letter } from "../../expression/indices.js";
import type { Quantity } from "../../expression/quantity.js";
import { Size } from "../../expression/size.js";
import { postorder, references } from "../../expression/walk.js";
import type { Model } from "../../language/model.js";
import { unbracketed } from "../../language/print.js";

/** Longer texts are cut. */
const LONGEST = 80;

interface Piece {
  readonly text: string;
  /** 0 for sums, 1 for products, 2 for what needs no brackets. */
  readonly binding: 0 | 1 | 2;
}

/** A shape in words, from the lengths of its axes: `a number`, `a list of 3`, `3×4`. */
export function lengthsText(lengths: readonly number[]): string {
  if (lengths.length === 0) return "a number";
  return lengths.length === 1 ? `a list of ${lengths[0]!}` : lengths.join("×");
}

/** The name of ∂loss/∂quantity in sentences. */
export function adjointName({ name }: Pick<Quantity, "name">): string {
  return `d${whole(name)}`;
}

/** `∂a1/∂z1`: a partial derivative in sentences. */
export function partialText(of: Quantity, by: Quantity): string {
  return `∂${whole(of.name)}/∂${whole(by.name)}`;
}

/** `∂L/∂z2`. */
export function derivativeText(
  { loss }: Pick<Model, "loss">,
  { name }: Pick<Quantity, "name">,
): string {
  return `∂${loss.name}/∂${whole(name)}`;
}

/** What is no name, in brackets. */
function whole(name: string): string {
  return /[([]/.test(name) && unbracketed(name) === name ? `(${name})` : name;
}

/** The name of the statement that claims a derivative. */
export function claimName(model: Model, { name }: Quantity): string {
  return model.scope.has(`d${name}`) ? `grad_${name}` : `d${name}`;
}

/** `a1 .* (1 - a1)`: indices are left out where they only run along the axes. */
export function modelText(root: Expression): string {
  const pieces = new Map<Expression, Piece>();
  for (const node of postorder([root], (one: Expression) => one.children)) {
    const piece = write(node, (child) => pieces.get(child)!);
    const text = piece.text.length > 2 * LONGEST ? "…" : piece.text;
    pieces.set(node, { ...piece, text });
  }
  const { text } = pieces.get(root)!;
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}

function write(node: Expression, of: (child: Expression) => Piece): Piece {
  const atom = (text: string): Piece => ({ text, binding: 2 });
  switch (node.kind) {
    case "number":
      return numberPiece(node.value);
    case "size":
      return atom(node.size.toString());
    case "constant":
      return atom(node.name);
    case "reference":
      return atom(referenceText(node));
    case "delta":
      return atom("identity");
    case "sum":
      return sumPiece(node, of);
    case "product":
      return productPiece(node, of);
    case "apply": {
      const args = node.children.map(of);
      const { name } = node.operation;
      if (/^\w/.test(name)) {
        return atom(`${name}(${args.map(({ text }) => unbracketed(text)).join(", ")})`);
      }
      return { text: args.map(bracketed).join(` ${name} `), binding: 0 };
    }
    case "reduce":
      return (
        contractionPiece(node, of) ??
        (isWhole(node)
          ? atom(`${node.reduction}(${of(innermost(node)).text})`)
          : atom(reducedText(node, of(node.body).text)))
      );
  }
}

/** `a1`, `W[:, 2]`, `a1[1:2:5]`: positions are written where they are not all entries of all axes. */
function referenceText({ quantity, indices }: ReferenceNode): string {
  const positions = indices.map((index, axis) => positionText(index, quantity.shape[axis]!));
  const isPart = positions.some((text, axis) => text !== ":" && !quantity.shape[axis]!.isOne);
  return isPart ? `${quantity.name}[${positions.join(", ")}]` : quantity.name;
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

/** Whether a reduction goes over the rest of what another one has begun: sum(A) is over all entries. */
function isWhole({ reduction, body, free }: ReduceNode): boolean {
  return free.length === 0 && body.kind === "reduce" && body.reduction === reduction;
}

function reducedText(node: ReduceNode, text: string): string {
  return node.free.length > 0 ? alongText(node, text) : `${node.reduction}(${text})`;
}

/** What a reduction that goes on in its body is of. */
export function innermost(node: ReduceNode): Expression {
  const { body, reduction } = node;
  return body.kind === "reduce" && body.reduction === reduction ? innermost(body) : body;
}

/** `sum(A, 2)`: a reduction along one of several axes; `sum(A)` where that axis is not seen. */
export function alongText(
  { reduction, letter, body }: ReduceNode,
  text: string,
  name: string = reduction,
): string {
  const axes = references([body]).map(({ indices }) =>
    indices.findIndex(({ plain }) => plain?.key === letter.key),
  );
  const axis = axes.find((position) => position >= 0);
  return axis === undefined ? `${name}(${text})` : `${name}(${text}, ${axis + 1})`;
}

/** `W * (r .* h)`, `A * B'`, `dot(u, v)`; undefined for what is no product of matrices and vectors. */
function contractionPiece(
  { reduction, letter, body }: ReduceNode,
  of: (child: Expression) => Piece,
): Piece | undefined {
  if (reduction !== "sum" || body.kind !== "product" || !body.coefficient.equals(1)) {
    return undefined;
  }
  const factors = body.factors.flatMap(({ base, exponent }) => (exponent === 1 ? [base] : []));
  const isVector = (one: Expression): boolean =>
    one.free.length === 1 && one.free[0]!.key === letter.key;
  const vectors = factors.filter(isVector);
  // the matrices with the side on which the letter stands
  const matrices = factors.flatMap((one) => {
    const [rows, columns] = isVector(one) ? [] : sidesOf(one);
    if (!rows || !columns) return [];
    const text = bracketed(of(one));
    if (columns.key === letter.key) return [{ text, isLast: true }];
    return rows.key === letter.key ? [{ text, isLast: false }] : [];
  });
  if (vectors.length + matrices.length < body.factors.length) return undefined;
  const [first, second, ...others] = matrices;
  const [u, v, ...more] = vectors.map(of);
  if (!first) {
    return u && v && more.length === 0
      ? { text: `dot(${u.text}, ${v.text})`, binding: 2 }
      : undefined;
  }
  const facing = first.isLast ? first.text : `${first.text}'`;
  if (!second) {
    const product = vectors.map((one) => bracketed(of(one))).join(" .* ");
    return { text: `${facing} * ${v ? `(${product})` : product}`, binding: 1 };
  }
  if (others.length > 0 || vectors.length > 0) return undefined;
  if (!first.isLast && second.isLast) return { text: `${second.text} * ${first.text}`, binding: 1 };
  return { text: `${facing} * ${second.isLast ? `${second.text}'` : second.text}`, binding: 1 };
}

/** The letters along the rows and the columns of a matrix as it is written; none where that is not known. */
function sidesOf(node: Expression): readonly (Letter | undefined)[] {
  if (node.kind === "reference") return node.indices.map(({ plain }) => plain);
  if (node.kind !== "reduce" || node.body.kind !== "product") return [];
  const { letter, body } = node;
  const sides = body.factors.map(({ base }) => sidesOf(base));
  const [first, second, ...others] = sides.filter((one) => one.length === 2);
  if (!first || !second || others.length > 0) return [];
  const ends = [first, second].map((side) => side.find((one) => one?.key !== letter.key));
  const isFirst = (side: readonly (Letter | undefined)[]): boolean => side[1]?.key === letter.key;
  return !isFirst(first) && isFirst(second) ? ends.reverse() : ends;
}

function bracketed(piece: Piece): string {
  return piece.binding < 2 ? `(${piece.text})` : piece.text;
}

function numberPiece(value: Fraction): Piece {
  const decimal = Number(value.valueOf().toPrecision(12));
  const isShort = value.d === 1n || `${decimal}`.length <= 6;
  const [exact, fraction] = [`${value.valueOf()}`, value.toFraction()];
  const text = isShort ? `${decimal}` : exact.length < fraction.length ? exact : fraction;
  return { text, binding: text.startsWith("-") || text.includes("/") ? 1 : 2 };
}

function sumPiece({ constant, terms }: SumNode, of: (child: Expression) => Piece): Piece {
  const summands = terms.map(({ coefficient, term }) => {
    const magnitude = coefficient.abs();
    const piece = of(term);
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
  return { text, binding: 0 };
}

function productPiece(node: ProductNode, of: (child: Expression) => Piece): Piece {
  const over: string[] = [];
  const under: string[] = [];
  for (const { base, exponent } of node.factors) {
    const text = bracketed(of(base));
    const power = Math.abs(exponent);
    (exponent > 0 ? over : under).push(power === 1 ? text : `${text}.^${power}`);
  }
  const magnitude = node.coefficient.abs();
  let text = over.join(" .* ");
  if (!magnitude.equals(1) || text === "") {
    const number = bracketed(numberPiece(magnitude));
    text = text === "" ? number : `${number} * ${text}`;
  }
  for (const one of under) text = `${text} ./ ${one}`;
  return { text: node.coefficient.s < 0n ? `-${text}` : text, binding: 1 };
}

/** How the sentence about a claim ends that nothing explains. */
export const UNEXPLAINED = "no known mistake reproduces these numbers";
