/**
 * Numbers that may be less precise than they look: whole ones that end in zeros, because they were rounded or because
 * the data do; of few bits, rounded to a 16-bit format or exact, as k/128 is for a mean of signs over 128 examples; or
 * doubles that were computed from singles. As they look they are wrong where
 * some mistake explains them to all digits, which a rounded gradient would match by chance only, or where they are
 * differences of the loss; else they are judged as less precise ones.
 */
import type { Claim } from "../claims/claims.js";
import { digitsOf, type Evidence, isOneNumber, isWithinOwnErrors } from "../claims/evidence.js";
import { asArrays } from "../claims/array-formats.js";
import { type Judged, readAs, rejudged } from "../claims/judged.js";
import { Company } from "../claims/company.js";
import { type CutOff, readCutOff } from "../claims/cut-off.js";
import { DOUBLE_PRECISION, toNearest } from "../claims/precision.js";
import { bitReadings, partlySingle, roundedReadings } from "../claims/readings.js";
import type { Quantity } from "../../expression/quantity.js";
import type { CheckedPoint } from "../../language/point.js";
import type { Catalogue } from "../mutants/catalogue.js";
import type { Bench } from "../pass/bench.js";
import type { Model } from "../../language/model.js";
import type { Cause, Diagnosis } from "../result.js";
import { diagnose } from "./diagnose.js";
import { Displacement } from "./displacement.js";
import { givenDifferences, largestOf } from "./given-differences.js";
import { arePromoted } from "./promoted.js";

/** No single mistake is more surprising. Two at once are not sought. */
const MOST_SINGLE = 5;
/** Errors of more roundings are hardly all alike because every operation rounded. */
const MANY_ROUNDINGS = 4;
/** Fewer entries together are all explained by whatever is fitted to them. */
const FEWEST_FAR = 4;

/** How claims are read in the end. */
export interface Coarse {
  readonly judged: readonly Judged[];
  /** In a way in which some of those that are wrong may be meant. */
  readonly perhaps?: Perhaps | undefined;
}

/** Claims in a way in which they would be right, which too few numbers tell. */
export interface Perhaps {
  readonly judged: readonly Judged[];
  /** What would have been done to a claim: `it was rounded to whole numbers`. */
  readonly how: string;
}

/**
 * The claims, those read as less precise that are wrong as they look without an explanation.
 * @param claims what was given at each point
 * @param exact the same, judged as `Company` reads it
 */
export function readCoarsely(
  catalogue: Catalogue,
  points: readonly CheckedPoint[],
  benches: readonly Bench[],
  claims: readonly (readonly Claim[])[],
  exact: readonly Judged[],
): Coarse {
  if (isRight(exact)) return { judged: exact };
  const arrays = asArrays(claims, exact);
  const coarse = readTogether(catalogue, points, benches, claims, exact, arrays);
  // what is right as it was printed itself is so beside others that are wrong
  const judged = coarse.judged.map((one, k) =>
    one.evidence.ok || !arrays[k]!.evidence.ok ? one : arrays[k]!,
  );
  return { ...coarse, judged };
}

/** @param arrays the claims, each in a format of its own in which it is right */
function readTogether(
  catalogue: Catalogue,
  points: readonly CheckedPoint[],
  benches: readonly Bench[],
  claims: readonly (readonly Claim[])[],
  exact: readonly Judged[],
  arrays: readonly Judged[],
): Coarse {
  const { model } = catalogue.backward;
  const explain: Explain = (read, counts = isKnown) =>
    explained(catalogue, points, benches, read, counts);
  const cut = isRight(arrays) ? undefined : readCutOff(exact);
  if (cut?.isSure) {
    if (!isMistaken(exact, explain)) return { judged: cut.judged };
    return { judged: exact, perhaps: cut.areLong ? perhapsCut(cut) : undefined };
  }
  const formats: Rounded = isRight(arrays) ? { right: arrays } : asRounded(claims, exact, explain);
  const told = formats.perhaps ? undefined : formats.told;
  const rounded = formats.right ?? asFewBits(claims, exact, explain) ?? told;
  const read = rounded ?? asPartlySingle(model, points, benches, claims, exact);
  if (read) {
    const fine = rounded ? inFull(claims, exact) : exact;
    const evidences = fine.map(({ evidence }) => evidence);
    const differences = givenDifferences(model, points[0]!, evidences, { fromSingles: !rounded });
    const mistaken = compelling(fine, read, explain(fine));
    const judged = exact.map((one, k) => {
      const { quantity } = one.evidence;
      if (mistaken.has(quantity)) return fine[k]!;
      return differences.get(quantity)?.isSure ? one : read[k]!;
    });
    return { judged, perhaps: cut && perhapsCut(cut) };
  }
  if (cut) return { judged: exact, perhaps: perhapsCut(cut) };
  const { perhaps } = formats;
  if (!perhaps) return { judged: exact };
  const fine = inFull(claims, exact);
  const mistaken = compelling(fine, perhaps.judged, explain(fine));
  const known = (of: readonly Judged[]): readonly Judged[] =>
    of.map((one, k) => (mistaken.has(one.evidence.quantity) ? fine[k]! : one));
  return { judged: known(exact), perhaps: { ...perhaps, judged: known(perhaps.judged) } };
}

