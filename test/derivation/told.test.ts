/** What lines are told to be: what is put in, what a sign means, how far a step goes. */
import { describe, expect, it } from "vitest";
import { parseModel } from "../../src/language/model.js";
import { derive, deriveAll } from "../../src/render/derivation.js";
import { outline } from "../../src/render/document/outline.js";
import { passages } from "../../src/render/document/passage.js";
import { GITHUB } from "../../src/render/document/prose.js";
import { modelOf, pointOf } from "../support/systems.js";

const SCALED = "x = input(2)\nW = param(2, 2)\nz = W * x\nh = sigmoid(z)\n";

describe("local derivatives that are put in", () => {
  it("are all named, also those between two δ", () => {
    const { steps } = derive(modelOf("sigmoid-2-3-2"), { wrt: "W1", form: "index" });
    const whys = steps.map(({ why }) => why).join(" ");
    expect(whys).toContain("The local derivatives of z2 by a1 and of a1 by z1 are put in.");
    expect(whys).toContain("The local derivatives of z1 by W1 are put in.");
  });

  it("of several users of one quantity are named together", () => {
    const model = parseModel(`${SCALED}a = h.^2\nb = exp(h)\nL = sum(a .* b)`);
    const { steps } = derive(model, { wrt: "h", form: "index" });
    expect(steps.map(({ why }) => why).join(" ")).toContain(
      "The local derivatives of a and b by h are put in.",
    );
  });

  it("that are the same for all entries are written entry by entry too", () => {
    const model = parseModel(`${SCALED}y = h\nL = sum(y.^2)`);
    const text = passages(model)
      .before.map((one) => one.toLatex())
      .join("");
    expect(text).toContain(
      "\\frac{\\partial y_{1}}{\\partial h_{1}} &= 1 \\\\\n\\frac{\\partial y_{2}}{\\partial h_{2}} &= 1",
    );
  });
});

describe("the share of a mean", () => {
  const whyOf = (loss: string, of: string): string =>
    derive(
      parseModel(
        `N = size()\nX = input(2, N)\nW = param(3, 2)\nZ = W * X\nC = sum(Z.^2, 1)\n${loss}`,
      ),
      {
        wrt: of,
        form: "index",
      },
    )
      .steps.map(({ why }) => why)
      .join(" ");

  it("is over the entries of what is averaged", () => {
    expect(whyOf("L = mean(C)", "C")).toContain("1/N comes from the mean over the N entries of C.");
    expect(whyOf("L = 1/N * sum(C)", "C")).toContain("the mean over the N entries of C.");
    expect(whyOf("L = 1/N * sum(C.^2)", "C")).toContain("the mean over N.");
  });
});

describe("an entry that is asked for beside its quantity", () => {
  const model = modelOf("relu-3-4-2");
  const wrt = ["W1", "W1[1,2]"];

  it("is derived once", () => {
    const names = deriveAll(model, { wrt, forms: ["paths", "index"] }).map(
      ({ wrt: name, form }) => `${form} ${name}`,
    );
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((one) => one === "paths W1[1,2]")).toHaveLength(1);
    expect(names.filter((one) => one.startsWith("index"))).toEqual(["index W1", "index W1[1,2]"]);
  });

  it.each(["index", "matrix", "jacobian"] as const)(
    "has its own line alone behind that of all entries: %s form",
    (form) => {
      const written = (asked: readonly string[]): string => {
        const derivations = deriveAll(model, { wrt: asked, forms: [form] });
        const pieces = outline(model, derivations, passages(model, { wrt: asked }), GITHUB);
        return pieces.find(({ heading }) => heading.includes("_{12}"))!.text;
      };
      const alone = written(["W1[1,2]"]);
      const beside = written(wrt);
      expect(beside).toContain("is found above.");
      expect(beside.length).toBeLessThan(alone.length / 2);
      // the same line, and nothing before it
      const line = (text: string): string => text.slice(text.lastIndexOf("\\begin{aligned}"));
      expect(line(beside)).toBe(line(alone));
    },
  );
});

describe("derivatives of the loss among Jacobians", () => {
  const shaped = (text: string, wrt: string): number => {
    const { steps } = derive(parseModel(text), { wrt, form: "jacobian" });
    return steps.filter(({ why }) => why.includes("its transpose is the Jacobian of")).length;
  };

  it("are told to be transposed where they are rows, once", () => {
    expect(shaped(`${SCALED}L = sum(h.^2)`, "W")).toBe(1);
    expect(shaped("x = input(2)\nw = param(2)\ny = dot(w, x)\nL = y^2", "w")).toBe(1);
    expect(shaped("x = input()\nw = param()\ny = w * x\nL = y^2", "w")).toBe(0);
  });
});

describe("the rate of a gradient step", () => {
  const DEAD = parseModel("x = input()\nw = param()\nt = target()\ny = relu(w * x)\nL = (y - t)^2");
  const stepOf = (at: Record<string, number>, rate?: number): string =>
    passages(DEAD, { at, rate })
      .after.map((one) => one.toMarkdown())
      .join("");

  it("is one that does not switch everything off", () => {
    // w − 0.1 · 2 · (1.5 − 0.1) · 10 is below 0, and L falls from 1.96 to 0.01
    const text = stepOf({ x: 10, w: 0.15, t: 0.1 });
    expect(text).toContain("and after which not all derivatives are 0.");
    expect(text).toContain("\\mu &= 0.001");
    expect(text).not.toContain("nothing moves any more");
  });

  it("that is asked for is kept, and what it does is said", () => {
    const text = stepOf({ x: 10, w: 0.15, t: 0.1 }, 0.1);
    expect(text).toContain("\\mu &= 0.1");
    expect(text).toContain("After it all derivatives are 0: nothing moves any more.");
  });

  it("is the first that lowers the loss where something is left to move", () => {
    expect(stepOf({ x: 1, w: 1, t: 0.1 })).toContain("the first that lowers the loss.");
  });

  it("is no matter where derivatives are 0, or too small for a double", () => {
    const flat = parseModel("x = input()\nw = param()\nL = log(1 + exp(-w * x))");
    const text = passages(flat, { at: { x: 3000, w: 1 } }).after.map((one) => one.toMarkdown());
    expect(text.join("")).toContain("are 0 or smaller than a double can hold");
    expect(stepOf({ x: 1, w: -1, t: 1 })).toContain("by all that moves are 0: whatever the rate");
  });

  it("has its name in the layers in general too", () => {
    const model = modelOf("sigmoid-2-3-2");
    const general = passages(model, { at: pointOf("sigmoid-2-3-2") }).before.find(
      ({ title }) => title === "The layers in general",
    )!;
    expect(general.toMarkdown()).toContain("The gradient step. $`\\mu`$ is the rate of the step.");
  });
});
