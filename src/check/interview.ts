/** Somebody who can answer at any point is asked at several. */
import type { Model } from "../language/model.js";
import type { Point } from "../language/point.js";
import { NotFiniteError } from "./claims/claims.js";
import { hear, type Hearing, type OnStage, type Testimony } from "./hearing.js";
import { inputConditions, type Labels, labelNote, usualLabels } from "./power/labels.js";
import { weighs } from "./power/proportional.js";
import { unreachedNotes } from "./power/points.js";

/** So many points with labels of a kind let mistakes be told. */
const FOR_DIAGNOSIS = 4;
const OWN_DATA = "give a point, and its data decide";
const ADVICE = `the points were drawn: where labels have to be 0 or 1, or inputs one-hot or whole numbers, ${OWN_DATA}`;

export interface InterviewOptions {
  /** Whether the labels of the points are the asker's own, and no others are tried. */
  readonly isDecided: boolean;
  readonly onStage?: OnStage | undefined;
}

type Asking = Generator<Point, Hearing, Testimony>;

/** Answers what is asked; the interview decides what an answer that is no testimony means. */
export function tell(asking: Asking, answer: () => Testimony): IteratorResult<Point, Hearing> {
  let testimony: Testimony;
  try {
    testimony = answer();
  } catch (error) {
    return asking.throw(error);
  }
  return asking.next(testimony);
}

/**
 * Asks at each point, and hears the answers. What several points that were drawn do not show of right gradients is
 * said in notes.
 * @param points at least one
 * @yields a point, for what is claimed there
 * @throws InputError as `hear` does.
 */
export function* interview(
  model: Model,
  points: readonly Point[],
  options: InterviewOptions,
): Asking {
  const hearing = yield* heardOfLabels(model, points, options);
  const conditions = options.isDecided ? [] : inputConditions(model, points);
  const unreached = hearing.isRight && points.length > 1 ? unreachedNotes(model, points) : [];
  const taken =
    conditions.length > 0
      ? [labelNote(undefined, { condition: conditions.join(" and ") }, OWN_DATA)]
      : [];
  const notes = [...hearing.notes, ...taken, ...unreached];
  return { ...hearing, notes, ...(options.isDecided ? {} : { advice: ADVICE }) };
}

/**
 * Asks at each point, and hears the answers. What is wrong at arbitrary labels is asked again with labels of each
 * usual kind: who writes a backward pass for one-hot labels is right, and a note states the kind. What compares labels
 * with the numbers of a kind is judged at labels of this kind.
 */
function* heardOfLabels(
  model: Model,
  points: readonly Point[],
  { isDecided, onStage }: InterviewOptions,
): Asking {
  const { hearing: general, unanswered } = yield* heardAt(model, points, onStage);
  // what is right elsewhere is not right where it has no numbers
  if (general.isRight && unanswered.length > 0) throw unanswered[0]!.error;
  const gaps = unanswered.map(
    ({ number, error: { message } }) => `at point ${number} ${message}; the other points tell`,
  );
  const told = (hearing: Hearing, ...notes: readonly string[]): Hearing => ({
    ...hearing,
    notes: [...hearing.notes, ...gaps, ...notes],
  });
  if (isDecided) return told(general);
  const { best, others } = yield* heardWithLabels(model, points, general, onStage);
  if (best) return told(best.hearing, best.note);
  if (general.isRight) return told(general);
  const supposed = function* (
    { labels, first }: Tried,
    points: readonly Point[],
  ): Generator<Point, Hearing | undefined, Testimony> {
    const special = yield* heardFurther(model, first.testimonies[0]!, points, onStage);
    return special && told(special, labelNote(undefined, labels, OWN_DATA));
  };
  for (const other of others) {
    if (!(yield* comparesLabels(model, other.labels, other.first))) continue;
    const special = yield* supposed(other, other.labels.points.slice(1));
    if (special) return special;
  }
  const summing: Hearing[] = [];
  for (const other of others) {
    const { isSumming, quantities, points: own } = other.labels;
    if (!isSumming || !weighs(model, points[0]!, quantities)) continue;
    const special = yield* supposed(other, own.slice(1, FOR_DIAGNOSIS));
    if (special) summing.push(special);
  }
  return { ...told(general), others: summing };
}

/** Labels of a kind, and what is heard at the first of their points. */
interface Tried {
  readonly labels: Labels;
  readonly first: Hearing;
}

/**
 * Asks with labels of each usual kind. What arbitrary labels never show, such as Y == 1, is right if some kind of labels
 * finds it so.
 * @param general what was heard at arbitrary labels
 * @returns what makes most of it right, with what is said of such labels, where some make more of it right; of what is
 * right, the first that refutes it, where all do
 */
function* heardWithLabels(
  model: Model,
  points: readonly Point[],
  general: Hearing,
  onStage: OnStage | undefined,
): Generator<
  Point,
  { best?: { hearing: Hearing; note: string }; others: readonly Tried[] },
  Testimony
