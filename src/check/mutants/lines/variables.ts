/** Mistakes in one line of the backward pass: another quantity, its negative, its transpose. */
import type { Expression, ReferenceNode } from "../../../expression/expression.js";
import type { Quantity } from "../../../expression/quantity.js";
import { sameShape, type SizeValues } from "../../../expression/size.js";
import { postorder, references } from "../../../expression/walk.js";
import type { Backward, Edge } from "../../pass/backward.js";
import { appliedAt } from "../../pass/operands.js";
import { adjointName, modelText } from "../../explanations/words.js";
import { factored, unbracketed } from "./factored.js";
import type { Fault } from "../../explanations/hypothesis.js";
import { lineText } from "./line-text.js";
import { faultAt, instead, type Mutant } from "../mutant.js";
import { inTwoParts, type Scene } from "../family.js";

export const LINE_MUTANTS = inTwoParts(1.4, lineMutants);

function* lineMutants(
  { backward, others, sizes }: Scene,
  edge: Edge,
  withRare: boolean,
): Generator<Mutant> {
  const named = backward.withNames(edge.clause.body);
  yield* replaced(backward, edge, named, () => others);
  if (withRare) {
    yield* spread(backward, edge, named, others);
    yield* unapplied(backward, edge, named);
    yield* negated(backward, edge, named);
  }
  yield* swapped(backward, edge, named, sizes);
  yield* factored(backward, edge, named, withRare);
  if (withRare) yield* unbracketed(backward, edge, named);
}

/** s for v = s², z for a = σ(z): a quantity for one that is computed from it, or that it is computed from. */
export function replacedByNeighbours(
  backward: Backward,
  edge: Edge,
  body: Expression,
): Iterable<Mutant> {
  return replaced(backward, edge, body, (quantity) => [
    ...new Set([
      ...backward.outOf(quantity).map(({ to }) => to),
      ...backward.into(quantity).map(({ from }) => from),
    ]),
  ]);
}

/** z for a, x for a, W1 for W2, another layer's derivative. */
function* replaced(
  backward: Backward,
  edge: Edge,
  body: Expression,
  othersThan: (quantity: Quantity) => readonly Quantity[],
): Generator<Mutant> {
  const { graph } = backward;
  for (const reference of references([body])) {
    const { quantity, indices } = reference;
    const of = quantity.role === "adjoint" ? quantity.of : undefined;
    for (const other of othersThan(of ?? quantity)) {
      if (other === (of ?? quantity) || !sameShape(other.shape, quantity.shape)) continue;
      // nobody computes derivatives by data
      if (of && (other.role === "input" || other.role === "target")) continue;
      const used = of ? backward.adjointOf(other) : other;
      const substitute = graph.reference(used, indices);
      const names = of ? [adjointName(other), adjointName(of)] : [other.name, quantity.name];
      yield {
        fault: wrongVariable(edge.to, names[0]!, names[1]!),
        cost: of ? 2.45 : 2,
        change: () => {
          const replacing = (node: Expression) => (node === reference ? substitute : undefined);
          return instead(edge, graph.transform(body, replacing));
        },
      };
    }
  }
}

/** A vector in each row, or column, of a matrix: the scale γ for what it scales. */
function* spread(
  backward: Backward,
  edge: Edge,
  body: Expression,
  others: readonly Quantity[],
): Generator<Mutant> {
  const { graph } = backward;
  for (const reference of references([body])) {
    const { quantity, indices } = reference;
    if (quantity.role === "adjoint" || quantity.shape.length !== 2) continue;
    for (const other of others) {
      for (const [axis, size] of quantity.shape.entries()) {
        if (!sameShape(other.shape, [size])) continue;
        const substitute = graph.reference(other, [indices[axis]!]);
        yield {
          fault: wrongVariable(edge.to, axis === 0 ? other.name : `${other.name}'`, quantity.name),
          cost: 2.2,
          change: () => {
            const replacing = (node: Expression) => (node === reference ? substitute : undefined);
            return instead(edge, graph.transform(body, replacing));
          },
        };
      }
    }
  }
}

/** z for a = σ(z) where the model has no name for z. */
function* unapplied(backward: Backward, edge: Edge, body: Expression): Generator<Mutant> {
  const { graph } = backward;
  for (const reference of references([body])) {
    const { quantity, indices } = reference;
    const operand = appliedAt(backward, quantity, indices)?.operand;
    if (!operand) continue;
    yield {
      fault: wrongVariable(edge.to, () => modelText(operand), quantity.name),
      cost: 2.05,
      change: () =>
        instead(
          edge,
          graph.transform(body, (node) => (node === reference ? operand : undefined)),
        ),
    };
  }
}

