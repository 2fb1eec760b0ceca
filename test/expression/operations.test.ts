/** The table of operations tests itself: one loop over its rows, nothing that names a row. */
import { Decimal } from "decimal.js";
import { Fraction } from "fraction.js";
import { describe, expect, it } from "vitest";
import { occurrences } from "../../src/calculus/occurrences.js";
import type { Expression } from "../../src/expression/expression.js";
import { Graph } from "../../src/expression/graph.js";
import { operations } from "../../src/expression/operations/index.js";
import { normOfSquares } from "../../src/expression/operations/lowered.js";
import type { Condition, Operation } from "../../src/expression/operations/operation.js";
import type { Quantity } from "../../src/expression/quantity.js";
import type { Arithmetic } from "../../src/numeric/arithmetic.js";
import { decimalArithmetic } from "../../src/numeric/decimal.js";
import { doubleArithmetic } from "../../src/numeric/arithmetic.js";
import { interpret } from "../../src/numeric/interpret.js";
import { random } from "../../src/numeric/prng.js";
import { pairEvaluator } from "./pairs.js";

const DIGITS = 90;
const decimals = decimalArithmetic(DIGITS);
const STEP = new Decimal("1e-25");

const ORDINARY = [-2.3, -0.7, -0.1, 0.2, 0.8, 1.9, 3.4];
const EXTREME = [-700, -38, -27, -12, -5, -1e-9, 0, 1e-12, 1e-5, 1, 2, 5.5, 27, 300, 709];
const RATIONAL = ["-3", "-5/2", "-1", "-1/3", "0", "1/4", "1/2", "1", "9/4", "2", "7"];

const graph = new Graph();
const operands = ["a", "b", "c"].map((name): Quantity => ({ name, role: "input", shape: [] }));

/** A row with its operands as references, and its value as an expression. */
function applied(row: Operation): { args: Expression[]; y: Expression } {
  const args = row.operands.map((_, position) => graph.reference(operands[position]!, []));
  return { args, y: graph.apply(row, ...args) };
}

function evaluate<Value>(
  expression: Expression,
  values: readonly Value[],
  arithmetic: Arithmetic<Value>,
): Value {
  const quantity: Quantity = { name: "y", role: "auxiliary", shape: [] };
  const given = new Map(values.map((value, position) => [operands[position]!, [value]]));
  const clause = { letters: [], indices: [], body: expression };
  return interpret([{ quantity, clauses: [clause] }], new Map(), given, arithmetic).get(
    quantity,
  )![0]!;
}

/** What the emitter makes of a row's code. */
function evaluator(
  names: readonly string[],
  code: string,
  library: readonly string[] = [],
): Operation["value"] {
  const lines = [...library, `return ${code};`].join("\n");
  // eslint-disable-next-line @typescript-eslint/no-implied-eval
  return new Function(...names, lines) as Operation["value"];
}

/** A double with all its digits, where `new D(0.1)` is 1/10. */
function allDigits(D: typeof Decimal, value: number): Decimal {
  let [whole, halvings] = [value, 0];
  for (; !Number.isInteger(whole); halvings++) whole *= 2;
  return new D(whole).div(new D(2).pow(halvings));
}

/** The distance from a number to the next one that is larger. */
function unitInTheLastPlace(value: number): number {
  const next = new Float64Array([Math.abs(value)]);
  new BigInt64Array(next.buffer)[0]! += 1n;
  return next[0]! - Math.abs(value);
}

/**
 * Fast values are within 3.2 units of the last place, and exact at the ends.
 * @param others values of the operands behind the first one, each a factor that rounds once more
 */
