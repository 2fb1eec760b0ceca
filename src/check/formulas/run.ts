/** One reading of hand-written formulas at some points: which lines are right, and why others are not. */
import { Backward } from "../pass/backward.js";
import { inBackwardOrder } from "../pass/users.js";
import type { Quantity } from "../../expression/quantity.js";
import type { SizeValues } from "../../expression/size.js";
import type { Model } from "../../language/model.js";
import type { Point } from "../../language/point.js";
import { printSyntax } from "../../language/print.js";
import type { Diagnosis } from "../result.js";
import { explain, type Explained } from "./explain.js";
import { Identifier } from "./identify.js";
import { findIntention } from "./intentions.js";
import {
  assumedConstants,
  inConstants,
  type LateConstants,
  lateConstants,
  lateNotes,
  NOTHING_LATE,
  withoutConstants,
} from "./late.js";
import { derivativesIn, isRight, isUndecided, type Line, readLines } from "./lines.js";
import { formulaNotes } from "./notes.js";
import { numbersOf, pointOf } from "./numbers.js";
import type { Sites } from "./points.js";
import { formulaPower } from "./power.js";
import { Repairer } from "./repair.js";
import type {
  FormulaCheck,
  FormulaLine,
  FormulaResult,
  LineReference,
  Remedy,
  Undecided,
} from "./result.js";
import { rightFormula } from "./right-formula.js";
import { Script } from "./script.js";
import type { Formula } from "./statements.js";
import { Vocabulary } from "./surroundings.js";
import { thatWrite } from "./written-sizes.js";

/** A wrong statement, explained. */
interface Wrong extends Explained {
  /** The statement in which the fault arises, where that is another one. */
  readonly origin: Formula | undefined;
}

export class FormulaCheckRun {
  private readonly script: Script;
  private readonly vocabulary: Vocabulary;
  private readonly identifier: Identifier;
  private readonly lines: readonly Line[];
  private readonly byFormula: ReadonlyMap<Formula, Line>;
  private readonly wrongs = new Map<Line, Wrong>();

  constructor(
    private readonly model: Model,
    private readonly formulas: readonly Formula[],
    private readonly sites: Sites,
    /** The model with names for all sizes, which right statements are told in. */
    private readonly general: Model = model,
    private readonly late: LateConstants = NOTHING_LATE,
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
    const intentions = new Map<Formula, Quantity>();
    for (;;) {
      const lines = readLines(model, script, formulas, intentions, judges, all);
      const holds = (line: Line): Quantity | undefined => {
        const identity = this.identifier.identify({ ...line, written: line.corrected });
        return identity?.isExact ? identity.derivativeBy : undefined;
      };
      const found = findIntention(model, script, lines, quick, holds);
      if (!found) return lines;
      intentions.set(...found);
    }
  }

  /**
   * Judged again where constants are put in late: as the lines show it, or, where several are at
   * fault, as the fewest would be.
   */
  withLateConstants(): FormulaCheckRun {
    const { model, lines, sites } = this;
    let best = this.short(lateConstants(model, lines, sites));
    const wrong = new Set(this.wrongClaims);
    for (const late of assumedConstants(model, lines)) {
      if (best.faults.length < 2) break;
      const run = this.short(late);
      const spoilsNone = run.wrongClaims.every((one) => wrong.has(one));
      if (spoilsNone && run.faults.length < best.faults.length) best = run;
    }
    return best;
  }

  private short(late: LateConstants): FormulaCheckRun {
    if (late.size === 0) return this;
    const { model, formulas, sites, general } = this;
    return new FormulaCheckRun(model, formulas, withoutConstants(sites, late), general, late);
  }

