/** What is told of a statement in numbers: its worst entry, its digits, and at which point. */
import type { Quantity } from "../../expression/quantity.js";
import { DOUBLE_PRECISION } from "../claims/precision.js";
import { judge } from "../claims/verdict.js";
import { DIGITS } from "./agreement.js";
import { fitOfState, type Line } from "./lines.js";
import type { Sites } from "./points.js";
import type { FormulaCheck } from "./result.js";
import type { Site } from "./site.js";

/** The worst entry, at the given point or else where it is wrong first. */
export function numbersOf(line: Line, ok: boolean, sites: Sites) {
  const { judges } = sites;
  const quantity = line.intended;
  const site = shownSite(line, ok, sites);
  const lengths = (shape: Quantity["shape"]): number[] =>
    shape.map((size) => size.evaluate((site ?? judges[0]!).sizes));
  const base = digitsOf(line, sites);
  if (!quantity || line.written.kind !== "valued") {
    const shape = { given: [], expected: quantity ? lengths(quantity.shape) : [] };
    const worst = { entry: [], given: null, expected: null };
    return { ...base, maxError: null, worst, digitsAgreed: 0, shape };
  }
  const shape = {
    given: lengths(line.written.reading.quantity.shape),
    expected: lengths(quantity.shape),
  };
  if (!site || fitOfState(line.written, quantity) !== "fits") {
    const worst = { entry: [], given: null, expected: null };
    return { ...base, maxError: null, worst, digitsAgreed: 0, shape };
  }
  const right = site.adjointOf(quantity).told;
  const spread = right.map(Math.abs);
  const verdict = judge(
    { entries: line.written.values.get(site)!.told },
    { entries: right, spread, blur: new Float64Array(right.length) },
    DOUBLE_PRECISION,
    shape.expected,
  );
  const { maxError, worst, digitsAgreed } = verdict;
  return {
    ...base,
    maxError,
    worst,
    digitsAgreed: ok ? base.digitsExpected : digitsAgreed,
    shape,
  };
}

/** What the comparisons prove, at the point where they prove least of those that decide. */
function digitsOf(
  { comparisons }: Line,
  { judges }: Sites,
): Pick<FormulaCheck, "digitsExpected" | "precision"> {
  const all = [...comparisons.values()];
  const decided = all.filter(({ agreement }) => agreement !== "undecided");
  const proven = (decided.length > 0 ? decided : all).map(({ digits }) => digits);
  const told = judges.map(({ precision: { digits } }) => digits);
  const isPrecise = judges.every(({ precision }) => precision.isPrecise);
  return {
    digitsExpected: Math.min(...(proven.length > 0 ? proven : told)),
    precision: isPrecise ? `${DIGITS} digits` : DOUBLE_PRECISION.text,
  };
}

/** Which of the deciding points is told of, from 1. */
export function pointOf(line: Line, ok: boolean, sites: Sites): number {
  const site = shownSite(line, ok, sites);
  return site ? sites.judges.indexOf(site) + 1 : 1;
}

function shownSite(line: Line, ok: boolean, { judges, given }: Sites): Site | undefined {
  if (ok || !line.intended) return given && judges.includes(given) ? given : judges[0];
  const isWrongAt = (site: Site): boolean => line.comparisons.get(site)?.agreement === "differs";
  const ordered = given && judges.includes(given) ? [given, ...judges] : judges;
  const wrong = ordered.filter(isWrongAt);
  return wrong.find((site) => isSeenAt(line, site)) ?? wrong[0] ?? judges[0];
}

/** Whether a difference is left in doubles, which smaller numbers are 0 in. */
function isSeenAt({ written, intended }: Line, site: Site): boolean {
  if (written.kind !== "valued" || !intended) return false;
  const right = site.adjointOf(intended).told;
  return written.values.get(site)!.told.some((one, k) => one !== right[k]);
}
