/** Masks of 0 and 1 in straight-line code: what they skip, and what their products are. */
import { describe, expect, it } from "vitest";
import { compile, network, parseModel, type Model, type Point } from "../../src/index.js";
import { BoundCode } from "../../src/numeric/bound.js";
import { layOut } from "../../src/numeric/code/layout.js";
import { linkBind } from "../../src/numeric/code/source.js";
import { unroll } from "../../src/numeric/code/unroll.js";
import { countUses, guardedNodes, reachable, rootsOf } from "../../src/numeric/code/uses.js";
import { random, type Random } from "../../src/numeric/prng.js";
import { condensed, numericProgram } from "../../src/numeric/program.js";

const MODELS = {
  "relu 3-4-4-2": network({ sizes: [3, 4, 4, 2], hidden: "relu" }),
  "relu 20-20-2, sums of more than a line": network({ sizes: [4, 20, 20], hidden: "relu" }),
  "relu in a loop over examples": network({ sizes: [2, 3, 2], hidden: "relu", batch: true }),
  leakyrelu: network({ sizes: [3, 4, 2], hidden: "leakyrelu" }),
  "masks by hand": parseModel(
    "x = input(3)\nW = param(4, 3)\nv = param(4)\nz = W * x\nL = sum((z > 0) .* (z < v) .* z .* (W * x + v)) + sum(maximum(z, v))",
  ),
} satisfies Record<string, Model>;

type Nested = number | Nested[];

/** Entries of a shape, some of which are 0. */
function nested(generator: Random, [length, ...rest]: readonly number[]): Nested {
  if (length === undefined) return Math.round(generator.next() * 8 - 4) / 2;
  return Array.from({ length }, () => nested(generator, rest));
}

describe.each(Object.entries(MODELS))("%s", (_, model) => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])(
    "has evaluate's gradient, also at the kink: seed %i",
    (seed) => {
      const generator = random(seed);
      const sizes = new Map([["N", 5]]);
      const given = [...model.inputs, ...model.targets, ...model.params];
      const point = Object.fromEntries(
        given.map(({ name, shape }) => [
          name,
          nested(
            generator,
            shape.map((size) => size.evaluate(sizes)),
          ),
        ]),
      ) as Point;
      const compiled = compile(model);
      const { loss, gradients } = compiled.evaluate(point);
      const data = [...model.inputs, ...model.targets].map(
        ({ name }) => [name, point[name]!] as const,
      );
      const bound = compiled.bind(Object.fromEntries(data));
      const flat = (values: unknown): number[] => [values].flat(3) as number[];
      const theta = Float64Array.from(model.params.flatMap(({ name }) => flat(point[name])));
      const out = new Float64Array(theta.length);
      expect(bound(theta, out)).toBeCloseTo(loss, 10);
      const expected = model.params.flatMap(({ name }) => flat(gradients[name]));
      for (const [k, value] of out.entries()) expect(value).toBeCloseTo(expected[k]!, 9);
    },
  );
});

const DEEP = parseModel(
  [
    "x = input(1)",
    "W1 = param(2, 1)",
    "W2 = param(2, 2)",
    "b2 = param(2)",
    "W3 = param(1, 2)",
    "L = sum(W3 * relu(W2 * relu(W1 * x) + b2))",
  ].join("\n"),
);

function gradient(theta: readonly number[]): Float64Array {
  const out = new Float64Array(theta.length);
  const bind = linkBind(new BoundCode(DEEP, "straight").sourceAt(new Map()));
  bind([Float64Array.of(1)])(Float64Array.from(theta), out);
  return out;
}

describe("a unit that is off", () => {
  const layers = [1e200, 1e200, 1e200, 1e200, 1e-200, 1e-200, 1e200, 1e200];

  it("has gradient 0 where what comes back to it has overflowed", () => {
    expect([...gradient([-1, -1, ...layers])].slice(0, 2).map(Math.abs)).toEqual([0, 0]);
  });

  it("stays NaN where it is", () => {
    expect([...gradient([NaN, -1, ...layers])][0]).toBeNaN();
  });
});

it("a mask skips the products and sums that stand behind it alone", () => {
  const sizes = [5, 4, 6, 3];
  const model = network({ sizes, hidden: "relu", bias: false });
  const given = { parameters: model.params, data: [...model.inputs, ...model.targets] };
  const program = condensed(model.graph, numericProgram(model, model.params));
  const layout = layOut(program, given.parameters, given.data, new Map());
  const unrolled = unroll(program, given, layout, new Map());
  const nodes = reachable(rootsOf(unrolled));
  const guarded = [...guardedNodes(nodes, countUses(unrolled), () => false)];
  const skipped = guarded.filter(({ kind }) => kind === "multiply" || kind === "add");
  // the products by the transposes of W2 and W3, and their sums
  expect(skipped).toHaveLength(2 * 6 * 4 - 4 + 2 * 3 * 6 - 6);
});

it("code of long sums has them behind the mask, and says what each line begins", () => {
  const source = new BoundCode(network({ sizes: [2, 3, 40], hidden: "relu" }), "straight");
  const lines = source.sourceAt(new Map()).blocks.flatMap((block) => block.lines);
  const adjoints = lines.filter((line) => /^\s*const a_dz1\$\d+ = \(/.test(line));
  expect(adjoints).toHaveLength(3);
  for (const line of adjoints) expect(line).toMatch(/= \((\S+) > 0 \? .*theta\[.* : \1\);$/);
  const notes = lines.filter((line) => line.trim().startsWith("//")).map((line) => line.trim());
  for (const note of ["// a1, 3 entries", "// ∂MSE/∂z1, 3 entries", "// ∂MSE/∂W1, 3×2 entries"]) {
    expect(notes.filter((one) => one === note)).toHaveLength(1);
  }
});
