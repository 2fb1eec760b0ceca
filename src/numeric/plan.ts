/**
 * How a clause is computed at given sizes, whatever the arithmetic and the numbers: found once, and run at
 * every point.
 */
import type { Fraction } from "fraction.js";
import type { Clause } from "../expression/definition.js";
import type { Expression, Reduction } from "../expression/expression.js";
import type { Index, Letter } from "../expression/indices.js";
import type { Quantity } from "../expression/quantity.js";
import { isUnit } from "../expression/rational.js";
import type { SizeValues } from "../expression/size.js";
import { postorder } from "../expression/walk.js";
import type { Arithmetic } from "./arithmetic.js";

/** Entries that are read one by one, and may be made when they are. */
export interface Readable<Value> {
  readonly at: (position: number) => Value | undefined;
}

/** The numbers of one run. */
export interface Run<Value> {
  readonly arithmetic: Arithmetic<Value>;
  /** Of the quantities that the clause reads. */
  readonly sources: readonly Readable<Value>[];
  readonly constants: readonly Value[];
  /** Of the nodes, at the values that the letters have at the moment. */
  readonly values: Value[];
  /** The values that letters have at the moment. */
  readonly at: number[];
}

type Compute = <Value>(run: Run<Value>) => Value;

/** offset + Σ factor·letter, the letters by their places in a run. */
interface Affine {
  readonly offset: number;
  readonly letters: readonly number[];
  readonly factors: readonly number[];
}

/** Nodes in the order in which they are computed; the last is the value of the scope. */
interface Scope {
  readonly first: number;
  readonly steps: readonly Compute[];
}

/** A summand, or a factor: a node's value, with a number in front or to a power. */
interface Part {
  /** The place of the value; undefined for a constant alone. */
  readonly slot: number | undefined;
  /** The place of a constant. */
  readonly constant?: number | undefined;
  readonly exponent?: number;
}

export class ClausePlan {
  /** What the clause reads. */
  readonly quantities: readonly Quantity[];
  private readonly sources = new Map<Quantity, number>();
  private readonly constants: (<Value>(arithmetic: Arithmetic<Value>) => Value)[] = [];
  private readonly letters = new Map<string, number>();
  private readonly loops: readonly { readonly letter: number; readonly size: number }[];
  private readonly body: Scope;
  private readonly target: Affine;
  private slots = 0;

  /** @throws RangeError for an index that leaves its axis */
  constructor(
    { letters, indices, body }: Clause,
    quantity: Quantity,
    private readonly sizes: SizeValues,
  ) {
    this.loops = letters.map((letter) => ({
      letter: this.letter(letter),
      size: letter.size.evaluate(sizes),
    }));
    this.body = this.scope(body);
    this.target = this.address(quantity, indices);
    this.quantities = [...this.sources.keys()];
  }

  /** Adds the clause to the entries of a quantity, of which some are not yet known. */
  run<Value>(
    arithmetic: Arithmetic<Value>,
    sources: readonly Readable<Value>[],
    result: (Value | undefined)[],
  ): void {
    const run: Run<Value> = {
      arithmetic,
      sources,
      constants: this.constants.map((constant) => constant(arithmetic)),
      values: new Array<Value>(this.slots),
      at: new Array<number>(this.letters.size).fill(0),
    };
    this.loop(0, run, result);
  }

  private loop<Value>(depth: number, run: Run<Value>, result: (Value | undefined)[]): void {
    const loop = this.loops[depth];
    if (loop) {
      for (let value = 0; value < loop.size; value++) {
        run.at[loop.letter] = value;
        this.loop(depth + 1, run, result);
      }
      return;
    }
    const place = placeAt(this.target, run.at);
    const value = valueOf(this.body, run);
    const before = result[place];
    result[place] = before === undefined ? value : run.arithmetic.add(before, value);
  }

