/**
 * Derivations as a Jupyter notebook (nbformat 4.5): the text in cells, and where a point is known the
 * forward pass and the gradient formulas in NumPy, with assertions of the numbers that the text says.
 */
import type { PassageData } from "../../derivation/passage.js";
import type { Rule, Step } from "../../derivation/step.js";
import type { ModelValues } from "../../derivation/valuation.js";
import { Workbench } from "../../derivation/workbench.js";
import type { Definition } from "../../expression/definition.js";
import type { Quantity } from "../../expression/quantity.js";
import { entryCount } from "../../expression/size.js";
import { references } from "../../expression/walk.js";
import type { Model } from "../../language/model.js";
import { nest, type Point } from "../../language/point.js";
import type { Derivation } from "../derivation.js";
import { modelLines } from "../document/documents.js";
import { outline, type Piece } from "../document/outline.js";
import { NO_PASSAGES, type Passages } from "../document/passage.js";
import { Cells, type NotebookCell } from "./cells.js";
import { UntranslatableError } from "./functions.js";
import { gradientStepCode, movedParameters } from "./gradient-step.js";
import { ModelCode } from "./model-code.js";
import { NOTEBOOK } from "../document/prose.js";
import { differentiatedBy } from "../document/shared.js";
import { markdownText } from "../notation/text.js";

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

/** Digits of what is compared up to a relative error of 1e-9. */
const COMPARED = 12;
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
  cells.open();
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

/** A quantity that the code computes. */
interface Computed {
  readonly comment: string;
  /** @throws UntranslatableError */
  readonly code: () => readonly string[];
  /** The engine's values, where they are compared. */
  readonly values: readonly number[] | undefined;
}

/** The code cells, in the order in which they run. */
class NotebookCode {
  private readonly code: ModelCode;
  /** Whose derivatives the code above has computed. */
  private readonly derived = new Set<Quantity>();
  /** What could not be written in NumPy. */
  private readonly missing = new Set<Quantity>();
  /** Parts of statements that have no name of their own, by their variables, until they are used. */
  private readonly unused = new Map<string, Definition>();
  /** Entries that were compared. */
  private readonly compared = new Set<string>();

