/** The sentences of a diagnosis: where a mistake is told, and in which words. */
import { check, checkFormulas, parseModel } from "chainrule";
import { describe, expect, it } from "vitest";
import { claimed } from "./corpus/published/hand.js";
import type { Study } from "./corpus/published/study.js";
import {
  each,
  mask,
  matrix,
  mm,
  numbers,
  oneHot,
  relu,
  scale,
  T,
  times,
} from "./corpus/matrices.js";

type Net = Omit<Study, "published">;

/** The sentences of the first explanation of each wrong claim; of up to `most` explanations. */
function told(net: Net, code: string, most = 1): Record<string, string[]> {
  const claims = claimed({ ...net, published: [] }, { source: net.name, code, wrong: {} });
  const { checks } = check(parseModel(net.model), claims, { at: net.point });
  return Object.fromEntries(
    checks
      .filter(({ ok }) => !ok)
      .map(({ name, diagnosis }) => [
        name,
        diagnosis.filter(({ explanation }) => explanation <= most).map(({ text }) => text),
      ]),
  );
}

const net: Net = {
  name: "three layers",
  model: `
    N = size()
    X = input(N, 3)
    T = target(N, 2)
    W1 = param(3, 4)
    W2 = param(4, 5)
    b2 = param(5)
    W3 = param(5, 2)
    Z1 = X * W1
    A1 = sigmoid(Z1)
    Z2 = A1 * W2 + b2'
    A2 = tanh(Z2)
    Y = A2 * W3
    L = sum((Y - T).^2) / (2 * N)`,
  point: {
    X: matrix(6, 3, 1),
    T: matrix(6, 2, 2),
    W1: matrix(3, 4, 3),
    W2: matrix(4, 5, 4),
    b2: numbers(5, 5),
    W3: matrix(5, 2, 6),
  },
};

describe("a factor that several gradients have", () => {
  const pass = (top: string, middle: string): string => `
    dY = ${top} * (Y - T) / 6
    dW3 = A2' * dY
    dZ2 = ${middle} * (dY * W3') .* (1 - A2.^2)
    dW2 = A1' * dZ2
    db2 = sum(dZ2, 1)
    dW1 = X' * ((dZ2 * W2') .* A1 .* (1 - A1))`;
  // without the intermediate claims
  const parameters = (code: string): string => code.replaceAll(/d(Y|Z2)\b/g, "e$1");

  it.each([
    ["2", "2"],
    ["6", "N"],
    ["0.3", "0.3"],
  ])("%s is told where the pass begins", (factor, name) => {
    const found = told(net, parameters(pass(factor, "1")));
    const what = `dY is ${name} times the right gradient`;
    expect(Object.keys(found)).toEqual(["W3", "W2", "b2", "W1"]);
    for (const [claim, [text]] of Object.entries(found)) {
      expect(text).toContain(`d${claim} follows from dY: ${what}`);
    }
  });

  it("is told behind what is right", () => {
    const found = told(net, parameters(pass("1", "6")));
    const what = "dZ2 is N times the right gradient: divide by N";
    expect(found).toEqual({
      W2: [`dW2 follows from dZ2: ${what}`],
      b2: [`db2 follows from dZ2: ${what}`],
      W1: [`dW1 follows from dZ2: ${what}`],
    });
  });

  it("is told of the claim itself where it arises there", () => {
    const { Z2 } = told(net, pass("1", "6"));
    expect(Z2).toEqual(["dZ2 is N times the right gradient: divide by N"]);
  });

  it("stays an update step where it is one", () => {
    const { W3 } = told(net, parameters(pass("-0.01", "1")));
    expect(W3).toEqual([
      "dW3 is -0.01 times the right gradient: an update step, -rate * gradient, was given for the gradient",
    ]);
  });
});

