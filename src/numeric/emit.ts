/**
 * Definitions → JavaScript: one function for each definition, loops over flat arrays, no
 * allocation. Nothing that a model says gets into the code but whole numbers, exact constants and
 * names that are prefixed and made of letters, digits and underscores.
 */
import type { Clause, Definition } from "../expression/definition.js";
import type { Expression, ProductNode, Reduction, SumNode } from "../expression/expression.js";
import type { Index, Letter } from "../expression/indices.js";
import type { Operation } from "../expression/operations/operation.js";
import type { Quantity } from "../expression/quantity.js";
import type { SizeValues } from "../expression/size.js";
import { postorder } from "../expression/walk.js";
import { numberText } from "./numbers.js";

/** Where a quantity's entries stand: rows first, from an offset in an array with a name. */
export interface Location {
  readonly array: string;
  readonly offset: number;
}

export interface EmittedFunction {
  readonly name: string;
  /** Names of the arrays that it takes, in order. */
  readonly arrays: readonly string[];
  readonly code: string;
}

type Variables = ReadonlyMap<string, string>;

/** The JavaScript of a reduction: its start, and how an entry is taken in. */
const REDUCTIONS: Readonly<
  Record<Reduction, { start: string; take: (total: string, entry: string) => string }>
> = {
  sum: { start: "0", take: (total, entry) => `${total} += ${entry};` },
  max: { start: "-Infinity", take: (total, entry) => `${total} = Math.max(${total}, ${entry});` },
  min: { start: "Infinity", take: (total, entry) => `${total} = Math.min(${total}, ${entry});` },
  logsumexp: {
    start: "-Infinity",
    take: () => {
      throw new TypeError("logsumexp is lowered before code is emitted");
    },
  },
};

/** Longer pieces of code become constants of their own. */
const LONGEST_PIECE = 160;

export class Emitter {
  /** Operations that the code calls, by the name that it calls them. */
  readonly called = new Map<string, Operation>();
  private names = 0;

  constructor(
    private readonly sizes: SizeValues,
    private readonly locate: (quantity: Quantity) => Location,
  ) {}

  /** The function that computes one definition. */
  emit(name: string, { quantity, clauses }: Definition): EmittedFunction {
    this.names = 0;
    const arrays = new Set<string>();
    const use = (one: Quantity): Location => {
      const location = this.locate(one);
      arrays.add(location.array);
      return location;
    };
    const writer = new Writer();
    const [first] = clauses;
    const isFull = clauses.length === 1 && coversAll(quantity, first!);
    const target = use(quantity);
    if (!isFull) {
      const count = quantity.shape.reduce((n, size) => n * size.evaluate(this.sizes), 1);
      writer.line(`${target.array}.fill(0, ${target.offset}, ${target.offset + count});`);
    }
    for (const clause of clauses) this.clause(writer, clause, quantity, isFull ? "=" : "+=", use);
    const code = [`function ${name}(${[...arrays].join(", ")}) {`, ...writer.lines, "}"].join("\n");
    return { name, arrays: [...arrays], code };
  }

  private clause(
    writer: Writer,
    { letters, indices, body }: Clause,
    quantity: Quantity,
    assign: string,
    use: (quantity: Quantity) => Location,
  ): void {
    const variables = new Map<string, string>();
    for (const letter of letters) this.open(writer, letter, variables);
    const value = this.expression(writer, body, variables, use);
    writer.line(`${this.entry(quantity, indices, variables, use)} ${assign} ${value};`);
    for (let depth = letters.length; depth > 0; depth--) writer.close();
  }

  private open(writer: Writer, letter: Letter, variables: Map<string, string>): void {
    const name = `i${this.names++}`;
    variables.set(letter.key, name);
    const size = letter.size.evaluate(this.sizes);
    writer.open(`for (let ${name} = 0; ${name} < ${size}; ${name}++) {`);
  }

  /** Writes what a node needs first, and returns the code of its value. */
  private expression(
    writer: Writer,
    root: Expression,
    variables: Variables,
    use: (quantity: Quantity) => Location,
  ): string {
    const inScope = (node: Expression): readonly Expression[] =>
      node.kind === "reduce" ? [] : node.children;
    const nodes = [...postorder([root], inScope)];
    const uses = new Map<Expression, number>();
    for (const node of nodes) {
      for (const child of inScope(node))
        uses.set(child, (uses.get(child) ?? 0) + timesUsed(node, child));
    }
    const codes = new Map<Expression, string>();
    for (const node of nodes) {
      let code = this.node(writer, node, codes, variables, use);
      const isSimple = /^[\w.]+$/.test(code);
      if (!isSimple && ((uses.get(node) ?? 0) > 1 || code.length > LONGEST_PIECE)) {
        const name = `v${this.names++}`;
        writer.line(`const ${name} = ${code};`);
        code = name;
      }
      codes.set(node, code);
    }
    return codes.get(root)!;
  }

