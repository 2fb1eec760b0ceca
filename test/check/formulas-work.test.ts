/** What a check of formulas computes once. */
import { expect, test, vi } from "vitest";
import type { Expression } from "../../src/expression/expression.js";
import { postorder } from "../../src/expression/walk.js";
import { checkFormulas } from "../../src/check/formulas/check-formulas.js";
import { readLines, wantedOf } from "../../src/check/formulas/lines.js";
import { Pairs } from "../../src/check/formulas/pairs.js";
import { chooseSites } from "../../src/check/formulas/points.js";
import { doubles } from "../../src/check/formulas/agreement.js";
import { FormulaCheckRun } from "../../src/check/formulas/run.js";
import { usualLabels } from "../../src/check/power/labels.js";
import type { Point } from "../../src/language/point.js";
import type { Arithmetic } from "../../src/numeric/arithmetic.js";
import { ClausePlan } from "../../src/numeric/plan.js";
import { Repairer } from "../../src/check/formulas/repair.js";
import { Script } from "../../src/check/formulas/script.js";
import type { Site } from "../../src/check/formulas/site.js";
import { readFormulas } from "../../src/check/formulas/statements.js";
import { Vocabulary } from "../../src/check/formulas/surroundings.js";
import { spotsOf } from "../../src/check/formulas/variants/variant.js";
import { Elaboration } from "../../src/language/elaboration.js";
import { parseModel } from "../../src/language/model.js";
import { parts, type Syntax } from "../../src/language/syntax.js";

const model = parseModel(`
  x = input(3)
  t = target(2)
  W1 = param(4, 3)
  W2 = param(2, 4)
  z1 = W1 * x
  a1 = sigmoid(z1)
  y = W2 * a1
  L = sum((y - t).^2)
`);

/** A site that writes down what it evaluates. */
function watched(site: Site): Site & { readonly evaluated: (Expression | undefined)[] } {
  const evaluated: (Expression | undefined)[] = [];
  return {
    at: site.at,
    point: site.point,
    sizes: site.sizes,
    precision: site.precision,
    isAlive: site.isAlive,
    valueOf: (quantity) => site.valueOf(quantity),
    adjointOf: (quantity) => site.adjointOf(quantity),
    put: (quantity, values) => site.put(quantity, values),
    evaluate: (reading) => {
      evaluated.push(reading.body);
      return site.evaluate(reading);
    },
    evaluateStatement: (statement, reading, uses) => {
      evaluated.push(reading.body);
      return site.evaluateStatement(statement, reading, uses);
    },
    evaluated,
  };
}

function read(text: string) {
  const formulas = readFormulas(model, { name: "formulas", text });
  const script = new Script(model, formulas);
  const sites = chooseSites(model, undefined, 1, 50);
  const judges = sites.judges.map(watched);
  const quick = sites.quick.map(watched);
  const lines = readLines(model, script, formulas, new Map(), judges, [...judges, ...quick]);
  return { script, judges, quick, lines };
}

test("statements behind right ones are evaluated once at each point", () => {
  const { judges, quick } = read(
    "dy = 2 * (y - t)\ndz1 = (W2' * dy) .* a1 .* (1 - a1)\ndW1 = dz1 * x'",
  );
  for (const site of [...judges, ...quick]) expect(site.evaluated).toHaveLength(3);
});

test("statements behind a wrong one are evaluated as they stand and with what is right", () => {
  const { judges, quick } = read("dy = y - t\ndW2 = dy * a1'");
  for (const site of judges) expect(site.evaluated).toHaveLength(3);
  for (const site of quick) expect(site.evaluated).toHaveLength(2);
});

test("no two variants that are evaluated are equal", () => {
  const { script, judges, quick, lines } = read("dz1 = 3 * (W2' * (y - t)) .* a1 .* exp(x[1])");
  const [line] = lines;
  const { formula, intended, scope } = line!;
  const [first, second] = [quick[0]!, quick[1]!];
  const before = first.evaluated.length;
  const repair = new Repairer(script, [first, second], judges, {
    expression: formula.statement.expression,
    name: formula.name,
    wanted: wantedOf(line!)!,
    shape: intended!.shape,
    scope,
    around: new Vocabulary(model).around(script, line!, lines, undefined, new Map()),
    isBelieved: () => true,
  }).double();
  expect(repair).toBeUndefined();
  const tried = first.evaluated.slice(before).filter((body) => body !== undefined);
  expect(tried.length).toBeGreaterThan(100);
  expect(new Set(tried).size).toBe(tried.length);
});

