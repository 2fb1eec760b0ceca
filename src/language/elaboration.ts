/** What operators and functions need while they build tensors: the graph, shapes, errors. */
import type { Expression } from "../expression/expression.js";
import type { Graph } from "../expression/graph.js";
import { sameShape, type Shape, shapeText, Size } from "../expression/size.js";
import { InputError, type Place, ShapeError } from "./source.js";
import type { Syntax } from "./syntax.js";
import { asSize, bodyOf, columns, hasOneEntry, rows, type Tensor, tensor } from "./tensor.js";
import { syntaxText } from "./text.js";

/** An operand: its value and how it was written, for messages. */
export interface Argument {
  readonly syntax: Syntax;
  readonly value: Tensor;
}

/** A condition on sizes that only data can decide: `size` must be ≥ 0. */
export interface SizeCondition {
  readonly size: Size;
  readonly place: Place;
  readonly message: string;
}

/** Quantities of more entries than this are refused. */
const MAX_ENTRIES = 2 ** 27;

export class Elaboration {
  readonly conditions: SizeCondition[] = [];
  private named = 0;

  constructor(
    readonly graph: Graph,
    /** Gives a part of a statement a name of its own. */
    private readonly giveName: (value: Tensor) => Tensor,
    /** Where names are given, those of later statements too. */
    readonly given: ReadonlyMap<string, Place> = new Map(),
  ) {}

  fail(place: Place, message: string, hint?: string): never {
    throw new InputError(message, { place, hint });
  }

  /** @throws ShapeError */
  failShape(place: Place, message: string, hint?: string): never {
    throw new ShapeError(message, { place, hint });
  }

  /** How many conditions and names values of parts have needed beside themselves. */
  get needs(): number {
    return this.conditions.length + this.named;
  }

  private nameTensor(value: Tensor): Tensor {
    this.named++;
    return this.giveName(value);
  }

  /** The entry at the axes' letters; what has several clauses is given a name first. */
  body(value: Tensor): Expression {
    return bodyOf(value) ?? bodyOf(this.nameTensor(value))!;
  }

  /** The entry, by a name where it contains a reduction: for operations that use it twice. */
  namedBody(value: Tensor): Expression {
    const body = this.body(value);
    return body.height > 0 ? bodyOf(this.nameTensor(tensor(value.shape, body)))! : body;
  }

  /**
   * The entry as a reference: what is compared with its own maximum must be one stored number, not
   * two sums of the same terms in different orders.
   */
  storedBody(value: Tensor): Expression {
    const body = this.body(value);
    if (body.kind === "reference") return body;
    return bodyOf(this.nameTensor(tensor(value.shape, body)))!;
  }

  /** `W1 is 3×4`: an operand and its shape. */
  describe({ syntax, value }: Argument): string {
    const [size] = value.shape;
    const text = syntaxText(syntax);
    if (value.shape.length === 1) {
      return `${text} has ${size!.toString()} ${size!.isOne ? "entry" : "entries"}`;
    }
    return `${text} is ${shapeText(value.shape)}`;
  }

  /** The entry of something with one entry. */
  scalar(argument: Argument, role: string, place: Place, hint?: string): Expression {
    if (!hasOneEntry(argument.value.shape)) {
      this.failShape(place, `${role} must be a scalar: ${this.describe(argument)}`, hint);
    }
    return this.body(argument.value);
  }

  /** A size written as a whole number, a named size, or sums and products of these. */
  size(argument: Argument, role: string): Size {
    const body = hasOneEntry(argument.value.shape) ? bodyOf(argument.value) : undefined;
    const size = body && asSize(body);
    const { place } = argument.syntax;
    if (!size) {
      this.fail(
        place,
        `${role} must be a whole number or a size, not ${syntaxText(argument.syntax)}`,
        "a size that the data fixes is declared with N = size()",
      );
    }
    if (size.minus(Size.one).nonNegative === false) {
      this.fail(place, `${role} must be at least 1, not ${size.toString()}`);
    }
    if (size.minus(Size.one).nonNegative === undefined) {
      this.require(size.minus(Size.one), place, `${role} ${size.toString()} must be at least 1`);
    }
    return size;
  }

  /** Notes a condition that has to wait for the data. */
  require(size: Size, place: Place, message: string): void {
    this.conditions.push({ size, place, message });
  }

  /** @throws InputError for shapes of more entries than memory holds. */
  checkEntries(shape: Shape, place: Place): void {
    const count = shape.reduce((product, size) => product * (size.constant ?? 1), 1);
    if (count > MAX_ENTRIES) {
      this.fail(
        place,
        `${shapeText(shape)} is too large: ${count} entries, and at most ${MAX_ENTRIES} fit`,
      );
    }
  }

  /** The shape of elementwise operations: one operand only may be stretched. */
  broadcast(label: () => string, place: Place, left: Argument, right: Argument): Shape {
    const [a, b] = [left.value.shape, right.value.shape];
    if (sameShape(a, b)) return a;
    if (hasOneEntry(b) && (b.length <= a.length || !hasOneEntry(a))) return a;
    if (hasOneEntry(a)) return b;
    const [m, n] = [rows(a), columns(a)];
    const [p, q] = [rows(b), columns(b)];
    const fits = (from: Size, to: Size): boolean => from.equals(to) || from.isOne;
    const larger =
      fits(p, m) && fits(q, n) ? [m, n] : fits(m, p) && fits(n, q) ? [p, q] : undefined;
    if (!larger) {
      const both = `${this.describe(left)}, ${this.describe(right)}`;
      const stretchesBoth = (fits(m, p) || fits(p, m)) && (fits(n, q) || fits(q, n));
      this.failShape(
        place,
        stretchesBoth
          ? `${label()}: both operands would have to be stretched: ${both}`
          : `${label()}: shapes differ: ${both}`,
        this.broadcastHint(left, right, stretchesBoth),
      );
    }
    return a.length === 2 || b.length === 2 ? larger : larger.slice(0, 1);
  }

  private broadcastHint(left: Argument, right: Argument, stretchesBoth: boolean): string {
    for (const [one, other] of [
      [left, right],
      [right, left],
    ] as const) {
      const text = syntaxText(one.syntax);
      const [shape, target] = [one.value.shape, other.value.shape];
      if (rows(shape).equals(columns(target)) && columns(shape).isOne) {
        if (!stretchesBoth || target.length === 2) {
          return `a vector is a column; as a row it is written ${text}'`;
        }
      }
      if (rows(shape).equals(columns(target)) && columns(shape).equals(rows(target))) {
        return `transpose one of them: ${text}'`;
      }
    }
    const target = left.value.shape.length >= right.value.shape.length ? left : right;
    const other = target === left ? right : left;
    const wanted = [...target.value.shape].map(String);
    const size = wanted.length === 1 ? `${wanted[0]!} long` : wanted.join("×") || "a scalar";
    const isColumn = target.value.shape.length === 2 && other.value.shape.length === 1;
    const long = isColumn && !stretchesBoth ? `${wanted[0]!} long or ` : "";
    return `make ${syntaxText(other.syntax)} ${long}${size}; one operand only is stretched`;
  }
}
