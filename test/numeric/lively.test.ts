import { describe, expect, it } from "vitest";
import { randomPoint } from "../../src/index.js";
import { verify } from "../../src/check/verify/verify.js";
import { parseModel } from "../../src/language/model.js";
import { compile } from "../../src/numeric/compile.js";
import { livelyPoint } from "../../src/numeric/lively.js";

const text = (width: string) => `x = input(${width})
t = target()
W = param(2, ${width})
v = param(2)
L = (dot(v, relu(W * x)) - t)^2`;

describe("points that are shown", () => {
  const model = parseModel(text("3"));
  const gradients = (at: ReturnType<typeof randomPoint>) =>
    compile(model).evaluate(at).gradients as Record<string, number[][]>;
  const isDead = (at: ReturnType<typeof randomPoint>) =>
    Object.values(gradients(at)).some((one) => one.flat().every((slope) => slope === 0));
  const seeds = Array.from({ length: 40 }, (_, seed) => seed);
  const dead = seeds.filter((seed) => isDead(randomPoint(model, { seed })));

  it("are others where all units are off, and only there", () => {
    expect(dead.length).toBeGreaterThan(2);
    for (const seed of seeds) {
      const at = livelyPoint(model, { seed });
      expect(isDead(at), `seed ${seed}`).toBe(false);
      if (!dead.includes(seed)) expect(at).toEqual(randomPoint(model, { seed }));
      expect(livelyPoint(model, { seed })).toEqual(at);
    }
  });

  it("keep their sizes when others are tried", () => {
    const open = parseModel(`n = size()\n${text("n")}`);
    for (const seed of seeds) {
      const lengthOf = ({ x }: ReturnType<typeof randomPoint>) => (x as number[]).length;
      expect(lengthOf(livelyPoint(open, { seed }))).toBe(lengthOf(randomPoint(open, { seed })));
    }
  });

  it("are what gradients are verified at", () => {
    for (const seed of dead.slice(0, 2)) {
      const at = livelyPoint(model, { seed });
      expect(verify(model, undefined, { seed })).toEqual(verify(model, at, { seed }));
    }
  });

  it("are those of the seed where a parameter never has an effect", () => {
    const idle = parseModel("a = param()\nb = param()\nL = a^2 + 0 * b");
    expect(livelyPoint(idle, { seed: 5 })).toEqual(randomPoint(idle, { seed: 5 }));
  });
});
