/** The forward pass: every definition entry by entry, as matrices, and with the point's numbers. */
import { type Definition, fullAxes, fullBody } from "../expression/definition.js";
import type { Expression } from "../expression/expression.js";
import type { Graph } from "../expression/graph.js";
import { postorder } from "../expression/walk.js";
import { quantityMatrix } from "../forms/matrix/build.js";
import type { Quantity } from "../expression/quantity.js";
import { authoredMatrix } from "../forms/matrix/authored.js";
import { axesOf, type MatrixForm, matrixForm } from "../forms/matrix/convert.js";
import type { MatrixExpression } from "../forms/matrix/expression.js";
import { reasonsFor } from "../forms/matrix/reasons.js";
import { writtenOut } from "../forms/paths.js";
import type { Model } from "../language/model.js";
import { joined, said, type Sentence } from "../language/sentence.js";
import { arrayClaims } from "./arrays.js";
import { Checker } from "./checker.js";
import { PointNumbers } from "./numbers.js";
import type { PassageData } from "./passage.js";
import { AT_ONCE, PUT_IN, sizesTaken, VALUE } from "./sentences.js";
import { withModelExplained } from "./signs.js";
import { chained, type Claim, scalar } from "./step.js";
import type { Workbench } from "./workbench.js";

/** Sums of more terms, or of more symbols in all, are not written out. */
const WRITTEN = { terms: 6, longest: 150 };

/** The definitions up to the loss, in order. */
export function forwardPass(workbench: Workbench): PassageData {
  const { model, given } = workbench;
  const checker = new Checker(model.graph, workbench.sites(false));
  const numbers = given && new PointNumbers(model.graph, given.printed);
  const end = model.definitions.findIndex(({ quantity }) => quantity === model.loss) + 1;
  const steps = model.definitions
    .slice(0, end)
    .flatMap((definition) => definitionClaims(model, definition, numbers))
    .flatMap((claim) => checker.check(claim) ?? []);
  return { steps: withModelExplained(chained(steps), model), numbers };
}

/** The lines of a definition: of an entry, and of all of them as matrices where they are some. */
export function definitionLines(
  model: Model,
  quantity: Quantity,
): { readonly entry: Claim; readonly whole: Claim | undefined } {
  const definition = model.definitions.find((one) => one.quantity === quantity)!;
  const { entries, whole } = definitionEquations(model, definition);
  return { entry: entries[0]!, whole };
}

/** A definition as equations. */
interface Equations {
  /** Of an entry, one for each clause. */
  readonly entries: readonly Claim[];
  /** Of all entries at once, where matrices are found. */
  readonly whole?: Claim & { readonly right: { readonly kind: "matrix" } };
  /** Why it stands where no line of an entry stands before it. */
  readonly whyAlone: Sentence;
}

export function definitionEquations(model: Model, { quantity, clauses }: Definition): Equations {
  const { graph } = model;
  const { shape, role } = quantity;
  const opening =
    role === "auxiliary"
      ? said`The model has no name for this part of it; here it is called ${quantity}`
      : said`${quantity}, as the model defines it`;
  const hasLetters = clauses.some(({ letters }) => letters.length > 0);
  const why = said`${opening}${hasLetters ? ", entry by entry" : ""}.`;
  const entries = clauses.map(({ letters, indices, body }, position): Claim => ({
    rule: "definition",
    why,
    left: scalar(graph.reference(quantity, indices)),
    right: scalar(body),
    letters,
    ...(position > 0 ? { continues: true } : {}),
  }));
  const body = fullBody(shape, clauses);
  const whyAlone = said`${opening}.`;
  if (!body || shape.every((size) => size.isOne)) return { entries, whyAlone };
  const form = authoredForm(model, quantity) ?? matrixForm(graph, body, axesOf(shape));
  if (!form) return { entries, whyAlone };
  const broadcasts = form.reasons.flatMap(({ kind, why }) => (kind === "broadcast" ? [why] : []));
  const whole = {
    rule: "definition",
    why: joined([AT_ONCE, ...broadcasts]),
    left: { kind: "matrix", matrix: quantityMatrix(quantity) },
    right: { kind: "matrix", matrix: form.matrix },
    letters: [],
  } as const;
  return { entries, whole, whyAlone: joined([whyAlone, ...broadcasts]) };
}