function expectWithinUnits(
  row: Operation,
  fast: (x: number) => number,
  others: readonly number[] = [],
): void {
  const D = Decimal.clone({ precision: 40 });
  const generator = random(7);
  const around = (scale: number): number[] =>
    Array.from({ length: 400 }, () => generator.between(-scale, scale));
  for (const x of [
    ...[1e-9, 1e-3, 0.1, 1, 5, 30, 60, 700].flatMap(around),
    ...around(0.5).map((x) => 1 + x),
    // logarithms and roots have values for numbers of all sizes
    ...around(row.domain ? 1023 : 9).map((x) => 2 ** x),
    ...(row.domain ? [2 ** -1074, 3e-312] : []),
    -0.35667,
    ...ORDINARY,
    ...EXTREME,
  ]) {
    const decimal = row.decimal(D, ...[x, ...others].map((one) => allDigits(D, one)));
    if (!decimal.isFinite() || decimal.abs().gt(1e300) || decimal.isZero()) continue;
    const unit = allDigits(D, unitInTheLastPlace(decimal.toNumber()));
    const units = allDigits(D, fast(x)).minus(decimal).div(unit).abs().toNumber();
    expect(units, `fast ${row.name}(${x})`).toBeLessThan(3.2 + 0.5 * others.length);
  }
  for (const x of [0, NaN, Infinity, -Infinity, -800, 800]) {
    expect(fast(x) + 0, `fast ${row.name}(${x})`).toBe(row.value(x, ...others) + 0);
  }
}

/** All combinations of values for the operands of a row. */
function combinations<Value>(row: Operation, values: readonly Value[]): Value[][] {
  return row.operands.reduce<Value[][]>(
    (lists) => lists.flatMap((list) => values.map((value) => [...list, value])),
    [[]],
  );
}

function holds({ subject, relation }: Condition, values: readonly number[]): boolean {
  const value = evaluate(subject, values, doubleArithmetic);
  if (relation === "positive") return value > 0;
  return relation === "not negative" ? value >= 0 : value !== 0;
}

const conditions = (row: Operation): readonly Condition[] =>
  row.domain?.(graph, ...applied(row).args) ?? [];
const inDomain = (row: Operation, values: readonly number[]): boolean =>
  conditions(row).every((condition) => holds(condition, values));
const isKink = (row: Operation, values: readonly number[]): boolean =>
  (row.kinks?.(graph, ...applied(row).args) ?? []).some(
    (kink) => evaluate(kink, values, doubleArithmetic) === 0,
  );

/** (f(x + h) − f(x − h))/2h along one operand, in many digits: the error is of order h². */
function difference(f: (values: readonly Decimal[]) => Decimal, at: Decimal[], along: number) {
  const shifted = (step: Decimal): Decimal => f(at.with(along, at[along]!.plus(step)));
  return shifted(STEP).minus(shifted(STEP.neg())).div(STEP.times(2));
}

function expectNear(actual: Decimal, expected: Decimal, tolerance: number, what: string): void {
  const error = actual.minus(expected).abs();
  const scale = Decimal.max(expected.abs(), 1);
  expect(
    error.div(scale).toNumber(),
    `${what}: ${String(actual)}, expected ${String(expected)}`,
  ).toBeLessThan(tolerance);
}

/** The derivative of an expression by an operand, by the engine's own calculus. */
function derivative(body: Expression, operand: number): Expression {
  const found = occurrences(
    graph,
    body,
    graph.one,
    ({ quantity }) => quantity === operands[operand],
  );
  return graph.add(...found.map((one) => one.derivative));
}

