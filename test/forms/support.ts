import { fullAxes } from "../../src/expression/definition.js";
import type { Expression } from "../../src/expression/expression.js";
import { Index, type Letter } from "../../src/expression/indices.js";
import type { Graph } from "../../src/expression/graph.js";
import type { Quantity } from "../../src/expression/quantity.js";
import { entryCount, type SizeValues } from "../../src/expression/size.js";
import { references } from "../../src/expression/walk.js";
import { type Axes, type MatrixForm, matrixForm } from "../../src/forms/matrix/convert.js";
import { evaluateMatrix } from "../../src/forms/matrix/evaluate.js";
import type { MatrixExpression } from "../../src/forms/matrix/expression.js";
import { NamedBodies } from "../../src/calculus/named.js";
import { entryOf, sweep } from "../../src/calculus/sweep.js";
import { type Model, parseModel } from "../../src/language/model.js";
import { doubleArithmetic } from "../../src/numeric/arithmetic.js";
import { interpret } from "../../src/numeric/interpret.js";
import { Lowering } from "../../src/numeric/lower.js";
import { MatrixPrinter } from "../../src/render/formula/matrix.js";
import { UNORDERED } from "../../src/render/notation/order.js";
import { Notation } from "../../src/render/notation/notation.js";

/** Entries of quantities, rows first, the same for the same name and seed. */
export function entriesOf(quantity: Quantity, sizes: SizeValues, seed = 1): number[] {
  let state = seed | 1;
  for (let k = 0; k < quantity.name.length; k++) {
    state = (Math.imul(state, 31) + quantity.name.charCodeAt(k)) | 0;
  }
  return Array.from({ length: entryCount(quantity.shape).evaluate(sizes) }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return 0.25 + ((state >>> 8) / 2 ** 24) * 1.5;
  });
}

/** The entries of an expression for all values of letters, by the interpreter. */
export function interpreted(
  graph: Graph,
  expression: Expression,
  letters: readonly Letter[],
  sizes: SizeValues,
  lookup: (quantity: Quantity) => readonly number[],
): readonly number[] {
  const quantity: Quantity = {
    name: "result",
    role: "auxiliary",
    shape: letters.map(({ size }) => size),
  };
  const clause = { letters, indices: letters.map((one) => Index.of(one)), body: expression };
  const lowering = new Lowering(graph);
  lowering.add({ quantity, clauses: [clause] });
  const used = references([expression]).map((one) => one.quantity);
  const given = new Map(used.map((one) => [one, lookup(one)]));
  return interpret(lowering.definitions, sizes, given, doubleArithmetic).get(quantity)!;
}

/** The largest difference between a matrix form and the index expression, relative to the largest entry. */
export function difference(
  graph: Graph,
  expression: Expression,
  { row, column }: Axes,
  matrix: MatrixExpression,
  sizes: SizeValues,
  lookup: (quantity: Quantity) => readonly number[] = (one) => entriesOf(one, sizes),
): number {
  const letters = [row, column].filter((one) => one !== undefined);
  const expected = interpreted(graph, expression, letters, sizes, lookup);
  return distance(
    evaluateMatrix(matrix, { arithmetic: doubleArithmetic, lookup, sizes }),
    expected,
  );
}

/** For random expressions: coefficients of a few thousand may cancel. */
export const TOLERANCE = 1e-7;

export function distance(actual: readonly number[], expected: readonly number[]): number {
  if (actual.length !== expected.length) return Infinity;
  // where all entries cancel, the summands were about 1
  const scale = Math.max(1, ...expected.map(Math.abs));
  const errors = actual.map((value, k) => Math.abs(value - expected[k]!) / scale);
  return errors.some(Number.isNaN) ? NaN : Math.max(0, ...errors);
}

export const SIZES: SizeValues = new Map([
  ["N", 4],
  ["M", 3],
]);

/** A model with the bodies of its definitions and adjoints, names put in where they exist. */
export class Bodies {
  readonly model: Model;
  private readonly named: NamedBodies;
  private readonly values: ReadonlyMap<Quantity, readonly number[]>;

  constructor(text: string) {
    this.model = parseModel(text);
    const { graph, definitions, inputs, targets, params: parameters } = this.model;
    const lowering = new Lowering(graph);
    for (const definition of definitions) lowering.add(definition);
    const given = [...inputs, ...targets, ...parameters];
    const entries = new Map(given.map((one) => [one, entriesOf(one, SIZES)]));
    this.values = interpret(lowering.definitions, SIZES, entries, doubleArithmetic);
    this.named = new NamedBodies(this.model.graph);
    for (const definition of this.model.definitions) this.named.add(definition);
  }

  definition(name: string): { body: Expression; quantity: Quantity } {
    const { graph, definitions } = this.model;
    const found = definitions.find(({ quantity }) => quantity.name === name)!;
    const { indices } = fullAxes(found.quantity.shape);
    return { body: entryOf(graph, found.clauses, indices), quantity: found.quantity };
  }

  adjoint(name: string): { body: Expression; quantity: Quantity } {
    const { graph, definitions, loss, params: parameters } = this.model;
    const wanted = [...parameters, ...this.model.inputs].filter((one) => one.name === name);
    const adjoints = sweep(graph, definitions, loss, { wanted: [...parameters, ...wanted] });
    const [of, adjoint] = [...adjoints].find(([quantity]) => quantity.name === name) ?? [
      undefined,
      undefined,
    ];
    if (!of) throw new Error(`the loss does not depend on ${name}`);
    const body = entryOf(graph, adjoint.clauses, fullAxes(of.shape).indices);
    return { body: this.named.apply(body), quantity: of };
  }

  /** The checked matrix form of a definition, or of an adjoint where the name starts with d:. */
  form(name: string): MatrixForm | undefined {
    const { body, quantity } = name.startsWith("d:")
      ? this.adjoint(name.slice(2))
      : this.definition(name);
    const { indices } = fullAxes(quantity.shape);
    const [row, column] = [indices[0]?.plain, indices[1]?.plain];
    const form = matrixForm(this.model.graph, body, { row, column });
    if (!form) return undefined;
    const lookup = (one: Quantity): readonly number[] =>
      this.values.get(one) ?? entriesOf(one, SIZES);
    const axes = { row, column };
    const error = difference(this.model.graph, body, axes, form.matrix, SIZES, lookup);
    if (!(error < 1e-12)) throw new Error(`${name}: the matrix form differs by ${error}`);
    return form;
  }

  latex(name: string, shapes = false): string | undefined {
    const form = this.form(name);
    return form && new MatrixPrinter(new Notation(), UNORDERED).print(form.matrix, { shapes });
  }
}
