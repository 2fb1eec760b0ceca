import { parseModel } from "chainrule";
import { describe, expect, it } from "vitest";
import type { Expression } from "../../src/expression/expression.js";
import { Backward, type Change } from "../../src/check/pass/backward.js";
import { composed } from "../../src/check/pass/composed.js";

describe("two changes of one line", () => {
  // dL/dx = 1 - L^2
  const backward = Backward.of(parseModel("x = param()\nL = tanh(x)"));
  const { graph } = backward;
  const [line] = backward.edges;
  const body = backward.withNames(line!.clause.body);
  const square = graph.subtract(graph.one, body);
  const changed = (other: Expression): Change => ({
    removed: new Set([line!]),
    added: [{ ...line!, clause: { ...line!.clause, body: other } }],
  });
  const both = (a: Expression, b: Expression) =>
    composed(backward, changed(a), changed(b))?.added.map(({ clause }) => clause.body);

  it("are made together in terms of their own", () => {
    const more = graph.add(body, graph.one);
    const less = graph.subtract(body, square);
    expect(both(more, less)).toEqual([graph.subtract(graph.add(more, less), body)]);
  });

  it("are not added up in one term, nor in the constant", () => {
    const [two, three] = [1, 2].map((k) => graph.add(body, graph.number(k)));
    expect(both(two!, three!)).toBeUndefined();
    const [twice, thrice] = [1, 2].map((k) =>
      graph.subtract(body, graph.multiply(graph.number(k), square)),
    );
    expect(both(twice!, thrice!)).toBeUndefined();
  });
});
