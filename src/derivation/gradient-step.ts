/** One step of gradient descent at the point: w ← w − μ ∂L/∂w, and the loss before and after. */
import { Fraction } from "fraction.js";
import { fullAxes } from "../expression/definition.js";
import type { Expression } from "../expression/expression.js";
import { postorder } from "../expression/walk.js";
import type { Model } from "../language/model.js";
import type { Quantity } from "../expression/quantity.js";
import { quantityMatrix, scale, sum } from "../forms/matrix/build.js";
import { nest, type NestedNumbers, type Point } from "../language/point.js";
import { InputError } from "../language/source.js";
import { enumerated, said, type Sentence } from "../language/sentence.js";
import { type Evaluation, evaluator } from "../numeric/evaluator.js";
import { type Known, known, knownArithmetic } from "../numeric/known.js";
import { type Rounded, UNIT_ROUNDOFF, within } from "../numeric/rounding.js";
import { arrayClaims } from "./arrays.js";
import { Checker } from "./checker.js";
import { PointNumbers } from "./numbers.js";
import type { PassageData } from "./passage.js";
import type { GivenEnvironment } from "./points.js";
import { type RateOptions, rateName } from "./rate.js";
import { AT_ONCE, PUT_IN } from "./sentences.js";
import { chained, type Claim, scalar } from "./step.js";
import type { Valuation } from "./valuation.js";
import type { Workbench } from "./workbench.js";

/** Rates that are tried in this order; the first that lowers the loss is taken. */
const RATES = [0.1, 0.01, 0.001, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8];

/**
 * The step of some parameters, with the point's numbers; the others stay where they are.
 * @returns undefined without a point or parameters, where the gradient is not finite, and where it is
 * not 0 but no rate lowers the loss
 * @throws InputError where the loss is not finite after a step of the rate that is asked for
 */
export function gradientStep(
  workbench: Workbench,
  parameters: readonly Quantity[] = workbench.model.params,
  options: RateOptions = {},
): PassageData | undefined {
  const { model, at, given } = workbench;
  const name = rateName(model, options.name);
  if (!at || !given || parameters.length === 0) return undefined;
  const slopes = parameters.map((one) => given.printed.entries.get(adjointOf(workbench, one))!);
  const moved = (rate: number): Moved =>
    new Map(
      parameters.map((one, position) => {
        const old = given.printed.entries.get(one)!;
        return [one, old.map((value, k) => stepped(value, rate, slopes[position]![k]!))];
      }),
    );
  const pointOf = (rate: number): Point => ({
    ...at,
    ...Object.fromEntries(
      [...moved(rate)].map(([one, values]) => [one.name, nested(one, values, given)]),
    ),
  });
  const isFinite = [...moved(1).values()].flat().every(({ value }) => Number.isFinite(value));
  if (!isFinite) return undefined;
  const evaluate = evaluator(model);
  const before = evaluate(at).loss;
  const isStill = slopes.flat().every(({ value }) => value === 0);
  const isExact = slopes.flat().every(({ fraction }) => fraction !== undefined);
  const isKinked = hasKinks(model);
  const tried = new Map<number, Outcome>();
  const outcome = (one: number): Outcome => {
    let found = tried.get(one);
    if (!found) {
      const evaluation = evaluate(pointOf(one));
      const isEnd = isKinked && !isStill && isAtRest(evaluation, parameters);
      tried.set(one, (found = { loss: evaluation.loss, isEnd }));
    }
    return found;
  };
  const isLower = (one: number): boolean => isStill || outcome(one).loss < before;
  const first = options.rate ?? RATES.find(isLower);
  const rate = options.rate ?? RATES.find((one) => isLower(one) && !outcome(one).isEnd) ?? first;
  if (rate === undefined) return undefined;
  const { loss: after, isEnd } = outcome(rate);
  if (!Number.isFinite(after)) {
    throw new InputError(`the loss is not finite after a gradient step of rate ${rate}`, {
      hint: "take a smaller rate",
    });
  }
  const descent = { name, rate, moved: moved(rate), at: pointOf(rate), before, after, isEnd };
  const own = options.rate !== undefined ? ASKED : rate === first ? CHOSEN : KEPT_MOVING;
  const why = isStill ? (isExact ? STILL : BELOW_DOUBLES) : own;
  return new GradientStep(workbench, parameters, descent).passage(why);
}

/** What a step of some rate leads to. */
interface Outcome {
  readonly loss: number;
  /** Whether all derivatives are 0 after it, and were not before. */
  readonly isEnd: boolean;
}

/** The parameters after a step. */
type Moved = ReadonlyMap<Quantity, readonly Known[]>;

