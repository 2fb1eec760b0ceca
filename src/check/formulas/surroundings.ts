/** What may be written into a statement: names, local derivatives, terms of the right formula. */
import { NamedBodies } from "../../calculus/named.js";
import { type Definition, fullAxes, fullBody } from "../../expression/definition.js";
import type { Expression } from "../../expression/expression.js";
import type { Letter } from "../../expression/indices.js";
import { operations } from "../../expression/operations/index.js";
import { isMask, type Operation } from "../../expression/operations/operation.js";
import { isOne, isZero } from "../../expression/predicates.js";
import type { Quantity } from "../../expression/quantity.js";
import { sameShape, type Shape } from "../../expression/size.js";
import { postorder, references } from "../../expression/walk.js";
import { matrixForm } from "../../forms/matrix/convert.js";
import { matrixSyntax } from "../../forms/matrix/language.js";
import { minus } from "../../language/compose.js";
import type { Model } from "../../language/model.js";
import { printSyntax, unbracketed } from "../../language/print.js";
import { namesIn, type Syntax } from "../../language/syntax.js";
import { modelText, partialText } from "../explanations/words.js";
import { stepText } from "../mutants/lines/line-text.js";
import { once } from "../once.js";
import { Backward } from "../pass/backward.js";
import { writtenOut } from "../pass/known-functions.js";
import { joinOf } from "../pass/users.js";
import { boundsIn, constantsIn, divisorsIn } from "./own-numbers.js";
import { sumsIn } from "./variants/lost-terms.js";
import { type RightFormula, rightFormula } from "./right-formula.js";
import { isPart, withNames } from "./named-parts.js";
import { inConstant } from "./late.js";
import type { Late } from "./usual-constants.js";
import { inOwnNames } from "./own-names.js";
import { fitOfState, type Line } from "./lines.js";
import type { KnownParts, Script } from "./script.js";
import {
  type LocalDerivative,
  type Piece,
  spotsOf,
  type Sum,
  type Surroundings,
} from "./variants/variant.js";

/** Functions that people take for one another. */
const USUAL = ["sigmoid", "tanh", "relu", "exp", "log", "sin", "cos", "softplus"];
/** Longer pieces are nobody's forgotten factor. */
const LONGEST = 60;

/** What a model offers to every statement. */
export class Vocabulary {
  readonly derivatives: readonly LocalDerivative[];
  private readonly functions: readonly string[];
  private readonly usedBy: Surroundings["usedBy"];
  private readonly bounds: readonly number[];
  private readonly dividedBy: readonly Piece[];
  private readonly sums: readonly Sum[];
  private readonly constants: readonly Piece[];
  private readonly madeOf: ReadonlyMap<string, Syntax>;
  /** Names of the model that hold 0 or 1. */
  private readonly masks: readonly string[];

  constructor(private readonly model: Model) {
    this.derivatives = localDerivatives(model);
    const used = new Set(USUAL);
    for (const { operation, node } of applied(model.definitions)) {
      if (operation.operands.length !== 1) continue;
      used.add(operation.name);
      // abs stands where its derivative belongs, sign
      const [slope] = operation.derivative(model.graph, node.children, node);
      if (slope?.kind === "apply" && slope.children.length === 1) used.add(slope.operation.name);
    }
    this.functions = [...used].filter((name) => operations.has(name));
    this.usedBy = usedNames(model);
    this.bounds = boundsIn(model);
    this.dividedBy = divisorsIn(model);
    const { statements } = model.program;
    this.sums = sumsIn(statements.map(({ expression }) => expression));
    this.constants = constantsIn(model);
    this.madeOf = new Map(
      statements.flatMap(({ name, expression }) => (isPart({ name }) ? [[name, expression]] : [])),
    );
    this.masks = model.definitions
      .filter(({ clauses }) =>
        clauses.every(({ body }) => body.kind === "apply" && isMask(body.operation)),
      )
      .map(({ quantity }) => quantity.name);
  }