  private constructor(
    private readonly model: Model,
    private readonly bench: Workbench,
    private readonly at: ModelValues,
    private readonly cells: Cells,
    point: Point,
  ) {
    this.code = new ModelCode(model, bench, point);
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
      const code = new NotebookCode(model, bench, at, cells, point);
      code.point(given);
      return code;
    }
    cells.text(`The point has ${total} numbers: too many to be written here, so there is no code.`);
    return undefined;
  }

  /** Every definition, and the engine's values of them. */
  forward(): void {
    for (const definition of this.model.definitions) {
      const { quantity } = definition;
      if (quantity.role !== "definition") {
        this.unused.set(this.code.name(quantity), definition);
        continue;
      }
      this.compute(quantity, {
        comment: `# ${this.statement(quantity)}`,
        code: () => this.code.definition(definition),
        values: this.values(quantity),
      });
    }
  }

  /** A cell, behind those of the parts of statements that it is the first to use. */
  private cell(source: string): void {
    const used = [...this.unused].filter(([name]) => new RegExp(`\\b${name}\\b`).test(source));
    for (const [name, definition] of used) {
      if (!this.unused.delete(name)) continue;
      const { quantity, clauses } = definition;
      const isLiteral = references(clauses.map(({ body }) => body)).length === 0;
      const literal = `${name} = ${this.array(quantity, this.values(quantity))}`;
      this.compute(quantity, {
        comment: "# a part of a statement",
        code: () => (isLiteral ? [literal] : this.code.part(definition)),
        values: undefined,
      });
    }
    this.cells.code(source);
  }

  /** What several derivations have in common: the derivatives on the way, and the lines between their matrices. */
  adjoints({ steps }: PassageData): void {
    const found = steps.flatMap((step) => differentiatedBy(step.left) ?? []);
    if (found.length === 0 || this.matrixLines(steps).length === 0) return;
    for (const of of new Set(found)) this.onTheWay(of);
    // without those by which the derivatives were computed
    const lines = this.matrixLines(steps);
    if (lines.length > 0) this.cell(["# other lines between matrices", ...lines].join("\n"));
  }

  /** The derivatives on the way to a derivation's quantity, and the numbers that it prints. */
  derivation(derivation: Derivation): void {
    const { quantity, entry } = derivation.data.target;
    this.onTheWay(quantity);
    const adjoint = this.bench.route(quantity).adjoint(quantity);
    const { value } = derivation.data;
    const name = this.code.name(adjoint.quantity);
    if (value === undefined || this.missing.has(quantity)) return;
    const place = entry ? `${name}[${entry.join(", ")}]` : name;
    // the whole was compared where it was computed, and an entry once for all forms
    const isNew = entry !== undefined && typeof value === "number" && !this.compared.has(place);
    const checks = isNew ? [`same(${place}, ${number(value)})`] : [];
    if (isNew) this.compared.add(place);
    const factors = this.factors(derivation);
    if (factors) {
      checks.push(
        "# the factors of every path: products, then their sum",
        `paths = [\n${factors.map((row) => `    [${row.join(", ")}],\n`).join("")}]`,
        `same(math.fsum(math.prod(path) for path in paths), ${place})`,
      );
    }
    const lines = this.matrixLines(derivation.data.steps);
    if (lines.length > 0) checks.push("# other lines between matrices", ...lines);
    if (checks.length > 0) this.cell(checks.join("\n"));
  }

  /** The derivatives from the loss to that by a quantity, unless the code above has them. */
  private onTheWay(quantity: Quantity): void {
    for (const adjoint of this.bench.route(quantity).adjoints) {
      if (this.derived.has(adjoint.of)) continue;
      this.derived.add(adjoint.of);
      this.compute(adjoint.quantity, {
        comment: `# the derivative of ${oneLine(this.model.loss.name)} by ${oneLine(adjoint.of.name)}`,
        code: () => this.code.adjoint(adjoint),
        values: this.at.adjoints.get(adjoint.of),
      });
    }
  }

  /** The new parameters, and the loss before and after, where all that they need is computed. */
  gradientStep(data: PassageData): void {
    const { model, missing } = this;
    const moved = movedParameters(model.params, data.steps);
    if (missing.size > 0 || !moved.every((one) => this.derived.has(one))) return;
    const expected = (one: Quantity, values: readonly number[]): string =>
      this.expected(one, values);
    this.cell(gradientStepCode(model, data, this.code, expected).join("\n"));
  }

  private point(given: readonly Quantity[]): void {
    const assigned = given.map(
      (one) => `${this.code.name(one)} = ${this.array(one, this.values(one))}`,
    );
    this.cell(["# the point", ...this.code.sizeAssignments, ...assigned].join("\n"));
  }

  /** The lines between matrices that have no symbols of derivatives but those that are computed. */
  private matrixLines(steps: readonly Step[]): string[] {
    const codes = steps.flatMap((step) => {
      const sides = step.relation === "assignment" ? undefined : this.code.sides(step);
      return sides ? [`same(${sides.right}, ${sides.left})`] : [];
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

  private compute(quantity: Quantity, { comment, code, values }: Computed): void {
    const name = this.code.name(quantity);
    const subject = quantity.of ?? quantity;
    try {
      const check = values ? [`same(${name}, ${this.expected(quantity, values)})`] : [];
      this.cell([comment, ...code(), ...check].join("\n"));
    } catch (error) {
      if (!(error instanceof UntranslatableError)) throw error;
      this.missing.add(subject);
      const known = values ?? this.at.values.get(quantity);
      const what = markdownText(comment.slice(2));
      this.cells.text(`Not written in NumPy (${error.message}): ${what}.`);
      if (known) {
        const given = "# not computed here: the engine's values";
        this.cell(`${given}\n${name} = ${this.array(quantity, known)}`);
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

  /** The same, to as many digits as are compared. */
  private expected(quantity: Quantity, values: readonly number[]): string {
    return this.array(
      quantity,
      values.map((value) => Number(value.toPrecision(COMPARED))),
    );
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
