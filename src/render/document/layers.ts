/**
 * The layers in general: lines that hold for several layers, written once with the layer as a
 * letter, z^{(l)} = W^{(l)} a^{(l−1)}. They are the checked lines of the layers, printed with their
 * numbers replaced; lines that then read the same are one.
 */
import { forwardPass } from "../../derivation/forward.js";
import { deriveSteps } from "../../derivation/derive.js";
import { equationKey } from "../../derivation/findings.js";
import { type Deltas, deltasOf, layerName } from "../../derivation/layers.js";
import { localDerivatives } from "../../derivation/local.js";
import type { Rule, Side, Step } from "../../derivation/step.js";
import type { Workbench } from "../../derivation/workbench.js";
import type { Letter } from "../../expression/indices.js";
import type { Quantity } from "../../expression/quantity.js";
import { references } from "../../expression/walk.js";
import { type MatrixExpression, operands } from "../../forms/matrix/expression.js";
import type { Model } from "../../language/model.js";
import { type Equation, EquationPrinter } from "../formula/equations.js";
import type { LetterNames } from "../notation/letters.js";
import { joined, type SymbolParts } from "../notation/names.js";
import { Notation, type NotationOptions, namesOf } from "../notation/notation.js";

/** A line for several layers. */
export interface LayerLine {
  readonly why: string;
  readonly equation: Equation;
  /** What stands for the number of the layer. */
  readonly letter: string;
  /** The layers for which it was checked, ascending. */
  readonly layers: readonly number[];
  /** The lines of these layers. */
  readonly steps: readonly Step[];
  /** Inputs that stand for the layer before the first: a^{(0)} = x. */
  readonly aliases: readonly string[];
}

/** Rules whose lines are written in general, with what is said of them. */
const RULES: ReadonlyMap<Rule, string> = new Map<Rule, string>([
  ["definition", "The definitions, entry by entry and for all entries at once."],
  ["local derivative", "The local derivatives."],
  ["chain rule", "The chain rule."],
  ["derivative of the loss", "The last layer: the derivative of the loss."],
  ["recursion", "δ of one layer from δ of the next: the chain rule through what lies between."],
  ["local derivatives", "The local derivatives are put in."],
  ["gradient step", "The gradient step."],
]);

/** Names for the number of a layer, in the order of preference. */
const LAYER_LETTERS = ["l", "\\ell", "\\lambda"];
/** The number of the last layer. */
const LAST_LAYER = "L";

/**
 * Whether one layer works on what another gives. Branches beside each other, numbered as they may
 * be, are no layers.
 */
function isInSeries(model: Model, numbered: readonly Quantity[]): boolean {
  /** The layers whose parameters act on a quantity. */
  const behind = new Map<Quantity, ReadonlySet<string>>();
  for (const { quantity, clauses } of model.definitions) {
    const used = references(clauses.map(({ body }) => body)).map((one) => one.quantity);
    const own = used
      .filter((one) => numbered.includes(one))
      .map(({ name }) => layerName(name)!.layer);
    const before = used.flatMap((one) => [...(behind.get(one) ?? [])]);
    if (before.length > 0 && own.some((layer) => !before.includes(layer))) return true;
    behind.set(quantity, new Set([...before, ...own]));
  }
  return false;
}

/**
 * The lines that are the same in layers with the numbers replaced; empty where no layer works on
 * what another gives.
 * @param updates the steps of gradient descent, where there is a point
 */