  /**
   * @param late the constant that the line leaves to others
   * @param ownNames what statements above call parts of the model's statements
   */
  around(
    script: Script,
    line: Line,
    lines: readonly Line[],
    late: Late | undefined,
    ownNames: ReadonlyMap<string, string>,
  ): Surroundings {
    const { scope, missing, intended, formula, corrected } = line;
    const names = new Map(
      [...scope].flatMap(([name, { quantity }]) =>
        quantity && !missing.has(name) && !ownNames.has(name)
          ? [[name, quantity.shape] as const]
          : [],
      ),
    );
    const knownParts: KnownParts = new Map();
    const shapes = new Map<Syntax, Shape | undefined>();
    const shapeOf = (part: Syntax): Shape | undefined => {
      if (!shapes.has(part)) {
        shapes.set(part, script.attempt("part", part, scope, knownParts)?.quantity.shape);
      }
      return shapes.get(part);
    };
    const above = lines.slice(
      0,
      lines.findIndex((one) => one.formula === formula),
    );
    const known = new Map(
      above.flatMap(({ intended: of, formula: { name } }) => (of ? [[of, name]] : [])),
    );
    const right = intended && rightFormula(this.model, intended, known);
    // what a statement of its own holds may be anything
    const helpers = above.flatMap(({ formula: { claims, name } }) => (claims ? [] : [name]));
    const derivatives = this.derivatives.map((one) => ({
      syntax: withNames(one.syntax, ownNames),
      name: inOwnNames(one.name, ownNames),
      at: inOwnNames(one.at, ownNames),
    }));
    const derivativeNames = new Set(known.values());
    const usable =
      right?.before.length === 0
        ? termsOf(late ? inConstant(right.expression, late, derivativeNames) : right.expression)
        : [];
    return {
      names,
      usedBy: this.usedBy,
      knownParts,
      shapeOf,
      whole:
        corrected.kind === "valued" &&
        fitOfState(corrected, intended ?? corrected.reading.quantity) !== "misfits" &&
        !hasStretchedTerm(formula.statement.expression, shapeOf),
      adjoints: derivativeNames,
      stepBetween: this.stepsAmong(known),
      derivatives,
      parts: partsOf(derivatives),
      masks: new Set([
        ...this.masks,
        ...above.filter(isComparison).map(({ formula }) => formula.name),
      ]),
      sizes: this.model.sizes,
      bounds: this.bounds,
      dividedBy: this.dividedBy,
      functions: this.functions,
      helpers: new Set(helpers),
      divisors: right && new Set([...helpers, ...divisorsOf([...right.before, right])]),
      terms: usable,
      sums: right
        ? [...this.sums, ...sumsIn([...right.before, right].map((one) => one.expression))]
        : this.sums,
      constants: this.constants,
      from: new Set(
        right?.before.length === 0
          ? [...namesIn(right.expression)].filter((name) => derivativeNames.has(name))
          : [],
      ),
      madeOf: this.madeOf,
      ideal: intended ? "the right gradient" : "what is needed here",
    };
  }

  /** Steps from a derivative to that of an operand, of the same shape and with no other use. */
  private stepsAmong(names: ReadonlyMap<Quantity, string>): Surroundings["stepBetween"] {
    const backward = Backward.of(this.model);
    const quantities = new Map([...names].map(([quantity, name]) => [name, quantity]));
    return (from, to) => {
      const [output, input] = [quantities.get(from), quantities.get(to)];
      if (!output || !input || joinOf(backward, input) !== output) return undefined;
      if (!sameShape(output.shape, input.shape)) return undefined;
      const own = backward.definitions.find(({ quantity }) => quantity === output);
      const body = own && fullBody(output.shape, own.clauses);
      if (body?.kind === "apply" && body.children[0]?.kind === "reference") {
        const slope = `${body.operation.name}'(${unbracketed(input.name)})`;
        return () => ({ factor: slope, said: slope });
      }
      return once(() => {
        const text = stepText(backward, output, input);
        if (text !== undefined) return { factor: text, said: text };
        return { factor: `d${output.name}/d${input.name}`, said: partialText(output, input) };
      });
    };
  }
}

/** Parts of statements that have no name count as what they are made of. */
function usedNames({ definitions }: Model): Surroundings["usedBy"] {
  const found = new Map<string, ReadonlySet<string>>();
  for (const { quantity, clauses } of definitions) {
    const used = references(clauses.map(({ body }) => body)).flatMap(({ quantity: one }) =>
      one.role === "auxiliary" ? [...(found.get(one.name) ?? [])] : [one.name],
    );
    found.set(quantity.name, new Set(used));
  }
  return found;
}

function isComparison({ formula: { statement } }: Line): boolean {
  const { expression } = statement;
  const operation = expression.kind === "binary" ? operations.get(expression.operator) : undefined;
  return operation !== undefined && isMask(operation);
}

interface Applied {
  readonly operation: Operation;
  readonly node: Extract<Expression, { kind: "apply" }>;
  readonly quantity: Quantity;
}

/** Every function that is applied in a definition, with the quantity that is defined. */
function applied(definitions: readonly Definition[]): Applied[] {
  return definitions.flatMap(({ quantity, clauses }) =>
    [
      ...postorder(
        clauses.map(({ body }) => body),
        (one: Expression) => one.children,
      ),
    ].flatMap((node) =>
      node.kind === "apply" ? [{ operation: node.operation, node, quantity }] : [],
    ),
  );
}

