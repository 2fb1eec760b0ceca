/** The Jacobian form: local Jacobians by vec(…) with ⊗, I and diag, and their product. */
import { hasLogistic } from "../calculus/logistic.js";
import { lettersAlong } from "../calculus/partial.js";
import type { Letter } from "../expression/indices.js";
import type { Quantity } from "../expression/quantity.js";
import { isZero } from "../expression/predicates.js";
import { entryCount, type SizeValues } from "../expression/size.js";
import { references } from "../expression/walk.js";
import { type JacobianForm, jacobianForm } from "../forms/jacobian/convert.js";
import { product, quantityMatrix, sum, transpose, vec, zeros } from "../forms/matrix/build.js";
import type { MatrixExpression, VecOrder } from "../forms/matrix/expression.js";
import { withSharedFronts } from "../forms/matrix/fronts.js";
import { ONE } from "../forms/matrix/node.js";
import { putInto } from "../forms/matrix/substitute.js";
import type { Partial, Route, RouteAdjoint } from "../forms/route.js";
import { joined, said, type Sentence } from "../language/sentence.js";
import { WaysBetween } from "./between.js";
import { logisticSentence } from "./functions.js";
import { meanSentences } from "./means.js";
import { entryOfWhole } from "./asked-entry.js";
import { chainSentence, conventions, rowSentences, shapeSentence } from "./jacobian-sentences.js";
import { closingSteps } from "./closing.js";
import { adjointSteps, LONGEST_CLOSED, type Recursion } from "./recursion.js";
import { type Claim, type Rule, withoutRepeats } from "./step.js";
import type { Target } from "./target.js";
import { type DerivedEntries, type Valuation, valuesOf } from "./valuation.js";

/** Columns of a matrix one after the other, as most books have it. */
const ORDER: VecOrder = "columns";
/** Jacobians of more entries than this are not formed to be checked, so they are not printed. */
const MOST_ENTRIES = 20_000;
const HEAVIEST_CLOSED = 160;

export interface JacobianSteps {
  readonly steps: Claim[];
  /** Entries of the quantities that stand for Jacobians, rows first. */
  readonly entriesOf: DerivedEntries;
}

