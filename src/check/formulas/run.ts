/** One reading of hand-written formulas at some points: which lines are right, and why others are not. */
import { Backward } from "../pass/backward.js";
import { inBackwardOrder } from "../pass/users.js";
import type { Quantity } from "../../expression/quantity.js";
import type { SizeValues } from "../../expression/size.js";
import type { Model } from "../../language/model.js";
import type { Syntax } from "../../language/syntax.js";
import type { Point } from "../../language/point.js";
import { once, onceFor } from "../once.js";
import type { Diagnosis } from "../result.js";
import { withHelpers } from "./expanded.js";
import { explain, type Explained } from "./explain.js";
import { explainMisnamed } from "./explain-misnamed.js";
import { type Meaning, meaningText } from "./candidates.js";
import { explainMended, explainValue } from "./explain-value.js";
import { Identifier } from "./identify.js";
import { findIntention } from "./intentions.js";
import { type LateConstants, lateNotes, NOTHING_LATE } from "./late.js";
import {
  asClaimed,
  derivativesIn,
  isAtFault,
  isMisnamed,
  isRight,
  isUndecided,
  type Intention,
  type Line,
  type Mended,
  originsOf,
  readLines,
  derivativeNames,
  wantedOf,
} from "./lines.js";
import { formulaNotes, indecision } from "./notes.js";
import { holdsNearKinks } from "./own-kinks.js";
import { isPart } from "./named-parts.js";
import { inOwnNames, toldInOwnNames } from "./own-names.js";
import type { Sites } from "./points.js";
import { formulaPower } from "./power.js";
import { Remedies } from "./remedies.js";
import { Repairer } from "./repair.js";
import type { FormulaResult, Remedy } from "./result.js";
import { Script } from "./script.js";
import type { Formula } from "./statements.js";
import { checkOf, type Known, lineOf, reference } from "./told.js";
import { Vocabulary } from "./surroundings.js";
import { explainVanishing, isGivenForZero, isTelling, oughtToVanish } from "./vanishing.js";
import { withCause } from "./valueless.js";
import type { Surroundings } from "./variants/variant.js";
import { thatWrite } from "./written-sizes.js";

/** A wrong statement, explained: its own mistakes, and what it takes over. */
interface Wrong extends Explained {
  readonly own: readonly Diagnosis[];
  /** The statements in which its faults arise, where it has none of its own. */
  readonly origins: readonly Formula[];
}

const NO_SHARES: ReadonlySet<string> = new Set();
const NOTHING_MEANT: ReadonlyMap<Formula, Intention> = new Map();

export class FormulaCheckRun {
  readonly script: Script;
  private readonly vocabulary: Vocabulary;
  private readonly identifier: Identifier;
  readonly lines: readonly Line[];
  readonly byFormula: ReadonlyMap<Formula, Line>;
  /** Made where something is wrong. */
  private readonly remedies = once(() => {
    const { meant, general, script, sites, late } = this;
    const names = [...meant.values()].flatMap((one) =>
      "quantity" in one ? one.quantity.name : [],
    );
    const parts = [...new Set(names)].filter((name) => isPart({ name }));
    return new Remedies(general, parts, script, sites, late);
  });
  /** What lines hold that has no name in the model, or a constant too much. */
  private held: ReadonlyMap<Formula, Meaning> = new Map();

  constructor(
    readonly model: Model,
    readonly formulas: readonly Formula[],
    readonly sites: Sites,
    /** The model with names for all sizes and none for parts, which right statements are told in. */
    readonly general: Model = model,
    readonly late: LateConstants = NOTHING_LATE,
    /** What statements that claim nothing are known to be meant as. */
    private readonly meant: ReadonlyMap<Formula, Intention> = NOTHING_MEANT,
    /** Names of statements that are what they are, such as shares of a derivative, whatever the claims that use them ask for. */
    readonly shares: ReadonlySet<string> = NO_SHARES,
  ) {
    this.script = new Script(model, formulas);
    this.vocabulary = new Vocabulary(model);
    const { derivatives } = this.vocabulary;
    this.identifier = new Identifier(model, this.script, derivatives, sites.judges, late);
    this.lines = this.settled(formulas);
    this.byFormula = new Map(this.lines.map((line) => [line.formula, line]));
  }

  /** The random points that decide. */
  get points(): readonly Point[] {
    return this.sites.points;
  }

  /** The statements, with what the lines below need of those that claim nothing. */
  private settled(formulas: readonly Formula[]): Line[] {
    const { model, script, sites } = this;
    const { judges, quick } = sites;
    const all = [...new Set([...judges, ...quick])];
    const intentions = new Map(this.meant);
    for (;;) {
      const lines = readLines(model, script, formulas, intentions, judges, all);
      const open = lines.filter(({ formula }) => !this.shares.has(formula.name));
      const found = findIntention(model, script, lines, open, quick, (line) => this.holds(line));
      if (!found) return lines;
      intentions.set(...found);
    }
  }

