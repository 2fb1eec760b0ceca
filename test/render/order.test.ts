import { describe, expect, it } from "vitest";
import type { Form } from "../../src/derivation/derive.js";
import { parseModel } from "../../src/language/model.js";
import type { Point } from "../../src/language/point.js";
import { derive } from "../../src/render/derivation.js";
import { passages } from "../../src/render/document/passage.js";

// How formulas are written, not whether they hold: that is read back in test/readback/.

const lines = (text: string, wrt: string, form: Form, at?: Point): string =>
  derive(parseModel(text), { wrt, form, at }).toMarkdown();

describe("the order of terms and factors", () => {
  it("is that of the loss for its terms, with given scalars in front", () => {
    const ridge = `x = input(3, 2)
      t = target(3)
      lambda = input()
      w = param(2)
      r = x * w - t
      L = dot(r, r) + lambda * dot(w, w)`;
    expect(lines(ridge, "w", "index")).toContain(
      "\\sum_{j=1}^{3} \\delta_{j} x_{ji} + 2 \\lambda w_{i}",
    );
  });

  it("has data behind weights in a model of single numbers, as it is written", () => {
    const toy = "x = input()\nt = target()\nw = param()\nb = param()\nL = (sigmoid(w*x + b) - t)^2";
    const [forward] = passages(parseModel(toy)).before;
    expect(forward!.toMarkdown()).toContain("\\sigma\\left(w x + b\\right)");
    expect(lines(toy, "w", "jacobian")).not.toContain("x w");
    for (const form of ["index", "matrix", "scalar"] as const) {
      const text = lines(toy, "w", form);
      expect(text).toContain("\\left(1 - \\sigma\\left(w x + b\\right)\\right) x\n");
      expect(text).not.toContain("x w");
    }
  });

  it("goes from the loss backwards in matrix lines", () => {
    const net = `x = input(2)
      t = target(3)
      W = param(3, 2)
      y = sigmoid(W * x)
      L = sum((y - t).^2)`;
    expect(lines(net, "W", "matrix")).toContain(
      "\\left(y - t\\right) \\odot y \\odot \\left(1 - y\\right)",
    );
  });
});

describe("terms", () => {
  const products = ["a * k", "b * k", "d * q", "c * r"];

  function permutations(items: readonly string[]): string[][] {
    if (items.length < 2) return [[...items]];
    return items.flatMap((one, place) =>
      permutations(items.toSpliced(place, 1)).map((rest) => [one, ...rest]),
    );
  }

  it("of one part of the loss stand as their factors are defined", () => {
    const derivatives = permutations(products).map((terms) => {
      const sum = terms.map((term) => `${term} * x`).join(" + ");
      const text = `s = input()
        k = input()
        q = input()
        r = input()
        x = param()
        a = exp(s)
        b = sin(s)
        c = cos(s)
        d = sqrt(s)
        y = ${sum}
        L = y^2`;
      return lines(text, "x", "scalar")
        .match(/&= (.*)/g)
        ?.at(-1);
    });
    expect([...new Set(derivatives)]).toEqual([
      "&= 2 y \\left(k \\left(a + b\\right) + r c + q d\\right)",
    ]);
  });
});

describe("two entries of one vector", () => {
  it("stand in the order of their places, in every line", () => {
    const softmax = (name: string): string =>
      `${name}z = input()\nz = param(3)\np = softmax(z)\nL = p[1] * p[2]^2 * p[3]`;
    for (const name of ["a", "q"]) {
      const [, local] = passages(parseModel(softmax(name))).before;
      expect(local!.toMarkdown()).not.toMatch(/p_\{2\} p_\{1\}|p_\{3\} p_\{[12]\}/);
      expect(local!.toMarkdown()).toContain("-p_{1} p_{2}");
    }
  });
});

describe("a sum that is written term by term", () => {
  it("stands together beside a function of the same quantities", () => {
    const norm = "u = param(3)\nL = norm(u) + 1/2 * sum(u.^2)";
    const [forward] = passages(parseModel(norm)).before;
    expect(forward!.toMarkdown()).toMatch(
      /\\frac\{1\}\{2\} \\left\(\{u_\{1\}\}\^\{2\} \+ \{u_\{2\}\}\^\{2\} \+ \{u_\{3\}\}\^\{2\}\\right\)/,
    );
  });
});

