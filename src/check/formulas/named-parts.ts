/**
 * Parts of a model's statements as quantities of their own: what a person gives a name, such as the argument of
 * tanh in tanh(X * W + b'), and takes derivatives by. Each is called what it is,
 * a sum or a product in brackets.
 */
import type { Quantity } from "../../expression/quantity.js";
import { named } from "../../language/compose.js";
import { DECLARATIONS } from "../../language/elaborate.js";
import { elaborateProgram, type Model } from "../../language/model.js";
import { printSyntax } from "../../language/print.js";
import { namesIn, rewritten, type Statement, type Syntax } from "../../language/syntax.js";
import { withKnownFunctions } from "../pass/known-functions.js";
import { renamed, spotsOf } from "./variants/variant.js";

/** Models of more statements have no parts: every one would be computed. */
const MOST_STATEMENTS = 120;
const MOST_PARTS = 60;

/** The names of parts that depend on parameters, those that other parts are in before these. */
export function partsOf(model: Model): readonly string[] {
  const statements = model.program.statements.filter((one) => !isDeclaration(one));
  if (statements.length > MOST_STATEMENTS) return [];
  const moving = new Set(model.params.map(({ name }) => name));
  const found = new Set<string>();
  for (const { name, expression } of statements) {
    const isMoving = (node: Syntax): boolean => [...namesIn(node)].some((one) => moving.has(one));
    for (const { node } of spotsOf(expression).slice(1)) {
      if (isOfItsOwn(node) && isMoving(node)) found.add(nameOf(node));
    }
    if (isMoving(expression)) moving.add(name);
  }
  return [...found].slice(0, MOST_PARTS);
}

/** A transpose has the derivative of what it is of. */
function isOfItsOwn(node: Syntax): boolean {
  return node.kind === "binary" || node.kind === "call" || node.kind === "index";
}

function nameOf(node: Syntax): string {
  const text = printSyntax(node);
  return node.kind === "binary" ? `(${text})` : text;
}

/** Whether a quantity is a part that was given a name. */
export function isPart({ name }: Pick<Quantity, "name">): boolean {
  return /[([]/.test(name);
}

/** An expression with other names for parts. */
export function withNames(root: Syntax, names: ReadonlyMap<string, string>): Syntax {
  let expression = root;
  for (const [part, own] of names) expression = renamed(expression, part, own);
  return expression;
}

/** An expression with parts as they are written, in place of their names. */
export function spelledOut(model: Model, root: Syntax): Syntax {
  const { statements } = model.program;
  return rewritten(root, (node) => {
    if (node.kind !== "name" || !isPart(node)) return undefined;
    const part = statements.find((one) => one.name === node.name);
    return part && spelledOut(model, part.expression);
  });
}

function isDeclaration({ expression }: Statement): boolean {
  return expression.kind === "call" && DECLARATIONS.has(expression.name);
}

/**
 * The model with some of its parts as quantities, wherever they stand.
 * @param names as `partsOf` gives them
 */
export function withParts(model: Model, names: readonly string[]): Model {
  let statements = model.program.statements;
  // what a part stands in is longer
  for (const name of names.toSorted((a, b) => b.length - a.length)) {
    statements = withPart(statements, name);
  }
  const sizes = new Map(
    [...model.scope].flatMap(([name, { size }]) =>
      size?.constant === undefined ? [] : [[name, size.constant] as const],
    ),
  );
  const program = { ...model.program, statements };
  return withKnownFunctions(elaborateProgram(program, model.loss.name, sizes));
}

function withPart(statements: readonly Statement[], name: string): readonly Statement[] {
  const spotIn = ({ expression }: Statement) =>
    spotsOf(expression)
      .slice(1)
      .find(({ node }) => isOfItsOwn(node) && nameOf(node) === name);
  const first = statements.findIndex((one) => spotIn(one) !== undefined);
  const statement = statements[first];
  const part = statement && spotIn(statement);
  if (!part) return statements;
  const replaced = (one: Statement): Statement => {
    const spot = spotIn(one);
    return spot ? replaced({ ...one, expression: spot.replace(named(name)) }) : one;
  };
  const own: Statement = { ...statement, name, expression: part.node };
  return [...statements.slice(0, first), own, ...statements.slice(first).map(replaced)];
}
