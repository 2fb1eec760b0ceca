/** The search for what a statement should have been: its variants, the least surprising first. */
import type { Meaning } from "../../language/elaborate.js";
import { InputError } from "../../language/source.js";
import { printSyntax } from "../../language/print.js";
import type { Syntax } from "../../language/syntax.js";
import type { Expression } from "../../expression/expression.js";
import type { Quantity } from "../../expression/quantity.js";
import type { Shape } from "../../expression/size.js";
import { columns, rows } from "../../language/tensor.js";
import { work } from "../../numeric/work.js";
import type { Fault } from "../explanations/hypothesis.js";
import { type Comparison, decide } from "./agreement.js";
import { differs, type Estimate } from "./estimate.js";
import { Estimator } from "./estimator.js";
import { fitOf, type Reading, type Script } from "./script.js";
import { Pairs } from "./pairs.js";
import type { Site } from "./site.js";
import { variantsOf } from "./variants/index.js";
import type { Surroundings } from "./variants/variant.js";

/** A statement that is right, and what had to change. */
export interface Repair {
  readonly syntax: Syntax;
  readonly faults: readonly Fault[];
  readonly cost: number;
}

/** Variants that are evaluated one by one. */
const MOST_SINGLE = 3000;
/** Operations that the variants of one statement may take, and what each takes beyond its own. */
const MOST_WORK = 3e6;
const OVERHEAD = 100;
/** Longer statements have too many variants to be tried in pairs. */
const LONGEST_PAIRED = 120;

export interface RepairTask {
  readonly expression: Syntax;
  readonly name: string;
  readonly target: Quantity;
  /** The shape that the statement has as it is written, if it has one. */
  readonly shape: Shape | undefined;
  readonly scope: ReadonlyMap<string, Meaning>;
  readonly around: Surroundings;
  /** Whether two mistakes at once are tried too. */
  readonly inPairs: boolean;
}

/** What is left for the variants of one statement, and which were wrong: many are written alike. */
interface Trial {
  work: number;
  readonly estimator: Estimator;
  /** What is wanted, at the point of the estimates. */
  readonly right: Estimate;
  readonly texts: Set<string>;
  readonly bodies: Set<Expression>;
}

export class Repairer {
  constructor(
    private readonly script: Script,
    private readonly quick: readonly Site[],
    private readonly judges: readonly Site[],
  ) {}

  /** The least surprising variant that is right; undefined where none is found. */
  repair(task: RepairTask): Repair | undefined {
    const estimator = new Estimator(this.first, task.scope);
    const trial: Trial = {
      work: MOST_WORK,
      estimator,
      right: estimator.right(task.target),
      texts: new Set(),
      bodies: new Set(),
    };
    const singles = variantsOf(task.expression, task.around);
    for (const variant of singles.slice(0, MOST_SINGLE)) {
      if (this.isRight(task, variant.syntax, trial)) return variant;
    }
    if (!task.inPairs || printSyntax(task.expression).length > LONGEST_PAIRED) return undefined;
    const pairs = new Pairs(task.expression, task.around, estimator, trial.right);
    return pairs.of(singles).find(({ syntax }) => this.isRight(task, syntax, trial));
  }

  private isRight(task: RepairTask, syntax: Syntax, trial: Trial): boolean {
    if (trial.work < 0 || this.isRuledOut(syntax, trial)) return false;
    if (isKnown(trial.texts, printSyntax(syntax))) return false;
    const reading = this.script.attempt(task.name, syntax, task.scope, task.around.knownParts);
    if (!reading) return false;
    if (!isUsable(reading.quantity.shape, task)) return false;
    if (reading.body && isKnown(trial.bodies, reading.body)) return false;
    try {
      return decide(this.comparisons(task, reading, trial)) === "right";
    } catch (error) {
      if (error instanceof InputError) return false;
      throw error;
    }
  }

  /** Whether a variant is certainly wrong at the first point: most are, and need not be read. */
  private isRuledOut(syntax: Syntax, trial: Trial): boolean {
    const { estimator, right } = trial;
    const before = estimator.work;
    const estimate = estimator.estimate(syntax);
    trial.work -= estimator.work - before;
    return typeof estimate === "object" ? differs(estimate, right) : estimate === "misfit";
  }

  private get first(): Site {
    return this.quick[0] ?? this.judges[0]!;
  }

  /** The quick points first; what is not asked for is not computed. */
  private *comparisons(
    { target }: RepairTask,
    reading: Reading,
    trial: Trial,
  ): Generator<Comparison> {
    for (const site of [...this.quick, ...this.judges]) {
      trial.work -= OVERHEAD + work(reading.definitions, site.sizes);
      yield site.evaluate(reading).compare(site.adjointOf(target));
    }
  }
}

/** Whether something was met before; it is from now on. */
function isKnown<Thing>(met: Set<Thing>, thing: Thing): boolean {
  if (met.has(thing)) return true;
  met.add(thing);
  return false;
}

/** The lines below need the orientation that is declared, or the one that they were written for. */
function isUsable(shape: Shape, { target, shape: written }: RepairTask): boolean {
  if (fitOf(shape, target.shape) !== "fits") return false;
  const isOriented = (other: Shape): boolean =>
    rows(shape).equals(rows(other)) && columns(shape).equals(columns(other));
  return isOriented(target.shape) || (written !== undefined && isOriented(written));
}
