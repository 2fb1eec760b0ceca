/** Layers of other kinds: windows that slide, pooling, clips, residual blocks. */
import { matrix, numbers } from "../matrices.js";
import type { Study } from "./study.js";

const convolution: Study = {
  name: "a convolution by windows",
  model: `
    N = size()
    X = input(7, N)
    t = target(N)
    k = param(3)
    u = param(3)
    s1 = k' * X[1:3, :]
    s2 = k' * X[3:5, :]
    s3 = k' * X[5:7, :]
    Z = concat(concat(s1, s2, 1), s3, 1)
    A = tanh(Z)
    o = A' * u
    L = 1/2 * sum((o - t).^2)`,
  point: { X: matrix(7, 4, 701), t: numbers(4, 702), k: numbers(3, 703), u: numbers(3, 704) },
  published: [
    {
      source:
        "Kulbear/deep-learning-coursera, pull request 34: the stride forgotten in the backward pass",
      code: `
        dZ = (u * (o - t)') .* (1 - A.^2)
        dk = X[1:3, :] * dZ[1:1, :]' + X[2:4, :] * dZ[2:2, :]' + X[3:5, :] * dZ[3:3, :]'`,
      wrong: { k: { cause: "wrong-variable", used: "X at stride 1" } },
      decimals: 7,
    },
    {
      source: "often made with convolutions: the windows in reverse order",
      code: `
        dZ = (u * (o - t)') .* (1 - A.^2)
        dk = X[5:7, :] * dZ[1:1, :]' + X[3:5, :] * dZ[2:2, :]' + X[1:3, :] * dZ[3:3, :]'`,
      wrong: { k: { cause: "wrong-variable", used: "X in reverse order" } },
      decimals: 7,
    },
  ],
};

const pooling: Study = {
  name: "average pooling",
  model: `
    X = input(2, 5)
    t = target(3)
    W = param(3, 2)
    H = relu(W * X)
    m = mean(H, 2)
    L = 1/2 * sum((m - t).^2)`,
  point: { X: matrix(2, 5, 711), t: numbers(3, 712), W: matrix(3, 2, 713) },
  published: [
    {
      source: "pocketpy/cTensor, pull request 24: the mean's gradient divided by the output's size",
      code: `
        g = (m - t) / 3
        D = g * [1; 1; 1; 1; 1]'
        dW = (D .* step(W * X)) * X'`,
      wrong: { W: { cause: "constant-factor", factor: "5/3" } },
      decimals: 8,
    },
  ],
};

const clipped: Study = {
  name: "hard sigmoid",
  model: `
    N = size()
    X = input(2, N)
    T = target(3, N)
    W = param(3, 2)
    Z = 4 * W * X
    H = minimum(maximum(Z / 6 + 1/2, 0), 1)
    L = 1/2 * sum((H - T).^2) / N`,
  point: { X: matrix(2, 6, 721), T: matrix(3, 6, 722), W: matrix(3, 2, 723) },
  published: [
    {
      source: "pytorch, issue 51408: hardsigmoid's slope 1/6 also where the function is constant",
      code: `
        dZ = (H - T) / 6 / 6
        dW = 4 * dZ * X'`,
      wrong: { Z: { cause: "missing-factor" }, W: { cause: "missing-factor" } },
      decimals: 7,
    },
  ],
};

const preNorm: Study = {
  name: "a residual block with a norm before it",
  model: `
    N = size()
    S = param(3, N)
    T = target(3, N)
    U = param(3, 3)
    r = sqrt(mean(S.^2, 1)' + 0.00001)
    O = S ./ r
    Y = U * O + S
    L = 1/2 * sum((Y - T).^2)`,
  point: { S: matrix(3, 4, 731), T: matrix(3, 4, 732), U: matrix(3, 3, 733) },
  published: [
    {
      source: "Dao-AILab/quack, pull request 53: the skip path's gradient sent through the norm",
      code: `
        dY = Y - T
        G = U' * dY + dY
        dS = G ./ r - S .* (mean(G .* S, 1)' ./ r.^3)`,
      wrong: { S: { cause: "extra-factor", factor: "dO/dS" } },
      decimals: 7,
    },
  ],
};

export const layerStudies: readonly Study[] = [convolution, pooling, clipped, preNorm];
