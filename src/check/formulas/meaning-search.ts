/** The search for what statements that claim nothing would have to be for the claims that use them to be right. */
import { Fraction } from "fraction.js";
import type { Model } from "../../language/model.js";
import { namesIn } from "../../language/syntax.js";
import { type Candidate, type Candidates, isExactDerivative, type Meaning } from "./candidates.js";
import { familiesOf, type FamilyMeaning, meaningsAlong } from "./families.js";
import { claimsUsing, type Effect, Effects, PARTIAL, type Tolerance, WHOLE } from "./intentions.js";
import type { LateConstants } from "./late.js";
import { derivativesIn, type Line, type Mended, wantedOf } from "./lines.js";
import type { Mendings } from "./mending.js";
import type { Script } from "./script.js";
import type { Site } from "./site.js";
import type { Formula } from "./statements.js";
import { type Late, MINUS, negative, rationalConstant } from "./usual-constants.js";
import { constantValue } from "./variants/factors.js";
import { spotsOf } from "./variants/variant.js";

/** Statements whose meanings are sought together, and how many meanings are tried for each, and for two of them. */
const MOST_HELPERS = 16;
const MOST_TRIED = 160;
const MOST_PARTIAL = 60;
const MOST_PAIRS = 1000;
/** A claim that is right because it undoes a mistake would be wrong without it. */
const UNDONE: Tolerance = { ...PARTIAL, mostSpoilt: 1 };
/** Loops whose lines are taken together. */
const MOST_FAMILIES = 12;

/** A statement that wrong claims use, and what it might be, the likeliest first. */
interface Open {
  readonly line: Line;
  readonly candidates: readonly Candidate[];
}

export class MeaningSearch {
  readonly found = new Map<Formula, Meaning>();
  readonly mended = new Map<Formula, Mended>();
  readonly doubtful = new Map<Formula, Meaning>();
  private readonly byFormula: ReadonlyMap<Formula, Line>;
  private readonly effects: Effects;

  constructor(
    private readonly model: Model,
    private readonly script: Script,
    private readonly lines: readonly Line[],
    private readonly candidates: Candidates,
    private readonly held: ReadonlyMap<Formula, Meaning>,
    private readonly sites: readonly Site[],
    private readonly late: LateConstants,
    private readonly mendings: Mendings,
    private readonly isOneMistake: (claim: Line) => boolean,
  ) {
    this.byFormula = new Map(lines.map((line) => [line.formula, line]));
    this.effects = new Effects(script, lines, sites);
  }

  /**
   * What explains all wrong claims that use a statement, in order, as a derivative, as a value, together with the same
   * statement of the other steps of a loop, or with one mistake less; then what explains some, then two together.
   * What is exactly a derivative comes last: it is right, unless nothing else is wrong.
   */
  run(helpers: readonly Line[]): void {
    const [others, exact] = [false, true].map((wanted) =>
      this.doubted(helpers).filter((line) => this.isExact(line) === wanted),
    );
    const doubted = [...others!, ...exact!];
    const left: Open[] = [];
    for (const line of doubted) {
      if (!this.hasUnexplained(line)) continue;
      const open: Open = { line, candidates: this.candidatesOf(line) };
      const whole = open.candidates.find((one) => this.effect(line, one, WHOLE).isWhole);
      if (whole) this.found.set(line.formula, whole);
      else left.push(open);
    }
    if (left.length > 1) this.findFamilies(helpers);
    for (const { line } of left) {
      if (this.held.has(line.formula) || !this.hasUnexplained(line)) continue;
      const mended = this.mendings.of(line, this.effects);
      if (mended) this.mended.set(line.formula, mended);
    }
    const unexplained = left.filter((open) => {
      const best = this.hasUnexplained(open.line) ? this.best(open) : undefined;
      if (best) this.found.set(open.line.formula, best);
      return !best && !this.held.has(open.line.formula) && this.hasUnexplained(open.line);
    });
    this.findPairs(unexplained);
    for (const open of left) {
      if (!this.held.has(open.line.formula) || !this.hasUnexplained(open.line)) continue;
      const other = this.lessWrong(open);
      if (other) this.doubtful.set(open.line.formula, other);
    }
  }

  /** Whether a wrong claim uses a line and none whose meaning was found. */
  private hasUnexplained(line: Line): boolean {
    const { lines, found, mended, byFormula } = this;
    const explained = new Set(
      [...found.keys(), ...mended.keys()].flatMap((formula) =>
        claimsUsing(lines, byFormula.get(formula)!),
      ),
    );
    return this.wrongUsers(line).some((one) => !explained.has(one));
  }

