/** Statements that claim nothing and are no derivative: what one mistake less in them would make of the claims that use them. */
import { printSyntax } from "../../language/print.js";
import { namesIn, rewritten, type Syntax } from "../../language/syntax.js";
import { differs } from "./estimate.js";
import { Estimator } from "./estimator.js";
import { claimsUsing, type Effects } from "./intentions.js";
import { fitOfState, type Line, type Mended, wantedOf } from "./lines.js";
import type { Repair } from "./repair.js";
import type { Script } from "./script.js";
import type { Site } from "./site.js";
import { variantsOf } from "./variants/index.js";
import type { Surroundings, Variant } from "./variants/variant.js";

/** Variants that are looked at, those that are read, and operations that estimates may take. */
const MOST = 6000;
const MOST_READ = 250;
const MOST_WORK = 1.5e6;
/** More surprising mistakes are nobody's. */
const DEAREST = 1.85;
/** Longer statements, with those between put in, take too long. */
const LONGEST = 400;

/** What is known where statements stand. */
export interface Knowledge {
  /** What may be written into a statement. */
  readonly around: (line: Line) => Surroundings;
  /** The least surprising variant of a statement that is right by itself. */
  readonly repair: (line: Line) => Repair | undefined;
}

export class Mendings {
  /** @param sites points in doubles */
  constructor(
    private readonly script: Script,
    private readonly lines: readonly Line[],
    private readonly sites: readonly Site[],
    private readonly knowledge: Knowledge,
  ) {}

  /**
   * The least surprising variant of a statement that makes all wrong claims which use it right, and spoils none;
   * undefined where the one wrong claim that uses it may as well be wrong itself.
   */
  of(line: Line, effects: Effects): Mended | undefined {
    const wrong = claimsUsing(this.lines, line).filter(
      ({ decisionAlone }) => decisionAlone === "wrong",
    );
    const [user] = wrong;
    const variant = user && this.variantFor(line, user, effects);
    if (!variant) return undefined;
    const repair = wrong.length === 1 ? this.knowledge.repair(user) : undefined;
    if (repair && repair.cost <= variant.cost) return undefined;
    const { syntax, faults } = variant;
    return { syntax, faults };
  }

  private variantFor(line: Line, user: Line, effects: Effects): Variant | undefined {
    const { script, sites } = this;
    const { formula, scope, corrected } = line;
    const wanted = wantedOf(user);
    const whole = withStatementsBetween(this.lines, line, user);
    if (!wanted || !whole || corrected.kind === "blocked") return undefined;
    // the shape is a part of the mistake where it has none, or what uses it has that of nothing
    const isOfShape = corrected.kind === "valued" && fitOfState(user.corrected, wanted) === "fits";
    const own = this.knowledge.around(line);
    const around = isOfShape ? own : { ...own, whole: false };
    const estimator = new Estimator(sites[0]!, user.scope);
    const right = estimator.right(wanted);
    const isRuledOut = ({ syntax }: Variant): boolean => {
      const estimate = estimator.estimate(substituted(whole, formula.name, syntax));
      return typeof estimate === "object" ? differs(estimate, right) : estimate === "valueless";
    };
    const isRight = ({ syntax }: Variant): boolean => {
      const reading = script.attempt(formula.name, syntax, scope, around.knownParts);
      if (!reading) return false;
      const { shape } = reading.quantity;
      if (isOfShape && fitOfState(corrected, { shape }) !== "fits") return false;
      const meant = { shape, values: (site: Site) => site.evaluate(reading) };
      return effects.of(new Map([[line, meant]])).isWhole;
    };
    let [looked, read] = [0, 0];
    for (const variant of variantsOf(formula.statement.expression, around)) {
      if (variant.cost > DEAREST || looked++ > MOST || estimator.work > MOST_WORK) break;
      if (isOther(variant) || isRuledOut(variant)) continue;
      if (read++ > MOST_READ) break;
      if (isRight(variant)) return variant;
    }
    return undefined;
  }
}

/** What is another quantity as it stands is right by itself. */
function isOther({ syntax, faults }: Variant): boolean {
  return syntax.kind === "name" && faults.some(({ cause }) => cause !== "constant-factor");
}

/** A claim with the statements that lead from another one to it in their places. */
function withStatementsBetween(lines: readonly Line[], from: Line, to: Line): Syntax | undefined {
  const between = new Map<string, Syntax>();
  const through = new Set([from.formula]);
  for (const one of lines) {
    if (one === to) break;
    if (wantedOf(one) || !one.uses.some((used) => through.has(used))) continue;
    through.add(one.formula);
    between.set(one.formula.name, one.formula.statement.expression);
  }
  let whole = to.formula.statement.expression;
  for (;;) {
    const next = [...namesIn(whole)].find((name) => between.has(name));
    if (next === undefined) return whole;
    whole = substituted(whole, next, between.get(next)!);
    if (printSyntax(whole).length > LONGEST) return undefined;
  }
}

/** An expression with another one wherever a name stands. */
function substituted(root: Syntax, name: string, instead: Syntax): Syntax {
  return rewritten(root, (node) =>
    node.kind === "name" && node.name === name ? instead : undefined,
  );
}
