/**
 * How much of expressions a derivation looks through. Nodes know what stands in them, so that most of what looks
 * for something ends before it begins; whoever adds a walk to each line sees it here.
 */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Form } from "../../src/derivation/derive.js";
import type { Expression } from "../../src/expression/expression.js";
import { Graph } from "../../src/expression/graph.js";
import { transform } from "../../src/expression/rebuild.js";
import type * as walks from "../../src/expression/walk.js";
import { derive, network } from "../../src/index.js";

type Walk = typeof walks;

const visited = vi.hoisted(() => ({ walked: 0, rebuilt: 0 }));

vi.mock("../../src/expression/walk.js", async (original) => {
  const walk = await original<Walk>();
  const postorder: Walk["postorder"] = (roots, children) =>
    walk.postorder(roots, (node) => {
      visited.walked++;
      return children(node);
    });
  const references: Walk["references"] = (roots) =>
    postorder(roots, (node: Expression) => node.children).filter(
      (node) => node.kind === "reference",
    );
  return { ...walk, postorder, references };
});

beforeEach(() => {
  visited.walked = 0;
  visited.rebuilt = 0;
  const transforming = vi.spyOn(Graph.prototype, "transform");
  transforming.mockImplementation(function (this: Graph, root, replace, among) {
    const counted: typeof replace = (node) => {
      visited.rebuilt++;
      return replace(node);
    };
    return transform(this, root, counted, among);
  });
});

afterEach(() => {
  vi.restoreAllMocks();
});

/** Nodes that are visited until a derivation is printed. */
function visitedBy(sizes: readonly number[], form: Form): typeof visited {
  visited.walked = 0;
  visited.rebuilt = 0;
  const model = network({ sizes, hidden: "sigmoid" });
  derive(model, { wrt: "W1", form }).toLatex();
  return { ...visited };
}

describe("the nodes that a derivation looks through", () => {
  it.each([
    ["index", { walked: 1800, rebuilt: 320 }],
    ["matrix", { walked: 1740, rebuilt: 215 }],
  ] as const)("are few in the %s form of a small net", (form, most) => {
    const { walked, rebuilt } = visitedBy([2, 3, 2], form);
    expect(walked).toBeGreaterThan(most.walked / 2);
    expect(walked).toBeLessThanOrEqual(most.walked);
    expect(rebuilt).toBeGreaterThan(most.rebuilt / 2);
    expect(rebuilt).toBeLessThanOrEqual(most.rebuilt);
  });

  it.each(["index", "matrix"] as const)("do not depend on widths in the %s form", (form) => {
    expect(visitedBy([20, 30, 40], form)).toEqual(visitedBy([200, 300, 400], form));
  });

  it("grow with the layers, where these are too many for lines without derivatives", () => {
    const [few, some, many] = [40, 60, 80].map((layers) =>
      visitedBy(new Array<number>(layers).fill(20), "index"),
    );
    const more = (one: typeof visited, other: typeof visited): number =>
      one.walked + one.rebuilt - other.walked - other.rebuilt;
    expect(more(many!, some!)).toBeLessThan(1.1 * more(some!, few!));
  }, 60_000);
});
