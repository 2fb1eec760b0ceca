/** Right statements that have another value than the convention at a kink of the model itself. */
import { axisLetter, fullClause } from "../../expression/definition.js";
import type { Expression } from "../../expression/expression.js";
import { Index } from "../../expression/indices.js";
import type { Quantity } from "../../expression/quantity.js";
import { operations } from "../../expression/operations/index.js";
import { postorder } from "../../expression/walk.js";
import type { Model } from "../../language/model.js";
import { type Point, readPoint } from "../../language/point.js";
import { printSyntax } from "../../language/print.js";
import { InputError, type Place } from "../../language/source.js";
import { type BinarySyntax, parts, type Syntax } from "../../language/syntax.js";
import { Plans } from "../../numeric/interpret.js";
import { Lowering } from "../../numeric/lower.js";
import { watchesOf } from "../../numeric/watch.js";
import type { Watch } from "../../numeric/watches.js";
import { modelText } from "../explanations/words.js";
import { placesAtKink } from "./at-kinks.js";
import { DIGITS } from "./agreement.js";
import { type LateConstants, shortSite } from "./late.js";
import { type Intention, isRight, type Line, readLines, wantedOf } from "./lines.js";
import type { Sites } from "./points.js";
import type { Script } from "./script.js";
import { type Site, SiteMaker } from "./site.js";
import type { Formula } from "./statements.js";

/** Kinks that are looked at, and places that are tried for each. */
const MOST_KINKS = 8;
const MOST_PLACES = 4;

/**
 * Notes on right statements that differ from the convention where something is 0 that decides between two pieces: what is
 * compared is the value there, whatever it is made of.
 * @param lines as they were judged
 * @param holds the derivative that a line is recognised as
 */
export function conventionNotes(
  model: Model,
  script: Script,
  sites: Sites,
  lines: readonly Line[],
  late: LateConstants,
  holds: (line: Line) => Quantity | undefined,
): string[] {
  const [near] = sites.judges;
  const right = lines.filter(isRight);
  if (!near || !right.some(mayJump)) return [];
  const kinks = watchesOf(model).filter(({ kind }) => kind === "kink");
  const kinkSites = new KinkSites(model, script, lines, intentionsOf(right, holds), late);
  const found = kinks.slice(0, MOST_KINKS).map((watch) => {
    const there = kinkSites.differingAt(near.at, watch);
    const isOther = (line: Line): boolean =>
      mayJump(line) && there.some(({ formula }) => formula === line.formula);
    return { watch, differing: right.filter(isOther) };
  });
  return right.flatMap((line) => {
    const own = found.filter(({ differing }) => differing.includes(line));
    const notes = own.flatMap(({ watch }) => noteOf(model, script, line, watch) ?? []);
    return [...new Set(notes)];
  });
}

/** Evaluates statements at kinks. */
class KinkSites {
  private readonly maker: SiteMaker;

  constructor(
    private readonly model: Model,
    private readonly script: Script,
    private readonly lines: readonly Line[],
    private readonly intentions: ReadonlyMap<Formula, Intention>,
    private readonly late: LateConstants,
  ) {
    this.maker = new SiteMaker(model, DIGITS + 10);
  }

  /** The statements, all before them right, that are right beside a kink and not at it. */
  differingAt(near: Point, watch: Watch): readonly Line[] {
    const { model, script, lines, intentions } = this;
    const formulas = lines.map(({ formula }) => formula);
    const [first] = formulas;
    const wrongAt = (site: Site): readonly Line[] =>
      readLines(model, script, formulas, intentions, [site], [site]).filter(
        (line) => wantedOf(line) && line.decisionAlone === "wrong",
      );
    let tried = 0;
    for (const { at, beside } of placesAtKink(model, readPoint(model, near), watch)) {
      if (++tried > MOST_PLACES) return [];
      const site = this.site(() => this.maker.precise(at));
      if (!site || !isZero(model, watch, site, first!.statement.expression.place)) continue;
      const around = beside.flatMap((one) => this.site(() => this.maker.quick(one)) ?? []);
      if (around.length < beside.length) continue;
      const wrong = wrongAt(site);
      const anyway = new Set(
        wrong.length === 0 ? [] : around.flatMap(wrongAt).map(({ formula }) => formula),
      );
      return wrong.filter(({ formula }) => !anyway.has(formula));
    }
    return [];
  }

  /** Undefined where the model has no finite derivative. */
  private site(make: () => Site): Site | undefined {
    try {
      return shortSite(make(), this.late);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      return undefined;
    }
  }
}

/** Whether an entry of what is watched is 0 in numbers of many digits, too. */
function isZero({ graph }: Model, watch: Watch, site: Site, place: Place): boolean {
  const shape = watch.letters.map(({ size }) => size);
  const quantity: Quantity = { name: "kink", role: "auxiliary", shape };
  const renaming = new Map(
    watch.letters.map(({ key, size }, axis) => [key, Index.of(axisLetter(axis, size))]),
  );
  const body = graph.substitute(watch.subject, renaming);
  const lowering = new Lowering(graph);
  lowering.add({ quantity, clauses: [fullClause(shape, body)] });
  const { definitions } = lowering;
  const values = site.evaluate({
    quantity,
    definitions,
    written: definitions,
    plans: new Plans(),
    place,
    conditions: [],
    body,
  });
  return values.numbers.includes(0);
}

/** What right statements are. */
function intentionsOf(
  right: readonly Line[],
  holds: (line: Line) => Quantity | undefined,
): ReadonlyMap<Formula, Intention> {
  return new Map(
    right.flatMap((line): [Formula, Intention][] => {
      const { formula, intended, value } = line;
      const quantity = value ?? intended ?? holds(line);
      return quantity ? [[formula, { quantity, isValue: quantity === value }]] : [];
    }),
  );
}

/** Whether a statement can be another at a single place: by a comparison, a kink of its own, or a division. */
function mayJump({ formula: { statement } }: Line): boolean {
  return [...postorder<Syntax>([statement.expression], parts)].some((node) => {
    if (node.kind === "call") return operations.get(node.name)?.kinks !== undefined;
    if (node.kind !== "binary") return false;
    const isDivision = node.operator === "/" || node.operator === "./";
    return isDivision || operations.get(node.operator)?.kinks !== undefined;
  });
}

function noteOf(
  { graph }: Model,
  script: Script,
  line: Line,
  { subject, convention }: Watch,
): string | undefined {
  if (convention === undefined) return undefined;
  const { formula, scope } = line;
  const forms = [subject, graph.negate(subject)];
  const mask = closedMasks(formula.statement.expression).find(({ left, right }) => {
    const [above, below] = [left, right].map((side) => script.entries(side, scope));
    const difference = above && below && graph.subtract(above, below);
    return difference && forms.some((one) => isSame(one, difference));
  });
  const what = mask
    ? `${printSyntax(mask)} is 1 at the kink itself`
    : `${formula.name} has another value where an entry of ${modelText(subject)} is 0 itself`;
  return `line ${formula.line}: ${what}; here ${convention}`;
}

function closedMasks(expression: Syntax): BinarySyntax[] {
  return [...postorder<Syntax>([expression], parts)].filter(
    (node): node is BinarySyntax =>
      node.kind === "binary" && (node.operator === ">=" || node.operator === "<="),
  );
}

/** Equal expressions are one object; a quantity is the same whatever letters it is read with. */
function isSame(a: Expression, b: Expression): boolean {
  return a === b || (a.kind === "reference" && b.kind === "reference" && a.quantity === b.quantity);
}
