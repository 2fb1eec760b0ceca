/** Numbers that may stand for sizes: where a size is the same number at all points, no answer tells it from the name. */
import type { Expression } from "../../expression/expression.js";
import type { SizeValues } from "../../expression/size.js";
import { postorder } from "../../expression/walk.js";
import type { Model } from "../../language/model.js";
import type { HiddenMistake } from "../result.js";
import { SizesSoFar } from "../../numeric/sizes-so-far.js";

/**
 * @param points where somebody who may compute anything was asked; at one point numbers are given as they are, and no
 * number stands for a name
 */
export function numbersForSizes(
  model: Model,
  points: readonly { readonly sizes: SizeValues }[],
): HiddenMistake[] {
  const [first] = points;
  if (!first || points.length < 2) return [];
  const factors = sizeFactors(model);
  return new SizesSoFar(model, points).fixed
    .filter((name) => factors.has(name))
    .map((name) => {
      const used = `${first.sizes.get(name)!}`;
      return {
        cause: "wrong-variable",
        used,
        instead: name,
        text: `the number ${used} for ${name}`,
        why: `${name} is ${used} at all points`,
      };
    });
}

/** The names of sizes that are numbers in definitions: the N of a mean, not that of a sum. */
function sizeFactors({ definitions }: Model): ReadonlySet<string> {
  const bodies = definitions.flatMap(({ clauses }) => clauses.map(({ body }) => body));
  const nodes = postorder(bodies, (one: Expression) => one.children);
  return new Set(
    nodes.flatMap((node) =>
      node.kind === "size" ? node.size.terms.flatMap(({ names }) => names) : [],
    ),
  );
}
