import { checkFormulas, parseModel } from "chainrule";
import { expect, it } from "vitest";
import { firstOf } from "./first-wrong.js";

const LOGISTIC = `
  N = size()
  X = input(N, 3)
  y = target(N)
  w = param(3)
  s = X * w
  p = sigmoid(s)
  L = -mean(y .* log(p) + (1 - y) .* log(1 - p))`;

const GATE = `
  x = input(3)
  t = target(3)
  A = param(3, 3)
  c = param(3)
  g = sigmoid(A * x)
  r = g .* c
  L = sum(log(1 + exp(r - t)))`;

const SCALED = `
  X = input(4, 3)
  Wq = param(3, 3)
  Wk = param(3, 3)
  Q = X * Wq
  K = X * Wk
  S = Q * K' / sqrt(3)
  L = sum(S.^3)`;

const DROPOUT = `
  x = input(4)
  M = input(4)
  w = param(4)
  a = tanh(w .* x)
  d = a .* M / 0.8
  L = sum(d.^2)`;

const RESET = `
  x = input(2)
  h = input(3)
  t = target(3)
  Wr = param(3, 2)
  Un = param(3, 3)
  r = sigmoid(Wr * x)
  n = tanh(Un * (r .* h))
  L = 1/2 * sum((n - t).^2)`;

const VARIANCE = `
  N = size()
  X = input(N, 3)
  y = target(N)
  w = param(3)
  v = param(3)
  mu = X * w
  lv = X * v
  L = sum((y - mu).^2 .* exp(-lv) + lv) / (2 * N)`;

const RIDGE = `
  N = size()
  X = input(N, 3)
  y = target(N)
  w = param(3)
  r = X * w - y
  L = dot(r, r) / (2 * N) + 0.05 * dot(w, w)`;

const WEIGHTED = `
  N = size()
  X = input(N, 4)
  y = target(N)
  wpos = input()
  wneg = input()
  w = param(4)
  z = X * w
  p = sigmoid(z)
  s = wpos * y + wneg * (1 - y)
  L = -sum(s .* (y .* log(p) + (1 - y) .* log(1 - p))) / sum(s)`;

const RMS = `
  N = size()
  X = input(N, 3)
  T = target(N, 4)
  We = param(3, 4)
  H = X * We
  r = sqrt(mean(H.^2, 2) + 1e-5)
  Hn = H ./ r
  L = sum((Hn - T).^2) / (2 * N)`;

const DRAWN = `
  mu = param(3)
  lv = param(3)
  e = input(3)
  x = target(3)
  z = mu + exp(lv / 2) .* e
  L = sum((z - x).^2) / 2 - 1/2 * sum(1 + lv - exp(lv))`;