describe("neighbouring lines", () => {
  const centres = `m = size()
    X = input(2, m)
    y = target(m)
    beta = param()
    v = param(2)
    c = param(2)
    r1 = sum(X.^2, 1)
    r2 = sum((X - c).^2, 1)
    p1 = exp(-beta * r1)
    p2 = exp(-beta * r2)
    f = v[1] * p1 + v[2] * p2
    J = 1/(2 * m) * sum((f - y).^2)`;

  it("have their terms in one order, with the sign that all share in front", () => {
    const rows = lines(centres, "beta", "index").split("\n");
    const derivative = rows.filter((row) => /partial J\}\{\\partial \\beta|^ &= -/.test(row));
    expect(derivative.length).toBeGreaterThan(2);
    for (const row of derivative) expect(row).toMatch(/p\^\{\(1\)\}.*p\^\{\(2\)\}/);
    expect(derivative.at(-1)).toContain("-\\frac{1}{m} \\left(v_{1} \\sum");
  });

  it("have their factors in one order where a sum is written term by term", () => {
    const X = [
      [1, 0],
      [2, -1],
    ];
    const at = { X, y: [1, 2], beta: 0.5, v: [1, -1], c: [0, 1] };
    const rows = lines(centres, "c[1]", "scalar", at).split("\n");
    const product = rows.filter((row) => /frac\{2\}\{m\}/.test(row));
    expect(product).toHaveLength(2);
    for (const row of product) expect(row).toMatch(/v_\{2\} \\beta (?:\\sum|\\left\(|\\Bigl\()/);
    // and a fraction stands before a number with a dot
    expect(rows.join("\n")).toContain("\\frac{2}{2} \\cdot \\left(-1\\right) \\cdot 0.5");
  });
});

describe("a short sum above a line", () => {
  it("has the factors that follow it behind it, in their order", () => {
    const gate = `v = input(2)
      h = input(2)
      t = target(2)
      W = param(2, 2)
      c = param(2)
      z = sigmoid(W * v)
      k = z .* h + (1 - z) .* c
      L = norm(k - t)`;
    expect(lines(gate, "W", "index")).toContain(
      String.raw`\frac{k_{i} - t_{i}}{L} \left(h_{i} - c_{i}\right) z_{i} \left(1 - z_{i}\right) v_{j}`,
    );
  });

  it("stands there as it does without them, and as a power", () => {
    const variance = `y = target(2)
      mu = param(2)
      s = param(2)
      h = param(2)
      m = mu .* h
      L = 1/2 * sum(s + (y - m).^2 ./ exp(s))`;
    expect(lines(variance, "s", "index")).toContain(
      String.raw`\frac{\left(y_{i} - m_{i}\right)^{2}}{e^{s_{i}}}`,
    );
    expect(lines(variance, "mu", "index")).toContain(
      String.raw`-\frac{y_{i} - m_{i}}{e^{s_{i}}} h_{i}`,
    );
  });

  it("has given numbers beside it", () => {
    const sparse =
      "x = input(2)\nq = param(2)\nb = input()\nr = input()\nL = -b * (1 - r) * sum(log(1 - q)) + sum(x)";
    expect(lines(sparse, "q", "index")).toContain(
      String.raw`\frac{b \left(1 - r\right)}{1 - q_{i}}`,
    );
  });

  it("is left out where what divides belongs to a factor behind it", () => {
    const scaled = `x = param(2)
      y = target(2)
      g = param(2)
      s = input(2)
      n = x ./ s
      o = g .* n
      L = 1/2 * sum((o - y).^2)`;
    expect(lines(scaled, "x", "index")).toContain(
      String.raw`\frac{g_{i}}{s_{i}} \left(o_{i} - y_{i}\right)`,
    );
  });
});

describe("signs between numbers and brackets", () => {
  it("stand before powers of numbers and behind fractions", () => {
    const cube = "x = param()\ny = input()\nL = 1/(3*x^2) * y";
    const tex = lines(cube, "x", "scalar", { x: 2.25, y: 1.5 });
    expect(tex).toContain("\\frac{2 \\cdot 1.5}{3 \\cdot {2.25}^{3}}");
  });

  it("are brackets around a negative number behind a plus", () => {
    const ways = "a = param()\nb = input()\nh = 2 * a\nL = h * b + a * (b + 1)";
    expect(lines(ways, "a", "paths", { a: 1, b: -1.5 })).toContain(
      "2 \\cdot \\left(-1.5\\right) + \\left(-1.5\\right) + 1",
    );
  });

  it("are none where a number is divided entry by entry", () => {
    expect(lines("x = param(2)\nL = sum(2 ./ x.^2)", "x", "matrix")).toContain(
      "-4 \\oslash \\underbrace{x^{\\odot 3}}",
    );
  });

  it("are none around the power of a size", () => {
    const mean = "d = size()\nx = param(d)\nL = (sum(x) / d)^3 / d";
    expect(lines(mean, "x", "matrix")).not.toContain("\\left(d\\right)");
  });
});

describe("symbols", () => {
  const net = (symbols: readonly [string, string, string]): string => `x = input(2)
    W1 = param(2, 2, "${symbols[0]}")
    b1 = param(2, "${symbols[1]}")
    v = param("${symbols[2]}")
    z1 = W1 * x + b1
    L = v * sum(z1.^2)`;
  const forward = (text: string, layers?: "square"): string =>
    passages(parseModel(text), { notation: layers ? { layers } : {} }).before[0]!.toMarkdown();

  it("in bold have light entries", () => {
    const tex = forward(net(["\\mathbf{W}^{[1]}", "\\boldsymbol{\\beta}", "\\nu"]));
    expect(tex).toContain("\\sum_{j=1}^{2} w^{[1]}_{ij} x_{j} + \\beta_{i}");
    expect(tex).toContain("\\underbrace{\\mathbf{W}^{[1]}}");
  });

  it("in bold keep their entries bold where the light letter is another quantity", () => {
    expect(forward(net(["\\mathbf{V}", "\\mathbf{v}", "v"]))).toContain(
      "V_{ij} x_{j} + \\mathbf{v}_{i}",
    );
    expect(forward(net(["\\mathbf{B}", "\\mathbf{b}", "u"]))).toContain("B_{ij} x_{j} + b_{i}");
  });

  it.each([
    ["\\mathbf{W}", "W", "w_{ij}", "W_{ij}"],
    ["W", "\\mathbf{W}", "w_{ij}", "\\mathbf{W}_{ij}"],
    ["\\mathbf{W}", "\\boldsymbol{W}", "w_{ij}", "W_{ij}"],
    ["\\mathbf{V}", "\\boldsymbol{v}", "v_{ij}", "\\boldsymbol{v}_{ij}"],
  ])("of the matrices %s and %s have entries of their own", (first, second, one, other) => {
    const tex = forward(`x = input(2)
      A = param(2, 2, "${first}")
      B = param(2, 2, "${second}")
      z = A * x
      y = B * z
      L = sum(y.^2)`);
    expect(tex).toContain(`${one} x_{j}`);
    expect(tex).toContain(`${other} z_{j}`);
  });

  it("are the same whether braces are typed or not", () => {
    const tex = forward(`x = input(2, "\\vec x")
      v = param(2, "{w}")
      w = param(2)
      L = dot(v, x) + dot(w, x)`);
    expect(tex).toContain("w_{i} \\vec{x}_{i}");
    expect(tex).toContain("\\mathrm{w}_{i}");
    const twice = 'v = param(2, "\\vec{w}")\nu = param(2, "\\vec w")\nL = dot(v, u)';
    expect(() => parseModel(twice)).toThrow('the symbol "\\vec{w}" is given twice');
  });

  it("of two bold vectors have entries of their own", () => {
    const tex = forward(`a = input(2, "\\mathbf{x}")
      b = param(2, "\\boldsymbol{x}")
      L = sum(a .* b)`);
    expect(tex).toContain("x_{i} \\boldsymbol{x}_{i}");
  });

  it("of definitions have the brackets of layers that are asked for", () => {
    const tex = forward(net(["W^{[1]}", "b^{[1]}", "u"]), "square");
    expect(tex).toContain("z^{[1]}_{i} &= \\sum_{j=1}^{2} w^{[1]}_{ij} x_{j} + b^{[1]}_{i}");
    const [, , layers] = passages(
      parseModel(
        "x = input(2)\nW1 = param(2, 2)\nW2 = param(2, 2)\na1 = tanh(W1 * x)\na2 = tanh(W2 * a1)\nL = sum(a2.^2)",
      ),
      { notation: { layers: "square" } },
    ).before;
    expect(layers!.toMarkdown()).toContain("a^{[l-1]}");
    expect(layers!.toMarkdown()).toContain("a^{[0]} = x");
  });
});

describe("the rows of a matrix", () => {
  it.each([
    ["A", "\\begin{bmatrix} a_{11} & a_{12} \\\\ a_{21}"],
    ["A1", "\\begin{bmatrix} a^{(1)}_{11} & a^{(1)}_{12} \\\\[2pt] a^{(1)}_{21}"],
  ])("of %s have room for their scripts", (name, written) => {
    const net = `x = input(2)\n${name} = param(2, 2)\nz = ${name} * x\nL = sum(z.^2)`;
    expect(passages(parseModel(net)).before[0]!.toMarkdown()).toContain(written);
  });

  it("stand further apart where they have fractions", () => {
    const layer = "x = input(2)\nW = param(2, 2)\nz = W * x\na = tanh(z)\nL = sum(a.^2)";
    expect(lines(layer, "W", "matrix")).toMatch(/\\frac\{[^&]*\\\\\[4pt\]/);
  });
});

describe("a parameter that is used in several places", () => {
  it("has Jacobians that say what they hold fixed", () => {
    const text =
      "x = input(2)\nW = param(2, 2)\nh1 = tanh(W * x)\nh2 = tanh(W * h1)\nL = sum(h2.^2)";
    const { steps } = derive(parseModel(text), { wrt: "W", form: "jacobian" });
    const held = steps.filter(({ why }) => why.includes("held fixed"));
    expect(held.map(({ why }) => why)).toEqual([
      expect.stringContaining("W acts on h2 through h1 too: here h1 is held fixed."),
    ]);
  });

  it("has Jacobians that name the nearest of many quantities that they hold fixed", () => {
    const lines = Array.from({ length: 11 }, (_, k) => `h${k + 1} = tanh(h${k} .* w)`);
    const text = ["x = input(2)", "w = param(2)", "h0 = x .* w", ...lines, "L = sum(h11)"];
    const { steps } = derive(parseModel(text.join("\n")), { wrt: "w", form: "jacobian" });
    const held = steps.map(({ why }) => why).filter((why) => why.includes("held fixed"));
    expect(held).toContainEqual(
      expect.stringContaining(
        "w acts on h11 through h10, h9, h8, h7, h6, h5, h4, h3 and others too: here all of these are held fixed.",
      ),
    );
    expect(held).toContainEqual(
      expect.stringContaining(
        "w acts on h8 through h0, h1, h2, h3, h4, h5, h6 and h7 too: here h0, h1, h2, h3, h4, h5, h6 and h7 are held fixed.",
      ),
    );
  });

  it("stands with the factors of each place", () => {
    const recurrent = `x = input(2)
      t = target(2)
      W = param(2, 2)
      h1 = tanh(W * x)
      h2 = tanh(W * h1)
      h3 = tanh(W * h2)
      L = sum((h3 - t).^2)`;
    const index = lines(recurrent, "W", "index");
    for (const [before, after] of [
      ["1", "2"],
      ["2", "3"],
    ]) {
      expect(index).toContain(
        `\\frac{\\partial L}{\\partial h^{(${after})}_{j}} \\left(1 - {h^{(${after})}_{j}}^{2}\\right) w_{ji} \\qquad`,
      );
      expect(index).toContain(`{\\partial h^{(${before})}_{i}} &= \\sum_{j=1}^{2}`);
    }
  });

  it("is not drawn to the loss by its penalty", () => {
    const factorization = `R = target(3, 2)
      M = input(3, 2)
      lambda = input()
      U = param(3, 4)
      V = param(2, 4)
      E = M .* (U * V' - R)
      L = sum(E.^2) + lambda / 2 * (sum(U.^2) + sum(V.^2))`;
    expect(lines(factorization, "U", "index")).toContain("\\delta_{ik} m_{ik} v_{kj}");
  });
});

describe("ways to the loss", () => {
  it("are named and added in one order, the longest first", () => {
    const tied = `N = size()
      X = input(N, 3)
      W = param(3, 2)
      H = sigmoid(X * W)
      R = H * W'
      L = sum((R - X).^2) / 2`;
    expect(
      lines(tied, "W", "index")
        .match(/(?<=&= ).*(?= \\\\$| \\qquad)/gm)
        ?.slice(-4)
        .filter((line) => !line.includes("'")),
    ).toEqual([
      "\\sum_{n=1}^{N} \\frac{\\partial L}{\\partial h_{nj}} \\frac{\\partial h_{nj}}{\\partial w_{ij}} + \\sum_{n=1}^{N} \\frac{\\partial L}{\\partial r_{ni}} \\frac{\\partial^{+} r_{ni}}{\\partial w_{ij}}",
      "\\sum_{n=1}^{N} \\frac{\\partial L}{\\partial h_{nj}} h_{nj} \\left(1 - h_{nj}\\right) x_{ni} + \\sum_{n=1}^{N} \\frac{\\partial L}{\\partial r_{ni}} h_{nj}",
      "\\sum_{n=1}^{N} h_{nj} \\left(1 - h_{nj}\\right) x_{ni} \\sum_{k=1}^{3} \\left(r_{nk} - x_{nk}\\right) w_{kj} + \\sum_{n=1}^{N} \\left(r_{ni} - x_{ni}\\right) h_{nj}",
    ]);
  });
});

describe("what an author wrote", () => {
  const logistic = `m = size()
    X = input(2, m)
    y = target(1, m)
    lambda = input()
    w = param(2)
    A = sigmoid(w' * X)
    J = -1/m * sum(y .* log(A) + (1 - y) .* log(1 - A)) + lambda / (2 * m) * sum(w.^2)`;

  it("has the shorter one of two terms of the same quantities first", () => {
    const [forward] = passages(parseModel(logistic)).before;
    expect(forward!.toMarkdown()).toMatch(
      /y_\{\w+\} \\ln a_\{\w+\} \+ \\left\(1 - y_\{\w+\}\\right\)/,
    );
  });

  it("may begin with a minus", () => {
    const [forward] = passages(parseModel(logistic)).before;
    expect(forward!.toMarkdown()).toContain("J &= -\\frac{1}{m} \\sum");
  });

  it("begins with a plus where the order of its terms is not the author's", () => {
    const mixture = `x = input(2)
      a = param(2)
      q = logsoftmax(a) - 1/2 * log(2 * pi) - x.^2
      L = logsumexp(q)`;
    const [forward] = passages(parseModel(mixture)).before;
    expect(forward!.toMarkdown()).not.toMatch(/(&= |matrix\} |\\\\ )-/);
  });

  it("has its terms alike, with or without a bracket", () => {
    const softmax = `N = size()
      Z = param(2, N)
      Y = target(2, N)
      P = softmax(Z, 1)
      L = -1/N * sum(Y .* log(P))`;
    const text = lines(softmax, "Z[1,1]", "paths");
    expect(text).toContain(
      "-\\frac{1}{N} y_{11} \\left(1 - p_{11}\\right) + \\frac{1}{N} y_{21} p_{11}",
    );
  });

  it("has a given scalar above the line of its number", () => {
    expect(lines(logistic, "w", "matrix")).toContain(" + \\frac{\\lambda}{m} w");
  });

  it("has no number twice in one fraction", () => {
    const mean = `N = size()
      x = input(N, 4)
      w = param(4)
      L = mean((x .* w').^2)`;
    expect(lines(mean, "w", "index")).toContain("\\frac{1}{2 N}");
  });
});

describe("numbers in place of names", () => {
  const text = `N = size()
    x = input(N)
    w = param()
    h = relu(w * x - 2)
    y = 0.5 * h
    L = mean(y .* h)`;
  const printed = lines(text, "w", "scalar", { x: [1, -3], w: -1.5 });

  it("have a dot before every number, also before (-3) and 1[z > 0]", () => {
    const numbers = printed.split("\n").filter((line) => /\[(?:\\left\()?-?\d/.test(line));
    expect(numbers).not.toEqual([]);
    for (const line of numbers)
      expect(line).not.toMatch(/[\d)] (\\mathbf\{1\}|\\left\(-\d[\d.]*\\right\)|\d)/);
  });

  it("stand for sizes too", () => {
    const numbers = printed.split("\n").filter((line) => /\[(?:\\left\()?-?\d/.test(line));
    for (const line of numbers) expect(line).not.toContain("N");
    expect(printed).toContain("&= \\frac{1}{2} ");
  });
});

describe("what the loss contains itself beside the paths to it", () => {
  const model = parseModel(`N = size()
    x = input(N)
    s = param()
    w = param(3)
    h = tanh(s * x)
    g = w * s
    L = s * sum(h) / N + sum(g.^2) / norm(w)`);

  /** The lines of ∂L/∂s. */
  const inGeneral = (): readonly string[] =>
    derive(model, { wrt: "s", form: "index" })
      .steps.filter(({ lhs }) => lhs.endsWith("{\\partial s}"))
      .map(({ rhs }) => rhs);

  it("is written as every expression is, with what divides it under a line", () => {
    for (const form of ["index", "paths"] as const) {
      for (const wrt of ["s", "w"]) {
        const passage = derive(model, { wrt, form }).toMarkdown();
        expect(passage).not.toMatch(/\^\{-(1|3\/2|1\/2)\}/);
      }
    }
    const [chain, ...local] = inGeneral();
    // first the partial derivatives, then what they are, in one order
    expect(chain).toMatch(/^\\frac\{\\partial\^\{\+\} L\}\{\\partial s\} \+ \\sum_\{n=1\}\^\{N\}/);
    for (const line of local.slice(0, 2))
      expect(line).toMatch(
        /^\\frac\{1\}\{N\} \\sum_\{n=1\}\^\{N\} h_\{n\} \+ \\sum_\{n=1\}\^\{N\}/,
      );
  });

  it("leaves the sums over paths in front of their products", () => {
    expect(inGeneral()[0]).toContain(
      "\\sum_{n=1}^{N} \\frac{\\partial L}{\\partial h_{n}} \\frac{\\partial h_{n}}{\\partial s}",
    );
  });
});

describe("a difference that stands in the other terms of a sum", () => {
  const NORMALISED = parseModel(`
    N = size()
    X = input(3, N)
    Y = target(2, N)
    W = param(2, 3)
    g = param(2)
    b = param(2)
    Z = W * X
    mu = mean(Z, 2)
    C = Z - mu
    v = mean(C.^2, 2)
    H = C ./ sqrt(v + 0.001)
    O = g .* H + b
    L = 1/(2*N) * sum((O - Y).^2)`);

  it.each([
    [
      "index",
      String.raw`o_{in} - y_{in} - \frac{1}{N} \sum_{k=1}^{N} \left(o_{ik} - y_{ik}\right) -`,
    ],
    ["matrix", String.raw`O - Y - \frac{1}{N} \left(O - Y\right) \mathbf{1} \mathbf{1}^{\top} -`],
  ] as const)("is not torn apart: %s form", (form, start) => {
    const { steps } = derive(NORMALISED, { wrt: "W", form });
    const last = steps.at(-1)!.rhs.replaceAll(/\\underbrace\{|\}_\{[^{}]*\\times[^{}]*\}/g, "");
    expect(
      last.replaceAll("\\mathrm{diag}", "\\operatorname{diag}").replaceAll("{} ", ""),
    ).toContain(start);
  });
});

describe("a trace", () => {
  it("stands behind the scalars that it is multiplied by, like a sum over indices", () => {
    const model = parseModel(`
      U = input(3, 4)
      V = input(3, 4)
      T = target(3, 3)
      s = param()
      S = exp(s) * U * V' - T
      L = sum(S.^2)`);
    const { steps } = derive(model, { wrt: "s", form: "matrix" });
    const traces = steps.filter(({ rhs }) => /e\^\{s\}/.test(rhs) && /\{tr\}/.test(rhs));
    expect(traces.length).toBeGreaterThan(0);
    for (const { rhs } of traces) expect(rhs).toMatch(/e\^\{s\} .*\\operatorname\{tr\}/);
  });
});

describe("terms of matrices", () => {
  const TWO_WAYS = `u = param(3)
    v = param(3)
    t = target()
    c = dot(u, v) / (norm(u) * norm(v))
    d = norm(u - v)
    L = (c - t)^2 + d^2 + sum(abs(u).^2) + log(d)`;

  /** In which order a line has the ways through c and d and what u does itself. */
  const ways = (line: string): string[] =>
    ["2 \\left(c - t\\right)", "2 u^{\\top}", "2 d + \\frac{1}{d}"].toSorted(
      (a, b) => line.indexOf(a) - line.indexOf(b),
    );

  it("keep their places where derivatives are put into them: Jacobian form", () => {
    const { steps } = derive(parseModel(TWO_WAYS), { wrt: "u", form: "jacobian" });
    const chain = steps.find(({ rule }) => rule === "chain rule")!.rhs;
    const places = ["\\partial c", "2 u^{\\top}", "\\partial d"].map((one) => chain.indexOf(one));
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    const last = steps.at(-1)!;
    expect(last.rule).toBe("product of Jacobians");
    expect(ways(last.rhs)).toEqual(["2 \\left(c - t\\right)", "2 u^{\\top}", "2 d + \\frac{1}{d}"]);
  });

  it.each(["h", "k"])("keep their places in brackets behind what they share: by %s", (wrt) => {
    const model = parseModel(`N = size()
      Z = input(N, 2)
      Y = target(N, 2)
      e = input(N)
      h = param(2)
      k = param()
      P = (Z + h') .* e * k
      L = sum((P - Y).^2) / N + logsumexp(h) * k`);
    const { steps } = derive(model, { wrt, form: "matrix" });
    const lines = steps.filter(({ rhs }) => /(softmax|logsumexp)/.test(rhs)).map(({ rhs }) => rhs);
    expect(lines.length).toBeGreaterThan(1);
    for (const line of lines) {
      const through = line.search(/\\delta|P - Y/);
      expect(through).toBeLessThan(line.search(/softmax|logsumexp/));
    }
  });
});

describe("a complement", () => {
  const GATE = `x = input(2)
    h = input(2)
    t = target(2)
    V = param(2, 2)
    W = param(2, 2)
    z = sigmoid(V * x)
    c = tanh(W * x)
    k = z .* h + (1 - z) .* c
    L = norm(k - t)`;

  it.each([
    ["index", "\\left(1 - z_{i}\\right) \\left(1 - {c_{i}}^{2}\\right) x_{j}"],
    ["matrix", "\\left(1 - z\\right) \\odot \\left(1 - c^{\\odot 2}\\right)"],
  ] as const)("stands where it comes from, before later slopes: %s form", (form, factors) => {
    expect(derive(parseModel(GATE), { wrt: "W", form }).steps.at(-1)!.rhs).toContain(factors);
  });

  it("stays behind what it is the slope of together with", () => {
    expect(derive(parseModel(GATE), { wrt: "V", form: "index" }).steps.at(-1)!.rhs).toContain(
      "\\left(h_{i} - c_{i}\\right) z_{i} \\left(1 - z_{i}\\right) x_{j}",
    );
  });
});
