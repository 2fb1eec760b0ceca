/**
 * Whether terms and factors stand in one order in all lines about a quantity, whatever form they are in: terms are
 * told by their numbers, factors by how they are printed.
 */
import { namedAdjoints, WorldWithAdjoints } from "./adjoints.js";
import { type PrintedEquation, readEquation, splitAligned } from "./equations.js";
import { hasDerivative, printedText } from "./readback.js";
import { Evaluator } from "./evaluate.js";
import { allLetters } from "./letters.js";
import type { Letters, World } from "./lookup.js";
import { entryOf, type Matrix } from "./matrix.js";
import type { Symbols } from "./symbols.js";
import { UnreadableError } from "./tokens.js";
import type { Chain, Equation, Node, Reference, Sum } from "./tree.js";
import type { ModelWorld } from "./world.js";

const TOLERANCE = 1e-9;

/** A printed term with its number in one entry. */
interface Term {
  readonly value: number;
  readonly node: Node;
  /** Whether it is taken away. */
  readonly isMinus: boolean;
  /** Whether it stands in brackets, with what stands around these: that is in front for all terms. */
  readonly isInBrackets: boolean;
}

/** A term as it is read. */
type Part = Omit<Term, "value">;

/** What a line says of one entry. */
interface Line {
  readonly text: string;
  /** Its left side and letters: factors of lines that have the same are compared. */
  readonly about: string;
  readonly isScalar: boolean;
  /** Whether no derivative is left: then what is added comes before what is taken away. */
  readonly isLast: boolean;
  /** The terms in their order; several lists where a sum stands among factors. */
  readonly sums: readonly (readonly Term[])[];
}

/** Lines whose terms or factors do not stand where they stood before, in words. */
export function placeFaults(formulas: readonly string[], world: ModelWorld): string[] {
  const known = new Map<string, Line[]>();
  const faults = new Set<string>();
  for (const [key, line] of formulas.flatMap((tex) => linesIn(tex, world))) {
    const before = known.get(key) ?? [];
    known.set(key, [...before, line]);
    const isNew = before.every(({ text }) => text !== line.text);
    const fault = isNew ? faultOf(before, line) : undefined;
    if (fault !== undefined) faults.add(fault);
  }
  return [...faults];
}

function faultOf(before: readonly Line[], line: Line): string | undefined {
  const moved = before.find((one) => one.text !== line.text && isMoved(one, line));
  if (moved) return `terms: ${moved.text}\n  then ${line.text}`;
  const last = before.at(-1);
  const isComparable = last?.about === line.about && last.isScalar && line.isScalar;
  return isComparable && isSwapped(last, line)
    ? `factors: ${last.text}\n  then ${line.text}`
    : undefined;
}

/** Each line with the quantities and the entry that it is about. */
function linesIn(tex: string, world: ModelWorld): [string, Line][] {
  const equations = splitAligned(tex);
  const adjoints = namedAdjoints(equations, world.symbols);
  const symbols = world.symbols.with(adjoints.map(({ quantity }) => quantity));
  const own = new WorldWithAdjoints(world, adjoints);
  return equations.flatMap((printed) => linesOf(printed, symbols, own, world.loss));
}

function linesOf(
  printed: PrintedEquation,
  symbols: Symbols,
  world: World,
  loss: string,
): [string, Line][] {
  if (printed.relation !== "=") return [];
  const equation = unlessUnreadable(() => readEquation(printed, symbols));
  if (!equation) return [];
  return cellsOf(equation, world, loss).flatMap(({ key, letters, at }) => {
    const sums = decompositions(equation, at).flatMap((nodes) => {
      const terms = unlessUnreadable(() => nodes.map((part) => told(part, letters, at, world)));
      // what is 0 leaves the term of another sum beside it
      const isWhole = terms?.every(({ value, isInBrackets }) => value !== 0 || !isInBrackets);
      return terms && isWhole === true ? [terms] : [];
    });
    const text = printedText(printed);
    const about = [...printed.left, ...printed.ranges].join(" ");
    const isLast =
      !hasDerivative(equation.right) && !text.replace(/^.*? = /, "").includes("\\delta");
    return [[key, { text, about, isScalar: at.matrix === undefined, isLast, sums }]];
  });
}

/** Where an entry stands in the matrix that a line has on its left side; none of a line about one entry. */
interface Cell {
  readonly matrix?: { readonly value: Matrix; readonly row: number; readonly column: number };
}