const attention: Net = {
  name: "attention",
  model: `
    n = size()
    X = input(n, 4)
    G = target(n, 3)
    Wq = param(4, 3)
    Wk = param(4, 3)
    Wv = param(4, 3)
    Q = X * Wq
    K = X * Wk
    V = X * Wv
    S = Q * K' / 2
    P = softmax(S, 2)
    O = P * V
    L = 1/2 * sum((O - G).^2)`,
  point: {
    X: matrix(5, 4, 11),
    G: matrix(5, 3, 12),
    Wq: matrix(4, 3, 13),
    Wk: matrix(4, 3, 14),
    Wv: matrix(4, 3, 15),
  },
};

describe("a sum along the wrong axis", () => {
  it("is told with both sums, where axes have one length", () => {
    const found = told(
      attention,
      `
      eP = (O - G) * V'
      eS = P .* (eP - sum(P .* eP, 1)') / 2
      dWq = X' * (eS * K)`,
    );
    expect(found.Wq).toEqual([
      "dWq follows from dS, which is computed with sum(P .* dP, 1) where sum(P .* dP, 2) belongs: sum along each row, not down each column",
    ]);
  });

  it("is found in a softmax that is written out", () => {
    const classifier: Net = {
      name: "softmax written out",
      model: `
        X = input(6, 4)
        T = target(6, 3)
        W1 = param(4, 5)
        W2 = param(5, 3)
        Z = X * W1
        E = exp(Z)
        A = E ./ sum(E, 2)
        S = A * W2
        L = -sum(T .* logsoftmax(S, 2)) / 6`,
      point: {
        X: matrix(6, 4, 21),
        T: T(oneHot(3, 6)),
        W1: matrix(4, 5, 22),
        W2: matrix(5, 3, 23),
      },
    };
    const found = told(
      classifier,
      `
      eA = (softmax(S, 2) - T) / 6 * W2'
      dW1 = X' * (A .* (eA - sum(A .* eA, 1)'))`,
    );
    expect(found.W1).toEqual([
      "dW1 follows from dE, which is computed with sum(A .* dA, 1) where sum(A .* dA, 2) belongs: sum along each row, not down each column",
    ]);
  });
});

it("a fault is told of what follows from it alone", () => {
  // the query's factor is no part of the key's gradient
  const found = told(
    attention,
    `
    eP = (O - G) * V'
    eS = P .* (eP - sum(P .* eP, 2)) / 2
    dWq = X' * (2 * eS * K)
    dWk = X' * (eS * Q)`,
    3,
  );
  expect(found.Wk).toEqual([
    "dWk follows from dK, which is computed with dS where dS' belongs: transpose it",
  ]);
});

describe("formulas", () => {
  const classifier = parseModel(`
    N = size()
    X = input(N, 4)
    Y = target(N, 3)
    W1 = param(4, 5)
    W2 = param(5, 3)
    b2 = param(3)
    Z1 = X * W1
    H1 = relu(Z1)
    Z2 = H1 * W2 + b2'
    P = softmax(Z2, 2)
    L = -sum(Y .* log(P)) / N`);
  const first = (text: string) => {
    const { firstWrong, notes } = checkFormulas(classifier, text);
    const [diagnosis] = firstWrong!.diagnosis;
    return { ...firstWrong!, cause: diagnosis!.cause, told: diagnosis!.text, notes };
  };

  it("an activation itself stands in place of its derivative", () => {
    const { cause, told, repair } = first("dH1 = (P - Y) / N * W2'\ndZ1 = dH1 .* H1");
    expect([cause, told]).toEqual([
      "wrong-function",
      "dZ1 has H1 where relu'(Z1) belongs, step(Z1)",
    ]);
    expect(repair).toBe("dZ1 = dH1 .* step(Z1)");
  });

  it("a mask of the output is not 1 where that is 0", () => {
    const { cause, told, repair } = first("dH1 = (P - Y) / N * W2'\ndZ1 = dH1 .* (H1 >= 0)");
    expect([cause, told]).toEqual([
      "wrong-function",
      "dZ1: H1 >= 0 holds for equal numbers too: write >",
    ]);
    expect(repair).toBe("dZ1 = dH1 .* (H1 > 0)");
  });

  it("a division that is missing is told where the right formula divides", () => {
    const { cause, told } = first("dP = -Y / N");
    expect([cause, told]).toEqual(["missing-factor", "dP lacks the factor 1/P"]);
  });

  it("a lost 1/N is told without a point, where labels matter", () => {
    const { cause, told, repair, notes } = first("dZ2 = P - Y\ndW2 = H1' * dZ2");
    expect([cause, told]).toEqual([
      "constant-factor",
      "dZ2 is N times the right gradient: divide by N",
    ]);
    expect(repair).toBe("dZ2 = (P - Y) / N");
    expect(notes).toEqual([
      "labels are taken to be usual ones: each row of Y sums to 1, as one-hot labels do; with --at POINT your data decide",
    ]);
  });

  it("a repair transposes nothing twice", () => {
    const { told, repair } = first("dZ2 = (P - Y) / N\ndb2 = sum(dZ2, 2)'");
    expect(told).toBe("db2: sum(dZ2, 2) runs along the wrong axis, take sum(dZ2, 1)");
    expect(repair).toBe("db2 = sum(dZ2, 1)");
  });
});

