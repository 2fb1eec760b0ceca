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