/** Local Jacobians from the loss back, the chain rule with them, and the whole product. */
export function jacobianSteps(
  recursion: Recursion,
  target: Target,
  notes: Sentence[],
): JacobianSteps {
  const { route, loss } = recursion;
  const { graph } = route.model;
  const symbols = new Map<Quantity, Partial>();
  /** The direct parts of the derivative of the loss. */
  const direct = new Map<Quantity, Partial>();
  const closed = new Map<Quantity, MatrixExpression>();
  /** Local Jacobians by the names of their quantities. */
  const forms = new Map<string, MatrixExpression>();
  const rows = new Map(route.adjoints.map((one) => [one.of, rowOf(one)]));
  const ways = new WaysBetween(route);
  const told = new Set<string>();
  const once = (sentences: readonly Sentence[]): Sentence[] =>
    sentences.filter(({ text }) => !told.has(text) && told.add(text));
  const explanations = ({ reasons }: JacobianForm): Sentence[] =>
    reasons.flatMap(({ kind, why }) => (kind === "kronecker" ? once([why]) : [why]));
  /** ∂h/∂vec W of a layer h = f(z): through its pre-activation z, which only h uses, as only z uses W. */
  const throughClaims = (inner: Partial): Claim[] => {
    if (inner.of.role !== "parameter" || inner.numerator === loss) return [];
    const [user, ...others] = route.adjoint(inner.numerator).users;
    const isOnly = others.length === 0 && route.adjoint(inner.of).users.length === 1;
    if (!user || !isOnly || user === loss || !isFunctionOf(route, user, inner.numerator)) return [];
    const outer = route.partialOf(user, inner.numerator)!;
    const matrices = [outer, inner].map((one) => forms.get(jacobianQuantity(one).name));
    const [first, second] = matrices;
    const whole = through(route, outer, inner);
    // what is 1 everywhere adds nothing
    if (first?.kind !== "diag" || !second || !isSmall(whole)) return [];
    const symbol = jacobianQuantity(whole);
    symbols.set(symbol, whole);
    const why = said`${user} depends on ${inner.of} through ${inner.numerator}: the two Jacobians are multiplied. ${shapeSentence(whole)}`;
    return [equation("local Jacobian", why, quantityMatrix(symbol), product(first, second))];
  };
  /** ∂⁺L/∂v as a row, written as that of ∂L/∂v is. */
  const directRow = (partial: Partial): MatrixExpression => {
    const quantity: Quantity = { ...partial.quantity, shape: partial.of.shape };
    direct.set(quantity, partial);
    return asRow(quantity);
  };
  const adjointClaims = (adjoint: RouteAdjoint): Claim[] => {
    const { of, users } = adjoint;
    if (users.length === 0) return [];
    const row = rows.get(of)!;
    const isDirect = users.every((user) => user === loss);
    const claims: Claim[] = [];
    const terms: MatrixExpression[] = [];
    const whole: (MatrixExpression | undefined)[] = [];
    /** Users whose local Jacobians are not 0. */
    const acting: Quantity[] = [];
    for (const user of users) {
      const partial = route.partialOf(user, of)!;
      const form = isSmall(partial) ? jacobianForm(graph, partial, ORDER) : undefined;
      if (!form) {
        const reason = isSmall(partial)
          ? "no formula of products, Kronecker products and diagonal matrices was found for its Jacobian"
          : "its Jacobian is too large to be checked";
        notes.push(
          said`The derivative of ${user} with respect to ${of} is written with indices: ${reason}.`,
        );
        return [...claims, ...adjointSteps(recursion, adjoint)];
      }
      const symbol = jacobianQuantity(partial);
      symbols.set(symbol, partial);
      // the derivative of the loss is a row here, and written so from the first line on
      const left = isDirect ? row : user === loss ? directRow(partial) : quantityMatrix(symbol);
      const why = [
        shapeSentence(partial),
        ...(user === loss ? [] : ways.sentences(partial, users)),
        ...once(conventions(partial)),
        ...(user === loss ? once(rowSentences(left, loss)) : []),
        ...explanations(form),
        ...meanSentences(route, [user], of, partial.expression),
      ];
      const quotient = isOne(partial) ? quotientForm(route, partial) : undefined;
      if (quotient) claims.push(equation("local Jacobian", joined(why), left, quotient));
      const reason = quotient ? logisticSentence(route.model) : joined(why);
      claims.push(equation("local Jacobian", reason, left, form.matrix));
      const { expression, reasons } = route.shortened(partial.expression);
      if (isZero(expression)) {
        const nothing = zeros(left.rows, left.columns);
        if (reasons.length > 0) {
          claims.push(equation("known sum", joined(reasons), left, nothing));
        }
        continue;
      }
      acting.push(user);
      forms.set(symbol.name, form.matrix);
      claims.push(...throughClaims(partial));
      const isLoss = user === loss;
      terms.push(isLoss ? form.matrix : product(rows.get(user)!, form.matrix));
      const above = closed.get(user);
      whole.push(isLoss ? form.matrix : above && product(above, form.matrix));
    }
    const addedUp = (parts: readonly MatrixExpression[]): MatrixExpression =>
      parts.length > 0 ? added(parts) : zeros(row.rows, row.columns);
    const known = whole.filter((one) => one !== undefined);
    if (known.length === acting.length) {
      const total = known.length > 0 ? putIntoAll(terms, known) : addedUp([]);
      if (total.weight <= HEAVIEST_CLOSED) closed.set(of, total);
    }
    if (!isDirect) {
      const chain = joined([chainSentence(route, acting, of), ...once(rowSentences(row, loss))]);
      claims.push(equation("chain rule", chain, row, addedUp(terms)));
    }
    return claims;
  };
  const steps = route.adjoints.flatMap(adjointClaims);
  const of = target.quantity;
  const total = closed.get(of);
  if (total) {
    const why = said`All local Jacobians multiplied; the gradient has the shape of ${of} and its entries are those of this row.`;
    steps.push(equation("product of Jacobians", why, rows.get(of)!, withSharedFronts(total)));
  }
  const expression = total && target.entry && route.closed(of, LONGEST_CLOSED)?.expression;
  if (expression) {
    steps.push(...entryOfWhole(recursion, target, { kind: "row", expression }));
  } else if (!total || target.entry) {
    if (steps.length === 0) steps.push(...adjointSteps(recursion, route.adjoint(of)));
    steps.push(...closingSteps(recursion, target, steps));
  }
  const entriesOf: JacobianSteps["entriesOf"] = (quantity, at) => {
    const partial = symbols.get(quantity);
    if (partial) return denseJacobian(route, partial, at);
    const part = direct.get(quantity);
    return part && entriesInRows(route, part, at);
  };
  return { steps: withoutRepeats(steps), entriesOf };
}

function equation(
  rule: Rule,
  why: Sentence,
  left: MatrixExpression,
  right: MatrixExpression,
): Claim {
  return {
    rule,
    why,
    left: { kind: "matrix", matrix: left },
    right: { kind: "matrix", matrix: right },
    letters: [],
  };
}

