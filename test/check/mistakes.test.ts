/** Operation by operation: which mistakes are known of it. */
import { backprop, check, parseModel, randomPoint } from "chainrule";
import { describe, expect, it } from "vitest";
import { Backward } from "../../src/check/pass/backward.js";
import { Bench } from "../../src/check/pass/bench.js";
import { catalogueOf, signature } from "../../src/check/mutants/catalogue.js";
import { MISTAKEN } from "../../src/check/mutants/forward/mistaken.js";
import { isZero } from "../../src/expression/predicates.js";
import { operations } from "../../src/expression/operations/index.js";
import { readPoint } from "../../src/language/point.js";

/** The causes of the mistakes that change a gradient of sum(w .* f(z)), z = w .* x. */
function causesOf(call: string): ReadonlyMap<string, number> {
  const model = parseModel(`
    x = input(5)
    w = param(5)
    z = w .* x
    y = ${call}
    L = sum(w .* y)`);
  const point = readPoint(model, randomPoint(model, { seed: 3 }));
  const backward = Backward.of(model);
  const wanted = model.definitions
    .map(({ quantity }) => quantity)
    .filter(({ name }) => name === "z");
  const bench = new Bench(backward, point, new Set(wanted));
  const right = signature(bench.adjoints.get(wanted[0]!)!);
  const effects = new Map<string, Set<string>>();
  for (const { fault, change } of catalogueOf(backward, bench, false).mutants(() => false)) {
    const entries = bench.evaluate(change())?.get(wanted[0]!);
    if (!entries?.every(Number.isFinite) || signature(entries) === right) continue;
    const known = effects.get(fault.cause) ?? new Set();
    effects.set(fault.cause, known.add(signature(entries)));
  }
  return new Map([...effects].map(([cause, all]) => [cause, all.size]));
}

const { graph } = parseModel("w = param()\nL = w");
const rows = [...operations.values()].filter(({ operands, derivative }) => {
  const args = operands.map((_, k) => graph.number(`0.${k + 3}`));
  return derivative(graph, args, graph.number("0.7")).some((one) => !isZero(one));
});

describe.each(rows.map((row) => [row.name, row] as const))("%s", (name, row) => {
  it("has what is taken for it", () => {
    expect(MISTAKEN.has(row)).toBe(true);
  });

  const isBinary = row.operands.length - (row.defaults?.length ?? 0) === 2;
  const call = !isBinary ? `${name}(z)` : name === ".^" ? "z .^ 1.5" : `${name}(z, x)`;

  it("can lose its derivative, or have that of another function or place", () => {
    const causes = causesOf(call);
    for (const cause of ["missing-factor", "missing-term", "sign", "constant-factor"]) {
      expect(causes.get(cause) ?? 0, cause).toBeGreaterThanOrEqual(1);
    }
    expect(causes.get("wrong-function") ?? 0).toBeGreaterThanOrEqual(8);
    expect(causes.get("wrong-variable") ?? 0).toBeGreaterThanOrEqual(3);
  });
});

it("names a penalty of one weight that was added to all entries", () => {
  const model = parseModel(`
    N = size()
    X = input(N, 3)
    t = target(N)
    w = param(3)
    L = mean((X * w - t).^2) + 0.35 * w[2]^2`);
  const at = randomPoint(model, { seed: 5 });
  const { gradients } = backprop(model, at);
  const w = at.w as number[];
  const given = (gradients.w as number[]).map((one, k) => one + (k === 1 ? 0 : 0.7 * w[1]!));
  const [first] = check(model, { w: given }, { at }).checks[0]!.diagnosis;
  expect([first!.cause, first!.term]).toEqual(["extra-term", "0.7 * w[2]"]);
});

/** Two entries back a factor at several points, which they would not at one. */
it.each([5 / 3, 1 / 7, 9 / 7, 5 / 2])(
  "the factor of a term is found: %d times a penalty",
  (factor) => {
    const model = parseModel(`
    x = input(3)
    t = target(2)
    W = param(2, 3)
    b = param(2)
    y = sigmoid(W * x + b)
    L = sum((y - t).^2) + 3/7 * sum(b.^2)`);
    const { checks } = check(model, (point) => {
      const { gradients } = backprop(model, point);
      const b = point["b"] as number[];
      const given = (gradients["b"] as number[]).map(
        (one, k) => one + (factor - 1) * (6 / 7) * b[k]!,
      );
      return { b: given, W: gradients["W"]! };
    });
    const first = checks[0]!.diagnosis.filter(({ explanation }) => explanation === 1);
    expect(first.map(({ cause }) => cause)).toEqual(["constant-factor"]);
    expect(Number(first[0]!.factor)).toBeCloseTo(factor, 5);
  },
);
