/**
 * The statements one after the other, twice: as they are written, and with what was wrong before
 * put right, so that a fault is found where it arises.
 */
import type { Quantity } from "../../expression/quantity.js";
import type { Shape } from "../../expression/size.js";
import type { Meaning } from "../../language/elaborate.js";
import type { Model } from "../../language/model.js";
import { ShapeError } from "../../language/source.js";
import { namesIn, type Syntax } from "../../language/syntax.js";
import type { Fault } from "../explanations/hypothesis.js";
import { type Fit, fitOf, type Reading, type Script } from "./script.js";
import { type Comparison, decide, type Decision, type Values } from "./agreement.js";
import type { Site } from "./site.js";
import type { Formula } from "./statements.js";

/** What became of a statement. */
export type State =
  /** It uses a statement that has no value. */
  | { readonly kind: "blocked"; readonly by: string }
  | { readonly kind: "misshapen"; readonly error: ShapeError }
  | {
      readonly kind: "valued";
      readonly reading: Reading;
      readonly values: ReadonlyMap<Site, Values>;
    };

/** What a statement that claims nothing ought to be: a derivative of the loss, the value of a quantity, or a variant of itself. */
export type Intention =
  { readonly quantity: Quantity; readonly isValue: boolean } | { readonly mended: Mended };

/** A statement as it ought to stand, and what is wrong with it as it does. */
export interface Mended {
  readonly syntax: Syntax;
  readonly faults: readonly Fault[];
}

export interface Line {
  readonly formula: Formula;
  /** The quantity whose derivative it is, or ought to be, for the lines below it: what it claims, but for `isMisnamed`. */
  readonly intended: Quantity | undefined;
  /** The quantity whose value it ought to be for the lines below it. */
  readonly value: Quantity | undefined;
  /** What it ought to be for the lines below it, if that has no name. */
  readonly mended: (Mended & { readonly wanted: Wanted }) | undefined;
  readonly written: State;
  /** With the right derivatives for those that were wrong before. */
  readonly corrected: State;
  /** As it is written, against what it claims or else intends; nothing where there is nothing to be compared. */
  readonly comparisons: ReadonlyMap<Site, Comparison>;
  /** Whether it is what it intends as it is written; what intends nothing is. */
  readonly decision: Decision;
  /** Whether it would be right if everything before it were. */
  readonly decisionAlone: Decision;
  /** Formulas above that it uses directly. */
  readonly uses: readonly Formula[];
  /** What names mean where it stands, once everything before it is right. */
  readonly scope: ReadonlyMap<string, Meaning>;
  readonly missing: ReadonlySet<string>;
}

/** What names mean, statement after statement. */
class Pass {
  readonly scope: Map<string, Meaning>;
  readonly missing = new Set<string>();
  /** Names that do not mean what was written. */
  readonly corrections = new Set<string>();

  constructor(
    private readonly model: Model,
    private readonly script: Script,
    private readonly sites: readonly Site[],
  ) {
    this.scope = new Map(model.scope);
  }

  add(formula: Formula): State {
    const { name, statement } = formula;
    const { expression } = statement;
    const { scope, script, missing } = this;
    const by = [...namesIn(expression)].find((one) => missing.has(one));
    const reading = by === undefined ? script.read(name, expression, scope) : undefined;
    if (by !== undefined || reading === undefined || reading instanceof ShapeError) {
      script.checkNames(expression, scope, missing);
      missing.add(name);
      return reading instanceof ShapeError
        ? { kind: "misshapen", error: reading }
        : { kind: "blocked", by: by! };
    }
    const values = this.valuesOf(formula, reading);
    this.set(name, reading.quantity, values);
    return { kind: "valued", reading, values };
  }

  /** @param known at some of the sites */
  private valuesOf(
    { statement: { expression } }: Formula,
    reading: Reading,
    known?: ReadonlyMap<Site, Values>,
  ): ReadonlyMap<Site, Values> {
    const uses = [...namesIn(expression)].flatMap((name) => this.scope.get(name)?.quantity ?? []);
    return new Map(
      this.sites.map((site) => [
        site,
        known?.get(site) ?? site.evaluateStatement(expression, reading, uses),
      ]),
    );
  }

