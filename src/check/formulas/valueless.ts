/** Why a statement has no value at some of the points that decide. */
import { postorder } from "../../expression/walk.js";
import { printSyntax } from "../../language/print.js";
import { parts, type Syntax } from "../../language/syntax.js";
import { diagnosisOf, type Fault } from "../explanations/hypothesis.js";
import type { Diagnosis } from "../result.js";
import type { Line } from "./lines.js";
import type { Script } from "./script.js";
import type { Site } from "./site.js";

const UNKNOWN: Fault = {
  cause: "unknown",
  say: (claim) => `${claim} is wrong; no known mistake explains it`,
};

/** What is told of a wrong statement; where that is no cause, why it has no value, if it has none. */
export function withCause(
  told: readonly Diagnosis[],
  line: Line,
  script: Script,
  sites: readonly Site[],
): readonly Diagnosis[] {
  if (told.some(({ cause }) => cause !== "unknown")) return told;
  const fault = withoutValue(line, script, sites);
  if (!fault && told.length > 0) return told;
  return [diagnosisOf(fault ?? UNKNOWN, line.formula.name)];
}

/** The first part of a wrong statement that is no number where what it is made of is; undefined where all are. */
function withoutValue(
  { formula, scope, corrected }: Line,
  script: Script,
  sites: readonly Site[],
): Fault | undefined {
  if (corrected.kind !== "valued") return undefined;
  const at = sites.find((site) => !areFinite(corrected.values.get(site)!.numbers));
  if (!at) return undefined;
  const valueOf = (node: Syntax): Float64Array | undefined => {
    const reading = script.attempt(formula.name, node, scope);
    return reading && at.evaluate(reading).numbers;
  };
  const { expression } = formula.statement;
  const node = [...postorder<Syntax>([expression], parts)].find((one) => {
    const numbers = valueOf(one);
    return numbers !== undefined && !areFinite(numbers);
  });
  const whole = node ?? expression;
  const operands = parts(whole).filter(({ kind }) => kind !== "number");
  const [operand] = operands;
  const number = operands.length === 1 ? valueOf(operand!) : undefined;
  const where =
    number?.length === 1 ? `, where ${printSyntax(operand!)} is ${number[0]!.toPrecision(3)}` : "";
  return {
    cause: "unknown",
    say: (claim) =>
      `${claim} has no value at one of the points${where}: ${printSyntax(whole)} is no finite number there`,
  };
}

function areFinite(numbers: Float64Array): boolean {
  return numbers.every(Number.isFinite);
}
