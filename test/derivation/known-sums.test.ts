import { describe, expect, it } from "vitest";
import { parseModel } from "../../src/language/model.js";
import { derive } from "../../src/render/derivation.js";
import type { Form } from "../../src/derivation/derive.js";
import { Checker } from "../../src/derivation/checker.js";
import { localDerivatives } from "../../src/derivation/local.js";
import { Workbench } from "../../src/derivation/workbench.js";
import { claimOf, expectRefused } from "./support.js";

/** A normalised layer; `mean` and `spread` say by what. */
function normalised({ mean = "mean(r)", spread = "mean((r - m).^2)" } = {}): string {
  return `
    x = input(3)
    t = target(4)
    W = param(4, 3)
    r = W * x
    m = ${mean}
    v = ${spread}
    n = (r - m) / sqrt(v + 1/10)
    L = sum((n - t).^2)
  `;
}

/** The lines about ∂L/∂`of`, in the index form by W. */
function linesOf(text: string, of: string, form: Form = "index"): { rhs: string; why: string }[] {
  const { steps } = derive(parseModel(text), { wrt: "W", form });
  return steps.filter(({ lhs }) => lhs.includes(`\\partial L}{\\partial ${of}}`));
}

const REASON = "Differences from the mean m add up to 0: their sum is left out.";

