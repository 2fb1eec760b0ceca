/** Constant factors that people forget or put in: their names and how surprising they are. */
import type { SizeValues } from "../../expression/size.js";
import type { Model } from "../../language/model.js";
import { type Evidence, informative, nearestRatio, ratio, reproduces } from "../claims/evidence.js";
import { type Ratio, ratioOf, type RatioOptions } from "./ratios.js";

/** A constant factor between what was given and what explains it. */
export interface Factor {
  /** At the first point; it differs between points where it depends on a size: N/5 is 1 there by chance. */
  readonly value: number;
  /** A number, or a size such as `1/N`. */
  readonly name: number | string;
  readonly cost: number;
  /** A negative factor that looks like an update step. */
  readonly isStep: boolean;
}

/** A factor that is known at every point. */
export interface FactorOfSizes extends Factor {
  readonly at: (sizes: SizeValues) => number;
}

/** A factor that is the same at all points. */
export function constant(value: number, cost: number, name: number = value): FactorOfSizes {
  return { value, at: () => value, name, cost, isStep: false };
}

const UNIT = constant(1, 0);

/** Whether a factor changes nothing at any point. */
export function isUnit({ name }: Pick<Factor, "name">): boolean {
  return name === 1;
}

/** Whether a factor is a wrong sign and nothing else. */
export function isMinus({ name }: Pick<Factor, "name">): boolean {
  return name === -1;
}

interface Candidate {
  readonly name: number | string;
  readonly cost: number;
  readonly value: (sizes: SizeValues) => number;
}

const PLAIN: readonly Candidate[] = [
  2,
  1 / 2,
  4,
  1 / 4,
  3,
  1 / 3,
  10,
  1 / 10,
  6,
  1 / 6,
  8,
  1 / 8,
].map((number, position) => ({ name: number, cost: position < 2 ? 1 : 1.2, value: () => number }));

/** Combinations of a size with small numbers, as in N, 1/N, 2/N. */
function sized(name: string, size: (sizes: SizeValues) => number): Candidate[] {
  return [
    { name, cost: 1, value: size },
    { name: `1/${name}`, cost: 1, value: (sizes) => 1 / size(sizes) },
    { name: `2*${name}`, cost: 1.4, value: (sizes) => 2 * size(sizes) },
    { name: `${name}/2`, cost: 1.4, value: (sizes) => size(sizes) / 2 },
    { name: `2/${name}`, cost: 1.4, value: (sizes) => 2 / size(sizes) },
    { name: `1/(2*${name})`, cost: 1.4, value: (sizes) => 1 / (2 * size(sizes)) },
    { name: `${name}^2`, cost: 1.4, value: (sizes) => size(sizes) ** 2 },
    { name: `1/${name}^2`, cost: 1.4, value: (sizes) => size(sizes) ** -2 },
    // a variance with and without Bessel's correction
    { name: `${name}/(${name}-1)`, cost: 1.4, value: (sizes) => size(sizes) / (size(sizes) - 1) },
    { name: `(${name}-1)/${name}`, cost: 1.4, value: (sizes) => 1 - 1 / size(sizes) },
  ];
}

/** Numbers of outputs, over which a mean may be taken: alone, and together with a size. */
function counted(count: number, names: readonly string[]): Candidate[] {
  return [
    { name: count, cost: 1.1, value: () => count },
    { name: 1 / count, cost: 1.1, value: () => 1 / count },
    { name: count / 2, cost: 1.2, value: () => count / 2 },
    { name: 2 / count, cost: 1.2, value: () => 2 / count },
    ...names.flatMap((name): Candidate[] => [
      { name: `${count}*${name}`, cost: 1.3, value: (sizes) => count * sizes.get(name)! },
      { name: `1/(${count}*${name})`, cost: 1.3, value: (sizes) => 1 / (count * sizes.get(name)!) },
    ]),
  ];
}

