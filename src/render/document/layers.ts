/**
 * The layers in general: lines that hold for several layers, written once with the layer as a
 * letter, z^{(l)} = W^{(l)} a^{(l−1)}. They are the checked lines of the layers, printed with their
 * numbers replaced; lines that then read the same are one.
 */
import { forwardPass } from "../../derivation/forward.js";
import { deriveSteps, type Form } from "../../derivation/derive.js";
import { equationKey } from "../../derivation/findings.js";
import {
  type Deltas,
  deltasOf,
  hasLayers,
  layerName,
  madeOfParameters,
  numberedParams,
} from "../../derivation/layers.js";
import { localDerivatives } from "../../derivation/local.js";
import { sideQuantities } from "../../derivation/side-quantities.js";
import type { Step } from "../../derivation/step.js";
import type { Workbench } from "../../derivation/workbench.js";
import { coefficients } from "../../expression/given.js";
import type { Quantity } from "../../expression/quantity.js";
import { references } from "../../expression/walk.js";
import type { Model } from "../../language/model.js";
import { said } from "../../language/sentence.js";
import { type GeneralLine, type LayerLine, withNotes } from "./layer-notes.js";
import { layersOfLetters, widthsOf } from "./layer-widths.js";
import { type Alias, aliasText, LayerNotation, numberOf } from "./layer-notation.js";
import {
  inOrder,
  isOfMatrices,
  LAST_DELTA,
  partOf,
  reasonOf,
  withoutPassing,
} from "./layer-order.js";
import type { Equation } from "../formula/aligned.js";
import { EquationPrinter } from "../formula/equations.js";
import type { NotationOptions } from "../notation/notation.js";

/** Of lines that are not those of the last layer alone. */
const OF_LOSS = said`The derivative of the loss.`;

/** The number of the last layer. */
const LAST_LAYER = "L";

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
  if (!hasLayers(model)) return [];
  const numbered = numberedParams(model);
  const { adjoints } = options;
  const derived = (form: Form): readonly Step[] =>
    numbered.flatMap(
      ({ name }) => deriveSteps(workbench, { wrt: name, form, adjoints }, numbered).steps,
    );
  const steps = distinct([
    ...forwardPass(workbench).steps,
    ...localDerivatives(workbench).steps,
    ...derived("index"),
    ...derived("matrix").filter(isOfMatrices),
    ...updates,
  ]).filter((step) => reasonOf(step) !== undefined && isOfAllEntries(step));
  const called: Deltas = deltasOf(model, undefined, adjoints);
  // the output is of the last layer, whatever the derivatives are called
  const deltas: Deltas = deltasOf(model, undefined);
  const families = new Map<string, Omit<LayerLine, "part" | "notes">>();
  /** What stands for inputs in the lines of a layer, by one that a higher layer has too: a^{(0)} = x. */
  const standing = new Map<string, Alias>();
  const placeOf = (layer: number, { name }: Quantity): string => `${layer} ${name}`;
  const seen = new Set<string>();
  const given = coefficients(model);
  const isInput = (one: Quantity): boolean => model.inputs.includes(one) && !given.has(one);
  const penalties = madeOfParameters(model);
  const widths = widthsOf(model);
  const printed = (step: Step, layer: number, alias?: Alias, letter?: string): Printed => {
    const letters = widths && layersOfLetters(step, widths);
    const notation = new LayerNotation(options, model, called, { layer, alias, letter, letters });
    const equation = new EquationPrinter(model, notation).equation(step);
    const { hasOpenRange } = notation;
    return { equation, letter: notation.isUsed ? notation.letter : undefined, hasOpenRange };
  };
  const instances = steps.flatMap((step) => {
    const used = quantitiesIn(step).filter((one) => !given.has(one));
    const numbers = used.map((one) => numberOf(one, deltas));
    const layers = numbers.filter((one) => one !== undefined);
    const isLayered =
      isDelta(step, deltas) ||
      isOfOutput(step, model, deltas) ||
      used.every(
        (one, position) =>
          one.role === "input" ||
          numbers[position] !== undefined ||
          (step.rule !== "definition" && penalties.has(one)),
      );
    return layers.length === 0 || !isLayered ? [] : [{ step, layer: Math.max(...layers) }];
  });
  const before = unitsBefore(instances);
  // the highest layers first: lower ones may have an input in place of a layer
  for (const { step, layer } of instances.toSorted((a, b) => b.layer - a.layer)) {
    const { equation: own, letter, hasOpenRange } = printed(step, layer);
    if (letter === undefined) continue;
    const inputs = quantitiesIn(step).filter(isInput);
    const aliases = inputs.flatMap((input) => before(layer).map((of) => ({ input, model: of })));
    const found = [undefined, ...aliases]
      .map((alias) => ({ alias, key: keyOf(alias ? printed(step, layer, alias).equation : own) }))
      .find(({ key }) => families.has(key));
    const [input, ...others] = inputs;
    if (found?.alias) standing.set(placeOf(layer, found.alias.input), found.alias);
    const alias = found ? found.alias : input && standing.get(placeOf(layer, input));
    if (!found && input && (!alias || others.length > 0)) continue;
    const equation = alias ? printed(step, layer, alias).equation : own;
    const key = keyOf(equation);
    if (seen.has(`${key} ${layer}`)) continue;
    seen.add(`${key} ${layer}`);
    const family = families.get(key) ?? {
      why: reasonOf(step)!,
      equation,
      letter,
      hasOpenRange,
      layers: [],
      steps: [],
      aliases: [],
    };
    families.set(key, {
      ...family,
      layers: [layer, ...family.layers],
      steps: [step, ...family.steps],
      aliases: alias
        ? [...family.aliases, aliasText(alias, layer, model, options)]
        : family.aliases,
    });
  }
  const last = Math.max(...instances.map(({ layer }) => layer));
  const lines = [...families.values()].map((line): GeneralLine => {
    const [step] = line.steps;
    const part = partOf(line.steps, last, deltas);
    // what holds in the last layer alone, because what follows has no layer
    const isOfLast = line.layers.every((layer) => layer === last);
    const isLast = isOfLast && !model.scope.has(LAST_LAYER);
    const why = !isOfLast && step!.rule === "derivative of the loss" ? OF_LOSS : line.why;
    const isOfLoss = part === LAST_DELTA || namesOutput(step!, model, deltas);
    if (!isLast || !isOfLoss) return { ...line, why, part };
    return { ...line, ...printed(step!, last, undefined, LAST_LAYER), letter: LAST_LAYER, part };
  });
  // where no two layers are defined alike there is nothing general
  const isGeneral = lines.some(
    ({ steps: [step], layers }) => step!.rule === "definition" && layers.length > 1,
  );
  if (!isGeneral) return [];
  return withNotes(inOrder(withoutPassing(lines), steps), workbench, called);
}

