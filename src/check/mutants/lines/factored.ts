/** Factors of one line of the backward pass: left out, taken twice, outside of their brackets. */
import type { Expression } from "../../../expression/expression.js";
import { references } from "../../../expression/walk.js";
import type { Backward, Edge } from "../../pass/backward.js";
import { modelText } from "../../explanations/words.js";
import type { Fault } from "../../explanations/hypothesis.js";
import type { Cause } from "../../result.js";
import { alongAxes, factorText, lineText } from "./line-text.js";
import { faultAt, instead, type Mutant } from "../mutant.js";

/** A factor left out, or taken twice. */
export function* factored(
  backward: Backward,
  edge: Edge,
  body: Expression,
  withRare: boolean,
): Generator<Mutant> {
  if (body.kind !== "product") return;
  const { graph } = backward;
  const all = body.factors.map(({ base, exponent }) => graph.integerPower(base, exponent));
  const kept = new Set(edge.clause.indices.flatMap(({ letters }) => letters.map(({ key }) => key)));
  for (const [position, factor] of all.entries()) {
    const base = body.factors[position]!.base;
    if (base.kind === "reference" && base.quantity.role === "adjoint") continue;
    const rest = graph.multiply(graph.number(body.coefficient), ...all.toSpliced(position, 1));
    if (references([base]).length === 0) {
      yield constantLeftOut(backward, edge, body, factor, rest);
      continue;
    }
    const multiply = (): string =>
      `multiply by ${factorText(backward, edge.to, alongAxes(backward, edge, factor) ?? factor)}`;
    const fault = (cause: Cause, what: string, repair: () => string, computed: Expression): Fault =>
      faultAt(edge.to, cause, () => {
        const text = modelText(factor);
        return {
          factor: text,
          what: () =>
            scalesWhole(backward, edge, factor)
              ? `the right gradient with the factor ${text} ${what}: ${repair()}`
              : inPlace(backward, edge, body, computed, `the factor ${text} is ${what}`),
        };
      });
    const isScale = factor.free.length === 0;
    const free = new Set(rest.free.map(({ key }) => key));
    const lost = factor.free.filter(({ key }) => !free.has(key));
    const keepsShape = lost.length === 0;
    if (keepsShape) {
      yield {
        fault: fault("missing-factor", "left out", multiply, rest),
        cost: isScale ? 1.8 : 1.9,
        change: () => instead(edge, rest),
      };
    }
    if (!keepsShape && lost.every(({ key }) => kept.has(key))) {
      const what = "left out, which makes entries equal that should differ";
      yield {
        fault: fault("missing-factor", what, multiply, rest),
        cost: 2,
        change: () => instead(edge, rest),
      };
    }
    if (!withRare) continue;
    const twice = graph.multiply(body, factor);
    yield {
      fault: fault("extra-factor", "taken twice", () => "take it once", twice),
      cost: 2.1,
      change: () => instead(edge, twice),
    };
  }
}

/** A factor such as 1/N or 1/√3 that is left out: the gradient is N or √3 times too large. */
function constantLeftOut(
  backward: Backward,
  edge: Edge,
  body: Expression,
  constant: Expression,
  rest: Expression,
): Mutant {
  return {
    fault: faultAt(edge.to, "constant-factor", () => {
      const inverse = backward.graph.integerPower(constant, -1);
      const factor = modelText(constant);
      return {
        factor: modelText(inverse).replace(/^1 \.\/ /, "1/"),
        what: () =>
          scalesWhole(backward, edge, constant)
            ? `the right gradient with the factor ${factor} left out: multiply by ${factor}`
            : inPlace(backward, edge, body, rest, `the factor ${factor} is left out`),
      };
    }),
    cost: 1.6,
    change: () => instead(edge, rest),
  };
}

/** Whether a factor of a line is one of the whole derivative, entry by entry. */
function scalesWhole(backward: Backward, edge: Edge, factor: Expression): boolean {
  const [only, ...others] = backward.into(edge.to);
  const kept = new Set(edge.clause.indices.flatMap(({ plain }) => plain?.key ?? []));
  return only === edge && others.length === 0 && factor.free.every(({ key }) => kept.has(key));
}

/** A line as it was computed, and as it should be: which of several terms it is, and where in it. */
function inPlace(
  backward: Backward,
  edge: Edge,
  body: Expression,
  computed: Expression,
  what: string,
): string {
  const [used, right] = [computed, body].map((one) =>
    lineText(backward, { ...edge, clause: { ...edge.clause, body: one } }),
  );
  return `computed with ${used!} where ${right!} belongs: ${what}`;
}

/** p·(q + r) written as p·q + r or q + p·r. */
export function* unbracketed(backward: Backward, edge: Edge, body: Expression): Generator<Mutant> {
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
        fault: faultAt(edge.to, "missing-factor", () => ({
          factor: modelText(rest),
          what: `computed without brackets around ${modelText(base)}: only ${modelText(summand)} is multiplied by the other factors`,
        })),
        cost: 2.2,
        change: () => instead(edge, graph.add(graph.multiply(rest, summand), others)),
      };
    }
  }
}
