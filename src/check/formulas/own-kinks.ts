/**
 * Formulas that switch elsewhere than the model does: r > d for |r| > d is right wherever no r is below -d. Such
 * points tell nothing, and most are such points: where pieces change is looked for between points, along lines.
 */
import { axisLetter } from "../../expression/definition.js";
import type { Expression } from "../../expression/expression.js";
import type { Graph } from "../../expression/graph.js";
import { Index } from "../../expression/indices.js";
import type { Quantity } from "../../expression/quantity.js";
import { postorder } from "../../expression/walk.js";
import type { Model } from "../../language/model.js";
import { type CheckedPoint, type Point, pointOf, readPoint } from "../../language/point.js";
import { InputError } from "../../language/source.js";
import { kinksAmong } from "../../numeric/pieces.js";
import { randomPoint } from "../../numeric/random.js";
import { Watcher, watchesOf } from "../../numeric/watch.js";
import type { Syntax } from "../../language/syntax.js";
import { type LateConstants, shortSite } from "./late.js";
import { type Intention, isRight, type Line, readLines } from "./lines.js";
import { Script } from "./script.js";
import { type Site, siteAt, siteProgram } from "./site.js";
import type { Formula } from "./statements.js";

/** Lines between points along which is looked; seeds of points that decide nothing else. */
const LINES = 4;
const FIRST_SEED = 5000;
/** How many times as large as usual parameters are at the far end. */
const FAR = 4;
/** Places on a line that are compared with the next one, and halvings of what is between two of them. */
const PLACES = 16;
const HALVINGS = 9;
/** How far from where a piece begins is tried on both sides, of the distance between two places. */
const ASIDE = 1 / 32;
/** Crossings of one kink on one line that are tried. */
const CROSSINGS = 2;
/** Operations of larger models take too long. */
const MOST_WORK = 2e5;
/** Points that are wanted. */
const MOST_FOUND = 3;

/** Random points where other data decide; like a given one, if there is such. */
export interface Draws {
  readonly seed: number;
  readonly like: Point | undefined;
}

/**
 * Points at which a claim is wrong that is right at others and has conditions of its own.
 * @param lines as they were judged
 */
export function contradicting(
  model: Model,
  formulas: readonly Formula[],
  lines: readonly Line[],
  draws: Draws,
): Point[] {
  const claims = lines.filter((line) => line.intended && isRight(line));
  if (claims.length === 0 || !hasOwnKinks(model, lines)) return [];
  const sites = [...sitesNearKinks(model, lines, draws)];
  if (sites.length === 0) return [];
  const again = readLines(model, new Script(model, formulas), formulas, new Map(), sites, sites);
  const known = new Set(claims.map(({ formula }) => formula));
  const doubted = again.filter(({ formula }) => known.has(formula));
  const found = sites.filter((site) =>
    doubted.some(({ comparisons }) => comparisons.get(site)?.agreement === "differs"),
  );
  // such that lie apart tell more than neighbours
  const apart = Math.max(1, Math.floor(found.length / MOST_FOUND));
  return found
    .filter((_, k) => k % apart === 0)
    .slice(0, MOST_FOUND)
    .map(({ at }) => at);
}

/**
 * Whether a statement, put in place of one that claims something, is also right on both sides of its own kinks.
 * @param sites one point at least, at which the statements are read
 */
export function holdsNearKinks(
  model: Model,
  formulas: readonly Formula[],
  instead: readonly [Formula, Syntax],
  intentions: ReadonlyMap<Formula, Intention>,
  sites: readonly Site[],
  { draws, late }: { readonly draws: Draws; readonly late: LateConstants },
): boolean {
  const [formula, expression] = instead;
  const above = formulas.slice(0, formulas.indexOf(formula));
  const other: Formula = { ...formula, statement: { ...formula.statement, expression } };
  const meant = new Map(intentions);
  const own = intentions.get(formula);
  if (own) meant.set(other, own);
  const all = [...above, other];
  const read = (at: readonly Site[]): readonly Line[] =>
    readLines(model, new Script(model, all), all, meant, at, at);
  const lines = read(sites.slice(0, 1));
  if (!hasOwnKinks(model, lines.slice(-1))) return true;
  const near = [...sitesNearKinks(model, lines, draws)].map((site) => shortSite(site, late));
  if (near.length === 0) return true;
  const { comparisons, decisionAlone } = read(near).at(-1)!;
  return comparisons.size === 0 || decisionAlone !== "wrong";
}

