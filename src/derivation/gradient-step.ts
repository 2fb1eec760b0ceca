/** One step of gradient descent at the point: w ← w − μ ∂L/∂w, and the loss before and after. */
import { Fraction } from "fraction.js";
import { backprop } from "../backprop/model.js";
import { fullAxes } from "../expression/definition.js";
import type { Quantity } from "../expression/quantity.js";
import { quantityMatrix, scale, sum } from "../forms/matrix/build.js";
import { nest, type NestedNumbers, type Point, readPoint } from "../language/point.js";
import { listed } from "../language/words.js";
import { evaluator } from "../numeric/evaluator.js";
import { type Rounded, UNIT_ROUNDOFF, within } from "../numeric/rounding.js";
import { arrayClaims } from "./arrays.js";
import { Checker } from "./checker.js";
import { PointNumbers } from "./numbers.js";
import type { PassageData } from "./passage.js";
import type { GivenEnvironment } from "./points.js";
import { chained, type Claim, scalar } from "./step.js";
import type { Workbench } from "./workbench.js";

/** Rates that are tried in this order; the first that lowers the loss is taken. */
const RATES = [0.1, 0.01, 0.001, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8];
/** Two computations of a loss differ by no more than this part of it. */
const LOSS_ERROR = 1e-10;
/** Symbols of the rate, in the order of preference. */
const SYMBOLS = ["mu", "eta", "alpha", "rho"];
/** The same in sentences. */
const SIGNS: Readonly<Record<string, string>> = { mu: "μ", eta: "η", alpha: "α", rho: "ρ" };

/**
 * The step of some parameters, with the point's numbers; the others stay where they are.
 * @returns undefined without a point or parameters, where the gradient is not finite, and where no
 * rate lowers the loss
 */
export function gradientStep(
  workbench: Workbench,
  parameters: readonly Quantity[] = workbench.model.params,
): PassageData | undefined {
  const { model, at, given } = workbench;
  if (!at || !given || parameters.length === 0) return undefined;
  const evaluate = evaluator(model);
  const before = evaluate(at);
  const independent = gradientsOf(workbench, parameters, given);
  const moved = (rate: number): Point => ({
    ...at,
    ...Object.fromEntries(
      parameters.map((one) => [one.name, less(at[one.name]!, independent.get(one)!, rate)]),
    ),
  });
  const isFinite = [...independent.values()].every((one) => flat(one).every(Number.isFinite));
  if (!isFinite) return undefined;
  const rate = RATES.find((one) => evaluate(moved(one)).loss < before.loss);
  if (rate === undefined) return undefined;

  const step = new GradientStep(workbench, rate);
  const { sizes, entries: later } = readPoint(model, moved(rate));
  const entries = new Map<Quantity, readonly number[]>();
  const rounded = new Map<Quantity, readonly Rounded[]>();
  const set = (one: Quantity, values: readonly number[], error: (k: number) => number): void => {
    entries.set(one, values);
    rounded.set(
      one,
      values.map((value, k) => within(value, error(k))),
    );
  };
  set(step.rate, [rate], () => 0);
  for (const parameter of parameters) {
    const [old, next] = [given.entries.get(parameter)!, Array.from(later.get(parameter)!)];
    const own = given.rounded.entries.get(step.adjoint(parameter))!;
    const error = (k: number): number => own[k]!.error;
    set(step.adjoint(parameter), flat(before.gradients[parameter.name]!), error);
    // a product and a difference are rounded
    set(step.next(parameter), next, (k) => {
      return rate * error(k) + 2 * UNIT_ROUNDOFF * (Math.abs(old[k]!) + Math.abs(next[k]!));
    });
  }
  const loss = evaluate(moved(rate)).loss;
  // what is printed comes from the compiled program, what it is checked by from the backprop
  const { loss: checked } = backprop(model, moved(rate));
  set(step.next(model.loss), [checked], () => LOSS_ERROR * Math.abs(checked));
  const after: GivenEnvironment = {
    ...given,
    sizes,
    entries: { get: (one) => entries.get(one) ?? given.entries.get(one) },
    rounded: {
      ...given.rounded,
      sizes,
      entries: { get: (one) => rounded.get(one) ?? given.rounded.entries.get(one) },
    },
  };
  const numbers = new PointNumbers(model.graph, after);
  const checker = new Checker(model.graph, { random: [], given: after });
  const claims = [
    ...parameters.flatMap((parameter) => step.claims(parameter, numbers)),
    ...step.lossClaims(before.loss, loss, parameters),
  ];
  return { steps: chained(claims.flatMap((claim) => checker.check(claim) ?? [])), numbers };
}

