/** Somebody who can answer at any point is asked at several. */
import type { Model } from "../language/model.js";
import type { Point } from "../language/point.js";
import { hear, type Hearing, type OnStage, type Testimony } from "./hearing.js";
import { usualLabels } from "./power/labels.js";

export interface InterviewOptions {
  /** Whether the labels of the points are the asker's own, and no others are tried. */
  readonly isDecided: boolean;
  readonly onStage?: OnStage | undefined;
}

/**
 * Asks at each point, and hears the answers. What is wrong at arbitrary labels is asked again with labels of each
 * usual kind: who writes a backward pass for one-hot labels is right, and a note states the kind.
 * @param points at least one
 * @yields a point, for what is claimed there
 * @throws InputError as `hear` does.
 */
export function* interview(
  model: Model,
  points: readonly Point[],
  { isDecided, onStage }: InterviewOptions,
): Generator<Point, Hearing, Testimony> {
  const general = yield* heardAt(model, points, onStage);
  if (general.isRight || isDecided) return general;
  const wrongAt = ({ judged }: Hearing): readonly string[] =>
    judged.flatMap(({ evidence: { ok, quantity } }) => (ok ? [] : quantity.name));
  let best = general;
  let note: string | undefined;
  for (const { points: labelled, condition } of usualLabels(model, points)) {
    const special = yield* heardAt(model, labelled, onStage);
    const still = wrongAt(special);
    if (still.length >= wrongAt(best).length) continue;
    const right = wrongAt(general).filter((name) => !still.includes(name));
    const subject = `${right.join(", ")} ${right.length === 1 ? "is" : "are"}`;
    best = special;
    note = `${subject} right where ${condition}, and wrong for other targets: give a point, and its data decide`;
    if (special.isRight) break;
  }
  return note === undefined ? best : { ...best, notes: [...best.notes, note] };
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
