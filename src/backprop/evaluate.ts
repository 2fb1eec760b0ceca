/** Syntax → tape: every node of an expression becomes one operation. */
import { InputError } from "../language/source.js";
import type { BinaryOperator, IndexSyntax, Position, Syntax } from "../language/syntax.js";
import { applyBinary, negate } from "./elementwise.js";
import { fold, type Plan } from "./fold.js";
import { planCall } from "./functions.js";
import { power, product, quotient } from "./linear.js";
import { single } from "./matrices.js";
import { assemble, describe, hasOneEntry, pick, type Picks, transpose } from "./shape.js";
import type { Tape, Value } from "./tape.js";
import { type Lookup, wholeNumber } from "./whole.js";

/** What the names of an expression mean. */
export interface Scope {
  readonly tape: Tape;
  /** The quantities and sizes that are given before. */
  readonly quantities: ReadonlyMap<string, Value>;
  readonly sizes: ReadonlyMap<string, number>;
  /** Every name that the model gives anywhere; it wins over pi and e. */
  readonly names: ReadonlySet<string>;
}

type Operation = (tape: Tape, a: Value, b: Value, place: Syntax["place"]) => Value;

const elementwise =
  (operator: string, name: string): Operation =>
  (tape, a, b, place) =>
    applyBinary(tape, name, operator, a, b, place);

const OPERATIONS: Readonly<Record<BinaryOperator, Operation>> = {
  "+": elementwise("+", "add"),
  "-": elementwise("-", "subtract"),
  ".*": elementwise(".*", "multiply"),
  "./": elementwise("./", "divide"),
  ".^": elementwise(".^", "power"),
  "<": elementwise("<", "less"),
  "<=": elementwise("<=", "lessOrEqual"),
  ">": elementwise(">", "greater"),
  ">=": elementwise(">=", "greaterOrEqual"),
  "==": elementwise("==", "equal"),
  "!=": elementwise("!=", "unequal"),
  "*": product,
  "/": quotient,
  "^": power,
};

export function evaluate(expression: Syntax, scope: Scope): Value {
  return fold(expression, (node) => plan(node, scope));
}

function plan(node: Syntax, scope: Scope): Plan<Value> {
  const { tape } = scope;
  const leaf = (value: Value): Plan<Value> => ({ operands: [], combine: () => value });
  const lookup: Lookup = (name) => scope.sizes.get(name);
  switch (node.kind) {
    case "number":
      return leaf(tape.number(node.text));
    case "string":
      throw new InputError("a string stands only at the end of a declaration", node);
    case "name":
      return leaf(named(node.name, node, scope));
    case "unary":
      return {
        operands: [node.operand],
        combine: ([x]) => {
          if (node.operator === "+") return x!;
          return node.operator === "-" ? negate(tape, x!) : transpose(tape, x!);
        },
      };
    case "binary":
      return {
        operands: [node.left, node.right],
        combine: ([a, b]) => OPERATIONS[node.operator](tape, a!, b!, node.place),
      };
    case "call":
      return planCall(tape, node, lookup);
    case "index":
      return { operands: [node.object], combine: ([x]) => indexed(tape, x!, node, lookup) };
    case "matrix": {
      const columns = node.rows[0]?.length ?? 0;
      if (columns === 0 || node.rows.some((row) => row.length !== columns)) {
        throw new InputError("the rows of a matrix have equally many entries, at least one", node);
      }
      const entries = node.rows.flat();
      return {
        operands: entries,
        combine: (values) => {
          const odd = values.findIndex((value) => !hasOneEntry(value));
          if (odd >= 0) {
            throw new InputError(
              `an entry of a matrix must be a scalar, not ${describe(values[odd]!)}`,
              { place: entries[odd]!.place, hint: "concat puts vectors and matrices together" },
            );
          }
          const rows = node.rows.map((_, i) => values.slice(i * columns, (i + 1) * columns));
          return assemble(tape, rows, node.isVector ? 1 : 2);
        },
      };
    }
  }
}

function named(name: string, { place }: Syntax, scope: Scope): Value {
  const quantity = scope.quantities.get(name);
  if (quantity) return quantity;
  const { tape, sizes, names } = scope;
  const size = sizes.get(name);
  if (size !== undefined) return tape.number(String(size));
  if (!names.has(name) && (name === "pi" || name === "e")) {
    return tape.constant(single(tape.field.constant(name)), 0);
  }
  throw new InputError(
    names.has(name) ? `${name} is used before it is given` : `there is no ${name}`,
    { place },
  );
}

function indexed(tape: Tape, x: Value, { positions, place }: IndexSyntax, lookup: Lookup): Value {
  if (x.rank === 0 || positions.length !== x.rank) {
    throw new InputError(`${describe(x)} is indexed by ${positions.length} positions`, { place });
  }
  const [rows, columns] = positions;
  return pick(
    tape,
    x,
    picks(rows!, x.rows, lookup),
    columns ? picks(columns, x.columns, lookup) : { at: [0], drops: true },
  );
}

/** The places on an axis of `size` entries, from 0, that a position names from 1. */
function picks(position: Position, size: number, lookup: Lookup): Picks {
  const whole = (node: Syntax): number =>
    wholeNumber(node, (name) => (name === "end" ? size : lookup(name)));
  const checked = (place: number, { place: where }: Syntax): number => {
    if (place >= 1 && place <= size) return place - 1;
    throw new InputError(`the position ${place} is not within 1 to ${size}`, { place: where });
  };
  if (position.kind === "at") {
    return { at: [checked(whole(position.index), position.index)], drops: true };
  }
  const { start, end } = position;
  const [first, last, step] = [whole(start), whole(end), position.step ? whole(position.step) : 1];
  const steps = Math.floor((last - first) / step);
  if (step === 0 || steps < 0) {
    throw new InputError(`the range ${first}:${step}:${last} has no entries`, start);
  }
  checked(first, start);
  checked(first + steps * step, end);
  return {
    at: Array.from({ length: steps + 1 }, (_, count) => first + count * step - 1),
    drops: false,
  };
}
