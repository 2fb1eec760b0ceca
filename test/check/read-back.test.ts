/** Parts of models and of their backward passes, as sentences have them, are read again: their shapes and values. */
import { parseModel } from "chainrule";
import { expect, it } from "vitest";
import { modelText } from "../../src/check/explanations/words.js";
import { Backward } from "../../src/check/pass/backward.js";
import type { Definition } from "../../src/expression/definition.js";
import type { Expression } from "../../src/expression/expression.js";
import { Index, type Letter } from "../../src/expression/indices.js";
import { operations } from "../../src/expression/operations/index.js";
import type { Quantity } from "../../src/expression/quantity.js";
import { postorder, references } from "../../src/expression/walk.js";
import { Auxiliaries } from "../../src/language/auxiliaries.js";
import { elaborate, type Meaning } from "../../src/language/elaborate.js";
import { Elaboration } from "../../src/language/elaboration.js";
import type { Model } from "../../src/language/model.js";
import { parseProgram } from "../../src/language/parse.js";
import type { CheckedPoint } from "../../src/language/point.js";
import { doubleArithmetic } from "../../src/numeric/arithmetic.js";
import { interpret } from "../../src/numeric/interpret.js";
import { Lowering } from "../../src/numeric/lower.js";
import { randomEntries } from "../../src/numeric/random.js";
import { MODELS } from "../support/models.js";
import { systems } from "./corpus/index.js";

/** All parts of definitions and of steps back that have at most two letters. */
function partsOf(model: Model): readonly Expression[] {
  const backward = Backward.of(model);
  const bodies = [
    ...model.definitions.flatMap(({ clauses }) => clauses),
    ...backward.edges.map(({ clause }) => clause),
  ].map(({ body }) => backward.withNames(body));
  return [...postorder(bodies, (one: Expression) => one.children)].filter(
    (one) => one.free.length <= 2 && one.children.length > 0 && isInLanguage(one),
  );
}

/** What sentences write as σ′(z), and sums over windows, are no expressions of the language. */
function isInLanguage(root: Expression): boolean {
  return [...postorder([root], (one: Expression) => one.children)].every(
    (one) =>
      (one.kind !== "apply" || operations.get(one.operation.name) === one.operation) &&
      (one.kind !== "reference" || one.indices.every(({ terms }) => terms.length <= 1)),
  );
}

/** A value that is nobody else's, for each entry. */
function entriesOf(quantity: Quantity, { sizes }: CheckedPoint, seed: number): number[] {
  const count = quantity.shape.reduce((total, size) => total * size.evaluate(sizes), 1);
  return Array.from({ length: count }, (_, k) => 0.6 + 0.3 * Math.sin(7 * seed + 2.3 * k));
}

/** @returns what is wrong with the text, if something is */
function fault(model: Model, part: Expression, text: string): string | undefined {
  const at = randomEntries(model, {
    sizes: Object.fromEntries(model.sizes.map((name, k) => [name, 5 + 2 * k])),
  });
  const used = [...new Set(references([part]).map(({ quantity }) => quantity))];
  const given = new Map(used.map((one, k) => [one, entriesOf(one, at, k)]));
  const scope = new Map<string, Meaning>(model.scope);
  for (const quantity of used) scope.set(quantity.name, { quantity });
  const definitions: Definition[] = [];
  const names = new Auxiliaries(model.graph, new Set(scope.keys()), definitions);
  const context = new Elaboration(model.graph, (value) => names.name(value));
  try {
    const [statement] = parseProgram({ name: "part", text: `part = ${text}` }).statements;
    const { shape, clauses } = elaborate(context, scope, statement!.expression);
    const read: Quantity = { name: "part", role: "definition", shape };
    definitions.push({ quantity: read, clauses });
    const [first, second] = part.free;
    const orders =
      first && second
        ? [
            [first, second],
            [second, first],
          ]
        : [first ? [first] : []];
    const found = run(model, definitions, at, given).get(read)!;
    const lengths = (letters: readonly Letter[]): string =>
      letters.map(({ size }) => size.toString()).join("×");
    const own = shape
      .filter((size) => !size.isOne)
      .map((size) => size.toString())
      .join("×");
    const alike = orders.filter((letters) => lengths(letters) === own);
    if (alike.length === 0)
      return `is ${own || "a number"}, not ${lengths(part.free) || "a number"}`;
    const isRight = alike.some((letters) => {
      const quantity: Quantity = {
        name: "whole",
        role: "definition",
        shape: letters.map(({ size }) => size),
      };
      const clause = { letters, indices: letters.map((one) => Index.of(one)), body: part };
      const wanted = run(model, [{ quantity, clauses: [clause] }], at, given).get(quantity)!;
      return wanted.every(
        (value, k) =>
          Object.is(value, found[k]) || Math.abs(value - found[k]!) < 1e-9 * (1 + Math.abs(value)),
      );
    });
    return isRight ? undefined : "has another value";
  } catch (error) {
    return (error as Error).message;
  }
}

function run(
  { graph }: Model,
  definitions: readonly Definition[],
  { sizes }: CheckedPoint,
  given: ReadonlyMap<Quantity, number[]>,
) {
  const lowering = new Lowering(graph);
  for (const one of definitions) lowering.add(one);
  return interpret(lowering.definitions, sizes, given, doubleArithmetic);
}

const OWN: Readonly<Record<string, string>> = {
  "gated step": `N = size()
X = input(N, 3)
H = input(N, 4)
W = param(3, 4)
U = param(4, 4)
R = param(4, 4)
b = param(4)
r = sigmoid(H * R)
g = tanh(X * W + (r .* H) * U + b')
L = mean(g.^2)`,
  contrastive: `N = size()
X = input(N, 5)
U = input(N, 4)
A = param(5, 3)
B = param(4, 3)
S = (X * A) * (U * B)'
p = logsumexp(S, 2)
q = logsumexp(S, 1)
L = (sum(p - diag(S)) + sum(q - diag(S))) / (2 * N)`,
  "rows and columns": `N = size()
X = input(N, 3)
g = param(3)
s = param(N)
Y = (X .* g' + s * g') ./ (s .* sum(X.^2, 2))
L = trace(Y' * X) + sum(X * Y')`,
};

it.each([
  ...Object.entries({ ...MODELS, ...OWN }),
  ...systems.map(({ name, text }) => [name, text] as const),
])("%s", (_, text) => {
  const model = parseModel(text);
  const faults = partsOf(model).flatMap((part) => {
    const written = modelText(part);
    const wrong = written.includes("…") ? undefined : fault(model, part, written);
    return wrong === undefined ? [] : [`${written}: ${wrong}`];
  });
  expect(faults).toEqual([]);
});

it("lets sums, products and diagonals stand as they are written", () => {
  const textsOf = (name: string): readonly string[] => {
    const clauses = parseModel(OWN[name]!).definitions.flatMap((one) => one.clauses);
    const parts = postorder(
      clauses.map(({ body }) => body),
      (one: Expression) => one.children,
    );
    return [...parts].filter(({ free }) => free.length <= 2).map((one) => modelText(one));
  };
  expect(textsOf("gated step")).toContain("(H .* r) * U");
  expect(textsOf("contrastive")).toContain("sum(p - diag(S))");
});
