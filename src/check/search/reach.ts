/** Which claims a mistake can change, from where it is made: told before anything is computed. */
import type { Quantity } from "../../expression/quantity.js";
import type { Mutant } from "../mutants/index.js";
import type { Backward } from "../pass/backward.js";
import { lonely } from "./hits.js";

/** What is computed from some derivatives. */
interface Reached {
  /** The claims that a mistake may explain. */
  readonly claims: readonly Quantity[];
  /**
   * What an explanation costs beyond the mistake at least; ∞ where the mistake changes no wrong claim. Nothing for
   * right claims: what is computed from a wrong derivative need not change, as where it is multiplied by zeros.
   */
  readonly surcharge: number;
}

export class Reach {
  /** By the names of the quantities whose derivatives a mistake is made in. */
  private readonly known = new Map<string, Reached>();
  private readonly everything: Reached;
  /** For each claim the names of the quantities whose derivatives it is computed from. */
  private readonly leading: ReadonlyMap<Quantity, ReadonlySet<string>>;

  /**
   * @param wrong claims that mistakes may explain
   * @param count how many claims are wrong, with those that no pass explains
   */
  constructor(
    backward: Backward,
    private readonly wrong: readonly Quantity[],
    private readonly count: number,
  ) {
    this.leading = new Map(
      wrong.map((claim) => {
        const leading = backward.leadingTo(new Set([claim]));
        return [claim, new Set([...leading].map(({ name }) => name))];
      }),
    );
    this.everything = { claims: wrong, surcharge: 0 };
  }

  of(mutant: Mutant): Reached {
    const places = placesOf(mutant);
    if (!places) return this.everything;
    const key = [...places].join(" ");
    let reached = this.known.get(key);
    if (!reached) this.known.set(key, (reached = this.from(places)));
    return reached;
  }

  private from(places: ReadonlySet<string>): Reached {
    const isReached = (claim: Quantity): boolean =>
      [...places].some((place) => this.leading.get(claim)!.has(place));
    const claims = this.wrong.filter(isReached);
    return { claims, surcharge: lonely(this.count, claims.length) };
  }
}

/** The quantities whose derivatives a mistake is made in; undefined where it may be in any, or in the forward pass. */
function placesOf({
  fault: { arisesIn, isForward },
  slips,
}: Mutant): ReadonlySet<string> | undefined {
  if (!slips) return isForward || arisesIn === undefined ? undefined : new Set([arisesIn]);
  const places = new Set<string>();
  for (const slip of slips) {
    const own = placesOf(slip);
    if (!own) return undefined;
    for (const place of own) places.add(place);
  }
  return places;
}
