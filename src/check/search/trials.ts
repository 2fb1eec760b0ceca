/** Single passes with mistakes, beside all claims that are wrong: what they explain is kept. */
import type { Quantity } from "../../expression/quantity.js";
import type { Model } from "../../language/model.js";
import type { Change, Edge } from "../pass/backward.js";
import type { Bench } from "../pass/bench.js";
import { merged } from "../pass/changes.js";
import type { Evidence } from "../claims/evidence.js";
import type { Factor } from "../explanations/factors.js";
import type { Hits, Mistakes, Slip } from "./hits.js";
import {
  type Match,
  matchOf,
  mayMatch,
  mayMatchPart,
  type PartMatch,
  partMatchOf,
  type Results,
  resultsOf,
  SECOND,
} from "./matching.js";
import type { Mutant, Probe } from "../mutants/index.js";
import type { Comparable } from "../alone/normalise.js";
import { once } from "../once.js";

export class Trials {
  /** @param claims those that are wrong */
  constructor(
    private readonly model: Model,
    readonly benches: readonly Bench[],
    readonly claims: readonly Comparable[],
    private readonly hits: Hits,
  ) {}

  /** Undefined where the change cannot be evaluated. */
  evaluate(change: Change, benches = this.benches): Results | undefined {
    const results: ReadonlyMap<Quantity, Float64Array>[] = [];
    for (const bench of benches) {
      const result = bench.evaluate(change);
      if (!result) return undefined;
      results.push(result);
    }
    return results;
  }

  /** @returns the results at the first point */
  try(
    slips: readonly Slip[],
    cost: number,
    change: () => Change,
    isUpToFactor = false,
  ): ReadonlyMap<Quantity, Float64Array> | undefined {
    const [bench, ...others] = this.benches;
    const first = bench!.evaluate(change());
    // most mistakes are ruled out by the first point
    if (!first || !this.claims.some((one) => mayMatch(one, first, bench!))) return first;
    const more = this.evaluate(change(), others);
    if (!more) return undefined;
    const results = [first, ...more];
    // three mistakes at once explain too much
    const mayOverlay = slips.length === 1;
    const match = (claim: Comparable, all: Results, benches: readonly Bench[]) =>
      matchOf(this.model, claim, all, benches, isUpToFactor, mayOverlay);
    const holds: Mistakes["holds"] = (...of) => match(...of) !== undefined;
    const matches = new Map<Evidence, Match>();
    for (const one of this.claims) {
      const own = match(one, results, this.benches);
      if (own) matches.set(one.evidence, own);
    }
    this.hits.keep({ slips, cost, change, holds }, matches, results);
    return first;
  }

  /** Finds the factor of a part by which it explains claims. */
  probe(probe: Probe): void {
    const first = this.benches[0]!.evaluate(probe.change());
    if (!first) return;
    const rest = once(() => this.evaluate(probe.change(), this.benches.slice(1)));
    // claims in which the part has the same factor are explained by one mistake
    const found = new Map<Factor["name"], Map<Comparable, PartMatch>>();
    for (const one of this.claims) {
      // most parts are ruled out by the first point
      if (!this.mayHold(probe, one, first, undefined)) continue;
      const others = rest();
      if (!others) return;
      const part = this.partOf(probe, one, [first, ...others], this.benches, undefined);
      if (!part) continue;
      const { name } = part.factor;
      found.set(name, (found.get(name) ?? new Map<Comparable, PartMatch>()).set(one, part));
    }
    for (const parts of found.values()) this.keepParts(probe, parts, [first, ...rest()!]);
  }

  /**
   * @param parts the claims that a part explains, with one factor
   * @param all what comes out with the part added once
   */
  private keepParts(probe: Probe, parts: ReadonlyMap<Comparable, PartMatch>, all: Results): void {
    const [part] = parts.values();
    const { factor } = part!;
    const faults = probe.faults(factor);
    if (faults.length === 0) return;
    const holds: Mistakes["holds"] = (claim, results, benches) =>
      this.partOf(probe, claim, results, benches, undefined) !== undefined;
    const times = once(() => this.times(probe, factor));
    const mistakes = {
      slips: faults.map((fault) => ({ fault, change: times })),
      isOfSizes: typeof factor.name === "string",
      cost: probe.cost,
      change: once(probe.change),
      holds,
    };
    const bases = this.benches.map(({ adjoints }) => adjoints);
    this.keep(mistakes, parts, scaled(probe, part!, all, bases, this.benches));
  }

