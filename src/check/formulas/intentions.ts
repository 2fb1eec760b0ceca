/** Statements that claim nothing, and which derivative the lines below need them to be. */
import type { Quantity } from "../../expression/quantity.js";
import { shapeText } from "../../expression/size.js";
import type { Meaning } from "../../language/elaborate.js";
import type { Model } from "../../language/model.js";
import { once } from "../once.js";
import { decide } from "./agreement.js";
import { differs, type Outcome } from "./estimate.js";
import { Estimator } from "./estimator.js";
import { fitOfState, type Intention, type Line, type Wanted, wantedOf } from "./lines.js";
import { fitOf, type Reading, type Script } from "./script.js";
import type { Site } from "./site.js";
import type { Formula } from "./statements.js";

/** A derivative, or a value. */
type Meant = Extract<Intention, { readonly quantity: Quantity }>;

/**
 * The first statement among some that claims nothing and would make every wrong line that uses it right, and
 * spoil none, if it were a certain derivative, or a certain quantity.
 * @param holds the derivative that a statement is recognised as
 */
export function findIntention(
  model: Model,
  script: Script,
  lines: readonly Line[],
  open: readonly Line[],
  sites: readonly Site[],
  holds: (line: Line) => Quantity | undefined,
): readonly [Formula, Meant] | undefined {
  const effects = new Effects(script, lines, sites);
  const isMeant = ({ quantity, isValue }: Meant, line: Line): boolean => {
    const meant = wantedOf(isValue ? { value: quantity } : { intended: quantity });
    return effects.of(new Map([[line, meant!]])).isWhole;
  };
  for (const line of open) {
    if (wantedOf(line)) continue;
    const users = claimsUsing(lines, line);
    const wrong = users.filter(({ decisionAlone }) => decisionAlone === "wrong");
    const own = holds(line);
    // what is a derivative already is only doubted where several lines ask for another
    if (wrong.length === 0 || (own && wrong.length < 2)) continue;
    const found = candidates(model, line).find(
      (one) => (one.isValue || one.quantity !== own) && isMeant(one, line),
    );
    if (found) return [line.formula, found];
  }
  return undefined;
}

/** Claims that use a statement, directly or by others that claim nothing. */
export function claimsUsing(lines: readonly Line[], line: Line): Line[] {
  const through = new Set([line.formula]);
  const found: Line[] = [];
  for (const one of lines) {
    if (!one.uses.some((used) => through.has(used))) continue;
    if (wantedOf(one)) found.push(one);
    else through.add(one.formula);
  }
  return found;
}

function candidates(model: Model, { formula, corrected }: Line): Meant[] {
  const all = [
    ...model.definitions.map(({ quantity }) => quantity),
    ...model.params,
    ...model.inputs,
  ];
  const named = all.filter(({ role }) => role !== "auxiliary");
  const number = /\d+$/.exec(formula.name)?.[0];
  const isAlike = ({ name }: Quantity): boolean => number !== undefined && name.endsWith(number);
  const fitting = named
    .filter((quantity) => {
      const fit = fitOfState(corrected, quantity);
      return fit === undefined || fit === "fits";
    })
    .sort((a, b) => Number(isAlike(b)) - Number(isAlike(a)));
  const defined = new Set(model.definitions.map(({ quantity }) => quantity));
  return [
    ...fitting.map((quantity): Meant => ({ quantity, isValue: false })),
    // nobody computes what is given
    ...fitting
      .filter((quantity) => defined.has(quantity))
      .map((quantity): Meant => ({ quantity, isValue: true })),
  ];
}

/** What becomes of the claims that use statements. */
export interface Effect {
  /** Claims that were wrong and are right. */
  readonly mends: number;
  /** Claims that were right and are wrong: as many as were asked for. */
  readonly spoils: number;
  /** Whether all claims that were wrong are right, and none wrong that was right. */
  readonly isWhole: boolean;
}

/** What is looked for among the claims that use statements. */
export interface Tolerance {
  /** Whether it matters what becomes of the others once one of them is still wrong. */
  readonly isPartial: boolean;
  /** How many claims that were right may be wrong before the others do not matter. */
  readonly mostSpoilt: number;
}

/** All that were wrong are right, or nothing is asked. */
export const WHOLE: Tolerance = { isPartial: false, mostSpoilt: 0 };
/** Some that were wrong are right, and none that was right is wrong. */
export const PARTIAL: Tolerance = { isPartial: true, mostSpoilt: 0 };

