/** Why a mistake does not show at a point, in words. */
import type { Expression } from "../../expression/expression.js";
import type { Letter } from "../../expression/indices.js";
import type { Quantity } from "../../expression/quantity.js";
import { sameShape } from "../../expression/size.js";
import { postorder, references } from "../../expression/walk.js";
import type { Change, Edge } from "../pass/backward.js";
import type { Bench } from "../pass/bench.js";
import { adjointName } from "../explanations/words.js";
import type { Mistake } from "./mistakes.js";

/** `N is 1`, `x is 0`, `z1 and h1 hold the same numbers`. */
export function whyHidden({ change, fault }: Mistake, bench: Bench): string {
  const { arisesIn } = fault();
  const quantity = [...bench.adjoints.keys()].find(({ name }) => name === arisesIn);
  const made = change?.() ?? (quantity && { removed: new Set(bench.into(quantity)), added: [] });
  const edges = made ? [...made.removed, ...made.added] : [];
  return (
    lengthOne(edges, bench) ??
    zero(edges, bench) ??
    (made && sameNumbers(made, bench)) ??
    sameSide(edges, bench) ??
    equalSizes(bench) ??
    symmetric(edges, bench) ??
    ones(edges, bench) ??
    "the numbers are the same at this point by chance"
  );
}

/** A sum over one summand is none. */
function lengthOne(edges: readonly Edge[], { sizes }: Bench): string | undefined {
  const letters: Letter[] = edges.flatMap(({ clause }) => clause.letters);
  const one = letters.find(({ size }) => size.constant === undefined && size.evaluate(sizes) === 1);
  return one && `${one.size.toString()} is 1`;
}

function zero(edges: readonly Edge[], bench: Bench): string | undefined {
  const isZero = (entries: Float64Array): boolean => entries.every((entry) => entry === 0);
  const factor = factorThat(edges, bench, "is 0", isZero);
  const dead = edges.find(({ to }) => isZero(bench.adjoints.get(to)!));
  if (factor !== undefined || !dead) return factor;
  const { from, to } = dead;
  return `the derivative of ${from.name} by ${to.name} is 0: its units are dead or saturated`;
}

/** What was put in place of the right quantity holds the same numbers. */
function sameNumbers({ removed, added }: Change, bench: Bench): string | undefined {
  const used = (edges: Iterable<Edge>): Quantity[] =>
    references([...edges].map(({ clause }) => clause.body)).map(({ quantity }) => quantity);
  const numbers = (one: Quantity): Float64Array | undefined =>
    one.of ? bench.adjoints.get(one.of) : bench.valueOf(one);
  const ends = [...removed].flatMap(({ from, to }) => [from, to]);
  const [right, wrong] = [used(removed), [...used(added), ...ends]];
  for (const one of [...right, ...ends]) {
    for (const other of wrong) {
      if (one === other || !sameShape(one.shape, other.shape)) continue;
      const [a, b] = [numbers(one), numbers(other)];
      if (a && b && a.length === b.length && a.every((entry, k) => entry === b[k])) {
        return `${one.name} and ${other.name} hold the same numbers`;
      }
    }
  }
  return undefined;
}

/** A mask that takes all or nothing: the operand of a jump is on one side of it everywhere. */
function sameSide(edges: readonly Edge[], bench: Bench): string | undefined {
  const bodies = edges.map(({ clause }) => clause.body);
  for (const node of postorder(bodies, (one: Expression) => one.children)) {
    const [operand] = node.children;
    if (node.kind !== "apply" || !node.operation.kinks || operand?.kind !== "reference") continue;
    const entries = operand.quantity.of ? undefined : bench.valueOf(operand.quantity);
    const { name } = operand.quantity;
    if (entries?.every((entry) => entry > 0)) return `${name} is positive everywhere`;
    if (entries?.every((entry) => entry < 0)) return `${name} is negative everywhere`;
  }
  return undefined;
}

function equalSizes({ sizes }: Bench): string | undefined {
  const seen = new Map<number, string>();
  for (const [name, value] of sizes) {
    const before = seen.get(value);
    if (before !== undefined) return `${before} and ${name} are both ${value}`;
    seen.set(value, name);
  }
  return undefined;
}

/** A matrix that is its own transpose. */
function symmetric(edges: readonly Edge[], bench: Bench): string | undefined {
  return factorThat(edges, bench, "is symmetric", (entries, { shape }) => {
    const [rows, columns] = shape.map((size) => size.evaluate(bench.sizes));
    if (rows === undefined || rows !== columns || entries.length !== rows * rows) return false;
    return entries.every((entry, k) => entry === entries[(k % rows) * rows + Math.floor(k / rows)]);
  });
}

function ones(edges: readonly Edge[], bench: Bench): string | undefined {
  return factorThat(edges, bench, "is 1 everywhere", (list) => list.every((one) => one === 1));
}

/** The first quantity in some lines whose numbers are of a kind. */
function factorThat(
  edges: readonly Edge[],
  bench: Bench,
  what: string,
  is: (entries: Float64Array, quantity: Quantity) => boolean,
): string | undefined {
  for (const { quantity } of references(edges.map(({ clause }) => clause.body))) {
    const { of } = quantity;
    const entries = of ? bench.adjoints.get(of) : bench.valueOf(quantity);
    if (entries && is(entries, quantity)) return `${of ? adjointName(of) : quantity.name} ${what}`;
  }
  return undefined;
}
