/** Somebody who can answer at any point is asked at several. */
import type { Model } from "../language/model.js";
import type { Point } from "../language/point.js";
import { hear, type Hearing, type OnStage, type Testimony } from "./hearing.js";
import { inputConditions, labelNote, usualLabels } from "./power/labels.js";
import { unreachedNotes } from "./power/points.js";

const OWN_DATA = "give a point, and its data decide";

export interface InterviewOptions {
  /** Whether the labels of the points are the asker's own, and no others are tried. */
  readonly isDecided: boolean;
  readonly onStage?: OnStage | undefined;
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
): Generator<Point, Hearing, Testimony> {
  const hearing = yield* heardOfLabels(model, points, options);
  const conditions = options.isDecided ? [] : inputConditions(model, points);
  const unreached = hearing.isRight && points.length > 1 ? unreachedNotes(model, points) : [];
  const taken =
    conditions.length > 0
      ? [labelNote(undefined, { condition: conditions.join(" and ") }, OWN_DATA)]
      : [];
  return { ...hearing, notes: [...hearing.notes, ...taken, ...unreached] };
}

/**
 * Asks at each point, and hears the answers. What is wrong at arbitrary labels is asked again with labels of each
 * usual kind: who writes a backward pass for one-hot labels is right, and a note states the kind.
 */
function* heardOfLabels(
  model: Model,
  points: readonly Point[],
  { isDecided, onStage }: InterviewOptions,
): Generator<Point, Hearing, Testimony> {
  const general = yield* heardAt(model, points, onStage);
  if (isDecided) return general;
  let best = general;
  let note: string | undefined;
  let isRefuted = false;
  // what arbitrary labels never show, such as Y == 1, is right if some kind of labels finds it so
  for (const labels of usualLabels(model, points, general.isRight)) {
    const special = yield* heardAt(model, labels.points, onStage);
    if (general.isRight && special.isRight) return general;
    const still = wrongAt(special);
    const isFirst = general.isRight && !isRefuted;
    if (!isFirst && still.length >= wrongAt(best).length) continue;
    isRefuted = general.isRight;
    best = special;
    const right = wrongAt(general).filter((name) => !still.includes(name));
    const subject = `${right.join(", ")} ${right.length === 1 ? "is" : "are"}`;
    note = labelNote(right.length > 0 ? subject : undefined, labels, OWN_DATA);
    if (special.isRight) break;
  }
  return note === undefined ? best : { ...best, notes: [...best.notes, note] };
}

function wrongAt({ judged }: Hearing): readonly string[] {
  return judged.flatMap(({ evidence: { ok, quantity } }) => (ok ? [] : quantity.name));
}

function* heardAt(
  model: Model,
  points: readonly Point[],
  onStage: OnStage | undefined,
): Generator<Point, Hearing, Testimony> {
  const testimonies: Testimony[] = [];
  for (const point of points) testimonies.push(yield point);
  return hear(model, testimonies, onStage);
}
