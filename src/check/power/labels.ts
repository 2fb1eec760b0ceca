/**
 * Kinds of labels that gradients are often right for only: softmax(z) − y needs y to sum to 1. Where no
 * point shows what the data are like, each kind is tried.
 */
import type { Quantity } from "../../expression/quantity.js";
import { nest, type NestedNumbers, type Point, readPoint } from "../../language/point.js";
import type { Model } from "../../language/model.js";
import { classesOf } from "../../numeric/classes.js";
import { type Draw, normalised, normalisedAxis, ofEntries } from "../../numeric/data.js";
import { labelAxes } from "../../numeric/distributions.js";
import { UsedPieces } from "../../numeric/pieces.js";
import { random } from "../../numeric/prng.js";
import { DEFAULT_SEED, isInDomain } from "../../numeric/random.js";
import { onceFor } from "../once.js";

/** Points with labels of a kind, and what is special about them: `each column of Y sums to 1`. */
export interface Labels {
  readonly points: readonly Point[];
  /** What has them. */
  readonly quantities: readonly Quantity[];
  readonly condition: string;
  /** The first of the points with labels moved a little from the only numbers of their kind, where it has such. */
  readonly beside: Point | undefined;
  /** Whether they use pieces of piecewise functions that the points do not use with their own labels. */
  readonly isTelling: boolean;
  /** Labels of kinds that are of this one too: what is right with these labels is right with those. */
  readonly stricter: () => readonly Labels[];
  /** Whether lines of them sum to 1. */
  readonly isSumming: boolean;
}

interface Kind {
  /** The axis along which each line is one label. */
  readonly axis?: number;
  /** The only numbers that are entries of such labels. */
  readonly numbers?: readonly number[];
  readonly draw: Draw;
  /** Other labels of the kind: where one had an effect, the other lets others have theirs. */
  readonly turn: (entries: Float64Array, lengths: readonly number[]) => Float64Array;
  readonly condition: (target: Quantity) => string;
}

const SIDES = [
  ["row", "column"],
  ["column", "row"],
] as const;

/** `Y`, or `each column of Y` for the lines along axis 0. */
function subject({ name, shape }: Quantity, axis: number): string {
  return shape.length < 2 ? name : `each ${SIDES[axis]![1]} of ${name}`;
}

function summing(labels: Quantity, axis: number): string {
  return `${subject(labels, axis)} sums to 1, as one-hot labels do`;
}

/** Each entry takes the place of the one before it along an axis. */
function shifted(axis: number): Kind["turn"] {
  return (entries, [rows, columns = 1]) =>
    entries.map((_, k) => {
      const [row, column] = [Math.floor(k / columns), k % columns];
      return axis === 0
        ? entries[((row + 1) % rows!) * columns + column]!
        : entries[row * columns + ((column + 1) % columns)]!;
    });
}

function lines(axis: number, isOneHot: boolean): Pick<Kind, "axis" | "numbers" | "draw" | "turn"> {
  const draw = normalised(axis, isOneHot);
  return {
    axis,
    ...(isOneHot ? { numbers: [0, 1] } : {}),
    draw: (lengths, generator) => ((lengths[axis] ?? 1) < 2 ? undefined : draw(lengths, generator)),
    turn: shifted(axis),
  };
}

/** Whether labels may run along an axis: not along examples, whose number the data fix, across classes. */
function mayRunAlong(axis: number, { shape }: Quantity): boolean {
  const isOfExamples = shape[axis] !== undefined && shape[axis].constant === undefined;
  return !(isOfExamples && shape[1 - axis]?.constant !== undefined);
}

/** Half of the entries one of two numbers, half the other. */
function eitherOf(numbers: readonly [number, number]): Pick<Kind, "numbers" | "draw" | "turn"> {
  const [one, other] = numbers;
  const draw = ofEntries((generator) => (generator.below(2) === 0 ? one : other));
  return {
    numbers,
    draw: (lengths, generator) => {
      const drawn = lengths.some((length) => length > 1) ? draw(lengths, generator) : undefined;
      // labels that are all the same say nothing of the other number
      return drawn?.every((entry) => entry === drawn[0])
        ? drawn.with(0, one + other - drawn[0]!)
        : drawn;
    },
    turn: (entries) => entries.map((entry) => one + other - entry),
  };
}

/** The least that may be assumed first. */
const KINDS: readonly Kind[] = [
  ...[0, 1].map((axis): Kind => ({
    ...lines(axis, false),
    condition: (target) => summing(target, axis),
  })),
  { ...eitherOf([0, 1]), condition: ({ name }) => `the entries of ${name} are 0 or 1` },
  ...[0, 1].map((axis): Kind => ({
    ...lines(axis, true),
    condition: (target) => `${subject(target, axis)} is one-hot`,
  })),
  { ...eitherOf([-1, 1]), condition: ({ name }) => `the entries of ${name} are 1 or -1` },
];

/**
 * Points with labels of each usual kind, for all targets that may be of it, in place of their own: whatever else
 * makes a gradient wrong there makes it wrong again, since no entry has the same label at all of them. Labels
 * that keep a function on one of its pieces say nothing of the others, and are left out. Of gradients that are right only
 * labels that show more are of use; of wrong ones inputs that stand where labels stand are tried last.
 * @param points at least one
 * @param isRight whether the gradients are right there
 */