/** The lengths of the targets' axes that the model itself fixes. */
function targetLengths({ targets }: Model): number[] {
  const lengths = targets.flatMap(({ shape }) => shape.map(({ constant }) => constant ?? 1));
  return [...new Set(lengths)].filter((length) => length > 1);
}

/** Lengths of axes beyond this many are not combined. */
const MOST_LENGTHS = 8;

/** A mean over another axis than the right one, or over both; a scale √d that is left out. */
function ofLengths(model: Model): Candidate[] {
  const shapes = [...model.inputs, ...model.targets, ...model.params].flatMap(({ shape }) => shape);
  const all = [...shapes, ...model.definitions.flatMap(({ quantity }) => quantity.shape)];
  const lengths = [...new Map(all.map((size) => [size.toString(), size])).values()]
    .filter((size) => !size.isOne)
    .slice(0, MOST_LENGTHS);
  return lengths.flatMap((one): Candidate[] => {
    const name = one.toString();
    const length = (sizes: SizeValues): number => one.evaluate(sizes);
    const pairs = lengths.flatMap((other): Candidate[] => {
      const quotient = (sizes: SizeValues): number => length(sizes) / other.evaluate(sizes);
      const product = (sizes: SizeValues): number => length(sizes) * other.evaluate(sizes);
      if (other === one) return [];
      const second = other.toString();
      return [
        // more than a number of the model that is left out
        { name: `${name}/${second}`, cost: 1.65, value: quotient },
        { name: `${name}*${second}`, cost: 1.4, value: product },
        { name: `1/(${name}*${second})`, cost: 1.4, value: (sizes) => 1 / product(sizes) },
      ];
    });
    return [
      { name: `sqrt(${name})`, cost: 1.3, value: (sizes) => Math.sqrt(length(sizes)) },
      { name: `1/sqrt(${name})`, cost: 1.3, value: (sizes) => 1 / Math.sqrt(length(sizes)) },
      { name: one.constant ?? name, cost: 1.2, value: length },
      { name: `1/${name}`, cost: 1.2, value: (sizes) => 1 / length(sizes) },
      ...pairs,
    ];
  });
}

const LEAST_FACTOR = 1e-9;

/** What a factor costs that is no number that people write. */
export const ARBITRARY = 3.8;

/** An evidence's numbers in declared order at each point, and what should explain them. */
export interface Proposal {
  readonly given: readonly ArrayLike<number>[];
  readonly explained: readonly ArrayLike<number>[];
  /** The size of what the explained numbers are sums of, where they may cancel. */
  readonly summed?: readonly number[];
}

/**
 * The factor by which an explanation reproduces a claim at all points, 1 included; undefined where
 * there is none. A factor without a name must be backed by at least `backing` entries.
 * @param known further numbers that a factor may be
 */
export function constantFactor(
  model: Model,
  evidence: Evidence,
  { given, explained, summed = [] }: Proposal,
  backing = 2,
  known: readonly number[] = [],
): FactorOfSizes | undefined {
  const { exhibits } = evidence;
  const isAll = (factor: (sizes: SizeValues) => number): boolean =>
    exhibits.every((one, k) =>
      reproduces(given[k]!, explained[k]!, one, factor(one.sizes), summed[k]),
    );
  if (given.some((numbers, k) => numbers.length !== explained[k]!.length)) return undefined;
  if (isAll(() => 1)) return UNIT;
  const measured = exhibits.map((one, k) => ratio(given[k]!, explained[k]!, one, summed[k]));
  const [first] = measured;
  if (first === undefined || measured.includes(undefined)) return undefined;
  if (!isFactor(first)) return undefined;
  if (isAll(() => -1)) return constant(-1, 1);
  const { sizes } = exhibits[0]!;
  const sign = Math.sign(first);
  const candidates = candidatesOf(model, known);
  const exact = candidates.find(({ value }) => isAll((all) => sign * value(all)));
  if (exact && sign > 0) return factorOf(exact, sizes, 1);
  const short = shortest(first, (value) => isAll(() => value));
  const isOfSize = typeof exact?.name === "string";
  if (sign < 0 && short !== undefined && Math.abs(short) < 0.5 && (!isOfSize || isRate(short))) {
    return { ...constant(short, 1.2), isStep: true };
  }
  if (exact) return factorOf(exact, sizes, -1);
  const ofSize = multipleOfSize(model, exhibits, first, isAll);
  if (ofSize) return ofSize;
  if (!isAll(() => first)) return undefined;
  const count = exhibits.reduce((total, one) => total + informative(one), 0);
  if (short !== undefined && count >= backing) {
    return constant(short, 1.8);
  }
  if (count < backing + 1) return undefined;
  const rounded = Number(first.toPrecision(6));
  // what would be told as a short number is not that number
  if (rounded === Number(first.toPrecision(2))) return undefined;
  return constant(first, ARBITRARY, rounded);
}

