/** Mistakes in one line of the backward pass: another quantity, a factor left out, brackets forgotten. */
import { type Clause, fullAxes } from "../../expression/definition.js";
import type { Expression, ReferenceNode } from "../../expression/expression.js";
import type { Quantity } from "../../expression/quantity.js";
import { sameShape, type SizeValues } from "../../expression/size.js";
import { references } from "../../expression/walk.js";
import type { Backward, Change, Edge } from "../backward.js";
import { adjointName, modelText } from "../words.js";
import { faultAt, type Mutant } from "./mutant.js";

export function* lineMutants(
  backward: Backward,
  edge: Edge,
  others: readonly Quantity[],
  sizes: SizeValues,
): Generator<Mutant> {
  const named = backward.withNames(edge.clause.body);
  yield* replaced(backward, edge, named, others);
  yield* swapped(backward, edge, named, sizes);
  yield* factored(backward, edge, named);
  yield* unbracketed(backward, edge, named);
}

/** An edge with another body, in place of itself. */
export function instead(edge: Edge, body: Expression, more: Partial<Clause> = {}): Change {
  return {
    removed: new Set([edge]),
    added: [{ ...edge, clause: { ...edge.clause, ...more, body } }],
  };
}

/** z for a, x for a, W1 for W2, another layer's derivative. */
function* replaced(
  backward: Backward,
  edge: Edge,
  body: Expression,
  others: readonly Quantity[],
): Generator<Mutant> {
  const { graph } = backward;
  for (const reference of references([body])) {
    const { quantity, indices } = reference;
    const of = quantity.role === "adjoint" ? quantity.of : undefined;
    for (const other of others) {
      if (other === (of ?? quantity) || !sameShape(other.shape, quantity.shape)) continue;
      // nobody computes derivatives by data
      if (of && (other.role === "input" || other.role === "target")) continue;
      const used = of ? backward.adjointOf(other) : other;
      const substitute = graph.reference(used, indices);
      const changed = graph.transform(body, (node) =>
        node === reference ? substitute : undefined,
      );
      const names = of ? [adjointName(other), adjointName(of)] : [other.name, quantity.name];
      yield {
        fault: wrongVariable(edge.to, names[0]!, names[1]!),
        cost: of ? 2.5 : 2,
        change: () => instead(edge, changed),
      };
    }
  }
}

function wrongVariable(at: Quantity, used: string, right: string) {
  return faultAt(
    at,
    "wrong-variable",
    { used, instead: right },
    `computed with ${used} where ${right} belongs: put ${right} in its place`,
  );
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
    const name = quantity.of ? adjointName(quantity.of) : quantity.name;
    yield {
      fault: faultAt(
        edge.to,
        "transposed",
        { used: `${name}'`, instead: name },
        `computed with ${name} transposed wrongly: where ${name} stands, ${name}' belongs, or the reverse`,
      ),
      cost: 1.4,
      change: () => instead(edge, changed),
    };
  }
}

/** A factor left out, or taken twice. */
function* factored(backward: Backward, edge: Edge, body: Expression): Generator<Mutant> {
  if (body.kind !== "product") return;
  const { graph } = backward;
  const all = body.factors.map(({ base, exponent }) => graph.integerPower(base, exponent));
  const kept = new Set(edge.clause.indices.flatMap(({ letters }) => letters.map(({ key }) => key)));
  for (const [position, factor] of all.entries()) {
    const base = body.factors[position]!.base;
    if (base.kind === "reference" && base.quantity.role === "adjoint") continue;
    const rest = graph.multiply(graph.number(body.coefficient), ...all.toSpliced(position, 1));
    const text = modelText(factor);
    const twice = graph.multiply(body, factor);
    if (base.kind === "size" || base.kind === "constant") {
      yield constantLeftOut(backward, edge, rest, base, body.factors[position]!.exponent);
      continue;
    }
    const isScale = factor.free.length === 0;
    const free = new Set(rest.free.map(({ key }) => key));
    const lost = factor.free.filter(({ key }) => !free.has(key));
    const keepsShape = lost.length === 0;
    if (keepsShape) {
      yield {
        fault: faultAt(
          edge.to,
          "missing-factor",
          { factor: text },
          `the right gradient with the factor ${text} left out: multiply by it`,
        ),
        cost: isScale ? 1.8 : 1.9,
        change: () => instead(edge, rest),
      };
    }
    if (!keepsShape && lost.every(({ key }) => kept.has(key))) {
      yield {
        fault: faultAt(
          edge.to,
          "missing-factor",
          { factor: text },
          `the right gradient with the factor ${text} left out, which makes entries equal that should differ: multiply by it`,
        ),
        cost: 2,
        change: () => instead(edge, rest),
      };
    }
    yield {
      fault: faultAt(
        edge.to,
        "extra-factor",
        { factor: text },
        `the right gradient with the factor ${text} taken twice: take it once`,
      ),
      cost: 2.1,
      change: () => instead(edge, twice),
    };
  }
}

