/**
 * Definitions → JavaScript: one function for each definition, loops over flat arrays, no
 * allocation. Nothing that a model says gets into the code but whole numbers, exact constants and
 * names that are prefixed and made of letters, digits and underscores.
 *
 * Neighbouring entries are computed together where the blocking asks for it ("unroll and jam"):
 * a *lane* is one of them. What does not depend on the letter by which lanes differ is computed once.
 * The order of every sum is that of the plain loops.
 */
import type { Clause, Definition } from "../../expression/definition.js";
import type { Expression, ReduceNode } from "../../expression/expression.js";
import type { Operation } from "../../expression/operations/operation.js";
import type { Quantity } from "../../expression/quantity.js";
import { entryCount, type SizeValues } from "../../expression/size.js";
import { postorder, references } from "../../expression/walk.js";
import { numberText } from "../numbers.js";
import { addressText, entryAddress, indexAddress, type Location, type Places } from "./address.js";
import { type Blocking, unblocked } from "./blocks.js";
import { codeOf, type Codes, distinct, spread, version } from "./lanes.js";
import { productCode, REDUCTIONS, sumCode, timesUsed } from "./formula.js";
import { Writer } from "./writer.js";

/** A piece of code with a name, and the arrays that it reads and writes, by name. */
export interface EmittedFunction {
  readonly name: string;
  readonly arrays: readonly string[];
  /** The lines of its body. */
  readonly lines: readonly string[];
}

type Use = (quantity: Quantity) => Location;

/** Longer pieces of code become constants of their own. */
const LONGEST_PIECE = 160;
/** Reductions over fewer entries are written out, in up to so many pieces. */
const WRITTEN_OUT = 8;
const MOST_WRITTEN_OUT = 40;

export class Emitter {
  /** Operations that the code calls, by the name that it calls them. */
  readonly called = new Map<string, Operation>();
  private names = 0;

  constructor(
    private readonly sizes: SizeValues,
    private readonly locate: (quantity: Quantity) => Location,
    private readonly blocking: Blocking = unblocked,
  ) {}

  /** The function that computes one definition. */
  emit(name: string, { quantity, clauses }: Definition): EmittedFunction {
    this.names = 0;
    const arrays = new Set<string>();
    const use = (one: Quantity): Location => {
      const location = this.locate(one);
      arrays.add(location.array);
      return location;
    };
    const writer = new Writer();
    const [first] = clauses;
    const isFull = clauses.length === 1 && coversAll(quantity, first!);
    const target = use(quantity);
    if (!isFull) {
      const count = entryCount(quantity.shape).evaluate(this.sizes);
      writer.line(`${target.array}.fill(0, ${target.offset}, ${target.offset + count});`);
    }
    const fast = isFull && this.blocking !== unblocked ? fastApplication(first!.body) : undefined;
    for (const clause of clauses) {
      const blocking = isFull ? this.blocking : unblocked;
      const computed = fast ? { ...clause, body: fast.operand } : clause;
      this.clause(writer, computed, quantity, isFull ? "=" : "+=", blocking, use);
    }
    if (fast) this.applyToAll(writer, fast.operation, quantity, target);
    return { name, arrays: [...arrays], lines: writer.lines };
  }

  /** Puts values in the place of operands, in a loop of its own: the function is inlined but once. */
  private applyToAll(
    writer: Writer,
    operation: Operation,
    { shape }: Quantity,
    { array, offset }: Location,
  ): void {
    const name = `f_${operation.name}`;
    this.called.set(name, operation);
    const end = offset + entryCount(shape).evaluate(this.sizes);
    writer.open(`for (let k = ${offset}; k < ${end}; k++) {`);
    writer.line(`${array}[k] = ${name}(${array}[k]);`);
    writer.close();
  }

  private clause(
    writer: Writer,
    clause: Clause,
    quantity: Quantity,
    assign: string,
    blocking: Blocking,
    use: Use,
  ): void {
    const { letters, indices, body } = clause;
    const lengths = letters.map(({ size }) => size.evaluate(this.sizes));
    const blocks = blocking(clause, lengths);
    const nest = (depth: number, lanes: readonly Places[], outside: Codes): void => {
      const letter = letters[depth];
      if (!letter) {
        const values = this.expression(writer, body, lanes, outside, use);
        for (const [lane, places] of lanes.entries()) {
          const target = this.entry(quantity, indices, places, use);
          writer.line(`${target} ${assign} ${values[lane]!};`);
        }
        return;
      }
      const [length, block] = [lengths[depth]!, blocks[depth]!];
      const known = this.hoist(writer, body, lanes, outside, use);
      const isLoop = length > block;
      const whole = isLoop ? length - (length % block) : 0;
      if (isLoop) {
        const variable = this.open(writer, whole, block);
        nest(depth + 1, spread(lanes, letter, variable, 0, block), known);
        writer.close();
      }
      if (whole < length) {
        nest(depth + 1, spread(lanes, letter, undefined, whole, length - whole), known);
      }
    };
    nest(0, [new Map()], new Map());
  }

  private open(writer: Writer, length: number, step = 1): string {
    const name = `i${this.names++}`;
    const next = step === 1 ? `${name}++` : `${name} += ${step}`;
    writer.open(`for (let ${name} = 0; ${name} < ${length}; ${next}) {`);
    return name;
  }