  /** The wrong claims that use a line, and what is meant as something that rids it of a number. */
  private wrongUsers(line: Line): Line[] {
    const isAsked = ({ formula: { claims }, uses }: Line): boolean =>
      claims !== undefined || (uses.includes(line.formula) && this.undone(line).length > 0);
    return claimsUsing(this.lines, line).filter((one) => isWrong(one) && isAsked(one));
  }

  private effect(line: Line, meaning: Candidate, tolerance: Tolerance): Effect {
    return this.effects.of(new Map([[line, meaning]]), tolerance);
  }

  /** Those that may be why claims are wrong, in order: of many those nearest to the first wrong claim. */
  private doubted(helpers: readonly Line[]): readonly Line[] {
    const { lines } = this;
    const first = lines.findIndex(isWrong);
    const distance = (line: Line): number => {
      const before = first - lines.indexOf(line);
      return before < 0 ? lines.length - before : before;
    };
    const near = helpers
      .filter((line) => this.isDoubted(line))
      .sort((a, b) => distance(a) - distance(b))
      .slice(0, MOST_HELPERS);
    return helpers.filter((line) => near.includes(line));
  }

  /**
   * What is something is doubted where its constant comes in, where several claims ask for something else, and where
   * the one that does is more than one mistake away from what it claims.
   */
  private isDoubted(line: Line): boolean {
    const wrong = this.wrongUsers(line);
    const held = this.held.get(line.formula);
    if (!held) return wrong.length > 0;
    const text = held.late?.text;
    const isOwn = !text || this.constantsAbove(line).some((one) => one.text === text);
    const [user, ...others] = wrong;
    return user !== undefined && (others.length > 0 || !isOwn || !this.isOneMistake(user));
  }

  /** Whether a line is a derivative as it stands, of whatever. */
  private isExact({ formula }: Line): boolean {
    const held = this.held.get(formula);
    return held !== undefined && isExactDerivative(held);
  }

  /** The constants of derivatives that a line is computed from. */
  private constantsAbove(line: Line): Late[] {
    const { held, found, late, byFormula } = this;
    return line.uses.flatMap((used) => {
      const known = found.get(used) ?? held.get(used);
      const { intended } = byFormula.get(used)!;
      const own = known?.late ?? (intended && late.get(intended));
      if (own) return [own];
      return known || intended ? [] : this.constantsAbove(byFormula.get(used)!);
    });
  }

  private candidatesOf(line: Line): readonly Candidate[] {
    const { candidates, lines, late, byFormula } = this;
    const used = [...derivativesIn(line, byFormula)].map(({ name }) => name);
    const above = this.constantsAbove(line);
    const shown = [...this.held.values()].flatMap((one) => one.late ?? []);
    const others = [...late.values(), ...shown, ...this.undone(line), ...this.spoken(line)];
    const constants = new Map(
      [...above, undefined, ...others].map((one) => [one?.text, one] as const),
    );
    const claimed = new Set(lines.flatMap(({ formula: { claims } }) => claims?.name ?? []));
    return candidates
      .of(line, [...constants.values()], used)
      .filter(({ name, isValue }) => isValue || !claimed.has(name))
      .slice(0, MOST_TRIED);
  }

  /** The numbers that lines divide by to be rid of them: 7 for k / 7. */
  private undone({ formula }: Line): readonly Late[] {
    const users = this.lines.filter(({ uses }) => uses.includes(formula));
    const nodes = users.flatMap((one) => spotsOf(one.formula.statement.expression));
    return nodes.flatMap(({ node }) => {
      const isQuotient =
        node.kind === "binary" && (node.operator === "/" || node.operator === "./");
      if (!isQuotient || !namesIn(node.left).has(formula.name)) return [];
      const number = constantValue(node.right);
      return number ? [rationalConstant(new Fraction(number))] : [];
    });
  }

  /** The usual constants whose sizes the claims that use a line speak of, with either sign where they have signs. */
  private spoken(line: Line): readonly Late[] {
    const { model } = this;
    const names = new Set<string>();
    let hasSigns = false;
    for (const { formula } of claimsUsing(this.lines, line)) {
      const { expression } = formula.statement;
      const nodes = spotsOf(expression).map(({ node }) => node);
      const isMean = nodes.some((node) => node.kind === "call" && node.name === "mean");
      hasSigns ||= nodes.some((node) => node.kind === "unary" && node.operator === "-");
      for (const name of isMean ? model.sizes : namesIn(expression)) names.add(name);
    }
    const positive = this.candidates.usual.filter(({ syntax }) => {
      const own = [...namesIn(syntax)];
      return own.length > 0 && own.every((name) => names.has(name));
    });
    return hasSigns ? [...positive, MINUS, ...positive.map(negative)] : positive;
  }