/** A candidate, or what it is with a wrong sign. */
function factorOf(
  { name, value, cost }: Candidate,
  sizes: SizeValues,
  sign: 1 | -1,
): FactorOfSizes {
  if (sign === 1) return { value: value(sizes), at: value, name, cost, isStep: false };
  const negative = typeof name === "number" ? -name : `-${name}`;
  const at = (all: SizeValues): number => -value(all);
  return { value: at(sizes), at, name: negative, cost: cost + 1, isStep: false };
}

/** How far a factor that is measured in few digits may be off. */
const ROUGHLY = 0.1;

/** The sizes, and 1 divided by them, that come near a measured factor at the first point. */
export function sizesNear(model: Model, sizes: SizeValues, measured: number): FactorOfSizes[] {
  return model.sizes
    .flatMap((name) => sized(name, (all) => all.get(name)!).slice(0, 2))
    .filter(({ value }) => Math.abs(Math.abs(measured) / value(sizes) - 1) < ROUGHLY)
    .map((one) => factorOf(one, sizes, measured > 0 ? 1 : -1));
}

/** Ratios of whole numbers up to this are multiplied with sizes, and divide them. */
const MOST_TIMES = 6;
/** And whole numbers up to this, such as the batch size of a program's author. */
const MOST_WHOLE = 4096;
const SAME_RATIO = 1e-6;

/** A number times a size, or divided by one, which points of several sizes tell: 3N/2, N/32 where 32 stands for N. */
function multipleOfSize(
  model: Model,
  exhibits: Evidence["exhibits"],
  first: number,
  isAll: (factor: (sizes: SizeValues) => number) => boolean,
): FactorOfSizes | undefined {
  const { sizes } = exhibits[0]!;
  for (const name of model.sizes) {
    if (new Set(exhibits.map((one) => one.sizes.get(name))).size < 2) continue;
    for (const isOver of [false, true]) {
      const value = (all: SizeValues): number => (isOver ? 1 / all.get(name)! : all.get(name)!);
      const times = first / value(sizes);
      const ratio = quotientOf(Math.abs(times));
      if (!ratio) continue;
      const { over, under } = ratio;
      const at = (all: SizeValues): number => (Math.sign(first) * over * value(all)) / under;
      if (!isAll(at)) continue;
      const above = isOver ? `${over}` : timesName(over, name);
      const below = isOver ? timesName(under, name) : `${under}`;
      const text = below === "1" ? above : `${above}/${below.includes("*") ? `(${below})` : below}`;
      const signed = first < 0 ? `-${text}` : text;
      return { value: first, at, name: signed, cost: 1.8, isStep: false };
    }
  }
  return undefined;
}

function timesName(count: number, name: string): string {
  return count === 1 ? name : `${count}*${name}`;
}

/** The ratio of small whole numbers that a positive number is, or of 1 and a larger one. */
function quotientOf(times: number): Ratio | undefined {
  const found = ratioOf(times, {
    mostOver: (under) => (under === 1 ? MOST_WHOLE : MOST_TIMES),
    mostUnder: MOST_TIMES,
    tolerance: SAME_RATIO,
  });
  if (found) return found;
  const inverse = ratioOf(1 / times, {
    mostOver: () => MOST_WHOLE,
    mostUnder: 1,
    tolerance: SAME_RATIO,
  });
  return inverse && { over: 1, under: inverse.over };
}

