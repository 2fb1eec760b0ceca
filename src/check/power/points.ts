/** Points at which somebody who can answer any point is asked. */
import type { Model } from "../../language/model.js";
import { type CheckedPoint, type Point, readPoint } from "../../language/point.js";
import { withDistributions } from "../../numeric/distributions.js";
import { neverAlive, pointsAlive } from "../../numeric/alive-search.js";
import { UsedPieces } from "../../numeric/pieces.js";
import { pointsOnPieces, unreachedPieces } from "../../numeric/piece-search.js";
import { randomPoint } from "../../numeric/random.js";
import type { Watch } from "../../numeric/watches.js";
import { modelText } from "../explanations/words.js";
import { informativePoint } from "./informative.js";
import { SizesSoFar } from "../../numeric/sizes-so-far.js";

/** How many points are asked. */
const POINTS = 3;
/** And so many more on pieces that no draw comes to. */
export const FOR_PIECES = 3;
/** And so many where functions are not flat that are so at the others. */
export const FOR_ALIVE = 3;
/** Draws that are given up because no other piece is used. */
const MOST_REPEATS = 48;
/** After so many of them the entries are larger: some pieces begin far out. */
const PLAINLY_REPEATED = 24;
const WIDE = 4;

/**
 * Seeded random points, the first chosen to show as many known mistakes as it can. Each of the others uses a
 * piece of a piecewise function that those before it do not, as long as some are found; what is left then is
 * searched for, and so are points where functions are not flat that are so at all of these, which come first. Each named size has another value at each, as far as the model allows it: 1/5 is then told from 1/N.
 * Labels of a cross-entropy sum to 1.
 * @param given a point at which is asked, too: data are like its data, and sizes are others
 */
export function askedPoints(model: Model, seed: number, given?: CheckedPoint): Point[] {
  if (model.inputs.length + model.targets.length + model.params.length === 0) return [{}];
  const like = given ?? withDistributions(model, seed);
  const points: Point[] = [];
  const sizes = new SizesSoFar(model, given ? [given] : []);
  const { earlier } = sizes;
  const pieces = new UsedPieces(model);
  let repeats = 0;
  for (let next = seed; points.length < POINTS; next++) {
    const isFirst = points.length === 0;
    const point = isFirst
      ? informativePoint(model, { seed: next, like, earlier })
      : randomPoint(model, {
          seed: next,
          like,
          earlier,
          spread: repeats < PLAINLY_REPEATED ? 1 : WIDE,
        });
    const checked = readPoint(model, point);
    const isTelling = isFirst || pieces.areAll || pieces.isNewAt(point);
    if (!isTelling && repeats++ < MOST_REPEATS) continue;
    sizes.add(checked);
    pieces.add(point);
    points.push(point);
  }
  const options = { like, seed };
  return [
    ...pointsAlive(model, points, { ...options, most: FOR_ALIVE }),
    ...points,
    ...pointsOnPieces(model, points, { ...options, most: FOR_PIECES }),
  ];
}

const RELATIONS: ReadonlyMap<number, string> = new Map([
  [-1, "<"],
  [0, "=="],
  [1, ">"],
]);

/**
 * What points do not show of piecewise functions, and of functions that are flat far out, in sentences.
 * @param points that were drawn to show all of them; at least one
 */
export function unreachedNotes(model: Model, points: readonly Point[]): string[] {
  const pieces = unreachedPieces(model, points).map(
    ({ watch: { subject }, side }) =>
      `no point was found at which ${modelText(subject)} ${RELATIONS.get(side)!} 0: a mistake there is not seen`,
  );
  const flat = neverAlive(model, points).map(
    (watch) =>
      `no point was found at which ${operandText(watch)}, where ${watch.operation} is not flat: a mistake there is not seen`,
  );
  return [...pieces, ...flat];
}

/** Where something does not saturate, in words. */
function operandText({ subject, reduced }: Watch): string {
  const text = modelText(subject);
  return reduced > 0 ? `two of ${text} are near each other` : `${text} is near 0`;
}
