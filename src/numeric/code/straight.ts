/**
 * Graphs of scalars → straight-line JavaScript: values in constants, each computed once. A long run
 * is cut into functions, with what one hands to another in an array: V8 stops optimising a function
 * of more than about 60 KB of bytecode, and takes long before.
 */
import type { Operation } from "../../expression/operations/operation.js";
import { applier } from "../wasm/applier.js";
import { APPLIED } from "./applications.js";
import { Placement } from "./placement.js";
import { Scheduler, type Statement } from "./schedule.js";
import type { Stage } from "./scalar.js";
import { EXAMPLE } from "./scalar-text.js";
import type { Block, SharedMemory } from "./source.js";
import type { Unrolled } from "./unroll.js";
import { Writer } from "./writer.js";

export interface StraightCode {
  readonly blocks: readonly Block[];
  readonly called: ReadonlyMap<string, Operation>;
  /** Lengths of the arrays that it works in, by name. */
  readonly arrays: ReadonlyMap<string, number>;
  /** Where functions are applied, if they are in WebAssembly. */
  readonly memory?: SharedMemory;
}

/** The array by which functions hand on values: names of quantities have a prefix. */
const HANDED_ON = "shared";

/** Operations in a function: about 15 KB of bytecode. */
const LONGEST_FUNCTION = 600;

/**
 * @param note what the code computes, in a line
 * @param mayPair whether it may call WebAssembly
 */
export function straight(unrolled: Unrolled, note: string, mayPair: boolean): StraightCode {
  const scheduler = new Scheduler(unrolled, mayPair);
  const statements = scheduler.run();
  const { called, appliedCount, paired } = scheduler;
  const applied = new Map(appliedCount > 0 ? [[APPLIED, appliedCount]] : []);
  const memory = { placement: new Placement(applied), open: () => applier(paired) };
  const shared = paired.length > 0 ? { memory } : {};
  const { loop } = unrolled;
  if (!loop) {
    const { blocks, handedOn } = cut(statements, scheduler, note);
    const arrays = new Map([...applied, ...(handedOn > 0 ? [[HANDED_ON, handedOn] as const] : [])]);
    return { blocks, called, arrays, ...shared };
  }
  const writer = new Writer();
  const write = (stage: Stage): void => {
    for (const one of statements) if (one.stage === stage) writeStatement(writer, one);
  };
  write("before");
  writer.open(`for (let ${EXAMPLE} = 0; ${EXAMPLE} < ${loop.length}; ${EXAMPLE}++) {`);
  write("inside");
  writer.close();
  write("after");
  const blocks = [block("compute", note, statements, writer.lines, true)];
  return { blocks, called, arrays: applied, ...shared };
}

function writeStatement(writer: Writer, { note, text }: Statement): void {
  if (note !== undefined) writer.line(`// ${note}`);
  writer.line(text);
}

function block(
  name: string,
  note: string,
  statements: readonly Statement[],
  lines: readonly string[],
  returnsLoss: boolean,
): Block {
  const arrays = [...new Set(statements.flatMap((one) => one.arrays))];
  return { name, note, arrays, lines, returnsLoss };
}

/** Functions of bounded length, and how many values they hand on. */
function cut(
  statements: readonly Statement[],
  scheduler: Scheduler,
  note: string,
): { readonly blocks: readonly Block[]; readonly handedOn: number } {
  const parts: Statement[][] = [[]];
  let length = 0;
  for (const statement of statements) {
    if (length > LONGEST_FUNCTION) {
      parts.push([]);
      length = 0;
    }
    parts.at(-1)!.push(statement);
    length += statement.operations + 1;
  }
  const home = new Map(
    parts.flatMap((part, at) => part.flatMap(({ defines }) => (defines ? [[defines, at]] : []))),
  );
  const places = new Map<string, number>();
  for (const [at, part] of parts.entries()) {
    for (const value of part.flatMap(({ uses }) => uses)) {
      const isForeign = home.get(value) !== at && value.kind !== "load";
      if (isForeign && !places.has(scheduler.nameOf(value))) {
        places.set(scheduler.nameOf(value), places.size);
      }
    }
  }
  const blocks = parts.map((part, at) => {
    const writer = new Writer();
    const named = new Set<string>();
    const extra: Statement[] = [];
    for (const statement of part) {
      for (const value of statement.uses) {
        const name = scheduler.nameOf(value);
        if (home.get(value) === at || named.has(name)) continue;
        named.add(name);
        const fetched =
          value.kind === "load"
            ? entryOf(value.array, value.index)
            : entryOf(HANDED_ON, places.get(name)!);
        extra.push(fetched);
        writer.line(`const ${name} = ${fetched.text};`);
      }
      writeStatement(writer, statement);
      const place = statement.defines && places.get(scheduler.nameOf(statement.defines));
      if (place === undefined) continue;
      extra.push(entryOf(HANDED_ON, place));
      writer.line(`${HANDED_ON}[${place}] = ${scheduler.nameOf(statement.defines!)};`);
    }
    const isLast = at === parts.length - 1;
    const isWhole = parts.length === 1;
    const name = isWhole ? "compute" : `compute${at + 1}`;
    const label = isWhole ? note : `${note}, part ${at + 1} of ${parts.length}`;
    return { ...block(name, label, [...part, ...extra], writer.lines, isLast), isWhole };
  });
  return { blocks, handedOn: places.size };
}

/** An entry of an array, as if it were a statement. */
function entryOf(array: string, index: number): Statement {
  return { text: `${array}[${index}]`, uses: [], arrays: [array], operations: 0, stage: "before" };
}
