/** Evaluates both sides of every step at several points; a step that fails stops the derivation. */
import type { Expression } from "../expression/expression.js";
import type { Graph } from "../expression/graph.js";
import { Index, type Letter } from "../expression/indices.js";
import type { Quantity } from "../expression/quantity.js";
import type { SizeValues } from "../expression/size.js";
import type { Route } from "../forms/route.js";
import { evaluateMatrix } from "../forms/matrix/evaluate.js";
import { doubleArithmetic } from "../numeric/arithmetic.js";
import { interpret } from "../numeric/interpret.js";
import { random } from "../numeric/prng.js";
import { Lowering } from "../numeric/lower.js";
import type { Claim, Side, Step } from "./step.js";
import type { Environment, Workbench } from "./workbench.js";

/** A printed equation that does not hold: an error of the engine, never of the model. */
export class DerivationError extends Error {
  override readonly name: string = "DerivationError";
}

/** Relative differences up to this are rounding: some 10⁶ times the unit roundoff of doubles. */
const TOLERANCE = 1e-9;
/** Of equations with more entries than this, as many are checked. */
const MOST_ENTRIES = 400;

export class Checker {
  private readonly environments: readonly Environment[];

  /** @param isWrittenOut whether entries are written out one by one, so that sizes are numbers */
  constructor(
    workbench: Workbench,
    private readonly route: Route,
    isWrittenOut: boolean,
  ) {
    this.environments = workbench.points(isWrittenOut).map(({ sizes, values, adjoints }) => {
      const entries = new Map(values);
      for (const { of, quantity } of route.adjoints) entries.set(quantity, adjoints.get(of)!);
      return { sizes, entries };
    });
  }

  /** The environment of the user's point, or of the first random one. */
  get last(): Environment {
    return this.environments.at(-1)!;
  }

  /** @throws DerivationError when the sides differ. */
  check(claim: Claim): Step {
    const points = claim.isRounded === true ? [this.last] : this.environments;
    const [left, right] = [claim.left, claim.right].map((side) =>
      this.evaluator(side, claim.letters),
    );
    const maxError = Math.max(
      ...points.map((at) => {
        const chosen = sample(claim.letters, at.sizes);
        return difference(left!(at, chosen), right!(at, chosen));
      }),
    );
    if (!(maxError <= TOLERANCE)) {
      throw new DerivationError(
        `a step of the derivation does not hold (${claim.rule}: the sides differ by ${maxError})`,
      );
    }
    return { ...claim, check: { points: points.length, maxError } };
  }

  /** What computes a side: at all values of the letters, or at chosen ones. */
  private evaluator(side: Side, letters: readonly Letter[]): Evaluator {
    if (side.kind === "value") return () => [side.value];
    if (side.kind === "matrix") {
      return ({ sizes, entries }) =>
        Array.from(evaluateMatrix(side.matrix, { sizes, lookup: (one) => entries.get(one)! }));
    }
    const { graph } = this.route.model;
    const expression = this.route.inlined(side.expression);
    const whole = prepared(graph, expression, letters);
    return (at, chosen) =>
      chosen
        ? chosen.map((values) => {
            const pinned = new Map(letters.map((one, i) => [one.key, Index.number(values[i]!)]));
            return prepared(graph, graph.substitute(expression, pinned), [])(at)[0]!;
          })
        : whole(at);
  }
}

type Evaluator = (
  at: Environment,
  chosen: readonly (readonly number[])[] | undefined,
) => readonly number[];

/** The largest difference of two lists, relative to their largest entry. */
function difference(a: readonly number[], b: readonly number[]): number {
  if (a.length !== b.length) return Infinity;
  let scale = 0;
  let worst = 0;
  for (const [index, value] of a.entries()) {
    const gap = Math.abs(value - b[index]!);
    if (Number.isNaN(gap)) return NaN;
    scale = Math.max(scale, Math.abs(value), Math.abs(b[index]!));
    worst = Math.max(worst, gap);
  }
  return worst === 0 ? 0 : worst / scale;
}

/** What computes an expression for all values of its letters, the first outermost. */
export function prepared(
  graph: Graph,
  expression: Expression,
  letters: readonly Letter[],
): (at: Environment) => readonly number[] {
  const shape = letters.map(({ size }) => size);
  const quantity: Quantity = { name: "side", role: "auxiliary", shape };
  const clause = { letters, indices: letters.map((one) => Index.of(one)), body: expression };
  const lowering = new Lowering(graph);
  lowering.add({ quantity, clauses: [clause] });
  return ({ sizes, entries }) =>
    interpret(lowering.definitions, sizes, entries, doubleArithmetic).get(quantity)!;
}

/** Letter values to check where there are too many to check them all. */
function sample(letters: readonly Letter[], sizes: SizeValues): number[][] | undefined {
  const lengths = letters.map(({ size }) => size.evaluate(sizes));
  const total = lengths.reduce((product, length) => product * length, 1);
  if (total <= MOST_ENTRIES) return undefined;
  const generator = random(total);
  return Array.from({ length: MOST_ENTRIES }, () =>
    lengths.map((length) => generator.below(length)),
  );
}