describe("sums of differences from a mean", () => {
  it("are left out, with the reason, in a line of their own", () => {
    const [, full, shorter] = linesOf(normalised(), "m");
    expect(full!.rhs).toContain("\\left(r_{i} - m\\right)");
    expect(shorter!.rhs).not.toContain("r_{i}");
    expect(shorter!.why).toBe(REASON);
  });

  it("are seen through the definitions between", () => {
    const model = parseModel(`
      N = size()
      X = input(2, N)
      T = target(2, N)
      W = param(2, 2)
      H = W * X
      S = sum(H, 2)
      m = S / N
      D = H - m
      s = sqrt(mean(D.^2, 2) + 1/10)
      Y = D ./ s
      L = sum((Y - T).^2)
    `);
    for (const form of ["index", "matrix"] as const) {
      const last = derive(model, { wrt: "W", form }).steps.at(-1)!;
      expect(last.why).toContain("Differences from the mean m add up to 0");
    }
    const { rhs } = derive(model, { wrt: "W", form: "index" }).steps.at(-1)!;
    // Σ_n of the entries of D alone would be 0
    expect(rhs).not.toMatch(/\\sum_\{\w=1\}\^\{N\} (d|y)_\{\w\w\}/);
  });

  it("are left out of local derivatives and Jacobians", () => {
    const { steps } = derive(parseModel(normalised()), { wrt: "W", form: "jacobian" });
    const zero = steps.find(({ rule }) => rule === "known sum")!;
    expect([zero.lhs, zero.rhs, zero.why]).toEqual([
      "\\frac{\\partial v}{\\partial m}",
      "0",
      REASON,
    ]);
    const chain = steps.find(({ lhs, rule }) => rule === "chain rule" && lhs.endsWith("m}"))!;
    expect(chain.rhs).not.toContain("\\partial v");
  });

  it.each([
    ["S = sum(v)", "5*v - S", "With the definition of S these differences"],
    ["S = 3*sum(v)", "15*v - S", "With the definition of S these differences"],
    ["S = sum(v)/10", "v - 2*S", "With the definition of S these differences"],
    [
      "S = mean(v); T = mean(u)",
      "v - S + 2*u - 2*T",
      "With the definition of S and of T these differences",
    ],
    ["S = mean(v)", "3*v - 3*S", "Differences from the mean S"],
    ["S = mean(v)", "v - mean(v)", "Differences from their mean"],
    ["S = 1 + mean(v)", "v - S + 1", "With the definition of S these differences"],
    ["S = 2 - 2*mean(v)", "2*v + S - 2", "With the definition of S these differences"],
  ])("%s, c = %s: %s", (definitions, differences, sentence) => {
    const model = parseModel(`
      r = input(5)
      u = input(5)
      w = param(5)
      t = target(5)
      v = w .* r
      ${definitions.replace("; ", "\n")}
      c = ${differences}
      q = sum(c.^2)/5
      n = c / sqrt(q + 1/10)
      L = sum((n - t).^2)
    `);
    const whys = derive(model, { wrt: "w", form: "index" }).steps.map(({ why }) => why);
    const reasons = whys.flatMap((why) => why.match(/[^.]* add up to 0/g) ?? []);
    expect(new Set(reasons.map((one) => one.trim()))).toEqual(new Set([`${sentence} add up to 0`]));
  });

  describe("as Jacobians", () => {
    const jacobians = (loss: string) => {
      const model = parseModel(`
        r = input(4)
        w = param(4)
        v = w .* r
        m = mean(v)
        q = sum((v - m).^2)
        ${loss}
      `);
      return derive(model, { wrt: "w", form: "jacobian" }).steps;
    };
    const byMean = (steps: ReturnType<typeof jacobians>) =>
      steps.find(({ lhs, rule }) => rule === "chain rule" && lhs.endsWith("\\partial m}"));

    it.each([
      ["one user", "L = sum(v + q)"],
      ["two users", "s = 2*sum((v - m).^2) + q^2\nL = q*s + sum(v)"],
    ])(
      "of all users: the derivative of the loss is 0, and the product is still told: %s",
      (_, l) => {
        const steps = jacobians(l);
        expect(byMean(steps)).toMatchObject({
          rhs: "0",
          why: "All derivatives by m are 0, so that of L is 0.",
        });
        expect(steps.at(-1)!.rule).toBe("product of Jacobians");
      },
    );

    it("of all users but the loss: the direct part is the derivative", () => {
      const steps = jacobians("L = q^2 + (m - 1)^2");
      expect(byMean(steps)).toMatchObject({ why: "All but the direct part is 0." });
      expect(byMean(steps)!.rhs).toBe("2 \\left(m - 1\\right)");
    });
  });

  const localSteps = (spread: string) => {
    const text = normalised({ spread });
    const model = parseModel(text);
    const bench = new Workbench(model, undefined);
    const steps = localDerivatives(bench).steps.filter(
      ({ left }) =>
        left.kind === "scalar" &&
        left.expression.kind === "reference" &&
        left.expression.quantity.name === "dv_dm",
    );
    return { model, bench, steps };
  };

  it("leave the cases of a local derivative", () => {
    const { steps } = localSteps("mean((r - m).^2) + relu(m)");
    // the slope of relu has a line of its own, then what it is
    expect(steps.map(({ rule }) => rule)).toEqual([
      "local derivative",
      "local derivative",
      "known sum",
      "cases",
    ]);
  });

  it("are compared with the slope of the definition", () => {
    const { model, bench, steps } = localSteps("mean((r - m).^2)");
    const { graph, definitions } = model;
    const zero = claimOf(steps.find(({ rule }) => rule === "known sum")!);
    const route = bench.route(model.params[0]!);
    const { checked: _, ...sites } = bench.sites(false);
    const checker = (own: typeof definitions): Checker =>
      new Checker(graph, sites, { definitions: own, inlined: (one) => route.inlined(one) });
    expect(checker(definitions).check(zero)).toBeDefined();
    // the same line where v has a term more: its symbol is still 0, its slope is not
    const body = graph.add(graph.reference(model.scope.get("m")!.quantity!, []), graph.one);
    const other = definitions.map((one) =>
      one.quantity.name === "v"
        ? { ...one, clauses: [{ letters: [], indices: [], body: graph.integerPower(body, 2) }] }
        : one,
    );
    expectRefused(checker(other), zero);
  });

  it.each([
    ["twice the mean", { mean: "2 * mean(r)" }],
    ["a mean of something else", { mean: "mean(x)" }],
    ["differences that are weighted", { spread: "mean([1; 2; 3; 4] .* (r - m).^2)" }],
    ["a constant", { mean: "1/2 + 0 * sum(r)" }],
  ])("stay where they are not 0: %s", (_, other) => {
    const { steps } = derive(parseModel(normalised(other)), { wrt: "m", form: "index" });
    const own = steps.filter(({ rule }) => rule !== "substitution");
    expect(own.at(-1)!.rhs).toContain("\\partial L}{\\partial v}");
    expect(own.map(({ why }) => why).join(" ")).not.toContain("add up to 0");
  });
});

