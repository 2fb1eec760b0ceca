/** Statements of a model as NumPy, as their author wrote them: `Z = X * W + b'` is `Z = X @ W + b`. */
import { wholeNumber } from "../../backprop/whole.js";
import { operations } from "../../expression/operations/index.js";
import type { Operation } from "../../expression/operations/operation.js";
import type { SizeValues } from "../../expression/size.js";
import { postorder } from "../../expression/walk.js";
import { END } from "../../language/indexing.js";
import type { Meaning } from "../../language/elaborate.js";
import {
  type BinarySyntax,
  type CallSyntax,
  type IndexSyntax,
  type MatrixSyntax,
  parts,
  type Position,
  type Syntax,
} from "../../language/syntax.js";
import {
  array,
  asColumn,
  called,
  divided,
  entrywise,
  kronecker,
  matrix,
  negative,
  type Piece,
  power,
  product,
  reduced,
  scalar,
  sum,
  times,
  transposed,
  vector,
  withAxes,
  within,
  Tie,
} from "./arrays.js";
import { operationInNumpy, UntranslatableError } from "./functions.js";

/** What the names of statements stand for. */
export interface NumpyScope {
  readonly meaning: (name: string) => Meaning | undefined;
  /** The variable of a quantity or a size. */
  readonly variable: (name: string) => string;
  readonly sizes: SizeValues;
}

/** @throws UntranslatableError */
export function statementInNumpy(root: Syntax, scope: NumpyScope): Piece {
  const pieces = new Map<Syntax, Piece>();
  const piece = (node: Syntax): Piece => {
    const known = pieces.get(node);
    if (!known) throw new UntranslatableError("this has no value of its own");
    return known;
  };
  const operandsOf = (node: Syntax): readonly Syntax[] => {
    if (node.kind === "index") return [node.object];
    // whole numbers that say along which axis, or how many
    return node.kind === "call" ? valuesOf(node) : parts(node);
  };
  for (const node of postorder([root], operandsOf)) pieces.set(node, written(node, piece, scope));
  return piece(root);
}

type Find = (node: Syntax) => Piece;

function written(node: Syntax, piece: Find, scope: NumpyScope): Piece {
  switch (node.kind) {
    case "number":
      return scalar(numberText(node.text));
    case "name":
      return named(node.name, scope);
    case "unary": {
      const operand = piece(node.operand);
      if (node.operator === "'") return transposed(operand);
      return node.operator === "-" ? negative(operand) : operand;
    }
    case "binary":
      return combined(node, piece(node.left), piece(node.right));
    case "call":
      return call(node, piece, scope);
    case "index":
      return picked(node, piece(node.object), scope);
    case "matrix":
      return literal(node, piece);
    case "string":
      throw new UntranslatableError("a string");
  }
}

