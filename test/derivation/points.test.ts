import { describe, expect, it } from "vitest";
import { FORMS } from "../../src/derivation/derive.js";
import { ModelPoints } from "../../src/derivation/points.js";
import { parseModel } from "../../src/language/model.js";
import { InputError } from "../../src/language/source.js";
import { compile } from "../../src/numeric/compile.js";
import { derive } from "../../src/render/derivation.js";
import { passages } from "../../src/render/document/passage.js";
import { verify } from "../../src/check/verify/verify.js";
import { randomPoint } from "../../src/numeric/random.js";

describe("a point of extreme arguments", () => {
  const model = parseModel(`z = param(3)
t = target(3)
p = softmax(z, 1)
L = -sum(t .* log(p))`);
  const at = { z: [-3000, 5000, -2000], t: [1, 0, 0] };

  for (const form of FORMS) {
    it(`is derived in the form ${form}`, () => {
      const wrt = form === "paths" || form === "scalar" ? "z[2]" : "z";
      const json = derive(model, { wrt, form, at }).toJSON();
      const gradient = compile(model).evaluate(at).gradients["z"] as number[];
      expect(json.value).toEqual(wrt === "z" ? gradient : gradient[1]);
    });
  }

  it("is told where the engine's numbers stand for the backprop's", () => {
    const { steps } = derive(model, { wrt: "z", form: "index", at });
    const [general, ofLabels] = steps.slice(-2);
    expect([general!.check.points, ofLabels!.check.points]).toEqual([4, 1]);
    expect(ofLabels!.check.notes).toEqual([
      "at the given point with the engine's own ∂L/∂z: the matrix backprop's is not finite or precise",
    ]);
  });

  it("has a forward pass", () => {
    expect(passages(model, { at }).before[0]!.toMarkdown()).toMatch(/\\approx 8000\n/);
  });
});

describe("a point outside the domain", () => {
  for (const [text, at] of [
    ["x = param()\nL = sqrt(x)", { x: 0 }],
    ["v = param(2)\nL = sqrt(sum(v.^2))", { v: [0, 0] }],
    ["x = param()\nL = 1/x", { x: 0 }],
    ["x = param()\nL = exp(x)", { x: 1000 }],
  ] as const) {
    it(`is an error of the input: ${text.split("\n")[1]!}`, () => {
      const model = parseModel(text);
      const wrt = model.params[0]!.name;
      expect(() => derive(model, { wrt, form: "index", at })).toThrow(InputError);
    });
  }
});

describe("a derivative that is 0 because terms cancel", () => {
  const text = `N = size()
X = input(N, 3)
Y = target(N, 2)
W = param(3, 2)
c = param(2)
Z = X * W + c'
C = Z - mean(Z, 1)'
H = C ./ sqrt(mean(C.^2, 1) + 0.01)'
L = sum((H - Y).^2) / (2*N)`;
  const model = parseModel(text);
  const at = randomPoint(model, { seed: 3, sizes: { N: 6 } });

  it("is shown as 0, and not as what rounding leaves of it", () => {
    // the engine's number is not 0
    const left = compile(model).evaluate(at).gradients["c"] as number[];
    expect(left.some((one) => one !== 0)).toBe(true);
    for (const form of ["index", "matrix"] as const) {
      const document = derive(model, { wrt: "c", form, at }).toMarkdown();
      expect(document).not.toMatch(/10\^\{-1\d\}/);
    }
  });

  it("is not taken for one that is only small", () => {
    const small = parseModel("x = param(2)\nc = [1; 1e-14]\nL = sum(c .* exp(x))");
    const text = derive(small, { wrt: "x[2]", form: "scalar", at: { x: [1, 1] } }).toMarkdown();
    expect(text).toContain("10^{-14}");
  });
});

describe("a point at the kink of a norm", () => {
  it.each(["index", "matrix"] as const)("has the derivative 0, %s", (form) => {
    const model = parseModel("v = param(2)\nL = norm(v)");
    const derivation = derive(model, { wrt: "v", form, at: { v: [0, 0] } });
    expect(derivation.toJSON().value).toEqual([0, 0]);
    expect(derivation.toMarkdown()).toContain("By convention the derivative of a norm at 0 is 0.");
    expect(derivation.toMarkdown()).not.toContain("NaN");
  });
});

describe("extrema of sums", () => {
  it("find their entry however the terms are ordered", () => {
    const model = parseModel(`x = param(3)
y = param(3)
z = param(3)
u = x + 1
v = y + 1
w = sum(z)
L = max(x + y + z) + 0 * w`);
    for (let seed = 1; seed <= 60; seed++) {
      const at = randomPoint(model, { seed });
      const { gradients } = compile(model).evaluate(at);
      expect((gradients["x"] as number[]).toSorted()).toEqual([0, 0, 1]);
    }
    expect(verify(model).ok).toBe(true);
  });
});

