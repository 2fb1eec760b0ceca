/**
 * Constants that authors put in late: `dz2 = a2 - y` all the way down, and 1/N only where the
 * parameters' derivatives are. What they write `dz2` for is then N times the derivative, on purpose.
 */
import type { Quantity } from "../../expression/quantity.js";
import type { SizeValues } from "../../expression/size.js";
import { binary } from "../../language/compose.js";
import type { Model } from "../../language/model.js";
import type { CheckedPoint, Point } from "../../language/point.js";
import { ShapeError } from "../../language/source.js";
import { namesIn, type Syntax } from "../../language/syntax.js";
import { type Comparison, decide, type Values } from "./agreement.js";
import type { Line } from "./lines.js";
import type { Sites } from "./points.js";
import type { RightFormula } from "./right-formula.js";
import type { Reading, Script } from "./script.js";
import type { Site } from "./site.js";
import type { Formula } from "./statements.js";
import { type Late, timesConstant, usualConstants } from "./usual-constants.js";

/** The quantities whose derivatives are written without a constant. */
export type LateConstants = ReadonlyMap<Quantity, Late>;

export const NOTHING_LATE: LateConstants = new Map();

/**
 * The constants that are put in late. A claim of an intermediate quantity's derivative may be short
 * of one where the parameters' derivatives that follow from it are right as they are written, or
 * where each of them speaks of the size that it is short of.
 */
export function lateConstants(model: Model, lines: readonly Line[], sites: Sites): LateConstants {
  const usual = usualConstants(model);
  const byFormula = new Map<Formula, Late>();
  const found = new Map<Quantity, Late>();
  const users = new Map<Late, Line[]>();
  for (const line of lines) {
    const target = line.formula.claims;
    const used = new Set(line.uses.flatMap((one) => byFormula.get(one) ?? []));
    const [inherited] = used;
    if (target && model.params.includes(target)) {
      for (const late of used) users.set(late, [...(users.get(late) ?? []), line]);
      continue;
    }
    if (target && line.decision === "right") continue;
    const own = target && usual.find((late) => isTimes(line, target, late, sites.judges));
    const late = own ?? (used.size === 1 ? inherited : undefined);
    if (!late) continue;
    byFormula.set(line.formula, late);
    if (target) found.set(target, late);
  }
  // a derivative that is 0 is right with any constant, and speaks for none
  const tells = (line: Line, late: Late): boolean =>
    !isTimes(line, line.formula.claims!, late, sites.judges);
  const speaking = (late: Late): readonly Line[] =>
    (users.get(late) ?? []).filter((line) => tells(line, late));
  return new Map([...found].filter(([, late]) => isPutIn(late, speaking(late))));
}

function isPutIn({ syntax }: Late, users: readonly Line[]): boolean {
  const names = namesIn(syntax);
  const isSpokenOf = ({ formula: { statement } }: Line): boolean =>
    [...namesIn(statement.expression)].some((name) => names.has(name));
  if (users.some(({ decision }) => decision === "right")) return true;
  return users.length > 0 && users.every(isSpokenOf);
}

/**
 * Constants that may be meant to come late although no line holds the derivative without them: those
 * whose sizes the parameters' lines speak of, for all intermediate quantities alike.
 */
export function* assumedConstants(model: Model, lines: readonly Line[]): Generator<LateConstants> {
  const targets = lines.flatMap(({ formula: { claims } }) => claims ?? []);
  const between = targets.filter(({ role }) => role === "definition");
  const ends = lines.filter(({ formula: { claims } }) => claims && model.params.includes(claims));
  const used = ends.flatMap(({ formula: { statement } }) => [...namesIn(statement.expression)]);
  const spoken = new Set(used);
  if (between.length === 0) return;
  for (const late of usualConstants(model)) {
    const names = [...namesIn(late.syntax)];
    if (names.length === 0 || !names.every((name) => spoken.has(name))) continue;
    yield new Map(between.map((quantity) => [quantity, late]));
  }
}

function isTimes(line: Line, of: Quantity, late: Late, judges: readonly Site[]): boolean {
  if (line.comparisons.size === 0 || line.written.kind !== "valued") return false;
  const { values } = line.written;
  const comparisons = function* (): Generator<Comparison> {
    for (const site of judges) {
      yield values.get(site)!.compare(site.adjointOf(of).times(late.at(site.sizes)));
    }
  };
  return decide(comparisons()) === "right";
}

