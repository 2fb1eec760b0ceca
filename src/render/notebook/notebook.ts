/**
 * Derivations as a Jupyter notebook (nbformat 4.5): the text in cells, and where a point is known the
 * forward pass and the gradient formulas in NumPy, with assertions of the numbers that the text says.
 */
import type { PassageData } from "../../derivation/passage.js";
import type { Rule, Step } from "../../derivation/step.js";
import type { ModelValues } from "../../derivation/valuation.js";
import { Workbench } from "../../derivation/workbench.js";
import { type Definition, fullClause } from "../../expression/definition.js";
import type { Quantity } from "../../expression/quantity.js";
import { entryCount } from "../../expression/size.js";
import type { Model } from "../../language/model.js";
import { nest, type Point } from "../../language/point.js";
import type { Derivation } from "../derivation.js";
import { modelLines } from "../document/documents.js";
import { outline, type Piece } from "../document/outline.js";
import { NO_PASSAGES, type Passages } from "../document/passage.js";
import { gradientStepCode, movedParameters } from "./gradient-step.js";
import { NumpyMatrixWriter } from "./numpy-matrix.js";
import { NumpyWriter, PREAMBLE, UntranslatableError } from "./numpy.js";
import { NOTEBOOK } from "../document/prose.js";
import { differentiatedBy } from "../document/shared.js";
import { markdownText } from "../notation/text.js";

export interface NotebookCell {
  readonly id: string;
  readonly cell_type: "markdown" | "code";
  readonly metadata: Readonly<Record<string, never>>;
  /** Lines, each with its line break but the last. */
  readonly source: readonly string[];
  readonly execution_count?: null;
  readonly outputs?: readonly never[];
}

/** A notebook of nbformat 4.5; plain data. */
export interface Notebook {
  readonly nbformat: 4;
  readonly nbformat_minor: 5;
  readonly metadata: {
    readonly kernelspec: {
      readonly display_name: string;
      readonly language: string;
      readonly name: string;
    };
    readonly language_info: { readonly name: string };
  };
  readonly cells: readonly NotebookCell[];
}

/** How matrices are written in code. */
const COLUMNS = "vectors are columns";
/** Points with more numbers than this are not written into code. */
const MOST_NUMBERS = 20_000;

/**
 * A notebook with the model, the derivations and, where a point is given, code that checks them.
 * Strings of the model stand in text that is escaped, and in code only as names made here.
 */
export function notebookDocument(
  model: Model,
  derivations: readonly Derivation[],
  point?: Point,
  passages: Passages = NO_PASSAGES,
): Notebook {
  const cells = new Cells();
  const statements = ["```text", ...modelLines(model), "```"].join("\n");
  cells.text(`# Derivatives of ${markdownText(model.loss.name)}\n\n${statements}`);
  const code = point && NotebookCode.of(model, point, cells);
  const pieces = outline(model, derivations, passages, NOTEBOOK);
  if (!pieces.some(isForward)) code?.forward();
  for (const piece of pieces) {
    const { level, heading, text, data, derivations: own = [] } = piece;
    cells.text(`${"#".repeat(level + 1)} ${heading}\n\n${text}`.trimEnd());
    if (isForward(piece)) code?.forward();
    if (data) code?.adjoints(data);
    for (const derivation of own) code?.derivation(derivation);
    if (data && hasRule(piece, "gradient step")) code?.gradientStep(data);
  }
  return {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: {
      kernelspec: { display_name: "Python 3", language: "python", name: "python3" },
      language_info: { name: "python" },
    },
    cells: cells.all,
  };
}

/** Whether the forward pass is told in a piece: the code stands behind what explains it. */
function isForward(piece: Piece): boolean {
  return hasRule(piece, "definition");
}

function hasRule({ data }: Piece, rule: Rule): boolean {
  return data?.steps.some((step) => step.rule === rule) ?? false;
}

class Cells {
  readonly all: NotebookCell[] = [];

  text(source: string): void {
    this.all.push({ ...this.start("markdown"), source: lines(source) });
  }

  code(source: string): void {
    this.all.push({
      ...this.start("code"),
      execution_count: null,
      outputs: [],
      source: lines(source),
    });
  }

