/** Cells over time. */
import { matrix, numbers } from "../matrices.js";
import type { Study } from "./study.js";

const lstm: Study = {
  name: "long short-term memory, two steps",
  model: `
    x1 = input(2)
    x2 = input(2)
    t = target(3)
    Uf = param(3, 2)
    Vf = param(3, 3)
    bf = param(3)
    Ui = param(3, 2)
    Vi = param(3, 3)
    bi = param(3)
    Ug = param(3, 2)
    Uo = param(3, 2)
    bo = param(3)
    i1 = sigmoid(Ui * x1 + bi)
    g1 = tanh(Ug * x1)
    o1 = sigmoid(Uo * x1 + bo)
    c1 = i1 .* g1
    h1 = o1 .* tanh(c1)
    zf = Uf * x2 + Vf * h1 + bf
    zi = Ui * x2 + Vi * h1 + bi
    f2 = sigmoid(zf)
    i2 = sigmoid(zi)
    g2 = tanh(Ug * x2)
    o2 = sigmoid(Uo * x2 + bo)
    c2 = f2 .* c1 + i2 .* g2
    h2 = o2 .* tanh(c2)
    L = 1/2 * sum((h2 - t).^2)`,
  point: {
    x1: [0.7, -0.4],
    x2: [-0.3, 1.1],
    t: numbers(3, 241),
    Uf: matrix(3, 2, 242),
    Vf: matrix(3, 3, 243),
    bf: numbers(3, 244),
    Ui: matrix(3, 2, 245),
    Vi: matrix(3, 3, 246),
    bi: numbers(3, 247),
    Ug: matrix(3, 2, 248),
    Uo: matrix(3, 2, 249),
    bo: numbers(3, 250),
  },
  published: [
    {
      source: "CaptainE/RNN-LSTM-in-numpy, issue 1: sigmoid(f) * df without derivative=True",
      code: `
        gc = (h2 - t) .* o2 .* (1 - tanh(c2).^2)
        gf = gc .* c1 .* sigmoid(f2)
        dUf = gf * x2'
        dbf = gf`,
      wrong: { Uf: { cause: "wrong-function" }, bf: { cause: "wrong-function" } },
    },
    {
      source: "hanbt/learn_dl, issue 53: the input gate's bias gets the forget gate's delta",
      code: `
        gc = (h2 - t) .* o2 .* (1 - tanh(c2).^2)
        gf = gc .* c1 .* f2 .* (1 - f2)
        dbf = gf
        dbi = gf`,
      wrong: { bi: { cause: "other-quantity" } },
    },
    {
      source: "apache/mxnet, issue 4057: dC = instead of +=, the path through the cell is lost",
      code: `
        gc = (h2 - t) .* o2 .* (1 - tanh(c2).^2)
        gf = gc .* c1 .* f2 .* (1 - f2)
        gi = gc .* g2 .* i2 .* (1 - i2)
        gh = Vf' * gf + Vi' * gi
        dh1 = gh
        dc1 = gh .* o1 .* (1 - tanh(c1).^2)`,
      wrong: { c1: { cause: "missing-term" } },
    },
    {
      source: "often made with LSTMs: the hidden path to the first step forgotten, cell only",
      code: `
        gc = (h2 - t) .* o2 .* (1 - tanh(c2).^2)
        dc1 = gc .* f2`,
      wrong: { c1: { cause: "missing-term" } },
    },
    {
      source: "often made with LSTMs: tanh' of the cell left out",
      code: `
        gc = (h2 - t) .* o2
        dUf = (gc .* c1 .* f2 .* (1 - f2)) * x2'
        dVf = (gc .* c1 .* f2 .* (1 - f2)) * h1'`,
      wrong: {
        Uf: { cause: "missing-factor", factor: "tanh'(c2)" },
        Vf: { cause: "missing-factor", factor: "tanh'(c2)" },
      },
    },
  ],
};

export const recurrentStudies: readonly Study[] = [lstm];