test("of a variant only what is new in it is read, and it is read as it is alone", () => {
  const { script, lines } = read(
    "dz1 = (W2' * softmax(dot(y, y) * (y - t))) .* a1[1:end] .* (1 - sum([z1[1], 2; 3, 4]))",
  );
  const { formula, scope } = lines[0]!;
  const { expression, place } = formula.statement;
  const known = new Map();
  script.attempt("whole", expression, scope, known);
  const piece: Syntax = { kind: "name", name: "z1", place };
  let count = 0;
  for (const { replace } of spotsOf(expression)) {
    const variant = replace(piece);
    const isNew = (node: Syntax): boolean => !known.has(node);
    const fresh = postorder([variant], (node) => parts(node).filter(isNew)).filter(isNew).length;
    const visited = vi.spyOn(Elaboration.prototype, "checkEntries");
    const own = script.attempt("variant", variant, scope, known);
    expect(visited.mock.calls.length).toBeLessThanOrEqual(2 * fresh);
    visited.mockRestore();
    const alone = script.attempt("variant", variant, scope);
    expect(own?.body).toBe(alone?.body);
    expect(own?.quantity.shape.map(String)).toEqual(alone?.quantity.shape.map(String));
    expect(own?.definitions.length).toBe(alone?.definitions.length);
    count += Number(own !== undefined);
  }
  expect(count).toBeGreaterThan(5);
});

test("two changes of a statement are not tried beside one mistake that explains its numbers", () => {
  const tried = vi.spyOn(Pairs.prototype, "of");
  const of = (text: string): string[] => {
    const { firstWrong } = checkFormulas(model, text);
    return firstWrong!.diagnosis.map(({ cause }) => cause);
  };
  expect(of("dy = ones(2)")).toEqual(["missing-factor"]);
  expect(tried).not.toHaveBeenCalled();
  expect(of("dy = -(y + t)")).toEqual(["sign", "constant-factor"]);
  expect(tried).toHaveBeenCalled();
  tried.mockRestore();
});

test("many digits are computed once for a statement, and for labels that are chosen", () => {
  const classes = parseModel(`
    N = size()
    X = input(N, 3)
    T = target(N, 4)
    V = param(3, 5)
    W = param(5, 4)
    H = X * V
    A = sigmoid(H)
    S = A * W
    P = softmax(S, 2)
    L = -sum(T .* log(P)) / N`);
  const text = `
    dS = P - T
    dW = A' * dS / N
    g = dS * W'
    s = A .* (1 - A)
    dH = g .* A
    dV = X' * dH / N`;
  const computed = vi.spyOn(ClausePlan.prototype, "run");
  const digitsOf = (work: () => unknown): number => {
    computed.mockClear();
    work();
    const isOfDoubles = (arithmetic: Arithmetic<unknown>): boolean =>
      arithmetic === doubles.arithmetic || typeof arithmetic.double(1) === "number";
    return computed.mock.calls.filter(([arithmetic]) => !isOfDoubles(arithmetic)).length;
  };
  const formulas = readFormulas(classes, { name: "formulas", text });
  const readAt = (points?: readonly Point[]): number =>
    digitsOf(
      () => new FormulaCheckRun(classes, formulas, chooseSites(classes, undefined, 1, 50, points)),
    );
  const { points } = chooseSites(classes, undefined, 1, 50);
  const [labels] = usualLabels(classes, points, false);
  const least = readAt() + readAt(labels!.points);
  const all = digitsOf(() => {
    const { notes, firstWrong } = checkFormulas(classes, text, { seed: 1 });
    expect(notes.join()).toContain("each row of T sums to 1");
    expect(firstWrong!.name).toBe("dH");
  });
  expect(all).toBeLessThan(1.5 * least);
  computed.mockRestore();
});

const labelled = parseModel(`
  N = size()
  X = input(N, 3)
  T = target(N, 4)
  W = param(3, 4)
  S = X * W
  P = softmax(S, 2)
  L = -sum(T .* log(P)) / N`);

test("a statement that no one-hot labels make right is not read with labels that are weaker", () => {
  const { points } = chooseSites(labelled, undefined, 1, 50);
  const stricter = new Map(
    [...usualLabels(labelled, points, false)].map((one) => [
      one.condition,
      one.stricter().map(({ condition }) => condition),
    ]),
  );
  const [sums, bits, oneHot, signs] = [
    "each row of T sums to 1, as one-hot labels do",
    "the entries of T are 0 or 1",
    "each row of T is one-hot",
    "the entries of T are 1 or -1",
  ];
  expect(Object.fromEntries(stricter)).toEqual({
    [sums]: [oneHot],
    [bits]: [oneHot],
    [oneHot]: [],
    [signs]: [],
  });
  const read = vi.spyOn(FormulaCheckRun.prototype, "lacksDigits", "get");
  checkFormulas(labelled, "dS = exp(P .* T) - tanh(T) / 7");
  // with arbitrary labels, with one-hot ones, and with 1 or -1
  expect(read).toHaveBeenCalledTimes(3);
  read.mockRestore();
});

test("labels of a kind are told for what one change of a statement shows: two are tried with arbitrary ones alone", () => {
  const tried = vi.spyOn(Pairs.prototype, "of");
  const { firstWrong } = checkFormulas(labelled, "dS = exp(P .* T) - tanh(T) / 7");
  expect(firstWrong!.diagnosis[0]!.cause).toBe("unknown");
  expect(tried).toHaveBeenCalledTimes(1);
  tried.mockRestore();
});