  /**
   * The same for one claim, beside another mistake in the same pass.
   * @param base what the pass with that mistake alone has for the claim at the first point
   */
  probeBeside(
    mutant: Mutant,
    base: ReadonlyMap<Quantity, Float64Array>,
    probe: Probe,
    claim: Comparable,
  ): void {
    const { quantity } = claim.evidence;
    const both = beside(mutant.change(), probe.change());
    const first = both && this.benches[0]!.evaluate(both, quantity);
    if (!both || !first || !this.mayHold(probe, claim, first, base)) return;
    const [all, bases] = [this.evaluate(both), this.evaluate(mutant.change())];
    if (!all || !bases) return;
    const part = this.partOf(probe, claim, all, this.benches, bases);
    const [fault, ...others] = part ? probe.faults(part.factor) : [];
    // three mistakes at once explain too much
    if (!part || !fault || part.faults.length + others.length > 0) return;
    const holds: Mistakes["holds"] = (one, results, benches) => {
      const own = this.evaluate(mutant.change(), benches);
      return own !== undefined && this.partOf(probe, one, results, benches, own) !== undefined;
    };
    const cost = probe.cost + mutant.cost + SECOND;
    const slips = [mutant, { fault, change: () => this.times(probe, part.factor) }];
    const mistakes = { slips, cost, change: () => both, holds };
    this.keep(mistakes, new Map([[claim, part]]), scaled(probe, part, all, bases, this.benches));
  }

  /** What a part changes that has a factor of its own: its value at the first point, where it depends on sizes. */
  private times({ change, present }: Probe, { value }: Factor): Change {
    const { graph } = this.model;
    const { removed, added } = change();
    const often = graph.number(value - present);
    const parts = added.map((edge) => {
      const body = graph.multiply(often, edge.clause.body);
      return { ...edge, clause: { ...edge.clause, body } };
    });
    return { removed, added: parts };
  }

  /** The surprise of a factor is that of the mistake: it is paid for once. */
  private keep(
    mistakes: Mistakes,
    parts: ReadonlyMap<Comparable, PartMatch>,
    results: Results,
  ): void {
    const least = Math.min(...[...parts.values()].map(({ cost }) => cost));
    const matches = new Map(
      [...parts].map(([{ evidence }, { cost, faults }]) => [
        evidence,
        { cost: cost - least, faults },
      ]),
    );
    this.hits.keep({ ...mistakes, cost: mistakes.cost + least }, matches, results);
  }

  /**
   * Whether a part may explain a claim, as far as the first point tells.
   * @param base as for `partOf`
   */
  private mayHold(
    { present }: Probe,
    claim: Comparable,
    first: ReadonlyMap<Quantity, Float64Array>,
    base: ReadonlyMap<Quantity, Float64Array> | undefined,
  ): boolean {
    const { quantity } = claim.evidence;
    const once = first.get(quantity);
    const without = base?.get(quantity) ?? this.benches[0]!.adjoints.get(quantity)!;
    return once !== undefined && mayMatchPart(this.model, claim, without, once, present);
  }

  /** @param base without the part; the right pass by default */
  private partOf(
    { present }: Probe,
    claim: Comparable,
    results: Results,
    benches: readonly Bench[],
    base: Results | undefined,
  ): PartMatch | undefined {
    const { quantity } = claim.evidence;
    const once = resultsOf(results, quantity);
    const right = benches.map((bench) => bench.adjoints.get(quantity)!);
    const without = (base && resultsOf(base, quantity)) ?? right;
    return once && partMatchOf(this.model, claim, without, once, present);
  }
}

/** A part once more beside a mistake; undefined where the mistake is made in that part. */
function beside(mistake: Change, part: Change): Change | undefined {
  const isChanged = ({ from, to }: Edge): boolean =>
    [...mistake.removed].some((edge) => edge.from === from && edge.to === to);
  return part.added.some(isChanged) ? undefined : merged(mistake, part);
}

/**
 * What comes out where a part has a factor of its own.
 * @param all with the part once more
 * @param bases without that
 */
function scaled(
  { present }: Probe,
  { factor }: PartMatch,
  all: Results,
  bases: Results,
  benches: readonly Bench[],
): Results {
  return all.map((results, k) => {
    const times = factor.at(benches[k]!.sizes) - present;
    const among = [...results].map(([quantity, once]) => {
      const base = bases[k]!.get(quantity);
      return [
        quantity,
        base ? base.map((one, n) => one + times * (once[n]! - one)) : once,
      ] as const;
    });
    return new Map(among);
  });
}
