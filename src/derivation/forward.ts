/** The forward pass: every definition entry by entry, as matrices, and with the point's numbers. */
import { type Definition, fullAxes, fullBody } from "../expression/definition.js";
import type { Quantity } from "../expression/quantity.js";
import { quantityMatrix } from "../forms/matrix/build.js";
import { matrixForm } from "../forms/matrix/convert.js";
import { Checker } from "./checker.js";
import { type Claim, scalar, type Step } from "./step.js";
import type { Environment, Workbench } from "./workbench.js";

/** Arrays with more columns or entries than this are not written out. */
const MOST_COLUMNS = 10;
const MOST_ENTRIES = 40;

/** The definitions up to the loss, in order. */
export function forwardSteps(workbench: Workbench): Step[] {
  const { model, at } = workbench;
  const checker = new Checker(model.graph, workbench.environments(false));
  const point = at === undefined ? undefined : checker.last;
  const end = model.definitions.findIndex(({ quantity }) => quantity === model.loss) + 1;
  return model.definitions
    .slice(0, end)
    .flatMap((definition) => definitionClaims(workbench, definition, point))
    .flatMap((claim) => checker.check(claim) ?? []);
}

function definitionClaims(
  { model }: Workbench,
  { quantity, clauses }: Definition,
  point: Environment | undefined,
): Claim[] {
  const { graph } = model;
  const { name, shape } = quantity;
  const claims: Claim[] = clauses.map(({ letters, indices, body }) => ({
    rule: "definition",
    why: `${name}, as the model defines it${letters.length > 0 ? ", entry by entry" : ""}.`,
    left: scalar(graph.reference(quantity, indices)),
    right: scalar(body),
    letters,
  }));
  const body = fullBody(shape, clauses);
  const axes = fullAxes(shape).indices;
  const form = body && matrixForm(graph, body, { row: axes[0]?.plain, column: axes[1]?.plain });
  if (form && shape.some((size) => !size.isOne)) {
    claims.push({
      rule: "definition",
      why: "The same for all entries at once.",
      left: { kind: "matrix", matrix: quantityMatrix(quantity) },
      right: { kind: "matrix", matrix: form.matrix },
      letters: [],
    });
  }
  const numbers = point && arrayClaim(quantity, point);
  return numbers ? [...claims, numbers] : claims;
}

/** The value at the point, where it is small enough to be written. */
function arrayClaim(quantity: Quantity, { sizes, entries }: Environment): Claim | undefined {
  const values = entries.get(quantity)!;
  const [rows = 1, columns = 1] = quantity.shape.map((size) => size.evaluate(sizes));
  if (columns > MOST_COLUMNS || values.length > MOST_ENTRIES) return undefined;
  const [only] = values;
  return {
    rule: "numbers",
    why: "The value at the point.",
    left: { kind: "matrix", matrix: quantityMatrix(quantity) },
    right:
      values.length === 1
        ? { kind: "value", value: only! }
        : { kind: "array", rows, columns, entries: values },
    letters: [],
    isRounded: true,
  };
}