function told(part: Part, letters: Letters, { matrix }: Cell, world: World): Term {
  const { node } = part;
  const evaluator = new Evaluator(world);
  if (!matrix) return { ...part, value: evaluator.number(node, letters) };
  const value = evaluator.matrix(node, letters, matrix.value);
  const isOne = value.data.length === 1;
  return { ...part, value: isOne ? value.data[0]! : entryOf(value, matrix.row, matrix.column) };
}

/** The entries that are compared: the one that is derived for itself, and the last one. */
function cellsOf(
  { left: shown, ranges }: Equation,
  world: World,
  loss: string,
): { readonly key: string; readonly letters: Letters; readonly at: Cell }[] {
  const left = shown.kind === "shaped" ? shown.of : shown;
  const isTurned = left.kind === "transpose";
  const inner = isTurned ? left.of : left;
  const isVec = inner.kind === "call" && inner.name === "vec";
  const about = isVec ? inner.args[0]! : inner;
  const subject = subjectOf(about, loss);
  if (!subject) return [];
  const { name, parts } = subject;
  const whole = parts.every(({ positions }) => positions === undefined);
  if (!whole) {
    if (isTurned || isVec) return [];
    return (
      unlessUnreadable(() =>
        allLetters({ ranges }, world).flatMap((letters) => {
          const found = parts.map((part) => placeIn(part, letters, world));
          const wanted = parts.map((part) => wantedIn(part, world).map(String));
          const isWanted = found.every((one, k) => wanted[k]!.includes(String(one)));
          return isWanted ? [{ key: `${name} ${found.join(" ")}`, letters, at: {} }] : [];
        }),
      ) ?? []
    );
  }
  const [only, ...others] = parts;
  if (!only || others.length > 0) return [];
  const { rows, columns } = world.value(only.name);
  if (rows * columns === 1) return [{ key: `${name} `, letters: new Map(), at: {} }];
  return wantedIn(only, world).map((place) => {
    const [row = 0, column = 0] = place;
    const at = column * rows + row;
    const [r, c] = isVec ? [at, 0] : [row, column];
    const size = isVec ? [rows * columns, 1] : [rows, columns];
    const [height, width] = isTurned ? size.toReversed() : size;
    const value = { rows: height!, columns: width!, data: [] };
    const matrix = isTurned ? { value, row: c, column: r } : { value, row: r, column: c };
    return { key: `${name} ${String(place)}`, letters: new Map(), at: { matrix } };
  });
}

/** What a left side names. */
function subjectOf(
  left: Node,
  loss: string,
): { readonly name: string; readonly parts: readonly Reference[] } | undefined {
  if (left.kind === "reference") {
    const name = left.name.replace(/^adjoint of /, "by ");
    return { name, parts: [{ ...left, name: left.name.replace(/^adjoint of /, "") }] };
  }
  if (left.kind !== "partial") return undefined;
  const { of, by, isDirect = false } = left;
  const sign = isDirect ? "direct " : "";
  return of.name === loss
    ? { name: `${sign}by ${by.name}`, parts: [by] }
    : { name: `${sign}${of.name} by ${by.name}`, parts: [of, by] };
}

function placeIn({ positions = [] }: Reference, letters: Letters, world: World): number[] {
  const evaluator = new Evaluator(world);
  return positions.map((position) => {
    if (position.kind !== "at") throw new UnreadableError("a slice");
    return evaluator.integer(position.index, letters) - world.indexBase;
  });
}

function wantedIn({ name, positions }: Reference, world: World): (readonly number[])[] {
  const { rows, columns } = world.value(name);
  const isVector = positions ? positions.length < 2 : columns === 1;
  if (positions?.length === 0) return [[]];
  const first = isVector ? [0] : [0, Math.min(1, columns - 1)];
  return [first, isVector ? [rows - 1] : [rows - 1, columns - 1]];
}

function unlessUnreadable<Result>(read: () => Result): Result | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof UnreadableError) return undefined;
    throw error;
  }
}

// ————— terms —————

function decompositions({ right }: Equation, { matrix }: Cell): readonly (readonly Part[])[] {
  const node = right.kind === "array" && matrix ? right.rows[matrix.row]![matrix.column]! : right;
  const plain = sumsIn(node);
  const inner = node.kind === "shaped" ? node.of : node;
  // what a sum has in brackets may stand without them in another line
  const [terms] = inner.kind === "sum" && inner.terms.length > 1 ? plain : [];
  const open = terms ? [terms.flatMap((one) => sumsIn(one.node)[0] ?? [one])] : [];
  return [[{ node, isMinus: false, isInBrackets: false }], ...plain, ...open];
}

