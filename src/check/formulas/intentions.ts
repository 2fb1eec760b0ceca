/** Statements that claim nothing, and which derivative the lines below need them to be. */
import type { Quantity } from "../../expression/quantity.js";
import type { Meaning } from "../../language/elaborate.js";
import type { Model } from "../../language/model.js";
import { fitOfState, type Line } from "./lines.js";
import { fitOf, type Script } from "./script.js";
import type { Site } from "./site.js";
import type { Formula } from "./statements.js";

/**
 * The first statement that claims nothing and would make every wrong line that uses it right, and
 * spoil none, if it were a certain derivative.
 * @param holds the derivative that a statement is recognised as
 */
export function findIntention(
  model: Model,
  script: Script,
  lines: readonly Line[],
  sites: readonly Site[],
  holds: (line: Line) => Quantity | undefined,
): readonly [Formula, Quantity] | undefined {
  for (const line of lines) {
    if (line.intended) continue;
    const users = claimsUsing(lines, line);
    const wrong = users.filter(({ decisionAlone }) => decisionAlone === "wrong");
    const own = holds(line);
    // what is a derivative already is only doubted where several lines ask for another
    if (wrong.length === 0 || (own && wrong.length < 2)) continue;
    const found = candidates(model, line).find(
      (quantity) => quantity !== own && wouldBeRight(script, lines, line, quantity, users, sites),
    );
    if (found) return [line.formula, found];
  }
  return undefined;
}

/** Claims that use a statement, directly or by others that claim nothing. */
function claimsUsing(lines: readonly Line[], line: Line): Line[] {
  const through = new Set([line.formula]);
  const found: Line[] = [];
  for (const one of lines) {
    if (!one.uses.some((used) => through.has(used))) continue;
    if (one.intended) found.push(one);
    else through.add(one.formula);
  }
  return found;
}

function candidates(model: Model, { formula, corrected }: Line): Quantity[] {
  const all = [
    ...model.definitions.map(({ quantity }) => quantity),
    ...model.params,
    ...model.inputs,
  ];
  const named = all.filter(({ role }) => role !== "auxiliary");
  const number = /\d+$/.exec(formula.name)?.[0];
  const isAlike = ({ name }: Quantity): boolean => number !== undefined && name.endsWith(number);
  return named
    .filter((quantity) => {
      const fit = fitOfState(corrected, quantity);
      return fit === undefined || fit === "fits";
    })
    .sort((a, b) => Number(isAlike(b)) - Number(isAlike(a)));
}

function wouldBeRight(
  script: Script,
  lines: readonly Line[],
  line: Line,
  quantity: Quantity,
  users: readonly Line[],
  sites: readonly Site[],
): boolean {
  const replaced = new Map<string, Meaning>();
  const assume = (name: string, of: Quantity): void => {
    const stand: Quantity = { name, role: "definition", shape: of.shape };
    for (const site of sites) site.put(stand, site.adjointOf(of));
    replaced.set(name, { quantity: stand });
  };
  assume(line.formula.name, quantity);
  for (const one of lines.slice(lines.indexOf(line) + 1)) {
    const depends = one.uses.some(({ name }) => replaced.has(name));
    if (!depends) continue;
    const { name, statement } = one.formula;
    const reading = script.attempt(
      name,
      statement.expression,
      new Map([...one.scope, ...replaced]),
    );
    const isClaim = users.includes(one);
    // what has no value tells nothing of the claims that use it
    if (!reading) return false;
    for (const site of sites) {
      const values = site.evaluate(reading);
      if (isClaim) {
        const isRight =
          fitOf(reading.quantity.shape, one.intended!.shape) === "fits" &&
          values.compare(site.adjointOf(one.intended!)).agreement === "agrees";
        if (!isRight) return false;
      }
      site.put(reading.quantity, values);
    }
    if (!isClaim) replaced.set(name, { quantity: reading.quantity });
  }
  return true;
}
