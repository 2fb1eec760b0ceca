/** The local derivatives: of every definition by what it uses directly, in general and by entries. */
import { casesOf } from "../calculus/cases.js";
import { hasLogistic } from "../calculus/logistic.js";
import { lettersAlong } from "../calculus/partial.js";
import { meetsOwnStep } from "../calculus/products.js";
import { isSettled, type Part, partsByTerms, partsOf } from "../calculus/parts.js";
import { solveDeltas } from "../calculus/solved-deltas.js";
import type { Expression } from "../expression/expression.js";
import type { Graph } from "../expression/graph.js";
import { everyPlace, Index, type Letter } from "../expression/indices.js";
import type { Quantity } from "../expression/quantity.js";
import { isZero } from "../expression/predicates.js";
import { namingSentences } from "../forms/naming.js";
import type { Partial, Route } from "../forms/route.js";
import { references, writtenLength } from "../expression/walk.js";
import { joined, said, type Sentence } from "../language/sentence.js";
import { Checker } from "./checker.js";
import { conventionsOf } from "./conventions.js";
import { logisticSentence } from "./functions.js";
import { meanSentences } from "./means.js";
import type { PassageData } from "./passage.js";
import { heldFixed, OWN_STEP } from "./sentences.js";
import { withSignsExplained } from "./signs.js";
import { chained, type Claim, scalar } from "./step.js";
import type { Workbench } from "./workbench.js";

/** Local derivatives with more entries than this that are not 0 are not listed entry by entry. */
const MOST_ENTRIES = 12;
/** Local derivatives of more symbols than this are left to the derivations that use them. */
const LONGEST = 120;

/**
 * Of every definition by every definition and parameter that it uses, in the order of the definitions.
 * @param asked what the loss is differentiated by: what is not on the way to it is left out
 */
export function localDerivatives(
  workbench: Workbench,
  asked: readonly Quantity[] = workbench.model.params,
): PassageData {
  const { model } = workbench;
  const known = new Map<string, { readonly route: Route; readonly partial: Partial }>();
  for (const quantity of asked) {
    const route = workbench.route(quantity);
    for (const partial of route.partials) {
      const { name } = partial.quantity;
      if (!known.has(name)) known.set(name, { route, partial });
    }
  }
  const order = new Map(model.definitions.map(({ quantity }, position) => [quantity, position]));
  const sorted = [...known.values()].sort(
    (a, b) => order.get(a.partial.numerator)! - order.get(b.partial.numerator)!,
  );
  const sites = workbench.sites(false);
  const steps = sorted.flatMap(({ route, partial }) => {
    const inlined = (one: Expression): Expression => route.inlined(one);
    const { graph, definitions } = model;
    const checker = new Checker(graph, sites, { inlined, definitions });
    return claimsOf(route, partial).flatMap((claim) => checker.check(claim) ?? []);
  });
  return { steps: withSignsExplained(chained(steps), model), numbers: undefined };
}

function claimsOf(route: Route, partial: Partial): Claim[] {
  const { graph } = route.model;
  const { numerator, of, pinned, quantity } = partial;
  const outer = lettersAlong("p", numerator.shape);
  const inner = lettersAlong("q", of.shape);
  const indices = [...outer.indices.map((index) => index.substitute(pinned)), ...inner.indices];
  const letters = lettersInOrder(partial, indices, inner.letters);
  const whole = solveDeltas(graph, route.partialAt(quantity, indices));
  if (isZero(whole) || writtenLength(whole) > LONGEST) return [];
  const found = partsOf(graph, whole, letters);
  const all = found.every(isSettled) ? found : (partsByTerms(graph, whole, letters) ?? found);
  const parts = all.filter(({ expression }) => !isZero(expression));
  const isPartial = pinned.size > 0 || parts.length < all.length || all !== found;
  const why = joined([
    heldFixed(numerator, of),
    ...(isPartial && letters.length > 0 ? [said`All other entries are 0.`] : []),
    ...conventionsOf(route, numerator, of),
    ...meanSentences(route, [numerator], of, whole),
  ]);
  const left = graph.reference(quantity, indices);
  const lines = parts.map((part): Line => {
    const { places, letters: own, expression } = all.length > 1 ? alongDiagonal(graph, part) : part;
    return { left: graph.substitute(left, places), right: expression, letters: own };
  });
  const general = lines.map((line) => generalClaims(route, line, why));
  const shorter = lines.map((line) => shortened(route, line));
  return [
    ...inOneDisplay(general),
    ...shorter.flatMap(({ claims }) => claims),
    ...entryClaims(shorter.map(({ line }) => entriesOf(graph, line))),
  ];
}

/**
 * The letters of ∂u/∂v at some indices, in the order in which they are told and named: those of u as its definition has
 * them, ∂a[t,i]/∂s[t,j], but entry by entry of a parameter with no fewer axes than u, ∂z[i,k]/∂w[i,j].
 */
function lettersInOrder(
  { pinned, outer, of }: Partial,
  indices: readonly Index[],
  inner: readonly Letter[],
): readonly Letter[] {
  const isByEntries = of.role === "parameter" && pinned.size > 0 && outer.length <= inner.length;
  return isByEntries
    ? [...inner, ...outer.filter(({ key }) => !pinned.has(key))]
    : [...new Set(indices.flatMap((index) => index.letters))];
}