function definitionClaims(
  model: Model,
  definition: Definition,
  numbers: PointNumbers | undefined,
): Claim[] {
  const { graph } = model;
  const { quantity, clauses } = definition;
  const { shape } = quantity;
  const left = { kind: "matrix", matrix: quantityMatrix(quantity) } as const;
  const { entries, whole } = definitionEquations(model, definition);
  const body = fullBody(shape, clauses);
  if (body && shape.every((size) => size.isOne)) {
    const entry = entries[0]!.left;
    // a number is not written again as its value
    if (body.kind === "number") return [...entries];
    return [...entries, ...scalarClaims(graph, { whole: left.matrix, entry, body }, numbers)];
  }
  if (!body || !whole) {
    const value = numbers ? arrayClaims(graph, { left, matrix: left.matrix }, numbers) : [];
    return [...entries, ...value];
  }
  const { letters } = fullAxes(shape);
  const line = { left, matrix: whole.right.matrix, entries: { expression: body, letters } };
  return [...entries, whole, ...arrayClaims(graph, line, numbers)];
}

/** The matrices of a statement as its author wrote them, where it is made of them. */
function authoredForm({ program, scope }: Model, quantity: Quantity): MatrixForm | undefined {
  const statement = program.statements.find(({ name }) => scope.get(name)?.quantity === quantity);
  const matrix = statement && authoredMatrix(quantity, statement.expression, scope);
  return matrix && { matrix, reasons: reasonsFor(matrix) };
}

/** A definition of one entry, whatever its shape. */
interface ScalarLine {
  readonly whole: MatrixExpression;
  readonly entry: Claim["left"];
  readonly body: Expression;
}

/** A scalar with its sums written out, with numbers, and its value. */
function scalarClaims(
  graph: Graph,
  { whole, entry: left, body }: ScalarLine,
  numbers: PointNumbers | undefined,
): Claim[] {
  const claims: Claim[] = [];
  const open = body.kind === "reference" ? [] : namedSums(body);
  const sizes = numbers?.environment.sizes ?? new Map<string, number>();
  const isKnown = body.kind !== "reference" && open.every((name) => sizes.has(name));
  const written = isKnown ? writtenOut(graph, body, sizes, WRITTEN) : undefined;
  if (written && written !== body) {
    const here = open.map((name) => [name, sizes.get(name)!] as const);
    claims.push({
      rule: "sums written out",
      why: said`Every sum is written term by term${here.length === 0 ? "" : said`, for ${sizesTaken(here)}`}.`,
      left,
      right: scalar(written),
      letters: [],
      ...(here.length === 0 ? {} : { isAtPoint: true }),
    });
  }
  if (!numbers) return claims;
  // under a reduction over an index there is no single number to put in
  if (written && written.kind !== "number" && written.height === 0) {
    claims.push({
      rule: "numbers",
      why: PUT_IN,
      left,
      right: { kind: "numbers", expression: written },
      letters: [],
      isAtPoint: true,
    });
  }
  claims.push({
    rule: "result",
    why: VALUE,
    left,
    right: { kind: "value", value: numbers.matrix(whole).entries[0]! },
    letters: [],
    isAtPoint: true,
  });
  return claims;
}

/** The names of the sizes along which an expression sums. */
function namedSums(root: Expression): string[] {
  const nodes = postorder([root], (one: Expression) => one.children);
  const names = nodes.flatMap((node) =>
    node.kind === "reduce" ? node.letter.size.terms.flatMap((term) => term.names) : [],
  );
  return [...new Set(names)];
}
