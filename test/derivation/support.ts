/** Derivations with their checkers, and claims that are wrong on purpose. */
import { Fraction } from "fraction.js";
import { expect } from "vitest";
import { Checker, DerivationError } from "../../src/derivation/checker.js";
import { deriveSteps, type Form } from "../../src/derivation/derive.js";
import type { Claim, Side, Step } from "../../src/derivation/step.js";
import { Workbench } from "../../src/derivation/workbench.js";
import type { Expression } from "../../src/expression/expression.js";
import type { Graph } from "../../src/expression/graph.js";
import { sum } from "../../src/forms/matrix/build.js";
import type { MatrixExpression } from "../../src/forms/matrix/expression.js";
import { parseModel } from "../../src/language/model.js";
import type { Point } from "../../src/language/point.js";

/** The steps of a derivation and the checker that they went through. */
export function setUp(text: string, wrt: string, form: Form, at?: Point) {
  const model = parseModel(text);
  const bench = new Workbench(model, at);
  const { steps } = deriveSteps(bench, { wrt, form });
  const route = bench.route(model.scope.get(wrt.split("[")[0]!)!.quantity!);
  const isWrittenOut = form === "paths" || form === "scalar";
  // what was found before is left out, so that every claim is evaluated
  const { checked: _, ...sites } = bench.sites(isWrittenOut);
  const checker = new Checker(model.graph, sites, { inlined: (one) => route.inlined(one) });
  return { model, graph: model.graph, steps, checker };
}

export function claimOf({ check: _, continues: __, ...claim }: Step): Claim {
  return claim;
}

export function expectRefused(
  checker: Checker,
  claim: Claim,
  ...pieces: (string | RegExp)[]
): void {
  expect(() => checker.check(claim)).toThrow(DerivationError);
  for (const piece of [claim.rule, ...pieces]) expect(() => checker.check(claim)).toThrow(piece);
}

export function expressionOf(side: Side): Expression {
  if (side.kind !== "scalar" && side.kind !== "numbers") throw new Error(side.kind);
  return side.expression;
}

export function matrixOf(side: Side): MatrixExpression {
  if (side.kind !== "matrix") throw new Error(side.kind);
  return side.matrix;
}

/** The claim with its right side times 1 + 10⁻⁷; undefined for 0. */
export function slightlyOff(graph: Graph, claim: Claim): Claim | undefined {
  const { right } = claim;
  if (right.kind === "scalar") {
    const expression = graph.multiply(graph.number("1.0000001"), right.expression);
    return expression === right.expression
      ? undefined
      : { ...claim, right: { kind: "scalar", expression } };
  }
  if (right.kind === "entries") {
    // only the last entry that is not 0
    const position = right.entries.findLastIndex((one) => one !== graph.zero);
    const wrong = graph.multiply(graph.number("1.0000001"), right.entries[position]!);
    return { ...claim, right: { ...right, entries: right.entries.with(position, wrong) } };
  }
  if (right.kind === "cases") {
    const pieces = right.pieces.map(({ condition, expression }) => ({
      condition,
      expression: graph.add(expression, graph.number("0.0000001")),
    }));
    return { ...claim, right: { ...right, pieces } };
  }
  const term = right.kind === "entry" ? right.matrix : matrixOf(right);
  const matrix = sum([{ coefficient: new Fraction("1.0000001"), term }]);
  const off: Side = right.kind === "entry" ? { ...right, matrix } : { kind: "matrix", matrix };
  return { ...claim, right: off };
}
