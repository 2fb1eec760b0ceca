/** Slips in the backward recursion of a chain whose steps are log-sums, written with messages as in forward-backward. */
import { check, type Claims, type Diagnosis, parseModel, type Point } from "chainrule";
import { expect, it } from "vitest";
import { each, type Matrix, matrix, mv, numbers, outer, plus, T } from "./corpus/matrices.js";
import { softmax, sum, type Vector, vminus, vplus } from "./corpus/matrices.js";

const MODEL = parseModel(`
  x1 = input(2)
  x2 = input(2)
  x3 = input(2)
  t1 = target(4)
  t2 = target(4)
  t3 = target(4)
  W = param(4, 2)
  A = param(4, 4)
  e1 = W * x1
  e2 = W * x2
  e3 = W * x3
  a1 = e1
  a2 = logsumexp(A + a1, 1) + e2
  a3 = logsumexp(A + a2, 1) + e3
  Z = logsumexp(a3)
  L = Z - dot(t1, e1) - dot(t2, e2) - dot(t3, e3) - t1' * A * t2 - t2' * A * t3`);

const at = {
  ...{ x1: numbers(2, 1), x2: numbers(2, 2), x3: numbers(2, 3) },
  ...{ t1: [0, 1, 0, 0], t2: [0, 0, 0, 1], t3: [1, 0, 0, 0] },
  ...{ W: matrix(4, 2, 4), A: matrix(4, 4, 5) },
} satisfies Point;
const [e1, e2, e3] = [at.x1, at.x2, at.x3].map((x) => mv(at.W, x)) as [Vector, Vector, Vector];

const logSum = (v: Vector): number => Math.log(sum(v.map(Math.exp)));
const logSums = (M: Matrix): Vector => M.map(logSum);
const along = (v: Vector): Matrix => each(at.A, (a, _, j) => a + v[j]!);
const down = (v: Vector): Matrix => each(at.A, (a, i) => a + v[i]!);
const step = (a: Vector, e: Vector): Vector => vplus(logSums(T(down(a))), e);

const a2 = step(e1, e2);
const a3 = step(a2, e3);
const Z = logSum(a3);

interface Messages {
  readonly b1: Vector;
  readonly b2: Vector;
}

const b2 = logSums(along(e3));
const right: Messages = { b1: logSums(along(vplus(e2, b2))), b2 };
const marginal = (a: Vector, b: Vector): Vector => a.map((one, k) => Math.exp(one + b[k]! - Z));
const joint = (a: Vector, b: Vector): Matrix =>
  each(at.A, (one, i, j) => Math.exp(a[i]! + one + b[j]! - Z));

function gradients({ b1, b2 }: Messages, others: Partial<Marginals> = {}): Claims {
  const all: Marginals = {
    m2: marginal(a2, b2),
    p12: joint(e1, vplus(e2, b2)),
    p23: joint(a2, e3),
    ...others,
  };
  const [d1, d2, d3] = [
    vminus(marginal(e1, b1), at.t1),
    vminus(all.m2, at.t2),
    vminus(softmax(a3), at.t3),
  ];
  const observed = plus(outer(at.t1, at.t2), outer(at.t2, at.t3));
  const expected = plus(all.p12, all.p23);
  return {
    W: plus(plus(outer(d1, at.x1), outer(d2, at.x2)), outer(d3, at.x3)),
    A: each(expected, (p, i, j) => p - observed[i]![j]!),
  };
}

interface Marginals {
  readonly m2: Vector;
  readonly p12: Matrix;
  readonly p23: Matrix;
}

function told(claims: Claims): Diagnosis[] {
  const { checks } = check(MODEL, claims, { at });
  return checks.flatMap(({ diagnosis }) =>
    diagnosis.filter(({ explanation }) => explanation === 1),
  );
}

it("is right as forward-backward", () => {
  expect(told(gradients(right))).toEqual([]);
});

it("a term forgotten in a message", () => {
  const [first, ...others] = told(gradients({ b1: logSums(along(b2)), b2 }));
  expect(others).toEqual([]);
  expect(first).toMatchObject({ cause: "missing-term", term: "e2", arisesIn: "a1" });
});

it("a term forgotten in what is joint", () => {
  const [first, ...others] = told(gradients(right, { p23: joint(a2, [0, 0, 0, 0]) }));
  expect(others).toEqual([]);
  expect(first).toMatchObject({ cause: "missing-term", term: "e3" });
  const used = "exp(A + a2 - a3') where exp(A + a2 + e3' - a3') belongs";
  expect(first!.text).toContain(used);
});

it("a message summed along the other axis", () => {
  const turned = logSums(T(along(e3)));
  const messages = { b1: logSums(along(vplus(e2, turned))), b2: turned };
  const all = told(gradients(messages));
  expect(all.map(({ cause }) => cause)).toEqual(["over-summed", "over-summed"]);
  expect(all.map(({ arisesIn }) => arisesIn)).toEqual(["a2", "a2"]);
});

it("the product of marginals for what is joint", () => {
  const [m1, m2, m3] = [marginal(e1, right.b1), marginal(a2, b2), softmax(a3)];
  const [first, ...others] = told(gradients(right, { p12: outer(m1, m2), p23: outer(m2, m3) }));
  expect(others).toEqual([]);
  expect(first!.cause).toBe("wrong-variable");
  expect(first!.text).toContain("the product of the marginals");
});

it("the marginals of one step taken as if it were the last", () => {
  const [first, ...others] = told(gradients(right, { m2: softmax(a2) }));
  expect(others).toEqual([]);
  expect(first).toMatchObject({ cause: "wrong-variable", instead: "da2", arisesIn: "e2" });
  expect(first!.text).toContain("as if a2 were the last");
});

it("what one step adds to a parameter left out", () => {
  const all = gradients(right);
  const lost = plus(
    joint(a2, e3),
    each(outer(at.t2, at.t3), (one) => -one),
  );
  const A = each(all.A as Matrix, (one, i, j) => one - lost[i]![j]!);
  const diagnosis = told({ ...all, A });
  expect(diagnosis.map(({ cause }) => cause)).toEqual(["missing-term", "missing-term"]);
  const terms = diagnosis.map(({ term }) => term).sort();
  expect(terms).toEqual(["-(t2 * t3')", "softmax(A + a2, 1) .* da3'"]);
});

it("a term of a derivative left out in one of the lines that take it", () => {
  const all = gradients(right);
  const observed = outer(at.t1, at.x1);
  const W = each(all.W as Matrix, (one, i, j) => one + observed[i]![j]!);
  const [first, ...others] = told({ ...all, W });
  expect(others).toEqual([]);
  expect(first!.cause).toBe("missing-term");
});
