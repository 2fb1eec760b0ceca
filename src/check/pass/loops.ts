/**
 * Loops that are written out. The steps of a recurrence, g1, g2, g3, use the same parameters at the same
 * entries, and a later one reads an earlier one; what is computed from each of them alike (i1 of g1, i2 of g2),
 * or for them, belongs to the step. A program has
 * one piece of code for all steps.
 */
import type { Definition } from "../../expression/definition.js";
import type { Expression } from "../../expression/expression.js";
import type { Quantity } from "../../expression/quantity.js";
import { references } from "../../expression/walk.js";
import type { Backward, Edge } from "./backward.js";
import { computedFrom } from "./users.js";

/** A quantity's place in a loop. */
interface Step {
  /** The name that the quantities of all steps share. */
  readonly stem: string;
  readonly number: number;
}

/** A place in the code of a loop, and the step at which it is. */
export interface CodePlace {
  /** The same for the same place at another step. */
  readonly code: string;
  readonly step: number;
}

/** A quantity that may be computed in a loop, with all that its definition reads. */
interface Candidate extends Step {
  readonly quantity: Quantity;
  readonly reads: readonly Quantity[];
  /** Entries of parameters that are read; equal ones are the same object. */
  readonly weights: readonly Expression[];
}

export class Loops {
  private readonly steps = new Map<Quantity, Step>();
  /** Names of parameters, and of derivatives by them: their numbers are no steps. */
  private readonly ofAllSteps: ReadonlySet<string>;

  private static readonly known = new WeakMap<Backward, Loops>();

  static of(backward: Backward): Loops {
    let loops = Loops.known.get(backward);
    if (!loops) Loops.known.set(backward, (loops = new Loops(backward)));
    return loops;
  }

  private constructor(backward: Backward) {
    const { definitions, model } = backward;
    this.ofAllSteps = new Set(model.params.flatMap(({ name }) => [name, `d${name}`]));
    const families = new Map<string, Candidate[]>();
    for (const candidate of definitions.flatMap((one) => candidateOf(one) ?? [])) {
      const family = families.get(candidate.stem);
      if (family) family.push(candidate);
      else families.set(candidate.stem, [candidate]);
    }
    const sharing = [...families.values()].map(sharingWeights);
    for (const family of sharing) if (isRecurrent(backward, family)) this.add(family);
    // what is computed from steps of a loop, or for them, becomes one in turn
    for (let before = -1; before !== this.steps.size;) {
      before = this.steps.size;
      for (const family of sharing) {
        if (family.some((one) => this.isBesideStep(backward, one))) this.add(family);
      }
      for (const family of families.values()) this.add(family.filter((one) => this.isInStep(one)));
    }
  }

  private add(steps: readonly Candidate[]): void {
    if (steps.length < 2) return;
    for (const { quantity, stem, number } of steps) {
      this.steps.set(quantity, { stem, number });
    }
  }

  /** Where a quantity is computed. */
  placeOfQuantity(quantity: Quantity): CodePlace | undefined {
    const step = this.steps.get(quantity);
    return step && { code: step.stem, step: step.number };
  }

  /** Where a contribution to a derivative is computed. */
  placeOfEdge({ from, to }: Edge): CodePlace | undefined {
    const step = this.steps.get(from)?.number;
    if (step === undefined) return undefined;
    return { code: `${this.relative(from.name, step)} > ${this.relative(to.name, step)}`, step };
  }

  /** A text in which quantities with numbers are named as at any other step: h[-1] for h1, at step 2. */
  relative(text: string, step: number): string {
    return text.replace(/([A-Za-z]\w*?)_?(\d+)\b/g, (name, stem: string, number: string) =>
      this.ofAllSteps.has(name) ? name : `${stem}[${Number(number) - step}]`,
    );
  }

  /** Whether something of the same step in a loop is read, or reads this. */
  private isBesideStep(backward: Backward, { quantity, reads, number }: Candidate): boolean {
    const users = backward.into(quantity).map(({ from }) => from);
    return [...reads, ...users].some((one) => this.steps.get(one)?.number === number);
  }

  /** Whether something of the same step in a loop is read, and no parameter. */
  private isInStep({ reads, weights, number }: Candidate): boolean {
    const isSame = (one: Quantity): boolean => this.steps.get(one)?.number === number;
    return weights.length === 0 && reads.some(isSame);
  }
}

/** Whether a later one reads an earlier one, if by way of others: branches of one shape do not. */
function isRecurrent(backward: Backward, family: readonly Candidate[]): boolean {
  return family.some(({ quantity, number }) => {
    const from = computedFrom(backward, quantity);
    return family.some((other) => other.number > number && from.has(other.quantity));
  });
}

/** Undefined for names without a number. */
function candidateOf({ quantity, clauses }: Definition): Candidate | undefined {
  const [, stem, number] = /^(.*?)_?(\d+)$/.exec(quantity.name) ?? [];
  if (stem === undefined) return undefined;
  const nodes = references(clauses.map(({ body }) => body));
  return {
    quantity,
    stem,
    number: Number(number),
    reads: nodes.map((node) => node.quantity),
    weights: nodes.filter((node) => node.quantity.role === "parameter"),
  };
}

/** Those that read one entry of a parameter alike; the first step often reads less than the others. */
function sharingWeights(family: readonly Candidate[]): Candidate[] {
  const count = (weight: Expression): number =>
    family.filter(({ weights }) => weights.includes(weight)).length;
  return family.filter(({ weights }) => weights.some((weight) => count(weight) > 1));
}