describe("what is told of several quantities", () => {
  const scores: Net = {
    ...attention,
    name: "scores",
    model: attention.model.replace("/ 2", "/ sqrt(3)"),
  };

  it("is a factor of the two lines that have it, or of the one before", () => {
    const code = `
      eP = (P * V - G) * V'
      eS = P .* (eP - sum(P .* eP, 2) * ones(1, 5))
      dWq = X' * (eS * K)
      dWk = X' * (eS' * Q)`;
    const what =
      "follows from these: dK and dQ are both sqrt(3) times the right ones, in their own lines or in one before: divide by sqrt(3)";
    expect(told(scores, code)).toEqual({ Wq: [`dWq ${what}`], Wk: [`dWk ${what}`] });
  });

  it("is a penalty of all that have it", () => {
    const decayed: Net = {
      ...net,
      model: net.model.replace("(2 * N)", "(2 * N) + 0.05 * (sum(W2.^2) + sum(W3.^2))"),
    };
    const code = `
      eY = (Y - T) / 6
      db2 = sum((eY * W3') .* (1 - A2.^2), 1) + 0.1 * b2`;
    expect(told(decayed, code).b2![0]).toMatch(/a penalty that L has for W2 and W3: leave it out/);
  });
});

it("a value in place of its derivative", () => {
  const [X, Y, A, B] = [matrix(4, 3, 71), matrix(4, 2, 72), matrix(3, 5, 73), matrix(5, 2, 74)];
  const model = parseModel(`
    X = input(4, 3)
    Y = target(4, 2)
    A = param(3, 5)
    B = param(5, 2)
    Z = X * A
    H = relu(Z)
    O = H * B
    L = mean((O - Y).^2)`);
  const Z = mm(X, A);
  const O = mm(each(Z, relu), B);
  // grad.matmul(…) written as out.matmul(…)
  const claims = { A: mm(T(X), times(mm(O, T(B)), each(Z, mask))), B: mm(T(each(Z, relu)), O) };
  const { checks } = check(model, claims, { at: { X, Y, A, B } });
  for (const { diagnosis } of checks) {
    expect(diagnosis[0]).toMatchObject({ cause: "wrong-variable", used: "O", instead: "dO" });
  }
});