  private scope(root: Expression): Scope {
    const inScope = (node: Expression): readonly Expression[] =>
      node.kind === "reduce" ? [] : node.children;
    const nodes = postorder([root], inScope);
    const first = this.slots;
    this.slots += nodes.length;
    const slots = new Map(nodes.map((node, position) => [node, first + position]));
    const slotOf = (node: Expression): number => slots.get(node)!;
    return { first, steps: nodes.map((node) => this.node(node, slotOf)) };
  }

  private node(node: Expression, slotOf: (node: Expression) => number): Compute {
    switch (node.kind) {
      case "number":
        return constantAt(this.exact(node.value));
      case "size": {
        const value = node.size.evaluate(this.sizes);
        return constantAt(this.constant((arithmetic) => arithmetic.double(value)));
      }
      case "constant":
        return constantAt(this.constant((arithmetic) => arithmetic.constant(node.name)));
      case "reference": {
        const source = this.source(node.quantity);
        const address = this.address(node.quantity, node.indices);
        return readingAt(source, address);
      }
      case "delta": {
        const [zero, one] = [0, 1].map((value) =>
          this.constant((arithmetic) => arithmetic.double(value)),
        );
        const [a, b] = node.indices.map((index) => this.affine(index));
        return ({ constants, at }) =>
          constants[placeAt(a!, at) === placeAt(b!, at) ? one! : zero!]!;
      }
      case "sum": {
        const parts = node.terms.map(({ coefficient, term }): Part => {
          const constant = isUnit(coefficient) ? undefined : this.exact(coefficient);
          return { slot: slotOf(term), constant };
        });
        if (node.constant.n !== 0n)
          parts.push({ slot: undefined, constant: this.exact(node.constant) });
        return folded("add", parts);
      }
      case "product": {
        const parts = node.factors.map(({ base, exponent }): Part => {
          return { slot: slotOf(base), exponent };
        });
        if (!isUnit(node.coefficient))
          parts.push({ slot: undefined, constant: this.exact(node.coefficient) });
        return folded("multiply", parts);
      }
      case "apply": {
        const { operation } = node;
        const args = node.children.map(slotOf);
        return ({ arithmetic, values }) =>
          arithmetic.apply(
            operation,
            args.map((slot) => values[slot]!),
          );
      }
      case "reduce": {
        const letter = this.letter(node.letter);
        const size = node.letter.size.evaluate(this.sizes);
        const scope = this.scope(node.body);
        const take = takerOf(node.reduction);
        return (run) => {
          const outer = run.at[letter]!;
          run.at[letter] = 0;
          let total = valueOf(scope, run);
          for (let value = 1; value < size; value++) {
            run.at[letter] = value;
            total = take(run.arithmetic, total, valueOf(scope, run));
          }
          run.at[letter] = outer;
          return total;
        };
      }
    }
  }

  private exact(value: Fraction): number {
    return this.constant((arithmetic) => arithmetic.exact(value));
  }

  private constant(make: <Value>(arithmetic: Arithmetic<Value>) => Value): number {
    return this.constants.push(make) - 1;
  }

  private source(quantity: Quantity): number {
    let place = this.sources.get(quantity);
    if (place === undefined) this.sources.set(quantity, (place = this.sources.size));
    return place;
  }

  private letter({ key }: Letter): number {
    let place = this.letters.get(key);
    if (place === undefined) this.letters.set(key, (place = this.letters.size));
    return place;
  }

  private affine({ offset, terms }: Index): Affine {
    const letters: number[] = [];
    const factors: number[] = [];
    for (const { letter, coefficient } of terms) {
      letters.push(this.letter(letter));
      factors.push(coefficient.evaluate(this.sizes));
    }
    return { offset: offset.evaluate(this.sizes), letters, factors };
  }

  /** The row-major position of an entry. */
  private address(quantity: Quantity, indices: readonly Index[]): Affine {
    let [offset, stride] = [0, 1];
    const letters: number[] = [];
    const factors: number[] = [];
    for (let axis = indices.length - 1; axis >= 0; axis--) {
      const length = quantity.shape[axis]!.evaluate(this.sizes);
      const along = this.affine(indices[axis]!);
      this.requireWithin(along, indices[axis]!, length, quantity);
      offset += stride * along.offset;
      letters.push(...along.letters);
      for (const factor of along.factors) factors.push(stride * factor);
      stride *= length;
    }
    return { offset, letters, factors };
  }