/** A node as sums: its own terms, or those of a factor, each with the other factors. */
function sumsIn(node: Node): readonly (readonly Part[])[] {
  const within = (of: Node, around: (one: Node) => Node): readonly (readonly Part[])[] =>
    sumsIn(of).map((parts) => parts.map((one) => ({ ...one, node: around(one.node) })));
  switch (node.kind) {
    case "shaped":
      return within(node.of, (of) => ({ ...node, of }));
    case "sum": {
      const [only] = node.terms;
      if (node.terms.length > 1) {
        const isInBrackets = false;
        return [
          node.terms.map((one) => ({ node: signed(one), isMinus: one.sign < 0, isInBrackets })),
        ];
      }
      return within(only!.node, (one) => signed({ sign: only!.sign, node: one }));
    }
    case "reduction":
      return node.reduction === "sum" ? within(node.body, (body) => ({ ...node, body })) : [];
    case "chain":
      return factorsOf(node).flatMap((factor, at) =>
        within(factor, (one) => withFactor(node, at, one)).map((parts) =>
          parts.map((one) => ({ ...one, isInBrackets: true })),
        ),
      );
    default:
      return [];
  }
}

function signed({ sign, node }: Sum["terms"][number]): Node {
  return sign === 1 ? node : { kind: "sum", terms: [{ sign, node }] };
}

function factorsOf({ first, rest }: Chain): readonly Node[] {
  return [first, ...rest.map(({ node }) => node)];
}

function withFactor(chain: Chain, at: number, node: Node): Chain {
  if (at === 0) return { ...chain, first: node };
  return { ...chain, rest: chain.rest.with(at - 1, { ...chain.rest[at - 1]!, node }) };
}

function isMoved(before: Line, after: Line): boolean {
  return before.sums.some((one) =>
    after.sums.some((other) => {
      const signOf = ([place, at]: readonly [number, number]): string =>
        [before.isLast && one[place]!.isMinus, after.isLast && other[at]!.isMinus].join(" ");
      const pairs = common(one, other);
      const signs = new Set(pairs.map(signOf));
      return [...signs].some((sign) => !isInOrder(pairs.filter((pair) => signOf(pair) === sign)));
    }),
  );
}

/** The places of terms with the same numbers, those that no other term of their sum has. */
function common(before: readonly Term[], after: readonly Term[]): readonly [number, number][] {
  const largest = Math.max(...[...before, ...after].map(({ value }) => Math.abs(value)));
  const isSame = (a: Term, b: Term): boolean =>
    Math.abs(a.value - b.value) <= TOLERANCE * largest && Math.abs(a.value) > TOLERANCE * largest;
  return before.flatMap((one, place) => {
    const found = after.flatMap((other, at) => (isSame(one, other) ? [at] : []));
    const isAlone = found.length === 1 && before.filter((other) => isSame(one, other)).length === 1;
    return isAlone ? [[place, found[0]!] as [number, number]] : [];
  });
}

function isInOrder(pairs: readonly (readonly [number, number])[]): boolean {
  return pairs.every(([, at], k) => k === 0 || pairs[k - 1]![1] < at);
}

// ————— factors —————

/** Whether factors that two lines have in a term with the same number have changed places. */
function isSwapped(before: Line, after: Line): boolean {
  return before.sums.some((sum) =>
    after.sums.some((other) =>
      common(sum, other).some(([a, b]) => {
        if (sum[a]!.isInBrackets || other[b]!.isInBrackets) return false;
        const [one, two] = [keysIn(sum[a]!.node), keysIn(other[b]!.node)];
        return !isInOrder(
          one.flatMap((key, place): [number, number][] => {
            const isAlone = [one, two].every((keys) => keys.filter((x) => x === key).length === 1);
            return isAlone ? [[place, two.indexOf(key)]] : [];
          }),
        );
      }),
    ),
  );
}

/** The factors of a term as texts, without numbers, those below a line behind those above it. */
function keysIn(node: Node): readonly string[] {
  switch (node.kind) {
    case "number":
    case "size":
      return [];
    case "chain":
      return factorsOf(node).flatMap(keysIn);
    case "reduction":
      return node.reduction === "sum" ? keysIn(node.body) : [JSON.stringify(node)];
    case "fraction":
      return [...keysIn(node.over), ...keysIn(node.under).map((key) => `1/${key}`)];
    case "sum":
      return node.terms.length === 1 ? keysIn(node.terms[0]!.node) : [JSON.stringify(node)];
    default:
      return [JSON.stringify(node)];
  }
}