  /**
   * Adds a statement as `add` does.
   * @param asWritten what another pass made of it, at some of the sites
   */
  follow(formula: Formula, asWritten: State): State {
    const names = [...namesIn(formula.statement.expression)];
    if (names.some((one) => this.corrections.has(one))) {
      this.corrections.add(formula.name);
      return this.add(formula);
    }
    if (asWritten.kind !== "valued") {
      this.missing.add(formula.name);
      return asWritten;
    }
    const { reading } = asWritten;
    const values = this.valuesOf(formula, reading, asWritten.values);
    this.set(formula.name, reading.quantity, values);
    return { ...asWritten, values };
  }

  /** Makes a name mean what it ought to. */
  correct(name: string, { shape, values }: Wanted): void {
    const quantity: Quantity = { name, role: "definition", shape };
    this.set(name, quantity, new Map(this.sites.map((site) => [site, values(site)])));
    this.missing.delete(name);
    this.corrections.add(name);
  }

  private set(name: string, quantity: Quantity, values: ReadonlyMap<Site, Values>): void {
    for (const [site, one] of values) site.put(quantity, one);
    this.scope.set(name, { quantity });
  }
}

/** What a statement ought to be, at every point. */
export interface Wanted {
  readonly shape: Shape;
  readonly values: (site: Site) => Values;
}

/** Undefined where a statement may be anything. */
export function wantedOf({
  intended,
  value,
  mended,
}: Partial<Pick<Line, "intended" | "value" | "mended">>): Wanted | undefined {
  if (mended) return mended.wanted;
  if (intended) return { shape: intended.shape, values: (site) => site.adjointOf(intended) };
  return value && { shape: value.shape, values: (site) => site.valueOf(value) };
}

/**
 * @param intentions what statements ought to be that claim nothing
 * @param judges decide
 * @param sites everything that the corrected statements are evaluated at, the judges included
 */
export function readLines(
  model: Model,
  script: Script,
  formulas: readonly Formula[],
  intentions: ReadonlyMap<Formula, Intention>,
  judges: readonly Site[],
  sites: readonly Site[],
): Line[] {
  const [written, corrected] = [new Pass(model, script, judges), new Pass(model, script, sites)];
  const byName = new Map(formulas.map((formula) => [formula.name, formula]));
  return formulas.map((formula): Line => {
    const intention = intentions.get(formula);
    const { value, intended, mended } = meantBy(formula, intention, script, corrected.scope);
    const wanted = wantedOf({ intended, value, mended });
    const scope = new Map(corrected.scope);
    const missing = new Set(corrected.missing);
    const asWritten = written.add(formula);
    const alone = corrected.follow(formula, asWritten);
    const compared = comparisonsOf(asWritten, wanted, judges);
    const { claims } = formula;
    const comparisons =
      claims === intended
        ? compared
        : comparisonsOf(asWritten, wantedOf({ intended: claims }), judges);
    const decision = decisionOf(wanted, compared);
    const decisionAlone = decisionOf(wanted, comparisonsOf(alone, wanted, judges));
    if (wanted && decisionAlone !== "right") corrected.correct(formula.name, wanted);
    const uses = [...namesIn(formula.statement.expression)].flatMap((name) => {
      const used = byName.get(name);
      return used && !model.scope.has(name) ? [used] : [];
    });
    return {
      formula,
      intended,
      value,
      mended,
      written: asWritten,
      corrected: alone,
      comparisons,
      decision,
      decisionAlone,
      uses,
      scope,
      missing,
    };
  });
}

function meantBy(
  { name, claims }: Formula,
  intention: Intention | undefined,
  script: Script,
  scope: ReadonlyMap<string, Meaning>,
): Pick<Line, "intended" | "value" | "mended"> {
  const nothing = { intended: claims, value: undefined, mended: undefined };
  if (!intention) return nothing;
  if ("mended" in intention) {
    const { mended } = intention;
    const reading = script.attempt(name, mended.syntax, new Map(scope));
    if (!reading) return nothing;
    const { shape } = reading.quantity;
    const wanted: Wanted = { shape, values: (site) => site.evaluate(reading) };
    return { ...nothing, mended: { ...mended, wanted } };
  }
  const { quantity, isValue } = intention;
  return isValue ? { ...nothing, value: quantity } : { ...nothing, intended: quantity };
}

