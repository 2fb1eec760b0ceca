/**
 * Loops that are written out: a program has one piece of code for all steps of a recurrence. Places in it are
 * named relative to a step, h[-1] for h1 at step 2.
 */
import { PerGraph } from "../../expression/per-graph.js";
import type { Quantity } from "../../expression/quantity.js";
import { adjointName } from "../explanations/words.js";
import type { Backward, Edge } from "./backward.js";
import { recurrentSteps, type Step, stepOf } from "./recurrences.js";

/** A place in the code of a loop, and the step at which it is. */
export interface CodePlace {
  /** The same for the same place at another step. */
  readonly code: string;
  readonly step: number;
}

export class Loops {
  private readonly steps: ReadonlyMap<Quantity, Step>;
  /** Names of what is another quantity at every step, and of derivatives by it. */
  private readonly changing: ReadonlyMap<string, Step>;

  private static readonly known = new PerGraph(() => new Map<Backward, Loops>());

  static of(backward: Backward): Loops {
    const passes = Loops.known.of(backward.graph);
    let loops = passes.get(backward);
    if (!loops) passes.set(backward, (loops = new Loops(backward)));
    return loops;
  }

  private constructor(backward: Backward) {
    this.steps = recurrentSteps(backward);
    const changing = changingIn(backward, this.steps);
    this.changing = new Map(
      changing.flatMap(([quantity, step]) => [
        [quantity.name, step],
        [adjointName(quantity), { ...step, stem: `d${step.stem}` }],
      ]),
    );
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

  /** Expressions in which what changes from step to step is named as at any other step. */
  relative(text: string, step: number): string {
    return text.replace(/[A-Za-z]\w*/g, (name) => {
      const own = this.changing.get(name);
      return own ? `${own.stem}[${own.number - step}]` : name;
    });
  }
}

/**
 * The quantities of which every step has its own: those of the steps, what they begin with (h0), and given ones
 * of which each step reads another (x1, x2, x3). What all steps read alike is none, whatever number it has.
 */
function changingIn(
  backward: Backward,
  steps: ReadonlyMap<Quantity, Step>,
): [quantity: Quantity, step: Step][] {
  const stems = new Set([...steps.values()].map(({ stem }) => stem));
  const alike = readAlike(backward, steps);
  return backward.order.flatMap((quantity) => {
    const step = stepOf(quantity);
    if (!step) return [];
    const isGiven = quantity.role !== "parameter" && !alike.has(step.stem);
    return stems.has(step.stem) || isGiven ? [[quantity, step]] : [];
  });
}

/** Stems of quantities of which two steps read the same. */
function readAlike(backward: Backward, steps: ReadonlyMap<Quantity, Step>): Set<string> {
  const read = new Map<string, Map<number, Set<number>>>();
  for (const [quantity, { number }] of steps) {
    for (const { to } of backward.outOf(quantity)) {
      const other = stepOf(to);
      if (!other) continue;
      const ofStem = read.get(other.stem) ?? new Map<number, Set<number>>();
      read.set(other.stem, ofStem.set(number, (ofStem.get(number) ?? new Set()).add(other.number)));
    }
  }
  const isAlike = (ofStem: ReadonlyMap<number, ReadonlySet<number>>): boolean => {
    const numbers = [...ofStem.values()].map((one) => [...one].sort().join());
    return new Set(numbers).size < numbers.length;
  };
  return new Set([...read].flatMap(([stem, ofStem]) => (isAlike(ofStem) ? [stem] : [])));
}
