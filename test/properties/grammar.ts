/**
 * Random models as text, from a grammar over everything that the surface names. Every expression is
 * made for a shape that is asked for; sizes are whole numbers or the named size N.
 */
import { type Random, random } from "../../src/numeric/prng.js";

type Dim = number | "N";
type Dims = readonly Dim[];

export interface RandomModel {
  readonly text: string;
  readonly sizes: Readonly<Record<string, number>>;
}

/** Functions that are smooth or kinked but defined everywhere, and do not grow. */
const ANYWHERE = [
  "sigmoid",
  "tanh",
  "softplus",
  "relu",
  "leakyrelu",
  "elu",
  "silu",
  "gelu",
  "erf",
  "sin",
  "cos",
  "abs",
  "square",
  "sign",
  "step",
] as const;

/** A positive expression of an expression. */
const POSITIVE = [
  (e: string) => `(0.5 + square(${e}))`,
  (e: string) => `(0.25 + abs(${e}))`,
  (e: string) => `(softplus(${e}) + 0.1)`,
  (e: string) => `exp(tanh(${e}))`,
  (e: string) => `(1.5 + sin(${e}))`,
  (e: string) => `sigmoid(${e})`,
] as const;

const COMPARISONS = ["<", "<=", ">", ">=", "==", "!="] as const;

/** A model of a seed; more statements make it larger. */
export function randomModel(seed: number, statements: number): RandomModel {
  return new Author(random(seed)).write(statements);
}

const same = (a: Dims, b: Dims): boolean => a.length === b.length && a.every((d, k) => d === b[k]);

class Author {
  private readonly declared: string[] = [];
  private readonly defined: string[] = [];
  private readonly known: { name: string; shape: Dims; isData: boolean }[] = [];
  private readonly used = new Set<string>();
  private usesN = false;

  constructor(private readonly random: Random) {}

  write(statements: number): RandomModel {
    for (let k = 1; k <= statements; k++) {
      const shape = this.shape();
      const text = this.expression(shape, 1 + this.random.below(3));
      this.defined.push(`d${k} = ${text}`);
      this.known.push({ name: `d${k}`, shape, isData: false });
    }
    const ends = this.known.filter(
      ({ name, isData }) => !isData && name.startsWith("d") && !this.used.has(name),
    );
    const terms = ends.map(({ name, shape }) => this.total(name, shape));
    this.defined.push(`L = ${terms.join(this.chance(0.8) ? " + " : " - ")}`);
    if (!this.declared.some((line) => line.includes("param"))) {
      this.declared.push("w0 = param()");
      this.defined.push("L2 = w0 * L");
    }
    const sizes = this.usesN ? ["N = size()", "anchor = input(N)"] : [];
    return {
      text: [...sizes, ...this.declared, ...this.defined].join("\n"),
      sizes: this.usesN ? { N: 1 + this.random.below(4) } : {},
    };
  }

  // ————— choices —————

  private chance(probability: number): boolean {
    return this.random.next() < probability;
  }

  private pick<Item>(items: readonly Item[]): Item {
    return items[this.random.below(items.length)]!;
  }

  private dim(): Dim {
    const dim = this.pick([1, 2, 2, 3, 3, 4, "N"] as const);
    if (dim === "N") this.usesN = true;
    return dim;
  }

  private shape(): Dims {
    const rank = this.pick([0, 1, 1, 2, 2, 2]);
    return Array.from({ length: rank }, () => this.dim());
  }

  private number(): string {
    return this.pick(["2", "0.5", "-1.5", "3", "0.3", "1/3", "pi / 4"]);
  }

  // ————— expressions —————

  /** A statement's end as a scalar. */
  private total(name: string, shape: Dims): string {
    if (shape.length === 0) return name;
    const forms = [`sum(${name})`, `mean(${name})`, `sum(${name}.^2)`, `logsumexp(${name})`];
    if (shape.length === 1) forms.push(`norm(${name} + 2)`, `dot(${name}, ${name})`);
    return this.pick(forms);
  }

  /** Something of this shape that has a name, declared where there is none (or now and then). */
  private leaf(shape: Dims): string {
    const fitting = this.known.filter((one) => same(one.shape, shape));
    if (fitting.length > 0 && this.chance(0.75)) {
      const { name } = this.pick(fitting);
      this.used.add(name);
      return name;
    }
    const isData = this.chance(0.25);
    const name = `${isData ? "x" : "w"}${this.declared.length + 1}`;
    const kind = isData ? this.pick(["input", "target"]) : "param";
    this.declared.push(`${name} = ${kind}(${shape.join(", ")})`);
    this.known.push({ name, shape, isData });
    return name;
  }

