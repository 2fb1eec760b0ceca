/** The declarations of a program, their data at a point, and the sizes that the data fixes. */
import { InputError, type Place } from "../language/source.js";
import { parts, type Program, type Statement, type Syntax } from "../language/syntax.js";
import { column, type Matrix, single } from "./matrices.js";
import type { Rank } from "./tape.js";
import { type Lookup, namesIn, sizeNumber, wholeNumber } from "./whole.js";

/** A number, a flat list (vector), or rows (matrix). */
export type NestedNumbers = number | readonly number[] | readonly (readonly number[])[];
export type Point = Readonly<Record<string, NestedNumbers>>;

export interface Datum {
  readonly kind: "input" | "target" | "param";
  readonly matrix: Matrix;
  readonly rank: Rank;
}

export interface PointData {
  readonly data: ReadonlyMap<string, Datum>;
  readonly sizes: ReadonlyMap<string, number>;
}

interface Declaration {
  readonly statement: Statement;
  readonly kind: Datum["kind"] | "size";
  readonly sizes: readonly Syntax[];
}

const KINDS = ["input", "target", "param", "size"] as const;

/** What a statement declares; undefined for definitions. */
export function declarationOf(statement: Statement): Declaration | undefined {
  const call = statement.expression;
  const kind = call.kind === "call" ? KINDS.find((known) => known === call.name) : undefined;
  if (call.kind !== "call" || kind === undefined) return undefined;
  const sizes = call.args.at(-1)?.kind === "string" ? call.args.slice(0, -1) : call.args;
  const most = kind === "size" ? 0 : 2;
  if (sizes.length > most || call.named.length > 0) {
    throw new InputError(`${kind} takes at most ${most} sizes`, { place: call.place });
  }
  return { statement, kind, sizes };
}

/** An axis: its declared size and how long the point makes it. */
interface Axis {
  readonly name: string;
  readonly declared: Syntax;
  readonly length: number;
}

/** @throws InputError for data that are missing, not declared or of another shape. */
export function readPoint(program: Program, point: Point): PointData {
  const data = new Map<string, Datum>();
  const sizeNames = new Map<string, Place>();
  const axes: Axis[] = [];
  for (const statement of program.statements) {
    const declaration = declarationOf(statement);
    if (!declaration) continue;
    const { name, place } = statement;
    const { kind, sizes } = declaration;
    if (kind === "size") {
      sizeNames.set(name, place);
      continue;
    }
    for (const declared of sizes) {
      for (const used of namesIn(declared, parts)) {
        if (sizeNames.has(used)) continue;
        throw new InputError(`${used} is no size that is given before`, { place: declared.place });
      }
    }
    const given = Object.hasOwn(point, name) ? point[name] : undefined;
    if (given === undefined) throw new InputError(`the point has no ${name}`, { place });
    const { matrix, lengths } = readNested(name, given, sizes.length, place);
    data.set(name, { kind, matrix, rank: sizes.length as Rank });
    axes.push(...sizes.map((declared, i) => ({ name, declared, length: lengths[i]! })));
  }
  for (const name of Object.keys(point)) {
    if (!data.has(name)) throw new InputError(`the point gives ${name}, which is not declared`);
  }
  return { data, sizes: solveSizes(sizeNames, axes) };
}

function readNested(
  name: string,
  given: NestedNumbers,
  rank: number,
  place: Place,
): { matrix: Matrix; lengths: readonly number[] } {
  const wrong = (what: string): InputError => new InputError(`${name} must be ${what}`, { place });
  const numbers = (list: unknown): number[] => {
    const isList = Array.isArray(list) && list.length > 0;
    if (!isList || !list.every((entry) => Number.isFinite(entry))) {
      throw wrong(rank === 1 ? "a list of finite numbers" : "rows of finite numbers");
    }
    return list as number[];
  };
  if (rank === 0) {
    if (typeof given !== "number" || !Number.isFinite(given)) throw wrong("a finite number");
    return { matrix: single(given), lengths: [] };
  }
  if (rank === 1) {
    const entries = numbers(given);
    return { matrix: column(entries), lengths: [entries.length] };
  }
  if (!Array.isArray(given) || given.length === 0) throw wrong("rows of finite numbers");
  const rows = (given as readonly unknown[]).map(numbers);
  const columns = rows[0]!.length;
  if (rows.some((row) => row.length !== columns)) throw wrong("rows of one length");
  return { matrix: rows, lengths: [rows.length, columns] };
}

/** Finds the sizes from axes that leave one of them open, and checks all axes. */
function solveSizes(names: ReadonlyMap<string, Place>, axes: readonly Axis[]): Map<string, number> {
  const sizes = new Map<string, number>();
  const lookup: Lookup = (name) => sizes.get(name);
  let open = axes;
  for (;;) {
    const later: Axis[] = [];
    for (const axis of open) {
      const unknown = [...namesIn(axis.declared, parts)].filter((name) => !sizes.has(name));
      const size = unknown.length === 1 ? solveFor(unknown[0]!, axis, lookup) : undefined;
      if (size !== undefined) sizes.set(unknown[0]!, size);
      else if (unknown.length > 0) later.push(axis);
    }
    if (later.length === open.length || later.length === 0) break;
    open = later;
  }
  for (const [name, place] of names) {
    if (!sizes.has(name)) {
      throw new InputError(`the point does not fix the size ${name}`, { place });
    }
  }
  for (const { name, declared, length } of axes) {
    const size = sizeNumber(declared, lookup);
    if (size !== length) {
      throw new InputError(
        `${name}: the point gives ${length} entries where ${size} are declared`,
        {
          place: declared.place,
        },
      );
    }
  }
  return sizes;
}

/** The value of a size that makes an axis as long as it is; the declared size is linear in it. */
function solveFor(name: string, { declared, length }: Axis, known: Lookup): number | undefined {
  const at = (value: number): number =>
    wholeNumber(declared, (other) => (other === name ? value : known(other)));
  const slope = at(2) - at(1);
  if (slope === 0 || at(3) - at(2) !== slope) return undefined;
  const size = 1 + (length - at(1)) / slope;
  return Number.isSafeInteger(size) && size >= 1 ? size : undefined;
}
