/** What the points at which formulas are decided can show. */
import type { Model } from "../../language/model.js";
import { unreachedPieces } from "../../numeric/piece-search.js";
import { Backward } from "../pass/backward.js";
import { Bench } from "../pass/bench.js";
import { catalogueOf } from "../mutants/catalogue.js";
import { beyond } from "../power/beyond.js";
import { distinct } from "../power/exposure.js";
import { knownMistakes } from "../power/mistakes.js";
import { numbersForSizes } from "../power/numbers-for-sizes.js";
import { hiddenMistake } from "../power/words.js";
import type { Power } from "../result.js";
import type { Line } from "./lines.js";
import type { Sites } from "./points.js";

/**
 * The known mistakes in the claimed derivatives that show at the first point that decides. The
 * points are drawn with distinct sizes and away from kinks, and what changes nothing at a generic
 * point is no mistake: none of them is hidden but those on pieces that no point comes to.
 */
export function formulaPower(model: Model, { judges }: Sites, lines: readonly Line[]): Power {
  const wanted = new Set(lines.flatMap(({ formula: { claims } }) => claims ?? []));
  const [first] = judges;
  if (!first || wanted.size === 0) return { exposed: 0, total: 0, hidden: [] };
  const backward = Backward.of(model);
  const bench = new Bench(backward, first.point, wanted);
  const known = knownMistakes(catalogueOf(backward, bench, false), bench, [...wanted]);
  const { mistakes, silent } = distinct(known, bench);
  const points = judges.map(({ at }) => at);
  const pieces = silent.length > 0 ? unreachedPieces(model, points) : [];
  const hidden = [
    ...beyond(backward, bench, silent, pieces).map((one) => hiddenMistake(one, one.why)),
    ...numbersForSizes(
      model,
      judges.map(({ point }) => point),
    ),
  ];
  return {
    exposed: mistakes.length,
    total: mistakes.length + hidden.length,
    hidden,
  };
}
