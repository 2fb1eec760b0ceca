/** Points at which somebody who can answer any point is asked. */
import type { Model } from "../../language/model.js";
import { type Point, readPoint } from "../../language/point.js";
import { withDistributions } from "../../numeric/distributions.js";
import { UsedPieces } from "../../numeric/pieces.js";
import { pointsOnPieces, unreachedPieces } from "../../numeric/piece-search.js";
import { randomPoint } from "../../numeric/random.js";
import { modelText } from "../explanations/words.js";
import { informativePoint } from "./informative.js";

/** How many points are asked. */
const POINTS = 3;
/** And so many more on pieces that no draw comes to. */
export const FOR_PIECES = 3;
/** Draws that are given up because their sizes have been asked already, or no other piece is used. */
const MOST_REPEATS = 48;
/** After so many of them the entries are larger: some pieces begin far out. */
const PLAINLY_REPEATED = 24;
const WIDE = 4;

/**
 * Seeded random points, the first chosen to show as many known mistakes as it can. Each of the others uses a
 * piece of a piecewise function that those before it do not, as long as some are found; what is left then is
 * searched for. Where the model
 * has named sizes, each point has others, likewise: 1/5 is then told from 1/N. Labels of a cross-entropy sum
 * to 1.
 * @param like a point whose data those of the random ones are like
 */
export function askedPoints(
  model: Model,
  seed: number,
  like = withDistributions(model, seed),
): Point[] {
  const given = [...model.inputs, ...model.targets, ...model.params];
  if (given.length === 0) return [{}];
  const points: Point[] = [];
  const asked = new Set<string>();
  const pieces = new UsedPieces(model);
  let repeats = 0;
  for (let next = seed; points.length < POINTS; next++) {
    const isFirst = points.length === 0;
    const point = isFirst
      ? informativePoint(model, { seed: next, like })
      : randomPoint(model, { seed: next, like, spread: repeats < PLAINLY_REPEATED ? 1 : WIDE });
    const sizes = [...readPoint(model, point).sizes].join();
    const isRepeated = model.sizes.length > 0 && asked.has(sizes);
    const isTelling = isFirst || pieces.areAll || pieces.isNewAt(point);
    if ((isRepeated || !isTelling) && repeats++ < MOST_REPEATS) continue;
    asked.add(sizes);
    pieces.add(point);
    points.push(point);
  }
  return [...points, ...pointsOnPieces(model, points, { like, seed, most: FOR_PIECES })];
}

const RELATIONS: ReadonlyMap<number, string> = new Map([
  [-1, "<"],
  [0, "=="],
  [1, ">"],
]);

/**
 * What points do not show of piecewise functions, in sentences.
 * @param points that were drawn to use every piece; at least one
 */
export function unreachedNotes(model: Model, points: readonly Point[]): string[] {
  return unreachedPieces(model, points).map(
    ({ watch: { subject }, side }) =>
      `no point was found at which ${modelText(subject)} ${RELATIONS.get(side)!} 0: a mistake there is not seen`,
  );
}
