/** A printed derivation, read back: every equation holds, and the last line is the gradient. */
import { type PrintedEquation, readEquation, splitAligned } from "./equations.js";
import { Evaluator } from "./evaluate.js";
import { allLetters } from "./letters.js";
import { mapped, type Matrix, shapeText } from "./matrix.js";
import { UnreadableError } from "./tokens.js";
import type { Equation, Node } from "./tree.js";
import { namedAdjoints, WorldWithAdjoints } from "./adjoints.js";
import type { World } from "./lookup.js";
import type { Symbols } from "./symbols.js";
import type { ModelWorld } from "./world.js";

const TOLERANCE = 1e-9;
/** Numbers are printed with seven digits. */
const ROUNDED = 1e-5;

/** What is wrong with the equations of a derivation, each in words; nothing where all are right. */
export function faultsOf(tex: string, world: ModelWorld): string[] {
  const equations = splitAligned(tex);
  const adjoints = namedAdjoints(equations, world.symbols);
  const symbols = world.symbols.with(adjoints.map(({ quantity }) => quantity));
  const known = new WorldWithAdjoints(world, adjoints);
  const scales = new Scales();
  return equations.flatMap((printed) => faultOf(printed, symbols, known, scales) ?? []);
}

/** The largest numbers that were added up in the equations so far. */
class Scales {
  private readonly byLeft = new Map<string, number>();
  private largest = 0;

  /** Of the equations with the same left side; where there are none, of all. */
  of({ left }: PrintedEquation): number {
    return this.byLeft.get(left.join("")) ?? this.largest;
  }

  add({ left }: PrintedEquation, magnitude: number): void {
    const key = left.join("");
    this.byLeft.set(key, Math.max(magnitude, this.byLeft.get(key) ?? 0));
    this.largest = Math.max(magnitude, this.largest);
  }
}

function faultOf(
  printed: PrintedEquation,
  symbols: Symbols,
  world: World,
  scales: Scales,
): string | undefined {
  try {
    const equation = readEquation(printed, symbols);
    scales.add(printed, checkEquation(equation, world, scales.of(printed)));
    return undefined;
  } catch (error) {
    if (!(error instanceof UnreadableError)) throw error;
    return `${error.message}\n  in ${printedText(printed)}`;
  }
}

/** An equation as it was printed. */
export function printedText({ left, relation, right }: PrintedEquation): string {
  return [...left, relation, ...right].join(" ").replace(/(?<=[{_^]) | (?=[}_^])/g, "");
}

/**
 * @param before the size of the numbers that cancel where the right side is 0: it does not tell
 * @returns the largest number of the left side, and of what is added up on either
 * @throws UnreadableError where the sides differ for some values of the letters
 */
function checkEquation(equation: Equation, world: World, before: number): number {
  let largest = 0;
  for (const letters of allLetters(equation, world)) {
    const evaluator = new Evaluator(world, unfoldedShape(equation.left, world));
    const left = evaluator.matrix(equation.left, letters);
    // the zero vector is written 0
    const isZero = equation.right.kind === "number" && equation.right.value === 0;
    const right = isZero ? mapped(left, () => 0) : evaluator.matrix(equation.right, letters, left);
    const own = Math.max(evaluator.magnitude, ...left.data.map(Math.abs));
    const scale = right.data.every((value) => value === 0) ? Math.max(before, own) : own;
    requireEqual(left, right, scale * (equation.relation === "=" ? TOLERANCE : ROUNDED));
    largest = Math.max(largest, own);
  }
  return largest;
}

/**
 * What is wrong with the end of a derivation: a derivative is left, or it is not the derivative that
 * was asked for. That its two sides are equal is checked with all equations.
 */
export function endFaults(tex: string, world: ModelWorld, wrt: string): string[] {
  const printed = splitAligned(tex).at(-1)!;
  let equation: Equation;
  try {
    equation = readEquation(printed, world.symbols);
  } catch {
    return [];
  }
  const faults: string[] = [];
  const shown = equation.left.kind === "shaped" ? equation.left.of : equation.left;
  const left = shown.kind === "transpose" ? shown.of : shown;
  const symbol = left.kind === "call" && left.name === "vec" ? left.args[0]! : left;
  if (symbol.kind !== "partial" || symbol.of.name !== world.loss || symbol.by.name !== wrt) {
    faults.push(`the last line is not the derivative: ${printedText(printed)}`);
  }
  if (hasDerivative(equation.right)) {
    faults.push(`a derivative is left in the last line: ${printedText(printed)}`);
  }
  return faults;
}

/** The shape of what a left side differentiates by: vec of it is meant on the right side too. */
function unfoldedShape(left: Node, world: World): Matrix | undefined {
  if (left.kind === "transpose" || left.kind === "shaped") return unfoldedShape(left.of, world);
  if (left.kind === "call" && left.name === "vec") return unfoldedShape(left.args[0]!, world);
  return left.kind === "partial" ? world.value(left.by.name) : undefined;
}

function requireEqual(left: Matrix, right: Matrix, tolerance: number): void {
  if (left.rows !== right.rows || left.columns !== right.columns) {
    throw new UnreadableError(`${shapeText(left)} is set equal to ${shapeText(right)}`);
  }
  for (const [at, value] of left.data.entries()) {
    const printed = right.data[at]!;
    if (!(Math.abs(value - printed) <= tolerance)) {
      throw new UnreadableError(`it is ${value} and is printed as ${printed}`);
    }
  }
}

/** Whether a derivative stands in a formula. */
export function hasDerivative(node: Node): boolean {
  return JSON.stringify(node).includes('"kind":"partial"');
}
