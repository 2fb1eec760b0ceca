/** Networks whose backward passes are spoilt in two lines at once. */
import {
  addColumn,
  addRow,
  columnSums,
  each,
  mask,
  matrix,
  minus,
  mm,
  mv,
  numbers,
  outer,
  plus,
  relu,
  rowSums,
  scale,
  sigmoid,
  softmax,
  T,
  times,
  type Matrix,
  vminus,
  vplus,
  vscale,
  vtimes,
  type Vector,
} from "../corpus/matrices.js";
import type { Pass } from "./pass.js";

const last = (a: Matrix): Vector => a.map((row) => row.at(-1)!);
const RATE = 0.1;

/** Columns are examples; a mean of squares. */
function sigmoidBatch(): Pass {
  const N = 5;
  const [X, Y] = [matrix(3, N, 121), matrix(2, N, 122)];
  const [W1, b1, W2, b2] = [matrix(4, 3, 123), numbers(4, 124), matrix(2, 4, 125), numbers(2, 126)];
  const Z = addColumn(mm(W1, X), b1);
  const H = each(Z, sigmoid);
  const O = addColumn(mm(W2, H), b2);
  return {
    name: "sigmoid batch",
    text: `
      N = size()
      X = input(3, N)
      Y = target(2, N)
      W1 = param(4, 3)
      b1 = param(4)
      W2 = param(2, 4)
      b2 = param(2)
      Z = W1 * X + b1
      H = sigmoid(Z)
      O = W2 * H + b2
      L = 1/(2*N) * sum((O - Y).^2)`,
    point: { X, Y, W1, b1, W2, b2 },
    gradients: (line) => {
      const E = minus(O, Y);
      const dO = line("dO", {
        right: () => scale(1 / N, E),
        sign: () => scale(-1 / N, E),
        "constant-factor: N": () => E,
        "constant-factor: 2": () => scale(2 / N, E),
        "wrong-function: absolute": () => scale(1 / N, each(E, Math.sign)),
      });
      const dW2 = mm(dO, T(H));
      const right = {
        W2: line("dW2", {
          right: () => dW2,
          "wrong-variable: Z": () => mm(dO, T(Z)),
          transposed: () => T(dW2),
          "not-summed: last": () => outer(last(dO), last(H)),
          sign: () => scale(-1, dW2),
          "extra-term: decay": () => plus(dW2, scale(0.01, W2)),
        }),
        b2: line("db2", {
          right: () => rowSums(dO),
          "not-summed: last": () => last(dO),
          "constant-factor: N": () => vscale(1 / N, rowSums(dO)),
        }),
      };
      const dH = line("dH", {
        right: () => mm(T(W2), dO),
        "missing-term: one output": () => mm(T([W2[0]!]), [dO[0]!]),
        "wrong-variable: updated": () => mm(T(minus(W2, scale(RATE, dW2))), dO),
      });
      const dZ = line("dZ", {
        right: () =>
          times(
            dH,
            each(H, (h) => h * (1 - h)),
          ),
        "missing-factor": () => dH,
        "extra-factor": () =>
          times(
            dH,
            each(H, (h) => (h * (1 - h)) ** 2),
          ),
        "wrong-variable: slope of Z": () =>
          times(
            dH,
            each(Z, (z) => z * (1 - z)),
          ),
        "wrong-variable: slope at H": () =>
          times(
            dH,
            each(H, (h) => sigmoid(h) * (1 - sigmoid(h))),
          ),
        "wrong-function: tanh": () =>
          times(
            dH,
            each(H, (h) => 1 - h * h),
          ),
      });
      const dW1 = mm(dZ, T(X));
      return {
        ...right,
        W1: line("dW1", {
          right: () => dW1,
          transposed: () => T(dW1),
          "not-summed: last": () => outer(last(dZ), last(X)),
          "constant-factor: step": () => scale(-RATE, dW1),
          "other-quantity: updated": () => minus(W1, scale(RATE, dW1)),
        }),
        b1: line("db1", {
          right: () => rowSums(dZ),
          "not-summed: last": () => last(dZ),
          sign: () => vscale(-1, rowSums(dZ)),
        }),
      };
    },
  };
}

