/** Which signs expressions can have, whatever the numbers. */
import type { Definition } from "./definition.js";
import type { Expression } from "./expression.js";
import { isMask } from "./operations/operation.js";
import type { Quantity } from "./quantity.js";
import { postorder } from "./walk.js";

/** 1 for what is never negative, −1 for what is never positive; undefined where that is not known. */
export type Sign = 1 | -1 | undefined;

/** The signs of expressions over what is defined; what is given may have any. */
export function signs(definitions: readonly Definition[]): (root: Expression) => Sign {
  const quantities = new Map<Quantity, Sign>();
  const known = new Map<Expression, Sign>();
  const signOf = (root: Expression): Sign => {
    for (const node of postorder([root], (one: Expression) => one.children)) {
      if (!known.has(node)) known.set(node, ownSign(node, known, quantities));
    }
    return known.get(root);
  };
  for (const { quantity, clauses } of definitions) {
    quantities.set(quantity, common(clauses.map(({ body }) => signOf(body))));
  }
  return signOf;
}

function ownSign(
  node: Expression,
  known: ReadonlyMap<Expression, Sign>,
  quantities: ReadonlyMap<Quantity, Sign>,
): Sign {
  switch (node.kind) {
    case "number":
      return node.value.s < 0n ? -1 : 1;
    case "size":
    case "constant":
    case "delta":
      return 1;
    case "reference":
      return quantities.get(node.quantity);
    case "sum": {
      const terms = node.terms.map(({ coefficient, term }) =>
        product([coefficient.s < 0n ? -1 : 1, known.get(term)]),
      );
      const isShifted = node.constant.n !== 0n;
      return common(isShifted ? [...terms, node.constant.s < 0n ? -1 : 1] : terms);
    }
    case "product":
      return product([
        node.coefficient.s < 0n ? -1 : 1,
        ...node.factors.map(({ base, exponent }) => (exponent % 2 === 0 ? 1 : known.get(base))),
      ]);
    case "apply":
      return node.operation.isNeverNegative === true || isMask(node.operation) ? 1 : undefined;
    case "reduce":
      return node.reduction === "logsumexp" ? undefined : known.get(node.body);
  }
}

function common([first, ...others]: readonly Sign[]): Sign {
  return others.every((one) => one === first) ? first : undefined;
}

function product(factors: readonly Sign[]): Sign {
  return factors.reduce<Sign>(
    (all, one) => (all === undefined || one === undefined ? undefined : all === one ? 1 : -1),
    1,
  );
}