describe("names across the sums of a closed form", () => {
  it("stand where the sums of several definitions come together", () => {
    const model = parseModel(`
      X = input(3, 2)
      T = target(3, 2)
      W = param(2, 3)
      V = param(3, 2)
      A = softmax(X * W, 2)
      Y = A * V
      L = 1/2 * sum((Y - T).^2)
    `);
    const { rhs } = derive(model, { wrt: "W", form: "index" }).steps.at(-1)!;
    expect(rhs).toContain("\\left(y_{kl} - t_{kl}\\right) \\left(v_{jl} - y_{kl}\\right)");
  });

  it("stand only where the letter that they sum over is in no other factor", () => {
    const model = parseModel(`
      a = input(3)
      B = input(2, 3)
      t = target()
      w = param(3)
      c = B * w
      L = sum(c.^2) + sum((B * (a .* w) - t).^2)
    `);
    const { rhs } = derive(model, { wrt: "w", form: "index" }).steps.at(-1)!;
    expect(rhs).toContain("c_{j} b_{ji}");
    expect(rhs).toContain("\\sum_{k=1}^{3} b_{jk} a_{k} w_{k}");
  });
});

describe("sums that are 1", () => {
  const distilled = `
    N = size()
    X = input(N, 2)
    G = input(N, 3)
    Y = target(N, 3)
    W = param(2, 3)
    T = param()
    Q = softmax(G / 4, 2)
    Z = X * W
    P = softmax(Z / T, 2)
    R = softmax(Z, 2)
    L = -16 * sum(Q .* log(P)) / N - sum(Y .* log(R)) / N`;

  it("are those of a softmax along its axis, with the reason", () => {
    const { steps } = derive(parseModel(distilled), { wrt: "W", form: "index" });
    const rest = steps.find(({ rule }) => rule === "cancellation")!;
    expect(rest.rhs).toBe(
      "\\frac{1}{N} \\left(\\frac{16 \\left(p_{ni} - q_{ni}\\right)}{T} + r_{ni} \\sum_{j=1}^{3} y_{nj} - y_{ni}\\right)",
    );
    expect(rest.why).toContain(
      "Multiplied out, P and R cancel. Each row of Q adds up to 1. Where each row of Y adds up to 1, " +
        "as one-hot labels do, the sum over the labels is 1, and R − Y is left in the brackets.",
    );
    const { rhs } = derive(parseModel(distilled), { wrt: "T", form: "index" }).steps.at(-1)!;
    expect(rhs).not.toContain("\\sum_{i=1}^{3} q_{ni}");
  });

  const shared = (definition: string): string => `
    x = input(3)
    w = param(3)
    z = w .* x
    ${definition}
    L = sum(q.^2) + 3 * sum(q)`;

  it.each([
    ["q = softmax(z)", "The entries of q add up to 1."],
    ["q = exp(z) / sum(exp(z))", "The entries of q add up to 1."],
    ["q = z / sum(z)", "The entries of q add up to 1."],
    ["q = 2 * softmax(z) - 1/3", "The entries of a softmax add up to 1."],
    ["q = softmax(z) / 2", "The entries of a softmax add up to 1."],
    ["u = softmax(z); q = u", "The entries of u add up to 1."],
  ])("%s: %s", (definition, reason) => {
    const model = parseModel(shared(definition.replace("; ", "\n")));
    const { steps } = derive(model, { wrt: "w", form: "index" });
    expect(steps.map(({ why }) => why).join(" ")).toContain(reason);
    // 3 Σ q is a constant
    expect(steps.at(-1)!.rhs).not.toMatch(/\+ 3|3 (q|\\left)/);
  });

  it.each([
    ["along the other axis", "Q = softmax(Z, 1)"],
    ["of a part", "Q = softmax(Z, 2); U = Q[:, 1:2]"],
    ["of what is divided by another sum", "Q = exp(Z) / sum(exp(2 * Z))"],
  ])("are not sums %s", (_, definition) => {
    const whole = definition.replace("; ", "\n");
    const of = definition.includes("U") ? "U" : "Q";
    const model = parseModel(`
      X = input(2, 3)
      W = param(2, 3)
      Z = W .* X
      ${whole}
      s = sum(${of}, 2)
      L = dot(s, s) + sum(${of})`);
    const { steps } = derive(model, { wrt: "W", form: "index" });
    expect(steps.map(({ why }) => why).join(" ")).not.toMatch(/row of .* adds? up/);
  });
});

