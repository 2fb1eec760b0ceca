/** The known mistakes that a check should expose: the usual ones of the mutants, and those of single claims. */
import type { Letter } from "../../expression/indices.js";
import type { Quantity } from "../../expression/quantity.js";
import type { SizeValues } from "../../expression/size.js";
import type { Backward, Change } from "../pass/backward.js";
import type { Bench } from "../pass/bench.js";
import type { Catalogue } from "../mutants/catalogue.js";
import { identity, Numbering } from "../pass/changes.js";
import type { Cause, FaultDetails, FaultPlace } from "../result.js";

/** What a mistake is, without a sentence about a claim. */
export interface MistakeFault extends FaultDetails, FaultPlace {
  readonly cause: Cause;
}

export interface Mistake {
  readonly cause: Cause;
  /** Made when it is told. */
  readonly fault: () => MistakeFault;
  /** How surprising it is. */
  readonly cost: number;
  /** Why it does not show at points that are not known to be otherwise. */
  readonly why?: string;
  /** Where it is made in the backward pass; undefined where a claim is spoilt as a whole. */
  readonly change: (() => Change) | undefined;
  /**
   * The wanted derivatives that a pass with this mistake has, where they may differ; null where
   * they have another shape, which shows at once. Undefined where that cannot be computed.
   */
  readonly at: (bench: Bench) => ReadonlyMap<Quantity, Float64Array | null> | undefined;
}

/** Mistakes that surprise more are not counted. */
const MOST_SURPRISING = 2;
/** Of more mistakes the most usual ones are counted, and as many as there is time for. */
const MOST_COUNTED = 150;
const MOST_NUMBERS = 5e6;

/**
 * Of mistakes that make the same lines of the pass, the least surprising.
 * @param bench at a generic point, for the sizes of which sums are taken apart
 * @param wanted the quantities whose derivatives are looked at
 */
export function knownMistakes(
  catalogue: Catalogue,
  bench: Bench,
  wanted: readonly Quantity[],
): Mistake[] {
  const count = Math.min(MOST_COUNTED, MOST_NUMBERS / bench.passLength);
  const inPass = catalogue
    .usual(MOST_SURPRISING, count)
    .filter(({ isOfData }) => !isOfData)
    .map(({ fault: { cause, details, say: _, ...place }, cost, change }): Mistake => {
      const fault = (): MistakeFault => ({ cause, ...details?.(), ...place });
      return { cause, fault, cost, change, at: (bench) => bench.evaluate(change()) };
    });
  const usual = [
    ...wanted.flatMap((one) => [...mistakesOfClaim(catalogue.backward, one)]),
    ...inPass,
  ]
    .sort((a, b) => a.cost - b.cost)
    .slice(0, count);
  const numbering = new Numbering();
  return firsts(usual, ({ change }) => change && identity(change(), numbering));
}

/** The first of each kind; what is of no kind stays. */
function firsts<One>(all: readonly One[], kindOf: (one: One) => string | undefined): One[] {
  const seen = new Set<string>();
  return all.filter((one) => {
    const kind = kindOf(one);
    if (kind === undefined) return true;
    const isFirst = !seen.has(kind);
    seen.add(kind);
    return isFirst;
  });
}

/** A sign, a factor, the layout: whatever the pass before it was. */
function* mistakesOfClaim(backward: Backward, quantity: Quantity): Generator<Mistake> {
  const right = (bench: Bench): Float64Array => bench.adjoints.get(quantity)!;
  const mistake = (
    cause: Cause,
    details: FaultDetails,
    cost: number,
    spoilt: (bench: Bench) => Float64Array | null,
  ): Mistake => ({
    cause,
    fault: () => ({ cause, arisesIn: quantity.name, ...details }),
    cost,
    change: undefined,
    at: (bench) => new Map([[quantity, spoilt(bench)]]),
  });
  const times = (factor: (sizes: SizeValues) => number) => (bench: Bench) =>
    right(bench).map((entry) => factor(bench.sizes) * entry);
  const minus = times(() => -1);
  yield mistake("sign", {}, 1, minus);
  const twice = times(() => 2);
  yield mistake("constant-factor", { factor: 2 }, 1, twice);
  for (const name of backward.model.sizes) {
    const sized = times((sizes) => sizes.get(name)!);
    yield mistake("constant-factor", { factor: name }, 1, sized);
  }
  if (quantity.shape.length === 2 && quantity.shape.every((size) => !size.isOne)) {
    yield mistake("transposed", {}, 1.1, (bench) => {
      const [rows, columns] = quantity.shape.map((size) => size.evaluate(bench.sizes));
      return rows === columns ? turned(right(bench)) : null;
    });
  }
  const summed = summedLetters(backward, quantity);
  if (summed.length === 0) return;
  const term = `the sum over ${summed.map(({ size }) => size.toString()).join(" × ")}`;
  yield mistake("not-summed", { term }, 1.5, (bench) =>
    summed.some(({ size }) => size.evaluate(bench.sizes) > 1) ? null : right(bench),
  );
}

/** What the last line of a derivative sums over, where it is one line. */
function summedLetters(backward: Backward, quantity: Quantity): Letter[] {
  const [edge, ...others] = backward.into(quantity);
  if (!edge || others.length > 0) return [];
  const { letters, indices } = edge.clause;
  const kept = new Set(indices.flatMap((index) => index.letters.map(({ key }) => key)));
  return letters.filter(({ key, size }) => !kept.has(key) && !size.isOne);
}

/** A square matrix, columns first. */
function turned(entries: Float64Array): Float64Array {
  const side = Math.round(Math.sqrt(entries.length));
  return entries.map((_, k) => entries[(k % side) * side + Math.floor(k / side)]!);
}