  /** The same, where a statement that claims nothing ought to be a variant of itself. */
  withMended(formula: Formula, mended: Mended): FormulaCheckRun {
    const { model, formulas, sites, general, late, meant, shares } = this;
    const all = new Map<Formula, Intention>([...meant, [formula, { mended }]]);
    return new FormulaCheckRun(model, formulas, sites, general, late, all, shares);
  }

  /** Takes over what is known of lines that claim nothing. */
  learn(held: ReadonlyMap<Formula, Meaning>): void {
    this.held = held;
  }

  /** Whether a line is recognised as something that is no derivative of the loss and no quantity, as a slope. */
  isSlope(line: Line): boolean {
    const identity = this.identifier.identify({ ...line, written: line.corrected });
    return identity?.isExact === true && !identity.derivativeBy && !identity.valueOf;
  }

  /** The derivative that a line is recognised as, with everything before it right. */
  holds(line: Line): Quantity | undefined {
    const identity = this.identifier.identify({ ...line, written: line.corrected });
    return identity?.isExact ? identity.derivativeBy : undefined;
  }

  /** The statements that have faults of their own. */
  get faults(): readonly Formula[] {
    return this.lines.filter((line) => isAtFault(line)).map(({ formula }) => formula);
  }

  /** The statements with numbers in place of sizes. */
  writing(sizes: SizeValues): readonly Formula[] {
    return this.lines.filter(thatWrite(sizes, this.lines)).map(({ formula }) => formula);
  }

  /** Claims that do not hold. */
  get wrongClaims(): readonly Formula[] {
    return this.lines
      .filter((line) => line.formula.claims && !isRight(line) && !isUndecided(line))
      .map(({ formula }) => formula);
  }

  /** Whether more digits could decide a line that they ought to; a given point may be extreme, as points are where functions are flat. */
  get lacksDigits(): boolean {
    const { given } = this.sites;
    return this.lines.some((line) =>
      [...line.comparisons].some(
        ([site, { agreement }]) =>
          agreement === "undecided" &&
          site.precision.isPrecise &&
          (isUndecided(line) || (site !== given && site.isAlive)),
      ),
    );
  }

  result(): FormulaResult {
    const { model, sites, lines } = this;
    const checked = this.lines.filter(
      ({ formula, written }) => formula.claims ?? written.kind === "misshapen",
    );
    const checks = checked.map((line) => checkOf(line, this.known(line), sites));
    const claimed = checked.flatMap(({ formula }) => formula.claims ?? []);
    const first = this.lines.find((line) => isAtFault(line));
    return {
      ok: checks.every(({ ok }) => ok),
      checks,
      order: inBackwardOrder(Backward.of(model), claimed).map(({ name }) => name),
      lines: lines.map((line) => lineOf(line, this.known(line))),
      ...(first
        ? {
            firstWrong: {
              ...reference(first.formula),
              diagnosis: this.wrong(first).diagnosis,
              ...this.remedyOf(first),
            },
          }
        : {}),
      power: formulaPower(model, sites, this.lines),
      notes: [...lateNotes(model, this.late, claimed), ...formulaNotes(this)],
    };
  }

  // ————— faults —————

  /** What is told of a wrong line. */
  readonly wrong = onceFor((line: Line): Wrong => this.explained(line));
  private explained(line: Line): Wrong {
    if (isUndecided(line)) {
      const diagnosis = [indecision(line, this.sites)];
      return { own: diagnosis, diagnosis, repair: undefined, origins: [] };
    }
    const origins = this.originsOf(line);
    const inherited = origins.flatMap((one) => this.inherited(one));
    if (origins.length > 0 && !isAtFault(line)) {
      const formulas = origins.map(({ formula }) => formula);
      return { own: [], diagnosis: inherited, repair: undefined, origins: formulas };
    }
    const { model, sites } = this;
    if (isMisnamed(line)) {
      const explained = explainMisnamed(model, line, this.late, this.formulas);
      const own = explained.diagnosis;
      return { ...explained, own, diagnosis: [...own, ...inherited], origins: [] };
    }
    const ownOf = (one: Explained): Wrong => ({ ...one, own: one.diagnosis, origins: [] });
    if (line.mended) return ownOf(explainMended(line.formula, line.mended));
    if (line.value) {
      const right = this.remedies().valueOf(line.value, this.ownNamesAbove(line));
      const statementOf = (name: string): Syntax | undefined =>
        model.program.statements.find((one) => one.name === name)?.expression;
      return ownOf(explainValue(line, right, this.repairerOf(line), statementOf));
    }
    if (oughtToVanish(line, sites.judges) && !this.repairerOf(line)?.single()) {
      const vanishing = explainVanishing(model, line);
      const own = vanishing.diagnosis;
      return { ...vanishing, own, diagnosis: [...own, ...inherited], origins: [] };
    }
    const identity = this.identifier.identify({ ...line, written: line.corrected });
    const explained = explain(
      model,
      line,
      identity,
      this.repairerOf(line),
      sites.judges,
      line.intended && this.late.get(line.intended),
      derivativesIn(line, this.byFormula),
      derivativeNames(this.lines),
      this.ownNamesAbove(line),
    );
    const told = toldInOwnNames(explained.diagnosis, this.ownNamesAbove(line));
    const own = withCause(told, line, this.script, sites.judges);
    return { ...explained, own, diagnosis: [...own, ...inherited], origins: [] };
  }

