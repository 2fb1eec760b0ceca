/** Single scalars → JavaScript, with no more brackets than the order of rounding needs. */
import type { Operation } from "../../expression/operations/operation.js";
import type { Scalar } from "./scalar.js";

/** A piece of code, and what stands in it. */
export interface ScalarCode {
  readonly text: string;
  readonly binding: "sum" | "product" | "atom";
  /** Named values. */
  readonly uses: readonly Scalar[];
  readonly arrays: readonly string[];
  readonly operations: number;
}

/** A value that has a name, or a number. */
export function atom(text: string, uses: readonly Scalar[] = []): ScalarCode {
  return { text, binding: "atom", uses, arrays: [], operations: 0 };
}

const LOOSEST = { sum: 0, product: 1, atom: 2 } as const;

function within({ text, binding }: ScalarCode, least: ScalarCode["binding"]): string {
  return LOOSEST[binding] < LOOSEST[least] ? `(${text})` : text;
}

/** The variable of the loop over examples. */
export const EXAMPLE = "n";

/**
 * @param codeOf the code of an operand
 * @param stride by how much a load moves on in each round of the loop
 * @param called takes the operations that the code calls
 */
export function scalarText(
  node: Exclude<Scalar, { kind: "total" }>,
  codeOf: (operand: Scalar) => ScalarCode,
  stride: number | undefined,
  called: Map<string, Operation>,
): ScalarCode {
  const codes = node.operands.map(codeOf);
  const made = (text: string, binding: ScalarCode["binding"]): ScalarCode => ({
    text,
    binding,
    uses: codes.flatMap(({ uses }) => uses),
    arrays: codes.flatMap(({ arrays }) => arrays),
    operations: codes.reduce((total, { operations }) => total + operations, 1),
  });
  const [a, b] = codes as [ScalarCode, ScalarCode];
  switch (node.kind) {
    case "number":
      return atom(
        node.value < 0 || Object.is(node.value, -0) ? `(${signed(node.value)})` : `${node.value}`,
      );
    case "load": {
      const text = `${node.array}[${position(node.index, stride)}]`;
      return { ...atom(text), arrays: [node.array] };
    }
    case "add":
      return made(`${a.text} + ${within(b, "product")}`, "sum");
    case "subtract":
      return made(`${a.text} - ${within(b, "product")}`, "sum");
    case "multiply":
      return made(`${within(a, "product")} * ${within(b, "atom")}`, "product");
    case "divide":
      return made(`${within(a, "product")} / ${within(b, "atom")}`, "product");
    case "negate":
      return made(`(-${within(a, "atom")})`, "atom");
    case "max":
    case "min":
      return made(`Math.${node.kind}(${a.text}, ${b.text})`, "atom");
    case "select":
      return made(`(${a.text} > 0 ? ${b.text} : ${a.text})`, "atom");
    case "apply": {
      const { operation } = node;
      const args = codes.map((code) => within(code, "atom"));
      if (operation.code && !operation.fast) return made(operation.code(...args), "atom");
      const name = `f_${operation.name}`;
      called.set(name, operation);
      return made(`${name}(${args.join(", ")})`, "atom");
    }
  }
}

function signed(value: number): string {
  return Object.is(value, -0) ? "-0" : `${value}`;
}

function position(index: number, stride: number | undefined): string {
  if (stride === undefined) return `${index}`;
  const moving = stride === 1 ? EXAMPLE : `${EXAMPLE} * ${stride}`;
  return index === 0 ? moving : `${moving} + ${index}`;
}