/** −z for z: a sign lost inside a function. */
function* negated(backward: Backward, edge: Edge, body: Expression): Generator<Mutant> {
  const { graph } = backward;
  for (const reference of references([body])) {
    const { quantity } = reference;
    if (quantity.role !== "definition") continue;
    const opposite = graph.negate(reference);
    const changed = graph.transform(body, (node) => (node === reference ? opposite : undefined));
    const isSign = changed === graph.negate(body);
    if (changed === body || isSign) continue;
    yield {
      fault: faultAt(edge.to, "sign", () => {
        const { name } = quantity;
        const signs = signsBefore(body, reference);
        const [right, ...more] = signs;
        const what =
          right && more.length === 0
            ? `computed with ${right === "+" ? "-" : "+"} before ${name} where ${right} belongs`
            : `computed with the wrong sign before ${name}`;
        return { term: name, what };
      }),
      cost: 2.1,
      change: () => instead(edge, changed),
    };
  }
}

/** The signs with which a quantity stands in sums and products, each once. */
function signsBefore(body: Expression, reference: ReferenceNode): ("+" | "-")[] {
  const found = new Set<"+" | "-">();
  const note = (isNegative: boolean): void => void found.add(isNegative ? "-" : "+");
  for (const node of postorder([body], (one: Expression) => one.children)) {
    if (node.kind === "sum") {
      const own = node.terms.find(({ term }) => term === reference);
      if (own) note(own.coefficient.s < 0n);
    } else if (node.kind === "product") {
      // the whole line's sign is none before the quantity
      const isFactor = node.factors.some(({ base }) => base === reference);
      if (isFactor && node !== body) note(node.coefficient.s < 0n);
    } else if (node.children.includes(reference)) {
      note(false);
    }
  }
  return [...found];
}

function wrongVariable(at: Quantity, name: string | (() => string), right: string) {
  return faultAt(at, "wrong-variable", () => {
    const used = typeof name === "string" ? name : name();
    return {
      used,
      instead: right,
      what: `computed with ${used} where ${right} belongs: put ${right} in its place`,
    };
  });
}

/** A square matrix that is, or is not, transposed where it is used. */
function* swapped(
  backward: Backward,
  edge: Edge,
  body: Expression,
  sizes: SizeValues,
): Generator<Mutant> {
  const { graph } = backward;
  const isSquare = ({ quantity }: ReferenceNode): boolean =>
    quantity.shape.length === 2 &&
    quantity.shape[0]!.evaluate(sizes) === quantity.shape[1]!.evaluate(sizes);
  for (const reference of references([body])) {
    const { quantity, indices } = reference;
    if (!isSquare(reference)) continue;
    const turned = graph.reference(quantity, indices.toReversed());
    const changed = graph.transform(body, (node) => (node === reference ? turned : undefined));
    const isTurned = standsTurned(reference, edge);
    if (isTurned === undefined) {
      if (isInside(reference, edge)) {
        yield {
          fault: insideOut(backward, edge, reference),
          cost: 1.4,
          change: () => instead(edge, changed),
        };
      }
      continue;
    }
    yield {
      fault: faultAt(edge.to, "transposed", () => {
        const name = quantity.of ? adjointName(quantity.of) : quantity.name;
        const [used, belongs] = isTurned ? [name, `${name}'`] : [`${name}'`, name];
        return {
          used,
          instead: belongs,
          what: `computed with ${used} where ${belongs} belongs: transpose it`,
        };
      }),
      cost: 1.4,
      change: () => instead(edge, changed),
    };
  }
}

/**
 * Whether a product with a matrix needs its transpose: where the index that is kept stands on
 * another side of the matrix than of the result. Undefined where no single index is kept.
 */
function standsTurned({ indices }: ReferenceNode, { clause }: Edge): boolean | undefined {
  const sides = indices.flatMap((index, side) => {
    const axis = clause.indices.findIndex((one) => one.plain && one.plain.key === index.plain?.key);
    return axis < 0 ? [] : [side !== axis];
  });
  return sides.length === 1 ? sides[0] : undefined;
}

/** Whether a matrix stands between others in a product: no index of it is one of the result's. */
function isInside({ indices }: ReferenceNode, { clause }: Edge): boolean {
  const kept = clause.indices.flatMap(({ plain }) => (plain ? [plain.key] : []));
  const own = indices.flatMap(({ plain }) => (plain ? [plain.key] : []));
  return kept.length === 2 && own.length === 2 && !own.some((key) => kept.includes(key));
}

function insideOut(backward: Backward, edge: Edge, { quantity }: ReferenceNode): Fault {
  return faultAt(edge.to, "transposed", () => {
    const name = quantity.of ? adjointName(quantity.of) : quantity.name;
    const line = lineText(backward, edge);
    return { what: `computed with ${name} the wrong way round: transpose it, as in ${line}` };
  });
}