it.each([
  [
    "the term of a sum that is left, and not a factor that makes up for it",
    LOGISTIC,
    "dp = (1 ./ (1 - p) - y ./ p) / N",
    "missing-term",
    "dp has 1 where 1 - y belongs: the term -y is left out",
    "dp = ((1 - y) ./ (1 - p) - y ./ p) / N",
  ],
  [
    "one share of two that add up to 1",
    LOGISTIC,
    "dp = ((1 - y) ./ (1 - p) - y ./ p) / N\nds = dp .* p .* p",
    "wrong-variable",
    "ds has p where 1 - p belongs: the two add up to 1",
    "ds = dp .* (1 - p) .* p",
  ],
  [
    "a term within a function",
    GATE,
    "dr = sigmoid(r)\ndc = dr .* g",
    "missing-term",
    "dr has r where r - t belongs: the term -t is left out",
    "dr = sigmoid(r - t)",
  ],
  [
    "a number of the model that is left out, by its name",
    SCALED,
    "dS = 3 * S.^2\ndQ = dS * K",
    "constant-factor",
    "dQ is sqrt(3) times the right gradient: divide by sqrt(3)",
    "dQ = dS * K / sqrt(3)",
  ],
  [
    "another number in its place",
    SCALED,
    "dS = 3 * S.^2\ndQ = dS * K / 3",
    "constant-factor",
    "dQ divides by 3 where sqrt(3) belongs",
    "dQ = dS * K / sqrt(3)",
  ],
  [
    "a number that is multiplied by",
    DROPOUT,
    "dd = 2 * d\nda = dd .* M * 0.8",
    "constant-factor",
    "da multiplies by 0.8 where it must divide",
    "da = dd .* M / 0.8",
  ],
  [
    "a size that is divided by",
    RIDGE,
    "dr = r / N\ndw = (X' * dr + w / 10) / N",
    "constant-factor",
    "dw is 1/N times the right gradient: multiply by N",
    "dw = X' * dr + w / 10",
  ],
  [
    "a factor of a part without a name",
    RESET,
    "dn = n - t\nan = dn .* (1 - n.^2)\nq = Un' * an\nar = q .* r .* (1 - r)\ndWr = ar * x'",
    "missing-factor",
    "ar lacks the factor h beside r",
    "ar = q .* (r .* h) .* (1 - r)",
  ],
  [
    "a square",
    VARIANCE,
    "e1 = mu - y\ndmu = e1 .* exp(-lv) / N\ndlv = (1 - e1 .* exp(-lv)) / (2 * N)",
    "missing-factor",
    "dlv has e1 where e1.^2 belongs: the square is left out",
    "dlv = (1 - e1.^2 .* exp(-lv)) / (2 * N)",
  ],
  [
    "a vector for a matrix, whose product is a number then",
    RIDGE,
    "dr = r / N\ndw = w / 10 + r' * dr",
    "wrong-variable",
    "dw uses r where X belongs",
    "dw = w / 10 + X' * dr",
  ],
  [
    "two names in each other's places, where the value of both has a name",
    WEIGHTED,
    "s1 = wneg * y + wpos * (1 - y)\ndz = s1 .* (p - y) / sum(s1)\ndw = X' * dz",
    "wrong-variable",
    "s1 has wneg and wpos changed over",
    "s1 = wpos * y + wneg * (1 - y)",
  ],
  [
    "a term too many, which is no update of a derivative",
    RMS,
    "dHn = (Hn - T) / N\ndH = (dHn - mean(dHn, 2) - Hn .* mean(dHn .* Hn, 2)) ./ r",
    "extra-term",
    "dH has the term mean(dHn, 2), which does not belong there",
    "dH = (dHn - Hn .* mean(dHn .* Hn, 2)) ./ r",
  ],
  [
    "what is divided by too often, and not two names",
    RMS,
    "dHn = (Hn - T) / N\ndH = (dHn - Hn .* mean(dHn .* Hn, 2) ./ r.^2) ./ r",
    "extra-factor",
    "dH has the factor 1/r.^2, which does not belong there",
    "dH = (dHn - Hn .* mean(dHn .* Hn, 2)) ./ r",
  ],
  [
    "a number in a value, which no gradient is a multiple of",
    DRAWN,
    "dz = z - x\nh1 = 2 * lv\ndlv = (exp(h1) + dz .* e .* exp(h1 / 2) - 1) / 2",
    "constant-factor",
    "h1 is 2 times what is needed here: divide by 2",
    "h1 = lv",
  ],
])("%s is told", (_, model, text, cause, told, repaired) => {
  expect(firstOf(model, text)).toMatchObject({ cause, told, repaired });
});

const CHAIN = `
  x1 = input(3)
  x2 = input(3)
  x3 = input(3)
  t1 = target(4)
  t2 = target(4)
  W = param(4, 3)
  A = param(4, 4)
  e1 = W * x1
  e2 = W * x2
  e3 = W * x3
  a2 = logsumexp(A + e1, 1) + e2
  a3 = logsumexp(A + a2, 1) + e3
  logZ = logsumexp(a3)
  L = logZ - dot(t1, e1) - dot(t2, e2)`;
