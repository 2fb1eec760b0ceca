/** What is wrong with one statement, everything before it being right. */
import type { Model } from "../../language/model.js";
import { printSyntax } from "../../language/print.js";
import type { Quantity } from "../../expression/quantity.js";
import { shapeText } from "../../expression/size.js";
import { arrangement, type Claim } from "../claims/claims.js";
import { Bench } from "../pass/bench.js";
import { catalogueOf } from "../mutants/catalogue.js";
import { diagnose } from "../search/diagnose.js";
import { type Evidence, type Exhibit, isNearlyRight } from "../claims/evidence.js";
import { diagnosisOf, type Fault } from "../explanations/hypothesis.js";
import { DOUBLE_PRECISION } from "../claims/precision.js";
import type { Diagnosis } from "../result.js";
import { isBefore } from "../alone/confusions.js";
import { Backward } from "../pass/backward.js";
import { numberOf } from "./agreement.js";
import { isUnbounded } from "./bounding.js";
import type { Identity } from "./identify.js";
import type { Late } from "./usual-constants.js";
import { adjointName, derivativeText } from "../explanations/words.js";
import { spelledOut, withNames } from "./named-parts.js";
import { inOwnWords } from "./own-names.js";
import { fitOfState, type Line } from "./lines.js";
import type { Repair, Repairer } from "./repair.js";
import { scaledBack } from "./scaled-back.js";
import type { Site } from "./site.js";

export interface Explained {
  readonly diagnosis: readonly Diagnosis[];
  /** The repaired statement. */
  readonly repair: string | undefined;
}

/** Explanations of one statement that are told. */
const MOST_TOLD = 3;
/** Points whose numbers are explained. */
const MOST_POINTS = 3;
/** Repairs up to this cost are one mistake. */
const SINGLE = 2;
/** No single mistake is more surprising. */
const MOST_SINGLE = 5;
/** Beside such a repair, explanations that surprise so much more are not told. */
const MUCH_MORE = 0.5;

/**
 * @param identity what the statement holds, with everything before it right
 * @param repairer finds variants of the statement that are right
 * @param late the constant that the statement leaves to others
 * @param known what the statement has the right derivatives by
 * @param own what statements call derivatives
 * @param names what statements call parts of the model's statements
 */
export function explain(
  model: Model,
  line: Line,
  identity: Identity | undefined,
  repairer: Repairer | undefined,
  sites: readonly Site[],
  late: Late | undefined,
  known: ReadonlySet<Quantity>,
  own: ReadonlyMap<Quantity, string>,
  names: ReadonlyMap<string, string>,
): Explained {
  const { formula, corrected } = line;
  const { name } = formula;
  const other = otherQuantity(model, line, identity);
  const explanations: Diagnosis[][] = [];
  const tell = (faults: readonly Diagnosis[]): void => {
    const causes = causesOf(faults);
    const isTold = explanations.some((one) => causesOf(one) === causes);
    if (isTold || explanations.length >= MOST_TOLD || faults.length === 0) return;
    explanations.push(faults.map((one) => ({ ...one, explanation: explanations.length + 1 })));
  };
  const tellRepair = (repair: Repair | undefined): void => {
    if (repair) tell(repair.faults.map((fault) => diagnosisOf(fault, name)));
  };
  const explained = (repair: Repair | undefined): Explained => ({
    diagnosis: explanations.flat(),
    repair:
      repair && `${name} = ${printSyntax(spelledOut(model, withNames(repair.syntax, names)))}`,
  });
  const single = repairer?.single();
  // what is another derivative as it stands is not two mistakes away from this one
  const double = (): Repair | undefined => (other ? undefined : repairer?.double());
  if (corrected.kind === "misshapen") {
    const repair = single ?? double();
    const shape: Fault = { cause: "shape", say: () => corrected.error.message };
    // what is turned, put together otherwise, or without a factor is why the shapes disagree
    const reasons = new Set(["transposed", "shape", "missing-factor"]);
    const faults = repair?.faults ?? [];
    const isSaid = faults.some(({ cause }) => reasons.has(cause));
    tell(
      (isSaid ? faults : [shape, ...faults]).map((fault) =>
        isSaid && reasons.has(fault.cause)
          ? { ...diagnosisOf(fault, name), text: `${fault.say(name)} (${corrected.error.message})` }
          : diagnosisOf(fault, name),
      ),
    );
    return explained(repair);
  }
  if (corrected.kind === "blocked") {
    const fault: Fault = {
      cause: "shape",
      say: (claim) => `${claim} uses ${corrected.by}, which has no value`,
    };
    tell([diagnosisOf(fault, name)]);
    return explained(undefined);
  }
  if (single && tellsMore(model, single, line, other)) tellRepair(single);
  if (other) tell([diagnosisOf(other, name)]);
  const isSimple = single !== undefined && single.cost < SINGLE;
  const atMost = isSimple ? single.cost + MUCH_MORE : Infinity;
  const { intended } = line;
  const toldAs = (text: string): string =>
    intended ? inOwnWords(text, { of: intended, name }, own, model) : text;
  const numeric = fromNumbers(model, line, sites, late, known, atMost).map((one) => ({
    ...one,
    text: toldAs(late ? withConstant(one, late, known) : one.text),
  }));
  const first = numeric.filter(({ explanation }) => explanation === 1);
  if (isSimple && !(isRenaming(single) && isPathLeftOut(model, line, first))) tellRepair(single);
  const isKnown = !first.some(({ cause }) => cause === "unknown" || cause === "shape");
  if (isKnown) tell(first);
  // two changes of a statement say nothing beside one mistake that explains its numbers
  const isOne = isKnown && first.length === 1;
  const repair =
    single ?? (isOne ? undefined : double()) ?? (isKnown ? undefined : repairer?.expanded());
  tellRepair(repair);
  const misfit = shapeFault(line);
  if (misfit) tell([diagnosisOf(misfit, name)]);
  if (explanations.length === 0) tell(first);
  return explained(repair ?? repairer?.confirmed(scaledBack(formula.statement.expression, first)));
}