describe("the slopes of a quantile loss changed over", () => {
  const quantile: Net = {
    name: "quantile",
    model: `
      X = input(5, 3)
      y = target(5)
      W = param(3, 4)
      b = param(4)
      v = param(4)
      c = param()
      H = tanh(X * W + b')
      q = H * v + c
      r = y - q
      L = mean(maximum(0.9 * r, -0.1 * r)) + 0.01 * sum(W.^2)`,
    point: {
      X: matrix(5, 3, 1),
      y: numbers(5, 2),
      W: matrix(3, 4, 3),
      b: numbers(4, 4),
      v: numbers(4, 5),
      c: 0.1,
    },
  };

  const pass = (above: number, below: number): string => `
    eq = (-${above} * (r > 0) + ${below} * (r < 0)) / 5
    dv = H' * eq
    dc = sum(eq)
    eZ = (eq * v') .* (1 - H.^2)
    dW = X' * eZ + 0.02 * W
    db = sum(eZ, 1)`;

  it("is one mistake, beside a penalty too", () => {
    expect(told(quantile, pass(0.9, 0.1))).toEqual({});
    const found = told(quantile, pass(0.1, 0.9));
    expect(Object.keys(found).sort()).toEqual(["W", "b", "c", "v"]);
    for (const sentences of Object.values(found)) {
      expect(sentences).toHaveLength(1);
      expect(sentences[0]).toMatch(
        /derivative of maximum\(0\.1 \* r, -0\.9 \* r\), where maximum\(0\.9 \* r, -0\.1 \* r\) belongs/,
      );
    }
  });
});

describe("a residual", () => {
  const model = parseModel(`
    X = input(4, 3)
    T = target(4, 3)
    A = param(3, 3)
    B = param(3, 3)
    K = X * A
    V = X * B
    R = X + sigmoid(K) .* V
    L = sum((R - T).^2)`);

  it("alone lacks the other paths, and no factor", () => {
    const { firstWrong } = checkFormulas(
      model,
      `dR = 2 * (R - T)
       dK = dR .* V .* sigmoid(K) .* (1 - sigmoid(K))
       dV = dR .* sigmoid(K)
       dX = dR`,
    );
    expect(firstWrong!.diagnosis[0]).toMatchObject({
      cause: "missing-term",
      term: "the paths through V and K",
      text: "dX is taken to be dR, which is only what comes straight from R: add the paths through V and K",
    });
  });
});

describe("a multiple of a size", () => {
  const model = parseModel(`
    N = size()
    X = input(N, 2)
    T = target(N, 2)
    W = param(2, 2)
    P = X * W
    L = sum((P - T).^2) / N`);

  it.each([
    ["3 * (P - T)", "3*N/2", "multiply by 2/(3*N)"],
    ["5 * (P - T) / N^2", "5/(2*N)", "multiply by (2*N)/5"],
  ])("is one factor: %s", (dP, factor, repair) => {
    const { firstWrong } = checkFormulas(model, `dP = ${dP}\ndW = X' * dP`);
    expect(firstWrong!.diagnosis).toMatchObject([{ cause: "constant-factor", factor }]);
    expect(firstWrong!.diagnosis[0]!.text).toContain(repair);
  });
});

it("the diagonal of a softmax is told of the softmax, in whatever line it is lost", () => {
  const probabilities: Net = {
    name: "softmax of a batch",
    model: `
      X = input(5, 3)
      T = target(5, 4)
      W = param(3, 4)
      b = param(1, 4)
      Z = X * W + b
      P = softmax(Z, 2)
      L = -sum(T .* log(P)) / 5`,
    point: {
      X: matrix(5, 3, 83),
      T: T(oneHot(4, 5)),
      W: matrix(3, 4, 84),
      b: [[0, 1, 0, -1]],
    },
  };
  const hand = `
    E = exp(X * W + ones(5, 1) * b)
    P = E ./ (E * ones(4, 4))
    D = -T .* (1 - P) / 5
    dW = X' * D`;
  const right = "\n    db = ones(1, 5) * (P - T) / 5";
  const whole = told(probabilities, hand);
  expect(whole["W"]!.join()).toContain("the diagonal of ∂P/∂Z only");
  const alone = told(probabilities, hand + right);
  expect(Object.keys(alone)).toEqual(["W"]);
  expect(alone["W"]!.join()).toContain("the diagonal of ∂P/∂Z only");
});

