/** The search for what a statement should have been: its variants, the least surprising first. */
import type { Meaning } from "../../language/elaborate.js";
import { InputError } from "../../language/source.js";
import { printSyntax } from "../../language/print.js";
import type { Syntax } from "../../language/syntax.js";
import type { Expression } from "../../expression/expression.js";
import type { Shape } from "../../expression/size.js";
import { columns, rows } from "../../language/tensor.js";
import { work } from "../../numeric/work.js";
import { once } from "../once.js";
import type { Fault } from "../explanations/hypothesis.js";
import { type Comparison, decide } from "./agreement.js";
import { differs, type Estimate } from "./estimate.js";
import { Estimator } from "./estimator.js";
import type { Wanted } from "./lines.js";
import { fitOf, type Reading, type Script } from "./script.js";
import { Pairs } from "./pairs.js";
import { Shares } from "./shares.js";
import type { Site } from "./site.js";
import { variantsOf, withoutFactors } from "./variants/index.js";
import type { Surroundings, Variant } from "./variants/variant.js";

/** A statement that is right, and what had to change. */
export interface Repair {
  readonly syntax: Syntax;
  readonly faults: readonly Fault[];
  readonly cost: number;
}

/** Variants that are evaluated one by one. */
const MOST_SINGLE = 40_000;
/** Operations that the variants of one statement may take, and what each takes beyond its own. */
const MOST_WORK = 3e6;
const OVERHEAD = 100;
/** Longer statements have too many variants to be tried in pairs. */
const LONGEST_PAIRED = 120;

export interface RepairTask {
  readonly expression: Syntax;
  /** With statements that claim nothing written in their place, if it uses such. */
  readonly expanded?: Syntax | undefined;
  readonly name: string;
  /** What it ought to be. */
  readonly wanted: Wanted;
  /** The shape that the statement has as it is written, if it has one. */
  readonly shape: Shape | undefined;
  readonly scope: ReadonlyMap<string, Meaning>;
  readonly around: Surroundings;
  /** What is asked last of a statement that is right at all points. */
  readonly isBelieved: (syntax: Syntax) => boolean;
}

/** The repairs of one statement. */
export class Repairer {
  /** Operations that are left for variants. */
  private work = MOST_WORK;
  private readonly estimator: Estimator;
  /** What is wanted, at the point of the estimates. */
  private readonly right: Estimate;
  /** Which variants were wrong: many are written alike. */
  private readonly texts = new Set<string>();
  private readonly bodies = new Set<Expression>();
  /** With one mistake less, as far as they were asked for. */
  private readonly singles: Variant[] = [];
  private readonly variants: Iterator<Variant, void>;
  private readonly shares: () => Shares;

  constructor(
    private readonly script: Script,
    private readonly quick: readonly Site[],
    private readonly judges: readonly Site[],
    private readonly task: RepairTask,
  ) {
    this.estimator = new Estimator(quick[0] ?? judges[0]!, task.scope);
    this.right = this.estimator.right(task.wanted);
    this.variants = variantsOf(task.expression, task.around);
    this.shares = once(() => new Shares(task.expression, this.estimator, this.right));
  }

  /** The least surprising variant with one mistake less that is right; undefined where none is found. */
  readonly single = once((): Repair | undefined => {
    while (this.singles.length < MOST_SINGLE && this.work >= 0) {
      const { value: variant } = this.variants.next();
      if (!variant) break;
      this.singles.push(variant);
      if (this.isRight(variant)) return this.shorter(variant) ?? variant;
    }
    return undefined;
  });

  /**
   * The statement without a factor, where another factor in its place is right too: what adds up to 1 in each column
   * belongs nowhere.
   */
  private shorter({ faults }: Variant): Repair | undefined {
    if (!faults.some(({ cause }) => cause === "wrong-variable")) return undefined;
    const { expression, around } = this.task;
    return [...withoutFactors(expression, around)].find((one) => this.isRight(one));
  }

  /** The same with two mistakes less; those with one are tried before. */
  readonly double = once((): Repair | undefined => {
    const { expression, around } = this.task;
    if (this.single() || printSyntax(expression).length > LONGEST_PAIRED) return undefined;
    const pairs = new Pairs(expression, around, this.estimator, this.right);
    return pairs.of(this.singles).find((one) => this.isRight(one));
  });

  /** The same for the statement with those in it that claim nothing. */
  readonly expanded = once((): Repair | undefined => {
    const { expanded: expression, ...task } = this.task;
    if (!expression) return undefined;
    const whole = new Repairer(this.script, this.quick, this.judges, { ...task, expression });
    return whole.single() ?? whole.double();
  });

  /** A statement that numbers show to be right, if it is. */
  confirmed(syntax: Syntax | undefined): Repair | undefined {
    const variant: Variant | undefined = syntax && { syntax, faults: [], cost: 0 };
    return variant && this.isRight(variant) ? variant : undefined;
  }

  private isRight(variant: Variant): boolean {
    const { script, task } = this;
    if (this.work < 0 || this.isRuledOut(variant)) return false;
    const { syntax } = variant;
    if (isKnown(this.texts, printSyntax(syntax))) return false;
    const reading = script.attempt(task.name, syntax, task.scope, task.around.knownParts);
    if (!reading) return false;
    if (!isUsable(reading.quantity.shape, task)) return false;
    if (reading.body && isKnown(this.bodies, reading.body)) return false;
    try {
      return decide(this.comparisons(reading)) === "right" && task.isBelieved(syntax);
    } catch (error) {
      if (error instanceof InputError) return false;
      throw error;
    }
  }

  /** Whether a variant is certainly wrong at the first point: most are, and need not be read. */
  private isRuledOut(variant: Variant): boolean {
    const { estimator, right } = this;
    const before = estimator.work;
    const isOther = variant.share && this.shares().isOther(variant.share);
    const estimate = isOther ?? estimator.estimate(variant.syntax);
    this.work -= estimator.work - before;
    if (typeof estimate === "boolean") return estimate;
    return typeof estimate === "object" ? differs(estimate, right) : estimate === "valueless";
  }

  /** The quick points first; what is not asked for is not computed. */
  private *comparisons(reading: Reading): Generator<Comparison> {
    for (const site of [...this.quick, ...this.judges]) {
      this.work -= OVERHEAD + work(reading.definitions, site.sizes);
      yield site.evaluate(reading).compare(this.task.wanted.values(site));
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
function isUsable(shape: Shape, { wanted, shape: written }: RepairTask): boolean {
  if (fitOf(shape, wanted.shape) !== "fits") return false;
  const isOriented = (other: Shape): boolean =>
    rows(shape).equals(rows(other)) && columns(shape).equals(columns(other));
  return isOriented(wanted.shape) || (written !== undefined && isOriented(written));
}
