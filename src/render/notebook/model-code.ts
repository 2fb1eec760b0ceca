/** The code of a model's definitions and derivatives: as its author or the text writes them, else entry by entry. */
import type { Step } from "../../derivation/step.js";
import type { Workbench } from "../../derivation/workbench.js";
import { type Definition, fullBody, fullClause } from "../../expression/definition.js";
import type { Quantity } from "../../expression/quantity.js";
import { Size, type SizeValues } from "../../expression/size.js";
import { axesOf, matrixForm } from "../../forms/matrix/convert.js";
import type { RouteAdjoint } from "../../forms/route.js";
import type { Model } from "../../language/model.js";
import type { Point } from "../../language/point.js";
import { WritingOrder } from "../notation/order.js";
import { assigned, type Piece, withAxes } from "./arrays.js";
import { UntranslatableError } from "./functions.js";
import { LONGEST_BODY, NumpyWriter } from "./numpy.js";
import { NumpyMatrixWriter } from "./numpy-matrix.js";
import { stableDefinitions } from "./stable-definitions.js";
import { statementInNumpy } from "./statements.js";

export class ModelCode {
  private readonly entries: NumpyWriter;
  private readonly matrices: NumpyMatrixWriter;
  private readonly sizes: SizeValues;
  /** Of what cannot be computed as it is written: what is computed in its place. */
  private readonly stable: ReadonlyMap<Quantity, Definition>;
  /** The lines that have computed derivatives. */
  private readonly computed = new Set<string>();

  constructor(
    private readonly model: Model,
    private readonly bench: Workbench,
    point: Point,
  ) {
    this.stable = stableDefinitions(model, point);
    this.sizes = bench.sizes;
    const names = [
      ...model.scope.keys(),
      ...model.definitions.map(({ quantity }) => quantity.name),
    ];
    this.entries = new NumpyWriter(new Set(names), this.sizes);
    const variable = (one: Quantity): string => this.name(one);
    const size = (one: Size): string => {
      const [name] = one.names;
      const isName = name !== undefined && one.equals(Size.named(name));
      return isName ? this.entries.variable(name) : `${one.evaluate(this.sizes)}`;
    };
    const order = new WritingOrder(model).of(undefined);
    this.matrices = new NumpyMatrixWriter({ variable, size, sizes: this.sizes }, order);
  }

  /** The variable of a quantity, or of the derivative of the loss by it. */
  name(quantity: Quantity): string {
    return this.entries.name(quantity);
  }

  /** Assignments of the sizes that the data fix. */
  get sizeAssignments(): string[] {
    return this.model.sizes.map(
      (name) => `${this.entries.variable(name)} = ${this.sizes.get(name)!}`,
    );
  }

  /**
   * Lines that compute a quantity.
   * @throws UntranslatableError
   */
  definition(definition: Definition): string[] {
    const { quantity } = definition;
    const other = this.stable.get(quantity);
    if (other) return ["# so that no digits are lost", ...this.part(other)];
    const { scope, program } = this.model;
    const statement = program.statements.find(({ name }) => scope.get(name)?.quantity === quantity);
    const piece = statement && this.attempt(() => this.statement(statement.expression));
    return piece ? [this.assignment(quantity, piece)] : this.entries.definition(definition);
  }

  /**
   * Lines that compute a part of a statement.
   * @throws UntranslatableError
   */
  part(definition: Definition): string[] {
    const { quantity, clauses } = definition;
    const body = fullBody(quantity.shape, clauses);
    const form = body && matrixForm(this.model.graph, body, axesOf(quantity.shape));
    const piece = form && this.attempt(() => this.matrices.piece(form.matrix));
    return piece ? [this.assignment(quantity, piece)] : this.entries.definition(definition);
  }

  /**
   * Lines that compute the derivative of the loss by a quantity.
   * @throws UntranslatableError
   */
  adjoint({ of, quantity, body }: RouteAdjoint): string[] {
    const form = this.bench.matrixNames.form(body, axesOf(of.shape));
    const piece = form && this.attempt(() => this.matrices.piece(form.matrix));
    if (piece) {
      this.computed.add(`${this.name(quantity)} = ${piece.code}`);
      return [this.assignment(quantity, piece)];
    }
    return this.entries.definition({ quantity, clauses: [fullClause(of.shape, body)] });
  }

  /**
   * Both sides of a line between matrices; undefined where it has symbols that are not computed, where it is the
   * one that has computed its left side, and where its exponentials may overflow, as they do in the model.
   */
  sides({ left, right }: Step): { readonly left: string; readonly right: string } | undefined {
    if (left.kind !== "matrix" || right.kind !== "matrix" || right.leaves) return undefined;
    const own = this.attempt(() => this.matrices.piece(left.matrix));
    const other = own && this.attempt(() => this.matrices.piece(right.matrix));
    if (!other || this.computed.has(`${own.code} = ${other.code}`)) return undefined;
    if (this.stable.size > 0 && other.code.includes("np.exp(")) return undefined;
    return { left: own.code, right: withAxes(other, own.axes).code };
  }

  private statement(expression: Parameters<typeof statementInNumpy>[0]): Piece {
    const { scope } = this.model;
    return statementInNumpy(expression, {
      meaning: (name) => scope.get(name),
      variable: (name) => this.entries.variable(name),
      sizes: this.sizes,
    });
  }

  private assignment(quantity: Quantity, piece: Piece): string {
    const shape = quantity.shape.map((size) => size.evaluate(this.sizes));
    return `${this.name(quantity)} = ${assigned(piece, shape)}`;
  }

  /** Undefined for what NumPy lacks and for what would be too long to read. */
  private attempt(make: () => Piece): Piece | undefined {
    try {
      const piece = make();
      return piece.code.length <= LONGEST_BODY ? piece : undefined;
    } catch (error) {
      if (error instanceof UntranslatableError) return undefined;
      throw error;
    }
  }
}