/** Python takes no number that begins with 0 or ends with a point. */
function numberText(text: string): string {
  return /^(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(text) ? text : String(Number(text));
}

function named(name: string, { meaning, variable, sizes }: NumpyScope): Piece {
  const found = meaning(name);
  if (found?.quantity) {
    const { shape } = found.quantity;
    return array(
      variable(name),
      shape.map((size) => size.evaluate(sizes)),
    );
  }
  if (found?.size) return scalar(variable(name));
  return scalar(name === "pi" ? "math.pi" : "math.e");
}

function combined({ operator }: BinarySyntax, left: Piece, right: Piece): Piece {
  switch (operator) {
    case "+":
    case "-":
      return sum([
        { isNegative: false, piece: left },
        { isNegative: operator === "-", piece: right },
      ]);
    case "*":
      return product(left, right);
    case ".*":
      return times(left, right);
    case "/":
    case "./":
      return divided(left, right);
    case "^":
    case ".^":
      return power(left, right);
    default:
      return applied(operations.get(operator)!, [left, right]);
  }
}

function applied(operation: Operation, operands: readonly Piece[]): Piece {
  return entrywise(operands, (args) => operationInNumpy(operation, args));
}

// ————— calls —————

/** Functions whose arguments are whole numbers. */
const PLAIN = new Set(["ones", "zeros", "identity"]);
/** By the function that NumPy, or the notebook, has for it. */
const REDUCTIONS: ReadonlyMap<string, string> = new Map([
  ...["sum", "mean", "max", "min"].map((name) => [name, `np.${name}`] as const),
  ["logsumexp", "logsumexp"],
]);
const ALONG = new Set([...REDUCTIONS.keys(), "softmax", "logsoftmax"]);

/** The arguments of a call that are arrays. */
function valuesOf({ name, args, named: others }: CallSyntax): readonly Syntax[] {
  if (PLAIN.has(name)) return [];
  if (ALONG.has(name)) return args.slice(0, 1);
  if (name !== "concat") return [...args, ...others.map(({ value }) => value)];
  return args.filter((one, place) => place < 2 || place < args.length - 1 || !isAxis(one));
}

function isAxis(node: Syntax | undefined): node is Syntax & { kind: "number" } {
  return node?.kind === "number" && (node.text === "1" || node.text === "2");
}

/** The axis of NumPy that a call names, if it names one. */
function axisOf({ args, named: others }: CallSyntax, arrays: number): 0 | 1 | undefined {
  const node = args[arrays] ?? others.find(({ name }) => name === "dim")?.value;
  return isAxis(node) ? ((Number(node.text) - 1) as 0 | 1) : undefined;
}

function call(node: CallSyntax, piece: Find, scope: NumpyScope): Piece {
  const { name } = node;
  const operation = operations.get(name);
  if (operation) return applied(operation, argumentsOf(node, operation, piece));
  const values = valuesOf(node).map(piece);
  const [first, second] = values as [Piece, Piece];
  const axis = axisOf(node, values.length);
  const reduction = REDUCTIONS.get(name);
  if (reduction !== undefined) {
    const result = reduced(reduction, first, axis);
    return result.axes === 1 ? asColumn(result) : result;
  }
  switch (name) {
    case "softmax":
    case "logsoftmax": {
      // of a vector along its only axis
      const isWhole = first.axes === 1 && axis !== 1;
      if (!isWhole && (first.axes < 2 || axis === undefined))
        throw new UntranslatableError(`${name} along an axis of length 1`);
      return called(name, first, first.code, `axis=${axis ?? 0}`);
    }
    case "square":
      return power(first, scalar("2"));
    case "dot":
      return first.axes === 1 && second.axes === 1
        ? scalar(`${within(first, Tie.power)} @ ${within(second, Tie.power)}`, Tie.matrixProduct)
        : scalar(`np.vdot(${first.code}, ${second.code})`);
    case "norm":
      return scalar(`np.linalg.norm(${first.code})`);
    case "trace":
      return scalar(`np.trace(${withAxes(first, 2).code})`);
    case "diag":
      return first.axes === 2
        ? vector(`np.diag(${first.code})`, { rows: first.rows, columns: 1 })
        : matrix(`np.diag(${withAxes(first, 1).code})`, { rows: first.rows, columns: first.rows });
    case "transpose":
      return transposed(first);
    case "kron":
      return kronecker(first, second);
    case "concat":
      return concatenated(values, axis ?? 0);
    default:
      return filled(node, scope);
  }
}

/** The operands of an operation in their order, those that are left out with their defaults. */
function argumentsOf(
  { args, named: others }: CallSyntax,
  { operands, defaults = [] }: Operation,
  piece: Find,
): Piece[] {
  const required = operands.length - defaults.length;
  return operands.map((operand, place) => {
    const given = args[place] ?? others.find(({ name }) => name === operand)?.value;
    return given ? piece(given) : scalar(defaults[place - required]!);
  });
}

function concatenated(pieces: readonly Piece[], axis: 0 | 1): Piece {
  const total = (count: (one: Piece) => number): number =>
    pieces.reduce((before, one) => before + count(one), 0);
  const [first] = pieces as [Piece];
  const list = (codes: readonly Piece[]): string => `[${codes.map(({ code }) => code).join(", ")}]`;
  const lengths =
    axis === 0
      ? { rows: total(({ rows }) => rows), columns: first.columns }
      : { rows: first.rows, columns: total(({ columns }) => columns) };
  if (axis === 0 && pieces.every((one) => one.axes === 1 && one.columns === 1))
    return vector(`np.concatenate(${list(pieces)})`, lengths);
  const whole = pieces.map((one) => withAxes(one, 2));
  return matrix(`np.concatenate(${list(whole)}, axis=${axis})`, lengths);
}

function filled({ name, args }: CallSyntax, { meaning, sizes, variable }: NumpyScope): Piece {
  if (!PLAIN.has(name)) throw new UntranslatableError(`NumPy has no ${name}`);
  const lookup = (size: string): number | undefined => meaning(size)?.size?.evaluate(sizes);
  const lengths = args.map((one) => wholeNumber(one, lookup));
  const texts = args.map((one, place) =>
    one.kind === "name" ? variable(one.name) : `${lengths[place]!}`,
  );
  const [rows = 1, columns = 1] = lengths;
  if (name === "identity") return matrix(`np.eye(${texts[0]!})`, { rows, columns: rows });
  if (lengths.length === 0) return scalar(name === "ones" ? "1.0" : "0.0");
  if (lengths.length === 1) return vector(`np.${name}(${texts[0]!})`, { rows, columns });
  return matrix(`np.${name}((${texts.join(", ")}))`, { rows, columns });
}

// ————— parts —————

/** What a position takes: NumPy's index, and how many entries, where it is a range. */
interface Pick {
  readonly code: string;
  readonly count: number | undefined;
}

function picked({ positions }: IndexSyntax, object: Piece, { meaning, sizes }: NumpyScope): Piece {
  // a row of one axis has one index there and two in the model
  const whole = withAxes(object, positions.length === 2 ? 2 : 1);
  const lengths = positions.length === 2 ? [whole.rows, whole.columns] : [whole.rows];
  const picks = positions.map((position, at) =>
    pick(position, lengths[at]!, (name) => meaning(name)?.size?.evaluate(sizes)),
  );
  const code = `${within(whole, Tie.atom)}[${picks.map((one) => one.code).join(", ")}]`;
  return array(
    code,
    picks.flatMap(({ count }) => count ?? []),
  );
}

function pick(
  position: Position,
  length: number,
  size: (name: string) => number | undefined,
): Pick {
  const whole = (node: Syntax): number =>
    wholeNumber(node, (name) => (name === END ? length : size(name)));
  if (position.kind === "at") return { code: `${whole(position.index) - 1}`, count: undefined };
  const [start, end] = [whole(position.start), whole(position.end)];
  const step = position.step ? whole(position.step) : 1;
  const from = start === 1 ? "" : `${start - 1}`;
  const to = end === length ? "" : `${end}`;
  return {
    code: `${from}:${to}${step === 1 ? "" : `:${step}`}`,
    count: Math.floor((end - start) / step) + 1,
  };
}

function literal({ rows, isVector }: MatrixSyntax, piece: Find): Piece {
  const entry = (node: Syntax): string => {
    const { code, axes } = withAxes(piece(node), 0);
    // whole numbers alone would make an array of integers, which has no powers such as -1
    return axes === 0 && /^-?\d+$/.test(code) ? `${code}.0` : code;
  };
  const written = rows.map((row) => row.map(entry));
  if (isVector) return array(`np.array([${written.flat().join(", ")}])`, [rows.length]);
  const lines = written.map((row) => `[${row.join(", ")}]`);
  return array(`np.array([${lines.join(", ")}])`, [rows.length, rows[0]!.length]);
}