export function* usualLabels(
  model: Model,
  points: readonly Point[],
  isRight: boolean,
): Generator<Labels> {
  for (const labels of labelsOf(model, points, model.targets)) {
    if (!isRight || labels.isTelling) yield labels;
  }
  if (!isRight) yield* labelsOf(model, points, inputsAsLabels(model));
}

/**
 * What is special about inputs that points have in place of labels, in words.
 * @param points whose data are alike; at least one
 */
export function inputConditions(model: Model, points: readonly Point[]): string[] {
  const checked = points.map((point) => readPoint(model, point));
  return model.inputs.flatMap((input) => {
    const axes = checked.map(({ entries, sizes }) =>
      normalisedAxis(
        entries.get(input)!,
        input.shape.map((size) => size.evaluate(sizes)),
      ),
    );
    const [axis] = axes;
    return axis !== undefined && axes.every((one) => one === axis) ? summing(input, axis) : [];
  });
}

/** Inputs that a cross-entropy compares with probabilities. */
function inputsAsLabels(model: Model): readonly Quantity[] {
  const axes = labelAxes(model, DEFAULT_SEED);
  return model.inputs.filter((input) => axes.has(input));
}

function* labelsOf(
  model: Model,
  points: readonly Point[],
  quantities: readonly Quantity[],
): Generator<Labels> {
  if (quantities.length === 0) return;
  const pieces = new UsedPieces(model, points);
  const classes = classesOf(model);
  const labelsOfKind = onceFor((kind: Kind): Labels | undefined => {
    // what numbers classes is no label of another kind
    const mayBe = (one: Quantity): boolean =>
      (classes.get(one)?.numbers ?? []).every((number) => kind.numbers?.includes(number));
    const labelled = points.map((point, k) => ({
      point,
      labels: drawLabels(model, point, quantities, kind, k + 1),
    }));
    const suited = quantities.filter(
      (one) => mayBe(one) && labelled.every(({ labels }) => labels.has(one)),
    );
    if (suited.length === 0) return undefined;
    const own = labelled.flatMap(({ point, labels }) =>
      [0, 1].map((turn): Point => ({
        ...point,
        ...Object.fromEntries(suited.map((one) => [one.name, labels.get(one)![turn]!])),
      })),
    );
    // log(Y) has no value where a label is 0
    if (!own.every((point) => isInDomain(model, point))) return undefined;
    const ownPieces = new UsedPieces(model, own);
    if (!ownPieces.include(pieces)) return undefined;
    return {
      points: own,
      quantities: suited,
      beside: besideOf(model, own[0]!, suited, kind),
      isTelling: ownPieces.beyond(pieces),
      isSumming: kind.axis !== undefined,
      condition: suited.map((one) => kind.condition(one)).join(" and "),
      stricter: () =>
        KINDS.filter((other) => isStricter(other, kind))
          .flatMap((other) => labelsOfKind(other) ?? [])
          .filter((one) => suited.every((label) => one.quantities.includes(label))),
    };
  });
  for (const kind of KINDS) {
    const labels = labelsOfKind(kind);
    if (labels) yield labels;
  }
}

/** Whether all labels of a kind are of another kind too. */
function isStricter(one: Kind, other: Kind): boolean {
  const isAlong = other.axis === undefined || other.axis === one.axis;
  const isAmong =
    !other.numbers || (one.numbers?.every((number) => other.numbers!.includes(number)) ?? false);
  return one !== other && isAlong && isAmong;
}

/**
 * What is said of labels of a kind.
 * @param subject what holds for such labels only, with its verb; undefined where mistakes are told for them
 * @param advice how one's own data decide
 */
export function labelNote(
  subject: string | undefined,
  { condition }: Pick<Labels, "condition">,
  advice: string,
): string {
  const what = subject
    ? `${subject} right where ${condition}, and wrong for other targets: `
    : `labels are taken to be usual ones: ${condition}; `;
  return what + advice;
}

/** How far labels are moved towards each other, of their distance: no rounding error, and no change of much else. */
const MOVED = 2 ** -20;

/** A point with labels moved from the numbers of their kind, inwards. */
function besideOf(
  model: Model,
  point: Point,
  quantities: readonly Quantity[],
  { numbers }: Kind,
): Point | undefined {
  if (!numbers) return undefined;
  const middle = numbers.reduce((sum, one) => sum + one, 0) / numbers.length;
  const { sizes, entries } = readPoint(model, point);
  const moved = quantities.map((one) => {
    const inwards = entries.get(one)!.map((entry) => entry + MOVED * (middle - entry));
    return [one.name, nest(one.shape, sizes, inwards)] as const;
  });
  return { ...point, ...Object.fromEntries(moved) };
}

/** Labels for quantities of a model, drawn and turned; none for those whose lengths allow none. */
function drawLabels(
  model: Model,
  point: Point,
  quantities: readonly Quantity[],
  { axis, draw, turn }: Kind,
  seed: number,
): ReadonlyMap<Quantity, readonly NestedNumbers[]> {
  const { sizes } = readPoint(model, point);
  const generator = random(seed);
  const labels = new Map<Quantity, readonly NestedNumbers[]>();
  for (const quantity of quantities) {
    const { shape } = quantity;
    if (axis !== undefined && !mayRunAlong(axis, quantity)) continue;
    const lengths = shape.map((size) => size.evaluate(sizes));
    const drawn = draw(lengths, generator);
    if (!drawn) continue;
    const both = [drawn, turn(drawn, lengths)];
    labels.set(
      quantity,
      both.map((one) => nest(shape, sizes, one) as NestedNumbers),
    );
  }
  return labels;
}
