/** Gradients of another forward pass than the one that was meant: the right ones of another text. */
import { backprop, check, parseModel, randomPoint } from "chainrule";
import { describe, expect, it } from "vitest";
import { explanations } from "./explanations.js";

interface Meant {
  readonly name: string;
  readonly text: string;
  /** What stands in the text, what was run instead, and the cause that must be named first. */
  readonly ran: readonly (readonly [meant: string, ran: string, ...causes: string[]])[];
}

const models: readonly Meant[] = [
  {
    name: "a norm over a layer whose width is a number",
    text: `
      N = size()
      X = input(N, 3)
      T = target(N, 5)
      W = param(3, 5)
      g = param(5)
      H = X * W
      C = H - mean(H, 2)
      v = sum(C.^2, 2) / 5
      s = sqrt(v + 1e-3)
      Y = (C ./ s) .* g'
      L = sum((Y - T).^2) / N`,
    ran: [
      ["sum(C.^2, 2) / 5", "sum(C.^2, 2) / 4", "constant-factor"],
      ["sqrt(v + 1e-3)", "sqrt(v)", "missing-term"],
      ["sqrt(v + 1e-3)", "sqrt(v) + 1e-3", "wrong-function"],
    ],
  },
  {
    name: "classifier",
    text: `
      N = size()
      X = input(N, 3)
      T = target(N, 4)
      W1 = param(3, 5)
      b1 = param(5)
      W2 = param(5, 4)
      b2 = param(4)
      Z1 = X * W1 + b1'
      A1 = tanh(Z1)
      Z2 = A1 * W2 + b2'
      P = softmax(Z2, 2)
      L = -sum(T .* log(P)) / N`,
    ran: [
      // the bias then has no effect: its derivative is a rounding error, as if summed over its own axis
      ["softmax(Z2, 2)", "softmax(Z2, 1)", "wrong-function", "over-summed"],
      ["softmax(Z2, 2)", "exp(Z2) / sum(exp(Z2))", "wrong-function"],
      ["tanh(Z1)", "sigmoid(Z1)", "wrong-function"],
      ["tanh(Z1)", "Z1", "wrong-function", "wrong-variable"],
      ["A1 * W2", "Z1 * W2", "wrong-variable"],
      ["A1 * W2 + b2'", "A1 * W2", "missing-term"],
      ["X * W1 + b1'", "X * W1", "missing-term"],
      ["X * W1 + b1'", "X * W1 - b1'", "sign"],
      [") / N", ")", "constant-factor"],
    ],
  },
  {
    name: "batch normalisation",
    text: `
      N = size()
      X = input(N, 3)
      T = target(N, 2)
      W = param(3, 2)
      g = param(2)
      b = param(2)
      Z = X * W
      m = mean(Z, 1)
      D = Z - m'
      v = mean(D.^2, 1)
      s = sqrt(v + 0.1)
      Q = D ./ s'
      Y = Q .* g' + b'
      L = 1/2 * sum((Y - T).^2)`,
    ran: [
      ["v = mean(D.^2, 1)", "v = sum(D.^2, 1) / (N - 1)", "constant-factor"],
      ["sqrt(v + 0.1)", "sqrt(v)", "missing-term"],
      ["sqrt(v + 0.1)", "v + 0.1", "wrong-function"],
      ["Q .* g' + b'", "Q .* g'", "missing-term"],
    ],
  },
  {
    name: "attention",
    text: `
      n = size()
      X = input(n, 3)
      T = target(n, 2)
      Wq = param(3, 4)
      Wk = param(3, 4)
      Wv = param(3, 2)
      Q = X * Wq
      K = X * Wk
      V = X * Wv
      S = Q * K' / 2
      P = softmax(S, 2)
      O = P * V
      L = sum((O - T).^2) / n`,
    ran: [
      ["softmax(S, 2)", "softmax(S, 1)", "wrong-function"],
      ["Q * K' / 2", "Q * K'", "constant-factor"],
      ["softmax(S, 2)", "S", "wrong-function", "wrong-variable"],
      ["K = X * Wk", "K = X * Wq", "wrong-variable", "missing-term"],
    ],
  },
  {
    name: "dropout",
    text: `
      x = input(4)
      mask = input(5)
      t = target(2)
      W1 = param(5, 4)
      W2 = param(2, 5)
      b = param(2)
      z = W1 * x
      h = relu(z) .* mask / 0.8
      y = W2 * h + b
      L = 1/2 * sum((y - t).^2) + 0.1 * sum(W2.^2)`,
    ran: [
      [" .* mask / 0.8", " / 0.8", "missing-factor"],
      [" .* mask / 0.8", " .* mask", "constant-factor"],
      ["relu(z)", "leakyrelu(z)", "wrong-function"],
      ["0.1 * sum(W2.^2)", "0.05 * sum(W2.^2)", "constant-factor"],
    ],
  },
];

describe.each(models)("$name", ({ text, ran }) => {
  const model = parseModel(text);
  const point = randomPoint(model, { seed: 5 });

  it.each(ran)("%s run as %s", (meant, other, ...causes) => {
    expect(text).toContain(meant);
    const { gradients } = backprop(parseModel(text.replace(meant, other)), point);
    const { checks } = check(model, gradients, { at: point });
    const wrong = checks.filter(({ ok }) => !ok);
    expect(wrong.length).toBeGreaterThan(0);
    for (const { name, diagnosis } of wrong) {
      const [first] = explanations(diagnosis);
      expect(causes, `${name}: ${JSON.stringify(diagnosis)}`).toContain(first);
    }
  });
});
