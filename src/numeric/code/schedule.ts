/** Graphs of scalars → statements in order: which values get names, and which stand where they are used. */
import type { Operation } from "../../expression/operations/operation.js";
import { postorder } from "../../expression/walk.js";
import { applierName } from "../wasm/applier.js";
import { type Application, type Applications, applications, APPLIED } from "./applications.js";
import type { Scalar, Stage } from "./scalar.js";
import { atom, type ScalarCode, scalarText } from "./scalar-text.js";
import type { Store, Unrolled } from "./unroll.js";
import { countUses, guardedNodes, reachable, rootsOf } from "./uses.js";

export interface Statement {
  /** The value that the statement gives a name to. */
  readonly defines?: Scalar;
  readonly text: string;
  /** Named values that stand in it. */
  readonly uses: readonly Scalar[];
  readonly arrays: readonly string[];
  readonly operations: number;
  readonly stage: Stage;
  /** What it computes an entry of, in words, where it is the first of them. */
  readonly note?: string;
}

/** Longer pieces of code become constants of their own. */
const LONGEST_PIECE = 400;

/** An entry of an array that is used more often becomes one too: registers are scarcer than reads. */
const MOST_READS = 2;

export class Scheduler {
  /** Operations that the code calls, by the name that it calls them. */
  readonly called = new Map<string, Operation>();
  private readonly codes = new Map<Scalar, ScalarCode>();
  private readonly statements: Statement[] = [];
  private readonly applied: Applications;
  /** Values that stand in an array, have a name, and that no statement has used yet. */
  private readonly waiting = new Map<Scalar, Statement>();
  /** What has been said of the code of each stage. */
  private readonly notes = new Set<string>();
  private readonly uses: ReadonlyMap<Scalar, number>;
  /** In the order in which they are computed. */
  private readonly nodes: readonly Scalar[];
  /** What is computed only where a mask is 1. */
  private readonly guarded: ReadonlySet<Scalar>;

  /** @param mayPair whether WebAssembly may be called */
  constructor(
    private readonly unrolled: Unrolled,
    mayPair: boolean,
  ) {
    const { byMember } = (this.applied = applications(reachable(rootsOf(unrolled)), mayPair));
    this.uses = countUses(unrolled);
    const operandsOf = (node: Scalar): readonly Scalar[] =>
      byMember.get(node)?.members.flatMap(({ operands }) => operands) ?? node.operands;
    this.nodes = postorder(rootsOf(unrolled), operandsOf);
    this.guarded = guardedNodes(this.nodes, this.uses, (node) => byMember.has(node));
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
    return this.unrolled.names.get(value)?.name ?? `t$${value.id}`;
  }

  /** The last statement returns the loss. */
  run(): readonly Statement[] {
    const { stores, loss, loop } = this.unrolled;
    const targets = new Map<Scalar, Omit<Store, "value">[]>();
    for (const { value, ...target } of stores) {
      targets.set(value, [...(targets.get(value) ?? []), target]);
    }
    const last: Stage = loop ? "after" : "before";
    for (const node of this.nodes) {
      this.schedule(node);
      for (const { array, index, note } of targets.get(node) ?? []) {
        const code = this.codes.get(node)!;
        const text = `${array}[${index}] = ${code.text};`;
        this.push({ ...code, text, arrays: [...code.arrays, array], stage: last, note });
      }
    }
    const code = this.codes.get(loss)!;
    this.push({ ...code, text: `return ${code.text};`, stage: last });
    return this.statements;
  }

  private isNamed(node: Scalar, { text }: ScalarCode): boolean {
    const uses = this.uses.get(node)!;
    if (node.kind === "number") return false;
    if (node.kind === "load" && !this.unrolled.loop) return uses > MOST_READS;
    return uses > 1 || (text.length > LONGEST_PIECE && !this.guarded.has(node));
  }

  private schedule(node: Scalar): void {
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
    if (!this.isNamed(node, code)) {
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
      if (load) this.statements.push(this.noted(load));
      this.waiting.delete(value);
    }
    this.statements.push(this.noted(statement));
  }

  /** The first statement of each quantity says what it is. */
  private noted({ note: given, ...statement }: Statement): Statement {
    const { defines, stage } = statement;
    const note = given ?? (defines && this.unrolled.names.get(defines)?.note);
    if (note === undefined || this.notes.has(`${stage} ${note}`)) return statement;
    this.notes.add(`${stage} ${note}`);
    return { ...statement, note };
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
    const note = this.unrolled.names.get(node)?.note;
    const noted = note === undefined ? {} : { note };
    this.push({ ...atom(name), text: `let ${name} = 0;`, stage: "before", ...noted });
    this.push({ ...term, text: `${name} += ${term.text};`, stage: "inside", ...noted });
  }

  private code(node: Exclude<Scalar, { kind: "total" }>): ScalarCode {
    const isMoving = node.kind === "load" && node.stage === "inside";
    const stride = isMoving ? this.unrolled.loop?.strides.get(node.array) : undefined;
    return scalarText(node, (operand) => this.codes.get(operand)!, stride, this.called);
  }
}
