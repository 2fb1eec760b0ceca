/** Slips in lines of layers that are written out: each is told where it is made, and mended. */
import { checkFormulas, parseModel } from "chainrule";
import { describe, expect, it } from "vitest";

/** A model, its backward pass, and slips: a line, the cause, a part of what is said, and of the repair. */
interface Layer {
  readonly model: string;
  readonly right: string;
  readonly slips: readonly (readonly [
    line: string,
    cause: string,
    said: string,
    repair?: string,
  ])[];
}

const LAYERS: Readonly<Record<string, Layer>> = {
  "a layer norm": {
    model: `
      N = size()
      X = input(N, 5)
      Y = target(N, 2)
      g = param(5)
      b = param(5)
      W = param(5, 2)
      m = mean(X, 2)
      xc = X - m
      v = mean(xc.^2, 2)
      s = sqrt(v + 0.001)
      Z = xc ./ s
      H = Z .* g' + b'
      F = H * W
      L = sum(sum((F - Y).^2)) / N`,
    right: `
      dF = 2 * (F - Y) / N
      dW = H' * dF
      dH = dF * W'
      dg = sum(dH .* Z, 1)
      db = sum(dH, 1)
      dZ = dH .* g'
      dX = (dZ - sum(dZ, 2) / 5 - Z .* sum(dZ .* Z, 2) / 5) ./ s`,
    slips: [
      [
        "dX = (dZ - sum(dZ, 2) / 5 - Z .* sum(dZ .* Z, 2) / 5) .* s",
        "extra-factor",
        "multiplies by s where it must divide",
        "./ s",
      ],
      ["dg = sum(dH .* H, 1)", "wrong-variable", "uses H where Z belongs", "dH .* Z"],
    ],
  },
  "an LSTM": {
    model: `
      x = input(3)
      h0 = input(4)
      c0 = input(4)
      t = target(2)
      Wi = param(4, 7)
      Wf = param(4, 7)
      Wo = param(4, 7)
      Wg = param(4, 7)
      V = param(2, 4)
      z = concat(h0, x)
      i = sigmoid(Wi * z)
      f = sigmoid(Wf * z)
      o = sigmoid(Wo * z)
      g = tanh(Wg * z)
      c = f .* c0 + i .* g
      h = o .* tanh(c)
      y = V * h
      L = 0.5 * sum((y - t).^2)`,
    right: `
      dy = y - t
      dV = dy * h'
      dh = V' * dy
      do = dh .* tanh(c)
      dc = dh .* o .* (1 - tanh(c).^2)
      df = dc .* c0
      di = dc .* g
      dg = dc .* i
      ai = di .* i .* (1 - i)
      af = df .* f .* (1 - f)
      ao = do .* o .* (1 - o)
      ag = dg .* (1 - g.^2)
      dWi = ai * z'
      dWf = af * z'
      dWo = ao * z'
      dWg = ag * z'`,
    slips: [
      ["dc = dh .* tanh(c) .* (1 - tanh(c).^2)", "wrong-variable", "tanh(c) where o", "dh .* o"],
      ["do = dh .* c", "wrong-variable", "has c where tanh(c) belongs", "dh .* tanh(c)"],
      ["ag = dg .* g .* (1 - g)", "wrong-function", "ag is computed with sigmoid'(Wg * z) instead"],
      ["af = df .* i .* (1 - i)", "wrong-variable", "uses i where f belongs", "f .* (1 - f)"],
    ],
  },
  "a layer norm in lines of one's own": {
    model: `
      N = size()
      X = input(N, 5)
      T = target(N, 2)
      W = param(5, 4)
      g = param(4)
      b = param(4)
      U = param(4, 2)
      Z = X * W
      m = mean(Z, 2)
      s = sqrt(mean((Z - m).^2, 2) + 0.00001)
      H = ((Z - m) ./ s) .* g' + b'
      L = sum((H * U - T).^2) / (2 * N)`,
    right: `
      h = (Z - m) ./ s
      e = H * U - T
      dU = H' * e / N
      r = e * U'
      dg = sum(r .* h, 1) / N
      db = sum(r, 1) / N
      q = r .* g'
      z = (q - mean(q, 2) - h .* mean(q .* h, 2)) ./ s
      dW = X' * z / N`,
    slips: [
      ["q = r", "missing-factor", "lacks the factor g'", "r .* g'"],
      ["z = (q - h .* mean(q .* h, 2)) ./ s", "missing-term", "left out: add the path through m"],
    ],
  },
  "a variational autoencoder": {
    model: `
      N = size()
      X = input(N, 4)
      E = input(N, 2)
      Wm = param(4, 2)
      Wv = param(4, 2)
      D = param(2, 4)
      M = X * Wm
      V = X * Wv
      R = (M + E .* exp(V / 2)) * D
      L = 0.5 * sum((R - X).^2) / N + 0.5 * sum(exp(V) + M.^2 - 1 - V) / N`,
    right: `
      s = exp(V / 2)
      e = R - X
      dD = (M + E .* s)' * e / N
      gz = e * D'
      gm = gz + M
      gv = gz .* E .* s / 2 + (exp(V) - 1) / 2
      dWm = X' * gm / N
      dWv = X' * gv / N`,
    // what has no derivative in it is without the constant that is put in later
    slips: [["gm = gz", "missing-term", "lacks the term M", "gz + M"]],
  },
  "a convolution by slices": {
    model: `
      N = size()
      X = input(N, 8)
      t = target(N)
      k = param(3)
      w = param(6)
      Z = k[1] * X[:, 1:6] + k[2] * X[:, 2:7] + k[3] * X[:, 3:8]
      L = sum((tanh(Z) * w - t).^2) / N`,
    right: `
      e = 2 * (tanh(Z) * w - t)
      dw = tanh(Z)' * e / N
      D = (e * w') .* (1 - tanh(Z).^2)
      k1 = sum(D .* X[:, 1:6])
      k2 = sum(D .* X[:, 2:7])
      k3 = sum(D .* X[:, 3:8])
      dk = [k1; k2; k3] / N`,
    slips: [
      ["k2 = sum(D .* X[:, 1:6])", "wrong-variable", "X[:, 1:6] where X[:, 2:7]", "X[:, 2:7]"],
      ["dk = [k3; k2; k1] / N", "wrong-variable", "k3 and k1 stand in each", "[k1; k2; k3] / N"],
    ],
  },
  "gates in one matrix": {
    model: `
      N = size()
      X = input(N, 3)
      t = target(N, 2)
      W = param(3, 4)
      Z = X * W
      I = sigmoid(Z[:, 1:2])
      G = tanh(Z[:, 3:4])
      L = sum((I .* G - t).^2) / N`,
    right: `
      e = 2 * (I .* G - t) / N
      dI = e .* G
      dG = e .* I
      dZ = concat(dI .* I .* (1 - I), dG .* (1 - G.^2), 2)
      dW = X' * dZ`,
    slips: [
      [
        "dZ = concat(dG .* (1 - G.^2), dI .* I .* (1 - I), 2)",
        "wrong-variable",
        "stand in each other's places",
        "concat(dI .* I .* (1 - I), dG .* (1 - G.^2), 2)",
      ],
    ],
  },
  "a factorisation machine": {
    model: `
      N = size()
      X = input(N, 4)
      c = input(N)
      t = target(N)
      V = param(4, 3)
      S = X * V
      y = sum(S.^2 - X.^2 * V.^2, 2) / 2
      L = dot(c, (y - t).^2) / sum(c)`,
    right: `
      dy = 2 * c .* (y - t) / sum(c)
      dV = X' * (dy .* S) - V .* ((X.^2)' * dy)`,
    slips: [
      ["dV = X' * (dy .* S) - V .* (X' * dy).^2", "wrong-function", "takes the power of too much"],
      ["dy = 2 * c .* (y - t) / N", "wrong-variable", "by N where sum(c) belongs", "/ sum(c)"],
    ],
  },
  "a density by change of variables": {
    model: `
      N = size()
      X = input(N, 3)
      A = param(3, 3)
      S = tanh(X * A)
      Y = X .* exp(S)
      L = sum(Y.^2) / (2 * N) - sum(S) / N`,
    right: `
      dY = Y / N
      dS = dY .* X .* exp(S) - 1 / N
      dA = X' * (dS .* (1 - S.^2))`,
    slips: [["dS = dY .* X .* exp(S) - S / N", "extra-factor", "S where 1 belongs", "- 1 / N"]],
  },
  "an attention": {
    model: `
      T = size()
      X = input(T, 3)
      Y = target(T, 2)
      Wq = param(3, 4)
      Wk = param(3, 4)
      Wv = param(3, 2)
      Q = X * Wq
      K = X * Wk
      V = X * Wv
      A = softmax(Q * K' / 2, 2)
      O = A * V
      L = sum(sum((O - Y).^2)) / T`,
    right: `
      dO = 2 * (O - Y) / T
      dA = dO * V'
      dV = A' * dO
      dS = A .* (dA - sum(dA .* A, 2))
      dQ = dS * K / 2
      dK = dS' * Q / 2
      dWq = X' * dQ
      dWk = X' * dK
      dWv = X' * dV`,
    slips: [
      ["dS = A .* (dA - sum(dA, 2))", "missing-factor", "lacks the factor A", "dA .* A"],
      ["dS = dA .* A .* (1 - A)", "missing-term", "dS is computed with the diagonal"],
    ],
  },
  "a contrastive loss": {
    model: `
      N = size()
      A = input(N, 3)
      B = input(N, 3)
      W = param(3, 4)
      U = A * W
      V = B * W
      S = U * V' / 0.5
      L = -sum(diag(logsoftmax(S, 2))) / N`,
    right: `
      dS = (softmax(S, 2) - identity(N)) / N
      dU = dS * V / 0.5
      dV = dS' * U / 0.5
      dW = A' * dU + B' * dV`,
    slips: [
      [
        "dS = (softmax(S, 1) - identity(N)) / N",
        "wrong-function",
        "softmax(S, 1) runs along the wrong axis",
        "softmax(S, 2)",
      ],
    ],
  },
};

describe.each(Object.entries(LAYERS))("%s", (_, { model: text, right, slips }) => {
  const model = parseModel(text);

  it("is right without a slip", () => {
    expect(checkFormulas(model, right).ok).toBe(true);
  });

  it.each(slips.map(([line, ...told]) => ({ line, told })))("$line", ({ line, told }) => {
    const [cause, said, repair = ""] = told;
    const name = line.slice(0, line.indexOf(" ="));
    const wrong = right.split("\n").map((one) => (one.trim().startsWith(`${name} =`) ? line : one));
    const { firstWrong } = checkFormulas(model, wrong.join("\n"));
    expect(firstWrong?.name).toBe(name);
    const [first] = firstWrong!.diagnosis;
    expect(first!.cause).toBe(cause);
    expect(first!.text).toContain(said);
    expect(firstWrong!.repair ?? "").toContain(repair);
  });
});
