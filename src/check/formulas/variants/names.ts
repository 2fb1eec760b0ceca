/** One name taken for another. */
import { named } from "../../../language/compose.js";
import type { Syntax } from "../../../language/syntax.js";
import type { Fault } from "../../hypothesis.js";
import { type Spot, spotsOf, suits, type Surroundings, type Variant } from "./variant.js";

export function* nameVariants(root: Syntax, around: Surroundings): Generator<Variant> {
  for (const spot of spotsOf(root)) yield* names(spot, around);
  yield* everywhere(root, around);
}

function* names({ node, replace }: Spot, around: Surroundings): Generator<Variant> {
  if (node.kind !== "name") return;
  const { names: all, adjoints, whole } = around;
  const used = node.name;
  for (const [instead, other] of all) {
    // where everything fits together, only what fits too can belong there
    if (instead === used || (whole && !suits(all.get(used), other))) continue;
    const isOfOtherKind = adjoints.has(used) !== adjoints.has(instead);
    yield {
      syntax: replace(named(instead)),
      faults: [wrongName(used, instead)],
      cost: isOfOtherKind ? 1.9 : 1.25,
    };
  }
}

function wrongName(used: string, instead: string): Fault {
  return {
    cause: "wrong-variable",
    used,
    instead,
    say: (claim) => `${claim} uses ${used} where ${instead} belongs`,
  };
}

/** A name that is taken for another wherever it stands. */
function* everywhere(root: Syntax, { names: all }: Surroundings): Generator<Variant> {
  const found = spotsOf(root).flatMap(({ node }) => (node.kind === "name" ? [node.name] : []));
  const repeated = new Set(found.filter((name, k) => all.has(name) && found.indexOf(name) < k));
  for (const used of repeated) {
    for (const [instead, other] of all) {
      if (instead === used || !suits(all.get(used), other)) continue;
      const syntax = renamed(root, used, instead);
      yield { syntax, faults: [wrongName(used, instead)], cost: 1.3 };
    }
  }
}

function renamed(root: Syntax, used: string, instead: string): Syntax {
  const spot = spotsOf(root).find(({ node }) => node.kind === "name" && node.name === used);
  return spot ? renamed(spot.replace(named(instead)), used, instead) : root;
}
