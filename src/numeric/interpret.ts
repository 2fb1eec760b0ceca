/** Runs a program in any arithmetic, entry by entry, without recursion over expressions. */
import type { Clause, Definition } from "../expression/definition.js";
import type { Expression } from "../expression/expression.js";
import type { Index, Letter } from "../expression/indices.js";
import type { Quantity } from "../expression/quantity.js";
import type { SizeValues } from "../expression/size.js";
import { postorder } from "../expression/walk.js";
import type { CheckedPoint } from "../language/point.js";
import type { Arithmetic } from "./arithmetic.js";
import type { NumericProgram } from "./program.js";

/** Entries of quantities, rows first; what is not known has none. */
export interface Entries<Value> {
  readonly get: (quantity: Quantity) => readonly Value[] | undefined;
}

/** The same where entries are only read one by one, and may be made when they are. */
export interface GivenEntries<Value> {
  readonly get: (
    quantity: Quantity,
  ) => { readonly at: (position: number) => Value | undefined } | undefined;
}

/** The values that letters have at the moment, by key. */
type Position = Map<string, number>;

/** Computes the nodes of a scope in order; the last is its value. */
type Evaluate<Value> = (position: Position) => Value;

/**
 * @param given entries of everything that the definitions use and do not define
 * @returns the entries of every definition
 * @throws RangeError for an index that leaves its axis
 */
export function interpret<Value>(
  definitions: readonly Definition[],
  sizes: SizeValues,
  given: GivenEntries<Value>,
  arithmetic: Arithmetic<Value>,
): Map<Quantity, readonly Value[]> {
  const interpreter = new Interpreter(sizes, given, arithmetic);
  for (const definition of definitions) interpreter.define(definition);
  return interpreter.entries;
}

/** Entries of everything in a program, at a point. */
export function runProgram<Value>(
  program: NumericProgram,
  { sizes, entries }: CheckedPoint,
  arithmetic: Arithmetic<Value>,
): Map<Quantity, readonly Value[]> {
  const given = new Map<Quantity, readonly Value[]>();
  for (const [quantity, values] of entries)
    given.set(quantity, Array.from(values, arithmetic.double));
  const defined = interpret(program.definitions, sizes, given, arithmetic);
  return new Map([...given, ...defined]);
}

/** Computes definitions one after the other. */
export class Interpreter<Value> {
  /** Of everything defined so far. */
  readonly entries = new Map<Quantity, readonly Value[]>();

  constructor(
    private readonly sizes: SizeValues,
    private readonly given: GivenEntries<Value>,
    private readonly arithmetic: Arithmetic<Value>,
  ) {}

  define({ quantity, clauses }: Definition): void {
    const count = this.lengths(quantity).reduce((product, length) => product * length, 1);
    const result: (Value | undefined)[] = new Array<Value | undefined>(count).fill(undefined);
    for (const clause of clauses) this.clause(clause, quantity, result);
    const zero = this.arithmetic.double(0);
    const entries = result.map((value) => value ?? zero);
    this.entries.set(quantity, entries);
  }

  private clause(clause: Clause, quantity: Quantity, result: (Value | undefined)[]): void {
    const evaluate = this.scope(clause.body);
    const target = this.address(quantity, clause.indices);
    this.forEach(clause.letters, new Map(), (position) => {
      const address = target(position);
      const value = evaluate(position);
      const before = result[address];
      result[address] = before === undefined ? value : this.arithmetic.add(before, value);
    });
  }

  private forEach(
    letters: readonly Letter[],
    position: Position,
    visit: (position: Position) => void,
  ): void {
    const [first, ...rest] = letters;
    if (!first) {
      visit(position);
      return;
    }
    const size = first.size.evaluate(this.sizes);
    for (let value = 0; value < size; value++) {
      position.set(first.key, value);
      this.forEach(rest, position, visit);
    }
  }

  private scope(root: Expression): Evaluate<Value> {
    const inScope = (node: Expression): readonly Expression[] =>
      node.kind === "reduce" ? [] : node.children;
    const nodes = postorder([root], inScope);
    const slots = new Map(nodes.map((node, slot) => [node, slot]));
    const values = new Array<Value>(nodes.length);
    const read = (node: Expression): (() => Value) => {
      const slot = slots.get(node)!;
      return () => values[slot]!;
    };
    const steps = nodes.map((node) => this.node(node, read));
    return (position) => {
      for (let slot = 0; slot < steps.length; slot++) values[slot] = steps[slot]!(position);
      return values[steps.length - 1]!;
    };
  }

