/** Embeddings, triplets and pairs. */
import { matrix, numbers } from "../matrices.js";
import type { Study } from "./study.js";

const triplet: Study = {
  name: "triplet loss",
  model: `
    a = param(3)
    p = param(3)
    n = param(3)
    m = sum((a - p).^2) - sum((a - n).^2) + 0.5
    L = relu(m)`,
  point: { a: [0.4, -0.3, 0.8], p: [-0.2, 0.5, 0.1], n: [0.6, -0.7, 0.9] },
  published: [
    {
      source: "luhaofang/tripletloss, issue 41: the gradients that the question proposes",
      code: `
        da = 2 * (n - p)
        dp = -2 * a
        dn = 2 * a`,
      wrong: { p: { cause: "missing-term" }, n: { cause: "missing-term" } },
    },
    {
      source: "jhjin/triplet-criterion, issue 2: positive and negative get no gradient",
      code: `
        da = 2 * (n - p)
        dp = [0; 0; 0]
        dn = [0; 0; 0]`,
      wrong: { p: { cause: "missing-term" }, n: { cause: "missing-term" } },
    },
  ],
};

const contrastive: Study = {
  name: "contrastive loss",
  model: `
    a = param(3)
    b = param(3)
    d = norm(a - b)
    m = 2 - d
    L = 1/2 * relu(m)^2`,
  point: { a: [0.4, -0.3, 0.8], b: [-0.2, 0.5, 0.1] },
  published: [
    {
      source: "often made with contrastive loss: the distance's derivative left without 1 / d",
      code: `
        da = -m * (a - b)
        db = m * (a - b)`,
      wrong: { a: { cause: "missing-factor" }, b: { cause: "missing-factor" } },
    },
    {
      source: "often made with contrastive loss: the same sign for both of the pair",
      code: `
        da = -m * (a - b) / d
        db = -m * (a - b) / d`,
      wrong: { b: { cause: "sign" } },
      decimals: 7,
    },
  ],
};

const squaredDistance: Study = {
  name: "squared distance",
  model: `
    a = param(3)
    b = param(3)
    L = sum((a - b).^2)`,
  point: { a: [0.4, -0.3, 0.8], b: [-0.2, 0.5, 0.1] },
  published: [
    {
      source: "caffe, issue 2312: the question's a - 2b for the derivative of |a - b|^2",
      code: `
        da = a - 2 * b`,
      wrong: {
        a: [
          { cause: "constant-factor", factor: 0.5 },
          { cause: "missing-factor", factor: "2" },
        ],
      },
    },
  ],
};

const skipGram: Study = {
  name: "skip-gram with negative samples",
  model: `
    B = input(4, 5)
    t = target(4)
    U = param(5, 3)
    v = param(3)
    G = B * U
    s = G * v
    p = sigmoid(s)
    L = -sum(t .* log(p) + (1 - t) .* log(1 - p))`,
  point: {
    B: [
      [0, 1, 0, 0, 0],
      [0, 0, 0, 1, 0],
      [1, 0, 0, 0, 0],
      [0, 0, 0, 1, 0],
    ],
    t: [1, 0, 0, 0],
    U: matrix(5, 3, 251),
    v: numbers(3, 252),
  },
  published: [
    {
      source: "ZacBi/CS224n-2019-solutions, issue 5: a word sampled twice counted once",
      code: `
        g = p - t
        once = B .* [1; 1; 1; 1]
        once[2, 4] = 0
        dU = once' * (g * v')
        dv = U' * (B' * g)`,
      wrong: { U: [{ cause: "not-summed" }, { cause: "missing-term" }] },
    },
    {
      source:
        "piskvorky/gensim, issue 287: what the question fears, the center word from updated ones",
      code: `
        g = p - t
        dU = B' * (g * v')
        later = U - 0.025 * dU
        dv = later' * (B' * g)`,
      wrong: { v: { cause: "wrong-variable", used: "U after its update", instead: "U" } },
    },
    {
      source: "often made with negative sampling: the negative samples forgotten",
      code: `
        g = (p - t) .* t
        dv = U' * (B' * g)`,
      wrong: { v: { cause: "missing-term" } },
    },
  ],
};

export const similarityStudies: readonly Study[] = [
  triplet,
  contrastive,
  squaredDistance,
  skipGram,
];
