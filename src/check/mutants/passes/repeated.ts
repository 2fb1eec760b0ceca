/**
 * One slip made at every analogous place is one mistake: at all steps of a recurrence, in all layers,
 * for all gates. What is analogous is read off the expressions, not off names; names only tell the
 * steps of one quantity, h1, h2, h3, from everything else that is computed alike.
 */
import type { Definition } from "../../../expression/definition.js";
import type { Expression } from "../../../expression/expression.js";
import type { Backward, Change, Edge } from "../../pass/backward.js";
import { combined } from "../../pass/changes.js";
import { kindOf, kindOfEdge, stemOf } from "../../pass/kinds.js";
import type { Fault } from "../../explanations/hypothesis.js";
import { adjointName, modelText } from "../../explanations/words.js";
import type { Family } from "../family.js";
import type { Mutant, Site } from "../mutant.js";
import { changeAt } from "../variant.js";
import type { Spot } from "./unrolled.js";

/** What it costs that the slip was made more than once. */
const AGAIN = 0.15;
/** No slip that is repeated costs less. */
export const LEAST_REPEATED = 1.1 + AGAIN;
/** Costlier slips are not tried at several places. */
const MOST_REPEATED = 2.3;

/** A slip at one place. */
interface Occurrence {
  readonly mutant: Mutant;
  readonly place: Edge | Expression;
  /** The place in sentences. */
  readonly name: string;
  /** The same beside other places of that name. */
  readonly spot: () => string;
  /** The same for slips of the same kind in places of the same kind. */
  readonly key: string;
  /** The same for places that are steps or layers of one thing. */
  readonly family: string;
}

/** Slips in the lines of a backward pass, made in all lines of one kind. */
export function* repeatedInLines(
  backward: Backward,
  lines: readonly Spot<Edge>[],
): Generator<Mutant> {
  const alike = groupedBy(lines, ({ place }) => lineKind(backward, place));
  const occurrences: Occurrence[] = [];
  for (const [kind, spots] of alike) {
    if (spots.length < 2) continue;
    for (const { place, families } of spots) {
      const family = `${stemOf(place.from)}>${stemOf(place.to)}`;
      for (const mutant of usual(families)) {
        const key = [
          kind,
          mutant.fault.cause,
          mutant.way,
          changeKind(slipsOf(mutant)[0]!.change()),
        ].join("|");
        const name = nameOf(mutant, place.from.name);
        const spot = (): string => `${name} through ${place.from.name}`;
        occurrences.push({ mutant, place, name, spot, key, family });
      }
    }
  }
  for (const group of groups(occurrences)) {
    yield together(group, () => combined(group.map(({ mutant }) => mutant.change())));
  }
}

/** Wrong local derivatives, in all places of one kind. */
export function* repeatedDerivatives(
  backward: Backward,
  statements: readonly Spot<Definition>[],
): Generator<Mutant> {
  const occurrences: Occurrence[] = [];
  for (const mutant of usual(statements.flatMap(({ families }) => families))) {
    const [site] = sitesOf(mutant);
    if (!site) continue;
    const { node, child, partial, definition } = site;
    const marks = new Map([
      [node, "node"],
      [child, "child"],
    ]);
    const operation = node.kind === "apply" ? node.operation.name : kindOf(node);
    const key = `${operation}|${mutant.fault.cause}|${kindOf(backward.withNames(partial), marks)}`;
    const name = nameOf(mutant, definition.quantity.name);
    const spot = (): string => `${modelText(child)} in ${name}`;
    const family = stemOf(definition.quantity);
    occurrences.push({ mutant, place: child, name, spot, key, family });
  }
  for (const group of groups(occurrences)) {
    const sites = group.flatMap(({ mutant }) => sitesOf(mutant));
    yield together(group, () => inDefinitions(backward, sites));
  }
}

function usual(families: readonly Family[]): Mutant[] {
  return families.flatMap(({ mutants }) => mutants()).filter(({ cost }) => cost <= MOST_REPEATED);
}

/** A slip at single places: in the code of a loop, at each step. */
function slipsOf(mutant: Mutant): readonly Mutant[] {
  return mutant.slips ?? [mutant];
}

function sitesOf(mutant: Mutant): Site[] {
  return slipsOf(mutant).flatMap(({ site }) => site ?? []);
}

function lineKind(backward: Backward, edge: Edge): string {
  return kindOfEdge(edge, backward.withNames(edge.clause.body));
}

function changeKind({ added }: Change): string {
  return added
    .map((edge) => kindOfEdge(edge))
    .sort()
    .join();
}

function nameOf({ fault }: Mutant, otherwise: string): string {
  return fault.arisesIn ?? otherwise;
}

/** All places of a kind, and those of one family where that is not all of them. */
function groups(occurrences: readonly Occurrence[]): Occurrence[][] {
  const all = [...groupedBy(occurrences, ({ key }) => key).values()];
  return all.flatMap((group) => {
    // where one place can go wrong in several ways of a kind, nobody knows which of them to join
    if (new Set(group.map(({ place }) => place)).size < group.length) return [];
    const families = [...groupedBy(group, ({ family }) => family).values()];
    return [group, ...(families.length > 1 ? families : [])].filter(({ length }) => length > 1);
  });
}

function groupedBy<One>(all: readonly One[], key: (one: One) => string): Map<string, One[]> {
  const found = new Map<string, One[]>();
  for (const one of all) {
    const known = found.get(key(one));
    if (known) known.push(one);
    else found.set(key(one), [one]);
  }
  return found;
}

/**
 * Two places are told one by one, more of them, and those in the code of a loop, as one mistake. No place is left out:
 * the sentence about one alone would be that of a smaller mistake, which has other numbers.
 */
function together(group: readonly Occurrence[], change: () => Change): Mutant {
  const { fault, cost, slips } = group[0]!.mutant;
  const whole = {
    fault,
    cost: cost + AGAIN,
    change,
    slips: group.map(({ mutant }) => mutant),
  };
  const names = new Set(group.map(({ name }) => name));
  const hasNames = names.size === group.length;
  // what is made at every step is told once, where each place has a name
  const isOneByOne = group.length === 2 && !(slips && hasNames) && areToldApart(group);
  if (isOneByOne) return { ...whole, second: group[1]!.mutant.fault };
  const ownOf = (claim: string): Fault =>
    group.find(({ mutant: { fault: one } }) => isMadeIn(one, claim))?.mutant.fault ?? fault;
  const say = (claim: string): string => {
    const spots = hasNames ? names : new Set(group.map(({ spot }) => spot()));
    const places = `in ${group.length} places (${[...spots].join(", ")})`;
    return `the same mistake ${places}: ${ownOf(claim).say(claim)}`;
  };
  return { ...whole, fault: { ...fault, say } };
}

/** Whether a slip is made where a claim itself is computed. */
function isMadeIn({ arisesIn }: Fault, claim: string): boolean {
  return arisesIn !== undefined && adjointName({ name: arisesIn }) === claim;
}

/** Whether the sentences differ: some slips in one line are told alike. */
function areToldApart(group: readonly Occurrence[]): boolean {
  const sentences = group.map(({ mutant, name }) => mutant.fault.say(`d${name}`));
  return new Set(sentences).size === group.length;
}

function inDefinitions(backward: Backward, sites: readonly Site[]): Change {
  const definitions = new Set(sites.map(({ definition }) => definition));
  return combined(
    [...definitions].map((definition) =>
      changeAt(
        backward,
        definition,
        sites.filter((site) => site.definition === definition),
      ),
    ),
  );
}
