import { describe, expect, it } from "vitest";
import type { Quantity } from "../../src/expression/quantity.js";
import type { Fault } from "../../src/check/explanations/hypothesis.js";
import type { Hit, HitExplanation } from "../../src/check/search/hits.js";
import { type Found, jointly } from "../../src/check/search/joint.js";

const quantity = (name: string): Quantity => ({ name, role: "parameter", shape: [] });
const [a, b, c] = ["a", "b", "c"].map(quantity) as [Quantity, Quantity, Quantity];
const fault = (said: string): Fault => ({ cause: "sign", say: () => said });

/** A mistake that explains some claims, with what it takes beside it for each. */
function hit(price: number, faults: readonly Fault[], extras: ReadonlyMap<Quantity, number>): Hit {
  const explained = new Map([...extras].map(([of, cost]) => [of, { cost, faults }]));
  const change = () => ({ removed: new Set<never>(), added: [] });
  return { faults, cost: price, change, holds: () => true, explained, contradicts: false };
}

function found(
  of: Quantity,
  alone: readonly (readonly [string, number])[],
  hits: readonly Hit[],
): Found {
  return {
    quantity: of,
    alone: alone.map(([said, cost]) => ({ faults: [fault(said)], cost })),
    together: [],
    hits: hits.flatMap((one): HitExplanation[] => {
      const extra = one.explained.get(of)?.cost;
      if (extra === undefined) return [];
      return [{ hit: one, faults: one.faults, price: one.cost, cost: one.cost + extra }];
    }),
  };
}

const first = (result: ReturnType<typeof jointly>, of: Quantity): string[] => {
  const [best] = [...result.get(of)!].sort((one, other) => one.cost - other.cost);
  return best!.faults.map(({ say }) => say("d"));
};

describe("explanations of all claims together", () => {
  const shared = hit(2, [fault("shared")], new Map([a, b, c].map((of) => [of, 0])));

  it("pay for a mistake once, however many claims it explains", () => {
    const own = [["own", 1]] as const;
    const result = jointly([a, b, c].map((of) => found(of, own, [shared])));
    expect([a, b, c].map((of) => first(result, of))).toEqual([["shared"], ["shared"], ["shared"]]);
  });

  it("leave each claim its own where that costs less", () => {
    const own = [["own", 0.5]] as const;
    const result = jointly([a, b, c].map((of) => found(of, own, [shared])));
    expect([a, b, c].map((of) => first(result, of))).toEqual([["own"], ["own"], ["own"]]);
  });

  it("count a second mistake alone where the first is made anyway", () => {
    const [one, two] = [fault("one"), fault("two")];
    const single = hit(1.5, [one], new Map([a, b].map((of) => [of, 0])));
    const pair = hit(3.5, [one, two], new Map([[c, 0]]));
    const result = jointly([
      found(a, [], [single]),
      found(b, [], [single]),
      found(c, [["contrived", 3]], [pair]),
    ]);
    expect(first(result, c)).toEqual(["one", "two"]);
  });
});
