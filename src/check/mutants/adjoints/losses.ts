/** The derivative of another of the usual losses. */
import { Fraction } from "fraction.js";
import { fullAxes } from "../../../expression/definition.js";
import type { Expression } from "../../../expression/expression.js";
import { greater } from "../../../expression/operations/comparisons.js";
import { sign } from "../../../expression/operations/piecewise.js";
import { logarithm } from "../../../expression/operations/powers.js";
import { sigmoid } from "../../../expression/operations/smooth.js";
import type { Graph } from "../../../expression/graph.js";
import type { Quantity } from "../../../expression/quantity.js";
import { sameShape } from "../../../expression/size.js";
import { postorder, references } from "../../../expression/walk.js";
import type { Backward } from "../../pass/backward.js";
import { modelText, partialText } from "../../explanations/words.js";
import { otherLogistic } from "../forward/labels.js";
import { faultAt, type Mutant } from "../mutant.js";
import { hasPenalty } from "./penalties.js";
import type { Kind } from "../family.js";

export const LOSS_MUTANTS: Kind<Quantity> = {
  least: 1.9,
  make: ({ backward }, at) => lossMutants(backward, at, outputsAt(backward, at)),
};

/**
 * @param at a quantity of the shape of a target
 * @param outputs quantities of the same shape, `at` included, that may stand for the prediction
 */
function* lossMutants(
  backward: Backward,
  at: Quantity,
  outputs: readonly Quantity[],
): Generator<Mutant> {
  const { graph, model } = backward;
  const { indices } = fullAxes(at.shape);
  const [size] = at.shape;
  // beside a penalty the factor of a mean is none of the whole derivative
  const isPenalised = model.params.some((parameter) => hasPenalty(backward, parameter));
  const mean = size && isPenalised ? [graph.integerPower(graph.size(size), -1)] : [];
  const scales = [graph.one, ...mean];
  for (const target of model.targets) {
    if (!sameShape(target.shape, at.shape)) continue;
    yield* otherLogistic(backward, at, target);
    const t = graph.reference(target, indices);
    for (const output of outputs) {
      const y = graph.reference(output, indices);
      const scale = squaredScale(backward, y, t);
      if (scale && output !== at) {
        yield* activationLost(backward, at, output, graph.subtract(y, t), scale);
        continue;
      }
      if (output !== at) yield targetLost(backward, at, y, target);
      for (const [name, body, cost] of usual(backward, y, t, output === at, scale !== undefined)) {
        for (const scale of scales) {
          yield {
            fault: faultAt(at, "wrong-function", () => {
              const text = modelText(body);
              return {
                used: text,
                what: `in proportion to ${text}, as belongs to ${name}: the loss is ${model.loss.name}, whose derivative is another`,
              };
            }),
            cost,
            isUpToFactor: true,
            change: () => backward.whole(at, graph.multiply(scale, body)),
          };
        }
      }
    }
  }
}

/** y in place of the y − t of a cross-entropy by what y is a function of. */
function targetLost(backward: Backward, at: Quantity, y: Expression, target: Quantity): Mutant {
  const mean = meanAt(backward, at);
  return {
    fault: faultAt(at, "missing-term", () => {
      const [used, term] = [modelText(y), `-${target.name}`];
      return {
        term,
        what: `computed with ${used} where ${used} - ${target.name} belongs: subtract ${target.name}`,
      };
    }),
    cost: 1.9,
    isUpToFactor: mean === undefined,
    change: () => backward.whole(at, mean ? backward.graph.multiply(mean, y) : y),
  };
}

/**
 * The sizes that a quantity's derivative has as factors from the loss on, 1/N of a mean; undefined where it comes in
 * several ways.
 */
function meanAt(backward: Backward, at: Quantity): Expression | undefined {
  const { graph, model } = backward;
  let mean: Expression = graph.one;
  for (let to = at; to !== model.loss;) {
    const edges = backward.into(to);
    const factors = new Set(edges.flatMap(({ clause: { body } }) => sizesIn(graph, body)));
    const [factor, another] = factors;
    const [from, other] = new Set(edges.map((edge) => edge.from));
    if (!factor || !from || another || other) return undefined;
    mean = graph.multiply(mean, factor);
    to = from;
  }
  return mean;
}

/** The sizes that each term has as factors. */
function sizesIn(graph: Graph, body: Expression): Expression[] {
  if (body.kind === "sum") return body.terms.flatMap(({ term }) => sizesIn(graph, term));
  const factors = body.kind === "product" ? body.factors : [{ base: body, exponent: 1 }];
  return [
    graph.monomial(
      new Fraction(1),
      factors.filter(({ base }) => base.kind === "size"),
    ),
  ];
}

