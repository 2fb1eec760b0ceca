/**
 * Definitions → loops over flat arrays, without allocation, in whatever language a `Target` takes down.
 *
 * Neighbouring entries are computed together where the blocking asks for it ("unroll and jam"):
 * a *lane* is one of them, or as many as the target computes at once. What does not depend on the letter
 * by which lanes differ is computed once. The order of every sum is that of the plain loops.
 */
import { Fraction } from "fraction.js";
import type { Clause, Definition } from "../../expression/definition.js";
import type { Expression, ReduceNode } from "../../expression/expression.js";
import type { Operation } from "../../expression/operations/operation.js";
import type { Quantity } from "../../expression/quantity.js";
import { entryCount, type SizeValues } from "../../expression/size.js";
import { postorder, references } from "../../expression/walk.js";
import { type Address, entryAddress, indexAddress, type Location, type Places } from "./address.js";
import { type Blocking, unblocked } from "./blocks.js";
import { productParts, sumTerms, timesUsed } from "./formula.js";
import { codeOf, type Codes, distinct, spread, version } from "./lanes.js";
import type { Target } from "./target.js";

/** Reductions over fewer entries are written out, in up to so many pieces. */
const WRITTEN_OUT = 8;
const MOST_WRITTEN_OUT = 40;

export interface LoopOptions {
  readonly sizes: SizeValues;
  readonly locate: (quantity: Quantity) => Location;
  /** How many entries are computed together; by default one after the other. */
  readonly blocking?: Blocking;
}

/** Writes what computes one definition. */
export function writeLoops<Code>(
  definition: Definition,
  options: LoopOptions,
  target: Target<Code>,
): void {
  new Loops(options, target).write(definition);
}

class Loops<Code> {
  private readonly sizes: SizeValues;
  private readonly locate: (quantity: Quantity) => Location;
  private readonly blocking: Blocking;

  constructor(
    { sizes, locate, blocking = unblocked }: LoopOptions,
    private readonly target: Target<Code>,
  ) {
    this.sizes = sizes;
    this.locate = locate;
    this.blocking = blocking;
  }

  write({ quantity, clauses }: Definition): void {
    const [first] = clauses;
    const isFull = clauses.length === 1 && coversAll(quantity, first!);
    const { array, offset } = this.locate(quantity);
    const count = entryCount(quantity.shape).evaluate(this.sizes);
    if (!isFull) {
      this.target.clear(array, offset, count);
      for (const clause of clauses) this.clause(clause, quantity, true, unblocked);
      return;
    }
    const fast = this.blocking !== unblocked ? fastApplication(first!.body) : undefined;
    if (!fast || !this.target.applyToArray) {
      this.clause(first!, quantity, false, this.blocking);
      return;
    }
    this.clause({ ...first!, body: fast.operand }, quantity, false, this.blocking);
    this.target.applyToArray(fast.operation, array, offset, count);
  }

  private clause(clause: Clause, quantity: Quantity, isAdded: boolean, blocking: Blocking): void {
    const { letters, indices, body } = clause;
    const lengths = letters.map(({ size }) => size.evaluate(this.sizes));
    const blocks = blocking(clause, lengths);
    const nest = (depth: number, lanes: readonly Places[], outside: Codes<Code>): void => {
      const letter = letters[depth];
      if (!letter) {
        const values = this.expression(body, lanes, outside);
        for (const [lane, places] of lanes.entries()) {
          const { array } = this.locate(quantity);
          const address = this.address(quantity, indices, places);
          this.target.store(array, address, values[lane]!, isAdded);
        }
        return;
      }
      const [length, block] = [lengths[depth]!, blocks[depth]!];
      // neighbours in the array are computed by one code
      const isLast = depth === letters.length - 1;
      const width = isLast && !isAdded && block > 1 ? this.target.width : 1;
      const known = this.hoist(body, lanes, outside);
      const isLoop = length > block;
      const whole = isLoop ? length - (length % block) : 0;
      if (isLoop) {
        const variable = this.target.open(whole, block);
        nest(depth + 1, spread(lanes, letter, variable, 0, block, width), known);
        this.target.close();
      }
      if (whole < length) {
        nest(depth + 1, spread(lanes, letter, undefined, whole, length - whole, width), known);
      }
    };
    nest(0, [new Map()], new Map());
  }

  /**
   * Computes what a body needs and what is known before the next loop: the largest parts of it
   * whose letters all stand for something.
   * @returns the codes that are known from now on
   */
  private hoist(body: Expression, lanes: readonly Places[], outside: Codes<Code>): Codes<Code> {
    const [anyLane] = lanes as [Places];
    const isKnown = ({ free }: Expression): boolean => free.every(({ key }) => anyLane.has(key));
    const known = new Map(outside);
    const inside = (node: Expression): readonly Expression[] =>
      isKnown(node) ? [] : node.children;
    for (const node of postorder([body], inside)) {
      if (!isKnown(node) || known.has(node) || !readsSomething(node)) continue;
      const codes = this.expression(node, lanes, known);
      const named = new Map<string, Code>();
      for (const [lane, places] of lanes.entries()) {
        const key = version(node, places);
        if (!named.has(key)) named.set(key, this.target.named(codes[lane]!));
      }
      known.set(node, named);
    }
    return known;
  }