/** Lines of the parts of one derivative: what is said of them is said once, and of all. */
function inOneDisplay(parts: readonly (readonly Claim[])[]): Claim[] {
  return parts
    .filter((claims) => claims.length > 0)
    .flatMap(([first, ...others], position) =>
      position > 0 ? [{ ...first!, continues: true }, ...others] : [first!, ...others],
    );
}

/**
 * A general line: before the slopes of activations are put in, σ′(z) before σ(z)(1 − σ(z)); then in
 * terms of what its definition is made of; then, where others have names for that, with these.
 */
function generalClaims(route: Route, { left, right, letters }: Line, why: Sentence): Claim[] {
  const claim = { rule: "local derivative", why, left: scalar(left), letters } as const;
  if (left.kind !== "reference") return [{ ...claim, right: scalar(right) }];
  const { graph } = route.model;
  const { quantity, indices } = left;
  const sloped = route.slopedAt(quantity, indices);
  const before = [
    sloped,
    route.openedAt(quantity, indices),
    route.ownTermsAt(quantity, indices),
  ].flatMap((one) => (one ? solveDeltas(graph, one) : []));
  const shown = before.map((one): Claim => ({ ...claim, right: scalar(one) }));
  const known = references(before).map((one) => one.quantity);
  const names = references([right]).flatMap((one) =>
    known.includes(one.quantity) ? [] : one.quantity,
  );
  return route.ownTermsAt(quantity, indices)
    ? [
        ...shown,
        {
          ...claim,
          rule: "names put in",
          why: joined(namingSentences(route.model, names, right)),
          right: scalar(right),
        },
      ]
    : [...shown, { ...claim, why: reason(route, sloped, before) ?? why, right: scalar(right) }];
}

/** Why a σ stands where the line before has a quotient of exponentials, or relu where that is times its slope. */
function reason(
  { model }: Route,
  sloped: Expression | undefined,
  before: readonly Expression[],
): Sentence | undefined {
  if (before.some((one) => hasLogistic(model.graph, one))) return logisticSentence(model);
  return sloped && meetsOwnStep(model.graph, sloped) ? OWN_STEP : undefined;
}

/** A general line, for all values of its letters. */
interface Line {
  readonly left: Expression;
  readonly right: Expression;
  readonly letters: readonly Letter[];
}

function sides({ left, right }: Pick<Line, "left" | "right">): Pick<Claim, "left" | "right"> {
  return { left: scalar(left), right: scalar(right) };
}

/** A part that is not 0 where two of its letters are equal alone, written with one of them. */
function alongDiagonal(graph: Graph, { places, letters, expression }: Part): Part {
  const factors =
    expression.kind === "product" ? expression.factors.map(({ base }) => base) : [expression];
  const delta = factors.find((one) => one.kind === "delta");
  const [kept, pinned] = letters.filter((one) =>
    delta?.indices.some(({ plain }) => plain?.key === one.key),
  );
  if (!kept || !pinned) return { places, letters, expression };
  const at = new Map([[pinned.key, Index.of(kept)]]);
  return {
    places: new Map([
      ...at,
      ...[...places].map(([key, index]) => [key, index.substitute(at)] as const),
    ]),
    letters: letters.filter((one) => one !== pinned),
    expression: graph.substitute(expression, at),
  };
}

/** A general line without sums that are 0, and the claims that lead there: then case by case. */
function shortened(
  route: Route,
  { left, right, letters }: Line,
): { readonly line: Line; readonly claims: readonly Claim[] } {
  const { expression: shorter, reasons } = route.shortened(right);
  const line = { left, right: shorter, letters };
  const pieces = casesOf(route.model.graph, shorter);
  const claims: Claim[] = [
    ...(reasons.length > 0
      ? [{ rule: "known sum", why: joined(reasons), ...sides(line), letters } as const]
      : []),
    ...(pieces
      ? [
          {
            rule: "cases",
            why: said`The same, case by case.`,
            left: scalar(left),
            right: { kind: "cases", pieces },
            letters,
          } as const,
        ]
      : []),
  ];
  return { line, claims };
}

/** An entry of a general line, and the row of the display that it stands in. */
interface Entry extends Line {
  readonly row: number;
}

/** Every entry of a general line: none where there are many or where they are all the same. */
function entriesOf(graph: Graph, line: Line): Entry[] {
  const { letters } = line;
  const total = letters.reduce((count, { size }) => count * (size.constant ?? Infinity), 1);
  if (letters.length === 0 || total > MOST_ENTRIES) return [];
  const inRow = letters.at(-1)!.size.constant!;
  return everyPlace(letters).map((place, position) => ({
    left: graph.substitute(line.left, place),
    right: graph.substitute(line.right, place),
    letters: [],
    row: Math.floor(position / inRow),
  }));
}

/** The entries of general lines in one display, without those that are 0. */
function entryClaims(lines: readonly (readonly Entry[])[]): Claim[] {
  const written = lines.map((entries) => entries.filter(({ right }) => !isZero(right)));
  const isPartial = written.flat().length < lines.flat().length;
  const reason = isPartial
    ? ({
        rule: "entries that are not 0",
        why: said`Entry by entry, without those that are 0.`,
      } as const)
    : ({ rule: "entry by entry", why: said`Entry by entry.` } as const);
  const claims = written.map((entries) =>
    entries.map(({ row, letters, ...entry }, position): Claim => ({
      ...reason,
      ...sides(entry),
      letters,
      row,
      ...(position > 0 ? { continues: true } : {}),
    })),
  );
  return inOneDisplay(claims);
}