  private node(node: Expression, read: (node: Expression) => () => Value): Evaluate<Value> {
    const { arithmetic } = this;
    switch (node.kind) {
      case "number": {
        const value = arithmetic.exact(node.value);
        return () => value;
      }
      case "size": {
        const value = arithmetic.double(node.size.evaluate(this.sizes));
        return () => value;
      }
      case "constant": {
        const value = arithmetic.constant(node.name);
        return () => value;
      }
      case "reference": {
        const entries = this.entries.get(node.quantity) ?? this.given.get(node.quantity);
        if (!entries) throw new TypeError(`${node.quantity.name} has no value`);
        const address = this.address(node.quantity, node.indices);
        return (position) => entries.at(address(position))!;
      }
      case "delta": {
        const [zero, one] = [arithmetic.double(0), arithmetic.double(1)];
        const [a, b] = node.indices.map((index) => this.index(index));
        return (position) => (a!(position) === b!(position) ? one : zero);
      }
      case "sum": {
        const terms = node.terms.map(({ coefficient, term }) => {
          const value = read(term);
          if (coefficient.equals(1)) return value;
          const factor = arithmetic.exact(coefficient);
          return () => arithmetic.multiply(factor, value());
        });
        if (node.constant.n !== 0n) {
          const constant = arithmetic.exact(node.constant);
          terms.push(() => constant);
        }
        return () => terms.slice(1).reduce((sum, term) => arithmetic.add(sum, term()), terms[0]!());
      }
      case "product": {
        const factors = node.factors.map(({ base, exponent }) => {
          const value = read(base);
          return exponent === 1 ? value : () => arithmetic.integerPower(value(), exponent);
        });
        if (!node.coefficient.equals(1)) {
          const coefficient = arithmetic.exact(node.coefficient);
          factors.push(() => coefficient);
        }
        return () =>
          factors
            .slice(1)
            .reduce((product, factor) => arithmetic.multiply(product, factor()), factors[0]!());
      }
      case "apply": {
        const { operation } = node;
        const args = node.children.map(read);
        return () =>
          arithmetic.apply(
            operation,
            args.map((value) => value()),
          );
      }
      case "reduce": {
        const evaluate = this.scope(node.body);
        const { letter, reduction } = node;
        const take = this.taker(reduction);
        return (position) => {
          let total: Value | undefined;
          const inner = new Map(position);
          this.forEach([letter], inner, () => {
            const value = evaluate(inner);
            total = total === undefined ? value : take(total, value);
          });
          return total!;
        };
      }
    }
  }

  private taker(reduction: string): (total: Value, value: Value) => Value {
    const { arithmetic } = this;
    if (reduction === "sum") return (total, value) => arithmetic.add(total, value);
    if (reduction === "max") return (a, b) => arithmetic.larger(a, b);
    if (reduction === "min") return (a, b) => arithmetic.smaller(a, b);
    throw new TypeError(`${reduction} is lowered before programs are interpreted`);
  }

  private index(index: Index): (position: Position) => number {
    const offset = index.offset.evaluate(this.sizes);
    const terms = index.terms.map(({ letter, coefficient }) => ({
      key: letter.key,
      factor: coefficient.evaluate(this.sizes),
    }));
    return (position) =>
      terms.reduce((total, { key, factor }) => total + factor * position.get(key)!, offset);
  }

  private lengths({ shape }: Quantity): number[] {
    return shape.map((size) => size.evaluate(this.sizes));
  }

  /** The row-major position of an entry. */
  private address(quantity: Quantity, indices: readonly Index[]): (position: Position) => number {
    const lengths = this.lengths(quantity);
    const axes = indices.map((index, axis) => {
      const size = lengths[axis]!;
      this.requireWithin(index, size, quantity);
      return { at: this.index(index), size };
    });
    return (position) => axes.reduce((address, { at, size }) => address * size + at(position), 0);
  }

  /** @throws RangeError where an index leaves an axis: the row-major position would be another's. */
  private requireWithin({ offset, terms }: Index, length: number, { name }: Quantity): void {
    let [first, last] = [offset.evaluate(this.sizes), offset.evaluate(this.sizes)];
    for (const { letter, coefficient } of terms) {
      const reach = coefficient.evaluate(this.sizes) * (letter.size.evaluate(this.sizes) - 1);
      if (reach > 0) last += reach;
      else first += reach;
    }
    if (first < 0 || last >= length) {
      throw new RangeError(`${name}: entries ${first}…${last} of ${length} are asked for`);
    }
  }
}
