/**
 * What expressions are at one point, in doubles and part by part: a quick look before an expression is read
 * and evaluated in decimals. Parts that have been met are kept, since the variants of a statement share most of
 * theirs. What is seldom written, and what rounding decides, has no estimate. It says again what `elaborate` says
 * of shapes; test/check/formulas-estimate.test.ts draws expressions and compares the two.
 */
import { operations } from "../../expression/operations/index.js";
import type { Quantity } from "../../expression/quantity.js";
import { postorder } from "../../expression/walk.js";
import type { Scope } from "../../language/elaborate.js";
import { functions } from "../../language/functions/index.js";
import { type CallSyntax, namesIn, parts, type Syntax } from "../../language/syntax.js";
import {
  applied,
  BINARY,
  columns,
  type Estimate,
  finite,
  negated,
  ofNumber,
  type Outcome,
  transposed,
} from "./estimate.js";
import type { Values } from "./agreement.js";
import type { Wanted } from "./lines.js";
import { REDUCTIONS } from "./reductions.js";
import type { Site } from "./site.js";

export class Estimator {
  private readonly known = new Map<Syntax, Outcome>();
  private readonly values = new Map<Quantity, Estimate>();
  private readonly names = new Map<Syntax, ReadonlySet<string>>();
  /** Multiplications and the like that were made, about. */
  work = 0;

  /**
   * @param scope what names mean; their values are those of the site when they are first met
   * @param beside values that some names have instead, and what estimates expressions without these names
   */
  constructor(
    private readonly site: Site,
    private readonly scope: Scope,
    private readonly beside?: {
      readonly instead: ReadonlyMap<string, Outcome>;
      readonly others: Estimator;
    },
  ) {}

  /** The same where some names have other values. */
  with(instead: ReadonlyMap<string, Outcome>): Estimator {
    return new Estimator(this.site, this.scope, { instead, others: this });
  }

  /** Of an expression that has a value: that value, up to rounding; of another anything. */
  estimate(expression: Syntax): Outcome {
    const { known } = this;
    const isSettled = (one: Syntax): boolean => known.has(one) || this.isOfOthers(one);
    for (const node of postorder([expression], (one) => (isSettled(one) ? [] : parts(one)))) {
      if (known.has(node)) continue;
      if (this.isOfOthers(node)) {
        known.set(node, this.beside!.others.estimate(node));
        continue;
      }
      const isValueless = parts(node).some((part) => known.get(part) === "valueless");
      const value = isValueless ? "valueless" : this.evaluate(node);
      if (typeof value === "object") this.work += value.entries.length;
      known.set(node, finite(value));
    }
    return known.get(expression);
  }

  /** Whether none of the names that have other values stands in an expression. */
  private isOfOthers(node: Syntax): boolean {
    if (!this.beside) return false;
    const { instead, others } = this.beside;
    return [...others.namesOf(node)].every((name) => !instead.has(name));
  }

  private namesOf(node: Syntax): ReadonlySet<string> {
    const names = this.names.get(node) ?? namesIn(node);
    this.names.set(node, names);
    return names;
  }

  /** What is right. */
  right(wanted: Wanted): Estimate {
    return this.read(wanted, wanted.values(this.site));
  }

  /** @param node none of whose parts is valueless */
  private evaluate(node: Syntax): Outcome {
    switch (node.kind) {
      case "number":
        return ofNumber(Number(node.text));
      case "name":
        return this.named(node.name);
      case "unary": {
        const operand = this.at(node.operand);
        if (!operand || node.operator === "+") return operand;
        return node.operator === "'" ? transposed(operand) : negated(operand);
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

  private named(name: string): Outcome {
    if (this.beside?.instead.has(name)) return this.beside.instead.get(name);
    const found = this.scope.get(name);
    if (found?.size) return ofNumber(found.size.evaluate(this.site.sizes));
    if (found) return this.valueOf(found.quantity);
    return name === "pi" ? ofNumber(Math.PI) : name === "e" ? ofNumber(Math.E) : undefined;
  }

  private valueOf(quantity: Quantity): Estimate {
    const value = this.values.get(quantity) ?? this.read(quantity, this.site.valueOf(quantity));
    this.values.set(quantity, value);
    return value;
  }

  private read({ shape }: Pick<Quantity, "shape">, { numbers: entries, error }: Values): Estimate {
    return { lengths: shape.map((size) => size.evaluate(this.site.sizes)), entries, error };
  }

  private called({ name, args, named }: CallSyntax): Outcome {
    if (named.length > 0) return undefined;
    const [first, second] = args;
    const operand = first && this.at(first);
    const reduced = REDUCTIONS.get(name);
    if (reduced) return operand && reduced(operand, second);
    const operation = functions.has(name) ? undefined : operations.get(name);
    const isUnary = operation?.operands.length === 1 && args.length === 1;
    return isUnary && operand ? applied(operation, operand) : undefined;
  }
}
