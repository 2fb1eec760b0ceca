/** Graphs of scalars → statements in order: which values get names, and which stand where they are used. */
import type { Operation } from "../../expression/operations/operation.js";
import { postorder } from "../../expression/walk.js";
import { applierName } from "../wasm/applier.js";
import { type Application, type Applications, applications, APPLIED } from "./applications.js";
import type { Scalar, Stage } from "./scalar.js";
import { atom, type ScalarCode, scalarText } from "./scalar-text.js";
import type { Unrolled } from "./unroll.js";

export interface Statement {
  /** The value that the statement gives a name to. */
  readonly defines?: Scalar;
  readonly text: string;
  /** Named values that stand in it. */
  readonly uses: readonly Scalar[];
  readonly arrays: readonly string[];
  readonly operations: number;
  readonly stage: Stage;
}

/** Longer pieces of code become constants of their own. */
const LONGEST_PIECE = 400;

/**
 * The operations that a graph takes: each node once, those inside a loop in every round.
 * @param costly how many operations a transcendental function counts for
 */
export function operationsOf({ stores, loss, loop }: Unrolled, costly = 1): number {
  let count = 0;
  for (const node of reachable([loss, ...stores.map(({ value }) => value)])) {
    const { kind, stage } = node;
    if (kind === "number" || kind === "load" || kind === "negate") continue;
    const rounds = stage === "inside" || kind === "total" ? (loop?.length ?? 1) : 1;
    count += rounds * (node.kind === "apply" && node.operation.costly ? costly : 1);
  }
  return count;
}

/** What the roots need, operands first and right before what needs them: few values live at a time. */
function reachable(roots: readonly Scalar[]): readonly Scalar[] {
  return postorder(roots, ({ operands }) => operands);
}

export class Scheduler {
  /** Operations that the code calls, by the name that it calls them. */
  readonly called = new Map<string, Operation>();
  private readonly codes = new Map<Scalar, ScalarCode>();
  private readonly statements: Statement[] = [];
  private readonly applied: Applications;
  /** Values that stand in an array, have a name, and that no statement has used yet. */
  private readonly waiting = new Map<Scalar, Statement>();

  /** @param mayPair whether WebAssembly may be called */
  constructor(
    private readonly unrolled: Unrolled,
    mayPair: boolean,
  ) {
    this.applied = applications(reachable(this.roots()), mayPair);
  }

  /** Length of the array in which functions are applied. */
  get appliedCount(): number {
    return this.applied.length;
  }

  /** The operations that are applied in WebAssembly. */
  get paired(): readonly Operation[] {
    const paired = [...this.applied.byMember.values()].filter(({ isPaired }) => isPaired);
    return [...new Set(paired.map(({ operation }) => operation))];
  }

  nameOf(value: Scalar): string {
    if (value.kind === "load") return `${value.array}$${value.index}`;
    return this.unrolled.names.get(value) ?? `t$${value.id}`;
  }

  /** The last statement returns the loss. */
  run(): readonly Statement[] {
    const { stores, loss, loop } = this.unrolled;
    const operandsOf = (node: Scalar): readonly Scalar[] =>
      this.applied.byMember.get(node)?.members.flatMap(({ operands }) => operands) ?? node.operands;
    const nodes = postorder(this.roots(), operandsOf);
    const uses = this.countUses(nodes);
    const targets = new Map<Scalar, { array: string; index: number }[]>();
    for (const { value, ...target } of stores) {
      targets.set(value, [...(targets.get(value) ?? []), target]);
    }
    const last: Stage = loop ? "after" : "before";
    for (const node of nodes) {
      this.schedule(node, uses.get(node) ?? 0);
      for (const { array, index } of targets.get(node) ?? []) {
        const code = this.codes.get(node)!;
        this.push({
          ...code,
          text: `${array}[${index}] = ${code.text};`,
          arrays: [...code.arrays, array],
          stage: last,
        });
      }
    }
    const code = this.codes.get(loss)!;
    this.push({ ...code, text: `return ${code.text};`, stage: last });
    return this.statements;
  }

