/** What is held fixed in a local derivative: other ways by which a quantity acts on its user. */
import type { Quantity } from "../expression/quantity.js";
import { enumerated, said, type Sentence, separated } from "../language/sentence.js";
import type { Partial, Route } from "../forms/route.js";

/** So many quantities are named in one sentence: a weight of a long loop acts on a step through all steps before it. */
const MOST_NAMED = 8;

export class WaysBetween {
  /** The quantities on the route that each is computed from directly. */
  private readonly sources = new Map<Quantity, Quantity[]>();

  constructor(route: Route) {
    for (const { of, users } of route.adjoints) {
      for (const user of users) {
        const known = this.sources.get(user);
        if (known) known.push(of);
        else this.sources.set(user, [of]);
      }
    }
  }

  /**
   * What has to be said of ∂u/∂v where v acts on u through other users of v too.
   * @param users of what is differentiated by
   */
  sentences({ numerator, of }: Partial, users: readonly Quantity[]): Sentence[] {
    const { named, hasMore } = this.between(numerator, users);
    if (named.length === 0) return [];
    if (hasMore) {
      const through = said`${separated(named)} and others`;
      return [
        said`${of} acts on ${numerator} through ${through} too: here all of these are held fixed.`,
      ];
    }
    const through = enumerated(named);
    const verb = named.length === 1 ? "is" : "are";
    return [
      said`${of} acts on ${numerator} through ${through} too: here ${through} ${verb} held fixed.`,
    ];
  }

  /** The users that lead to one of them: from there back, as many as are named. */
  private between(
    to: Quantity,
    users: readonly Quantity[],
  ): { named: readonly Quantity[]; hasMore: boolean } {
    if (users.length < 2) return { named: [], hasMore: false };
    const asked = new Set(users);
    const found = new Set<Quantity>();
    const reached = new Set([to]);
    for (const one of reached) {
      if (one !== to && asked.has(one)) {
        if (found.size === MOST_NAMED) return { named: [...found], hasMore: true };
        found.add(one);
      }
      for (const source of this.sources.get(one) ?? []) reached.add(source);
    }
    return { named: users.filter((user) => found.has(user)), hasMore: false };
  }
}
