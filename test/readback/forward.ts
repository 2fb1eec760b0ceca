/** The printed forward pass: what the engine names inside a statement is defined there alone. */
import { type PrintedEquation, readEquation, splitAligned } from "./equations.js";
import { Evaluator } from "./evaluate.js";
import type { World } from "./lookup.js";
import { build, type Matrix } from "./matrix.js";
import { allLetters } from "./letters.js";
import type { Quantity, Symbols } from "./symbols.js";
import { UnreadableError } from "./tokens.js";
import type { Equation, Reference } from "./tree.js";

/** A definition as it was printed: one equation, or several for parts of it. */
export interface PrintedDefinition {
  readonly name: string;
  readonly equations: readonly Equation[];
}

const DISPLAY = /\\\[\n([\s\S]*?)\n\\\]|\\begin\{align\*\}([\s\S]*?)\\end\{align\*\}/g;

/** All displayed formulas of a LaTeX text; what pages may break is aligned as in one box. */
export function displayed(tex: string): string[] {
  return Array.from(
    tex.matchAll(DISPLAY),
    ([, formula, rows]) => formula ?? `\\begin{aligned}${rows!}\\end{aligned}`,
  );
}

/** Symbols of the printed forward pass that the model does not have, such as u_{1} or s_{1}. */
export function auxiliariesOf(formulas: readonly string[], names: readonly string[]): Quantity[] {
  const found = new Map<string, Quantity>();
  for (const { left } of formulas.flatMap(splitAligned)) {
    const match = /^(?:\\left\()?([usqv])_\{?(\d+)\}?(?:\\right\))?(?:_\{(.*)\})?$/.exec(
      left.join(""),
    );
    if (!match) continue;
    const name = `${match[1]!}_${match[2]!}`;
    if (names.includes(name) || found.has(name)) continue;
    const script = match[3] ?? "";
    const axes = script === "" ? 0 : Math.max(script.split(",").length, Math.min(2, script.length));
    found.set(name, { name, axes, isSize: false });
  }
  return [...found.values()];
}

/** Definitions entry by entry, in order. */
export function readForward(formulas: readonly string[], symbols: Symbols): PrintedDefinition[] {
  const found = new Map<string, Equation[]>();
  for (const printed of formulas.flatMap(splitAligned)) {
    const equation = readOrSkip(printed, symbols);
    if (equation?.left.kind !== "reference") continue;
    const { name, positions } = equation.left;
    const { axes } = symbols.quantities.find((one) => one.name === name)!;
    const before = found.get(name);
    if (axes > 0 && !positions) continue;
    if (axes === 0 && before) continue;
    found.set(name, [...(before ?? []), equation]);
  }
  return [...found].map(([name, equations]) => ({ name, equations }));
}

/** What cannot be read is a fault of its own, which is reported where all equations are checked. */
function readOrSkip(printed: PrintedEquation, symbols: Symbols): Equation | undefined {
  try {
    return readEquation(printed, symbols);
  } catch (error) {
    if (error instanceof UnreadableError) return undefined;
    throw error;
  }
}

/** The values of a printed definition. */
export function evaluateDefinition({ equations }: PrintedDefinition, world: World): Matrix {
  const entries = new Map<string, number>();
  let [rows, columns] = [1, 1];
  for (const equation of equations) {
    for (const letters of allLetters(equation, world)) {
      const evaluator = new Evaluator(world);
      const at = ((equation.left as Reference).positions ?? []).map((position) => {
        if (position.kind !== "at") throw new UnreadableError("a slice is defined");
        return evaluator.integer(position.index, letters) - world.indexBase;
      });
      const [row = 0, column = 0] = at;
      [rows, columns] = [Math.max(rows, row + 1), Math.max(columns, column + 1)];
      const key = `${row},${column}`;
      const value = evaluator.number(equation.right, letters);
      entries.set(key, (entries.get(key) ?? 0) + value);
    }
  }
  return build(rows, columns, (row, column) => entries.get(`${row},${column}`) ?? 0);
}

/** A world in which some quantities have other values. */
export class ChangedWorld implements World {
  readonly indexBase: 0 | 1;

  constructor(
    private readonly base: World,
    private readonly changed: Map<string, Matrix>,
  ) {
    this.indexBase = base.indexBase;
  }

  set(name: string, value: Matrix): void {
    this.changed.set(name, value);
  }

  value(name: string): Matrix {
    return this.changed.get(name) ?? this.base.value(name);
  }

  size(name: string): number {
    return this.base.size(name);
  }

  partial(): Matrix {
    throw new UnreadableError("a derivative in a definition");
  }

  isLoss(name: string): boolean {
    return this.base.isLoss(name);
  }
}

const STEP = 1e-3;
/** Five points: errors of the fourth order in the step. */
const STENCIL = [
  [-2, 1 / 12],
  [-1, -8 / 12],
  [1, 8 / 12],
  [2, -1 / 12],
] as const;

/** Differences smaller than this, relative to what is subtracted, are its rounding. */
const ROUNDING = 1e-14;

/** ∂f/∂v by differences: a row for every value of f, a column for every entry of v. */
export function differences(at: Matrix, f: (changed: Matrix) => readonly number[]): Matrix {
  const columns = at.data.map((value, k) => {
    const step = STEP * Math.max(1, Math.abs(value));
    const values = STENCIL.map(([offset]) =>
      f({ ...at, data: at.data.with(k, value + offset * step) }),
    );
    return values[0]!.map((_, row) => {
      const terms = values.map((one, place) => one[row]! * STENCIL[place]![1]);
      const difference = terms.reduce((sum, term) => sum + term, 0);
      const size = Math.max(...terms.map(Math.abs));
      return Math.abs(difference) <= ROUNDING * size ? 0 : difference / step;
    });
  });
  return build(columns[0]!.length, columns.length, (i, j) => columns[j]![i]!);
}