function candidatesOf(model: Model, known: readonly number[] = []): Candidate[] {
  return [
    ...model.sizes.flatMap((name) => sized(name, (all) => all.get(name)!)),
    ...targetLengths(model).flatMap((count) => counted(count, model.sizes)),
    ...ofLengths(model),
    ...PLAIN,
    ...known.map((number): Candidate => ({ name: number, cost: 0.8, value: () => number })),
  ].sort((a, b) => a.cost - b.cost);
}

/** Numbers up to these, divided by each other, are ratios of what people write. */
const WRITTEN: RatioOptions = { mostOver: () => 100, mostUnder: 12, tolerance: SAME_RATIO };

/**
 * A factor that people write: one with a name, or a ratio of small whole numbers, as that of a wrong λ to the right
 * one is. Any other number was fitted to a coincidence.
 */
export function written(factor: FactorOfSizes): FactorOfSizes | undefined {
  if (factor.cost < ARBITRARY) return factor;
  const quotient = ratioOf(factor.value, WRITTEN);
  if (!quotient) return undefined;
  const value = quotient.over / quotient.under;
  return { ...factor, value, name: value, at: () => value };
}

/** A factor as it is told, with so many digits: whether it explains anything is to be seen with this number. */
export function asTold(factor: FactorOfSizes): FactorOfSizes {
  const { name } = factor;
  return typeof name === "number" ? { ...factor, value: name, at: () => name } : factor;
}

/** What differs by this much of the largest entry is the same but for labels that were rounded. */
const ROUNDED_LABELS = 1e-3;

/**
 * The factor by which the right derivative is nearly what was given: all but the difference that it
 * makes that labels were rounded, and do not quite sum to 1. Undefined where there is none.
 */
export function nearFactor(model: Model, { exhibits }: Evidence): Factor | undefined {
  const measured = exhibits.map(({ claim, right }) => nearestRatio(claim.entries, right.entries));
  const [first] = measured;
  const isNear = exhibits.every(({ claim, right }, k) => {
    const largest = claim.entries.reduce((most, entry) => Math.max(most, Math.abs(entry)), 0);
    return claim.entries.every(
      (entry, n) => Math.abs(entry - measured[k]! * right.entries[n]!) <= ROUNDED_LABELS * largest,
    );
  });
  if (first === undefined || !isNear) return undefined;
  const unit: Candidate = { name: 1, cost: 0, value: () => 1 };
  const found = [unit, ...candidatesOf(model)].find(({ value }) =>
    exhibits.every(({ sizes }, k) => Math.abs(measured[k]! / value(sizes) - 1) < ROUNDED_LABELS),
  );
  if (!found) return undefined;
  const value = found.value(exhibits[0]!.sizes);
  return { value, name: found.name, cost: found.cost, isStep: false };
}

/** Nobody's factor are ratios of what only rounding left over. */
function isFactor(value: number): boolean {
  const size = Math.abs(value);
  return size >= LEAST_FACTOR && size <= 1 / LEAST_FACTOR;
}

/** A number of at most two digits near a measured one, such as a learning rate. */
function shortest(value: number, isRight: (value: number) => boolean): number | undefined {
  return [1, 2]
    .map((digits) => Number(value.toPrecision(digits)))
    .find((rounded) => rounded !== 0 && isRight(rounded));
}

/** First digits of the learning rates that people choose: 0.1, 0.03, 0.05. */
const OF_RATES: readonly number[] = [1, 3, 5];

/** Whether a factor that may also be one of sizes, as -0.2 is of 5 examples, is likely to be a step's. */
function isRate(value: number): boolean {
  return OF_RATES.includes(Number(Math.abs(value).toExponential().split("e")[0]));
}