  private start<Kind extends string>(
    kind: Kind,
  ): { id: string; cell_type: Kind; metadata: Readonly<Record<string, never>> } {
    return { id: `cell-${this.all.length + 1}`, cell_type: kind, metadata: {} };
  }
}

/** The code cells, in the order in which they run. */
class NotebookCode {
  private readonly writer: NumpyWriter;
  /** Whose derivatives the code above has computed. */
  private readonly derived = new Set<Quantity>();
  /** What could not be written in NumPy. */
  private readonly missing = new Set<Quantity>();

  private constructor(
    private readonly model: Model,
    private readonly bench: Workbench,
    private readonly at: ModelValues,
    private readonly cells: Cells,
  ) {
    const names = [
      ...model.scope.keys(),
      ...model.definitions.map(({ quantity }) => quantity.name),
    ];
    this.writer = new NumpyWriter(new Set(names), at.sizes);
  }

  /** Undefined where a point is too large to be written down. */
  static of(model: Model, point: Point, cells: Cells): NotebookCode | undefined {
    const bench = new Workbench(model, point);
    const given = [...model.inputs, ...model.targets, ...model.params];
    const total = given.reduce(
      (sum, { shape }) => sum + entryCount(shape).evaluate(bench.sizes),
      0,
    );
    const at = total <= MOST_NUMBERS ? bench.pointValues : undefined;
    if (at) {
      const code = new NotebookCode(model, bench, at, cells);
      code.point(given);
      return code;
    }
    cells.text(`The point has ${total} numbers: too many to be written here, so there is no code.`);
    return undefined;
  }

  /** Every definition, and the engine's values of them. */
  forward(): void {
    const { model } = this;
    for (const definition of model.definitions) {
      if (definition.quantity.role === "definition") {
        this.compute(definition, `# ${this.statement(definition.quantity)}`, (one) =>
          this.values(one),
        );
      } else this.compute(definition, "# a part of a statement", undefined);
    }
  }

  /** What several derivations have in common: the derivatives on the way, and the lines between their matrices. */
  adjoints({ steps }: PassageData): void {
    const found = steps.flatMap((step) => differentiatedBy(step.left) ?? []);
    const lines = this.matrixLines(steps);
    if (found.length === 0 || lines.length === 0) return;
    for (const of of new Set(found)) this.onTheWay(of);
    this.cells.code([`# the lines between matrices; ${COLUMNS}`, ...lines].join("\n"));
  }

  /** The derivatives on the way to a derivation's quantity, and the numbers that it prints. */
  derivation(derivation: Derivation): void {
    const { quantity, entry } = derivation.data.target;
    this.onTheWay(quantity);
    const adjoint = this.bench.route(quantity).adjoint(quantity);
    const { value } = derivation.data;
    const name = this.writer.name(adjoint.quantity);
    if (value === undefined || this.missing.has(quantity)) return;
    const place = entry ? `${name}[${entry.join(", ")}]` : name;
    const checks = [`same(${place}, ${JSON.stringify(value)})`];
    const factors = this.factors(derivation);
    if (factors) {
      checks.push(
        "# the factors of every path: products, then their sum",
        `paths = [\n${factors.map((row) => `    [${row.join(", ")}],\n`).join("")}]`,
        `same(math.fsum(math.prod(path) for path in paths), ${place})`,
      );
    }
    const lines = this.matrixLines(derivation.data.steps);
    if (lines.length > 0) checks.push(`# ${name} by matrices; ${COLUMNS}`, ...lines);
    this.cells.code(checks.join("\n"));
  }

  /** The derivatives from the loss to that by a quantity, unless the code above has them. */
  private onTheWay(quantity: Quantity): void {
    for (const adjoint of this.bench.route(quantity).adjoints) {
      if (this.derived.has(adjoint.of)) continue;
      this.derived.add(adjoint.of);
      const { shape } = adjoint.of;
      const definition = { quantity: adjoint.quantity, clauses: [fullClause(shape, adjoint.body)] };
      const known = this.at.adjoints.get(adjoint.of);
      const comment = `# the derivative of ${oneLine(this.model.loss.name)} by ${oneLine(adjoint.of.name)}`;
      this.compute(definition, comment, known && (() => known));
    }
  }