  /** What mends most claims, and spoils none: of what is something already, several. */
  private best({ line, candidates }: Open): Candidate | undefined {
    const fewest = this.held.has(line.formula) ? 2 : 1;
    const tried = candidates.slice(0, MOST_PARTIAL);
    return mostMending(tried, fewest, (one) => this.effect(line, one, PARTIAL));
  }

  /**
   * What makes a claim right beside others with mistakes of their own; or several, where one undoes the mistake and
   * is right as it stands.
   */
  private lessWrong({ line, candidates }: Open): Candidate | undefined {
    const wrong = this.wrongUsers(line).length;
    let [best, most]: [Candidate | undefined, number] = [undefined, 0];
    for (const one of candidates.slice(0, MOST_PARTIAL)) {
      const { mends, spoils } = this.effect(line, one, UNDONE);
      const isLess = spoils === 0 ? mends < wrong : mends > spoils + 1;
      if (isLess && mends - spoils > most) [best, most] = [one, mends - spoils];
    }
    return best;
  }

  /**
   * What explains all wrong claims that use the lines of a loop, if all of these are what they ought to be; or those
   * of two; or some of them.
   */
  private findFamilies(helpers: readonly Line[]): void {
    const families = familiesOf(helpers.filter((line) => this.hasUnexplained(line)))
      .slice(0, MOST_FAMILIES)
      .map((family) => meaningsAlong(family, (line) => this.candidatesOf(line)));
    const singles = families.flat();
    const isWhole = (meanings: FamilyMeaning): boolean => this.effects.of(meanings).isWhole;
    const found =
      singles.find(isWhole) ??
      pairsAmong(families.map((family) => family.filter(isDerivative)))
        .slice(0, MOST_PAIRS)
        .map(([one, other]) => new Map([...one, ...other]))
        .find(isWhole) ??
      mostMending(singles, 2, (meanings) => this.effects.of(meanings, PARTIAL));
    for (const [{ formula }, meaning] of found ?? []) this.found.set(formula, meaning);
  }

  private findPairs(open: readonly Open[]): void {
    const { effects, lines, found } = this;
    const left = new Set(open);
    const mends = (assumed: ReadonlyMap<Line, Candidate>): boolean => {
      const effect = effects.of(assumed, PARTIAL);
      return effect.mends > 0 && effect.spoils === 0;
    };
    let tried = 0;
    for (const one of left) {
      for (const other of left) {
        if (lines.indexOf(one.line) >= lines.indexOf(other.line)) continue;
        const [ofOne, ofOther] = [one, other].map(likely);
        const pair = pairsAmong([ofOne!, ofOther!]).find(
          ([a, b]) => tried++ < MOST_PAIRS && mends(new Map([[one.line, a]]).set(other.line, b)),
        );
        if (!pair) continue;
        found.set(one.line.formula, pair[0]).set(other.line.formula, pair[1]);
        left.delete(one);
        left.delete(other);
      }
    }
  }
}

/** Whether a line is known to be meant as something that it is not. */
function isWrong(line: Line): boolean {
  return wantedOf(line) !== undefined && line.decisionAlone === "wrong";
}

/** Derivatives with the first of the constants. */
function likely({ candidates }: Open): readonly Candidate[] {
  const constant = candidates[0]?.late;
  return candidates.filter(({ isValue, late }) => !isValue && late === constant);
}

/** What mends most claims, of those that mend so many or more and spoil none. */
function mostMending<Thing>(
  things: readonly Thing[],
  fewest: number,
  effectOf: (one: Thing) => Effect,
): Thing | undefined {
  let [best, most]: [Thing | undefined, number] = [undefined, fewest - 1];
  for (const one of things) {
    const { spoils, mends } = effectOf(one);
    if (spoils === 0 && mends > most) [best, most] = [one, mends];
  }
  return best;
}

function isDerivative(meanings: FamilyMeaning): boolean {
  return [...meanings.values()].every(({ isValue }) => !isValue);
}

/** One of each of any two lists, the first of both before the others. */
function pairsAmong<Thing>(lists: readonly (readonly Thing[])[]): (readonly [Thing, Thing])[] {
  return lists
    .flatMap((a, k) =>
      lists
        .slice(k + 1)
        .flatMap((b) =>
          a.flatMap((one, n) =>
            b.map((other, m) => ({ pair: [one, other] as const, rank: n + m })),
          ),
        ),
    )
    .sort((one, other) => one.rank - other.rank)
    .map(({ pair }) => pair);
}