/**
 * Whether a repair tells more than that the statement holds another derivative: a sign or a sum was lost,
 * one of the quantities that a derivative is multiplied with was taken for another, or left out: what is
 * then left may be the derivative by another parameter, that of a bias for that of a weight.
 */
function tellsMore(
  model: Model,
  { faults, cost }: Repair,
  line: Line,
  other: Fault | undefined,
): boolean {
  if (cost >= SINGLE) return false;
  const held = other?.details?.().is;
  const holdsParameter = model.params.some(({ name }) => name === held);
  const isSign = faults.every(({ cause }) => cause === "sign");
  const isFactor = faults.every(({ cause }) => cause === "missing-factor");
  const isOfModel = faults.every(({ details }) => {
    const used = details?.().used;
    return used !== undefined && model.scope.has(used);
  });
  // what claims nothing holds another derivative by accident
  const isOpen = line.formula.claims === undefined;
  const isLost = isOpen || isSign || isOfModel || (isFactor && holdsParameter);
  return isLost || shapeFault(line) !== undefined;
}

/** Whether a name stands in place of another one. */
function isRenaming({ faults }: Repair): boolean {
  return faults.every(({ cause }) => cause === "wrong-variable");
}

/**
 * Whether one of several uses of a quantity was forgotten. Where what is left and the whole are written
 * alike, 2·(a − p) for 2·(n − p), a name put in place of another is a coincidence.
 */
function isPathLeftOut(model: Model, { intended }: Line, faults: readonly Diagnosis[]): boolean {
  const uses = intended ? Backward.of(model).into(intended) : [];
  const froms = new Set(uses.map(({ from }) => from));
  return froms.size > 1 && faults.length === 1 && faults[0]!.cause === "missing-term";
}

function causesOf(faults: readonly Diagnosis[]): string {
  return faults
    .map(({ cause }) => cause)
    .sort()
    .join(" ");
}

/** The derivative by something else, unless its author had only not got as far as this one. */
function otherQuantity(
  model: Model,
  { intended, formula }: Line,
  identity: Identity | undefined,
): Fault | undefined {
  const held = identity?.isExact ? identity.derivativeBy : undefined;
  if (!held || !intended || held === intended) return undefined;
  if (isBefore(Backward.of(model), held, intended)) return undefined;
  const wanted = formula.claims ? "is claimed" : "belongs";
  return {
    cause: "other-quantity",
    details: () => ({ is: held.name }),
    say: (claim) =>
      `${claim} holds ${derivativeText(model, held)} where ${derivativeText(model, intended)} ${wanted}`,
  };
}

/**
 * A term is told of the derivative; where the statement holds it times a constant, and nothing in the term does,
 * the term has that constant, too.
 */