const ASKED = said`The rate of the step.`;
const STILL = said`The rate of the step. At this point the derivatives by all that moves are 0: whatever the rate, nothing moves, and the loss stays as it is.`;
const BELOW_DOUBLES = said`The rate of the step. At this point the derivatives by all that moves are 0 or smaller than a double can hold: whatever the rate, nothing moves, and the loss stays as it is.`;
const KEPT_MOVING = said`The rate of the step: of ${RATES[0]!}, ${RATES[1]!}, ${RATES[2]!}, … the first that lowers the loss and after which not all derivatives are 0.`;
const CHOSEN = said`The rate of the step: of ${RATES[0]!}, ${RATES[1]!}, ${RATES[2]!}, … the first that lowers the loss.`;

/** Whether there is something that a step may switch off. */
function hasKinks({ definitions }: Model): boolean {
  const bodies = definitions.flatMap(({ clauses }) => clauses.map(({ body }) => body));
  return postorder(bodies, (one: Expression) => one.children).some(
    (node) => node.kind === "apply" && node.operation.kinks !== undefined,
  );
}

/** Whether nothing moves any more, as where a step has switched all units off. */
function isAtRest({ gradients }: Evaluation, parameters: readonly Quantity[]): boolean {
  const all = (numbers: NestedNumbers): boolean =>
    typeof numbers === "number" ? numbers === 0 : Array.from<NestedNumbers>(numbers).every(all);
  return parameters.every(({ name }) => all(gradients[name]!));
}

function adjointOf(workbench: Workbench, parameter: Quantity): Quantity {
  return workbench.route(parameter).adjoint(parameter).quantity;
}

function nested(
  { shape }: Quantity,
  values: readonly Known[],
  { sizes }: GivenEnvironment,
): NestedNumbers {
  return nest(
    shape,
    sizes,
    values.map(({ value }) => value),
  );
}

/** A rate, what it is called, and where a step of it leads. */
interface Descent {
  readonly name: string;
  readonly rate: number;
  readonly moved: Moved;
  readonly at: Point;
  /** The loss. */
  readonly before: number;
  readonly after: number;
  /** Whether all derivatives are 0 after the step. */
  readonly isEnd: boolean;
}

class GradientStep {
  /** μ. */
  private readonly rate: Quantity;
  private readonly later = new Map<Quantity, Quantity>();
  /** Where the step leads: the doubles of the moved parameters, read as decimals. */
  private readonly arrival: GivenEnvironment;

  constructor(
    private readonly workbench: Workbench,
    private readonly parameters: readonly Quantity[],
    private readonly descent: Descent,
  ) {
    this.rate = { name: descent.name, role: "input", shape: [] };
    this.arrival = workbench.givenAt(descent.at);
  }

  /** @param why of the rate */
  passage(why: Sentence): PassageData {
    const { graph } = this.workbench.model;
    const after = this.environment();
    const numbers = new PointNumbers(graph, after.printed);
    const checker = new Checker(graph, { random: [], given: after });
    const moves = this.parameters.flatMap((one) => this.moveClaims(one, numbers));
    const claims = [this.rateClaim(why), ...moves, ...this.lossClaims()];
    return { steps: chained(claims.flatMap((claim) => checker.check(claim) ?? [])), numbers };
  }

  /** The same quantity after the step: printed alike, on the left of ←. */
  private next(quantity: Quantity): Quantity {
    let next = this.later.get(quantity);
    if (!next) this.later.set(quantity, (next = { ...quantity }));
    return next;
  }

  private adjoint(parameter: Quantity): Quantity {
    return adjointOf(this.workbench, parameter);
  }

  /**
   * The point with the rate, and with the parameters and the loss after the step. What is printed
   * comes from the engine, what it is checked by from the backprop.
   */
  private environment(): GivenEnvironment {
    const given = this.workbench.given!;
    const { model } = this.workbench;
    const { moved, rate } = this.descent;
    const printed = new Map<Quantity, readonly Known[]>([
      [this.rate, [knownArithmetic.double(rate)]],
    ]);
    const rounded = new Map<Quantity, readonly Rounded[]>([[this.rate, [within(rate, 0)]]]);
    for (const [parameter, entries] of moved) {
      const old = given.rounded.entries.get(parameter)!;
      const slopes = given.rounded.entries.get(this.adjoint(parameter))!;
      printed.set(this.next(parameter), entries);
      const checked = old.map(({ value }, k) => {
        const next = value - rate * slopes[k]!.value;
        // a product and a difference are rounded
        const rounding = 2 * UNIT_ROUNDOFF * (Math.abs(value) + Math.abs(next));
        return within(next, rate * slopes[k]!.error + rounding);
      });
      rounded.set(this.next(parameter), checked);
    }
    rounded.set(this.next(model.loss), this.arrival.rounded.entries.get(model.loss)!);
    const merged = <Value>(
      own: ReadonlyMap<Quantity, readonly Value[]>,
      { entries, ...rest }: Valuation<Value>,
    ): Valuation<Value> => ({
      ...rest,
      entries: { get: (one) => own.get(one) ?? entries.get(one) },
    });
    return {
      ...given,
      printed: merged(printed, given.printed),
      rounded: merged(rounded, given.rounded),
    };
  }

