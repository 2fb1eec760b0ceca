/**
 * Scalar computations as a graph: what is left of a program when its letters have all got numbers.
 * Equal computations are the same node, numbers are folded, and signs move outwards; no rewriting
 * changes how a result is rounded. What a mask of 0 is multiplied with is not looked at: the product is 0
 * where it has overflowed too.
 */
import { isMask, type Operation } from "../../expression/operations/operation.js";
import { type Arithmetic, doubleArithmetic } from "../arithmetic.js";

/** When a value is known: before a loop over examples, in each round, or after it. */
export type Stage = "before" | "inside" | "after";

interface Base {
  /** Order of creation: operands have smaller ones. */
  readonly id: number;
  readonly stage: Stage;
  readonly operands: readonly Scalar[];
}

export interface NumberScalar extends Base {
  readonly kind: "number";
  readonly value: number;
}

/** An entry of an array; inside a loop, at a distance from the loop's variable. */
export interface LoadScalar extends Base {
  readonly kind: "load";
  readonly array: string;
  readonly index: number;
}

export interface BinaryScalar extends Base {
  readonly kind: "add" | "subtract" | "multiply" | "divide" | "max" | "min";
}

export interface NegateScalar extends Base {
  readonly kind: "negate";
}

export interface ApplyScalar extends Base {
  readonly kind: "apply";
  readonly operation: Operation;
}

/** The second operand where the first is above 0, else the first: 0 or NaN. */
export interface SelectScalar extends Base {
  readonly kind: "select";
}

/** The sum of a value over all rounds of the loop. */
export interface TotalScalar extends Base {
  readonly kind: "total";
}

export type Scalar =
  | NumberScalar
  | LoadScalar
  | BinaryScalar
  | NegateScalar
  | ApplyScalar
  | SelectScalar
  | TotalScalar;

type Draft = Scalar extends infer Node
  ? Node extends Scalar
    ? Omit<Node, "id" | "stage" | "operands">
    : never
  : never;

/** Raised where a value inside the loop needs one that is known only after it. */
export class StageError extends Error {}

export class ScalarGraph {
  private readonly nodes = new Map<string, Scalar>();

  /** In which scalar programs are interpreted. */
  readonly arithmetic: Arithmetic<Scalar> = {
    exact: (value) => this.number(doubleArithmetic.exact(value)),
    double: (value) => this.number(value),
    constant: (name) => this.number(doubleArithmetic.constant(name)),
    add: (a, b) => this.add(a, b),
    multiply: (a, b) => this.multiply(a, b),
    integerPower: (base, exponent) => this.integerPower(base, exponent),
    apply: (operation, args) => this.apply(operation, args),
    larger: (a, b) => this.binary("max", a, b),
    smaller: (a, b) => this.binary("min", a, b),
  };

  number(value: number): Scalar {
    const key = Object.is(value, -0) ? "-0" : `${value}`;
    return this.intern(`n${key}`, { kind: "number", value }, [], "before");
  }

  load(array: string, index: number, stage: Stage = "before"): Scalar {
    return this.intern(`l${array}[${index}]${stage}`, { kind: "load", array, index }, [], stage);
  }

  total(of: Scalar): Scalar {
    if (of.stage === "after") throw new StageError();
    return this.intern(`t${of.id}`, { kind: "total" }, [of], "after");
  }

  private add(a: Scalar, b: Scalar): Scalar {
    if (isNumber(a, 0)) return b;
    if (isNumber(b, 0)) return a;
    if (b.kind === "negate") return this.binary("subtract", a, b.operands[0]!);
    if (a.kind === "negate") return this.binary("subtract", b, a.operands[0]!);
    return this.binary("add", a, b);
  }

  private negate(a: Scalar): Scalar {
    if (a.kind === "number") return this.number(-a.value);
    if (a.kind === "negate") return a.operands[0]!;
    const [first, second] = a.operands as [Scalar, Scalar];
    if (a.kind === "subtract") return this.binary("subtract", second, first);
    // a difference times a number, such as the mean's
    if (a.kind === "multiply" && first.kind === "number" && second.kind === "subtract") {
      return this.multiply(first, this.negate(second));
    }
    return this.intern(`-${a.id}`, { kind: "negate" }, [a], a.stage);
  }

