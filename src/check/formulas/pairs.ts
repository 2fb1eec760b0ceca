/** Two mistakes in one statement. */
import { binary, numeral } from "../../language/compose.js";
import { parts, type Syntax } from "../../language/syntax.js";
import { postorder } from "../../expression/walk.js";
import type { Fault } from "../explanations/hypothesis.js";
import { differs, type Estimate } from "./estimate.js";
import type { Estimator } from "./estimator.js";
import { scaled } from "./variants/lost-factors.js";
import { variantsOf } from "./variants/index.js";
import { signs } from "./variants/structure.js";
import { type Spot, spotsOf, type Surroundings, type Variant } from "./variants/variant.js";

/** Pairs that are written out. */
const MOST = 1500;
/** Mistakes up to this cost are paired with one another, so many of them, and what the second costs. */
const CHEAP = 1.3;
const MOST_CHEAP = 40;
const SECOND = 0.5;
/** Mistakes up to this cost are paired with a number or a sign, as far as so many estimates go. */
const LIKELY = 1.65;
const MOST_ESTIMATES = 4000;
/** What rounding may leave of a number that is solved for, relative. */
const SOLVED = 1e-6;

export class Pairs {
  /** The parts of the statement as it was given: what a first change put in is not changed again. */
  private readonly given: ReadonlySet<Syntax>;
  private estimates = 0;

  /** @param right what is wanted, at the point of the estimates */
  constructor(
    expression: Syntax,
    private readonly around: Surroundings,
    private readonly estimator: Estimator,
    private readonly right: Estimate,
  ) {
    this.given = new Set(postorder([expression], parts));
  }

  /** Two changes, the least surprising pairs first. */
  of(singles: readonly Variant[]): Variant[] {
    const cheap = singles.filter(({ cost }) => cost <= CHEAP).slice(0, MOST_CHEAP);
    const written = cheap
      .flatMap((first) =>
        upTo(CHEAP, variantsOf(first.syntax, this.around)).map((second) => paired(first, second)),
      )
      .sort(byCost)
      .slice(0, MOST);
    return [...written, ...this.withNumbers(singles)].sort(byCost);
  }

  /** A change, and a number or a sign: where there is such a number, it is solved for. */
  private *withNumbers(singles: readonly Variant[]): Generator<Variant> {
    for (const first of singles) {
      if (first.cost > LIKELY || this.estimates > MOST_ESTIMATES) return;
      for (const spot of spotsOf(first.syntax)) {
        if (!this.isOld(spot)) continue;
        // two numbers that multiply the whole are one, what a number is times another is one, and what
        // multiplies a factor multiplies the product
        const isOneNumber =
          spot.node.kind === "number" ||
          (spot.parent && spot.isLinear) ||
          (spot.isFactor && first.faults.some(isConstant));
        const isPromising = !isOneNumber && this.isSolvable(first.syntax, spot);
        const seconds = [...signs(spot), ...(isPromising ? scaled(spot, this.around) : [])];
        for (const second of seconds) {
          this.estimates++;
          const estimate = this.estimator.estimate(second.syntax);
          const isWrong =
            estimate === "valueless" || (estimate !== undefined && differs(estimate, this.right));
          if (!isWrong) yield paired(first, second);
        }
      }
    }
  }

  /** Whether some number times a part makes the whole right, as far as the whole is linear in it. */
  private isSolvable(whole: Syntax, { node, replace }: Spot): boolean {
    const without = replace(binary("*", numeral(0), node));
    this.estimates++;
    const [all, rest] = [this.estimator.estimate(whole), this.estimator.estimate(without)];
    if (typeof all !== "object" || typeof rest !== "object") return false;
    const wanted = this.right.entries;
    if (all.entries.length !== wanted.length || rest.entries.length !== wanted.length) return false;
    const share = all.entries.map((entry, k) => entry - rest.entries[k]!);
    const missing = wanted.map((entry, k) => entry - rest.entries[k]!);
    const most = share.reduce(
      (best, entry, k) => (Math.abs(entry) > Math.abs(share[best]!) ? k : best),
      0,
    );
    const number = missing[most]! / share[most]!;
    const allowed = SOLVED * Math.max(...missing.map(Math.abs));
    return missing.every((entry, k) => Math.abs(entry - number * share[k]!) <= allowed);
  }

  /** Whether a part has something of the statement as it was given. */
  private isOld({ node }: Spot): boolean {
    return postorder([node], parts).some((part) => this.given.has(part));
  }
}

/** Those up to a cost, of some in order. */
function upTo(cost: number, variants: Iterable<Variant>): Variant[] {
  const found: Variant[] = [];
  for (const one of variants) {
    if (one.cost > cost) break;
    found.push(one);
  }
  return found;
}

function isConstant({ cause }: Fault): boolean {
  return cause === "constant-factor";
}

function paired(first: Variant, second: Variant): Variant {
  return {
    syntax: second.syntax,
    faults: [...first.faults, ...second.faults],
    cost: first.cost + second.cost + SECOND,
  };
}

function byCost(a: Variant, b: Variant): number {
  return a.cost - b.cost;
}
