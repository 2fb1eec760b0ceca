/**
 * The numbers behind printed symbols, from the matrix backprop alone: values, and every partial
 * derivative, found by making what it is taken by a parameter of a model of its own.
 */
import { backprop } from "../../src/backprop/model.js";
import { parseModel } from "../../src/language/model.js";
import type { Point } from "../../src/language/point.js";
import { compile } from "../../src/numeric/compile.js";
import type { World } from "./lookup.js";
import {
  auxiliariesOf,
  ChangedWorld,
  differences,
  evaluateDefinition,
  type PrintedDefinition,
  readForward,
} from "./forward.js";
import { build, fromNested, type Matrix } from "./matrix.js";
import { type NotationOptions, type Quantity, Symbols } from "./symbols.js";

interface Statement {
  readonly name: string;
  readonly expression: string;
  readonly isDeclaration: boolean;
  readonly isSize: boolean;
  readonly symbol: string | undefined;
}

export class ModelWorld implements World {
  readonly symbols: Symbols;
  readonly indexBase: 0 | 1;
  readonly loss: string;
  private readonly statements: readonly Statement[];
  private readonly sizes = new Map<string, number>();
  private readonly nested = new Map<string, unknown>();
  private readonly known = new Map<string, Matrix>();
  private readonly partials = new Map<string, Matrix>();

  private readonly forward: readonly PrintedDefinition[];
  private readonly auxiliaries: ReadonlySet<string>;

  /**
   * @param point numbers for everything that the model declares
   * @param forward the formulas of the printed forward pass
   */
  constructor(
    text: string,
    point: Point,
    options: NotationOptions,
    forward: readonly string[] = [],
  ) {
    const model = parseModel(text);
    this.loss = model.loss.name;
    this.statements = readStatements(text);
    this.indexBase = options.indexBase ?? 1;
    for (const [name, value] of Object.entries(point)) this.nested.set(name, value);
    const { values } = compile(model).evaluate(point);
    for (const [name, value] of Object.entries(values)) this.nested.set(name, value);
    for (const { name, expression, isDeclaration } of this.statements) {
      if (!isDeclaration) continue;
      const lengths = lengthsOf(this.nested.get(name));
      for (const [axis, size] of argumentsOf(expression).entries()) {
        if (this.statements.some((one) => one.isSize && one.name === size)) {
          this.sizes.set(size, lengths[axis]!);
        }
      }
    }
    const names = this.statements.map(({ name }) => name);
    const auxiliaries = auxiliariesOf(forward, names);
    this.auxiliaries = new Set(auxiliaries.map(({ name }) => name));
    this.symbols = new Symbols(
      [...this.statements.map((one) => this.quantityOf(one)), ...auxiliaries],
      options,
    );
    this.forward = readForward(forward, this.symbols);
    for (const definition of this.forward) {
      if (!this.auxiliaries.has(definition.name)) continue;
      this.known.set(definition.name, evaluateDefinition(definition, this));
    }
  }

  value(name: string): Matrix {
    const before = this.known.get(name);
    if (before) return before;
    const value = fromNested(this.nested.get(name));
    this.known.set(name, value);
    return value;
  }

  size(name: string): number {
    return this.sizes.get(name)!;
  }

  /** The loss has one entry, whatever its declared shape. */
  isLoss(name: string): boolean {
    return name === this.loss;
  }

  partial(of: string, by: string, isDirect = false): Matrix {
    const key = `${of}/${by}/${isDirect}`;
    const before = this.partials.get(key);
    if (before) return before;
    const isPrinted = this.auxiliaries.has(of) || this.auxiliaries.has(by);
    const found = isPrinted
      ? this.printed(of, by)
      : this.isLoss(of) && !isDirect
        ? this.whole(by)
        : this.local(of, by, isDirect);
    this.partials.set(key, found);
    return found;
  }

  /** A derivative of or by an auxiliary quantity: only the printed forward pass defines it. */
  private printed(of: string, by: string): Matrix {
    const position = this.forward.findIndex(({ name }) => name === by);
    const passed = this.isLoss(of)
      ? this.forward.slice(position + 1)
      : this.forward.filter(({ name }) => name === of);
    return differences(this.value(by), (changed) => {
      const world = new ChangedWorld(this, new Map([[by, changed]]));
      for (const one of passed) world.set(one.name, evaluateDefinition(one, world));
      return world.value(of).data;
    });
  }

