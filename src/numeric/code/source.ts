/**
 * Generated code as a whole: arrays, functions in the order in which they are called, and `run`.
 *
 * The arrays are constants beside the functions, and every function takes them into constants of its
 * own: V8 then knows where they lie and how long they are, and checks no index in the loops. (The
 * product of a 128×784 matrix and a vector takes 0.32 ns for each entry so, 0.65 otherwise.)
 */
import type { Operation } from "../../expression/operations/operation.js";
import type { Memory } from "../wasm/host.js";
import { OUT, THETA } from "./layout.js";
import type { Placement } from "./placement.js";

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
  /** Whether it is all that a call does: it then stands in the function that `bind` returns, a call less. */
  readonly isWhole?: boolean;
  /** Whether it depends on the data alone: it runs when they change. */
  readonly isFixed?: boolean;
}

/** A memory that functions in WebAssembly share with the code. */
export interface SharedMemory {
  /** The arrays of the code that stand in it. */
  readonly placement: Placement;
  /** The memory and the functions, by the names that the code calls them. */
  readonly open: () => {
    readonly memory: Memory;
    readonly functions: Readonly<Record<string, unknown>>;
  };
}

export interface Source {
  /**
   * Lengths of the arrays that the code owns. If theta or out is among them, every call copies them
   * in or out.
   */
  readonly arrays: ReadonlyMap<string, number>;
  /** The memory in which arrays stand, and functions that work in it, if there are such. */
  readonly memory?: SharedMemory;
  readonly blocks: readonly Block[];
  /** Operations that the code calls, by the name that it calls them; the fast ones stand in it. */
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

/** The fast functions that the code calls, with all that they need, each once. */
function fastFunctions({ called }: Source): string[] {
  return [...new Set([...called.values()].flatMap(({ fast = [] }) => fast))];
}

/** V8 moves arrays of up to 64 bytes with its heap. */
const DOUBLES = [
  "// an array whose address does not change",
  "function doubles(count) {",
  "  return new Float64Array(new ArrayBuffer(8 * count));",
  "}",
];

/**
 * The code: fast functions, array constants, functions, `run(theta, out)`, which returns the loss. Of a block
 * that is all that a call does there is neither: it stands in `bindLines`.
 */
export function sourceLines(source: Source): string[] {
  const { arrays, blocks } = source;
  const lines = fastFunctions(source).flatMap((text) => [text, ""]);
  lines.push(...DOUBLES, "");
  for (const [name, length] of arrays) {
    lines.push(`const ${constantName(name)} = ${madeArray(source, name, length)};`);
  }
  if (blocks.some(({ isWhole }) => isWhole)) return lines;
  for (const block of blocks) {
    lines.push("", `// ${block.note}`, `function ${block.name}(${taken(source, block)}) {`);
    lines.push(...bodyOf(source, block), "}");
  }
  return [...lines, "", ...runLines(source)];
}

/** An array by itself or in the memory that functions share. */
function madeArray({ memory }: Source, name: string, length: number): string {
  if (!memory?.placement.has(name)) return `doubles(${length})`;
  return `new Float64Array(memory.buffer, ${memory.placement.addressOf(name)}, ${length})`;
}

/** Which of theta and out are given, and not owned. */
function given({ arrays }: Source): string[] {
  return [THETA, OUT].filter((name) => !arrays.has(name));
}

/** What a block takes as its parameters. */
function taken(source: Source, block: Block): string {
  return given(source)
    .filter((name) => block.arrays.includes(name))
    .join(", ");
}

function bodyOf(source: Source, { arrays, lines }: Block): string[] {
  const own = arrays.filter((name) => !given(source).includes(name));
  return [...own.map((name) => `  const ${name} = ${constantName(name)};`), ...lines];
}

function runLines(source: Source): string[] {
  const { arrays, blocks, loss } = source;
  const lines = ["// everything in order; returns the loss", `function run(${THETA}, ${OUT}) {`];
  if (arrays.has(THETA)) lines.push(`  ${constantName(THETA)}.set(${THETA});`);
  for (const block of blocks) {
    if (block.isFixed) continue;
    const call = `${block.name}(${taken(source, block)});`;
    lines.push(block.returnsLoss ? `  const loss = ${call}` : `  ${call}`);
  }
  if (arrays.has(OUT)) lines.push(`  ${OUT}.set(${constantName(OUT)});`);
  const isReturned = blocks.some(({ returnsLoss }) => returnsLoss);
  lines.push(`  return ${isReturned ? "loss" : loss};`, "}");
  return lines;
}

/**
 * A function of data that returns the gradient as a function of theta and out: data are the entries of inputs
 * and targets. The arrays belong to whoever was called last; nothing else is kept from one call to the next.
 */
export function bindLines(source: Source, name: string): string[] {
  const { data, blocks, parameterCount } = source;
  const whole = blocks.find(({ isWhole }) => isWhole);
  const computed = whole ? bodyOf(source, whole) : [`  return run(${THETA}, ${OUT});`];
  return [
    "// whose data the arrays hold",
    "let held;",
    "",
    "// fixes inputs and targets",
    `function ${name}(data) {`,
    ...(whole ? [`  // ${whole.note}`] : []),
    `  return function gradient(${THETA}, ${OUT}) {`,
    `    if (${THETA}.length !== ${parameterCount} || ${OUT}.length !== ${parameterCount} || ${THETA} === ${OUT}) refuse(${THETA}, ${OUT});`,
    "    if (held !== data) {",
    ...data.map((name, position) => `      ${constantName(name)}.set(data[${position}]);`),
    ...blocks.filter(({ isFixed }) => isFixed).map((block) => `      ${block.name}();`),
    "      held = data;",
    "    }",
    ...computed.map((line) => `  ${line}`),
    "  };",
    "}",
    "",
    `function refuse(${THETA}, ${OUT}) {`,
    `  const found = ${THETA} === ${OUT} ? "they are one array" : \`they have \${${THETA}.length} and \${${OUT}.length}\`;`,
    `  throw new RangeError(\`theta and out need ${parameterCount} numbers each; \${found}\`);`,
    "}",
  ];
}

type Run = (theta: Float64Array, out: Float64Array) => number;
/** Computes one definition. */
export type Step = (theta: Float64Array, out: Float64Array) => void;

export interface Linked {
  readonly run: Run;
  readonly arrays: ReadonlyMap<string, Float64Array>;
}

/** Makes the code run, with its arrays to be read and written. */
export function link(source: Source): Linked {
  const { main, arrays } = linkWithArrays(source, "run");
  return { run: main as Run, arrays };
}

/** The same with functions that can be called one by one, in the order of the blocks. */
export function linkSteps(source: Source): {
  readonly steps: readonly Step[];
  readonly arrays: Linked["arrays"];
} {
  const calls = source.blocks.map((block) => `${block.name}(${taken(source, block)})`);
  const steps = calls.map((call) => `(${THETA}, ${OUT}) => ${call}`);
  const { main, arrays } = linkWithArrays(source, `[${steps.join(", ")}]`);
  return { steps: main as readonly Step[], arrays };
}

function linkWithArrays(source: Source, result: string) {
  const names = [...source.arrays.keys()];
  const all = `[${[result, ...names.map(constantName)].join(", ")}]`;
  const [main, ...arrays] = evaluate(source, sourceLines(source), all) as [
    unknown,
    ...Float64Array[],
  ];
  return { main, arrays: new Map(names.map((name, position) => [name, arrays[position]!])) };
}

/** Makes the code run on data that are fixed. */
export function linkBind(source: Source): (data: readonly Float64Array[]) => Run {
  const lines = [...sourceLines(source), "", ...bindLines(source, "bind")];
  return evaluate(source, lines, "bind") as (data: readonly Float64Array[]) => Run;
}

function evaluate({ called, memory }: Source, lines: readonly string[], result: string): unknown {
  const operations = [...called].filter(([, { fast }]) => !fast);
  const given = new Map<string, unknown>(operations.map(([name, { value }]) => [name, value]));
  const code = ['"use strict";', ...lines, `return ${result};`].join("\n");
  if (memory) {
    const opened = memory.open();
    given.set("memory", opened.memory);
    for (const [name, linked] of Object.entries(opened.functions)) given.set(name, linked);
  }
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- made of our own templates, numbers and prefixed names
  const make = new Function(...given.keys(), code) as (...values: unknown[]) => unknown;
  return make(...given.values());
}
