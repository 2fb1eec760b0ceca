/** Statements in a model in which the parts that they speak of have names. */
import type { Quantity } from "../../expression/quantity.js";
import type { Model } from "../../language/model.js";
import type { Meaning } from "./candidates.js";
import type { HelperMeanings } from "./helpers.js";
import type { LateConstants } from "./late.js";
import { type Intention, isMisnamed, type Line, wantedOf } from "./lines.js";
import { isPart, withParts } from "./named-parts.js";
import type { Formula } from "./statements.js";

/** A model with names for parts, and statements and their meanings in it. */
export interface Named {
  readonly model: Model;
  /** The statements, by what they were before. */
  readonly formulas: ReadonlyMap<Formula, Formula>;
  readonly late: LateConstants;
  readonly intentions: ReadonlyMap<Formula, Intention>;
  /** Whether lines hold what follows from others that are at fault: what they ought to be shows when these are right. */
  readonly isOpen: boolean;
}

/** @param holds the derivative that a line is recognised as */
export function withNamesFor(
  { held, meant, mended }: HelperMeanings,
  model: Model,
  lines: readonly Line[],
  late: LateConstants,
  holds: (line: Line) => Quantity | undefined,
): Named {
  const meanings = new Map([...held, ...meant]);
  const parts = new Set(
    [...meanings.values()].map(({ name }) => name).filter((name) => isPart({ name })),
  );
  const named = withParts(model, [...parts]);
  const twin = (name: string): Quantity => named.scope.get(name)!.quantity!;
  const formulas = new Map(
    lines.map(({ formula }) => {
      const { claims } = formula;
      return [formula, { ...formula, claims: claims && twin(claims.name) }] as const;
    }),
  );
  const constants = new Map([...late].map(([{ name }, one]) => [twin(name), one]));
  const settled = new Set(
    lines.flatMap(({ formula: { claims } }) => (claims ? [twin(claims.name)] : [])),
  );
  const intentions = new Map<Formula, Intention>();
  const add = (formula: Formula, { name, isValue, late: constant }: Meaning): void => {
    const quantity = twin(name);
    if (!isValue) {
      // a quantity has one constant in all statements
      if (settled.has(quantity) && constants.get(quantity)?.text !== constant?.text) return;
      settled.add(quantity);
      if (constant) constants.set(quantity, constant);
    }
    intentions.set(formulas.get(formula)!, { quantity, isValue });
  };
  for (const [formula, meaning] of meant) add(formula, meaning);
  for (const [formula, one] of mended) intentions.set(formulas.get(formula)!, { mended: one });
  // what uses something that ought to be something else is what it is by accident
  const follows = new Set<Formula>();
  for (const line of lines) {
    const { formula, intended, value } = line;
    const isOpen = wantedOf(line) === undefined;
    const isOther = (used: Formula): boolean =>
      meant.has(used) || mended.has(used) || follows.has(used);
    if (isOpen && line.uses.some(isOther)) follows.add(formula);
    const known = held.get(formula);
    const isOwnClaim = formula.claims !== undefined && !isMisnamed(line) && !known;
    if (isOwnClaim || meant.has(formula) || mended.has(formula)) continue;
    const by = intended ?? holds(line);
    if (known && !follows.has(formula)) add(formula, known);
    else if (value && !known) add(formula, { name: value.name, isValue: true, late: undefined });
    else if (by && !known) add(formula, { name: by.name, isValue: false, late: late.get(by) });
  }
  const isOpen = [...follows].some((formula) => held.has(formula));
  return { model: named, formulas, late: constants, intentions, isOpen };
}