export function layerLines(
  workbench: Workbench,
  options: NotationOptions,
  updates: readonly Step[] = [],
): LayerLine[] {
  const { model } = workbench;
  const numbered = model.params.filter(({ name }) => layerName(name) !== undefined);
  if (!isInSeries(model, numbered)) return [];
  const steps = distinct([
    ...forwardPass(workbench).steps,
    ...localDerivatives(workbench).steps,
    ...numbered.flatMap(
      ({ name }) => deriveSteps(workbench, { wrt: name, form: "index" }, numbered).steps,
    ),
    ...updates,
  ]).filter((step) => RULES.has(step.rule) && isOfAllEntries(step));
  const deltas: Deltas = deltasOf(model, numbered);
  const families = new Map<string, LayerLine & { readonly aliases: string[] }>();
  const seen = new Set<string>();
  const isInput = (one: Quantity): boolean => model.inputs.includes(one);
  const printed = (step: Step, layer: number, alias?: Alias, letter?: string): Printed => {
    const notation = new LayerNotation(options, model, deltas, { layer, alias, letter });
    const equation = new EquationPrinter(model, notation).equation(step);
    return { equation, letter: notation.isUsed ? notation.letter : undefined };
  };
  const instances = steps.flatMap((step) => {
    const used = quantitiesIn(step);
    const numbers = used.map((one) => numberOf(one, deltas));
    const layers = numbers.filter((one) => one !== undefined);
    const isLayered =
      isDelta(step, deltas) ||
      used.every(({ role }, position) => role === "input" || numbers[position] !== undefined);
    return layers.length === 0 || !isLayered ? [] : [{ step, layer: Math.max(...layers) }];
  });
  const before = unitsBefore(instances);
  // the highest layers first: lower ones may have an input in place of a layer
  for (const { step, layer } of instances.toSorted((a, b) => b.layer - a.layer)) {
    const { equation: own, letter } = printed(step, layer);
    if (letter === undefined) continue;
    const inputs = quantitiesIn(step).filter(isInput);
    const aliases = inputs.flatMap((input) => before(layer).map((of) => ({ input, model: of })));
    const found = [undefined, ...aliases]
      .map((alias) => ({ alias, key: keyOf(alias ? printed(step, layer, alias).equation : own) }))
      .find(({ key }) => families.has(key));
    if (!found && inputs.length > 0) continue;
    const key = found?.key ?? keyOf(own);
    if (seen.has(`${key} ${layer}`)) continue;
    seen.add(`${key} ${layer}`);
    const family = families.get(key) ?? {
      why: RULES.get(step.rule)!,
      equation: own,
      letter,
      layers: [],
      steps: [],
      aliases: [],
    };
    families.set(key, {
      ...family,
      layers: [layer, ...family.layers],
      steps: [step, ...family.steps],
      aliases: found?.alias
        ? [...family.aliases, aliasText(found.alias, layer, model, options)]
        : family.aliases,
    });
  }
  const place = ({ steps: [first] }: LayerLine): number => steps.indexOf(first!);
  const last = Math.max(...instances.map(({ layer }) => layer));
  const lines = [...families.values()]
    .sort((a, b) => place(a) - place(b))
    .map((line) => {
      // what holds in the last layer alone, because what follows has no layer
      const isLast = line.layers.every((layer) => layer === last) && !model.scope.has(LAST_LAYER);
      const [step] = line.steps;
      if (!isLast || !namesOutput(step!, model, deltas)) return line;
      return { ...line, ...printed(step!, last, undefined, LAST_LAYER), letter: LAST_LAYER };
    });
  // without a line that holds in two layers there is nothing general
  return lines.some(({ layers }) => layers.length > 1) ? lines : [];
}

interface Printed {
  readonly equation: Equation;
  /** The letter of the layer; undefined where none stands in the line. */
  readonly letter: string | undefined;
}

/** An input in the place of the layer before the first. */
interface Alias {
  readonly input: Quantity;
  /** A quantity of the layer before, in a line of a higher layer. */
  readonly model: Quantity;
}

/** Whether a line names a definition of no layer, such as the output; the loss does not count. */
function namesOutput(step: Step, { loss }: Model, deltas: Deltas): boolean {
  return quantitiesIn(step).some(
    (one) => one.role === "definition" && one !== loss && numberOf(one, deltas) === undefined,
  );
}

/** Whether a line is about every entry of its left side: ranges of indices are not written here. */
function isOfAllEntries({ left }: Step): boolean {
  if (left.kind !== "scalar" || left.expression.kind !== "reference") return true;
  const { quantity, indices } = left.expression;
  return indices.every((index, axis) => {
    const size = quantity.shape[axis]!;
    return size.isOne || index.plain?.size.equals(size) === true;
  });
}

/** The lines without repetitions: derivations of several parameters share most of theirs. */
function distinct(steps: readonly Step[]): Step[] {
  const found = new Map<unknown, Step>();
  for (const step of steps) {
    const equation = equationKey(step);
    const key = equation === undefined ? step : `${step.rule}: ${equation}`;
    if (!found.has(key)) found.set(key, step);
  }
  return [...found.values()];
}

interface Instance {
  readonly step: Step;
  readonly layer: number;
}

/** What stands for the units of the layer before in lines of layers above a layer, one of a name. */
function unitsBefore(instances: readonly Instance[]): (layer: number) => readonly Quantity[] {
  const known = new Map<number, readonly Quantity[]>();
  return (layer) => {
    const found = known.get(layer);
    if (found) return found;
    const units = instances
      .filter((one) => one.layer > layer)
      .flatMap((one) => quantitiesIn(one.step).filter((unit) => numberOf(unit) === one.layer - 1));
    const byName = new Map(units.map((unit) => [layerName(unit.name)!.base, unit]));
    const result = [...byName.values()];
    known.set(layer, result);
    return result;
  };
}

