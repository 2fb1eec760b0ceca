/**
 * Mistakes of the forward pass: the derivative is right, of another model than the one that was
 * meant. Each rewrites one node of one definition.
 */
import { type Clause, type Definition, fullBody } from "../../../expression/definition.js";
import type { Expression } from "../../../expression/expression.js";
import { postorder, references } from "../../../expression/walk.js";
import type { Backward } from "../../pass/backward.js";
import type { Kind } from "../family.js";
import { forwardFault, valuesFault } from "../forward-fault.js";
import { faultAt, type Mutant } from "../mutant.js";
import { otherRoots, otherShares } from "./constants.js";
import { rewritingsOf } from "./nodes.js";
import { operatorConfusions } from "./operators.js";
import { otherAxes } from "./other-axes.js";
import type { Rewriting } from "./rewriting.js";
import { otherTotals } from "./weight-totals.js";

/** Mistakes in the forward pass, in the backward pass of one, or in the forward pass alone. */
export const FORWARD_MUTANTS: Kind<Definition> = {
  least: 2.1,
  make: ({ backward }, definition) => forwardMutants(backward, definition),
};

function* forwardMutants(backward: Backward, definition: Definition): Generator<Mutant> {
  for (const { other, rewriting, isBackwardToo } of redefinitions(backward, definition)) {
    const { cause, tell, cost } = rewriting;
    const { quantity } = definition;
    yield {
      fault: forwardFault(quantity, cause, tell),
      cost,
      change: () => backward.redefinition(other),
    };
    if (isBackwardToo) continue;
    yield {
      fault: valuesFault(quantity, cause, tell),
      cost: cost + 0.15,
      change: () => backward.redefinitionForward(other),
    };
    if (cause !== "wrong-function") continue;
    yield {
      fault: faultAt(undefined, cause, () => {
        const told = tell();
        return { ...told, what: `computed with the derivative of ${told.what}` };
      }),
      cost: cost + 0.1,
      change: () => backward.changeOf(other),
    };
  }
}

interface Redefinition {
  readonly other: Definition;
  readonly rewriting: Rewriting;
  /** Whether the backward pass is always that of the other definition. */
  readonly isBackwardToo: boolean;
}

function* redefinitions(backward: Backward, definition: Definition): Generator<Redefinition> {
  const { graph } = backward;
  const { quantity, clauses } = definition;
  const isLoss = quantity === backward.model.loss;
  const seen = new Set<string>();
  for (const [position, clause] of clauses.entries()) {
    const replaced = (body: Expression): Definition => ({
      quantity,
      clauses: clauses.with(position, { ...clause, body }),
    });
    for (const { body, node, rewriting } of rewritings(backward, clause)) {
      const changed = graph.transform(body, (one) => (one === node ? rewriting.result : undefined));
      const key = `${position} ${changed.id}`;
      if (changed === clause.body || seen.has(key)) continue;
      seen.add(key);
      yield { other: replaced(changed), rewriting, isBackwardToo: isLoss };
    }
  }
}

interface Site {
  readonly body: Expression;
  readonly node: Expression;
  readonly rewriting: Rewriting;
}

/** Every node of a body with what may stand in its place. */
function* rewritings(backward: Backward, clause: Clause): Generator<Site> {
  const { body } = clause;
  const linear = linearParts(body);
  for (const node of postorder([body], (one: Expression) => one.children)) {
    const all = [
      ...rewritingsOf(backward, node, linear.has(node)),
      ...operatorConfusions(backward.graph, node),
      ...otherShares(backward.graph, node, clause.letters),
      ...otherRoots(backward, node),
      ...otherTotals(backward, node, body),
    ];
    for (const rewriting of all) yield { body, node, rewriting };
  }
  // sums that have a name of their own stand in their place: their axes matter where they are used
  const whole = withStatistics(backward, body);
  for (const node of postorder([whole], (one: Expression) => one.children)) {
    for (const rewriting of otherAxes(backward.graph, node, clause.letters)) {
      yield { body: whole, node, rewriting };
    }
  }
}

/** What a body is proportional to, or a sum of: a constant lost there is a factor of a gradient. */
function linearParts(body: Expression): Set<Expression> {
  const found = new Set<Expression>();
  const next = [body];
  for (let node = next.pop(); node; node = next.pop()) {
    found.add(node);
    if (node.kind === "sum") next.push(...node.children);
    if (node.kind === "reduce" && node.reduction === "sum") next.push(node.body);
    if (node.kind === "product") {
      next.push(...node.factors.flatMap(({ base, exponent }) => (exponent === 1 ? [base] : [])));
    }
  }
  return found;
}

/** Names of sums along an axis replaced by the sums. */
function withStatistics(backward: Backward, body: Expression): Expression {
  const { graph, definitions } = backward;
  return graph.transform(body, (node) => {
    if (node.kind !== "reference" || node.quantity.shape.length !== 1) return undefined;
    const { quantity, indices } = node;
    const own = definitions.find((one) => one.quantity === quantity);
    const statistic = own && fullBody(quantity.shape, own.clauses);
    const [letter] = own?.clauses[0]?.letters ?? [];
    const [index] = indices;
    if (!statistic || !letter || !index) return undefined;
    const isReduced = references([statistic]).some(({ quantity: of }) => of.shape.length === 2);
    if (!isReduced) return undefined;
    return graph.substitute(statistic, new Map([[letter.key, index]]));
  });
}
