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

/** How definitions are computed at some sizes. */
type Plans = Map<Definition, readonly ClausePlan[]>;

/** By the sizes that they are for: the same definitions run at one point after the other. */
const known = new WeakMap<readonly Definition[], Map<string, Plans>>();

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
  const interpreter = new Interpreter(sizes, given, arithmetic, plansOf(definitions, sizes));
  for (const definition of definitions) interpreter.define(definition);
  return interpreter.entries;
}

function plansOf(definitions: readonly Definition[], sizes: SizeValues): Plans {
  let bySizes = known.get(definitions);
  if (!bySizes) known.set(definitions, (bySizes = new Map<string, Plans>()));
  const key = keyOf(sizes);
  let plans = bySizes.get(key);
  if (!plans) bySizes.set(key, (plans = new Map<Definition, readonly ClausePlan[]>()));
  return plans;
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
  const defined = interpret(program.definitions, sizes, given, arithmetic);
  return new Map([...given, ...defined]);
}

/** Computes definitions one after the other. */
export class Interpreter<Value> {
  /** Of everything defined so far. */
  readonly entries = new Map<Quantity, readonly Value[]>();

  /** @param plans of definitions at these sizes, where some are known */
  constructor(
    private readonly sizes: SizeValues,
    private readonly given: GivenEntries<Value>,
    private readonly arithmetic: Arithmetic<Value>,
    private readonly plans: Plans = new Map<Definition, readonly ClausePlan[]>(),
  ) {}

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