> {
  let best: { hearing: Hearing; note: string } | undefined;
  const others: Tried[] = [];
  for (const labels of usualLabels(model, points, general.isRight)) {
    const isFirst = general.isRight && !best;
    const isBetter = (hearing: Hearing): boolean =>
      isFirst || wrongAt(hearing).length < wrongAt(best?.hearing ?? general).length;
    const heard = yield* heardOf(model, labels, isBetter, onStage);
    if (!heard) continue;
    const { first, special } = heard;
    if (general.isRight && special?.isRight) return { others };
    others.push({ labels, first });
    if (!special || !isBetter(special)) continue;
    const still = wrongAt(special);
    const right = wrongAt(general).filter((name) => !still.includes(name));
    const subject = `${right.join(", ")} ${right.length === 1 ? "is" : "are"}`;
    const note = labelNote(right.length > 0 ? subject : undefined, labels, OWN_DATA);
    best = { hearing: special, note };
    if (special.isRight) break;
  }
  return best ? { best, others } : { others };
}

/**
 * What is heard with labels of a kind; nothing where some gradient is no finite number. What is not better than with other
 * labels at the first point is asked at no other.
 */
function* heardOf(
  model: Model,
  { points: [point, ...rest] }: Labels,
  isBetter: (hearing: Hearing) => boolean,
  onStage: OnStage | undefined,
): Generator<Point, { first: Hearing; special?: Hearing } | undefined, Testimony> {
  const answer = yield* testimonyAt(point!, 1);
  if (!answer) return undefined;
  const first = hear(model, [answer], onStage);
  if (!isBetter(first)) return { first };
  const special = yield* heardFurther(model, answer, rest, onStage);
  return special && { first, special };
}

/** Labels are moved so little that only what compares them changes by more than this. */
const JUMP = 1e-3;

/** Whether answers jump where labels are no more the numbers of their kind: `y == 1` stands in the program. */
function* comparesLabels(
  model: Model,
  { beside }: Labels,
  special: Hearing,
): Generator<Point, boolean, Testimony> {
  if (!beside) return false;
  const answer = yield* testimonyAt(beside, 1);
  if (!answer) return false;
  const hearing = hear(model, [answer]);
  const pairs = special.judged.map(({ evidence: { exhibits } }, k) => [
    exhibits[0]!,
    hearing.judged[k]!.evidence.exhibits[0]!,
  ]);
  return (
    pairs.some(([one, other]) => jumps(one!.claim.entries, other!.claim.entries)) &&
    !pairs.some(([one, other]) => jumps(one!.right.entries, other!.right.entries))
  );
}

function jumps(one: Float64Array, other: Float64Array): boolean {
  const largest = one.reduce((most, entry) => Math.max(most, Math.abs(entry)), 0);
  return one.some((entry, k) => Math.abs(entry - other[k]!) > JUMP * largest);
}

function wrongAt({ judged }: Hearing): readonly string[] {
  return judged.flatMap(({ evidence: { ok, quantity } }) => (ok ? [] : quantity.name));
}

interface Heard {
  readonly hearing: Hearing;
  /** The points, from 1, where some gradient was no finite number. */
  readonly unanswered: readonly { readonly number: number; readonly error: NotFiniteError }[];
}

/** @throws what was thrown at the first point, where no point has an answer. */
function* heardAt(
  model: Model,
  points: readonly Point[],
  onStage: OnStage | undefined,
): Generator<Point, Heard, Testimony> {
  const testimonies: Testimony[] = [];
  const unanswered: { readonly number: number; readonly error: NotFiniteError }[] = [];
  for (const [k, point] of points.entries()) {
    const number = k + 1;
    try {
      testimonies.push({ ...(yield point), number });
    } catch (error) {
      if (!(error instanceof NotFiniteError)) throw error;
      unanswered.push({ number, error });
    }
  }
  if (testimonies.length === 0) throw unanswered[0]!.error;
  return { hearing: hear(model, testimonies, onStage), unanswered };
}

/** Nothing where some gradient is no finite number. */
function* testimonyAt(
  point: Point,
  number: number,
): Generator<Point, Testimony | undefined, Testimony> {
  try {
    return { ...(yield point), number };
  } catch (error) {
    if (error instanceof NotFiniteError) return undefined;
    throw error;
  }
}

/** What is heard at further points after the first; nothing where some gradient is no finite number there. */
function* heardFurther(
  model: Model,
  first: Testimony,
  points: readonly Point[],
  onStage: OnStage | undefined,
): Generator<Point, Hearing | undefined, Testimony> {
  const testimonies = [first];
  for (const [k, point] of points.entries()) {
    const testimony = yield* testimonyAt(point, k + 2);
    if (!testimony) return undefined;
    testimonies.push(testimony);
  }
  return hear(model, testimonies, onStage);
}