  private expression(shape: Dims, depth: number): string {
    if (depth <= 0) return this.leaf(shape);
    const forms = [
      () => this.elementwise(shape, depth),
      () => this.elementwise(shape, depth),
      () => this.combined(shape, depth),
      () => this.combined(shape, depth),
      () => this.combined(shape, depth),
      () => this.structured(shape, depth),
      () => this.structured(shape, depth),
      () => this.structured(shape, depth),
    ];
    return this.pick(forms)();
  }

  /** A function of entries. */
  private elementwise(shape: Dims, depth: number): string {
    const inner = this.expression(shape, depth - 1);
    const positive = this.pick(POSITIVE)(inner);
    const scalar = (): string => this.expression([], depth - 2);
    const forms = [
      () => `${this.pick(ANYWHERE)}(${inner})`,
      () => `${this.pick(ANYWHERE)}(${inner})`,
      () => `${this.pick(ANYWHERE)}(${inner})`,
      () => `leakyrelu(${inner}, slope = tanh(${scalar()}))`,
      () => `leakyrelu(${inner}, 0.2)`,
      () => `elu(${inner}, alpha = tanh(${scalar()}))`,
      () => `elu(${inner}, ${this.pick(["1", "0.7"])})`,
      () => `log(${positive})`,
      () => `log1p(${positive})`,
      () => `sqrt(${positive})`,
      () => `tan(sin(${inner}))`,
      () => `exp(-${positive})`,
      () => `exp(sin(${inner}))`,
      () => `(${inner}).^${this.pick(["2", "3"])}`,
      () => `${positive}.^(${this.pick(["-1", "-2", "0.5", "-1.5", "1/3"])})`,
      () => `${positive}.^tanh(${scalar()})`,
      () => `(1 + exp(${inner})).^(-1)`,
      () => `log(1 + exp(${inner}))`,
      () => `-(${inner})`,
    ];
    if (shape.length === 0) {
      forms.push(
        () => `${positive}^tanh(${inner})`,
        () => `(${inner})^2`,
      );
    }
    return this.pick(forms)();
  }

  /** Two expressions, entry by entry; one of them may be stretched. */
  private combined(shape: Dims, depth: number): string {
    const full = this.expression(shape, depth - 1);
    const other = this.expression(this.stretched(shape), depth - 1);
    const scalar = (): string => this.expression([], depth - 2);
    const positive = this.pick(POSITIVE)(other);
    const [a, b] = this.chance(0.5) ? [full, other] : [other, full];
    const forms = [
      () => `(${a} + ${b})`,
      () => `(${a} - ${b})`,
      () => `((${a}) .* (${b}))`,
      () => `((${a}) .* (${b}))`,
      () => `((${full}) ./ ${positive})`,
      () => `maximum(${a}, ${b})`,
      () => `minimum(${a}, ${b})`,
      () => `(((${a}) ${this.pick(COMPARISONS)} (${b})) .* (${full}))`,
      () => `((${scalar()}) * (${full}))`,
      () => `((${full}) / ${this.pick(POSITIVE)(scalar())})`,
      () => `((${full}) * (${this.number()}))`,
      () => `((${this.number()}) - (${full}))`,
      () => `(${full} + tanh(${this.leaf(shape)}))`,
    ];
    if (this.usesN)
      forms.push(
        () => `((${full}) / N)`,
        () => `((${full}) * (N + 1))`,
      );
    return this.pick(forms)();
  }

  /** A shape that broadcasts into a shape. */
  private stretched(shape: Dims): Dims {
    const options: Dims[] = [shape, shape, []];
    if (shape.length === 2) options.push([shape[0]!], [1, shape[1]!]);
    return this.pick(options);
  }

  /** Products, slices, reductions: what moves indices. */
  private structured(shape: Dims, depth: number): string {
    if (shape.length === 0) return this.scalar(depth);
    return shape.length === 1 ? this.vector(shape[0]!, depth) : this.matrix(shape, depth);
  }

  private scalar(depth: number): string {
    const n = this.dim();
    const m = this.dim();
    const v = (): string => this.expression([n], depth - 1);
    const A = (): string => this.expression([m, n], depth - 1);
    const [p, q] = [this.pick([2, 3, 4]), this.pick([2, 3, 4])];
    const constant = (): string => this.expression([p, q], depth - 1);
    return this.pick([
      () => `${this.pick(["sum", "mean", "max", "min", "logsumexp"])}(${A()})`,
      () => `${this.pick(["sum", "mean", "max", "min", "logsumexp"])}(${v()})`,
      () => `dot(${v()}, ${v()})`,
      () => `norm(${this.pick(POSITIVE)(v())})`,
      () => `trace(${this.expression([n, n], depth - 1)})`,
      () =>
        `(${constant()})[${this.pick(["1", "end", "2", "end - 1"])}, ${this.pick(["1", "end"])}]`,
      () => `(${v()})[${this.pick(["1", "end"])}]`,
      () => `sum((${A()}) * (${v()}))`,
    ])();
  }