  private node(
    writer: Writer,
    node: Expression,
    codes: ReadonlyMap<Expression, string>,
    variables: Variables,
    use: (quantity: Quantity) => Location,
  ): string {
    const code = (child: Expression): string => codes.get(child)!;
    switch (node.kind) {
      case "number":
        return numberText(node.value);
      case "size":
        return `${node.size.evaluate(this.sizes)}`;
      case "constant":
        return node.name === "pi" ? "Math.PI" : "Math.E";
      case "reference":
        return this.entry(node.quantity, node.indices, variables, use);
      case "delta": {
        const [a, b] = node.indices.map((index) => this.index(index, variables));
        return `(${a!} === ${b!} ? 1 : 0)`;
      }
      case "sum":
        return sumCode(node, code);
      case "product":
        return productCode(node, code);
      case "apply": {
        const { operation } = node;
        const args = node.children.map(code);
        if (operation.code) return operation.code(...args);
        const name = `f_${operation.name}`;
        this.called.set(name, operation);
        return `${name}(${args.join(", ")})`;
      }
      case "reduce": {
        const total = `s${this.names++}`;
        const { start, take } = REDUCTIONS[node.reduction];
        writer.line(`let ${total} = ${start};`);
        const inner = new Map(variables);
        this.open(writer, node.letter, inner);
        writer.line(take(total, this.expression(writer, node.body, inner, use)));
        writer.close();
        return total;
      }
    }
  }

  private index(index: Index, variables: Variables): string {
    const terms = index.terms.map(({ letter, coefficient }) => {
      const factor = coefficient.evaluate(this.sizes);
      const name = variables.get(letter.key)!;
      return factor === 1 ? name : `${name} * ${factor}`;
    });
    const offset = index.offset.evaluate(this.sizes);
    if (offset !== 0 || terms.length === 0) terms.push(`${offset}`);
    return terms.join(" + ");
  }

  /** An entry of a quantity: its array at the row-major position. */
  private entry(
    quantity: Quantity,
    indices: readonly Index[],
    variables: Variables,
    use: (quantity: Quantity) => Location,
  ): string {
    const { array, offset } = use(quantity);
    let stride = 1;
    let constant = offset;
    const factors = new Map<string, number>();
    for (let axis = indices.length - 1; axis >= 0; axis--) {
      const index = indices[axis]!;
      constant += index.offset.evaluate(this.sizes) * stride;
      for (const { letter, coefficient } of index.terms) {
        const name = variables.get(letter.key)!;
        factors.set(name, (factors.get(name) ?? 0) + coefficient.evaluate(this.sizes) * stride);
      }
      stride *= quantity.shape[axis]!.evaluate(this.sizes);
    }
    const terms = [...factors]
      .reverse()
      .map(([name, factor]) => (factor === 1 ? name : `${name} * ${factor}`));
    if (constant !== 0 || terms.length === 0) terms.push(`${constant}`);
    return `${array}[${terms.join(" + ")}]`;
  }
}

/** Whether a clause reaches every entry of a quantity exactly once. */
function coversAll(quantity: Quantity, { indices, letters }: Clause): boolean {
  const along = new Set<string>();
  for (const [axis, size] of quantity.shape.entries()) {
    if (size.isOne) continue;
    const letter = indices[axis]!.plain;
    if (!letter?.size.equals(size)) return false;
    along.add(letter.key);
  }
  return along.size === letters.length;
}

/** Lines with their indentation. */
class Writer {
  readonly lines: string[] = [];
  private depth = 1;

  line(text: string): void {
    this.lines.push("  ".repeat(this.depth) + text);
  }

  open(text: string): void {
    this.line(text);
    this.depth++;
  }

  close(): void {
    this.depth--;
    this.line("}");
  }
}

/** How often the code of a node repeats an operand's code. */
function timesUsed(node: Expression, child: Expression): number {
  if (node.kind === "product") {
    const factor = node.factors.find(({ base }) => base === child);
    return Math.abs(factor?.exponent ?? 1);
  }
  // a row's code may name an operand several times
  return node.kind === "apply" ? 2 : 1;
}

function sumCode(node: SumNode, code: (child: Expression) => string): string {
  let text = "";
  const append = (negative: boolean, piece: string): void => {
    if (text === "") text = negative ? `-${piece}` : piece;
    else text += negative ? ` - ${piece}` : ` + ${piece}`;
  };
  // (u − m) − log s: what is shifted is shifted first, and the shifts have the smaller ids
  const ordered = [...node.terms].sort(
    (a, b) => Number(a.coefficient.s < 0n) - Number(b.coefficient.s < 0n),
  );
  if (node.constant.n !== 0n) append(node.constant.s < 0n, numberText(node.constant.abs()));
  for (const { coefficient, term } of ordered) {
    const magnitude = coefficient.abs();
    const piece = magnitude.equals(1) ? code(term) : `${numberText(magnitude)} * ${code(term)}`;
    append(coefficient.s < 0n, piece);
  }
  return `(${text})`;
}

/** Powers up to this are written as products. */
const WRITTEN_OUT = 3;

function productCode(node: ProductNode, code: (child: Expression) => string): string {
  const over: string[] = [];
  const under: string[] = [];
  const magnitude = node.coefficient.abs();
  if (!magnitude.equals(1)) over.push(numberText(magnitude));
  for (const { base, exponent } of node.factors) {
    const times = Math.abs(exponent);
    const side = exponent > 0 ? over : under;
    if (times <= WRITTEN_OUT) side.push(...Array<string>(times).fill(code(base)));
    else side.push(`Math.pow(${code(base)}, ${times})`);
  }
  const numerator = over.length > 0 ? over.join(" * ") : "1";
  const divided =
    under.length === 0
      ? numerator
      : `${numerator} / ${under.length === 1 ? under[0]! : `(${under.join(" * ")})`}`;
  return node.coefficient.s < 0n ? `(-(${divided}))` : `(${divided})`;
}
