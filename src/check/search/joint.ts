/** Explanations of all claims together: what explains several claims is one mistake, and is paid for once. */
import type { Quantity } from "../../expression/quantity.js";
import type { Explanation, Fault } from "../explanations/hypothesis.js";
import { contradicting, type HitExplanation } from "./hits.js";

/** How much less than all others it costs what is chosen with other claims in view. */
const SHARED = 0.4;

/** What explains one wrong claim. */
export interface Found {
  readonly quantity: Quantity;
  /** By itself. */
  readonly alone: readonly Explanation[];
  /** As one of all: the same mistake that explains the others, each in its own words. */
  readonly together: readonly Together[];
  /** As one of several. */
  readonly hits: readonly HitExplanation[];
}

/** Explanations of all wrong claims that are one mistake. */
export type Together = ReadonlyMap<Quantity, Explanation>;

/** An explanation of one claim, and the mistake that it tells of. */
interface Option {
  readonly explanation: Explanation;
  readonly mistake: object;
  /** What the mistake costs, however many claims it explains, and what it costs to explain this one by it. */
  readonly price: number;
  readonly extra: number;
  /** The faults of the mistake itself. */
  readonly faults: readonly Fault[];
  /** Whether it makes a right claim wrong: then it was not made where several claims have it from. */
  readonly contradicts: boolean;
  /** Other wrong claims that it would make wrong in another way. */
  readonly altered: readonly Quantity[];
}

/**
 * The explanations of each claim; where the mistakes that explain all claims at the least cost are not those that
 * each claim would choose by itself, they go before all others.
 */
export function jointly(found: readonly Found[]): Map<Quantity, Explanation[]> {
  const options = compatible(found, found.map(optionsOf));
  const chosen = choose(options.filter((own) => own.length > 0));
  return new Map(
    found.map(({ quantity }, k) => {
      const own = options[k]!;
      const least = Math.min(...own.map(({ explanation }) => explanation.cost));
      const explanations = own.map((option) => {
        const { explanation } = option;
        if (!chosen.has(option)) return explanation;
        return { ...explanation, cost: Math.min(explanation.cost, least) - SHARED };
      });
      return [quantity, explanations];
    }),
  );
}

function optionsOf({ quantity, alone, together, hits }: Found): Option[] {
  const without = (explanation: Explanation, mistake: object): Option => {
    const { faults, cost } = explanation;
    const none = { contradicts: false, altered: [] };
    return { explanation, mistake, price: cost, extra: 0, faults, ...none };
  };
  return [
    ...alone.map((explanation) => without(explanation, explanation)),
    ...together.flatMap((mistake) => {
      const explanation = mistake.get(quantity);
      return explanation ? [without(explanation, mistake)] : [];
    }),
    ...hits.map((explanation) => {
      const { hit, price } = explanation;
      const extra = hit.explained.get(quantity)!.cost;
      const { faults, contradicted, altered } = hit;
      const contradicts = contradicted.length > 0;
      return { explanation, mistake: hit, price, extra, faults, contradicts, altered };
    }),
  ];
}

/**
 * The same where what a mistake would do to other wrong claims costs something: those that are explained, and never
 * with this mistake, were not computed with it.
 */
function compatible(
  found: readonly Found[],
  options: readonly (readonly Option[])[],
): readonly (readonly Option[])[] {
  const faultsOf = new Map(
    found.map(({ quantity }, k) => [
      quantity,
      new Set(options[k]!.flatMap(({ faults }) => faults)),
    ]),
  );
  return options.map((own) =>
    own.map((option) => {
      const { explanation, price, faults, altered } = option;
      const others = altered.filter((one) => {
        const known = faultsOf.get(one);
        return known && known.size > 0 && !faults.some((fault) => known.has(fault));
      });
      const more = contradicting(others.length);
      const cost = explanation.cost + more;
      return { ...option, explanation: { ...explanation, cost }, price: price + more };
    }),
  );
}

/** The options by mistakes that explain several claims, where all claims together cost the least. */
function choose(claims: readonly (readonly Option[])[]): ReadonlySet<Option> {
  const made = new Set<object>();
  const shared = mistakesOfSeveral(claims);
  for (let cost = costOf(claims, made); ;) {
    const steps = shared
      .filter((mistake) => !made.has(mistake))
      .map((mistake) => ({ mistake, cost: costOf(claims, new Set([...made, mistake])) }));
    const best = steps.reduce((low, one) => (one.cost < low.cost ? one : low), {
      mistake: undefined as object | undefined,
      cost,
    });
    if (!best.mistake) break;
    made.add(best.mistake);
    cost = best.cost;
  }
  const taken = claims.map((own) => cheapest(own, made, pricedFaults(claims, made)));
  const isOfOthers = (fault: Fault): boolean =>
    taken.filter(({ faults }) => faults.includes(fault)).length > 1;
  // one of two mistakes may be all that is wrong with another claim
  const told = new Set(
    taken
      .filter(({ mistake }) => made.has(mistake))
      .flatMap(({ faults }) => faults.filter(isOfOthers)),
  );
  return new Set(taken.filter(({ faults }) => faults.some((fault) => told.has(fault))));
}

/** Those that explain several claims and contradict none: what a right claim equals, or is computed from, is right. */
function mistakesOfSeveral(claims: readonly (readonly Option[])[]): object[] {
  const counts = new Map<object, number>();
  for (const { mistake, contradicts } of claims.flat()) {
    if (!contradicts) counts.set(mistake, (counts.get(mistake) ?? 0) + 1);
  }
  return [...counts].flatMap(([mistake, count]) => (count > 1 ? [mistake] : []));
}

/** What it costs to explain all claims, with some mistakes made. */
function costOf(claims: readonly (readonly Option[])[], made: ReadonlySet<object>): number {
  const paid = pricedFaults(claims, made);
  let cost = 0;
  const priced = new Set<object>();
  for (const { mistake, price } of claims.flat()) {
    if (!made.has(mistake) || priced.has(mistake)) continue;
    priced.add(mistake);
    cost += price;
  }
  for (const own of claims) cost += costIn(cheapest(own, made, paid), made, paid);
  return cost;
}

/** The faults of the mistakes that are made, with what they cost: a mistake that has one of them costs so much less. */
function pricedFaults(
  claims: readonly (readonly Option[])[],
  made: ReadonlySet<object>,
): ReadonlyMap<Fault, number> {
  return new Map(
    claims
      .flat()
      .filter(({ mistake, faults }) => made.has(mistake) && faults.length === 1)
      .map(({ faults, price }) => [faults[0]!, price]),
  );
}

function cheapest(
  own: readonly Option[],
  made: ReadonlySet<object>,
  paid: ReadonlyMap<Fault, number>,
): Option {
  return own.reduce((low, one) => (costIn(one, made, paid) < costIn(low, made, paid) ? one : low));
}

/** What it costs to explain one claim so, where some mistakes are made anyway. */
function costIn(
  { mistake, price, extra, faults }: Option,
  made: ReadonlySet<object>,
  paid: ReadonlyMap<Fault, number>,
): number {
  if (made.has(mistake)) return extra;
  const known = Math.max(0, ...faults.map((fault) => paid.get(fault) ?? 0));
  return price - known + extra;
}
