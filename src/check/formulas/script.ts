/** Formulas → definitions over a model: each expression read in a scope of its own. */
import type { Definition } from "../../expression/definition.js";
import type { Quantity } from "../../expression/quantity.js";
import type { Expression } from "../../expression/expression.js";
import type { Shape } from "../../expression/size.js";
import { postorder } from "../../expression/walk.js";
import { Elaboration, type SizeCondition } from "../../language/elaboration.js";
import { elaborate, type Scope } from "../../language/elaborate.js";
import { functions } from "../../language/functions/index.js";
import { END } from "../../language/indexing.js";
import { Auxiliaries } from "../../language/auxiliaries.js";
import type { Model } from "../../language/model.js";
import { operations } from "../../expression/operations/index.js";
import { InputError, type Place, ShapeError } from "../../language/source.js";
import { parts, type Syntax } from "../../language/syntax.js";
import { bodyOf, type Tensor } from "../../language/tensor.js";
import { Plans } from "../../numeric/interpret.js";
import { Lowering } from "../../numeric/lower.js";
import { once } from "../once.js";
import type { Formula } from "./statements.js";

/** An expression over a scope: what computes it, and the quantity that holds its value. */
export interface Reading {
  readonly quantity: Quantity;
  /** In order of evaluation; the last one defines the quantity. */
  readonly definitions: readonly Definition[];
  /** The same before sums of exponentials and the like are kept from overflowing. */
  readonly written: readonly Definition[];
  /** How these are computed. */
  readonly plans: Plans;
  /** Where the expression stands, for messages. */
  readonly place: Place;
  /** What must hold of the sizes for it to have a value. */
  readonly conditions: readonly SizeCondition[];
  /** Its entries as one index expression, the same object for equal ones; undefined where it is none. */
  readonly body: Expression | undefined;
}

/** Values of parts of expressions, in one scope. */
export type KnownParts = Map<Syntax, Tensor>;

export class Script {
  private readonly given: ReadonlyMap<string, Place>;
  private readonly taken: ReadonlySet<string>;

  constructor(
    private readonly model: Model,
    formulas: readonly Formula[],
  ) {
    this.given = new Map(formulas.map(({ name, statement }) => [name, statement.place]));
    this.taken = new Set([...model.scope.keys(), ...this.given.keys()]);
  }

  /**
   * @param known as for `elaborate`
   * @returns the error where shapes do not fit
   * @throws InputError for whatever else is wrong with the expression.
   */
  read(name: string, expression: Syntax, scope: Scope, known?: KnownParts): Reading | ShapeError {
    const { graph } = this.model;
    const definitions: Definition[] = [];
    const auxiliaries = new Auxiliaries(graph, this.taken, definitions);
    const context = new Elaboration(graph, (value) => auxiliaries.name(value), this.given);
    try {
      const value = elaborate(context, scope, expression, known);
      const { shape, clauses } = value;
      const body = definitions.length === 0 ? bodyOf(value) : undefined;
      const quantity: Quantity = { name, role: "definition", shape };
      const written = [...definitions, { quantity, clauses }];
      const lowered = once(() => {
        const lowering = new Lowering(graph);
        for (const definition of written) lowering.add(definition);
        return lowering.definitions;
      });
      const { conditions } = context;
      return {
        quantity,
        place: expression.place,
        conditions,
        body,
        plans: new Plans(),
        written,
        get definitions() {
          return lowered();
        },
      };
    } catch (error) {
      if (!(error instanceof ShapeError)) throw error;
      return error;
    }
  }

  /** Of something that nobody wrote, and that may be no expression of the language: undefined then. */
  attempt(name: string, expression: Syntax, scope: Scope, known?: KnownParts): Reading | undefined {
    try {
      const reading = this.read(name, expression, scope, known);
      return reading instanceof ShapeError ? undefined : reading;
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      return undefined;
    }
  }

  /** The entries of a value as one index expression; undefined where it is none. */
  entries(expression: Syntax, scope: Scope): Expression | undefined {
    const { graph } = this.model;
    const context = new Elaboration(graph, (value) => value, this.given);
    try {
      return bodyOf(elaborate(context, scope, expression));
    } catch (error) {
      if (!(error instanceof ShapeError)) throw error;
      return undefined;
    }
  }

  /**
   * What is known to be wrong with an expression however its parts are shaped.
   * @param without earlier statements that have no value
   * @throws InputError for names and functions that are not there.
   */
  checkNames(expression: Syntax, scope: Scope, without: ReadonlySet<string>): void {
    const { graph } = this.model;
    for (const node of postorder<Syntax>([expression], parts)) {
      const context = new Elaboration(graph, (value) => value, this.given);
      const isUnknownCall =
        node.kind === "call" && !functions.has(node.name) && !operations.has(node.name);
      const isName = node.kind === "name" && node.name !== END && !without.has(node.name);
      if (isName) elaborate(context, scope, node);
      if (isUnknownCall) elaborate(context, scope, { ...node, args: [], named: [] });
    }
  }
}

/** How a value lies in the shape that is claimed, axes of length 1 aside. */
export type Fit = "fits" | "transposed" | "misfits";

export function fitOf(given: Shape, declared: Shape): Fit {
  const [own, wanted] = [given, declared].map((shape) => shape.filter((size) => !size.isOne));
  const isSame = (a: Shape, b: Shape): boolean =>
    a.length === b.length && a.every((size, axis) => size.equals(b[axis]!));
  if (isSame(own!, wanted!)) return "fits";
  return isSame(own!.toReversed(), wanted!) ? "transposed" : "misfits";
}
