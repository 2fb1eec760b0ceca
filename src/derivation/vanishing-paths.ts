/** Which of many paths to an entry are shown: none along which a local derivative is 0. */
import { isZero } from "../expression/predicates.js";
import type { Entry, Path, PathGraph } from "../forms/paths.js";
import type { Partial, Route } from "../forms/route.js";
import { derivativeAtom, distinct, enumerated, said, type Sentence } from "../language/sentence.js";

export interface ShownPaths {
  /** How many paths there are. */
  readonly count: bigint;
  /** The first of those that are not left out. */
  readonly listed: readonly Path[];
  /** How many are left out, because a local derivative is 0. */
  readonly vanishing: bigint;
  /** What is said of these. */
  readonly told: readonly Sentence[];
}

/** The paths to an entry; where there are more than `limit`, those that are 0 are left out. */
export function shownPaths(
  route: Route,
  paths: PathGraph,
  entry: Entry,
  limit: number,
): ShownPaths {
  const all = paths.paths(entry, limit);
  const zeros = all.count > BigInt(all.listed.length) ? vanishingPartials(route) : [];
  if (zeros.length === 0) return { ...all, vanishing: 0n, told: [] };
  const names = new Set(zeros.map(({ partial }) => partial.quantity.name));
  const others = paths
    .without(({ of, wrt }) => names.has(route.partialOf(of.quantity, wrt.quantity)!.quantity.name))
    .paths(entry, limit);
  const vanishing = all.count - others.count;
  if (vanishing === 0n) return { ...all, vanishing, told: [] };
  const through = enumerated(
    zeros.map(({ partial: { numerator, of } }) => derivativeAtom(numerator, of)),
  );
  const which = zeros.length === 1 ? said`${through}, which is 0,` : said`${through}, which are 0,`;
  const told = said`${vanishing.toString()} of them lead through ${which} and are left out.`;
  const reasons = distinct(zeros.flatMap((one) => one.reasons));
  return { count: all.count, listed: others.listed, vanishing, told: [told, ...reasons] };
}

interface Vanishing {
  readonly partial: Partial;
  readonly reasons: readonly Sentence[];
}

/** The local derivatives on a route that are 0 for all entries, by sums that are. */
function vanishingPartials(route: Route): Vanishing[] {
  return route.partials.flatMap((partial) => {
    const { expression, reasons } = route.shortened(partial.expression);
    return isZero(expression) ? [{ partial, reasons }] : [];
  });
}