/** Whether a claim holds another derivative than it claims, and the lines below take it for that. */
export function isMisnamed({ formula: { claims }, intended }: Line): boolean {
  return claims !== undefined && intended !== claims;
}

/** A line with what it claims, whatever the lines below take it for. */
export function asClaimed(line: Line): Line {
  return isMisnamed(line) ? { ...line, intended: line.formula.claims } : line;
}

/** What intends nothing only needs a shape. */
export function isRight(line: Line): boolean {
  const { decision, written } = line;
  if (isMisnamed(line)) return false;
  return wantedOf(line) ? decision === "right" : written.kind !== "misshapen";
}

/** Whether a fault arises in a line. */
export function isAtFault(line: Line): boolean {
  if (isMisnamed(line)) return true;
  if (isRight(line) || isUndecided(line)) return false;
  if (!wantedOf(line)) return line.corrected.kind === "misshapen";
  return line.decisionAlone === "wrong" && line.corrected.kind !== "blocked";
}

/** The lines at fault among those that a line uses, directly or by others. */
export function originsOf(
  line: Line,
  lines: readonly Line[],
  byFormula: ReadonlyMap<Formula, Line>,
): Line[] {
  const reached = new Set<Formula>();
  const visit = (one: Line): void => {
    for (const used of one.uses) {
      if (reached.has(used)) continue;
      reached.add(used);
      // what is right although it uses something wrong passes nothing on
      const next = byFormula.get(used)!;
      if (!wantedOf(next) || next.decision !== "right") visit(next);
    }
  };
  visit(line);
  // nothing follows from a name alone
  const isOfName = (one: Line): boolean => isMisnamed(one) && one.decisionAlone === "right";
  return lines.filter((one) => reached.has(one.formula) && isAtFault(one) && !isOfName(one));
}

/** What statements call derivatives: those of their own, and claims where there is no other. */
export function derivativeNames(lines: readonly Line[]): ReadonlyMap<Quantity, string> {
  const isOwn = (line: Line): boolean => !line.formula.claims || isMisnamed(line);
  const own = lines.filter(isOwn);
  const claims = lines.filter((line) => !isOwn(line));
  return new Map(
    [...claims, ...own].flatMap(({ intended, formula }) =>
      intended ? [[intended, formula.name]] : [],
    ),
  );
}

/** The quantities whose derivatives a line has from others, which are right where it is explained. */
export function derivativesIn(
  { uses }: Line,
  byFormula: ReadonlyMap<Formula, Line>,
): ReadonlySet<Quantity> {
  const found = uses.flatMap((used) => {
    const line = byFormula.get(used)!;
    return line.intended ? [line.intended] : [...derivativesIn(line, byFormula)];
  });
  return new Set(found);
}

export function isUndecided(line: Line): boolean {
  return !isMisnamed(line) && wantedOf(line) !== undefined && line.decision === "undecided";
}

/** How a value lies in the shape of a quantity. */
export function fitOfState(state: State, { shape }: Pick<Quantity, "shape">): Fit | undefined {
  return state.kind === "valued" ? fitOf(state.reading.quantity.shape, shape) : undefined;
}

/** Whether nothing is seen of a value at a point, since it has functions that are flat there as factors. */
export function isFlat(right: Values, site: Site): boolean {
  return right.areZero && right.rests > 0 && !site.isAlive;
}

/** A value beside what it ought to be at every point; nothing where it has no value of that shape. */
function comparisonsOf(
  state: State,
  wanted: Wanted | undefined,
  sites: readonly Site[],
): ReadonlyMap<Site, Comparison> {
  if (!wanted || state.kind !== "valued" || fitOfState(state, wanted) !== "fits") return new Map();
  return new Map(
    sites.map((site) => {
      const right = wanted.values(site);
      const comparison = state.values.get(site)!.compare(right);
      const { agreement } = comparison;
      const isHidden = agreement === "agrees" && isFlat(right, site);
      return [site, isHidden ? { ...comparison, agreement: "undecided" } : comparison] as const;
    }),
  );
}

function decisionOf(
  wanted: Wanted | undefined,
  comparisons: ReadonlyMap<Site, Comparison>,
): Decision {
  if (!wanted) return "right";
  return comparisons.size === 0 ? "wrong" : decide(comparisons.values());
}
