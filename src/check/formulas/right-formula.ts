/** The right derivatives as statements of the model language, which can be read back and checked. */
import { Fraction } from "fraction.js";
import { fullAxes, fullBody } from "../../expression/definition.js";
import type { Quantity } from "../../expression/quantity.js";
import type { Expression } from "../../expression/expression.js";
import { PerGraph } from "../../expression/per-graph.js";
import { matrixForm } from "../../forms/matrix/convert.js";
import { type MatrixExpression, operands } from "../../forms/matrix/expression.js";
import { matrixSyntax } from "../../forms/matrix/language.js";
import { substituteMatrices } from "../../forms/matrix/substitute.js";
import type { Route } from "../../forms/route.js";
import { Routes } from "../../forms/routes.js";
import { numeral } from "../../language/compose.js";
import type { Model } from "../../language/model.js";
import { claimName, derivativeText } from "../explanations/words.js";
import { printMathematics, printSyntax } from "../../language/print.js";
import { parts, type Syntax } from "../../language/syntax.js";
import { postorder } from "../../expression/walk.js";

/** ∂loss/∂quantity as a statement. */
export interface RightFormula {
  readonly quantity: Quantity;
  readonly name: string;
  readonly expression: Syntax;
  /** `dW1 = dz1 * x'`. */
  readonly text: string;
  /** `∂L/∂W1 = ∂L/∂z1 · xᵀ`. */
  readonly matrix: string;
  /** The adjoints that it uses by names that are not known: their statements, in order. */
  readonly before: readonly RightFormula[];
}

/**
 * @param known names of adjoints that may be used as they are
 * @returns undefined where a derivative has no matrix form, or the language no word for it.
 */
export function rightFormula(
  model: Model,
  quantity: Quantity,
  known: ReadonlyMap<Quantity, string> = new Map(),
): RightFormula | undefined {
  const name = claimName(model, quantity);
  if (quantity === model.loss) {
    const expression = numeral(1);
    const matrix = `∂${quantity.name}/∂${quantity.name} = 1`;
    return { quantity, name, expression, text: `${name} = 1`, matrix, before: [] };
  }
  const { routes, matrices, decimals } = knownOf(model);
  return new Formulas(model, routes.route(quantity), matrices, decimals, known).of(quantity);
}

/** Adjoints as matrices, with the engine's own names, and those that are numbers, replaced by what they stand for. */
type Matrices = Map<Quantity, MatrixExpression | undefined>;

interface KnownOfModel {
  readonly routes: Routes;
  readonly matrices: Matrices;
  /** The numbers that it writes with a point. */
  readonly decimals: readonly Fraction[];
}

function decimalsIn({ program }: Model): readonly Fraction[] {
  const nodes = postorder<Syntax>(
    program.statements.map(({ expression }) => expression),
    parts,
  );
  const texts = nodes.flatMap((node) =>
    node.kind === "number" && /^\d*\.\d+$/.test(node.text) ? [node.text] : [],
  );
  return [...new Set(texts)].map((text) => new Fraction(text)).filter(({ d }) => d !== 1n);
}

/** What the formulas of one model have in common; it lives as long as the model. */
const knownFormulas = new PerGraph(() => new Map<Model, KnownOfModel>());

function knownOf(model: Model) {
  const models = knownFormulas.of(model.graph);
  let known = models.get(model);
  if (!known) {
    known = { routes: new Routes(model), matrices: new Map(), decimals: decimalsIn(model) };
    models.set(model, known);
  }
  return known;
}

class Formulas {
  private readonly adjoints: ReadonlyMap<Quantity, Quantity>;

  constructor(
    private readonly model: Model,
    private readonly route: Route,
    private readonly matrices: Matrices,
    private readonly decimals: readonly Fraction[],
    private readonly known: ReadonlyMap<Quantity, string>,
  ) {
    this.adjoints = new Map(route.adjoints.map(({ of, quantity }) => [quantity, of]));
  }

  of(quantity: Quantity): RightFormula | undefined {
    const matrix = this.matrix(quantity);
    const expression = matrix && matrixSyntax(matrix, (one) => this.nameOf(one), this.decimals);
    if (!expression) return undefined;
    const before: RightFormula[] = [];
    for (const adjoint of usedAdjoints(matrix)) {
      const of = this.adjoints.get(adjoint)!;
      if (this.known.has(of)) continue;
      const formula = this.of(of);
      if (!formula) return undefined;
      for (const one of [...formula.before, formula]) {
        if (before.every((other) => other.quantity !== one.quantity)) before.push(one);
      }
    }
    const name = claimName(this.model, quantity);
    const text = `${name} = ${printSyntax(expression)}`;
    const mathematics = printMathematics(expression, (one) => this.meant(one));
    const inBooks = `${this.derivative(quantity)} = ${mathematics}`;
    return { quantity, name, expression, text, matrix: inBooks, before };
  }

  private nameOf(one: Quantity): string | undefined {
    if (one.role === "auxiliary") return undefined;
    const of = this.adjoints.get(one);
    if (!of) return one.name;
    return of.role === "auxiliary" ? undefined : (this.known.get(of) ?? claimName(this.model, of));
  }

  private derivative(quantity: Quantity): string {
    return derivativeText(this.model, quantity);
  }

  /** The derivative that a name stands for in the statements. */
  private meant(name: string): string | undefined {
    const of = [...this.adjoints.values()].find(
      (one) => this.known.get(one) === name || claimName(this.model, one) === name,
    );
    return of && this.derivative(of);
  }

  private matrix(quantity: Quantity): MatrixExpression | undefined {
    if (this.matrices.has(quantity)) return this.matrices.get(quantity);
    const { body } = this.route.adjoint(quantity);
    const matrix = this.spelledOut(this.form(quantity, body));
    this.matrices.set(quantity, matrix);
    return matrix;
  }

  private form({ shape }: Quantity, body: Expression): MatrixExpression | undefined {
    const [row, column] = fullAxes(shape).indices.map((index) => index.plain);
    return matrixForm(this.model.graph, body, { row, column })?.matrix;
  }

  private spelledOut(matrix: MatrixExpression | undefined): MatrixExpression | undefined {
    if (!matrix) return undefined;
    const replacements = new Map<Quantity, MatrixExpression>();
    for (const one of quantitiesIn(matrix)) {
      const of = this.adjoints.get(one);
      if ((of ?? one).role !== "auxiliary" && !(of && this.isNumber(of))) continue;
      const inner = of ? this.matrix(of) : this.value(one);
      if (!inner) return undefined;
      replacements.set(one, inner);
    }
    return replacements.size === 0 ? matrix : substituteMatrices(matrix, replacements);
  }

  /** Whether a derivative is a number, as that by a summand of the loss is 1. */
  private isNumber(quantity: Quantity): boolean {
    return quantity.shape.length === 0 && this.route.adjoint(quantity).body.kind === "number";
  }

  private value(auxiliary: Quantity): MatrixExpression | undefined {
    const definition = this.model.definitions.find(({ quantity }) => quantity === auxiliary)!;
    const body = fullBody(auxiliary.shape, definition.clauses);
    return body && this.spelledOut(this.form(auxiliary, body));
  }
}

function quantitiesIn(root: MatrixExpression): Set<Quantity> {
  const found = new Set<Quantity>();
  const visit = (node: MatrixExpression): void => {
    if (node.kind === "quantity" || node.kind === "slice") found.add(node.quantity);
    operands(node).forEach(visit);
  };
  visit(root);
  return found;
}

function usedAdjoints(root: MatrixExpression): Quantity[] {
  return [...quantitiesIn(root)].filter(({ role }) => role === "adjoint");
}
