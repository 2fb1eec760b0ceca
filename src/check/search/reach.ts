/** Which claims a mistake can change, from the derivatives that it changes first: told before any is computed. */
import type { Quantity } from "../../expression/quantity.js";
import type { Backward, Change } from "../pass/backward.js";
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
  /** By the names of the quantities whose derivatives a mistake changes first. */
  private readonly known = new Map<string, Reached>();
  private readonly everything: Reached;
  /** For each claim the quantities whose derivatives it is computed from. */
  private readonly leading: ReadonlyMap<Quantity, ReadonlySet<Quantity>>;

  /**
   * @param wrong claims that mistakes may explain
   * @param count how many claims are wrong, with those that no pass explains
   * @param known quantities whose derivatives are given
   */
  constructor(
    backward: Backward,
    private readonly wrong: readonly Quantity[],
    private readonly count: number,
    known: ReadonlySet<Quantity> = new Set(),
  ) {
    this.leading = new Map(
      wrong.map((claim) => [claim, backward.leadingTo(new Set([claim]), known)]),
    );
    this.everything = { claims: wrong, surcharge: 0 };
  }

  /**
   * What a change reaches, by the contributions that it leaves out and adds: a sentence may begin elsewhere, as
   * with the derivative in which a path is missing that was added to another.
   */
  of({ removed, added, redefined = [] }: Change): Reached {
    // a forward pass with a mistake gives all derivatives other numbers
    if (redefined.length > 0) return this.everything;
    const places = new Set([...removed, ...added].map(({ to }) => to));
    const key = [...places].map(({ name }) => name).join(" ");
    let reached = this.known.get(key);
    if (!reached) this.known.set(key, (reached = this.from([...places])));
    return reached;
  }

  private from(places: readonly Quantity[]): Reached {
    const claims = this.wrong.filter((claim) => {
      const leading = this.leading.get(claim)!;
      return places.some((place) => leading.has(place));
    });
    return { claims, surcharge: lonely(this.count, claims.length) };
  }
}