interface Printed {
  readonly equation: Equation;
  /** The letter of the layer; undefined where none stands in the line. */
  readonly letter: string | undefined;
  readonly hasOpenRange: boolean;
}

/** Whether a line names a definition of no layer, such as the output; the loss does not count. */
function namesOutput(step: Step, { loss }: Model, deltas: Deltas): boolean {
  return quantitiesIn(step).some(
    (one) => one.role === "definition" && one !== loss && numberOf(one, deltas) === undefined,
  );
}

/**
 * Whether a line is the local derivative of what is of no layer by the last layer, such as that of the output, or by a
 * parameter, such as that of a penalty on all weights.
 */
function isOfOutput({ rule, left }: Step, { loss, params }: Model, deltas: Deltas): boolean {
  if (rule !== "local derivative" || left.kind !== "scalar") return false;
  const { numerator, of } = references([left.expression])[0]?.quantity ?? {};
  if (!numerator || !of || numerator === loss) return false;
  const last = Math.max(...params.map((one) => numberOf(one) ?? 0));
  const isOfLast = numberOf(of, deltas) === last;
  return numberOf(numerator, deltas) === undefined && (isOfLast || params.includes(of));
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

/** Whether the line is of a δ: what it is computed from may be of no layer. */
function isDelta({ left }: Step, deltas: Deltas): boolean {
  const [quantity] = sideQuantities(left);
  return quantity?.role === "adjoint" && deltas.has(quantity.of!);
}

function keyOf({ left, right, range }: Equation): string {
  return `${left} = ${right} ${range}`;
}

function quantitiesIn({ left, right }: Step): Quantity[] {
  return [left, right].flatMap((side) => sideQuantities(side)).flatMap(named);
}

/** What a derivative is by, and of; what a loss of no layer has directly is of its parameter's layer. */
function named(quantity: Quantity): Quantity[] {
  const { numerator, of, role, isDirect } = quantity;
  if (!numerator || !of) return [quantity];
  const isOfNone = isDirect === true && layerName(numerator.name) === undefined;
  return role === "adjoint" || isOfNone ? [of] : [numerator, of];
}
