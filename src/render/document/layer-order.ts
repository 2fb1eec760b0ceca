/** The order of the lines that hold for several layers, and the parts that they stand in. */
import { type Deltas, layerName } from "../../derivation/layers.js";
import { AT_ONCE } from "../../derivation/sentences.js";
import type { Rule, Side, Step } from "../../derivation/step.js";
import type { Quantity } from "../../expression/quantity.js";
import { said, type Sentence } from "../../language/sentence.js";
import type { GeneralLine } from "./layer-notes.js";
import { numberOf } from "./layer-notation.js";

/** Rules whose lines are written in general, with what is said of them. */
const RULES: ReadonlyMap<Rule, Sentence> = new Map<Rule, Sentence>([
  ["definition", said`The definitions, entry by entry and for all entries at once.`],
  ["local derivative", said`The local derivatives.`],
  ["chain rule", said`The chain rule.`],
  ["derivative of the loss", said`The last layer: the derivative of the loss.`],
  ["recursion", said`δ of one layer from δ of the next: the chain rule through what lies between.`],
  ["local derivatives", said`The local derivatives are put in.`],
  ["cancellation", said`What cancels is left out.`],
  ["gradient step", said`The gradient step.`],
]);

/** The part of δ of the last layer. */
export const LAST_DELTA = "δ of the last layer";

/** Rules whose lines are also written for all entries at once, as matrices. */
const MATRIX_RULES: ReadonlySet<Rule> = new Set<Rule>(["matrix form", "recursion", "cancellation"]);

/** Whether a line of a backward pass is about all entries at once. */
export function isOfMatrices({ rule, left }: Step): boolean {
  return left.kind === "matrix" && MATRIX_RULES.has(rule);
}

/** What is said of a line in general; undefined where it is written for its own layer alone. */
export function reasonOf(step: Step): Sentence | undefined {
  return isOfMatrices(step) ? AT_ONCE : RULES.get(step.rule);
}

/**
 * What a line is about: lines of one kind, and among the adjoints those by the quantities of one
 * name. δ of the last layer stands apart: all others follow from it.
 * @param steps the lines of the layers, ascending
 */
export function partOf(steps: readonly Step[], last: number, deltas: Deltas): string {
  const { left, rule } = steps[0]!;
  const of = adjointOf(left);
  if (!of) return reasonOf(steps[0]!)?.text ?? rule;
  if (!deltas.has(of)) return `∂/∂${layerName(of.name)?.base ?? of.name}`;
  const highest = adjointOf(steps.at(-1)!.left)!;
  return numberOf(highest, deltas) === last ? LAST_DELTA : "δ";
}

/** What the loss is differentiated by on a side about entries. */
function adjointOf(side: Side): Quantity | undefined {
  const reference = side.kind === "scalar" ? side.expression : undefined;
  const { of, role } = reference?.kind === "reference" ? reference.quantity : {};
  return role === "adjoint" ? of : undefined;
}

/**
 * The lines without those between a derivative and its local derivatives that only some layers have, such as the
 * one with relu′ of a layer whose activation has no name: what follows holds for all of them.
 */
export function withoutPassing(lines: readonly GeneralLine[]): readonly GeneralLine[] {
  return lines.filter((line, place) => {
    const [step] = line.steps;
    if (step!.rule !== "local derivatives") return true;
    return !lines.some(
      (other, otherPlace) =>
        otherPlace !== place &&
        other.steps[0]!.rule === "local derivatives" &&
        other.equation.left === line.equation.left &&
        other.layers.length > line.layers.length &&
        line.layers.every((layer) => other.layers.includes(layer)),
    );
  });
}

const RULE_ORDER = [...RULES.keys()];

/** A line, with where its rule and its first step stand among all. */
interface Placed {
  readonly line: GeneralLine;
  readonly rule: number;
  readonly place: number;
}

/** Parts in the order of their first lines; the lines about one adjoint as they follow from each other. */
export function inOrder(lines: readonly GeneralLine[], steps: readonly Step[]): GeneralLine[] {
  const placed = lines.map((line): Placed => {
    const [first] = line.steps;
    const rule = line.part === reasonOf(first!)?.text ? 0 : RULE_ORDER.indexOf(first!.rule);
    return { line, rule, place: Math.min(...line.steps.map((step) => steps.indexOf(step))) };
  });
  const firstOf = (key: (line: GeneralLine) => string): ((line: GeneralLine) => number) => {
    const places = new Map<string, number>();
    for (const { line, place } of placed) {
      places.set(key(line), Math.min(place, places.get(key(line)) ?? Infinity));
    }
    return (line) => places.get(key(line))!;
  };
  const part = firstOf((line) => line.part);
  const differentiated = firstOf(({ part: own, steps: [first] }) => `${own} ${kindOf(first!)}`);
  const left = firstOf(({ part: own, equation }) => `${own} ${equation.left}`);
  return placed
    .sort(
      (a, b) =>
        part(a.line) - part(b.line) ||
        differentiated(a.line) - differentiated(b.line) ||
        left(a.line) - left(b.line) ||
        a.rule - b.rule ||
        layersInOrder(a, b) ||
        a.place - b.place,
    )
    .map(({ line }) => line);
}

/** What a local derivative is one of, whatever its layer is: those of z by W, b and a stand together. */
function kindOf({ left }: Step): string {
  const reference = left.kind === "scalar" ? left.expression : undefined;
  const { numerator, role } = reference?.kind === "reference" ? reference.quantity : {};
  if (!numerator || role !== "partial") return "";
  return layerName(numerator.name)?.base ?? numerator.name;
}

/** A definition of the first layer stands before that of the next; derivatives come from the last. */
function layersInOrder(a: Placed, b: Placed): number {
  const [first, second] = [a, b].map(({ line }) => line.layers.at(-1)!) as [number, number];
  const isForward = [a, b].every(({ line: { steps } }) => steps[0]!.rule === "definition");
  return isForward ? first - second : second - first;
}
