/** The gradient step of a notebook: the new parameters, and the loss there, as its text says them. */
import type { PassageData } from "../../derivation/passage.js";
import type { Step } from "../../derivation/step.js";
import type { Definition } from "../../expression/definition.js";
import type { Quantity } from "../../expression/quantity.js";
import type { Model } from "../../language/model.js";
import type { ModelCode } from "./model-code.js";

/** Python for numbers of the shape of a quantity. */
export type ArrayCode = (quantity: Quantity, values: readonly number[]) => string;

/**
 * @param data the checked lines of the step
 * @throws UntranslatableError
 */
export function gradientStepCode(
  { definitions, loss, params }: Model,
  { steps }: PassageData,
  code: ModelCode,
  array: ArrayCode,
): string[] {
  const moved = movedParameters(params, steps);
  const names = moved.map((one) => code.name(one));
  const [rate] = steps.flatMap((step) => (step.rule === "rate of the step" ? valueOf(step) : []));
  const losses = steps.filter(({ rule }) => rule === "loss after the step");
  const before = losses.filter(({ moment }) => moment === "before").flatMap(valueOf);
  const after = losses.filter(({ moment }) => moment === "after").flatMap(valueOf);
  const moves = moved.flatMap((one) => {
    const name = code.name(one);
    const result = steps.findLast((step) => isOf(one, step) && numbersOf(step) !== undefined);
    const numbers = result && numbersOf(result);
    return [
      `${next(name)} = ${name} - step_rate * d_${name}`,
      ...(numbers ? [`same(${next(name)}, ${array(one, numbers)})`] : []),
    ];
  });
  const call = `loss_at(${names.map(next).join(", ")})`;
  const name = code.name(loss);
  return [
    "# one step against the derivatives",
    "",
    "",
    `def loss_at(${names.join(", ")}):`,
    '    """The forward pass at other parameters."""',
    ...statements(definitions, loss, code).map((line) => `    ${line}`),
    `    return ${name}`,
    "",
    "",
    `step_rate = ${rate}`,
    ...moves,
    "# the loss before the step, and after it",
    ...before.map((value) => `same(${name}, ${array(loss, [value])})`),
    ...after.map((value) => `same(${call}, ${array(loss, [value])})`),
  ];
}

/** The parameters that move. */
export function movedParameters(
  params: readonly Quantity[],
  steps: readonly Step[],
): readonly Quantity[] {
  return params.filter((one) =>
    steps.some((step) => step.rule === "gradient step" && isOf(one, step)),
  );
}

/** The definitions up to the loss. */
function statements(definitions: readonly Definition[], loss: Quantity, code: ModelCode): string[] {
  const end = definitions.findIndex(({ quantity }) => quantity === loss) + 1;
  return definitions.slice(0, end).flatMap((one) => code.definition(one));
}

/** A model's own names do not begin so. */
function next(name: string): string {
  return `new_${name}`;
}

/** Whether a line is of a whole parameter; after the step it is a quantity of its own with this name. */
function isOf({ name }: Quantity, { left }: Step): boolean {
  if (left.kind === "matrix") {
    return left.matrix.kind === "quantity" && left.matrix.quantity.name === name;
  }
  return (
    left.kind === "scalar" &&
    left.expression.kind === "reference" &&
    left.expression.quantity.name === name
  );
}

function valueOf({ right }: Step): number[] {
  return right.kind === "value" ? [right.value.value] : [];
}

/** The numbers on the right side, rows first. */
function numbersOf({ right }: Step): readonly number[] | undefined {
  if (right.kind === "value") return [right.value.value];
  return right.kind === "array" ? right.entries.map(({ value }) => value) : undefined;
}
