/** The local derivatives: of every definition by what it uses directly, in general and by entries. */
import { lettersAlong } from "../calculus/partial.js";
import { solveDeltas } from "../calculus/solved-deltas.js";
import type { Expression } from "../expression/expression.js";
import { Index, type Letter } from "../expression/indices.js";
import type { Quantity } from "../expression/quantity.js";
import { isZero } from "../expression/predicates.js";
import type { Partial, Route } from "../forms/route.js";
import { writtenLength } from "../expression/walk.js";
import { casesOf } from "./cases.js";
import { Checker } from "./checker.js";
import { conventionsOf } from "./conventions.js";
import type { PassageData } from "./passage.js";
import { withSignsExplained } from "./signs.js";
import { chained, type Claim, scalar } from "./step.js";
import type { Workbench } from "./workbench.js";

/** Local derivatives with more entries than this that are not 0 are not listed entry by entry. */
const MOST_ENTRIES = 12;
/** Local derivatives of more symbols than this are left to the derivations that use them. */
const LONGEST = 120;

/**
 * Of every definition by every definition and parameter that it uses, from the loss back.
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
    (a, b) => order.get(b.partial.numerator)! - order.get(a.partial.numerator)!,
  );
  const sites = workbench.sites(false);
  const steps = sorted.flatMap(({ route, partial }) => {
    const inlined = (one: Expression): Expression => route.inlined(one);
    const { graph, definitions } = model;
    const checker = new Checker(graph, sites, { inlined, definitions });
    return claimsOf(route, partial).flatMap((claim) => checker.check(claim) ?? []);
  });
  return { steps: withSignsExplained(chained(steps)), numbers: undefined };
}

function claimsOf(route: Route, partial: Partial): Claim[] {
  const { graph } = route.model;
  const { numerator, of, pinned, quantity } = partial;
  const outer = lettersAlong("p", numerator.shape);
  const inner = lettersAlong("q", of.shape);
  const indices = [...outer.indices.map((index) => index.substitute(pinned)), ...inner.indices];
  const letters = [...outer.letters.filter(({ key }) => !pinned.has(key)), ...inner.letters];
  const right = solveDeltas(graph, route.partialAt(quantity, indices));
  if (isZero(right) || writtenLength(right) > LONGEST) return [];
  const left = scalar(graph.reference(quantity, indices));
  const conventions = conventionsOf(route, numerator, of);
  const general: Claim = {
    rule: "local derivative",
    why: [
      `The derivative of ${numerator.name} by ${of.name}; everything else in the definition of ${numerator.name} is held fixed.`,
      ...(pinned.size > 0 && letters.length > 0 ? ["All other entries are 0."] : []),
      ...conventions,
    ].join(" "),
    left,
    right: scalar(right),
    letters,
  };
  const { expression: shorter, reasons } = route.shortened(right);
  const shortened: Claim[] =
    reasons.length > 0
      ? [
          {
            rule: "vanishing sum",
            why: reasons.join(" "),
            left,
            right: scalar(shorter),
            letters,
          },
        ]
      : [];
  const pieces = casesOf(graph, shorter);
  const cases: Claim[] = pieces
    ? [
        {
          rule: "cases",
          why: "The same, case by case.",
          left,
          right: { kind: "cases", pieces },
          letters,
        },
      ]
    : [];
  const entries = entryClaims(route, letters, { left: left.expression, right: shorter });
  return [general, ...shortened, ...cases, ...entries];
}

/** Every entry of a general line, in the same display. */
function entryClaims(
  route: Route,
  letters: readonly Letter[],
  line: { readonly left: Expression; readonly right: Expression },
): Claim[] {
  const { graph } = route.model;
  const total = letters.reduce((count, { size }) => count * (size.constant ?? Infinity), 1);
  // entries that are all the same need no list
  if (line.right.free.length === 0 || total > MOST_ENTRIES) return [];
  let places: ReadonlyMap<string, Index>[] = [new Map<string, Index>()];
  for (const { key, size } of letters) {
    const values = Array.from({ length: size.constant! }, (_, value) => Index.number(value));
    places = places.flatMap((place) =>
      values.map((value) => new Map<string, Index>([...place, [key, value]])),
    );
  }
  return places.map((place, position) => ({
    rule: "entry by entry",
    why: "Entry by entry.",
    left: scalar(graph.substitute(line.left, place)),
    right: scalar(graph.substitute(line.right, place)),
    letters: [],
    ...(position > 0 ? { continues: true } : {}),
  }));
}