/** y − t by what y is a function of: with a squared loss no other loss, but two factors left out. */
function* activationLost(
  backward: Backward,
  at: Quantity,
  output: Quantity,
  difference: Expression,
  scale: Expression,
): Generator<Mutant> {
  const { graph, definitions } = backward;
  // y − t is then the derivative by y, which is told of the function's derivative
  if (scale === graph.one) return;
  const own = definitions.find(({ quantity }) => quantity === output);
  const [body] = own?.clauses.map((clause) => clause.body) ?? [];
  const isFunction = body?.kind === "apply" && body.children.length === 1;
  yield {
    fault: faultAt(at, "missing-factor", () => {
      const slope = isFunction
        ? `${body.operation.name}'(${at.name})`
        : `d${output.name}/d${at.name}`;
      const said = isFunction ? slope : partialText(output, at);
      const what = `${modelText(difference)}, with the factor ${said} left out: multiply by it`;
      return { factor: slope, what };
    }),
    second: faultAt(at, "constant-factor", () => {
      const inverse = graph.integerPower(scale, -1);
      const [text, constant] = [difference, scale].map((one) => modelText(one));
      return {
        factor: inverse.kind === "number" ? inverse.value.valueOf() : modelText(inverse),
        what: `computed without the constant ${constant!} before ${text!}: multiply by it`,
      };
    }),
    cost: 1.9,
    change: () => backward.whole(at, difference),
  };
}

/** c where the derivative of the loss by an output is c·(y − t), c being a number or of sizes. */
function squaredScale(
  backward: Backward,
  output: Expression,
  target: Expression,
): Expression | undefined {
  if (output.kind !== "reference") return undefined;
  const { graph } = backward;
  const line = backward.lastLine(output.quantity, output.indices);
  if (!line) return undefined;
  // the graph keeps −c·(t − y) as it is
  const scales = [
    graph.divide(line, graph.subtract(output, target)),
    graph.negate(graph.divide(line, graph.subtract(target, output))),
  ];
  return scales.find((scale) => references([scale]).length === 0);
}

/** @param isSquared whether the loss is the squared error of `y` but for a factor, which is then no other loss */
function usual(
  backward: Backward,
  y: Expression,
  t: Expression,
  isOutput: boolean,
  isSquared: boolean,
): [name: string, body: Expression, cost: number][] {
  const { graph } = backward;
  const one = graph.one;
  const difference = graph.subtract(y, t);
  const decided = graph.apply(greater, y, isOutput ? graph.zero : graph.number("1/2"));
  // squared errors have the slope of what lies between, too
  const squared: [string, Expression, number][] = isOutput
    ? [
        ["the squared error", difference, 1.9],
        ["the sum of squared errors", graph.multiply(graph.number(2), difference), 2.1],
      ]
    : [logistic(backward, y, t, difference)];
  const found: [string, Expression, number][] = [
    ...(isSquared ? [] : squared),
    ["the absolute error", graph.apply(sign, difference), 2.3],
    ["the perceptron, whose output is a decision", graph.subtract(decided, t), 2.3],
  ];
  if (!isOutput) return found;
  const rest = graph.subtract(one, y);
  const ratio = graph.divide(t, y);
  // with a squared loss that is what a lost derivative of a sigmoid looks like, up to a factor
  const surprise = isSquared ? 3.4 : 2.1;
  const against = graph.divide(graph.subtract(one, t), rest);
  return [
    ...found,
    ["the cross-entropy", graph.negate(ratio), 2.1],
    ["the binary cross-entropy of a sigmoid", graph.subtract(graph.apply(sigmoid, y), t), 2.2],
    ["the binary cross-entropy", graph.subtract(against, ratio), surprise],
  ];
}

/** What the difference of an output in (0, 1) and its target is the derivative of. */
function logistic(
  backward: Backward,
  y: Expression,
  t: Expression,
  difference: Expression,
): [name: string, body: Expression, cost: number] {
  if (!isLogged(backward, y)) return ["the cross-entropy of a sigmoid or softmax", difference, 1.9];
  const weights = weightsOf(backward, y, t);
  // where the loss is one, its labels do not sum to 1, or a mean was left out beside a regulariser
  const name = weights
    ? `a cross-entropy without the weights ${modelText(weights)}`
    : "a cross-entropy with labels that sum to 1 (see whether yours are such)";
  return [name, difference, 2.2];
}

/** w where the derivative of the loss by an output is −w t/y, as that of a weighted cross-entropy. */
function weightsOf(backward: Backward, y: Expression, t: Expression): Expression | undefined {
  if (y.kind !== "reference") return undefined;
  const { graph } = backward;
  const line = backward.lastLine(y.quantity, y.indices);
  const weights = line && graph.negate(graph.divide(graph.multiply(line, y), t));
  const used = weights ? references([weights]).map(({ quantity }) => quantity) : [];
  const isOwn = used.length > 0 && used.every((one) => !one.of && one !== y.quantity);
  return isOwn ? weights : undefined;
}

/** Whether the model takes the logarithm of an output, as a cross-entropy does. */
function isLogged({ definitions }: Backward, y: Expression): boolean {
  const bodies = definitions.flatMap(({ clauses }) => clauses.map(({ body }) => body));
  return postorder(bodies, (one: Expression) => one.children).some(
    (node) =>
      node.kind === "apply" &&
      node.operation === logarithm &&
      references([node]).some((one) => y.kind === "reference" && one.quantity === y.quantity),
  );
}

/** Another loss is taken by the output, or by what the output is a function of. */
function outputsAt(backward: Backward, at: Quantity): Quantity[] {
  const next = backward.into(at).map(({ from }) => from);
  return [...new Set([at, ...next])].filter(
    ({ role, shape }) => role === "definition" && sameShape(shape, at.shape),
  );
}
