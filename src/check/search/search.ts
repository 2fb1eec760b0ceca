/** The search for explanations: mutants, the least surprising first, are compared with all claims. */
import type { Quantity } from "../../expression/quantity.js";
import type { Model } from "../../language/model.js";
import type { CheckedPoint } from "../../language/point.js";
import { absent } from "../alone/absent.js";
import { additions } from "../alone/additions.js";
import type { Backward } from "../pass/backward.js";
import { Bench } from "../pass/bench.js";
import { borrowedSums } from "../alone/borrowed.js";
import { Budget } from "./budget.js";
import { cancelled } from "../alone/cancelled.js";
import type { Catalogue } from "../mutants/catalogue.js";
import { claimwise } from "../alone/claimwise.js";
import { clipped, clippedTogether } from "../alone/clipped.js";
import { confusions } from "../alone/confusions.js";
import type { Evidence } from "../claims/evidence.js";
import { exchanged } from "../alone/exchanged.js";
import { type HitExplanation, Hits, LONELY, type Slip } from "./hits.js";
import type { Explanation } from "../explanations/hypothesis.js";
import { jointly, type Together } from "./joint.js";
import { layouts } from "../alone/layouts.js";
import { factorProbes, type Mutant, probes } from "../mutants/index.js";
import { comparable, type Comparable } from "../alone/normalise.js";
import { once } from "../once.js";
import { movedTogether } from "../alone/moved-together.js";
import { overwritten } from "../alone/overwritten.js";
import { uphill } from "../alone/uphill.js";
import { scaledUpstream } from "../alone/scaled.js";
import { Effects } from "./effects.js";
import { Pairs } from "./pairs.js";
import { Reach } from "./reach.js";
import { Trials } from "./trials.js";

/** So many explanations of a sample are tried on the whole. */
const MOST_CONFIRMED = 6;

/** What one number costs as a multiple of the right one, or as its bound, where paths may be missing in it. */
const SCANT = 0.6;

/** Explanations of one claim that cost as much are doubted where others have a simple one. */
const CONTRIVED = 2.6;

/** Operations that single mistakes may take together, and pairs of them. */
const SINGLES = 1e7;
const PAIRS = 6e5;
/** So many more pairs may be tried in any pass, the steps of which take as long as so many numbers. */
const MORE_PAIRS = 700;
const STEP = 30;

export class Search {
  private readonly model: Model;
  private readonly backward: Backward;
  private readonly wrong: readonly Evidence[];
  /** The wrong claims that have the shape of what they claim. */
  private readonly claims: readonly Comparable[];
  private readonly right: readonly Comparable[];
  /** The same with all entries, where large claims are sampled. */
  private readonly whole: () => {
    readonly benches: readonly Bench[];
    readonly comparables: readonly Comparable[];
  };
  /** What needs no pass: the claims one by one. */
  private readonly alone = new Map<Quantity, readonly Explanation[]>();
  /** The same of all claims at once. */
  private readonly together: Together[] = [];
  private readonly reach: Reach;
  private readonly hits: Hits;
  private readonly trials: Trials;
  private readonly effects: Effects;

  constructor(
    private readonly catalogue: Catalogue,
    points: readonly CheckedPoint[],
    private readonly benches: readonly Bench[],
    private readonly evidences: readonly Evidence[],
  ) {
    this.backward = catalogue.backward;
    this.model = this.backward.model;
    const wanted = new Set(evidences.map(({ quantity }) => quantity));
    const all = evidences.flatMap((one) => comparable(one, this.benches) ?? []);
    this.whole = once(() => {
      const isSampled = evidences.some(({ quantity }) => this.benches[0]!.isSampled(quantity));
      if (!isSampled) return { benches: this.benches, comparables: all };
      const { known } = this.benches[0]!;
      const options = { longest: Infinity, known };
      const benches = points.map((point) => new Bench(this.backward, point, wanted, options));
      return { benches, comparables: evidences.flatMap((one) => comparable(one, benches) ?? []) };
    });
    this.wrong = evidences.filter(({ ok }) => !ok);
    this.claims = all.filter(({ evidence }) => !evidence.ok);
    this.right = all.filter(({ evidence }) => evidence.ok);
    const open = this.claims.map(({ evidence }) => evidence.quantity);
    this.reach = new Reach(this.backward, open, this.wrong.length, benches[0]!.known);
    this.hits = new Hits(this.backward, this.wrong.length, this.claims, this.right);
    this.trials = new Trials(this.model, benches, this.claims, this.hits);
    this.effects = new Effects(benches[0]!.adjoints);
  }

