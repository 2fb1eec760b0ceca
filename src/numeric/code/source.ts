/**
 * Generated code as a whole: arrays, functions in the order in which they are called, and `run`.
 *
 * The arrays are constants beside the functions, and every function takes them into constants of its
 * own: V8 then knows where they lie and how long they are, and checks no index in the loops. (The
 * product of a 128×784 matrix and a vector takes 0.32 ns for each entry so, 0.65 otherwise.)
 */
import type { Operation } from "../../expression/operations/operation.js";
import { OUT, THETA } from "./layout.js";

/** A function of the code. */
export interface Block {
  readonly name: string;
  /** What it computes, in a line. */
  readonly note: string;
  /** Names of the arrays that it uses. */
  readonly arrays: readonly string[];
  /** The lines of its body. */
  readonly lines: readonly string[];
  /** Whether it returns the loss. */
  readonly returnsLoss?: boolean;
}

export interface Source {
  /** Lengths of the arrays that the code owns. */
  readonly arrays: ReadonlyMap<string, number>;
  /** Whether theta is copied into an array of the code's own: worth it where it is read twice. */
  readonly ownsTheta: boolean;
  readonly blocks: readonly Block[];
  /** Operations that the code calls, by the name that it calls them. */
  readonly called: ReadonlyMap<string, Operation>;
  /** Where the loss stands, where no block returns it. */
  readonly loss: string;
  readonly parameterCount: number;
  /** The arrays of inputs and targets, in order of declaration: what `bind` is given. */
  readonly data: readonly string[];
}

/** The constant that holds an array: no name of a model has the sign. */
export function constantName(array: string): string {
  return `${array}$`;
}

/** The code: array constants, functions, `run(theta, out)`, which returns the loss. */
export function sourceLines(source: Source): string[] {
  const { arrays, ownsTheta, blocks, parameterCount } = source;
  const lengths = new Map(arrays);
  if (ownsTheta) lengths.set(THETA, parameterCount);
  const given = ownsTheta ? [OUT] : [THETA, OUT];
  const lines = [...lengths].map(
    ([name, length]) => `const ${constantName(name)} = new Float64Array(${length});`,
  );
  for (const block of blocks) {
    const taken = given.filter((name) => block.arrays.includes(name));
    const own = block.arrays.filter((name) => !given.includes(name));
    lines.push("", `// ${block.note}`, `function ${block.name}(${taken.join(", ")}) {`);
    lines.push(...own.map((name) => `  const ${name} = ${constantName(name)};`));
    lines.push(...block.lines, "}");
  }
  lines.push("", "// everything in order; returns the loss", `function run(${THETA}, ${OUT}) {`);
  if (ownsTheta) lines.push(`  ${constantName(THETA)}.set(${THETA});`);
  for (const { name, arrays: used, returnsLoss } of blocks) {
    const call = `${name}(${given.filter((one) => used.includes(one)).join(", ")});`;
    lines.push(returnsLoss ? `  const loss = ${call}` : `  ${call}`);
  }
  const isReturned = blocks.some(({ returnsLoss }) => returnsLoss);
  lines.push(`  return ${isReturned ? "loss" : source.loss};`, "}");
  return lines;
}

/**
 * A function of data that returns the gradient as a function of theta and out: data are the entries of inputs and targets. The arrays belong to whoever was called
 * last; nothing else is kept from one call to the next.
 */
export function bindLines({ data, parameterCount }: Source, name: string): string[] {
  return [
    "// whose data the arrays hold",
    "let held;",
    "",
    "// fixes inputs and targets",
    `function ${name}(data) {`,
    `  return function gradient(${THETA}, ${OUT}) {`,
    `    if (${THETA}.length !== ${parameterCount} || ${OUT}.length !== ${parameterCount}) refuse(${THETA}, ${OUT});`,
    "    if (held !== data) {",
    ...data.map((name, position) => `      ${constantName(name)}.set(data[${position}]);`),
    "      held = data;",
    "    }",
    `    return run(${THETA}, ${OUT});`,
    "  };",
    "}",
    "",
    `function refuse(${THETA}, ${OUT}) {`,
    `  const found = \`they have \${${THETA}.length} and \${${OUT}.length}\`;`,
    `  throw new RangeError(\`theta and out need ${parameterCount} numbers each; \${found}\`);`,
    "}",
  ];
}

type Run = (theta: Float64Array, out: Float64Array) => number;

export interface Linked {
  readonly run: Run;
  readonly arrays: ReadonlyMap<string, Float64Array>;
}

/** Makes the code run, with its arrays to be read and written. */
export function link(source: Source): Linked {
  const names = [...source.arrays.keys()];
  const result = `[run, ${names.map(constantName).join(", ")}]`;
  const [run, ...arrays] = evaluate(source, sourceLines(source), result) as [
    Run,
    ...Float64Array[],
  ];
  return { run, arrays: new Map(names.map((name, position) => [name, arrays[position]!])) };
}

/** Makes the code run on data that are fixed. */
export function linkBind(source: Source): (data: readonly Float64Array[]) => Run {
  const lines = [...sourceLines(source), "", ...bindLines(source, "bind")];
  return evaluate(source, lines, "bind") as (data: readonly Float64Array[]) => Run;
}

function evaluate({ called }: Source, lines: readonly string[], result: string): unknown {
  const code = ['"use strict";', ...lines, `return ${result};`].join("\n");
  // The code is made of our own templates, numbers and prefixed names.
  // eslint-disable-next-line @typescript-eslint/no-implied-eval
  const make = new Function(...called.keys(), code) as (...values: unknown[]) => unknown;
  return make(...[...called.values()].map(({ value }) => value));
}
