/** Statements that claim nothing and are derivatives by parts of the model's statements, which have no names. */
import type { Quantity } from "../../expression/quantity.js";
import type { Model } from "../../language/model.js";
import { InputError } from "../../language/source.js";
import { namesIn } from "../../language/syntax.js";
import { Backward } from "../pass/backward.js";
import { claimsUsing, effectOf, type Meant } from "./intentions.js";
import type { LateConstants } from "./late.js";
import { derivativesIn, fitOfState, type Line } from "./lines.js";
import { partsOf, withParts } from "./named-parts.js";
import type { Script } from "./script.js";
import { type Site, siteAt, siteProgram } from "./site.js";
import type { Formula } from "./statements.js";
import type { Late } from "./usual-constants.js";

/** The part that a statement is the derivative by, or ought to be, and the constant that it leaves to others. */
export interface HelperPart {
  readonly name: string;
  readonly late: Late | undefined;
}

/** What a statement might be. */
interface Candidate extends Meant, HelperPart {
  /** Quantities of the model that it is computed from alone. */
  readonly from: ReadonlySet<string>;
}

/** Statements whose meanings are sought together, and pairs of meanings that are tried for two of them. */
const MOST_HELPERS = 8;
const MOST_PAIRS = 200;

/**
 * The parts whose derivatives statements hold, or would have to hold for the claims that use them to be right.
 * @param open statements that claim nothing and hold nothing that has a name
 * @param sites points in doubles
 */
export function partsOfHelpers(
  model: Model,
  script: Script,
  lines: readonly Line[],
  open: readonly Line[],
  sites: readonly Site[],
  late: LateConstants,
): ReadonlyMap<Formula, HelperPart> {
  const helpers = open.filter((line) => isHelper(model, lines, line)).slice(0, MOST_HELPERS);
  const found = new Map<Formula, HelperPart>();
  const names = helpers.length === 0 ? [] : partsOf(model);
  if (names.length === 0) return found;
  const all = candidatesIn(model, names, sites, late);
  const byFormula = new Map(lines.map((line) => [line.formula, line]));
  const unknown: { readonly line: Line; readonly candidates: readonly Candidate[] }[] = [];
  for (const line of helpers) {
    const own = all.filter((one) => {
      const fit = fitOfState(line.corrected, one);
      return fit === undefined || fit === "fits";
    });
    const held = own.find((one) => holds(line, one, sites));
    if (held) {
      found.set(line.formula, held);
      continue;
    }
    const used = [...derivativesIn(line, byFormula)].map(({ name }) => name);
    const isNext = ({ from }: Candidate): boolean => used.some((name) => from.has(name));
    const isWrong = claimsUsing(lines, line).some((one) => one.decisionAlone === "wrong");
    if (!isWrong) continue;
    const candidates = own.toSorted((a, b) => Number(isNext(b)) - Number(isNext(a)));
    unknown.push({ line, candidates });
  }
  const mends = (assumed: ReadonlyMap<Line, Meant>): boolean => {
    const { mends: count, spoils } = effectOf(script, lines, assumed, sites);
    return count > 0 && !spoils;
  };
  const left = new Set(unknown);
  for (const one of unknown) {
    const single = one.candidates.find((meant) => mends(new Map([[one.line, meant]])));
    if (!single) continue;
    found.set(one.line.formula, single);
    left.delete(one);
  }
  let tried = 0;
  for (const one of left) {
    for (const other of left) {
      if (lines.indexOf(one.line) >= lines.indexOf(other.line)) continue;
      const pair = pairsOf(one.candidates, other.candidates).find(
        ([a, b]) => tried++ < MOST_PAIRS && mends(new Map([[one.line, a]]).set(other.line, b)),
      );
      if (!pair) continue;
      found.set(one.line.formula, pair[0]).set(other.line.formula, pair[1]);
      left.delete(one);
      left.delete(other);
    }
  }
  return found;
}

/** A model with names for parts, and statements and their meanings in it. */
export interface Named {
  readonly model: Model;
  /** The statements, by what they were before. */
  readonly formulas: ReadonlyMap<Formula, Formula>;
  readonly late: LateConstants;
  readonly meant: ReadonlyMap<Formula, Quantity>;
}

/** @param holds the derivative that a line is recognised as */
export function withNamesFor(
  parts: ReadonlyMap<Formula, HelperPart>,
  model: Model,
  lines: readonly Line[],
  late: LateConstants,
  holds: (line: Line) => Quantity | undefined,
): Named {
  const named = withParts(model, [...new Set([...parts.values()].map(({ name }) => name))]);
  const twin = (name: string): Quantity => named.scope.get(name)!.quantity!;
  const formulas = new Map(
    lines.map(({ formula }) => {
      const { claims } = formula;
      return [formula, { ...formula, claims: claims && twin(claims.name) }] as const;
    }),
  );
  const constants = new Map([...late].map(([{ name }, one]) => [twin(name), one]));
  const meant = new Map<Formula, Quantity>();
  for (const line of lines) {
    const part = parts.get(line.formula);
    const of = line.formula.claims ? undefined : (part ?? line.intended ?? holds(line));
    if (!of) continue;
    const quantity = twin(of.name);
    meant.set(formulas.get(line.formula)!, quantity);
    if (part?.late) constants.set(quantity, part.late);
  }
  return { model: named, formulas, late: constants, meant };
}

/** Whether something of the model goes through a statement into a claim. */
function isHelper(model: Model, lines: readonly Line[], line: Line): boolean {
  const { expression } = line.formula.statement;
  const isOfModel = [...namesIn(expression)].some((name) => !model.scope.get(name)?.size);
  return isOfModel && claimsUsing(lines, line).length > 0;
}

/** The derivatives by parts, also as they are without constants that are put in late. */
function candidatesIn(
  model: Model,
  names: readonly string[],
  sites: readonly Site[],
  late: LateConstants,
): Candidate[] {
  const whole = withParts(model, names);
  const program = siteProgram(whole);
  const twins = new Map<Site, Site>();
  try {
    for (const site of sites) twins.set(site, siteAt(whole, program, site.at, undefined));
  } catch (error) {
    // the derivative by a part need not be finite where those by its neighbours are
    if (!(error instanceof InputError)) throw error;
    return [];
  }
  const backward = Backward.of(whole);
  const constants = [undefined, ...new Set(late.values())];
  return names.flatMap((name) => {
    const quantity = whole.scope.get(name)?.quantity;
    if (!quantity) return [];
    const from = new Set(backward.into(quantity).map((edge) => edge.from.name));
    return constants.map((constant): Candidate => ({
      name,
      late: constant,
      shape: quantity.shape,
      from,
      values: (site) => {
        const values = twins.get(site)!.adjointOf(quantity);
        return constant ? values.times(constant.at(site.sizes)) : values;
      },
    }));
  });
}

function holds({ corrected }: Line, { values }: Meant, sites: readonly Site[]): boolean {
  return (
    corrected.kind === "valued" &&
    sites.every((site) => {
      const own = corrected.values.get(site)!;
      const isZero = own.numbers.every((one) => one === 0);
      return !isZero && own.compare(values(site)).agreement === "agrees";
    })
  );
}

/** Those of the first of both before the others. */
function pairsOf<Thing>(a: readonly Thing[], b: readonly Thing[]): (readonly [Thing, Thing])[] {
  return a
    .flatMap((one, k) => b.map((other, n) => ({ pair: [one, other] as const, rank: k + n })))
    .sort((one, other) => one.rank - other.rank)
    .map(({ pair }) => pair);
}