  /** ∂loss/∂v through everything that comes after v. */
  private whole(by: string): Matrix {
    const lines = this.statements
      .filter(({ isSize }) => !isSize)
      .map((one) => {
        if (one.name === by) return this.parameter(by);
        return one.isDeclaration ? this.given(one.name) : this.definition(one);
      });
    const text = lines.join("\n");
    const names = this.statements.filter(({ isDeclaration }) => isDeclaration);
    const point = this.point([...new Set([...names.map(({ name }) => name), by])]);
    const { gradients } = backprop(parseModel(text, { loss: this.loss }), point);
    const data = fromNested(gradients[by]).data;
    return { rows: 1, columns: data.length, data };
  }

  /**
   * ∂⁺u/∂v is that of the definition of u alone, ∂u/∂v goes through all that lies between: an entry of u for each
   * row.
   */
  private local(of: string, by: string, isDirect: boolean): Matrix {
    const at = this.statements.findIndex(({ name }) => name === of);
    const before = this.statements.slice(0, at).filter(({ isSize }) => !isSize);
    const lengths = lengthsOf(this.nested.get(of));
    const total = lengths.reduce((product, length) => product * length, 1);
    const isFixed = ({ isDeclaration }: Statement): boolean => isDirect || isDeclaration;
    const fixed = before.filter((one) => one.name === by || isFixed(one)).map(({ name }) => name);
    const lines = [
      ...before.map((one) => {
        if (one.name === by) return this.parameter(by);
        return isFixed(one) ? this.given(one.name) : this.definition(one);
      }),
      this.definition(this.statements[at]!),
      `readback_mask = input(${lengths.join(", ")})`,
      `readback_sum = sum(${of} .* readback_mask)`,
    ];
    const model = parseModel(lines.join("\n"));
    const rows = Array.from({ length: total }, (_, row) => {
      const mask = nestedIn(lengths, (position) => (position === row ? 1 : 0));
      const point = { ...this.point(fixed), readback_mask: mask };
      return fromNested(backprop(model, point as Point).gradients[by]).data;
    });
    return build(total, rows[0]!.length, (i, j) => rows[i]![j]!);
  }

  private quantityOf({ name, isSize, symbol }: Statement): Quantity {
    const axes = isSize ? 0 : lengthsOf(this.nested.get(name)).length;
    return { name, isSize, axes, symbol };
  }

  private point(names: readonly string[]): Point {
    return Object.fromEntries(names.map((name) => [name, this.nested.get(name)])) as Point;
  }

  private parameter(name: string): string {
    return `${name} = param(${lengthsOf(this.nested.get(name)).join(", ")})`;
  }

  private given(name: string): string {
    return `${name} = input(${lengthsOf(this.nested.get(name)).join(", ")})`;
  }

  /** A definition with numbers for the named sizes. */
  private definition({ name, expression }: Statement): string {
    const numbered = expression.replace(/\b[A-Za-z]\w*\b/g, (word) =>
      this.sizes.has(word) ? `${this.sizes.get(word)!}` : word,
    );
    return `${name} = ${numbered}`;
  }
}

function readStatements(text: string): Statement[] {
  const lines: string[] = [];
  let depth = 0;
  for (const line of text.split("\n").map((one) => one.replace(/#.*$/, "").trim())) {
    if (line === "") continue;
    if (depth > 0) lines.push(`${lines.pop()!} ${line}`);
    else lines.push(line);
    depth += (line.match(/[([]/g)?.length ?? 0) - (line.match(/[)\]]/g)?.length ?? 0);
  }
  return lines.map((line) => {
    const [, name = "", expression = ""] = /^\s*([^\s=]+)\s*=\s*(.*)$/.exec(line)!;
    return {
      name,
      expression,
      isDeclaration: /^(input|target|param)\s*\(/.test(expression),
      isSize: /^size\s*\(/.test(expression),
      symbol: /"([^"]*)"\s*\)$/.exec(expression)?.[1]?.replaceAll("\\\\", "\\"),
    };
  });
}

function argumentsOf(declaration: string): string[] {
  return declaration
    .replace(/^\w+\s*\(/, "")
    .replace(/"[^"]*"/, "")
    .replace(/\)$/, "")
    .split(",")
    .map((one) => one.trim());
}

function lengthsOf(value: unknown): number[] {
  return Array.isArray(value) ? [value.length, ...lengthsOf(value[0])] : [];
}

function nestedIn(lengths: readonly number[], at: (position: number) => number): unknown {
  const [rows, columns] = lengths;
  if (rows === undefined) return at(0);
  if (columns === undefined) return Array.from({ length: rows }, (_, i) => at(i));
  return Array.from({ length: rows }, (_, i) =>
    Array.from({ length: columns }, (__, j) => at(i * columns + j)),
  );
}