describe("names that look alike", () => {
  it("are printed differently", () => {
    const model = parseModel(
      "W1 = param()\nW_1 = param()\nα = param()\nalpha = param()\nL = W1*W_1*α^2 + alpha",
    );
    const printed = ["W1", "W_1", "α", "alpha"].map((wrt) => {
      const options = { wrt, form: "index", notation: { layers: "subscript" } } as const;
      return derive(model, options).wrtLatex;
    });
    expect(new Set(printed).size).toBe(4);
  });

  it("give way to a symbol that is chosen after them", () => {
    const model = parseModel('x = param(2)\nz = x.^2\nv = param(2, "z")\nL = dot(z, v)');
    const printed = ["z", "v"].map((wrt) => derive(model, { wrt, form: "index" }).wrtLatex);
    expect(printed).toEqual(["\\mathrm{z}", "z"]);
  });
});

describe("the number of a layer", () => {
  it.each([
    ['W1 = param("W_1")', "z_{1}"],
    ['W1 = param("W^{(1)}")', "z^{(1)}"],
    ['W1 = param("W^{[1]}")', "z^{[1]}"],
    ['W1 = param("v")', "z^{(1)}"],
    ["W1 = param()", "z^{(1)}"],
  ])("stands where the symbols have it: %s", (declared, printed) => {
    const model = parseModel(`${declared}\nz1 = W1^2\nL = z1^3`);
    expect(derive(model, { wrt: "z1", form: "index" }).wrtLatex).toBe(printed);
    const notation = { layers: "subscript" } as const;
    expect(derive(model, { wrt: "z1", form: "index", notation }).wrtLatex).toBe("z_{1}");
  });
});

describe("a mask with a name of its own", () => {
  for (const mask of ["x > 0", "x <= 0.5", "step(x)", "sign(x)"]) {
    it(`is a link of the chain with derivative 0: ${mask}`, () => {
      const model = parseModel(`x = param(3)\nm = ${mask}\nL = sum((1 - m) .* x.^2)`);
      for (const wrt of ["x", "m"]) {
        for (const form of FORMS)
          expect(derive(model, { wrt, form }).steps.length).toBeGreaterThan(0);
      }
    });
  }
});

describe("a form that there is not", () => {
  it("is an error of the input", () => {
    const model = parseModel("x = param()\nL = x^2");
    for (const form of ["foo", "constructor", "__proto__"]) {
      expect(() => derive(model, { wrt: "x", form: form as "index" })).toThrow(InputError);
    }
  });
});

describe("a request that lacks something", () => {
  const model = parseModel("x = param()\nL = x^2");
  const forms = "forms are paths, scalar, index, matrix, jacobian";
  it.each([
    [undefined, "nothing is named that the loss is differentiated by"],
    [{ form: "index" }, "nothing is named that the loss is differentiated by"],
    [{ wrt: "x" }, "no form is named", forms],
    [{ wrt: "x", form: "foo" }, "there is no form foo", forms],
  ])("of %j says what", (options, message, hint?: string) => {
    let error: unknown;
    try {
      derive(model, options as never);
    } catch (fault) {
      error = fault;
    }
    expect(error).toBeInstanceOf(InputError);
    expect(error).toMatchObject({ message, ...(hint === undefined ? {} : { hint }) });
  });
});

describe("sums that are too long to be written out", () => {
  it("are counted, not expanded", () => {
    const layers = Array.from(
      { length: 40 },
      (_, k) => `W${k} = param(3, 3)\nh${k + 1} = tanh(W${k} * h${k})`,
    );
    const model = parseModel(`h0 = input(3)\n${layers.join("\n")}\nL = sum(h40)`);
    expect(derive(model, { wrt: "W0[1,1]", form: "scalar" }).steps.length).toBeGreaterThan(0);
  });
});

describe("the points at which equations are checked", () => {
  const model = parseModel(`N = size()
K = size()
X = input(N, 3)
t = target(N)
w = param(3, K)
v = param(K)
L = sum((X*w*v - t).^2)/(2*N)`);

  it("have other sizes each, whatever the seed", () => {
    for (let seed = 1; seed <= 12; seed++) {
      const points = new ModelPoints(model).random(seed);
      for (const name of model.sizes) {
        const values = points.map(({ sizes }) => sizes.get(name));
        expect([seed, name, new Set(values).size]).toEqual([seed, name, 3]);
      }
    }
  });

  it("keep the sizes that are given", () => {
    const points = new ModelPoints(model).random(1, { N: 4 });
    expect(points.map(({ sizes }) => sizes.get("N"))).toEqual([4, 4, 4]);
    expect(new Set(points.map(({ sizes }) => sizes.get("K"))).size).toBe(3);
  });
});
