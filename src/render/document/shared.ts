/**
 * What the derivations of one document have in common is written once: the adjoints that several of
 * them use, in the order of the backward pass, and the local derivatives of the paths. Derivations
 * themselves stay complete; a document takes shorter ones, which say where the rest stands.
 */
import type { Form } from "../../derivation/derive.js";
import { partNamedBy } from "../../derivation/parts.js";
import { sideQuantities } from "../../derivation/side-quantities.js";
import type { Side, Step } from "../../derivation/step.js";
import type { Quantity } from "../../expression/quantity.js";
import type { Model } from "../../language/model.js";
import { derivativeAtom, enumerated, said, titled } from "../../language/sentence.js";
import type { Derivation } from "../derivation.js";
import { isOfLocals, type Passage, StepsPassage } from "./passage.js";

export interface SharedPart {
  readonly form: Form;
  readonly passage: Passage;
}

/** The derivations of a document, and what they have in common. */
export interface Shared {
  /** What stands before the derivations of a form, in this order. */
  readonly parts: readonly SharedPart[];
  readonly derivations: readonly Derivation[];
}

/** Titles of the parts of adjoints, by the forms that go from quantity to quantity. */
const PARTS: ReadonlyMap<Form, string> = new Map([
  ["index", "The adjoints: index form"],
  ["matrix", "The adjoints: matrix form"],
  ["jacobian", "The Jacobians"],
]);

/** So many derivations over paths have their local derivatives with them. */
const COMPLETE_PATHS = 2;

/** @param before the passages of the document, the local derivatives among them */
export function shareSteps(
  model: Model,
  derivations: readonly Derivation[],
  before: readonly Passage[],
): Shared {
  const parts: SharedPart[] = [];
  const shorter = new Map<Derivation, Derivation>();
  const known = namedIn(before);
  const all = derivations.map((one) => withoutNames(one, known));
  for (const [form, title] of PARTS) {
    const first = all.find((one) => one.form === form);
    if (!first) continue;
    const own = all.filter((one) => one.form === form && haveSameNames(one, first));
    const common = commonSteps(own);
    if (common.size === 0) continue;
    const order = model.definitions.map(({ quantity }) => quantity).toReversed();
    const names = namesOfParts(own);
    const steps = [...[...names.values()].flat(), ...order.flatMap((of) => common.get(of) ?? [])];
    const { data, notation } = first;
    const { numbers, deltas } = data;
    const passage = new StepsPassage(title, model, { steps, numbers }, notation, deltas);
    parts.push({ form, passage });
    for (const one of own) {
      const rest = withoutNames(one, new Set(names.keys()));
      shorter.set(one, withoutAdjoints(rest, new Set(common.keys()), title));
    }
  }
  const byPaths = all.filter(({ form }) => form === "paths");
  if (byPaths.length > COMPLETE_PATHS) {
    for (const one of byPaths) shorter.set(one, withoutLocals(one, before));
  }
  for (const [place, one] of all.entries()) {
    const whole = all.slice(0, place).find((other) => isOfWhole(other, one));
    if (whole) shorter.set(one, entryAlone(shorter.get(one) ?? one));
  }
  return { parts, derivations: all.map((one) => shorter.get(one) ?? one) };
}

/** The parts of statements that some passages define. */
function namedIn(passages: readonly Passage[]): ReadonlySet<Quantity> {
  const steps = passages.flatMap((one) => (one instanceof StepsPassage ? one.data.steps : []));
  return new Set(steps.flatMap((step) => partNamedBy(step) ?? []));
}

/** The lines that say what parts of statements are, of each part those of the first derivation that has it. */
function namesOfParts(derivations: readonly Derivation[]): Map<Quantity, readonly Step[]> {
  const found = new Map<Quantity, readonly Step[]>();
  for (const { data } of derivations) {
    for (const part of data.steps.map(partNamedBy)) {
      if (!part || found.has(part)) continue;
      found.set(
        part,
        data.steps.filter((step) => partNamedBy(step) === part),
      );
    }
  }
  return found;
}

/** Without the lines that say what parts of statements are, which stand elsewhere. */
function withoutNames(derivation: Derivation, known: ReadonlySet<Quantity>): Derivation {
  const rest = derivation.data.steps.filter((step) => {
    const part = partNamedBy(step);
    return !part || !known.has(part);
  });
  return derivation.shortened(rest);
}