/** Whether some statement has a kink where no statement of the model has one. */
function hasOwnKinks(model: Model, lines: readonly Line[]): boolean {
  const { graph } = model;
  const kinks = watchesOf(model).filter(({ kind }) => kind === "kink");
  const known = new Set(kinks.flatMap(({ subject }) => formsOf(graph, subject)));
  const clauses = lines.flatMap((line) => definitionsOf(line)).flatMap((one) => one.clauses);
  const nodes = postorder(
    clauses.map(({ body }) => body),
    (one: Expression) => one.children,
  );
  return nodes.some((node) => {
    if (node.kind !== "apply") return false;
    const subjects = node.operation.kinks?.(graph, ...node.children) ?? [];
    return subjects.some(
      (subject) => subject.kind !== "number" && !known.has(formsOf(graph, subject)[0]!),
    );
  });
}

function definitionsOf({ written }: Line) {
  return written.kind === "valued" ? written.reading.written : [];
}

/** What is 0 at a kink, with either sign, whatever its letters are. */
function formsOf(graph: Graph, subject: Expression): Expression[] {
  const renaming = subject.free.map(
    ({ key, size }, k) => [key, Index.of(axisLetter(k, size))] as const,
  );
  const form = graph.substitute(subject, new Map(renaming));
  return [form, graph.negate(form)];
}

/** On both sides of where the model, or a statement, goes from one piece to another. */
function* sitesNearKinks(
  model: Model,
  lines: readonly Line[],
  { seed, like }: Draws,
): Generator<Site> {
  const program = siteProgram(model);
  const statements = lines.flatMap((line) => definitionsOf(line));
  const written: Model = { ...model, definitions: [...model.definitions, ...statements] };
  for (let k = 0; k < LINES; k++) {
    const line = possibly(
      () =>
        new Segment(
          model,
          written,
          (seed + FIRST_SEED + 2 * k) % 2 ** 32,
          like && readPoint(model, like),
        ),
    );
    if (!line || line.work > MOST_WORK) return;
    for (const place of line.nearKinks()) {
      const site = possibly(() => siteAt(model, program, line.pointAt(place)));
      if (site) yield site;
    }
  }
}

/** The points between two that have the same data and other parameters. */
class Segment {
  private readonly from: CheckedPoint;
  private readonly to: CheckedPoint;
  private readonly watcher: Watcher;

  /**
   * @param written the model with the statements, whose kinks are looked at too
   * @throws InputError where no point is found
   */
  constructor(
    private readonly model: Model,
    written: Model,
    seed: number,
    like: CheckedPoint | undefined,
  ) {
    this.from = readPoint(model, randomPoint(model, { seed, like }));
    const sizes = Object.fromEntries(this.from.sizes);
    const far = { seed: (seed + 1) % 2 ** 32, sizes, like, spread: FAR };
    this.to = readPoint(model, randomPoint(model, far));
    this.watcher = new Watcher(written, this.from.sizes);
  }

  get work(): number {
    return this.watcher.work;
  }

  pointAt(place: number): Point {
    return pointOf(this.model, { ...this.from, entries: this.entriesAt(place) });
  }

  /** Places between 0 and 1. */
  *nearKinks(): Generator<number> {
    const places = Array.from({ length: PLACES + 1 }, (_, k) => k / PLACES);
    const values = places.map((place) => this.kinksAt(place));
    const [first] = values;
    for (const kink of first!.keys()) {
      let found = 0;
      for (let k = 1; k < places.length && found < CROSSINGS; k++) {
        const [before, after] = [values[k - 1]![kink]!, values[k]![kink]!];
        const entry = Array.from(before).findIndex((one, at) => one * after[at]! < 0);
        if (entry < 0) continue;
        found++;
        const place = this.crossing(kink, entry, places[k - 1]!, places[k]!);
        for (const side of [-1, 1]) yield place + (side * ASIDE) / PLACES;
      }
    }
  }

  private crossing(kink: number, entry: number, low: number, high: number): number {
    const valueAt = (place: number): number => this.kinksAt(place)[kink]![entry]!;
    const start = Math.sign(valueAt(low));
    let [from, to] = [low, high];
    for (let k = 0; k < HALVINGS; k++) {
      const middle = (from + to) / 2;
      if (Math.sign(valueAt(middle)) === start) from = middle;
      else to = middle;
    }
    return (from + to) / 2;
  }

  private kinksAt(place: number): readonly ArrayLike<number>[] {
    return kinksAmong(this.watcher.at(this.entriesAt(place)).watched).map(({ values }) => values);
  }

  private entriesAt(place: number): ReadonlyMap<Quantity, Float64Array> {
    const { from, to } = this;
    const moved = this.model.params.map((param) => {
      const far = to.entries.get(param)!;
      const near = from.entries.get(param)!;
      return [param, near.map((one, k) => one + place * (far[k]! - one))] as const;
    });
    return new Map([...from.entries, ...moved]);
  }
}

/** Undefined where no point is found, or the model has no finite derivative there. */
function possibly<Found>(find: () => Found): Found | undefined {
  try {
    return find();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return undefined;
  }
}