  private multiply(a: Scalar, b: Scalar): Scalar {
    if (isNumber(a, 1)) return b;
    if (isNumber(b, 1)) return a;
    if (isNumber(a, -1)) return this.negate(b);
    if (isNumber(b, -1)) return this.negate(a);
    if (a.kind === "negate") return this.negate(this.multiply(a.operands[0]!, b));
    if (b.kind === "negate") return this.negate(this.multiply(a, b.operands[0]!));
    if (isMasking(a)) return this.select(a, b);
    if (isMasking(b)) return this.select(b, a);
    if (a === b && a.kind === "subtract") return this.square(a);
    if (isInverse(b)) return this.divide(a, b.operands[1]!);
    if (isInverse(a)) return this.divide(b, a.operands[1]!);
    return this.binary("multiply", a, b);
  }

  /** A mask times a value. */
  private select(mask: ApplyScalar, value: Scalar): Scalar {
    const gate = mask.operation.isToldByOperand ? mask.operands[0]! : mask;
    const operands = [gate, value];
    return this.intern(`?${gate.id},${value.id}`, { kind: "select" }, operands, laterOf(operands));
  }

  /** Of a difference, which is that of the opposite too: the newer minus the older, as in adjoints of losses. */
  private square({ operands }: Scalar): Scalar {
    const [older, newer] = operands.toSorted((a, b) => a.id - b.id);
    const difference = this.binary("subtract", newer!, older!);
    return this.binary("multiply", difference, difference);
  }

  private divide(a: Scalar, b: Scalar): Scalar {
    if (a.kind === "negate") return this.negate(this.divide(a.operands[0]!, b));
    if (isInverse(a)) return this.divide(this.number(1), this.multiply(a.operands[1]!, b));
    if (b.kind === "number" && isPowerOfTwo(b.value)) {
      return this.multiply(a, this.number(1 / b.value));
    }
    // other inverses are rounded, and quotients with them twice
    return this.intern(`/${a.id},${b.id}`, { kind: "divide" }, [a, b], laterOf([a, b]));
  }

  private integerPower(base: Scalar, exponent: number): Scalar {
    if (exponent < 0) return this.divide(this.number(1), this.integerPower(base, -exponent));
    if (exponent === 1) return base;
    const half = this.integerPower(base, exponent >> 1);
    const square = this.multiply(half, half);
    return exponent % 2 === 0 ? square : this.multiply(square, base);
  }

  private apply(operation: Operation, args: readonly Scalar[]): Scalar {
    const numbers = args.flatMap((arg) => (arg.kind === "number" ? [arg.value] : []));
    if (numbers.length === args.length) return this.number(operation.value(...numbers));
    const key = `a${operation.name}(${args.map(({ id }) => id).join(",")})`;
    return this.intern(key, { kind: "apply", operation }, args, laterOf(args));
  }

  private binary(kind: BinaryScalar["kind"], a: Scalar, b: Scalar): Scalar {
    if (a.kind === "number" && b.kind === "number") {
      return this.number(FOLDED[kind](a.value, b.value));
    }
    // a + b and b + a are rounded alike
    const [first, second] = kind !== "subtract" && b.id < a.id ? [b, a] : [a, b];
    return this.intern(`${kind}${first.id},${second.id}`, { kind }, [a, b], laterOf([a, b]));
  }

  private intern(key: string, draft: Draft, operands: readonly Scalar[], stage: Stage): Scalar {
    const known = this.nodes.get(key);
    if (known) return known;
    const node = { ...draft, operands, stage, id: this.nodes.size } as Scalar;
    this.nodes.set(key, node);
    return node;
  }
}

const FOLDED: Readonly<Record<BinaryScalar["kind"], (a: number, b: number) => number>> = {
  add: (a, b) => a + b,
  subtract: (a, b) => a - b,
  multiply: (a, b) => a * b,
  divide: (a, b) => a / b,
  max: Math.max,
  min: Math.min,
};

/** @throws StageError where values inside and after the loop meet. */
function laterOf(operands: readonly Scalar[]): Stage {
  const stages = new Set(operands.map(({ stage }) => stage));
  if (stages.has("inside") && stages.has("after")) throw new StageError();
  if (stages.has("inside")) return "inside";
  return stages.has("after") ? "after" : "before";
}

function isNumber(scalar: Scalar, value: number): boolean {
  return scalar.kind === "number" && Object.is(scalar.value, value);
}

function isMasking(scalar: Scalar): scalar is ApplyScalar {
  return scalar.kind === "apply" && isMask(scalar.operation);
}

/** Whether a number's inverse is exact. */
function isPowerOfTwo(value: number): boolean {
  return (
    Math.abs(Math.log2(Math.abs(value))) < 1000 && Number.isInteger(Math.log2(Math.abs(value)))
  );
}

function isInverse(scalar: Scalar): boolean {
  return scalar.kind === "divide" && isNumber(scalar.operands[0]!, 1);
}
