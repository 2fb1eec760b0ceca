/** Conditions that test another expression than the one that decides: r > d for abs(r) > d, d^2 < m for d < m. */
import { binary, call, numeral } from "../../../language/compose.js";
import { printSyntax } from "../../../language/print.js";
import type { Syntax } from "../../../language/syntax.js";
import { isMask } from "../../../expression/operations/operation.js";
import { operations } from "../../../expression/operations/index.js";
import type { Fault } from "../../explanations/hypothesis.js";
import { constantValue } from "./factors.js";
import {
  type Spot,
  spotsOf,
  type Surroundings,
  type Variant,
  type VariantKind,
} from "./variant.js";

export const CONDITION_VARIANTS: readonly VariantKind[] = [{ least: 1.2, make: conditions }];

/** What is compared, put right in all comparisons of a statement that have it: r <= d and r > d. */
function* conditions([whole]: readonly Spot[], around: Surroundings): Generator<Variant> {
  const { functions, bounds } = around;
  const root = whole!.node;
  const operands = spotsOf(root).filter(isCompared);
  const known = new Set<string>();
  for (const spot of operands) {
    const { node } = spot;
    const used = printSyntax(node);
    if (known.has(used)) continue;
    known.add(used);
    const value = constantValue(node);
    const others =
      value === undefined
        ? deciding(spot, functions)
        : bounds.filter((one) => one !== value).map((one) => numeral(one));
    for (const other of others) {
      const instead = printSyntax(other);
      const fault: Fault = {
        cause: "wrong-variable",
        details: () => ({ used, instead }),
        say: (claim) => `${claim} tests ${used} where ${instead} belongs`,
      };
      yield { syntax: comparing(root, used, other), faults: [fault], cost: 1.2 };
    }
  }
}

function isCompared({ parent }: Spot): boolean {
  const operation = parent?.kind === "binary" ? operations.get(parent.operator) : undefined;
  return operation !== undefined && isMask(operation);
}

function comparing(root: Syntax, used: string, instead: Syntax): Syntax {
  const spot = spotsOf(root).find((one) => isCompared(one) && printSyntax(one.node) === used);
  return spot ? comparing(spot.replace(instead), used, instead) : root;
}

/** u for |u|, |u| for u and for u², u for u², and u² for u; no square is compared with 0. */
function deciding({ node, parent }: Spot, functions: readonly string[]): Syntax[] {
  const isBesideZero =
    parent?.kind === "binary" &&
    [parent.left, parent.right].some((side) => constantValue(side) === 0);
  const hasMagnitudes = functions.includes("abs") && !isBesideZero;
  const square = (operand: Syntax): Syntax[] =>
    isBesideZero ? [] : [binary(".^", operand, numeral(2))];
  const magnitude = (operand: Syntax): Syntax[] => (hasMagnitudes ? [call("abs", operand)] : []);
  const isPower = node.kind === "binary" && (node.operator === ".^" || node.operator === "^");
  if (isPower) return constantValue(node.right) === 2 ? [...magnitude(node.left), node.left] : [];
  if (node.kind === "unary" && node.operator === "-") return magnitude(node.operand);
  const isApplied = node.kind === "call" && node.args.length === 1 && operations.has(node.name);
  if (isApplied) return [node.args[0]!, ...square(node)];
  return [...magnitude(node), ...square(node)];
}