  private rateClaim(why: Sentence): Claim {
    const { graph } = this.workbench.model;
    return {
      rule: "rate of the step",
      why,
      left: scalar(graph.reference(this.rate, [])),
      right: { kind: "value", value: knownArithmetic.double(this.descent.rate) },
      letters: [],
      isAtPoint: true,
    };
  }

  /** In symbols, then with the numbers of the point. */
  private moveClaims(parameter: Quantity, numbers: PointNumbers): Claim[] {
    const { graph } = this.workbench.model;
    const { indices, letters } = fullAxes(parameter.shape);
    const isOne = letters.length === 0;
    const rate = graph.reference(this.rate, []);
    const slope = graph.reference(this.adjoint(parameter), indices);
    const moved = graph.subtract(graph.reference(parameter, indices), graph.multiply(rate, slope));
    const entry: Claim = {
      rule: "gradient step",
      why: said`${parameter} moves against its derivative${isOne ? "" : ", entry by entry"}.`,
      relation: "assignment",
      left: scalar(graph.reference(this.next(parameter), indices)),
      right: scalar(moved),
      letters,
    };
    const left = { kind: "matrix", matrix: quantityMatrix(this.next(parameter)) } as const;
    const change = scale(
      new Fraction(-1),
      [{ base: quantityMatrix(this.rate), exponent: 1 }],
      quantityMatrix(this.adjoint(parameter)),
    );
    const matrix = sum([
      { coefficient: new Fraction(1), term: quantityMatrix(parameter) },
      { coefficient: new Fraction(1), term: change },
    ]);
    const line = { left, matrix, entries: { expression: moved, letters } };
    const arrays = arrayClaims(graph, line, numbers);
    if (isOne) return [entry, withNumbers(entry), ...onTheLeft(arrays, entry.left)];
    const whole: Claim = {
      rule: "gradient step",
      why: AT_ONCE,
      relation: "assignment",
      left,
      right: { kind: "matrix", matrix },
      letters: [],
    };
    return [entry, whole, ...arrays];
  }

  /** Before the step, and after it. */
  private lossClaims(): Claim[] {
    const { graph, loss, params } = this.workbench.model;
    const { before, after, isEnd } = this.descent;
    const { indices } = fullAxes(loss.shape);
    const alone =
      this.parameters.length < params.length ? said` of ${enumerated(this.parameters)} alone` : "";
    const rises = after > before ? " It rises: at this point the rate is too large." : "";
    const ends = isEnd ? " After it all derivatives are 0: nothing moves any more." : "";
    const why = said`${loss} before the step${alone}, and after it.${rises}${ends}`;
    const line = (quantity: Quantity, value: Known, moment: "before" | "after"): Claim => ({
      rule: "loss after the step",
      why,
      left: scalar(graph.reference(quantity, indices)),
      moment,
      right: { kind: "value", value },
      letters: [],
      isAtPoint: true,
    });
    return [
      line(loss, this.workbench.given!.printed.entries.get(loss)![0]!, "before"),
      { ...line(this.next(loss), this.lossAfter(), "after"), continues: true },
    ];
  }

  /** Known exactly where all that moved is, and is the decimal that its double is read as. */
  private lossAfter(): Known {
    const { after, moved } = this.descent;
    const isExact = [...moved.values()].flat().every(isDecimal);
    const [exact] = this.arrival.printed.entries.get(this.workbench.model.loss)!;
    return known(after, isExact ? exact?.fraction : undefined);
  }
}

function isDecimal({ value, fraction }: Known): boolean {
  const read = knownArithmetic.double(value).fraction;
  return fraction !== undefined && read?.equals(fraction) === true;
}

/** w − μ ∂L/∂w. */
function stepped(old: Known, rate: number, slope: Known): Known {
  const { add, double, multiply } = knownArithmetic;
  return add(old, multiply(double(-rate), slope));
}

function onTheLeft(claims: readonly Claim[], left: Claim["left"]): Claim[] {
  return claims.map((one) => ({ ...one, left }));
}

/** The step of a single number, with the numbers of the point. */
function withNumbers({ left, right, letters }: Claim): Claim {
  if (right.kind !== "scalar") throw new TypeError("a step is one of entries");
  return {
    rule: "numbers",
    why: PUT_IN,
    left,
    right: { kind: "numbers", expression: right.expression },
    letters,
    isAtPoint: true,
  };
}