  private vector(n: Dim, depth: number): string {
    const k = this.dim();
    const e = (shape: Dims): string => this.expression(shape, depth - 1);
    const forms = [
      () => `(${e([n, k])}) * (${e([k])})`,
      () => `(${e([k, n])})' * (${e([k])})`,
      () => `(${e([n, k])}) * (${e([k])})`,
      () => `${this.pick(["sum", "mean", "max", "min", "logsumexp"])}(${e([k, n])}, 1)`,
      () => `${this.pick(["sum", "mean", "max", "min", "logsumexp"])}(${e([n, k])}, 2)`,
      () => `${this.pick(["softmax", "logsoftmax"])}(${e([n])}${this.pick(["", ", 1"])})`,
      () => `diag(${e([n, n])})`,
      () => `(${e([n, this.pick([2, 3])])})[:, ${this.pick(["1", "end", "2"])}]`,
      () => `(${e([this.pick([2, 3]), n])})[${this.pick(["1", "end", "2"])}, :]`,
      () => `(ones(${n}) + ${e([n])})`,
      () => `log(softmax(${e([n])}))`,
    ];
    if (typeof n === "number") {
      forms.push(
        () => `(${e([n + 1])})[${this.pick([`1:${n}`, "2:end", "1:end - 1"])}]`,
        () => `(${e([2 * n])})[${this.pick(["1:2:end", "2:2:end"])}]`,
        () => `(${e([2 * n - 1])})[1:2:end]`,
        () => `[${Array.from({ length: n }, () => this.pick([e([]), this.number()])).join(", ")}]`,
      );
      if (n > 1) forms.push(() => `concat(${e([1])}, ${e([n - 1])})`);
      if (n === 4) forms.push(() => `kron(${e([2])}, ${e([2])})`);
    }
    return `(${this.pick(forms)()})`;
  }

  private matrix([m, n]: Dims, depth: number): string {
    const k = this.dim();
    const e = (shape: Dims): string => this.expression(shape, depth - 1);
    const [rows, columns] = [m!, n!];
    const forms = [
      () => `(${e([rows, k])}) * (${e([k, columns])})`,
      () => `(${e([k, rows])})' * (${e([k, columns])})`,
      () => `(${e([rows, k])}) * (${e([columns, k])})'`,
      () => `(${e([rows])}) * (${e([columns])})'`,
      () => `(${e([columns, rows])})'`,
      () => `transpose(${e([columns, rows])})`,
      () => `${this.pick(["softmax", "logsoftmax"])}(${e([rows, columns])}, ${this.pick([1, 2])})`,
      () => `(ones(${rows}, ${columns}) - ${e([rows, columns])})`,
      () => `(zeros(${rows}, ${columns}) + ${e([rows, columns])})`,
      () => `log(softmax(${e([rows, columns])}, 1))`,
    ];
    if (rows === columns) {
      forms.push(
        () => `diag(${e([rows])})`,
        () => `(${e([rows, columns])} + identity(${rows}))`,
      );
    }
    if (rows === 1) forms.push(() => `(${e([columns])})'`);
    if (typeof rows === "number") {
      if (rows > 1) forms.push(() => `concat(${e([1, columns])}, ${e([rows - 1, columns])})`);
      forms.push(
        () => `(${e([rows + 1, columns])})[${this.pick(["2:end", `1:${rows}`])}, :]`,
        () => `(${e([2 * rows, columns])})[1:2:end, :]`,
      );
    }
    if (typeof columns === "number") {
      if (columns > 1) {
        forms.push(() => `concat(${e([rows, columns - 1])}, ${e([rows, 1])}, dim = 2)`);
      }
      forms.push(() => `(${e([rows, columns + 1])})[:, 2:end]`);
    }
    if (rows === 4 && columns !== "N") forms.push(() => `kron(${e([2, 1])}, ${e([2, columns])})`);
    if (columns === 2 && rows === 2) {
      forms.push(() => `[${e([])}, 1; ${this.number()}, ${e([])}]`);
    }
    return `(${this.pick(forms)()})`;
  }
}