/** Whether a derivation is by the quantity, of which another one in this form is by an entry. */
function isOfWhole(whole: Derivation, { form, data: { target, deltas } }: Derivation): boolean {
  return (
    whole.form === form &&
    target.entry !== undefined &&
    whole.data.target.entry === undefined &&
    whole.data.target.quantity === target.quantity &&
    whole.data.deltas.size === deltas.size
  );
}

/** The entry of a derivative that stands above. */
function entryAlone(derivation: Derivation): Derivation {
  const { steps, model, target } = derivation.data;
  const start = steps.findIndex(({ rule }) => rule === "the entry");
  if (start < 0) return derivation;
  const whole = derivativeAtom(model.loss, target.quantity);
  return derivation.shortened(steps.slice(start), said`${whole} is found above.`);
}

/** Whether the same adjoints are called δ: one that is asked for itself is not. */
function haveSameNames({ data: { deltas } }: Derivation, { data }: Derivation): boolean {
  return deltas.size === data.deltas.size && [...deltas.keys()].every((of) => data.deltas.has(of));
}

/**
 * The steps of all adjoints on the way to some quantities, each from the first derivation that has
 * it; none where no two derivations by different quantities have one in common.
 */
function commonSteps(derivations: readonly Derivation[]): Map<Quantity, readonly Step[]> {
  const found = new Map<
    Quantity,
    { readonly by: Set<Quantity>; readonly steps: readonly Step[] }
  >();
  for (const { data } of derivations) {
    const target = data.target.quantity;
    const own = new Map<Quantity, Step[]>();
    for (const step of data.steps) {
      const of = differentiatedBy(step.left);
      if (of && of !== target) own.set(of, [...(own.get(of) ?? []), step]);
    }
    for (const [of, steps] of own) {
      const known = found.get(of);
      if (known) known.by.add(target);
      else found.set(of, { by: new Set([target]), steps });
    }
  }
  const isCommon = [...found.values()].some(({ by }) => by.size > 1);
  return new Map(isCommon ? [...found].map(([of, { steps }]) => [of, steps]) : []);
}

/** The quantity by which a side differentiates, as a whole or entry by entry. */
export function differentiatedBy(side: Side): Quantity | undefined {
  if (side.kind === "scalar") {
    return side.expression.kind === "reference" ? side.expression.quantity.of : undefined;
  }
  if (side.kind !== "matrix") return undefined;
  let node = side.matrix;
  while (node.kind === "transpose" || node.kind === "vec") node = node.of;
  return node.kind === "quantity" ? node.quantity.of : undefined;
}

function withoutAdjoints(
  derivation: Derivation,
  common: ReadonlySet<Quantity>,
  title: string,
): Derivation {
  const { steps, model, target } = derivation.data;
  const left = new Set<Quantity>();
  const rest = steps.filter((step) => {
    const of = differentiatedBy(step.left);
    // what was asked for stands in its own part, whoever else uses it
    if (!of || of === target.quantity || !common.has(of)) return true;
    left.add(of);
    return false;
  });
  // a derivative that is 0 by its local derivatives needs none of them
  if (!rest.some((step) => usesAdjoints(step, left))) return derivation.shortened(rest);
  const names = enumerated([...left].map((of) => derivativeAtom(model.loss, of)));
  const verb = left.size === 1 ? "is" : "are";
  return derivation.shortened(rest, said`${names} ${verb} found in the part ${titled(title)}.`);
}

/** Whether the derivatives by some quantities stand in a line, or are put into it. */
function usesAdjoints({ rule, left, right }: Step, of: ReadonlySet<Quantity>): boolean {
  if (rule === "substitution" || rule === "cancellation") return true;
  return [left, right]
    .flatMap(sideQuantities)
    .some((one) => one.of !== undefined && of.has(one.of));
}

/** Without the local derivatives that a part of the document has in general. */
function withoutLocals(derivation: Derivation, before: readonly Passage[]): Derivation {
  const isLocal = ({ rule }: Step): boolean => rule === "local derivative";
  const part = before.find(isOfLocals);
  if (!part) return derivation;
  const known = new Set(part.data.steps.filter(isLocal).map(({ left }) => partialOf(left)));
  const rest = derivation.data.steps.filter(
    (step) => !isLocal(step) || !known.has(partialOf(step.left)),
  );
  return derivation.shortened(
    rest,
    said`The local derivatives are found in the part ${titled(part.title)}.`,
  );
}

function partialOf(side: Side): string | undefined {
  const isReference = side.kind === "scalar" && side.expression.kind === "reference";
  return isReference ? side.expression.quantity.name : undefined;
}