/** `sigmoid'(z1)`, written `a1 .* (1 - a1)`. */
function localDerivatives(model: Model): LocalDerivative[] {
  const { graph } = model;
  const named = new NamedBodies(graph);
  for (const definition of model.definitions) named.add(definition);
  const found = new Map<string, LocalDerivative>();
  for (const definition of [...model.definitions, ...writtenOut(model)]) {
    const isWhole = fullBody(definition.quantity.shape, definition.clauses) !== undefined;
    for (const { operation, node, quantity } of isWhole ? applied([definition]) : []) {
      const { indices } = fullAxes(quantity.shape);
      const axes = indices.map(({ plain }) => plain);
      const position = positionOf(node, axes);
      if (!position) continue;
      for (const [k, derivative] of operation.derivative(graph, node.children, node).entries()) {
        if (isZero(derivative) || isOne(derivative) || derivative.children.length === 0) continue;
        // nobody differentiates sqrt(3)
        if (references([node.children[k]!]).length === 0) continue;
        const matrix = matrixForm(graph, named.apply(derivative), position)?.matrix;
        const syntax =
          matrix &&
          matrixSyntax(matrix, ({ role, name }) => (role === "auxiliary" ? undefined : name));
        if (!syntax) continue;
        const at = modelText(named.apply(node.children[k]!));
        const text = printSyntax(syntax);
        // the share of a softmax has a name, and a long formula
        const isShare = syntax.kind === "name" && at.includes("logsumexp");
        const name = isShare ? text : `${operation.name}'(${unbracketed(at)})`;
        if (text.length <= LONGEST) found.set(name, { syntax, name, at });
      }
    }
  }
  return [...found.values()];
}

/**
 * The letters of the rows and columns of what stands in a definition: those of the definition, or, under a
 * sum, those of a quantity in it that has them all.
 * @param axes of the definition, those of length 1 without a letter
 */
function positionOf(
  node: Expression,
  axes: readonly (Letter | undefined)[],
): { readonly row: Letter | undefined; readonly column: Letter | undefined } | undefined {
  const isWithin = (letters: readonly (Letter | undefined)[]): boolean =>
    node.free.every(({ key }) => letters.some((one) => one?.key === key));
  const own = references([node])
    .map(({ indices }) => indices.map(({ plain }) => plain))
    .find(isWithin);
  // what is lost of a smooth function under a sum is told by its numbers
  const isPiecewise = node.kind === "apply" && node.operation.kinks !== undefined;
  const letters = isWithin(axes) ? axes : isPiecewise ? own : undefined;
  return letters && { row: letters[0], column: letters[1] };
}

/** The factors of local derivatives: `1 - a1` of `a1 .* (1 - a1)`. */
function partsOf(derivatives: readonly LocalDerivative[]): Piece[] {
  const found = new Map<string, Piece>();
  for (const { syntax } of derivatives) {
    if (syntax.kind !== "binary" || syntax.operator !== ".*") continue;
    for (const part of [syntax.left, syntax.right]) {
      if (part.kind === "name") continue;
      const name = printSyntax(part);
      found.set(name, { syntax: part, name });
    }
  }
  return [...found.values()];
}

/** The names that stand below a line in formulas. */
function divisorsOf(formulas: readonly RightFormula[]): ReadonlySet<string> {
  const quotients = formulas
    .flatMap(({ expression }) => spotsOf(expression))
    .flatMap(({ node }) =>
      node.kind === "binary" && (node.operator === "/" || node.operator === "./")
        ? [node.right]
        : [],
    );
  return new Set(quotients.flatMap((under) => [...namesIn(under)]));
}

/** Whether a matrix product is a number that is added to every entry: hardly anybody means that. */
function hasStretchedTerm(root: Syntax, shapeOf: (part: Syntax) => Shape | undefined): boolean {
  return termsOf(root).some(({ syntax }) => {
    const term = syntax.kind === "unary" && syntax.operator === "-" ? syntax.operand : syntax;
    const isProductOfMatrices = term.kind === "binary" && term.operator === "*";
    const shapes = [root, term].map(shapeOf);
    const isNumber = shapes.map((shape) => shape?.every((size) => size.isOne));
    return isProductOfMatrices && isNumber[0] === false && isNumber[1] === true;
  });
}

/** The terms that a sum consists of. */
function termsOf(root: Syntax): Piece[] {
  const terms: Syntax[] = [];
  const visit = (node: Syntax, isNegative: boolean): void => {
    if (node.kind === "binary" && (node.operator === "+" || node.operator === "-")) {
      visit(node.left, isNegative);
      visit(node.right, isNegative !== (node.operator === "-"));
    } else if (node.kind === "unary" && node.operator === "-") {
      visit(node.operand, !isNegative);
    } else {
      terms.push(isNegative ? minus(node) : node);
    }
  };
  visit(root, false);
  return terms.map((syntax) => ({ syntax, name: printSyntax(syntax) }));
}