function withConstant(
  { cause, text, term = text }: Diagnosis,
  late: Late,
  known: ReadonlySet<Quantity>,
): string {
  const isTerm = cause === "missing-term" || cause === "extra-term";
  const isOfDerivatives = [...known].some((quantity) => term.includes(adjointName(quantity)));
  return isTerm && !isOfDerivatives ? `${text}, times ${late.text} here` : text;
}

/** What the search cannot see: its numbers are doubles. */
const NEARLY_RIGHT: Fault = {
  cause: "unknown",
  say: (claim) =>
    `${claim} is nearly right: it differs in late digits only, so that its numbers tell no cause; compare its constants`,
};

/** What doubles cannot hold at any point. */
const TOO_SMALL: Fault = {
  cause: "unknown",
  say: (claim) =>
    `${claim} is wrong, but it is 0 in double precision at all points that were drawn, and so is the right derivative: such numbers tell no cause; compare its constants`,
};

function shapeFault(line: Line): Fault | undefined {
  const { corrected, intended } = line;
  if (corrected.kind !== "valued" || !intended) return undefined;
  const fit = fitOfState(corrected, intended);
  if (fit === "fits") return undefined;
  const [given, wanted] = [corrected.reading.quantity.shape, intended.shape].map(shapeText);
  return {
    cause: fit === "transposed" ? "transposed" : "shape",
    say: (claim) => `${claim} has the wrong shape: it is ${given!}, ${intended.name} is ${wanted!}`,
  };
}

/** Whether one mistake explains a statement's numbers. */
export function hasSimpleCause(
  model: Model,
  line: Line,
  sites: readonly Site[],
  late: Late | undefined,
  known: ReadonlySet<Quantity>,
): boolean {
  const found = fromNumbers(model, line, sites, late, known, MOST_SINGLE);
  return found.length > 0 && found.every(({ cause }) => cause !== "unknown" && cause !== "shape");
}

/** What the search among mistaken derivations makes of the statement's numbers. */
function fromNumbers(
  model: Model,
  line: Line,
  sites: readonly Site[],
  late: Late | undefined,
  known: ReadonlySet<Quantity>,
  atMost: number,
): readonly Diagnosis[] {
  const { formula, intended, corrected } = line;
  if (corrected.kind !== "valued" || !intended) return [];
  const exhibitAt = (site: Site): Exhibit => {
    const constant = late ? numberOf(late.at(site.sizes)) : 1;
    const entries = corrected.values.get(site)!.numbers.map((one) => one / constant);
    const lengths = corrected.reading.quantity.shape.map((size) => size.evaluate(site.sizes));
    const right = site.adjointOf(intended).numbers.map((one) => one / constant);
    const claim: Claim = {
      quantity: intended,
      label: adjointName(intended),
      lengths,
      entries,
      isSingle: false,
    };
    return {
      claim,
      precision: DOUBLE_PRECISION,
      sizes: site.sizes,
      right: { entries: right, spread: right.map(Math.abs), blur: new Float64Array(right.length) },
    };
  };
  // where no mask differs, a wrong mask is right: such points say nothing
  const isRightAt = (exhibit: Exhibit): boolean =>
    isNearlyRight({ quantity: intended, ok: false, exhibits: [exhibit] });
  const telling = sites
    .map((site) => ({ site, exhibit: exhibitAt(site) }))
    .sort((a, b) => Number(isRightAt(a.exhibit)) - Number(isRightAt(b.exhibit)))
    .slice(0, MOST_POINTS);
  const exhibits = telling.map(({ exhibit }) => exhibit);
  if (exhibits.some(({ claim }) => !claim.entries.every(Number.isFinite))) return [];
  // sizes may coincide at a point: one arrangement must hold at all of them
  const arrangements = new Set(exhibits.map(({ claim, sizes }) => arrangement(claim, sizes)));
  if (arrangements.size > 1) return [];
  const evidence: Evidence = {
    quantity: intended,
    ok: false,
    exhibits,
    isUnbounded: isUnbounded(line),
  };
  if (isNearlyRight(evidence)) {
    const isZero = exhibits.every(({ right }) => right.entries.every((one) => one === 0));
    return [diagnosisOf(isZero ? TOO_SMALL : NEARLY_RIGHT, formula.name)];
  }
  const points = telling.map(({ site }) => site.point);
  const backward = Backward.of(model);
  const benches = points.map((point) => new Bench(backward, point, new Set([intended]), { known }));
  const catalogue = catalogueOf(backward, benches[0]!, false);
  return diagnose(catalogue, points, benches, [evidence], atMost).get(intended) ?? [];
}