function isRight(read: readonly Judged[]): boolean {
  return read.every(({ evidence }) => evidence.ok);
}

function perhapsCut({ judged, direction }: CutOff): Perhaps {
  return { judged, how: `its digits were ${direction.text}, not rounded to the nearest` };
}

/** Numbers of few digits that are exact are so to all digits of a double, but for those that were printed. */
function inFull(
  claims: readonly (readonly Claim[])[],
  exact: readonly Judged[],
): readonly Judged[] {
  if (exact.some(({ evidence }) => isPrinted(evidence))) return exact;
  return readAs(
    claims.map(() => () => DOUBLE_PRECISION),
    exact,
  );
}

/** The claims that a single mistake explains, of those that count. */
type Explain = (
  read: readonly Judged[],
  counts?: (mistake: Diagnosis) => boolean,
) => ReadonlySet<Quantity>;

function isKnown({ cause }: Diagnosis): boolean {
  return cause !== "unknown";
}

/** Mistakes with a number of their own, a term or a rate. */
const FITTED: ReadonlySet<Cause> = new Set(["extra-term", "wrong-variable"]);

/** Whether a mistake has no number that would be fitted to errors of one sign; 2 and 1/2 are not fitted, 0.98 is. */
function isStructural(mistake: Diagnosis): boolean {
  const { cause, factor } = mistake;
  const isFactor = typeof factor === "number";
  const isSimple = !isFactor || Number.isInteger(factor) || Number.isInteger(1 / factor);
  return isKnown(mistake) && !FITTED.has(cause) && isSimple;
}

/** Whether a single mistake explains all that is wrong, had nothing been cut off. */
function isMistaken(rounded: readonly Judged[], explain: Explain): boolean {
  const nearest = rounded.map((one) => rejudged(one, toNearest));
  const mistaken = explain(nearest, isStructural);
  return rounded.every(({ evidence: { ok, quantity } }) => ok || mistaken.has(quantity));
}

/** Digits that a mistake must explain beyond those of a reading in which there is none: so many mistakes are tried. */
const FEWEST_EXPLAINED = 8;

/**
 * Of the claims that a mistake explains those that are wrong in the coarser reading, too, and all where it explains more
 * than a mistake would by chance.
 */
function compelling(
  fine: readonly Judged[],
  coarse: readonly Judged[],
  mistaken: ReadonlySet<Quantity>,
): ReadonlySet<Quantity> {
  const explained = fine.flatMap(({ evidence }, k) =>
    mistaken.has(evidence.quantity) ? [{ evidence, coarser: coarse[k]!.evidence }] : [],
  );
  const gained = explained.reduce(
    (sum, { evidence, coarser }) => sum + digitsOf(evidence) - digitsOf(coarser),
    0,
  );
  const told =
    gained < FEWEST_EXPLAINED ? explained.filter(({ coarser }) => !coarser.ok) : explained;
  return new Set(told.map(({ evidence }) => evidence.quantity));
}

/** The claims that a single mistake of some kind explains, read as they are. */
function explained(
  catalogue: Catalogue,
  points: readonly CheckedPoint[],
  benches: readonly Bench[],
  read: readonly Judged[],
  counts: (mistake: Diagnosis) => boolean,
): ReadonlySet<Quantity> {
  // of errors as small as those of explanations these tell nothing
  const evidences = read.flatMap(({ evidence }) =>
    evidence.ok || !isWithinOwnErrors(evidence) ? evidence : [],
  );
  const found = diagnose(catalogue, points, benches, evidences, MOST_SINGLE);
  const alike = new Set(evidences.filter(isOneNumber).map(({ quantity }) => quantity));
  const known = [...found].filter(([quantity, all]) =>
    all.some((mistake) => counts(mistake) && (isStructural(mistake) || !alike.has(quantity))),
  );
  return new Set(known.map(([quantity]) => quantity));
}

function isPrinted({ exhibits }: Evidence): boolean {
  return exhibits.some(({ precision: { kind } }) => kind === "printed");
}

/** Claims in formats that round whole numbers, too. */
interface Rounded {
  /** In the likeliest in which all are right, those included in which all were rounded to one side. */
  readonly right?: readonly Judged[] | undefined;
  /** In the likeliest that the numbers tell. */
  readonly told?: readonly Judged[] | undefined;
  /** In the likeliest in which all would be right, had the numbers digits enough to tell. */
  readonly perhaps?: Perhaps | undefined;
}