  private roots(): readonly Scalar[] {
    const { stores, loss } = this.unrolled;
    return [loss, ...stores.map(({ value }) => value)];
  }

  /** How often each value stands in the code; values that cross into another stage count as often used. */
  private countUses(nodes: readonly Scalar[]): Map<Scalar, number> {
    const { stores, loss, loop } = this.unrolled;
    const uses = new Map<Scalar, number>([[loss, 1]]);
    const add = (value: Scalar, times: number): void => {
      uses.set(value, (uses.get(value) ?? 0) + times);
    };
    for (const node of nodes) {
      for (const operand of node.operands) {
        const crosses = loop && operand.stage !== node.stage && node.kind !== "total";
        // a row's code may name an operand several times
        add(operand, crosses ? Infinity : node.kind === "apply" ? 2 : 1);
      }
    }
    for (const { value } of stores) add(value, loop && value.stage !== "after" ? Infinity : 1);
    return uses;
  }

  private schedule(node: Scalar, uses: number): void {
    if (node.kind === "total") {
      this.total(node);
      return;
    }
    const application = this.applied.byMember.get(node);
    if (application) {
      if (!this.codes.has(node)) this.apply(application);
      return;
    }
    const code = this.code(node);
    const isNamed = node.kind !== "number" && (uses > 1 || code.text.length > LONGEST_PIECE);
    if (!isNamed) {
      this.codes.set(node, code);
      return;
    }
    const name = this.nameOf(node);
    const text = `const ${name} = ${code.text};`;
    this.codes.set(node, atom(name, [node]));
    const statement = { ...code, defines: node, text, stage: node.stage };
    if (node.kind === "load") this.waiting.set(node, statement);
    else this.push(statement);
  }

  /** Loads stand right before their first use, so that few values fill the registers at a time. */
  private push(statement: Statement): void {
    for (const value of statement.uses) {
      const load = this.waiting.get(value);
      if (load) this.statements.push(load);
      this.waiting.delete(value);
    }
    this.statements.push(statement);
  }

  /** Operands into the array, what is done to it, and values from it where they are used first. */
  private apply(application: Application): void {
    const { stage, members, from, run } = application;
    const entry = { uses: [], arrays: [APPLIED], operations: 0, stage };
    for (const [k, { operands }] of members.entries()) {
      for (const [position, operand] of operands.entries()) {
        const code = this.codes.get(operand)!;
        const arrays = [...code.arrays, APPLIED];
        const text = `${APPLIED}[${from + position * run + k}] = ${code.text};`;
        this.push({ ...code, text, arrays, stage });
      }
    }
    this.push({ ...entry, text: this.call(application), operations: members.length });
    for (const [k, member] of members.entries()) {
      const value = this.nameOf(member);
      this.codes.set(member, atom(value, [member]));
      const read = `const ${value} = ${APPLIED}[${from + k}];`;
      this.waiting.set(member, { ...entry, defines: member, text: read });
    }
  }

  private call({ operation, members, from, run, isPaired }: Application): string {
    if (isPaired) return `${applierName(operation)}(${from}, ${run});`;
    const name = `f_${operation.name}`;
    this.called.set(name, operation);
    const head = `for (let k = ${from}; k < ${from + members.length}; k++)`;
    return `${head} ${APPLIED}[k] = ${name}(${APPLIED}[k]);`;
  }

  /** A running total: set to 0 before the loop, added to inside it. */
  private total(node: Scalar): void {
    const name = this.nameOf(node);
    const term = this.codes.get(node.operands[0]!)!;
    this.codes.set(node, atom(name));
    this.push({ ...atom(name), text: `let ${name} = 0;`, stage: "before" });
    this.push({ ...term, text: `${name} += ${term.text};`, stage: "inside" });
  }

  private code(node: Exclude<Scalar, { kind: "total" }>): ScalarCode {
    const isMoving = node.kind === "load" && node.stage === "inside";
    const stride = isMoving ? this.unrolled.loop?.strides.get(node.array) : undefined;
    return scalarText(node, (operand) => this.codes.get(operand)!, stride, this.called);
  }
}
