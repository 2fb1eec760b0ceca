/** Numbers of a backward pass at one point, and of passes with faults in them. */
import { type Clause, type Definition, fullAxes } from "../../expression/definition.js";
import type { Quantity } from "../../expression/quantity.js";
import { isSmooth } from "../../expression/predicates.js";
import type { SizeValues } from "../../expression/size.js";
import type { CheckedPoint } from "../../language/point.js";
import type { Backward, Change, Edge } from "./backward.js";
import { NO_CHANGE } from "./changes.js";
import { Sampling, Unsampled } from "./sampling.js";
import { type Run, Stage } from "./stage.js";

/** Axes longer than this are sampled in quantities that nothing is computed from. */
const LONGEST_AXIS = 40;

/** A contribution's code, where its result lies, what it reads, and the result in the right pass. */
interface Step {
  readonly run: Run;
  readonly result: Float64Array;
  readonly reads: ReadonlySet<Quantity>;
  right?: Float64Array;
}

/** A definition's code and what it reads. */
interface Forward {
  readonly quantity: Quantity;
  readonly run: Run;
  readonly reads: ReadonlySet<Quantity>;
}

export interface BenchOptions {
  /** Longer axes are sampled. */
  readonly longest?: number;
  readonly known?: ReadonlySet<Quantity>;
}

export class Bench {
  readonly adjoints = new Map<Quantity, Float64Array>();
  private readonly stage: Stage;
  private readonly steps = new Map<Edge, Step>();
  private readonly leading: ReadonlySet<Quantity>;
  private readonly places = new Map<Quantity | undefined, readonly Quantity[]>();
  private readonly sampling: Sampling;
  private readonly forward: readonly Forward[];
  /** What the pass that others are compared with has of its own; nothing, where it is the right one. */
  private basis = NO_CHANGE;
  private readonly redefinitions = new Map<Definition, Forward>();

  /** Quantities whose derivatives are given: no pass changes what these alone are computed from. */
  readonly known: ReadonlySet<Quantity>;

  /** @param wanted quantities whose derivatives are looked at */
  constructor(
    private readonly backward: Backward,
    private readonly point: CheckedPoint,
    private readonly wanted: ReadonlySet<Quantity>,
    { longest = LONGEST_AXIS, known = new Set() }: BenchOptions = {},
  ) {
    this.known = known;
    this.sampling = new Sampling(backward, point.sizes, longest);
    this.stage = new Stage(backward.graph, point.sizes, ({ of }) => {
      if (of && this.isSampled(of)) throw new Unsampled();
    });
    this.leading = backward.leadingTo(wanted, known);
    this.forward = backward.model.definitions.map((definition) => this.forwardOf(definition));
    this.moveTo(point.entries);
  }

  /** Does something at other numbers of the same sizes, and comes back; what is compiled stays. */
  visit<Result>(entries: ReadonlyMap<Quantity, Float64Array>, task: () => Result): Result {
    try {
      this.moveTo(entries);
      return task();
    } finally {
      this.moveTo(this.point.entries);
    }
  }

  /**
   * Does something where a pass with a mistake stands in place of the right one, and comes back: what is evaluated
   * meanwhile has the mistake too, and only what differs from that pass is computed.
   * Undefined where the pass cannot be evaluated.
   */
  upon<Result>(basis: Change, task: () => Result): Result | undefined {
    try {
      this.basis = basis;
      this.moveTo(this.point.entries);
      return task();
    } catch (error) {
      if (!(error instanceof Unsampled)) throw error;
      return undefined;
    } finally {
      this.basis = NO_CHANGE;
      this.moveTo(this.point.entries);
    }
  }

  private moveTo(entries: ReadonlyMap<Quantity, Float64Array>): void {
    this.stage.forget();
    for (const [quantity, values] of entries) this.stage.array(quantity).set(values);
    const others = byQuantity(this.basis.redefined);
    for (const right of this.forward) this.definedBy(right, others).run();
    for (const step of this.steps.values()) delete step.right;
    for (const quantity of this.backward.order) {
      const right = this.sum(quantity, this.edgesInto(quantity, NO_CHANGE));
      this.adjoints.set(quantity, right);
      this.put(quantity, right);
    }
  }