describe("what a sum along the way back is taken for", () => {
  const margins: Net = {
    name: "margins",
    model: `
      N = size()
      X = input(N, 3)
      Y = input(N, 4)
      W = param(3, 4)
      S = X * W
      s = sum(S .* Y, 2)
      M = (1 - Y) .* relu(S - s + 1)
      L = sum(M) / N`,
    point: { X: matrix(5, 3, 1), Y: T(oneHot(4, 5)), W: scale(3, matrix(3, 4, 7)) },
  };
  const pass = (correct: string): string => `
    over = (1 - Y) .* (M > 0)
    dW = X' * (over - ${correct}) / 5`;

  it("every violated margin counts", () => {
    expect(told(margins, pass("Y .* sum(over, 2)"))).toEqual({});
    const { W } = told(margins, pass("Y"));
    expect(W![0]).toContain(
      "computed with 1 where the number sum((1 - Y) .* step(1 + S - s), 2) belongs",
    );
  });

  const weighted: Net = {
    name: "weighted classes",
    model: `
      N = size()
      X = input(N, 4)
      T = target(N, 3)
      c = input(1, 3)
      W = param(4, 3)
      Z = X * W
      lp = logsoftmax(Z, 2)
      U = T .* c
      L = -sum(U .* lp) / sum(U)`,
    point: { X: matrix(5, 4, 1), T: T(oneHot(3, 5)), c: [[0.5, 1.7, 2.2]], W: matrix(4, 3, 2) },
  };
  const slopes = (share: string): string => `
    P = softmax(Z, 2)
    dW = X' * (${share} - U / sum(U))`;

  it("the weights of the labels add up", () => {
    expect(told(weighted, slopes("P .* sum(U, 2) / sum(U)"))).toEqual({});
    for (const [share, used] of [
      ["P / 5", "-1/N"],
      ["P", "-1"],
    ]) {
      const { W } = told(weighted, slopes(share!));
      expect(W![0]).toContain(`computed with ${used!} for sum(dlp, 2) in -exp(lp)`);
    }
  });

  it("one side of a loss of quantiles with the wrong sign", () => {
    const quantiles: Net = {
      name: "quantiles",
      model: `
        N = size()
        X = input(N, 3)
        y = target(N)
        tau = input()
        w = param(3)
        u = y - X * w
        L = mean(maximum(tau * u, (tau - 1) * u))`,
      point: { X: matrix(6, 3, 1), y: numbers(6, 2), tau: 0.3, w: numbers(3, 4) },
    };
    const side = (below: string): string => `
      eu = tau * (u > 0) + (${below}) * (u < 0)
      dw = -X' * eu / 6`;
    expect(told(quantiles, side("tau - 1"))).toEqual({});
    const { w } = told(quantiles, side("1 - tau"));
    expect(w![0]).toContain("with the wrong sign for (tau - 1) .* u of maximum(");
  });
});

describe("a mistake in one of several terms", () => {
  const distilled: Net = {
    name: "two losses",
    model: `
      N = size()
      X = input(N, 3)
      Y = target(N, 2)
      V = target(N, 2)
      k = input(2)
      W = param(3, 2)
      Z = X * W
      S = Z .* k'
      L = sum((S - V).^2) / N + sum((Z - Y).^2) / 2 + 0.05 * sum(W.^2)`,
    point: {
      X: matrix(5, 3, 1),
      Y: matrix(5, 2, 2),
      V: matrix(5, 2, 3),
      k: [2.5, 0.4],
      W: matrix(3, 2, 4),
    },
  };
  const pass = ({ soft = "2 / 5 * (S - V) .* k'", decay = "0.1 * W" }): string => `
    eZ = ${soft} + (Z - Y)
    dW = X' * eZ + ${decay}`;

  it("is told of what comes through that one", () => {
    expect(told(distilled, pass({}))).toEqual({});
    const { W } = told(distilled, pass({ soft: "2 / 5 * (S - V)" }));
    expect(W).toEqual([
      "dW follows from dZ, which is computed with dS for what comes through S: the factor k' is left out there; multiply by it",
    ]);
  });

  it("is the 2 of one square", () => {
    const { W } = told(distilled, pass({ decay: "0.05 * W" }));
    expect(W).toEqual([
      "dW is computed with W for the derivative of W.^2, 2 * W: multiply by 2 there",
    ]);
  });

  it("is a mean along one axis", () => {
    // the mean over rows of a sum over columns
    const { W } = told(distilled, pass({ decay: "0.1 * W / 3" }));
    expect(W![0]).toContain("mean(W.^2, 1) in place of sum(W.^2, 1)");
    const everywhere = told(distilled, pass({ decay: "0.1 * W / 6" }));
    expect(everywhere["W"]![0]).toContain("mean(W.^2) in place of sum(W.^2)");
  });
});

