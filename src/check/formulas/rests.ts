/**
 * Derivatives that so many digits cannot tell from 0. That of a bias before a normalisation is 0, because terms cancel;
 * that of tanh(500 x) is small where tanh is flat, and the same digits say no more of it. Nearer to 0, or with more
 * digits, the second is a number like others.
 */
import type { Quantity } from "../../expression/quantity.js";
import type { Model } from "../../language/model.js";
import { type Point, readPoint } from "../../language/point.js";
import { InputError } from "../../language/source.js";
import { randomPoint } from "../../numeric/random.js";
import type { Line } from "./lines.js";
import type { Sites } from "./points.js";
import { type Site, SiteMaker } from "./site.js";

/** How large entries are, times usual ones, at points where functions are less flat. */
const NEARER = [1e-2, 1e-4];

/** Points near 0 that tell derivatives from 0 which the deciding points do not. */
export function pointsNearZero(model: Model, sites: Sites, lines: readonly Line[]): Point[] {
  const doubtful = doubtfulOf(sites, lines);
  if (doubtful.length === 0) return [];
  const { seed, like } = sites.draws;
  const base = sites.judges[0]!;
  const found: Point[] = [];
  for (const spread of NEARER) {
    const point = pointOf(model, base, { seed, like: like && readPoint(model, like), spread });
    const near = point && sites.with([point]).judges[0]!;
    if (near && tellsMore(near, base, doubtful)) found.push(point);
  }
  return found;
}

/**
 * Whether more digits tell a derivative from 0 that those of the deciding points do not.
 * @param digits significant digits of every operation
 */
export function areToldBy(
  digits: number,
  model: Model,
  sites: Sites,
  lines: readonly Line[],
): boolean {
  const doubtful = doubtfulOf(sites, lines);
  if (doubtful.length === 0) return false;
  const base = sites.judges[0]!;
  return tellsMore(new SiteMaker(model, digits).precise(base.at), base, doubtful);
}

/** What lines are to be the derivatives by, where no deciding point tells all entries from 0. */
function doubtfulOf({ judges }: Sites, lines: readonly Line[]): Quantity[] {
  const intended = new Set(lines.flatMap((line) => line.intended ?? []));
  const precise = judges.filter(({ precision }) => precision.isPrecise);
  if (precise.length === 0) return [];
  return [...intended].filter((one) => precise.every((site) => site.adjointOf(one).rests > 0));
}

function tellsMore(site: Site, base: Site, doubtful: readonly Quantity[]): boolean {
  return doubtful.some((one) => site.adjointOf(one).rests < base.adjointOf(one).rests);
}

/** A point of the same sizes; undefined where there is none. */
function pointOf(
  model: Model,
  { sizes }: Site,
  options: Parameters<typeof randomPoint>[1],
): Point | undefined {
  try {
    return randomPoint(model, { ...options, sizes: Object.fromEntries(sizes) });
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return undefined;
  }
}