  /** The statements that have faults of their own. */
  get faults(): readonly Formula[] {
    return this.lines.filter((line) => this.isAtFault(line)).map(({ formula }) => formula);
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

  /**
   * How much is known of the first line at fault: 2 where a variant of it is right, 1 where a mistake explains its
   * numbers, 0 where nothing does.
   */
  get clarity(): 0 | 1 | 2 {
    const first = this.lines.find((line) => this.isAtFault(line));
    if (!first) return 0;
    const { repair, diagnosis } = this.wrong(first);
    if (repair !== undefined) return 2;
    return diagnosis.some(({ cause }) => cause === "unknown" || cause === "shape") ? 0 : 1;
  }

  /** Whether more digits could decide a line that they ought to; a given point may be extreme. */
  get lacksDigits(): boolean {
    const { given } = this.sites;
    return this.lines.some((line) =>
      [...line.comparisons].some(
        ([site, { agreement }]) =>
          agreement === "undecided" &&
          site.precision.isPrecise &&
          (site !== given || isUndecided(line)),
      ),
    );
  }

  result(): FormulaResult {
    const { model, script, sites, lines } = this;
    const checked = this.lines.filter(
      ({ formula, written }) => formula.claims ?? written.kind === "misshapen",
    );
    const checks = checked.map((line) => this.checkOf(line));
    const claimed = checked.flatMap(({ formula }) => formula.claims ?? []);
    const first = this.lines.find((line) => this.isAtFault(line));
    return {
      ok: checks.every(({ ok }) => ok),
      checks,
      order: inBackwardOrder(Backward.of(model), claimed).map(({ name }) => name),
      lines: this.lines.map((line) => this.lineOf(line)),
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
      notes: [
        ...lateNotes(model, this.late),
        ...formulaNotes(model, script, sites, lines, (line) => this.originOf(line)),
      ],
    };
  }

  // ————— faults —————

  /** Whether a fault arises in a line. */
  private isAtFault(line: Line): boolean {
    if (isRight(line) || isUndecided(line)) return false;
    if (!line.intended) return line.corrected.kind === "misshapen";
    return line.decisionAlone === "wrong" && line.corrected.kind !== "blocked";
  }

  private wrong(line: Line): Wrong {
    const known = this.wrongs.get(line);
    if (known) return known;
    const wrong = this.explained(line);
    this.wrongs.set(line, wrong);
    return wrong;
  }

  private explained(line: Line): Wrong {
    if (isUndecided(line)) {
      return { diagnosis: [this.indecision(line)], repair: undefined, origin: undefined };
    }
    const origin = this.originOf(line);
    const inherited = origin && this.inherited(origin);
    if (inherited && !this.isAtFault(line)) {
      return { diagnosis: inherited, repair: undefined, origin: origin.formula };
    }
    const { model, sites } = this;
    const identity = this.identifier.identify({ ...line, written: line.corrected });
    const explained = explain(
      model,
      line,
      identity,
      this.repairerOf(line),
      sites.judges,
      line.intended && this.late.get(line.intended),
      derivativesIn(line, this.byFormula),
    );
    // two faults: its own, and what it takes over
    const more = inherited ?? [];
    return { ...explained, diagnosis: [...explained.diagnosis, ...more], origin: undefined };
  }

  private indecision({ formula: { name } }: Line): Diagnosis {
    const used = new Set(this.sites.judges.map(({ precision }) => precision.text));
    const text =
      `${name} cannot be decided: computed with ${[...used].join(" or ")}, it is not known well ` +
      `enough to be compared, because large terms cancel in it; write it without them`;
    return { cause: "unknown", text, explanation: 1 };
  }

  /** The first explanation of another line, as it is told of those that follow from it. */
  private inherited(origin: Line): Diagnosis[] {
    const { line, name } = origin.formula;
    return this.wrong(origin)
      .diagnosis.filter(({ explanation }) => explanation === 1)
      .map((one) => ({
        ...one,
        ...(origin.intended ? { arisesIn: origin.intended.name } : {}),
        text: `follows from line ${line} (${name}): ${one.text}`,
      }));
  }

  /** The first line at fault among those that a line uses, directly or by others. */
  private originOf(line: Line): Line | undefined {
    const reached = new Set<Formula>();
    const visit = (one: Line): void => {
      for (const used of one.uses) {
        if (reached.has(used)) continue;
        reached.add(used);
        // what is right although it uses something wrong passes nothing on
        const next = this.byFormula.get(used)!;
        if (!next.intended || next.decision !== "right") visit(next);
      }
    };
    visit(line);
    return this.lines.find((one) => reached.has(one.formula) && this.isAtFault(one));
  }

  /** Undefined for what claims nothing, or has no value to begin with. */
  private repairerOf(line: Line): Repairer | undefined {
    const { formula, intended: target, scope, corrected } = line;
    if (!target || corrected.kind === "blocked") return undefined;
    const shape = corrected.kind === "valued" ? corrected.reading.quantity.shape : undefined;
    const { quick, judges } = this.sites;
    const around = this.vocabulary.around(this.script, line, this.lines);
    const { expression } = formula.statement;
    const task = { expression, name: formula.name, target, shape, scope, around };
    return new Repairer(this.script, quick, judges, task);
  }

  // ————— results —————

  private checkOf(line: Line): FormulaCheck {
    const { formula } = line;
    const ok = isRight(line);
    const wrong = ok ? undefined : this.wrong(line);
    const held = this.identifier.identify(line);
    return {
      name: formula.claims?.name ?? formula.name,
      ok,
      ...undecidedOf(line),
      ...numbersOf(line, ok, this.sites),
      diagnosis: wrong?.diagnosis ?? [],
      point: pointOf(line, ok, this.sites),
      line: formula.line,
      statement: formula.statement.text,
      ...(held ? { holds: held.text } : {}),
      ...(wrong?.origin ? { followsFrom: reference(wrong.origin) } : {}),
      ...(wrong && !wrong.origin && !isUndecided(line) ? this.remedyOf(line) : {}),
    };
  }

  /** The repair, and the right statement in terms of those above it. */
  private remedyOf(line: Line): Remedy {
    const { repair } = this.wrong(line);
    const told = repair === undefined ? {} : { repair };
    if (!line.intended) return told;
    const above = this.lines.slice(0, this.lines.indexOf(line));
    const named = ({ name }: Quantity): Quantity => this.general.scope.get(name)!.quantity!;
    const known = new Map(
      above.flatMap(({ intended: of, formula }) =>
        of ? [[named(of), formula.name] as const] : [],
      ),
    );
    const right = rightFormula(this.general, named(line.intended), known);
    const expression = right && inConstants(right, line, this.late, this.script, this.sites.judges);
    if (!expression) return told;
    // a statement that claims nothing keeps its own name
    const own = `${line.formula.name} = ${printSyntax(expression)}`;
    const matrix = [...right.before, right].map((one) => one.matrix);
    return { ...told, right: [...right.before.map(({ text }) => text), own], matrix };
  }

  private lineOf(line: Line): FormulaLine {
    const { formula, intended } = line;
    const held = this.identifier.identify(line);
    return {
      ...reference(formula),
      statement: formula.statement.text,
      ...(held ? { holds: held.text } : {}),
      ...(intended ? { intended: intended.name } : {}),
      ok: isRight(line),
      ...undecidedOf(line),
    };
  }
}

function undecidedOf(line: Line): Undecided {
  return isUndecided(line) ? { undecided: true } : {};
}

function reference({ line, name }: Formula): LineReference {
  return { line, name };
}