const BACKWARD = [
  "be2 = logsumexp(A + e3', 2)",
  "be1 = logsumexp(A + (e2 + be2)', 2)",
  "m1 = exp(e1 + be1 - logZ)",
  "m2 = exp(a2 + be2 - logZ)",
  "m3 = exp(a3 - logZ)",
  "p23 = exp(a2 + A + e3' - logZ)",
  "p12 = exp(e1 + A + (e2 + be2)' - logZ)",
  "dA = p12 + p23",
  "dW = (m1 - t1) * x1' + (m2 - t2) * x2' + m3 * x3'",
].join("\n");

it("messages of a random field are judged by what is computed from them", () => {
  expect(checkFormulas(parseModel(CHAIN), BACKWARD).ok).toBe(true);
  const without = (written: string, instead: string) =>
    firstOf(CHAIN, BACKWARD.replace(written, instead));
  expect(without("(e2 + be2)', 2)", "be2', 2)")).toMatchObject({
    cause: "missing-term",
    told: "be1 lacks the term e2' beside A + be2'",
    repaired: "be1 = logsumexp(A + be2' + e2', 2)",
  });
  expect(without("e3', 2)", "e3', 1)")).toMatchObject({
    told: "be2: logsumexp(A + e3', 1) runs along the wrong axis, take logsumexp(A + e3', 2)",
    repaired: "be2 = logsumexp(A + e3', 2)",
  });
  expect(without("a2 + A + e3' - logZ", "a2 + A - logZ")).toMatchObject({
    cause: "missing-term",
    told: "p23 lacks the term e3' beside a2 + A - logZ",
  });
});

it("right statements divide by the numbers that the model divides by", () => {
  const right = (text: string) => checkFormulas(parseModel(DROPOUT), text).checks.at(-1)!.right;
  expect(right("dd = 2 * d\nda = dd")).toEqual(["da = dd .* M / 0.8"]);
  expect(right("da = d")).toEqual(["dd = 2 * d", "da = dd .* M / 0.8"]);
});

it("where the right derivative is 0, what else would be 0 explains nothing", () => {
  const centred = `
    N = size()
    X = input(N, 3)
    Y = target(N, 2)
    W = param(3, 2)
    c = param(2)
    Z = X * W + c'
    m = mean(Z, 1)
    C = Z - m'
    L = sum((C - Y).^2) / (2 * N)`;
  expect(firstOf(centred, "dc = sum((C - Y) ./ N, 1)")).toMatchObject({
    cause: "extra-term",
    told: "dc ought to be 0: c does not change L, since all that comes back to it cancels",
    repaired: "dc = zeros(2)",
  });
  const lines = "dC = (C - Y) / N\ndZ = dC - mean(dC, 1)'\ndc = sum(dC, 1)";
  expect(firstOf(centred, lines)).toMatchObject({ repaired: "dc = sum(dZ, 1)" });
});

it("a number inside a function is rather taken away than undone by a slope before the whole line", () => {
  const scaled = `
    N = size()
    X = input(N, 3)
    t = target(N)
    u = param(3)
    v = param(3)
    m = X * u
    s = X * v
    r = (t - m) ./ exp(s)
    L = sum(r.^2 / 2 + s) / N`;
  expect(firstOf(scaled, "dm = -r ./ exp(2 * s) / N")).toMatchObject({
    cause: "constant-factor",
    told: "dm has exp(2 * s) where exp(s) belongs",
    repaired: "dm = -r ./ exp(s) / N",
  });
});

it("a numerator of 1 is what somebody forgot to replace", () => {
  const risks = `
    N = size()
    X = input(N, 4)
    K = input(N, N)
    d = input(N)
    v = param(4)
    f = X * v
    e = exp(f)
    S = K * e
    L = -sum(d .* (f - log(S))) / sum(d)`;
  expect(firstOf(risks, "df = -(d - e .* (K' * (1 ./ S))) / sum(d)")).toMatchObject({
    cause: "missing-factor",
    told: "df has 1 where d belongs in 1 ./ S",
    repaired: "df = -(d - e .* (K' * (d ./ S))) / sum(d)",
  });
});