describe.each([...operations.values()].map((row) => [row.name, row] as const))("%s", (_, row) => {
  const { args, y } = applied(row);
  const inside = combinations(row, ORDINARY).filter((values) => inDomain(row, values));
  const smooth = inside.filter((values) => !isKink(row, values));

  it("says where it comes from, and what holds at its kinks", () => {
    expect(row.source).not.toBe("");
    if (row.kinks) expect(row.convention).not.toBe("");
    expect(row.defaults?.length ?? 0).toBeLessThan(row.operands.length);
    expect(smooth.length).toBeGreaterThan(2);
  });

  it("has the derivatives that differences show, of orders one and two", () => {
    const rules = row.derivative(graph, args, y);
    expect(rules).toHaveLength(args.length);
    const at = (expression: Expression) => (values: readonly Decimal[]) =>
      evaluate(expression, values, decimals);
    for (const values of smooth) {
      const point = values.map((value) => decimals.double(value));
      for (const [k, rule] of rules.entries()) {
        const what = `d/d${row.operands[k]!} at ${values.join(", ")}`;
        expectNear(at(rule)(point), difference(at(y), point, k), 1e-40, what);
        expectNear(at(derivative(y, k))(point), at(rule)(point), 1e-80, `${what} by calculus`);
        for (const l of rules.keys()) {
          const second = derivative(rule, l);
          const expected = difference(at(rule), point, l);
          expectNear(at(second)(point), expected, 1e-40, `${what}, then ${row.operands[l]!}`);
        }
      }
    }
  });

  it("has the same value in code, in double precision and in decimals", () => {
    const names = row.operands.map((_, position) => `v${position}`);
    const call = row.code?.(...names) ?? `f_${row.name}(${names.join(", ")})`;
    if (!row.code) expect(row.library).toBeDefined();
    const code = evaluator(names, call, row.library);
    const D = Decimal.clone({ precision: 40, minE: -9e15, maxE: 9e15 });
    for (const values of combinations(row, [...ORDINARY, ...EXTREME])) {
      const value = row.value(...values);
      const what = `${row.name}(${values.join(", ")})`;
      expect(code(...values) + 0, what).toBe(value + 0);
      if (!inDomain(row, values)) continue;
      const decimal = row.decimal(D, ...values.map((one) => allDigits(D, one)));
      if (decimal.abs().gt(1e300)) continue;
      const error = new D(value).minus(decimal).abs().toNumber();
      const allowed = 1e-14 * Math.abs(value) + 1e-300;
      expect(error, `${what} = ${value}, in decimals ${String(decimal)}`).toBeLessThanOrEqual(
        allowed,
      );
    }
  });

  const fastCode = row.fast;
  if (fastCode) {
    it("has a fast value within units of the last place", () => {
      expectWithinUnits(row, evaluator(["x"], `f_${row.name}(x)`, fastCode));
    });
  }

  if (row.vector && row.costly) {
    it("has a value for pairs within units of the last place", () => {
      const pair = pairEvaluator(row);
      const others = row.operands.slice(1).map(() => 1.3);
      const both = (x: number): number => {
        const [first, second] = pair([x, ...others], [x, ...others]);
        expect(second).toBe(first);
        return first;
      };
      expectWithinUnits(row, both, others);
    });
  } else if (row.vector) {
    it("has the same value for pairs as its code", () => {
      const pair = pairEvaluator(row);
      const code = evaluator(row.operands, row.code!(...row.operands));
      const all = combinations(row, [...ORDINARY, ...EXTREME, NaN, Infinity, -Infinity]);
      for (const [k, values] of all.entries()) {
        const others = all.at(-k)!;
        const what = `${row.name}(${values.join(", ")} and ${others.join(", ")})`;
        const expected = [code(...values) + 0, code(...others) + 0];
        expect(
          pair(values, others).map((value) => value + 0),
          what,
        ).toEqual(expected);
      }
    });
  }

  it("is right to as many decimals as are asked for", () => {
    const [D, Wide] = [25, 60].map((precision) => Decimal.clone({ precision }));
    for (const values of combinations(row, [...ORDINARY, -9, -1e-15, 1e-15])) {
      if (!inDomain(row, values)) continue;
      const short = row.decimal(D!, ...values.map((one) => new D!(one)));
      const long = row.decimal(Wide!, ...values.map((one) => new Wide!(one)));
      const error = long.minus(short.toString()).abs().div(Wide!.max(long.abs(), "1e-200"));
      const what = `${row.name}(${values.join(", ")}) = ${String(short)}, ${String(long)}`;
      expect(error.toNumber(), what).toBeLessThan(1e-22);
    }
  });

  it("is exact where it says so", () => {
    for (const values of combinations(
      row,
      RATIONAL.map((text) => new Fraction(text)),
    )) {
      const numbers = values.map((value) => value.valueOf());
      if (!row.exact || !inDomain(row, numbers)) continue;
      const exact = row.exact(...values);
      if (exact === undefined) continue;
      const value = row.value(...numbers);
      const what = `${row.name}(${values.map((one) => one.toFraction()).join(", ")})`;
      expect(Math.abs(exact.valueOf() - value), what).toBeLessThanOrEqual(1e-14 * Math.abs(value));
    }
  });

  it("has no finite value or derivative outside its domain", () => {
    const rules = row.derivative(graph, args, y);
    for (const values of combinations(row, [...ORDINARY, 0, -1])) {
      if (inDomain(row, values)) continue;
      const numbers = [y, ...rules].map((one) => evaluate(one, values, doubleArithmetic));
      expect(numbers.every(Number.isFinite), `${row.name}(${values.join(", ")})`).toBe(false);
    }
  });

  it("gives NaN for NaN", () => {
    const values = row.operands.map((_, position) => (position === 0 ? NaN : 0.5));
    expect(row.value(...values)).toBeNaN();
  });
});