/** The gradient by the backprop, in the shapes of the parameters. */
function gradientsOf(
  workbench: Workbench,
  parameters: readonly Quantity[],
  { rounded }: GivenEnvironment,
): Map<Quantity, NestedNumbers> {
  return new Map(
    parameters.map((one) => {
      const { quantity } = workbench.route(one).adjoint(one);
      const values = rounded.entries.get(quantity)!.map(({ value }) => value);
      return [one, nest(one.shape, rounded.sizes, values)];
    }),
  );
}

class GradientStep {
  /** μ. */
  readonly rate: Quantity;
  private readonly known = new Map<Quantity, Quantity>();

  constructor(
    private readonly workbench: Workbench,
    private readonly value: number,
  ) {
    const { scope } = workbench.model;
    const name = SYMBOLS.find((one) => !scope.has(one)) ?? "step";
    this.rate = { name, role: "input", shape: [] };
  }

  /** The same quantity after the step: printed alike, on the left of ←. */
  next(quantity: Quantity): Quantity {
    let next = this.known.get(quantity);
    if (!next) this.known.set(quantity, (next = { ...quantity }));
    return next;
  }

  adjoint(parameter: Quantity): Quantity {
    return this.workbench.route(parameter).adjoint(parameter).quantity;
  }

  claims(parameter: Quantity, numbers: PointNumbers): Claim[] {
    const { graph } = this.workbench.model;
    const { indices, letters } = fullAxes(parameter.shape);
    const rate = quantityMatrix(this.rate);
    const change = scale(
      new Fraction(-1),
      [{ base: rate, exponent: 1 }],
      quantityMatrix(this.adjoint(parameter)),
    );
    const matrix = sum([
      { coefficient: new Fraction(1), term: quantityMatrix(parameter) },
      { coefficient: new Fraction(1), term: change },
    ]);
    const left = { kind: "matrix", matrix: quantityMatrix(this.next(parameter)) } as const;
    const entry: Claim = {
      rule: "gradient step",
      why: `${parameter.name} moves against its derivative, with the rate ${SIGNS[this.rate.name] ?? this.rate.name} = ${this.value}.`,
      relation: "assignment",
      left: scalar(graph.reference(this.next(parameter), indices)),
      right: scalar(
        graph.subtract(
          graph.reference(parameter, indices),
          graph.multiply(
            graph.reference(this.rate, []),
            graph.reference(this.adjoint(parameter), indices),
          ),
        ),
      ),
      letters,
    };
    const arrays = arrayClaims(graph, { left, matrix }, numbers);
    const [first, ...rest] = letters.length === 0 ? [withNumbers(entry), ...arrays] : arrays;
    if (!first) return [entry];
    const results = rest.map((one) => ({ ...one, left: first.left }));
    return [entry, { ...first, relation: "assignment" }, ...results];
  }

  /** @param moved the others are as they were */
  lossClaims(before: number, after: number, moved: readonly Quantity[]): Claim[] {
    const { graph, loss, params } = this.workbench.model;
    const alone =
      moved.length < params.length ? ` of ${listed(moved.map(({ name }) => name))} alone` : "";
    const line = (quantity: Quantity, value: number): Claim => ({
      rule: "loss after the step",
      why: `The loss before the step${alone}, and after it.`,
      left: scalar(graph.reference(quantity, fullAxes(loss.shape).indices)),
      right: { kind: "value", value },
      letters: [],
      isAtPoint: true,
    });
    return [
      line(loss, before),
      { ...line(this.next(loss), after), relation: "assignment", continues: true },
    ];
  }
}

/** The step of a single number, with the numbers of the point. */
function withNumbers({ left, right, letters }: Claim): Claim {
  if (right.kind !== "scalar") throw new TypeError("a step is one of entries");
  return {
    rule: "numbers",
    why: "The numbers of the point are put in.",
    left,
    right: { kind: "numbers", expression: right.expression },
    letters,
    isAtPoint: true,
  };
}

/** value − rate · gradient. */
function less(value: NestedNumbers, gradient: NestedNumbers, rate: number): NestedNumbers {
  if (typeof value === "number") return value - rate * (gradient as number);
  const list = gradient as ArrayLike<NestedNumbers>;
  return Array.from<NestedNumbers, NestedNumbers>(value, (one, position) =>
    less(one, list[position]!, rate),
  ) as number[] | number[][];
}

function flat(nested: NestedNumbers): number[] {
  if (typeof nested === "number") return [nested];
  return Array.from<NestedNumbers>(nested).flatMap(flat);
}