  /** The first explanation of a wrong line's own mistakes. */
  firstOf(line: Line): readonly Diagnosis[] {
    return this.wrong(line).own.filter(({ explanation }) => explanation === 1);
  }

  /** The first explanation of another line, as it is told of those that follow from it. */
  private inherited(origin: Line): Diagnosis[] {
    const { line, name } = origin.formula;
    return this.firstOf(origin).map((one) => ({
      ...one,
      ...(origin.intended ? { arisesIn: origin.intended.name } : {}),
      text: `follows from line ${line} (${name}): ${one.text}`,
    }));
  }

  /** The lines at fault that a line uses. */
  originsOf(line: Line): readonly Line[] {
    return originsOf(line, this.lines, this.byFormula);
  }

  /** Undefined for what claims nothing, or has no value to begin with. */
  readonly repairerOf = onceFor((line: Line): Repairer | undefined => {
    const { formula, scope, corrected } = line;
    const wanted = wantedOf(line);
    if (!wanted || corrected.kind === "blocked") return undefined;
    const shape = corrected.kind === "valued" ? corrected.reading.quantity.shape : undefined;
    const { quick, judges } = this.sites;
    const around = this.around(line);
    const { expression } = formula.statement;
    const { model, formulas, meant, sites, late } = this;
    const isZero = isGivenForZero(line, sites.judges);
    const isBelieved = (other: Syntax): boolean =>
      isTelling(isZero, other, around.from) &&
      holdsNearKinks(model, formulas, [formula, other], meant, sites.quick, {
        draws: sites.draws,
        late,
      });
    const task = { expression, name: formula.name, wanted, shape, scope, around, isBelieved };
    const expanded = withHelpers(line, this.lines);
    return new Repairer(this.script, quick, judges, { ...task, expanded });
  });

  /** Whether a statement is one mistake away from what it ought to be. */
  isOneMistake(line: Line): boolean {
    return this.repairerOf(line)?.single() !== undefined;
  }

  /** What may be written into a statement. */
  around(line: Line): Surroundings {
    const { vocabulary, script, lines, late } = this;
    const constant = line.intended && late.get(line.intended);
    return vocabulary.around(script, line, lines, constant, this.ownNamesAbove(line));
  }

  private above = (line: Line) => this.lines.slice(0, this.lines.indexOf(line));

  /** What statements above call parts of the model's statements. */
  private ownNamesAbove(line: Line): ReadonlyMap<string, string> {
    const above = this.above(line).filter((one) => !one.intended);
    return new Map(
      above.flatMap((one) => {
        const identity = this.identifier.identify(one);
        const part = identity?.isExact ? identity.valueOf : undefined;
        return part && isPart(part) ? [[part.name, one.formula.name] as const] : [];
      }),
    );
  }

  // ————— results —————

  private readonly known = onceFor((line: Line): Known => {
    const held = this.held.get(line.formula);
    const holds = held ? meaningText(this.model, held) : this.identifier.identify(line)?.text;
    const wrong = isRight(line) ? undefined : this.wrong(line);
    const isOwn = wrong?.origins.length === 0 && !isUndecided(line);
    return {
      holds,
      diagnosis: wrong?.diagnosis ?? [],
      origins: wrong?.origins ?? [],
      remedy: isOwn ? this.remedyOf(line) : {},
    };
  });

  /** The repair, and the right statement in terms of those above it. */
  private remedyOf(line: Line): Remedy {
    const { repair } = this.wrong(line);
    const told = repair === undefined ? {} : { repair };
    const names = this.ownNamesAbove(line);
    const remedy = this.remedies().of(asClaimed(line), this.above(line), names);
    const { matrix } = remedy;
    const inBooks = matrix ? { matrix: matrix.map((one) => inOwnNames(one, names)) } : {};
    return { ...told, ...remedy, ...inBooks };
  }
}
