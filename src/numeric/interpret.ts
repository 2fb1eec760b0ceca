/** Runs a program in any arithmetic, entry by entry, without recursion over expressions. */
import type { Definition } from "../expression/definition.js";
import type { Quantity } from "../expression/quantity.js";
import type { SizeValues } from "../expression/size.js";
import type { CheckedPoint } from "../language/point.js";
import type { Arithmetic } from "./arithmetic.js";
import { ClausePlan, type Readable } from "./plan.js";
import type { NumericProgram } from "./program.js";

/** Entries of quantities, rows first; what is not known has none. */
export interface Entries<Value> {
  readonly get: (quantity: Quantity) => readonly Value[] | undefined;
}

/** The same where entries are only read one by one, and may be made when they are. */
export interface GivenEntries<Value> {
  readonly get: (quantity: Quantity) => Readable<Value> | undefined;
}

/**
 * How definitions are computed, by their sizes: found once for all points and arithmetics. Whoever computes
 * the same definitions again keeps it beside them.
 */
export class Plans {
  private readonly known = new Map<string, Map<Definition, readonly ClausePlan[]>>();

  at(sizes: SizeValues): Map<Definition, readonly ClausePlan[]> {
    const key = keyOf(sizes);
    let plans = this.known.get(key);
    if (!plans) this.known.set(key, (plans = new Map<Definition, readonly ClausePlan[]>()));
    return plans;
  }
}

/**
 * @param given entries of everything that the definitions use and do not define
 * @param plans of definitions that are computed more than once
 * @returns the entries of every definition
 * @throws RangeError for an index that leaves its axis
 */
export function interpret<Value>(
  definitions: readonly Definition[],
  sizes: SizeValues,
  given: GivenEntries<Value>,
  arithmetic: Arithmetic<Value>,
  plans = new Plans(),
): Map<Quantity, readonly Value[]> {
  const interpreter = new Interpreter(sizes, given, arithmetic, plans);
  for (const definition of definitions) interpreter.define(definition);
  return interpreter.entries;
}

function keyOf(sizes: SizeValues): string {
  if (sizes.size === 0 && !sizes.standIn) return "";
  return [...sizes, sizes.standIn !== undefined].flat().join(" ");
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
  const defined = interpret(program.definitions, sizes, given, arithmetic, program.plans);
  return new Map([...given, ...defined]);
}

/** Computes definitions one after the other. */
export class Interpreter<Value> {
  /** Of everything defined so far. */
  readonly entries = new Map<Quantity, readonly Value[]>();
  private readonly plans: Map<Definition, readonly ClausePlan[]>;

  constructor(
    private readonly sizes: SizeValues,
    private readonly given: GivenEntries<Value>,
    private readonly arithmetic: Arithmetic<Value>,
    plans = new Plans(),
  ) {
    this.plans = plans.at(sizes);
  }

  define(definition: Definition): void {
    const { quantity } = definition;
    const count = quantity.shape.reduce((total, size) => total * size.evaluate(this.sizes), 1);
    const result = new Array<Value | undefined>(count).fill(undefined);
    for (const plan of this.plansOf(definition)) {
      const sources = plan.quantities.map((one) => this.source(one));
      plan.run(this.arithmetic, sources, result);
    }
    const zero = this.arithmetic.double(0);
    this.entries.set(
      quantity,
      result.map((value) => value ?? zero),
    );
  }

  private plansOf(definition: Definition): readonly ClausePlan[] {
    let found = this.plans.get(definition);
    if (!found) {
      const { quantity, clauses } = definition;
      found = clauses.map((clause) => new ClausePlan(clause, quantity, this.sizes));
      this.plans.set(definition, found);
    }
    return found;
  }

  private source(quantity: Quantity): Readable<Value> {
    const entries = this.entries.get(quantity) ?? this.given.get(quantity);
    if (!entries) throw new TypeError(`${quantity.name} has no value`);
    return entries;
  }
}