  /**
   * Explanations for each wrong claim, in no order.
   * @param atMost what an explanation may cost; costlier ones are not looked for, but may be found
   */
  run(atMost = Infinity): Map<Quantity, Explanation[]> {
    this.together.push(...this.explainTogether());
    for (const evidence of this.wrong) {
      const { quantity } = evidence;
      this.alone.set(quantity, this.explainAlone(evidence));
    }
    const { trials, effects } = this;
    const budget = this.budget(SINGLES);
    const isEnough = (cost: number): boolean => cost > atMost || this.isSettled(cost);
    const isOver = (cost: number): boolean => budget.left <= 0 || isEnough(cost);
    const surcharge = ({ change }: Mutant): number => this.reach.of(change()).surcharge;
    for (const mutant of this.catalogue.mutants(isOver, surcharge)) {
      if (!this.isUseful(mutant)) continue;
      const { cost, change, isUpToFactor } = mutant;
      const results = trials.try(slipsOf(mutant), cost, change, isUpToFactor);
      if (results) effects.note(mutant, results);
    }
    const relevant = (quantity: Quantity): boolean => this.benches[0]!.leadsToClaims(quantity);
    // what is made once is compiled once
    const parts = [...probes(this.backward, relevant)].map((probe) => ({
      ...probe,
      change: once(probe.change),
    }));
    for (const probe of [...parts, ...factorProbes(this.backward, relevant)]) {
      if (!isEnough(probe.cost)) trials.probe(probe);
    }
    if (atMost === Infinity) {
      const pass = this.benches[0]!.passLength + STEP * this.backward.edges.length;
      const left = this.budget(PAIRS + MORE_PAIRS * pass);
      const pairs = new Pairs(this.backward, trials, this.hits, effects, left);
      const costs = (isMeant: (cost: number) => boolean): Comparable[] =>
        this.claims.filter(({ evidence }) => isMeant(this.best(evidence.quantity)));
      const open = costs((cost) => cost === Infinity);
      const contrived = costs((cost) => cost >= CONTRIVED && cost < Infinity);
      pairs.explain(open, contrived, parts);
    }
    return jointly(
      this.wrong.map(({ quantity }) => ({
        quantity,
        alone: this.alone.get(quantity)!,
        together: this.together,
        hits: this.confirmed(quantity),
      })),
    );
  }

  private budget(operations: number): Budget {
    return new Budget(this.backward.graph, this.benches, operations);
  }

  /** One mistake for all wrong claims that needs no pass. */
  private explainTogether(): Together[] {
    const { model, backward, claims, wrong } = this;
    if (claims.length < wrong.length) return [];
    const right = this.evidences.filter(({ ok }) => ok);
    return [
      exchanged(claims),
      scaledUpstream(model, backward, claims, this.right),
      clippedTogether(wrong, right),
      uphill(model, claims),
    ];
  }

  private explainAlone(evidence: Evidence): Explanation[] {
    const { model, backward } = this;
    const { benches, comparables } = this.whole();
    const one = comparables.find((each) => each.evidence.quantity === evidence.quantity);
    const lonely = this.wrong.length > 1 ? LONELY / 2 : 0;
    return [
      ...absent(backward, evidence),
      ...cancelled(evidence),
      ...[...claimwise(model, evidence), ...(evidence.isUnbounded ? [] : clipped(evidence))].map(
        (each) => ({
          ...each,
          cost: each.cost + this.scant(evidence, each),
        }),
      ),
      ...(one
        ? [
            ...additions(model, backward, benches, one),
            ...confusions(model, backward, benches, one),
            ...borrowedSums(model, backward, benches, one),
            ...movedTogether(backward, benches, one),
            ...overwritten(model, backward, benches, one),
          ]
        : layouts(model, backward, benches, evidence)),
    ].map((each) => ({ ...each, cost: each.cost + lonely }));
  }

  /** A single number is some multiple of any other; a wrong sign has no number to choose. */
  private scant({ quantity, exhibits }: Evidence, { faults }: Explanation): number {
    const count = exhibits.reduce((total, { claim }) => total + claim.entries.length, 0);
    const sources = new Set(this.backward.into(quantity).map(({ from }) => from));
    const isSign = faults.every(({ cause }) => cause === "sign");
    return count === 1 && sources.size > 1 && !isSign ? SCANT : 0;
  }

  /** Explanations that hold for all entries, where only a sample was looked at. */
  private confirmed(quantity: Quantity): HitExplanation[] {
    const explanations = this.hits.of(quantity);
    if (!this.benches[0]!.isSampled(quantity)) return explanations;
    const { benches, comparables } = this.whole();
    const all = comparables.find(({ evidence }) => evidence.quantity === quantity)!;
    return explanations
      .sort((a, b) => a.cost - b.cost)
      .slice(0, MOST_CONFIRMED)
      .filter(({ hit }) => {
        const results = this.trials.evaluate(hit.change(), benches);
        return results && hit.holds(all, results, benches);
      });
  }

  private best(quantity: Quantity): number {
    const others = [
      ...this.alone.get(quantity)!,
      ...this.together.flatMap((one) => one.get(quantity) ?? []),
    ];
    return Math.min(this.hits.best(quantity), ...others.map(({ cost }) => cost));
  }

  /** Whether a mistake would explain some claim more simply than what was found. */
  private isUseful({ cost, change }: Mutant): boolean {
    const { claims, surcharge } = this.reach.of(change());
    return claims.some((claim) => this.best(claim) >= cost + surcharge);
  }

  /** Whether nothing of this cost could explain any claim more simply. */
  private isSettled(cost: number): boolean {
    return this.claims.every(({ evidence }) => this.best(evidence.quantity) < cost);
  }
}

/** A mistake that is told of two places is one slip at each of them. */
function slipsOf({ fault, second, change, slips = [] }: Mutant): readonly Slip[] {
  if (!second) return [{ fault, change }];
  return [fault, second].map(
    (each) => slips.find((one) => one.fault === each) ?? { fault: each, change },
  );
}
