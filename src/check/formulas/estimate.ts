/**
 * What expressions are at one point, in doubles and part by part: a quick look before an expression is read
 * and evaluated with bounds. Parts that have been met are kept, since the variants of a statement share most of
 * theirs. What is seldom written, and what rounding decides, has no estimate.
 */
import type { Operation } from "../../expression/operations/operation.js";
import { operations } from "../../expression/operations/index.js";
import { postorder } from "../../expression/walk.js";
import type { Scope } from "../../language/elaborate.js";
import { functions } from "../../language/functions/index.js";
import { type BinaryOperator, type CallSyntax, parts, type Syntax } from "../../language/syntax.js";
import type { Site } from "./site.js";

/** Entries, rows first, and the lengths of none, one or two axes. */
export interface Estimate {
  readonly lengths: readonly number[];
  readonly entries: Float64Array;
}

/** Undefined where none is tried; `misfit` where shapes disagree, and an expression has no value. */
export type Outcome = Estimate | "misfit" | undefined;

/** Operands as near to a jump as this, of their size, may stand on its other side. */
const AT_JUMP = 1e-9;

export class Estimator {
  private readonly known = new Map<Syntax, Outcome>();
  /** Multiplications and the like that were made, about. */
  work = 0;

  /** @param scope what names mean; their values are those of the site when they are first met */
  constructor(
    private readonly site: Site,
    private readonly scope: Scope,
  ) {}

  /** Of an expression that has a value: that value, up to rounding; of another anything. */
  estimate(expression: Syntax): Outcome {
    const { known } = this;
    for (const node of postorder([expression], (one) => (known.has(one) ? [] : parts(one)))) {
      if (known.has(node)) continue;
      const isMisfit = parts(node).some((part) => known.get(part) === "misfit");
      const value = isMisfit ? "misfit" : this.evaluate(node);
      if (typeof value === "object") this.work += value.entries.length;
      known.set(node, finite(value));
    }
    return known.get(expression);
  }

  /** @param node none of whose parts is a misfit */
  private evaluate(node: Syntax): Outcome {
    switch (node.kind) {
      case "number":
        return scalar(Number(node.text));
      case "name":
        return this.named(node.name);
      case "unary": {
        const operand = this.at(node.operand);
        if (!operand || node.operator === "+") return operand;
        return node.operator === "'" ? transposed(operand) : each(operand, (entry) => -entry);
      }
      case "binary": {
        const [left, right] = [this.at(node.left), this.at(node.right)];
        if (!left || !right) return undefined;
        this.work += left.entries.length * columns(right);
        return BINARY[node.operator](left, right);
      }
      case "call":
        return this.called(node);
      default:
        return undefined;
    }
  }

  private at(part: Syntax): Estimate | undefined {
    const value = this.known.get(part);
    return typeof value === "object" ? value : undefined;
  }

  private named(name: string): Estimate | undefined {
    const { sizes } = this.site;
    const found = this.scope.get(name);
    if (found?.size) return scalar(found.size.evaluate(sizes));
    if (!found) return name === "pi" ? scalar(Math.PI) : name === "e" ? scalar(Math.E) : undefined;
    const lengths = found.quantity.shape.map((size) => size.evaluate(sizes));
    return { lengths, entries: this.site.valueOf(found.quantity).numbers };
  }

  private called({ name, args, named }: CallSyntax): Estimate | undefined {
    if (named.length > 0) return undefined;
    const [first, second] = args;
    const operand = first && this.at(first);
    if (name === "sum" && operand) return summed(operand, second);
    const operation = functions.has(name) ? undefined : operations.get(name);
    const isUnary = operation?.operands.length === 1 && args.length === 1;
    return isUnary && operand ? applied(operation, operand) : undefined;
  }
}

function scalar(value: number): Estimate {
  return { lengths: [], entries: Float64Array.of(value) };
}

/** What is not finite may be so for want of the rewriting that keeps it finite. */
function finite(one: Outcome): Outcome {
  return typeof one === "object" && !one.entries.every(Number.isFinite) ? undefined : one;
}

function each({ lengths, entries }: Estimate, value: (entry: number) => number): Estimate {
  return { lengths, entries: entries.map(value) };
}

function rows({ lengths }: Estimate): number {
  return lengths[0] ?? 1;
}

function columns({ lengths }: Estimate): number {
  return lengths[1] ?? 1;
}

function hasOneEntry({ entries }: Estimate): boolean {
  return entries.length === 1;
}

function transposed(operand: Estimate): Estimate {
  const [m, n] = [rows(operand), columns(operand)];
  const { entries } = operand;
  const turned = entries.map((_, k) => entries[(k % m) * n + Math.floor(k / m)]!);
  return { lengths: [n, m], entries: turned };
}