  /** @throws RangeError where an index leaves an axis: the row-major position would be another's. */
  private requireWithin(
    { offset, factors }: Affine,
    { terms }: Index,
    length: number,
    { name }: Quantity,
  ): void {
    let [first, last] = [offset, offset];
    for (const [position, { letter }] of terms.entries()) {
      const reach = factors[position]! * (letter.size.evaluate(this.sizes) - 1);
      if (reach > 0) last += reach;
      else first += reach;
    }
    if (first < 0 || last >= length) {
      throw new RangeError(`${name}: entries ${first}…${last} of ${length} are asked for`);
    }
  }
}

function placeAt({ offset, letters, factors }: Affine, at: readonly number[]): number {
  let place = offset;
  for (let k = 0; k < letters.length; k++) place += factors[k]! * at[letters[k]!]!;
  return place;
}

function valueOf<Value>({ first, steps }: Scope, run: Run<Value>): Value {
  const { values } = run;
  for (let k = 0; k < steps.length; k++) values[first + k] = steps[k]!(run);
  return values[first + steps.length - 1]!;
}

function constantAt(place: number): Compute {
  return ({ constants }) => constants[place]!;
}

/** Reads an entry; almost all have at most two indices. */
function readingAt(source: number, address: Affine): Compute {
  const { offset, letters, factors } = address;
  const [i, j] = letters;
  const [p, q] = factors;
  switch (letters.length) {
    case 0:
      return ({ sources }) => sources[source]!.at(offset)!;
    case 1:
      return ({ sources, at }) => sources[source]!.at(offset + p! * at[i!]!)!;
    case 2:
      return ({ sources, at }) => sources[source]!.at(offset + p! * at[i!]! + q! * at[j!]!)!;
    default:
      return ({ sources, at }) => sources[source]!.at(placeAt(address, at))!;
  }
}

/** Parts added up, or multiplied, one after the other. */
function folded(how: "add" | "multiply", parts: readonly Part[]): Compute {
  const slots = parts.flatMap(({ slot, constant, exponent = 1 }) =>
    slot !== undefined && constant === undefined && exponent === 1 ? slot : [],
  );
  // values alone, as in most products
  if (slots.length === parts.length) {
    return ({ arithmetic, values }) => {
      let total = values[slots[0]!] as (typeof values)[number];
      for (let k = 1; k < slots.length; k++) total = arithmetic[how](total, values[slots[k]!]!);
      return total;
    };
  }
  return (run) => {
    const { arithmetic } = run;
    let total = partOf(parts[0]!, run);
    for (let k = 1; k < parts.length; k++) total = arithmetic[how](total, partOf(parts[k]!, run));
    return total;
  };
}

function partOf<Value>({ slot, constant, exponent = 1 }: Part, run: Run<Value>): Value {
  const { arithmetic, constants, values } = run;
  if (slot === undefined) return constants[constant!]!;
  const value = values[slot]!;
  if (constant !== undefined) return arithmetic.multiply(constants[constant]!, value);
  return exponent === 1 ? value : arithmetic.integerPower(value, exponent);
}

type Take = <Value>(arithmetic: Arithmetic<Value>, total: Value, value: Value) => Value;

const TAKE: Readonly<Partial<Record<Reduction, Take>>> = {
  sum: (arithmetic, total, value) => arithmetic.add(total, value),
  max: (arithmetic, total, value) => arithmetic.larger(total, value),
  min: (arithmetic, total, value) => arithmetic.smaller(total, value),
};

function takerOf(reduction: Reduction): Take {
  const take = TAKE[reduction];
  if (!take) throw new TypeError(`${reduction} is lowered before programs are interpreted`);
  return take;
}