  /**
   * Writes what a node needs first, and returns the code of its value in each lane.
   * @param outside what is known already
   */
  private expression(
    root: Expression,
    lanes: readonly Places[],
    outside: Codes<Code>,
  ): readonly Code[] {
    const inScope = (node: Expression): readonly Expression[] =>
      node.kind === "reduce" || outside.has(node) ? [] : node.children;
    const nodes = [...postorder([root], inScope)];
    const versions = new Map(nodes.map((node) => [node, distinct(node, lanes)]));
    const uses = new Map(nodes.map((node) => [node, new Map<string, number>()]));
    for (const node of nodes) {
      for (const places of versions.get(node)!.values()) {
        for (const child of inScope(node)) {
          const [counts, key] = [uses.get(child)!, version(child, places)];
          counts.set(key, (counts.get(key) ?? 0) + timesUsed(node, child));
        }
      }
    }
    const codes = new Map(outside);
    for (const node of nodes) {
      if (outside.has(node)) continue;
      const found =
        node.kind === "reduce"
          ? this.reduction(node, versions.get(node)!, outside)
          : this.values(node, versions.get(node)!, codes);
      for (const [key, code] of found) {
        const isShared = (uses.get(node)!.get(key) ?? 0) > 1;
        if (isShared || this.target.isLong(code)) found.set(key, this.target.named(code));
      }
      codes.set(node, found);
    }
    return lanes.map((places) => codeOf(codes, root, places));
  }

  private values(
    node: Exclude<Expression, ReduceNode>,
    versions: ReadonlyMap<string, Places>,
    codes: Codes<Code>,
  ): Map<string, Code> {
    return new Map([...versions].map(([key, places]) => [key, this.node(node, codes, places)]));
  }

  private node(node: Exclude<Expression, ReduceNode>, codes: Codes<Code>, places: Places): Code {
    const { target, sizes } = this;
    const code = (child: Expression): Code => codeOf(codes, child, places);
    switch (node.kind) {
      case "number":
        return target.number(node.value);
      case "size":
        return target.number(new Fraction(node.size.evaluate(sizes)));
      case "constant":
        return target.constant(node.name);
      case "reference":
        return target.entry(
          this.locate(node.quantity).array,
          this.address(node.quantity, node.indices, places),
        );
      case "delta": {
        const [a, b] = node.indices.map((index) => indexAddress(index, places, sizes));
        return target.isEqual(a!, b!);
      }
      case "sum":
        return target.sum(sumTerms(node, code, (value) => target.number(value)));
      case "product":
        return target.quotient(productParts(node, code, target));
      case "apply":
        return target.apply(node.operation, node.children.map(code));
    }
  }

  /** A reduction in all its lanes: one loop, or all entries written out. */
  private reduction(
    { letter, body, reduction }: ReduceNode,
    versions: ReadonlyMap<string, Places>,
    outside: Codes<Code>,
  ): Map<string, Code> {
    const { target } = this;
    const lanes = [...versions.values()];
    const length = letter.size.evaluate(this.sizes);
    const isWrittenOut =
      this.blocking !== unblocked &&
      length <= WRITTEN_OUT &&
      length * lanes.length <= MOST_WRITTEN_OUT;
    let totals: readonly Code[] = [];
    if (isWrittenOut) {
      for (let k = 0; k < length; k++) {
        const inner = spread(lanes, letter, undefined, k, 1);
        const entries = this.expression(body, inner, outside);
        if (k === 0) totals = entries.map((entry) => target.total(reduction, entry));
        else
          for (const [lane, total] of totals.entries())
            target.take(reduction, total, entries[lane]!);
      }
    } else {
      const known = this.hoist(body, lanes, outside);
      totals = lanes.map(() => target.total(reduction));
      const variable = target.open(length, 1);
      const inner = spread(lanes, letter, variable, 0, 1);
      const entries = this.expression(body, inner, known);
      for (const [lane, total] of totals.entries()) target.take(reduction, total, entries[lane]!);
      target.close();
    }
    return new Map([...versions.keys()].map((key, lane) => [key, totals[lane]!]));
  }

  private address(quantity: Quantity, indices: Clause["indices"], places: Places): Address {
    return entryAddress(quantity, indices, this.locate(quantity).offset, places, this.sizes);
  }
}

/** A body that is a fast function of one operand. */
function fastApplication(
  body: Expression,
): { readonly operation: Operation; readonly operand: Expression } | undefined {
  const [operand] = body.children;
  if (body.kind !== "apply" || !body.operation.fast || !operand) return undefined;
  return { operation: body.operation, operand };
}

/** Whether an expression depends on anything but sizes and numbers, which compilers fold themselves. */
function readsSomething(node: Expression): boolean {
  return references([node]).length > 0;
}

/** Whether a clause reaches every entry of a quantity exactly once. */
function coversAll(quantity: Quantity, { indices, letters }: Clause): boolean {
  const along = new Set<string>();
  let axes = 0;
  for (const [axis, size] of quantity.shape.entries()) {
    if (size.isOne) continue;
    const letter = indices[axis]!.plain;
    if (!letter?.size.equals(size)) return false;
    along.add(letter.key);
    axes++;
  }
  // a diagonal has one letter for two axes
  return along.size === axes && along.size === letters.length;
}