describe("what adds up to a number", () => {
  const whysOf = (text: string, wrt: string): string => {
    const { steps } = derive(parseModel(text), { wrt, form: "index" });
    return steps.map(({ why }) => why).join(" ");
  };

  it("is named as it is: the exponentials of log-probabilities, not these", () => {
    const vector = `
      z = param(4)
      r = input(4)
      q = logsoftmax(z, 1)
      L = sum(exp(q) .* (q - r))`;
    expect(whysOf(vector, "z")).toContain("The exponentials of the entries of q add up to 1.");
    const rows = `
      Z = param(2, 3)
      R = input(2, 3)
      Q = logsoftmax(Z, 2)
      L = sum(exp(Q) .* (Q - R))`;
    expect(whysOf(rows, "Z")).toContain("The exponentials of the entries of each row of Q add up");
  });

  it.each([
    ["a diagonal", "P = A / trace(A)", "trace(P)"],
    ["a part", "P = A / sum(A[1:2, 1])", "sum(P[1:2, 1])"],
  ])("is no whole row or column: %s", (_, definition, sum) => {
    const text = `
      A = param(3, 3)
      s = param()
      ${definition}
      L = s * ${sum} + sum(P.^2)`;
    expect(whysOf(text, "s")).toContain("By the definition of P one sum is 1.");
    expect(whysOf(text, "s")).not.toContain("add");
  });
});

describe("terms of a sum whose sum has a name", () => {
  it("are written with it: an entropy", () => {
    const model = parseModel(`
      N = size()
      X = input(N, 2)
      A = target(N, 3)
      c = input(N)
      W = param(2, 3)
      P = softmax(X * W, 2)
      h = -sum(P .* log(P), 2)
      L = -mean(c .* sum(A .* log(P), 2)) - 0.01 * mean(h)`);
    const { steps } = derive(model, { wrt: "W", form: "index" });
    const rest = steps.at(-1)!;
    expect(rest.rhs).toBe(
      "\\frac{1}{N} \\sum_{n=1}^{N} \\left(c_{n} \\left(p_{nj} \\sum_{k=1}^{3} a_{nk} - a_{nj}\\right) + 0.01 \\left(\\ln p_{nj} + h_{n}\\right) p_{nj}\\right) x_{ni}",
    );
    expect(rest.why).toContain("The sum in the definition of h is written with its name.");
  });
});

it("tells of a sum that is left out where a δ is written without it", () => {
  const { steps } = derive(
    parseModel(`
      N = size()
      X = input(N, 3)
      W = param(3, 2)
      H = X * W
      m = mean(H, 1)
      D = H - m'
      S = D' * D / N
      L = trace(S) + sum(S.^2)`),
    { wrt: "W", form: "index" },
  );
  const put = steps.find(({ rule, lhs }) => rule === "local derivatives" && /delta/.test(lhs));
  expect(put!.why).toContain("Differences from the mean m add up to 0: their sum is left out.");
});