/** A factor such as 1/N that is left out: the gradient is N times too large. */
function constantLeftOut(
  { graph }: Backward,
  edge: Edge,
  rest: Expression,
  base: Expression,
  exponent: number,
): Mutant {
  const ratio = modelText(graph.integerPower(base, -exponent)).replace(/^1 \.\/ /, "1/");
  const factor = modelText(graph.integerPower(base, exponent));
  return {
    fault: faultAt(
      edge.to,
      "constant-factor",
      { factor: ratio },
      `the right gradient with the factor ${factor} left out: multiply by it`,
    ),
    cost: 1.6,
    change: () => instead(edge, rest),
  };
}

/** p·(q + r) written as p·q + r or q + p·r. */
function* unbracketed(backward: Backward, edge: Edge, body: Expression): Generator<Mutant> {
  if (body.kind !== "product") return;
  const { graph } = backward;
  for (const [position, { base, exponent }] of body.factors.entries()) {
    if (base.kind !== "sum" || exponent !== 1) continue;
    const rest = graph.multiply(
      graph.number(body.coefficient),
      ...body.factors
        .toSpliced(position, 1)
        .map((factor) => graph.integerPower(factor.base, factor.exponent)),
    );
    const summands = base.terms.map(({ coefficient, term }) => graph.scale(coefficient, term));
    if (!base.constant.equals(0)) summands.push(graph.number(base.constant));
    if (summands.length < 2) continue;
    for (const [chosen, summand] of summands.entries()) {
      const others = graph.add(...summands.toSpliced(chosen, 1));
      yield {
        fault: faultAt(
          edge.to,
          "missing-factor",
          { factor: modelText(rest) },
          `computed without brackets around ${modelText(base)}: only ${modelText(summand)} is multiplied by the other factors`,
        ),
        cost: 2.2,
        change: () => instead(edge, graph.add(graph.multiply(rest, summand), others)),
      };
    }
  }
}

/** A step left out altogether: ∂loss/∂to is taken to be ∂loss/∂from. */
export function* stepsLeftOut(backward: Backward, to: Quantity): Generator<Mutant> {
  const { graph } = backward;
  const froms = new Set(backward.into(to).map(({ from }) => from));
  for (const from of froms) {
    if (!sameShape(from.shape, to.shape) || from === backward.model.loss) continue;
    const removed = new Set(backward.into(to).filter((edge) => edge.from === from));
    const { letters, indices } = fullAxes(to.shape);
    const body = graph.reference(backward.adjointOf(from), indices);
    const factor = `d${from.name}/d${to.name}`;
    yield {
      fault: faultAt(
        to,
        "missing-factor",
        { factor },
        `the right gradient with the factor ${factor} left out: it is taken to be ${adjointName(from)}`,
      ),
      cost: 1.7,
      change: () => ({ removed, added: [{ from, to, clause: { letters, indices, body } }] }),
    };
  }
}

/** The whole derivative with a factor too many: the derivative of a function, or a quantity. */
export function* extraFactors(
  backward: Backward,
  at: Quantity,
  factors: readonly { readonly body: Expression; readonly name: string; readonly cost: number }[],
): Generator<Mutant> {
  const { graph } = backward;
  const edges = backward.into(at);
  for (const { body, name, cost } of factors) {
    const added: Edge[] = [];
    for (const edge of edges) {
      const along = alongEdge(backward, edge, body, at);
      if (!along) break;
      added.push({
        ...edge,
        clause: { ...edge.clause, body: graph.multiply(edge.clause.body, along) },
      });
    }
    if (added.length !== edges.length || added.length === 0) continue;
    yield {
      fault: faultAt(
        at,
        "extra-factor",
        { factor: name },
        `the right gradient times ${name}: leave that factor out`,
      ),
      cost,
      change: () => ({ removed: new Set(edges), added }),
    };
  }
}

/** A factor over the axes of a quantity, at the indices that an edge reaches. */
function alongEdge(
  { graph }: Backward,
  edge: Edge,
  body: Expression,
  at: Quantity,
): Expression | undefined {
  const axes = body.free;
  const { indices } = edge.clause;
  const replacements = new Map(
    axes.map((letter) => {
      const axis = Number(letter.name.slice(1));
      return [letter.key, indices[axis]!] as const;
    }),
  );
  return indices.length === at.shape.length ? graph.substitute(body, replacements) : undefined;
}