it("a path that another one joins is told with what it adds", () => {
  const machine: Net = {
    name: "a factorisation machine",
    model: `
      N = size()
      X = input(N, 4)
      t = target(N)
      V = param(4, 2)
      XV = X * V
      y = 0.5 * sum(XV.^2 - (X.^2) * (V.^2), 2)
      L = 0.5 * mean((y - t).^2)`,
    point: { X: matrix(5, 4, 31), t: numbers(5, 32), V: matrix(4, 2, 33) },
  };
  const pass = (term: string): string => `
    dy = (y - t) / N
    dV = X' * (XV .* (dy * ones(1, 2))) ${term}`;
  expect(told(machine, pass("- V .* ((X.^2)' * dy * ones(1, 2))"))).toEqual({});
  const { V } = told(machine, pass(""));
  expect(V![0]).toContain(
    "one term left out: add the path straight from y, -(((X.^2)' * dy) .* V)",
  );
});

describe("a root for what it is the root of", () => {
  const basis: Net = {
    name: "radial basis functions",
    model: `
      N = size()
      d = input(N, 4)
      t = target(N)
      ls = param(4)
      w = param(4)
      D = d.^2
      g = exp(-2 * ls)
      P = exp(-D .* g' / 2)
      L = sum((P * w - t).^2) / 2`,
    point: {
      d: matrix(5, 4, 41),
      t: numbers(5, 42),
      ls: numbers(4, 43),
      w: numbers(4, 44),
    },
  };
  const pass = (of: string): string => `
    E = ((P * w - t) * w') .* P
    dls = sum(E .* ${of}, 1)`;

  it.each([
    ["D .* (ones(5, 1) * sqrt(g)')", "sqrt(g)", "g"],
    ["D .* (ones(5, 1) * (g .* sqrt(g))')", "g .* sqrt(g)", "g"],
    ["abs(d) .* (ones(5, 1) * g')", "sqrt(D)", "D"],
  ])("%s", (of, used, instead) => {
    expect(told(basis, pass("D .* (ones(5, 1) * g')"))).toEqual({});
    const { ls } = told(basis, pass(of));
    expect(ls![0]).toContain(`computed with ${used} where ${instead} belongs`);
  });
});

it("what cancels to rounding is explained by what makes it cancel", () => {
  const scores: Net = {
    name: "additive attention",
    model: `
      X = input(5, 3)
      p = param(3)
      q = param(3)
      u = X * p
      v = X * q
      S = u * ones(1, 5) + ones(5, 1) * v'
      B = leakyrelu(S, 0.2)
      A = softmax(B, 2)
      L = sum((A * X).^2) / 2`,
    point: { X: matrix(5, 3, 51), p: numbers(3, 52), q: numbers(3, 53) },
  };
  const pass = (slope: string): string => `
    eA = (A * X) * X'
    eE = A .* (eA - (sum(eA .* A, 2)) * ones(1, 5))
    eS = ${slope}
    dp = X' * sum(eS, 2)
    dq = X' * sum(eS, 1)`;
  expect(told(scores, pass("eE .* (0.2 + 0.8 * step(S))"))).toEqual({});
  // each row of eE sums to 0
  for (const [name, texts] of Object.entries(told(scores, pass("eE")))) {
    expect(texts).toEqual([
      expect.stringContaining(
        `d${name} follows from dS, which is the right gradient with the factor leakyrelu'(S) left out`,
      ),
    ]);
  }
});