  /** Contributions into a quantity's derivative. */
  into(quantity: Quantity): readonly Edge[] {
    return this.backward.into(quantity);
  }

  /** What the right derivative by a quantity is the sum of: the entries of each contribution. */
  contributions(quantity: Quantity): readonly Float64Array[] {
    return this.into(quantity).map((edge) => this.resultOf(this.stepOf(edge)).slice());
  }

  get sizes(): SizeValues {
    return this.point.sizes;
  }

  /** What all passes took so far, in operations: the same at every run. */
  get work(): number {
    return this.stage.work;
  }

  /** How many numbers a pass computes. */
  get passLength(): number {
    let total = 0;
    for (const entries of this.adjoints.values()) total += entries.length;
    return total;
  }

  /** Whether something that is claimed depends on a quantity's derivative. */
  leadsToClaims(quantity: Quantity): boolean {
    return this.leading.has(quantity);
  }

  valueOf(quantity: Quantity): Float64Array {
    return this.stage.array(quantity);
  }

  /** Whether only some of a quantity's entries are looked at. */
  isSampled(quantity: Quantity): boolean {
    return this.sampling.isSampled(quantity);
  }

  /** The entries that are looked at: all, or in large quantities a sample. */
  sampled(quantity: Quantity, entries: Float64Array): Float64Array {
    return this.sampling.of(quantity, entries);
  }

  /**
   * The derivatives that a pass with faults has, for the wanted quantities that differ.
   * Undefined where the change cannot be evaluated.
   * @param aim the only quantity that is asked for; all that are wanted by default
   */
  evaluate(change: Change, aim?: Quantity): Map<Quantity, Float64Array> | undefined {
    const { removed, added, redefined = [] } = change;
    const touched = new Set<Quantity>();
    for (const { to } of removed) touched.add(to);
    for (const { to } of added) touched.add(to);
    const changed: Quantity[] = [];
    const saved = new Map<Quantity, Float64Array>();
    const found = new Map<Quantity, Float64Array>();
    try {
      this.redefine(redefined, saved);
      for (const quantity of this.placesBefore(aim)) {
        const isTouched = touched.has(quantity);
        const edges = this.edgesInto(quantity, isTouched ? change : NO_CHANGE);
        if (!isTouched && !edges.some((edge) => this.hasMoved(this.stepOf(edge)))) continue;
        const result = this.sum(quantity, edges);
        changed.push(quantity);
        if (this.wanted.has(quantity)) found.set(quantity, result);
        this.put(quantity, result);
        this.stage.markMoved(this.backward.adjointOf(quantity));
      }
    } catch (error) {
      if (!(error instanceof Unsampled)) throw error;
      return undefined;
    } finally {
      for (const quantity of changed) this.put(quantity, this.adjoints.get(quantity)!);
      for (const [quantity, values] of saved) this.stage.array(quantity).set(values);
      this.stage.markRestored();
    }
    return found;
  }

  /** Whether neither the model nor what is put in its place has kinks. */
  isSmooth(changes: readonly Change[]): boolean {
    const put = changes.flatMap(({ added, redefined = [] }) => [...added, ...redefined]);
    const clauses = put.flatMap((one) => ("clause" in one ? [one.clause] : one.clauses));
    const own = this.backward.definitions.flatMap((definition) => definition.clauses);
    return isSmooth([...own, ...clauses].map(({ body }) => body));
  }

  /** Whether something is computed from numbers that have changed. */
  private hasMoved({ reads }: Pick<Step, "reads">): boolean {
    return this.stage.hasMoved(reads);
  }

  /** The quantities whose derivatives lead to that by `aim`, from the loss back. */
  private placesBefore(aim: Quantity | undefined): readonly Quantity[] {
    let places = this.places.get(aim);
    if (places) return places;
    const leading = aim ? this.backward.leadingTo(new Set([aim]), this.known) : this.leading;
    places = this.backward.order.filter((quantity) => leading.has(quantity));
    this.places.set(aim, places);
    return places;
  }