/** The same points, where derivatives without their constants count as the right ones. */
export function withoutConstants(sites: Sites, late: LateConstants): Sites {
  const made = new Map<Site, Site>();
  const of = (site: Site): Site => {
    const known = made.get(site) ?? new ShortSite(site, late);
    made.set(site, known);
    return known;
  };
  return {
    judges: sites.judges.map(of),
    quick: sites.quick.map(of),
    given: sites.given && of(sites.given),
    kinks: sites.kinks,
    points: sites.points,
    draws: sites.draws,
    of: sites.of,
    quickOf: sites.quickOf,
    with: sites.with,
  };
}

/** A point where derivatives without their constants count as the right ones. */
export function shortSite(site: Site, late: LateConstants): Site {
  return late.size === 0 ? site : new ShortSite(site, late);
}

class ShortSite implements Site {
  readonly at: Point;
  readonly point: CheckedPoint;
  readonly sizes: SizeValues;
  readonly precision: Site["precision"];

  constructor(
    private readonly site: Site,
    private readonly late: LateConstants,
  ) {
    this.at = site.at;
    this.point = site.point;
    this.sizes = site.sizes;
    this.precision = site.precision;
  }

  get isAlive(): boolean {
    return this.site.isAlive;
  }

  valueOf(quantity: Quantity): Values {
    return this.site.valueOf(quantity);
  }

  adjointOf(quantity: Quantity): Values {
    const late = this.late.get(quantity);
    const values = this.site.adjointOf(quantity);
    return late ? values.times(late.at(this.sizes)) : values;
  }

  put(quantity: Quantity, values: Values): void {
    this.site.put(quantity, values);
  }

  evaluate(reading: Reading): Values {
    return this.site.evaluate(reading);
  }

  evaluateStatement(statement: Syntax, reading: Reading, uses: readonly Quantity[]): Values {
    return this.site.evaluateStatement(statement, reading, uses);
  }
}

/**
 * The right statement where it stands, among statements without their constants.
 * @returns undefined where that is not the right formula, nor this divided by a constant.
 */
export function inConstants(
  { expression, before }: RightFormula,
  { scope, intended, formula }: Line,
  late: LateConstants,
  script: Script,
  sites: readonly Site[],
  derivativeNames: ReadonlySet<string>,
): Syntax | undefined {
  if (late.size === 0) return expression;
  const meanings = new Map(scope);
  const valueAt = (site: Site, name: string, syntax: Syntax): Values | undefined => {
    const reading = script.read(name, syntax, meanings);
    if (reading instanceof ShapeError) return undefined;
    const values = site.evaluate(reading);
    site.put(reading.quantity, values);
    meanings.set(name, { quantity: reading.quantity });
    return values;
  };
  const isRight = (constant: Late | undefined, written = expression): boolean =>
    sites.every((site) => {
      for (const one of before) valueAt(site, one.name, one.expression);
      const right = site.adjointOf(intended!);
      const expected = constant ? right.times(constant.at(site.sizes)) : right;
      const own = valueAt(site, formula.name, written);
      return own?.compare(expected).agreement === "agrees";
    });
  if (isRight(undefined)) return expression;
  const own = intended && late.get(intended);
  const names = new Set([...derivativeNames, ...before.map(({ name }) => name)]);
  const scaled = own && inConstant(expression, own, names);
  if (scaled && isRight(undefined, scaled)) return scaled;
  const constant = [...new Set(late.values())].find((one) => isRight(one));
  return constant && binary("/", expression, constant.syntax);
}

/** A sum beside derivatives that are short of a constant: terms that are of none of these have it. */
export function inConstant(
  expression: Syntax,
  late: Late,
  derivativeNames: ReadonlySet<string>,
): Syntax {
  const { kind } = expression;
  if (kind === "binary" && (expression.operator === "+" || expression.operator === "-")) {
    const [left, right] = [expression.left, expression.right].map((term) =>
      inConstant(term, late, derivativeNames),
    );
    return { ...expression, left: left!, right: right! };
  }
  const isOfDerivatives = [...namesIn(expression)].some((name) => derivativeNames.has(name));
  return isOfDerivatives ? expression : timesConstant(late, expression);
}

/** `dZ2 and dZ1 hold m times …`. */
export function lateNotes(
  model: Model,
  late: LateConstants,
  claimed: readonly Quantity[],
): string[] {
  const byText = new Map<string, string[]>();
  const told = [...late].filter(([quantity]) => claimed.includes(quantity));
  for (const [{ name }, { text }] of told) byText.set(text, [...(byText.get(text) ?? []), name]);
  return [...byText].map(([text, names]) => {
    const derivatives = names.map((name) => `∂${model.loss.name}/∂${name}`).join(", ");
    return `${text} times ${derivatives} is meant where these are claimed: the constant is put in later`;
  });
}