/** Rows are examples; softmax and cross-entropy. */
function softmaxRows(): Pass {
  const N = 4;
  const [X, Y] = [
    matrix(N, 2, 131),
    [
      [0, 1, 0],
      [1, 0, 0],
      [0, 0, 1],
      [0, 1, 0],
    ],
  ];
  const [W1, W2, b2] = [matrix(2, 5, 132), matrix(5, 3, 133), matrix(1, 3, 134)];
  const Z = mm(X, W1);
  const A = each(Z, Math.tanh);
  const S = addRow(mm(A, W2), b2[0]!);
  const P = S.map(softmax);
  return {
    name: "softmax rows",
    text: `
      N = size()
      X = input(N, 2)
      Y = target(N, 3)
      W1 = param(2, 5)
      W2 = param(5, 3)
      b2 = param(1, 3)
      Z = X * W1
      A = tanh(Z)
      S = A * W2 + b2
      P = softmax(S, 2)
      L = -1/N * sum(Y .* log(P))`,
    point: { X, Y, W1, W2, b2 },
    gradients: (line) => {
      const dS = line("dS", {
        right: () => scale(1 / N, minus(P, Y)),
        sign: () => scale(1 / N, minus(Y, P)),
        "constant-factor: N": () => minus(P, Y),
        "extra-factor: slope": () =>
          times(
            scale(1 / N, minus(P, Y)),
            each(P, (p) => p * (1 - p)),
          ),
        "missing-term: diagonal": () =>
          scale(
            1 / N,
            each(P, (p, i, j) => -Y[i]![j]! * (1 - p)),
          ),
      });
      const dA = line("dA", {
        right: () => mm(dS, T(W2)),
        "missing-term: one class": () =>
          mm(
            dS.map((row) => [row[2]!]),
            [T(W2)[2]!],
          ),
      });
      const dZ = line("dZ", {
        right: () =>
          times(
            dA,
            each(A, (a) => 1 - a * a),
          ),
        "missing-factor": () => dA,
        "wrong-variable: at A": () =>
          times(
            dA,
            each(A, (a) => 1 - Math.tanh(a) ** 2),
          ),
        "wrong-variable: of Z": () =>
          times(
            dA,
            each(Z, (z) => 1 - z * z),
          ),
        "wrong-function: sigmoid": () =>
          times(
            dA,
            each(A, (a) => a * (1 - a)),
          ),
        "wrong-function: 1 - a": () =>
          times(
            dA,
            each(A, (a) => 1 - a),
          ),
      });
      return {
        W2: line("dW2", {
          right: () => mm(T(A), dS),
          "wrong-variable: Z": () => mm(T(Z), dS),
          "constant-factor: rate": () => scale(-RATE, mm(T(A), dS)),
        }),
        b2: line("db2", {
          right: () => [columnSums(dS)],
          "not-summed": () => dS,
        }),
        W1: line("dW1", {
          right: () => mm(T(X), dZ),
          sign: () => scale(-1, mm(T(X), dZ)),
          transposed: () => mm(T(dZ), X),
          "extra-term: decay": () => plus(mm(T(X), dZ), scale(0.001, W1)),
        }),
      };
    },
  };
}