describe("what programs compute instead", () => {
  const rows = [...operations.values(), normOfSquares];

  it.each(
    rows.filter(({ limitingDerivative }) => limitingDerivative).map((row) => [row.name, row]),
  )("of %s: derivatives that are the printed ones inside the domain", (_, row) => {
    const { args, y } = applied(row);
    const { derivative: printed, limitingDerivative: limits } = row;
    for (const values of combinations(row, ORDINARY.map(Math.abs))) {
      const point = values.map((value) => decimals.double(value));
      for (const [k, rule] of limits!(graph, args, y).entries()) {
        const expected = evaluate(printed(graph, args, y)[k]!, point, decimals);
        expectNear(evaluate(rule, point, decimals), expected, 1e-80, `at ${values.join(", ")}`);
        const double = evaluate(rule, values, doubleArithmetic);
        expectNear(new Decimal(double), expected, 1e-14, `in doubles at ${values.join(", ")}`);
      }
    }
  });

  it.each(rows.flatMap((row) => (row.reveals ? [[row.name, row] as const] : [])))(
    "of %s: another operation from the output",
    (_, row) => {
      const { operation, by } = row.reveals!;
      const code = evaluator(["y"], by.code!("y"));
      for (const x of [...ORDINARY, ...EXTREME, NaN, Infinity, -Infinity]) {
        const told = by.value(row.value(x));
        expect(told + 0, `at ${x}`).toBe(operation.value(x) + 0);
        expect(code(row.value(x)) + 0, `code at ${x}`).toBe(told + 0);
      }
    },
  );
});

/** What the rows' conventions say, with a number for each operand. */
describe("derivatives at kinks", () => {
  it.each([
    ["relu", [0], [0]],
    ["leakyrelu", [0, 0.3], [0.3, 0]],
    ["elu", [0, 0.7], [0.7, 0]],
    ["abs", [0], [0]],
    ["sign", [0], [0]],
    ["step", [0], [0]],
    ["maximum", [2, 2], [0.5, 0.5]],
    ["minimum", [-1, -1], [0.5, 0.5]],
    ["<", [1, 1], [0, 0]],
    ["<=", [1, 1], [0, 0]],
    [">", [1, 1], [0, 0]],
    [">=", [1, 1], [0, 0]],
    ["==", [1, 1], [0, 0]],
    ["!=", [1, 1], [0, 0]],
  ])("of %s at %j are %j", (name, values, expected) => {
    const row = operations.get(name)!;
    const { args, y } = applied(row);
    expect(isKink(row, values)).toBe(true);
    const rules = row.derivative(graph, args, y);
    const found = rules.map((rule) => evaluate(rule, values, doubleArithmetic));
    expect(found).toEqual(expected);
    const precise = values.map((value) => decimals.double(value));
    const inDecimals = rules.map((rule) => evaluate(rule, precise, decimals).toNumber());
    expect(inDecimals).toEqual(expected);
  });

  it("are listed here for every row that has kinks", () => {
    const rows = [...operations.values()].filter(({ kinks }) => kinks);
    expect(rows).toHaveLength(14);
  });
});
