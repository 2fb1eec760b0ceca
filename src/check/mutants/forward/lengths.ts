/** The length of another axis in a constant: sqrt(4) for sqrt(3), as where scores are divided by the wrong width. */
import type { Definition } from "../../../expression/definition.js";
import type { Expression } from "../../../expression/expression.js";
import { squareRoot } from "../../../expression/operations/smooth.js";
import type { Size } from "../../../expression/size.js";
import { postorder } from "../../../expression/walk.js";
import type { Model } from "../../../language/model.js";
import { modelText } from "../../explanations/words.js";
import type { Backward } from "../../pass/backward.js";
import type { Kind } from "../family.js";
import { inPlaceOf } from "../forward-fault.js";
import type { Mutant } from "../mutant.js";
import { rewritten } from "../rewritten.js";
import { inPasses } from "./in-passes.js";

const COST = 2.1;
/** Of more lengths the first are tried. */
const MOST_LENGTHS = 6;

export const OTHER_LENGTHS: Kind<Definition> = {
  least: COST,
  make: ({ backward }, definition) => otherLengths(backward, definition),
};

function* otherLengths(backward: Backward, definition: Definition): Generator<Mutant> {
  const { graph, model } = backward;
  const bodies = definition.clauses.map(({ body }) => body);
  for (const node of postorder(bodies, (one: Expression) => one.children)) {
    if (node.kind !== "apply" || node.operation !== squareRoot || !isLength(node.children[0]!)) {
      continue;
    }
    for (const size of lengthsIn(model)) {
      const result = graph.apply(squareRoot, graph.size(size));
      if (result === node) continue;
      const other = rewritten(graph, definition, (one) => (one === node ? result : undefined));
      yield* inPasses(backward, definition, other, {
        cause: "wrong-variable",
        tell: () => inPlaceOf(`sqrt(${size.toString()})`, modelText(node)),
        cost: COST,
      });
    }
  }
}

function isLength({ kind }: Expression): boolean {
  return kind === "number" || kind === "size";
}

/** The lengths of axes, each once. */
function lengthsIn({ params, inputs, targets, definitions }: Model): Size[] {
  const quantities = [...params, ...inputs, ...targets, ...definitions.map((one) => one.quantity)];
  const sizes = quantities.flatMap(({ shape }) => shape.filter((size) => !size.isOne));
  return [...new Map(sizes.map((size) => [size.key, size])).values()].slice(0, MOST_LENGTHS);
}