function applied({ value, kinks }: Operation, operand: Estimate): Estimate | undefined {
  const isAtKink = kinks !== undefined && operand.entries.some((one) => isTiny(one, 1));
  return isAtKink ? undefined : each(operand, (entry) => value(entry));
}

function isTiny(difference: number, scale: number): boolean {
  return Math.abs(difference) <= AT_JUMP * scale;
}

/** Over everything, or along the axis whose number is written. */
function summed(operand: Estimate, dim: Syntax | undefined): Estimate | undefined {
  const [m, n] = [rows(operand), columns(operand)];
  const { lengths, entries } = operand;
  if (!dim || (dim.kind === "number" && dim.text === "1" && lengths.length < 2)) {
    return scalar(entries.reduce((total, entry) => total + entry, 0));
  }
  if (dim.kind !== "number" || lengths.length < 2) return undefined;
  const isDown = dim.text === "1";
  if (!isDown && dim.text !== "2") return undefined;
  const totals = new Float64Array(isDown ? n : m);
  for (let k = 0; k < entries.length; k++)
    totals[isDown ? k % n : Math.floor(k / n)]! += entries[k]!;
  return { lengths: [totals.length], entries: totals };
}

type Combine = (left: Estimate, right: Estimate) => Outcome;

/** Entry by entry; one operand is stretched where it has one row, one column or one entry. */
function elementwise(value: (a: number, b: number) => number | undefined): Combine {
  return (left, right) => {
    const [m, n] = [Math.max(rows(left), rows(right)), Math.max(columns(left), columns(right))];
    const whole = [left, right].filter((one) => rows(one) === m && columns(one) === n);
    const long = whole.find(({ lengths }) => lengths.length === 2) ?? whole[0];
    const [a, b] = [placesIn(left, m, n), placesIn(right, m, n)];
    if (!long || !a || !b) return "misfit";
    const entries = new Float64Array(m * n);
    for (let k = 0; k < entries.length; k++) {
      const result = value(left.entries[a(k)]!, right.entries[b(k)]!);
      if (result === undefined) return undefined;
      entries[k] = result;
    }
    return { lengths: long.lengths, entries };
  };
}

/** Where an operand has the entries of an m×n result; undefined where it does not stretch to that. */
function placesIn(one: Estimate, m: number, n: number): ((k: number) => number) | undefined {
  const [isTall, isWide] = [rows(one) === m, columns(one) === n];
  if (isTall && isWide) return (k) => k;
  if (hasOneEntry(one)) return () => 0;
  if (isTall && columns(one) === 1) return (k) => Math.floor(k / n);
  return isWide && rows(one) === 1 ? (k) => k % n : undefined;
}

function comparison(name: BinaryOperator): Combine {
  const { value } = operations.get(name)!;
  return elementwise((a, b) =>
    isTiny(a - b, Math.abs(a) + Math.abs(b)) ? undefined : value(a, b),
  );
}

/** The matrix product where inner lengths agree, else scaling by what has one entry. */
function product(left: Estimate, right: Estimate): Outcome {
  const [m, inner, n] = [rows(left), columns(left), columns(right)];
  if (left.lengths.length === 0 || right.lengths.length === 0 || inner !== rows(right)) {
    const isScaled = hasOneEntry(left) || hasOneEntry(right);
    return isScaled ? scaled(left, right) : "misfit";
  }
  const entries = new Float64Array(m * n);
  for (let i = 0; i < m; i++) {
    for (let k = 0; k < inner; k++) {
      const factor = left.entries[i * inner + k]!;
      for (let j = 0; j < n; j++) entries[i * n + j]! += factor * right.entries[k * n + j]!;
    }
  }
  return { lengths: [m, n].slice(0, right.lengths.length), entries };
}

const scaled = elementwise((a, b) => a * b);
const divided = elementwise((a, b) => a / b);
const raised = elementwise((a, b) => a ** b);

const BINARY: Readonly<Record<BinaryOperator, Combine>> = {
  "+": elementwise((a, b) => a + b),
  "-": elementwise((a, b) => a - b),
  ".*": scaled,
  "./": divided,
  ".^": raised,
  "*": product,
  "/": (left, right) => (hasOneEntry(right) ? divided(left, right) : "misfit"),
  "^": (left, right) => (hasOneEntry(left) && hasOneEntry(right) ? raised(left, right) : "misfit"),
  "<": comparison("<"),
  "<=": comparison("<="),
  ">": comparison(">"),
  ">=": comparison(">="),
  "==": comparison("=="),
  "!=": comparison("!="),
};
