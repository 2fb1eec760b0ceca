import { parseModel } from "chainrule";
import { describe, expect, it } from "vitest";
import { Backward, type Change } from "../../src/check/pass/backward.js";
import { Bench } from "../../src/check/pass/bench.js";
import { catalogueOf } from "../../src/check/mutants/catalogue.js";
import { Cells } from "../../src/check/pass/cells.js";
import { merged } from "../../src/check/pass/changes.js";
import type { Quantity } from "../../src/expression/quantity.js";
import { references } from "../../src/expression/walk.js";
import { readPoint } from "../../src/language/point.js";
import { doubleArithmetic } from "../../src/numeric/arithmetic.js";
import { interpret } from "../../src/numeric/interpret.js";
import { Lowering } from "../../src/numeric/lower.js";
import { random } from "../../src/numeric/prng.js";
import { systems } from "./corpus/index.js";

/** Relative to the largest entry. */
const ROUNDING = 1e-12;

describe.each(systems)("$name", ({ text, point: at }) => {
  const model = parseModel(text);
  const point = readPoint(model, at);
  const backward = Backward.of(model);
  const wanted = new Set(model.params);
  const lengthsOf = ({ shape }: Quantity) => shape.map((size) => size.evaluate(point.sizes));
  const countOf = (quantity: Quantity) => lengthsOf(quantity).reduce((n, one) => n * one, 1);
  const catalogue = () => catalogueOf(backward, new Bench(backward, point, wanted), false);

  it("every line of the backward pass, right and wrong, has the interpreter's numbers", () => {
    const generator = random(7);
    const arrays = new Map<Quantity, Float64Array>();
    const moved = new Set<Quantity>();
    const read = (quantity: Quantity): Float64Array => {
      let array = arrays.get(quantity);
      if (!array) {
        const drawn = () => generator.between(0.1, 0.9);
        array = Float64Array.from({ length: countOf(quantity) }, drawn);
        arrays.set(quantity, array);
      }
      return array;
    };
    const cells = new Cells(point.sizes, { read, isMoved: (quantity) => moved.has(quantity) });
    const wrong = [...catalogue().mutants(() => false)].flatMap(({ change }) => change().added);
    const adders = [...new Set([...backward.edges, ...wrong])].map((edge) => ({
      edge,
      add: cells.adder(edge.clause, lengthsOf(edge.to)),
    }));
    const compare = (): void => {
      for (const { edge, add } of adders) {
        const into = new Float64Array(countOf(edge.to)).fill(7);
        add(into, true);
        const quantity: Quantity = { name: "line", role: "auxiliary", shape: edge.to.shape };
        const lowering = new Lowering(backward.graph);
        lowering.add({ quantity, clauses: [edge.clause] });
        const get = (one: Quantity) => (arrays.has(one) ? [...read(one)] : undefined);
        const given = { get };
        const numbers = interpret(lowering.definitions, point.sizes, given, doubleArithmetic);
        const expected = numbers.get(quantity)!;
        const finite = expected.filter(Number.isFinite);
        const scale = finite.reduce((most, one) => Math.max(most, Math.abs(one)), 0);
        for (const [k, one] of into.entries()) {
          if (Number.isFinite(expected[k])) {
            expect(Math.abs(one - expected[k]!)).toBeLessThanOrEqual(ROUNDING * scale);
          } else expect(one).toBe(expected[k]);
        }
      }
    };
    compare();
    // what has moved is computed again, and what depends on it; then the right numbers are back
    for (const quantity of [...arrays.keys()].filter((_, k) => k % 5 === 1)) {
      const array = read(quantity);
      const right = array.slice();
      for (const k of array.keys()) array[k] = generator.between(0.1, 0.9);
      moved.add(quantity);
      compare();
      array.set(right);
      moved.clear();
    }
    compare();
    // other right numbers
    for (const array of arrays.values()) {
      for (const k of array.keys()) array[k] = generator.between(0.1, 0.9);
    }
    cells.forget();
    compare();
  });

  it("a mistake upon another has the numbers of both", () => {
    const bench = new Bench(backward, point, wanted);
    const right = new Map([...bench.adjoints].map(([quantity, list]) => [quantity, list.slice()]));
    // a line with a derivative that only comes later has the one of the pass before
    const isInOrder = ({ added }: Change): boolean =>
      added.every(({ to, clause }) =>
        references([clause.body]).every(
          ({ quantity: { of } }) => !of || backward.order.indexOf(of) < backward.order.indexOf(to),
        ),
      );
    const changes = [...catalogue().mutants(() => false)].map(({ change }) => change());
    const usual = changes.filter(isInOrder);
    const generator = random(11);
    const some = Array.from({ length: 12 }, () => usual[generator.below(usual.length)]!);
    let compared = 0;
    for (const first of some) {
      const seconds = some.filter((one) => merged(first, one) !== undefined);
      const upon = bench.upon(first, () => seconds.map((one) => bench.evaluate(one)));
      for (const [k, second] of seconds.entries()) {
        const both = bench.evaluate(merged(first, second)!);
        const alone = bench.evaluate(first);
        // what the second leaves as it is is not computed again
        for (const [quantity, list] of both ?? []) {
          const got = upon![k]!.get(quantity) ?? alone!.get(quantity)!;
          for (const [n, entry] of list.entries()) {
            if (!Number.isFinite(entry)) continue;
            expect(got[n]).toBeCloseTo(entry, 9);
            compared++;
          }
        }
      }
    }
    expect(compared).toBeGreaterThan(100);
    // and the right numbers are back
    expect(bench.adjoints).toEqual(right);
  });
});