  /** The contributions to a derivative in the pass that stands in place of the right one, with a change more. */
  private edgesInto(quantity: Quantity, change: Change): readonly Edge[] {
    let edges = this.backward.into(quantity);
    if (change === NO_CHANGE && this.basis === NO_CHANGE) return edges;
    for (const { removed, added } of [this.basis, change]) {
      if (removed.size > 0) edges = edges.filter((edge) => !removed.has(edge));
      const more = added.filter(({ to }) => to === quantity);
      if (more.length > 0) edges = [...edges, ...more];
    }
    return edges;
  }

  /**
   * Computes the forward pass with other definitions.
   * @param saved takes the right values of everything that changes
   */
  private redefine(redefined: readonly Definition[], saved: Map<Quantity, Float64Array>): void {
    if (redefined.length === 0) return;
    const others = byQuantity(redefined);
    const bases = byQuantity(this.basis.redefined);
    for (const right of this.forward) {
      const other = others.get(right.quantity);
      const { quantity, run, reads } = this.definedBy(right, other ? others : bases);
      if (!other && !this.hasMoved({ reads })) continue;
      saved.set(quantity, this.stage.array(quantity).slice());
      run();
      this.stage.markMoved(quantity);
    }
  }

  private definedBy(right: Forward, others: ReadonlyMap<Quantity, Definition>): Forward {
    const other = others.get(right.quantity);
    return other ? this.redefinition(other) : right;
  }

  private redefinition(definition: Definition): Forward {
    let forward = this.redefinitions.get(definition);
    if (!forward) this.redefinitions.set(definition, (forward = this.forwardOf(definition)));
    return forward;
  }

  private forwardOf({ quantity, clauses }: Definition): Forward {
    return {
      quantity,
      run: this.stage.compile(quantity, clauses),
      reads: this.stage.readBy(clauses),
    };
  }

  /** The values of a contribution before anything is summed, over all its letters. */
  unsummed({ letters, body }: Clause): Float64Array {
    const shape = letters.map(({ size }) => size);
    const { indices } = fullAxes(shape);
    const renaming = new Map(letters.map(({ key }, axis) => [key, indices[axis]!]));
    const whole = this.backward.graph.substitute(body, renaming);
    const quantity: Quantity = { name: "unsummed", role: "auxiliary", shape };
    this.stage.compile(quantity, [{ ...fullAxes(shape), body: whole }])();
    return this.stage.array(quantity);
  }

  /** Adds contributions up; those that nothing has changed are taken from the right pass. */
  private sum(quantity: Quantity, edges: readonly Edge[]): Float64Array {
    if (edges.length === 0) {
      const none = new Float64Array(this.sampling.countOf(quantity));
      return quantity === this.backward.model.loss ? none.fill(1) : none;
    }
    const total = this.resultOf(this.stepOf(edges[0]!)).slice();
    for (let at = 1; at < edges.length; at++) {
      const part = this.resultOf(this.stepOf(edges[at]!));
      for (let k = 0; k < total.length; k++) total[k]! += part[k]!;
    }
    return total;
  }

  private resultOf(step: Step): Float64Array {
    if (this.hasMoved(step)) {
      step.run();
      return step.result;
    }
    if (!step.right) {
      step.run();
      step.right = step.result.slice();
    }
    return step.right;
  }

  /** Makes a derivative the one that others are computed from. */
  private put(quantity: Quantity, entries: Float64Array): void {
    if (!this.isSampled(quantity)) this.stage.array(this.backward.adjointOf(quantity)).set(entries);
  }

  private stepOf(edge: Edge): Step {
    let step = this.steps.get(edge);
    if (!step) this.steps.set(edge, (step = this.step(edge)));
    return step;
  }

  private step(edge: Edge): Step {
    const clause = this.sampling.clauseOf(edge);
    const shape = this.sampling.shapeOf(edge.to);
    const quantity: Quantity = { name: "step", role: "auxiliary", shape };
    const run = this.stage.compile(quantity, [clause]);
    return { run, result: this.stage.array(quantity), reads: this.stage.readBy([clause]) };
  }
}

function byQuantity(definitions: readonly Definition[] = []): ReadonlyMap<Quantity, Definition> {
  return new Map(definitions.map((one) => [one.quantity, one]));
}