  /** The new parameters, and the loss before and after, where all that they need is computed. */
  gradientStep(data: PassageData): void {
    const { model, missing, writer } = this;
    const moved = movedParameters(model.params, data.steps);
    if (missing.size > 0 || !moved.every((one) => this.derived.has(one))) return;
    const array = (one: Quantity, values: readonly number[]): string => this.array(one, values);
    this.cells.code(gradientStepCode(model, data, writer, array).join("\n"));
  }

  private point(given: readonly Quantity[]): void {
    const { cells, writer } = this;
    cells.code(PREAMBLE);
    const assigned = given.map(
      (one) => `${writer.name(one)} = ${this.array(one, this.values(one))}`,
    );
    cells.code(["# the point", ...assigned].join("\n"));
  }

  /** The lines between matrices that have no symbols of derivatives but those that are computed. */
  private matrixLines(steps: readonly Step[]): string[] {
    const writer = new NumpyMatrixWriter((one) => this.writer.name(one), this.bench.sizes);
    const codes = steps.flatMap(({ left, right, relation }) => {
      if (left.kind !== "matrix" || right.kind !== "matrix" || right.leaves) return [];
      if (relation === "assignment") return [];
      try {
        return [`same(${writer.code(right.matrix)}, ${writer.code(left.matrix)})`];
      } catch (error) {
        if (error instanceof UntranslatableError) return [];
        throw error;
      }
    });
    return [...new Set(codes)];
  }

  /** Numbers of all paths, where all are listed. */
  private factors({ data }: Derivation): number[][] | undefined {
    const [only] = data.paths;
    if (data.paths.length !== 1 || !only || only.count !== BigInt(only.listed.length))
      return undefined;
    if (only.listed.length === 0) return undefined;
    const rows = only.listed.map((path) =>
      path.map(({ derivative }) => data.numbers?.scalar(derivative).value ?? NaN),
    );
    return rows.flat().every(Number.isFinite) ? rows : undefined;
  }

  private compute(
    definition: Definition,
    comment: string,
    expected: ((quantity: Quantity) => readonly number[]) | undefined,
  ): void {
    const { quantity } = definition;
    const name = this.writer.name(quantity);
    const subject = quantity.of ?? quantity;
    try {
      const code = this.writer.definition(definition);
      const values = expected?.(quantity);
      const check = values ? [`same(${name}, ${this.array(quantity, values)})`] : [];
      this.cells.code([comment, ...code, ...check].join("\n"));
    } catch (error) {
      if (!(error instanceof UntranslatableError)) throw error;
      this.missing.add(subject);
      const values = expected?.(quantity) ?? this.at.values.get(quantity);
      const what = markdownText(comment.slice(2));
      this.cells.text(`Not written in NumPy (${error.message}): ${what}.`);
      if (values) {
        const given = "# not computed here: the engine's values";
        this.cells.code(`${given}\n${name} = ${this.array(quantity, values)}`);
      }
    }
  }

  private values(quantity: Quantity): readonly number[] {
    return this.at.values.get(quantity)!;
  }

  /** A number or an array, to all digits. */
  private array({ shape }: Quantity, values: readonly number[]): string {
    const nested = nest(shape, this.at.sizes, values);
    if (typeof nested === "number") return number(nested);
    const written = nested.map((row) =>
      typeof row === "number" ? number(row) : `[${row.map(number).join(", ")}]`,
    );
    return `np.array([${written.join(", ")}])`;
  }

  private statement({ name }: Quantity): string {
    const { statements } = this.model.program;
    const position = statements.findIndex((statement) => statement.name === name);
    return oneLine(modelLines(this.model)[position] ?? name);
  }
}

/** Python has floats where a point has whole numbers too. */
function number(value: number): string {
  if (!Number.isFinite(value))
    return Number.isNaN(value) ? "math.nan" : value > 0 ? "math.inf" : "-math.inf";
  const text = String(value);
  return /[.e]/.test(text) ? text : `${text}.0`;
}

/** A comment must not go on in a line of its own, whatever ends a line in Python. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029\s]+/gu, " ");
}

function lines(source: string): string[] {
  return source.split(/(?<=\n)/);
}
