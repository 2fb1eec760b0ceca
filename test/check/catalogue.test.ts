/** The mistakes of a check: the least surprising first, each made when the search comes to its cost. */
import { parseModel } from "chainrule";
import { describe, expect, it } from "vitest";
import { Catalogue, catalogueOf } from "../../src/check/mutants/catalogue.js";
import { type Family, inTwoParts, Workshop } from "../../src/check/mutants/family.js";
import { families } from "../../src/check/mutants/index.js";
import type { Mutant } from "../../src/check/mutants/mutant.js";
import { Backward } from "../../src/check/pass/backward.js";
import { Bench } from "../../src/check/pass/bench.js";
import { NO_CHANGE } from "../../src/check/pass/changes.js";
import { readPoint } from "../../src/language/point.js";
import { systems } from "./corpus/index.js";
import { studies } from "./corpus/published/index.js";

const told = ({ fault, cost }: Mutant): string => `${cost} ${fault.cause} ${fault.say("it")}`;

describe("an order of families", () => {
  const backward = Backward.of(parseModel("w = param()\nL = w^2"));

  function family(name: string, costs: readonly number[], made: string[]): Family {
    return {
      least: Math.min(...costs),
      mutants: () => {
        made.push(name);
        const fault = { cause: "sign" as const, say: () => name };
        return costs.map((cost) => ({ fault, cost, change: () => NO_CHANGE }));
      },
    };
  }

  it("takes equal costs in the order of the families, and makes none before its turn", () => {
    const made: string[] = [];
    const list = [
      family("a", [2, 1.5, 3], made),
      family("b", [1, 2], made),
      family("c", [2.5, 1.5], made),
    ];
    const order: string[] = [];
    for (const { fault, cost } of new Catalogue(backward, () => list).mutants(() => false)) {
      order.push(`${fault.say("")}${cost} after ${made.join("")}`);
    }
    expect(order).toEqual([
      "b1 after b",
      "a1.5 after bac",
      "c1.5 after bac",
      "a2 after bac",
      "b2 after bac",
      "c2.5 after bac",
      "a3 after bac",
    ]);
  });

  it("asks for a surcharge when the search comes to a mistake, which then waits for its turn", () => {
    const list = [family("a", [1, 2, 3, 9], []), family("b", [1.5, 2.5], [])];
    const log: string[] = [];
    const surcharges = new Map([
      ["a1", 1.5],
      ["a2", Infinity],
      ["b2.5", 0.2],
    ]);
    const surcharge = ({ fault, cost }: Mutant): number => {
      const name = `${fault.say("")}${cost}`;
      log.push(`${name}?`);
      return surcharges.get(name) ?? 0;
    };
    const isEnough = (cost: number): boolean => cost > 4;
    for (const { fault, cost } of new Catalogue(backward, () => list).mutants(
      isEnough,
      surcharge,
    )) {
      log.push(`${fault.say("")}${cost}`);
    }
    expect(log.join(" ")).toBe("a1? b1.5? b1.5 a2? a1 b2.5? b2.5 a3? a3");
  });

  it("makes nothing that is more surprising than what is asked for", () => {
    const made: string[] = [];
    const list = [family("far", [2.4], made), family("near", [1, 2], made)];
    expect(new Catalogue(backward, () => list).usual(2, Infinity).map(({ cost }) => cost)).toEqual([
      1, 2,
    ]);
    expect(made).toEqual(["near"]);
    expect(new Catalogue(backward, () => list).usual(3, 2)).toHaveLength(2);
    expect(made).toEqual(["near", "near"]);
  });
});

describe("a kind in two parts", () => {
  const { scene } = Workshop.of(Backward.of(parseModel("w = param()\nL = w^2")), new Map(), false);

  it("makes the rare mistakes apart, and each once", () => {
    const made: string[] = [];
    const mutant = (cost: number): Mutant => {
      made.push(String(cost));
      return { fault: { cause: "sign", say: () => "" }, cost, change: () => NO_CHANGE };
    };
    const parts = inTwoParts(1.5, function* (_, place: string, withRare) {
      expect(place).toBe("here");
      yield mutant(1.5);
      if (withRare) yield mutant(2.05);
      yield mutant(2.3);
      yield mutant(2);
    });
    expect(parts.map(({ least }) => least)).toEqual([1.5, 2.01]);
    const [usual, rare] = parts.map(({ make }) => () => [...make(scene, "here")]);
    expect(usual!().map(({ cost }) => cost)).toEqual([1.5, 2]);
    expect(made).not.toContain("2.05");
    expect(rare!().map(({ cost }) => cost)).toEqual([2.05, 2.3]);
  });
});

const published = studies.map(({ name, model, point }) => ({ name, text: model, point }));

describe.each([...systems, ...published])("$name", ({ text, point: at }) => {
  const backward = Backward.of(parseModel(text));
  const { model } = backward;
  const bench = new Bench(backward, readPoint(model, at), new Set(model.params));
  const list = families(Workshop.of(backward, bench.sizes, true), (one) =>
    bench.leadsToClaims(one),
  );

  it("has no family with a mistake that costs less than it says", () => {
    for (const { least, mutants } of list) {
      for (const mutant of mutants()) {
        expect(mutant.cost, told(mutant)).toBeGreaterThanOrEqual(least);
      }
    }
  });

  it("is ordered as if all families were made at once", () => {
    const ranked = (families: readonly Family[]): Mutant[] =>
      families.flatMap(({ mutants }) => mutants()).sort((a, b) => a.cost - b.cost);
    const inOrder = [...catalogueOf(backward, bench, true).mutants(() => false)];
    expect(inOrder.map(told)).toEqual(ranked(list).map(told));
    const single = ranked(list.filter(({ isRepeated }) => !isRepeated));
    const usual = single.filter(({ cost }) => cost <= 2);
    expect(usual.length).toBeGreaterThan(0);
    for (const count of [1, 40, Infinity]) {
      const first = catalogueOf(backward, bench, true).usual(2, count);
      expect(first.map(told)).toEqual(usual.slice(0, count).map(told));
    }
  });
});