  /**
   * Computes what a body needs and what is known before the next loop: the largest parts of it
   * whose letters all stand for something.
   * @returns the codes that are known from now on
   */
  private hoist(
    writer: Writer,
    body: Expression,
    lanes: readonly Places[],
    outside: Codes,
    use: Use,
  ): Codes {
    const [anyLane] = lanes as [Places];
    const isKnown = ({ free }: Expression): boolean => free.every(({ key }) => anyLane.has(key));
    const known = new Map(outside);
    const inside = (node: Expression): readonly Expression[] =>
      isKnown(node) ? [] : node.children;
    for (const node of postorder([body], inside)) {
      if (!isKnown(node) || known.has(node) || !readsSomething(node)) continue;
      const codes = this.expression(writer, node, lanes, known, use);
      const named = new Map<string, string>();
      for (const [lane, places] of lanes.entries()) {
        const key = version(node, places);
        if (!named.has(key)) named.set(key, this.named(writer, codes[lane]!));
      }
      known.set(node, named);
    }
    return known;
  }

  /** A name for a piece of code. */
  private named(writer: Writer, code: string): string {
    if (/^[\w.]+$/.test(code)) return code;
    const name = `v${this.names++}`;
    writer.line(`const ${name} = ${code};`);
    return name;
  }

  /**
   * Writes what a node needs first, and returns the code of its value in each lane.
   * @param outside what is known already
   */
  private expression(
    writer: Writer,
    root: Expression,
    lanes: readonly Places[],
    outside: Codes,
    use: Use,
  ): readonly string[] {
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
          ? this.reduction(writer, node, versions.get(node)!, outside, use)
          : this.values(node, versions.get(node)!, codes, use);
      for (const [key, code] of found) {
        const isShared = (uses.get(node)!.get(key) ?? 0) > 1;
        if (isShared || code.length > LONGEST_PIECE) found.set(key, this.named(writer, code));
      }
      codes.set(node, found);
    }
    return lanes.map((places) => codeOf(codes, root, places));
  }

  private values(
    node: Exclude<Expression, ReduceNode>,
    versions: ReadonlyMap<string, Places>,
    codes: Codes,
    use: Use,
  ): Map<string, string> {
    return new Map(
      [...versions].map(([key, places]) => [key, this.node(node, codes, places, use)]),
    );
  }

  private node(
    node: Exclude<Expression, ReduceNode>,
    codes: Codes,
    places: Places,
    use: Use,
  ): string {
    const code = (child: Expression): string => codeOf(codes, child, places);
    switch (node.kind) {
      case "number":
        return numberText(node.value);
      case "size":
        return `${node.size.evaluate(this.sizes)}`;
      case "constant":
        return node.name === "pi" ? "Math.PI" : "Math.E";
      case "reference":
        return this.entry(node.quantity, node.indices, places, use);
      case "delta": {
        const [a, b] = node.indices.map((index) =>
          addressText(indexAddress(index, places, this.sizes)),
        );
        return `(${a!} === ${b!} ? 1 : 0)`;
      }
      case "sum":
        return sumCode(node, code);
      case "product":
        return productCode(node, code);
      case "apply": {
        const { operation } = node;
        const args = node.children.map(code);
        if (operation.code) return operation.code(...args);
        const name = `f_${operation.name}`;
        this.called.set(name, operation);
        return `${name}(${args.join(", ")})`;
      }
    }
  }

  /** A reduction in all its lanes: one loop, or all entries written out. */
  private reduction(
    writer: Writer,
    { letter, body, reduction }: ReduceNode,
    versions: ReadonlyMap<string, Places>,
    outside: Codes,
    use: Use,
  ): Map<string, string> {
    const { start, take } = REDUCTIONS[reduction];
    const lanes = [...versions.values()];
    const length = letter.size.evaluate(this.sizes);
    const totals = lanes.map(() => `s${this.names++}`);
    const isWrittenOut = length <= WRITTEN_OUT && length * lanes.length <= MOST_WRITTEN_OUT;
    if (isWrittenOut && this.blocking !== unblocked) {
      for (let k = 0; k < length; k++) {
        const inner = spread(lanes, letter, undefined, k, 1);
        const entries = this.expression(writer, body, inner, outside, use);
        for (const [lane, total] of totals.entries()) {
          writer.line(k === 0 ? `let ${total} = ${entries[lane]!};` : take(total, entries[lane]!));
        }
      }
    } else {
      const known = this.hoist(writer, body, lanes, outside, use);
      for (const total of totals) writer.line(`let ${total} = ${start};`);
      const variable = this.open(writer, length);
      const inner = spread(lanes, letter, variable, 0, 1);
      const entries = this.expression(writer, body, inner, known, use);
      for (const [lane, total] of totals.entries()) writer.line(take(total, entries[lane]!));
      writer.close();
    }
    return new Map([...versions.keys()].map((key, lane) => [key, totals[lane]!]));
  }

  private entry(quantity: Quantity, indices: Clause["indices"], places: Places, use: Use): string {
    const { array, offset } = use(quantity);
    return `${array}[${addressText(entryAddress(quantity, indices, offset, places, this.sizes))}]`;
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

/** Whether an expression depends on anything but sizes and numbers, which V8 folds itself. */
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
