/** Statements that claim nothing, and which derivative the lines below need them to be. */
import type { Quantity } from "../../expression/quantity.js";
import type { Meaning } from "../../language/elaborate.js";
import type { Model } from "../../language/model.js";
import { fitOfState, type Intention, type Line, type Wanted, wantedOf } from "./lines.js";
import { fitOf, type Script } from "./script.js";
import type { Site } from "./site.js";
import type { Formula } from "./statements.js";

/**
 * The first statement that claims nothing and would make every wrong line that uses it right, and
 * spoil none, if it were a certain derivative, or a certain quantity.
 * @param holds the derivative that a statement is recognised as
 */
export function findIntention(
  model: Model,
  script: Script,
  lines: readonly Line[],
  sites: readonly Site[],
  holds: (line: Line) => Quantity | undefined,
): readonly [Formula, Intention] | undefined {
  const isMeant = ({ quantity, isValue }: Intention, line: Line): boolean => {
    const meant = wantedOf(isValue ? { value: quantity } : { intended: quantity });
    return effectOf(script, lines, new Map([[line, meant!]]), sites).isWhole;
  };
  for (const line of lines) {
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

function candidates(model: Model, { formula, corrected }: Line): Intention[] {
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
  return [false, true].flatMap((isValue) => fitting.map((quantity) => ({ quantity, isValue })));
}

/** What becomes of the claims that use statements. */
export interface Effect {
  /** Claims that were wrong and are right. */
  readonly mends: number;
  /** Whether a claim is right that was wrong for all of them, and none wrong that was right. */
  readonly isWhole: boolean;
  readonly spoils: boolean;
}

const SPOILT: Effect = { mends: 0, isWhole: false, spoils: true };

/**
 * What becomes of the claims that use some statements, were these something else.
 * @param isPartial whether it matters what becomes of the others once one of them is still wrong
 */
export function effectOf(
  script: Script,
  lines: readonly Line[],
  assumed: ReadonlyMap<Line, Wanted>,
  sites: readonly Site[],
  isPartial = false,
): Effect {
  const replaced = new Map<string, Meaning>();
  const [first] = lines.filter((line) => assumed.has(line));
  let [mends, leaves] = [0, 0];
  for (const one of lines.slice(lines.indexOf(first!))) {
    const { name, statement } = one.formula;
    const meant = assumed.get(one);
    if (meant) {
      const stand: Quantity = { name, role: "definition", shape: meant.shape };
      for (const site of sites) site.put(stand, meant.values(site));
      replaced.set(name, { quantity: stand });
      continue;
    }
    if (!one.uses.some((used) => replaced.has(used.name))) continue;
    const scope = new Map([...one.scope, ...replaced]);
    const reading = script.attempt(name, statement.expression, scope);
    const wanted = wantedOf(one);
    // what has no value tells nothing of the claims that use it
    if (!reading) return SPOILT;
    const isFitting = wanted && fitOf(reading.quantity.shape, wanted.shape) === "fits";
    let isRight = isFitting ?? true;
    for (const site of sites) {
      if (wanted && !isRight) break;
      const values = site.evaluate(reading);
      if (wanted) {
        isRight = values.compare(wanted.values(site)).agreement === "agrees";
      } else {
        site.put(reading.quantity, values);
      }
    }
    if (!wanted) {
      replaced.set(name, { quantity: reading.quantity });
    } else if (isRight) {
      if (one.decisionAlone === "wrong") mends++;
    } else if (one.decisionAlone === "right") {
      return SPOILT;
    } else {
      leaves++;
      if (!isPartial) break;
    }
  }
  return { mends, isWhole: mends > 0 && leaves === 0, spoils: false };
}