/** What becomes of the claims that use some statements, were these something else: asked for many meanings of the same ones. */
export class Effects {
  /** What statements stand for that mean something else, and how those that use them are read then. */
  private readonly stands = new Map<string, Quantity>();
  private readonly readings = new Map<string, Reading | undefined>();
  /** At the first point. */
  private readonly estimator = once(
    () => new Estimator(this.sites[0]!, this.lines.at(-1)?.scope ?? new Map()),
  );

  constructor(
    private readonly script: Script,
    private readonly lines: readonly Line[],
    private readonly sites: readonly Site[],
  ) {}

  of(assumed: ReadonlyMap<Line, Wanted>, tolerance = WHOLE): Effect {
    if (this.isRuledOut(assumed, tolerance)) return { mends: 0, spoils: 0, isWhole: false };
    const { lines, sites } = this;
    const { isPartial, mostSpoilt } = tolerance;
    const key = [...assumed]
      .map(([{ formula }, { shape }]) => `${formula.name}: ${shapeText(shape)}`)
      .join("; ");
    const replaced = new Map<string, Meaning>();
    const [first] = lines.filter((line) => assumed.has(line));
    let [mends, leaves, spoils] = [0, 0, 0];
    for (const one of lines.slice(lines.indexOf(first!))) {
      const { name } = one.formula;
      const meant = assumed.get(one);
      if (meant) {
        const stand = this.standFor(name, meant);
        for (const site of sites) site.put(stand, meant.values(site));
        replaced.set(name, { quantity: stand });
        continue;
      }
      if (!one.uses.some((used) => replaced.has(used.name))) continue;
      const reading = this.reading(key, one, replaced);
      const wanted = wantedOf(one);
      if (!reading) {
        // what has no value tells nothing of the claims that use it, unless it had none before
        if (one.corrected.kind === "valued") return { mends: 0, spoils: Infinity, isWhole: false };
        leaves++;
        if (!isPartial) break;
        continue;
      }
      if (!wanted) {
        for (const site of sites) site.put(reading.quantity, site.evaluate(reading));
        replaced.set(name, { quantity: reading.quantity });
      } else if (this.isRight(reading, wanted)) {
        if (one.decisionAlone === "wrong") mends++;
      } else if (one.decisionAlone === "right") {
        spoils++;
        if (spoils > mostSpoilt) break;
      } else {
        leaves++;
        if (!isPartial) break;
      }
    }
    return { mends, spoils, isWhole: mends > 0 && leaves === 0 && spoils === 0 };
  }

  /** Whether estimates at the first point show that nothing is mended, or that more is wrong than may be. */
  private isRuledOut(
    assumed: ReadonlyMap<Line, Wanted>,
    { isPartial, mostSpoilt }: Tolerance,
  ): boolean {
    const { lines } = this;
    const estimator = this.estimator();
    const instead = new Map<string, Outcome>();
    const beside = estimator.with(instead);
    let mayMend = false;
    for (const one of lines) {
      const { formula, uses, decisionAlone } = one;
      const meant = assumed.get(one);
      if (meant) {
        instead.set(formula.name, estimator.right(meant));
        continue;
      }
      if (!uses.some(({ name }) => instead.has(name))) continue;
      const estimate = beside.estimate(formula.statement.expression);
      const wanted = wantedOf(one);
      if (!wanted) {
        instead.set(formula.name, estimate);
        continue;
      }
      const isWrong = typeof estimate === "object" && differs(estimate, estimator.right(wanted));
      if (!isWrong) mayMend ||= decisionAlone === "wrong";
      else if (!isPartial || (decisionAlone === "right" && mostSpoilt === 0)) return true;
    }
    return !mayMend;
  }

  private standFor(name: string, { shape }: Wanted): Quantity {
    const key = `${name}: ${shapeText(shape)}`;
    const stand = this.stands.get(key) ?? { name, role: "definition", shape };
    this.stands.set(key, stand);
    return stand;
  }

  private reading(
    assumed: string,
    { formula: { name, statement }, scope }: Line,
    replaced: ReadonlyMap<string, Meaning>,
  ): Reading | undefined {
    const key = `${assumed}; ${name}`;
    if (!this.readings.has(key)) {
      const other = new Map([...scope, ...replaced]);
      this.readings.set(key, this.script.attempt(name, statement.expression, other));
    }
    return this.readings.get(key);
  }

  private isRight(reading: Reading, wanted: Wanted): boolean {
    if (fitOf(reading.quantity.shape, wanted.shape) !== "fits") return false;
    const comparisons = this.sites.map((site) =>
      site.evaluate(reading).compare(wanted.values(site)),
    );
    return decide(comparisons) === "right";
  }
}
