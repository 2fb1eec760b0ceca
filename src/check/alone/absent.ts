/** Claims of zeros, whole or in part: nothing was added to the derivative there. */
import type { Quantity } from "../../expression/quantity.js";
import { listed } from "../../language/words.js";
import type { Backward } from "../pass/backward.js";
import { arrangement } from "../claims/claims.js";
import { type Evidence, type Exhibit, reproduces } from "../claims/evidence.js";
import type { Explanation } from "../explanations/hypothesis.js";
import { faultAt } from "../mutants/mutant.js";

/** More than a mistake elsewhere that leaves zeros here, and explains other claims. */
const COST = 1.6;

/** Zeros in some entries that others besides them may leave there, too. */
const COST_OF_SOME = 1.95;
/** So many places are named. */
const MOST_PLACES = 4;

export function absent(backward: Backward, evidence: Evidence): Explanation[] {
  const { quantity, exhibits } = evidence;
  const isZero = exhibits.every(({ claim }) => claim.entries.every((entry) => entry === 0));
  if (!isZero) return absentInPart(backward, evidence);
  const fault = faultAt(quantity, "missing-term", () => {
    const users = [...new Set(backward.into(quantity).map(({ from }) => from.name))].reverse();
    const term = `the ${users.length > 1 ? "paths" : "path"} through ${users.join(", ")}`;
    return {
      term,
      what: `0: nothing reaches it, as where something on the way is detached or nothing is added up; ${backward.model.loss.name} depends on ${quantity.name}: add ${term}`,
    };
  });
  return [{ faults: [fault], cost: COST }];
}

/** What is right but for some entries, which are 0: a row that a loop does not come to. */
function absentInPart(backward: Backward, { quantity, exhibits }: Evidence): Explanation[] {
  const [first] = exhibits;
  if (!first || quantity.shape.length === 0) return [];
  if (!exhibits.every(({ claim, sizes }) => arrangement(claim, sizes) === "fits")) return [];
  const count = first.claim.entries.length;
  if (exhibits.some(({ claim }) => claim.entries.length !== count)) return [];
  const isMissing = ({ claim, right }: Exhibit, k: number): boolean =>
    claim.entries[k] === 0 && right.entries[k] !== 0;
  const missing = [...first.claim.entries.keys()].filter((k) =>
    exhibits.every((exhibit) => isMissing(exhibit, k)),
  );
  if (missing.length === 0 || 2 * missing.length > count) return [];
  const at = new Set(missing);
  const holds = exhibits.every((exhibit) => {
    const { claim, right } = exhibit;
    const rest = right.entries.map((entry, k) => (at.has(k) ? 0 : entry));
    return reproduces(claim.entries, rest, exhibit);
  });
  const places = holds ? placesOf(quantity, first, missing) : [];
  if (places.length === 0 || places.length > MOST_PLACES) return [];
  const fault = faultAt(quantity, "missing-term", () => {
    const [user] = backward.into(quantity).map(({ from }) => from.name);
    const term = listed(places);
    return {
      term,
      what: `right but for ${term}, 0 there: a loop does not come to it, or the last factor, ∂${user}/∂${quantity.name}, is taken by entries of another line`,
    };
  });
  return [{ faults: [fault], cost: COST_OF_SOME }];
}

/** Whole rows or columns where entries are these, and else the entries themselves. */
function placesOf({ shape }: Quantity, { sizes }: Exhibit, entries: readonly number[]): string[] {
  const [rows, columns = 1] = shape.map((size) => size.evaluate(sizes));
  const at = entries.map((k) => [Math.floor(k / columns), k % columns] as const);
  if (shape.length < 2) return entries.map((k) => `entry ${k + 1}`);
  const [inRows, inColumns] = [0, 1].map((axis) => [...new Set(at.map((place) => place[axis]!))]);
  if (inRows!.length * columns === at.length) return inRows!.map((row) => `row ${row + 1}`);
  if (inColumns!.length * rows! === at.length) {
    return inColumns!.map((column) => `column ${column + 1}`);
  }
  return at.map(([row, column]) => `entry [${row + 1}, ${column + 1}]`);
}