/** `a^{(0)} = x` */
function aliasText(
  { input, model: of }: Alias,
  layer: number,
  model: Model,
  options: NotationOptions,
): string {
  const notation = new Notation(options, namesOf(model));
  const { base } = notation.parts(of);
  const before = joined({ base, ...notation.layerScript(`${layer - 1}`) });
  return `${before} = ${notation.symbol(input)}`;
}

/** Whether the line is of a δ: what it is computed from may be of no layer. */
function isDelta({ left }: Step, deltas: Deltas): boolean {
  const quantity = left.kind === "scalar" ? sideQuantities(left)[0] : undefined;
  return quantity?.role === "adjoint" && deltas.has(quantity.of!);
}

function keyOf({ left, right, range }: Equation): string {
  return `${left} = ${right} ${range}`;
}

/** The layer of a quantity; of what has a δ, also the layer of that. */
function numberOf(quantity: Quantity, deltas?: Deltas): number | undefined {
  const layer = layerName(quantity.name)?.layer ?? deltas?.get(quantity);
  return layer === undefined ? undefined : Number(layer);
}

function quantitiesIn({ left, right }: Step): Quantity[] {
  return [left, right].flatMap((side) => sideQuantities(side)).flatMap(named);
}

function named(quantity: Quantity): Quantity[] {
  const { numerator, of, role } = quantity;
  if (!numerator || !of) return [quantity];
  return role === "adjoint" ? [of] : [numerator, of];
}

function sideQuantities(side: Side): Quantity[] {
  if (side.kind === "scalar") return references([side.expression]).map(({ quantity }) => quantity);
  if (side.kind === "matrix") return matrixQuantities(side.matrix);
  return [];
}

function matrixQuantities(matrix: MatrixExpression): Quantity[] {
  if (matrix.kind === "quantity" || matrix.kind === "slice") return [matrix.quantity];
  return operands(matrix).flatMap(matrixQuantities);
}

/** Writes layer numbers relative to one layer: l for it, l − 1 for the one before. */
class LayerNotation extends Notation {
  readonly letter: string;
  /** Whether the letter was written. */
  isUsed = false;

  private readonly layer: number;
  private readonly alias: Alias | undefined;

  constructor(
    options: NotationOptions,
    model: Model,
    deltas: Deltas,
    line: {
      readonly layer: number;
      readonly alias?: Alias | undefined;
      readonly letter?: string | undefined;
    },
  ) {
    super(options, namesOf(model), deltas);
    this.layer = line.layer;
    this.alias = line.alias;
    this.letter = line.letter ?? LAYER_LETTERS.find((one) => !model.scope.has(one)) ?? "l";
  }

  override parts(quantity: Quantity): SymbolParts {
    if (this.alias?.input === quantity) {
      return this.shifted(super.parts(this.alias.model), numberOf(this.alias.model)!, -1);
    }
    const number = numberOf(quantity);
    const parts = super.parts(quantity);
    return number === undefined ? parts : this.shifted(parts, number, number - this.layer);
  }

  override adjoint(of: Quantity): SymbolParts | undefined {
    const parts = super.adjoint(of);
    const number = Number(this.deltas.get(of) ?? NaN);
    return parts && !Number.isNaN(number)
      ? this.shifted(parts, number, number - this.layer)
      : parts;
  }

  /** The layer's number in a script replaced by l, l − 1 or l + 1. */
  private shifted(parts: SymbolParts, number: number, offset: number): SymbolParts {
    const text =
      offset === 0 ? this.letter : `${this.letter}${offset < 0 ? "-" : "+"}${Math.abs(offset)}`;
    const replaced = (script: string | undefined): string | undefined => {
      const result = script?.replace(new RegExp(`(?<!\\d)${number}(?!\\d)`), text);
      this.isUsed ||= result !== script;
      return result;
    };
    const { base, sub, sup } = parts;
    return {
      base,
      ...(sub === undefined ? {} : { sub: replaced(sub)! }),
      ...(sup === undefined ? {} : { sup: replaced(sup)! }),
    };
  }

  /** Layers differ in size: sums run over all units, and ranges are left out. */
  override sumRange(letter: Letter, names: LetterNames): string {
    return `_{${names.of(letter)}}`;
  }

  override range(): string {
    return "";
  }
}