function asRounded(
  claims: readonly (readonly Claim[])[],
  exact: readonly Judged[],
  explain: Explain,
): Rounded {
  const all = roundedReadings(claims.flat()).map(({ reading, ...rounded }) => {
    const read = readAs(
      claims.map(() => reading),
      exact,
    );
    return { read, ...rounded };
  });
  const enough = all.filter(({ isEnough }) => isEnough);
  const told = enough.find(({ isTold }) => isTold)?.read;
  const right = enough.find(({ read }) => isRight(read))?.read;
  if (right) return { right, told, perhaps: undefined };
  let perhaps: Perhaps | undefined;
  for (const { read, text, isEnough } of all) {
    const cut = isRight(read) ? undefined : readCutOff(read);
    const judged = cut?.judged ?? read;
    if (!isRight(judged)) continue;
    if (isEnough && cut?.isSure && !isMistaken(read, explain)) {
      return { right: judged, told, perhaps: undefined };
    }
    perhaps ??= { judged, how: `it was ${cut?.direction.text ?? "rounded"} to ${text}` };
  }
  return { right: undefined, told, perhaps };
}

/**
 * Rounded last of all, where the claims are right as such, or where a mistake explains errors of several roundings;
 * else with every operation. Rounding with every operation leads to errors of a few roundings that differ from entry to
 * entry: what is fitted to few of them, or to smaller ones, explains whatever is near.
 */
function asFewBits(
  claims: readonly (readonly Claim[])[],
  exact: readonly Judged[],
  explain: (read: readonly Judged[]) => ReadonlySet<Quantity>,
): readonly Judged[] | undefined {
  const ways = claims.map(bitReadings);
  if (ways.includes(undefined)) return undefined;
  const last = readAs(
    ways.map((way) => way?.last),
    exact,
  );
  if (last.every(({ evidence }) => evidence.ok)) return last;
  const throughout = readAs(
    ways.map((way) => way?.throughout),
    exact,
  );
  const mistaken = explain(last);
  const far = last.filter(({ evidence }) => mistaken.has(evidence.quantity) && isFar(evidence));
  const backing = far.reduce((sum, one) => sum + entriesOf(one.evidence), 0);
  if (backing < FEWEST_FAR) return throughout;
  return last.map((one, k) => (far.includes(one) ? one : throughout[k]!));
}

/** Whether the errors of a claim are mostly of several roundings. */
function isFar({ exhibits }: Evidence): boolean {
  const errors = exhibits.flatMap(({ claim: { entries }, right, precision }) =>
    Array.from(entries, (given, k) => Math.abs(given - right.entries[k]!) / precision.slack(given)),
  );
  const middle = errors.sort((a, b) => a - b)[errors.length >> 1] ?? 0;
  return middle > MANY_ROUNDINGS;
}

function entriesOf({ exhibits }: Evidence): number {
  return exhibits.reduce((sum, { claim }) => sum + claim.entries.length, 0);
}

/**
 * Undefined where nothing tells that singles were in play: small errors may be mistakes. A program that gives some
 * gradients in singles has them in the others too, which a mask of whole numbers or a sum that starts at a double
 * made doubles.
 */
function asPartlySingle(
  model: Model,
  points: readonly CheckedPoint[],
  benches: readonly Bench[],
  claims: readonly (readonly Claim[])[],
  exact: readonly Judged[],
): readonly Judged[] | undefined {
  const single = claims.map(partlySingle);
  if (single.includes(undefined)) return undefined;
  const read = readAs(
    single.map((one) => one && (() => one)),
    exact,
  );
  const changed = read.flatMap((one, k) => {
    const { evidence } = exact[k]!;
    return one.evidence.ok && !evidence.ok ? [evidence] : [];
  });
  if (changed.length === 0) return undefined;
  if (claims.some((all) => new Company(all).tellsSingles())) return read;
  const accepted = read.flatMap(({ evidence }) => (evidence.ok ? [evidence] : []));
  const isRead = comeFromSingles(points, benches, changed) || arePromoted(model, points, accepted);
  return isRead ? read : undefined;
}

/**
 * Whether the errors of claims are what rounding the points to singles leads to: then the data were singles.
 * Errors of another origin, such as those of differences, know nothing of it.
 */
function comeFromSingles(
  points: readonly CheckedPoint[],
  benches: readonly Bench[],
  evidences: readonly Evidence[],
): boolean {
  const displacement = new Displacement();
  for (const [k, { entries }] of points.entries()) {
    const bench = benches[k]!;
    const rounded = new Map(
      [...entries].map(([quantity, list]) => [quantity, list.map(Math.fround)]),
    );
    bench.visit(rounded, () => {
      for (const { quantity, exhibits } of evidences) {
        const { claim, right } = exhibits[k]!;
        const there = bench.adjoints.get(quantity);
        // long axes are sampled
        if (there?.length !== claim.entries.length) continue;
        const largest = largestOf(right.entries);
        for (const [position, given] of claim.entries.entries()) {
          const own = right.entries[position]!;
          displacement.note((given - own) / largest, (there[position]! - own) / largest);
        }
      }
    });
  }
  return displacement.isSeen;
}