/** One example, relu twice, a regulariser. */
function reluDecay(): Pass {
  const [x, t] = [numbers(3, 141), [1.5, -0.75]];
  const [A, B, C] = [matrix(5, 3, 142), matrix(4, 5, 143), matrix(2, 4, 144)];
  const z1 = mv(A, x);
  const h1 = z1.map(relu);
  const z2 = mv(B, h1);
  const h2 = z2.map(relu);
  const y = mv(C, h2);
  return {
    name: "relu with decay",
    text: `
      x = input(3)
      t = target(2)
      A = param(5, 3)
      B = param(4, 5)
      C = param(2, 4)
      z1 = A * x
      h1 = relu(z1)
      z2 = B * h1
      h2 = relu(z2)
      y = C * h2
      L = 1/2 * sum((y - t).^2) + 0.05 * (sum(A.^2) + sum(B.^2))`,
    point: { x, t, A, B, C },
    gradients: (line) => {
      const dy = line("dy", {
        right: () => vminus(y, t),
        sign: () => vminus(t, y),
        "constant-factor: 2": () => vscale(2, vminus(y, t)),
      });
      const dh2 = line("dh2", {
        right: () => mv(T(C), dy),
        "missing-term: one output": () => vscale(dy[1]!, C[1]!),
      });
      const dz2 = line("dz2", {
        right: () => vtimes(dh2, z2.map(mask)),
        "missing-factor": () => dh2,
        "wrong-function: z for its mask": () => vtimes(dh2, z2),
      });
      const dz1 = line("dz1", {
        right: () => vtimes(mv(T(B), dz2), z1.map(mask)),
        "missing-factor": () => mv(T(B), dz2),
      });
      const decay = (name: string, data: Matrix, W: Matrix) =>
        line(name, {
          right: () => plus(data, scale(0.1, W)),
          "missing-term: decay": () => data,
          "constant-factor: half the decay": () => plus(data, scale(0.05, W)),
          "sign: decay": () => minus(data, scale(0.1, W)),
        });
      return {
        A: decay("dA", outer(dz1, x), A),
        B: decay("dB", outer(dz2, h1), B),
        C: line("dC", {
          right: () => outer(dy, h2),
          "wrong-variable: z2": () => outer(dy, z2),
          transposed: () => outer(h2, dy),
          "extra-term: decay": () => plus(outer(dy, h2), scale(0.1, C)),
        }),
      };
    },
  };
}

/** Shared weights over three steps. */
function recurrent(): Pass {
  const [x1, x2, x3, t] = [numbers(2, 151), numbers(2, 152), numbers(2, 153), numbers(3, 154)];
  const [U, W] = [matrix(3, 2, 155), matrix(3, 3, 156)];
  const h1 = mv(U, x1).map(Math.tanh);
  const h2 = vplus(mv(U, x2), mv(W, h1)).map(Math.tanh);
  const h3 = vplus(mv(U, x3), mv(W, h2)).map(Math.tanh);
  const slope = (h: Vector) => h.map((v) => 1 - v * v);
  return {
    name: "recurrent",
    text: `
      x1 = input(2)
      x2 = input(2)
      x3 = input(2)
      t = target(3)
      U = param(3, 2)
      W = param(3, 3)
      s1 = U * x1
      h1 = tanh(s1)
      s2 = U * x2 + W * h1
      h2 = tanh(s2)
      s3 = U * x3 + W * h2
      h3 = tanh(s3)
      L = sum((h3 - t).^2)`,
    point: { x1, x2, x3, t, U, W },
    gradients: (line) => {
      const dh3 = line("dh3", {
        right: () => vscale(2, vminus(h3, t)),
        "constant-factor: 1/2": () => vminus(h3, t),
        sign: () => vscale(2, vminus(t, h3)),
      });
      const s3 = line("ds3", {
        right: () => vtimes(dh3, slope(h3)),
        "missing-factor": () => dh3,
        "wrong-function: sigmoid": () =>
          vtimes(
            dh3,
            h3.map((h) => h * (1 - h)),
          ),
      });
      const s2 = line("ds2", {
        right: () => vtimes(mv(T(W), s3), slope(h2)),
        "transposed: W": () => vtimes(mv(W, s3), slope(h2)),
        "missing-factor": () => mv(T(W), s3),
        "wrong-variable: slope of h3": () => vtimes(mv(T(W), s3), slope(h3)),
      });
      const s1 = line("ds1", {
        right: () => vtimes(mv(T(W), s2), slope(h1)),
        "missing-factor": () => mv(T(W), s2),
      });
      const [u1, u2, u3] = [outer(s1, x1), outer(s2, x2), outer(s3, x3)];
      const [w2, w3] = [outer(s2, h1), outer(s3, h2)];
      return {
        U: line("dU", {
          right: () => plus(plus(u1, u2), u3),
          "missing-term: first": () => plus(u2, u3),
          "extra-term: first twice": () => plus(plus(u1, u1), plus(u2, u3)),
          "constant-factor: step": () => scale(-RATE, plus(plus(u1, u2), u3)),
        }),
        W: line("dW", {
          right: () => plus(w2, w3),
          "missing-term: last only": () => w3,
          transposed: () => T(plus(w2, w3)),
          "wrong-variable: h3": () => plus(w2, outer(s3, h3)),
        }),
      };
    },
  };
}

export const passes: readonly Pass[] = [sigmoidBatch(), softmaxRows(), reluDecay(), recurrent()];