/** ∂L/∂v as a row: vec(∂L/∂v)ᵀ. */
function rowOf({ quantity }: RouteAdjoint): MatrixExpression {
  return asRow(quantity);
}

function asRow(quantity: Quantity): MatrixExpression {
  return transpose(vec(quantityMatrix(quantity), ORDER));
}

function added(terms: readonly MatrixExpression[]): MatrixExpression {
  return sum(terms.map((term) => ({ coefficient: ONE, term })));
}

/** Terms and what they are when the derivatives found above are put in, in the order of these terms. */
function putIntoAll(
  before: readonly MatrixExpression[],
  after: readonly MatrixExpression[],
): MatrixExpression {
  return sum(before.map((term, k) => putInto({ coefficient: ONE, term }, after[k]!)));
}

/** Whether a quantity is defined by another one alone. */
function isFunctionOf({ model }: Route, quantity: Quantity, of: Quantity): boolean {
  const clauses = model.definitions.find((one) => one.quantity === quantity)?.clauses ?? [];
  return references(clauses.map(({ body }) => body)).every((one) => one.quantity === of);
}

/** ∂u/∂w where u depends on w through v: Σ_v ∂u/∂v ∂v/∂w. */
function through(route: Route, outer: Partial, inner: Partial): Partial {
  const { graph } = route.model;
  const [p, v, q] = [
    lettersAlong("p", outer.numerator.shape),
    lettersAlong("v", inner.numerator.shape),
    lettersAlong("q", inner.of.shape),
  ];
  const product = graph.multiply(
    route.partialAt(outer.quantity, [...p.indices, ...v.indices]),
    route.partialAt(inner.quantity, [...v.indices, ...q.indices]),
  );
  const { numerator } = outer;
  const { of } = inner;
  return {
    quantity: {
      name: `d${numerator.name}_d${of.name}`,
      role: "partial",
      shape: [...numerator.shape, ...of.shape],
      numerator,
      of,
    },
    numerator,
    of,
    expression: graph.sumOver(v.letters, product),
    inOwnTerms: undefined,
    opened: undefined,
    sloped: undefined,
    pinned: new Map(),
    outer: p.letters,
  };
}

/** A Jacobian before a quotient of exponentials in it is written as a σ. */
function quotientForm({ model }: Route, partial: Partial): MatrixExpression | undefined {
  const { graph } = model;
  const { opened } = partial;
  if (!opened || !hasLogistic(graph, opened)) return undefined;
  return jacobianForm(graph, { ...partial, expression: opened }, ORDER)?.matrix;
}

function isOne({ numerator, of }: Partial): boolean {
  return [numerator, of].every(({ shape }) => shape.every((size) => size.isOne));
}

function isSmall({ numerator, of }: Partial): boolean {
  const entries = entryCount(numerator.shape).times(entryCount(of.shape)).constant;
  return entries === undefined || entries <= MOST_ENTRIES;
}

function jacobianQuantity({ numerator, of, quantity }: Partial): Quantity {
  return {
    ...(quantity.isDirect === true ? { isDirect: true } : {}),
    name: `J_${numerator.name}_${of.name}`,
    role: "jacobian",
    shape: [entryCount(numerator.shape), entryCount(of.shape)],
    numerator,
    of,
  };
}

/** ∂u/∂v entry by entry, rows first. */
function entriesInRows<Value>(
  route: Route,
  partial: Partial,
  at: Valuation<Value>,
): readonly Value[] {
  const { numerator, of, expression } = partial;
  const [p, q] = [lettersAlong("p", numerator.shape), lettersAlong("q", of.shape)];
  return valuesOf(route.model.graph, at, expression, [...p.letters, ...q.letters]);
}

/** The same in the order of vec. */
function denseJacobian<Value>(route: Route, partial: Partial, at: Valuation<Value>): Value[] {
  const values = entriesInRows(route, partial, at);
  const rows = vecOrder(lettersAlong("p", partial.numerator.shape).letters, at.sizes);
  const columns = vecOrder(lettersAlong("q", partial.of.shape).letters, at.sizes);
  return rows.flatMap((row) => columns.map((column) => values[row * columns.length + column]!));
}

/** Positions rows first, in the order in which vec lists the entries. */
function vecOrder(letters: readonly Letter[], sizes: SizeValues): number[] {
  const lengths = letters.map(({ size }) => size.evaluate(sizes));
  if (lengths.length < 2) return Array.from({ length: lengths[0] ?? 1 }, (_, index) => index);
  const [rows, columns] = lengths as [number, number];
  return Array.from({ length: columns }, (_, column) =>
    Array.from({ length: rows }, (__, row) => row * columns + column),
  ).flat();
}
