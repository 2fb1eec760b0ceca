/**
 * Derivatives that so many digits cannot tell from 0. That of a bias before a normalisation is 0, because terms cancel;
 * where functions are flat at all points that were found, more digits may tell one from 0.
 */
import type { Quantity } from "../../expression/quantity.js";
import type { Model } from "../../language/model.js";
import type { Line } from "./lines.js";
import type { Sites } from "./points.js";
import { type Site, SiteMaker } from "./site.js";

/**
 * Whether more digits tell a derivative from 0 that those of the deciding points do not.
 * @param digits significant digits of every operation
 */
export function areToldBy(
  digits: number,
  model: Model,
  { judges }: Sites,
  lines: readonly Line[],
): boolean {
  const precise = judges.filter(({ precision }) => precision.isPrecise);
  const [base] = precise;
  if (!base) return false;
  const intended = new Set(lines.flatMap((line) => line.intended ?? []));
  const doubtful = [...intended].filter((one) => precise.every((site) => isDoubtful(one, site)));
  if (doubtful.length === 0) return false;
  const site = new SiteMaker(model, digits).precise(base.at);
  return doubtful.some((one) => site.adjointOf(one).rests < base.adjointOf(one).rests);
}

/** Where no function is flat in all its entries, what is 0 in some is seen in the others. */
function isDoubtful(quantity: Quantity, site: Site): boolean {
  const adjoint = site.adjointOf(quantity);
  return adjoint.rests > 0 && (adjoint.areZero || !site.isAlive);
}
