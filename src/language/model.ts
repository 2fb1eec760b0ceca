/** Statements → model: quantities with shapes, definitions with index expressions. */
import type { Definition } from "../expression/definition.js";
import { Graph } from "../expression/graph.js";
import type { Expression } from "../expression/expression.js";
import type { Quantity, QuantityRole } from "../expression/quantity.js";
import { type Shape, Size, type SizeValues } from "../expression/size.js";
import { postorder } from "../expression/walk.js";
import { Auxiliaries, looksOf } from "./auxiliaries.js";
import { Elaboration, type SizeCondition } from "./elaboration.js";
import { DECLARATIONS, elaborate, type Meaning, type Scope } from "./elaborate.js";
import { parseProgram } from "./parse.js";
import { InputError, nearest, type Place } from "./source.js";
import { checkSymbol, LIKE_ONES, LIKE_PI, lookAlike, splitScripts, symbolOf } from "./symbol.js";
import { type CallSyntax, namesIn, type Program, type Statement } from "./syntax.js";
import { hasOneEntry } from "./tensor.js";
import { syntaxText } from "./text.js";

/** A model: what is given, what is defined, and the loss. Lists are in order of statement. */
export interface Model {
  /**
   * Marks it as no plain object. Its parts refer to each other by identity, so a copy, such as test
   * runners make of what they print, would not be a model.
   */
  readonly [Symbol.toStringTag]: "Model";
  /** What is printed of it. */
  readonly toJSON: () => { loss: string; parameters: readonly ParameterInfo[] };
  readonly graph: Graph;
  readonly program: Program;
  /** Names of the sizes that the data fixes. */
  readonly sizes: readonly string[];
  readonly inputs: readonly Quantity[];
  readonly targets: readonly Quantity[];
  /** The parameters as quantities of the engine. */
  readonly params: readonly Quantity[];
  /** The parameters for users: a size is a whole number, or the size as the model writes it. */
  readonly parameters: readonly ParameterInfo[];
  /** Named quantities, and auxiliary ones where a statement needs them, before their first use. */
  readonly definitions: readonly Definition[];
  readonly loss: Quantity;
  /** What names mean, for formulas over the model. */
  readonly scope: Scope;
  readonly conditions: readonly SizeCondition[];
}

/** A parameter as scripts read it. */
export interface ParameterInfo {
  readonly name: string;
  readonly shape: readonly (number | string)[];
}

export interface ModelOptions {
  /** Name of the definition that is the loss; by default the last one. */
  readonly loss?: string | undefined;
  /** What the text is called in messages. */
  readonly name?: string | undefined;
}

/**
 * Reads a model.
 * @param text statements of the model language, one a line.
 * @throws InputError with line, column and a hint, for whatever is wrong with the text.
 */
export function parseModel(text: string, options: ModelOptions = {}): Model {
  return elaborateProgram(parseProgram({ name: options.name ?? "model", text }), options.loss);
}

/** What only models have, whichever copy of this module made them. */
const LISTS = ["sizes", "inputs", "targets", "params", "definitions"] as const;

/** Whether something that came from outside is a model that `parseModel` or `network` made. */
function isModel(value: unknown): value is Model {
  if (typeof value !== "object" || value === null) return false;
  const { scope, ...parts } = value as Partial<Model>;
  return (
    Object.prototype.toString.call(value) === "[object Model]" &&
    scope instanceof Map &&
    LISTS.every((name) => Array.isArray(parts[name]))
  );
}

/**
 * @param usage what is said to those who hand over something else than a text
 * @throws InputError for what is no model, in programs whose types nobody checks
 */
export function requireModel(
  value: unknown,
  usage = "parseModel and network make them",
): asserts value is Model {
  if (isModel(value)) return;
  const kind = value === null ? "null" : typeof value;
  throw new InputError(`the first argument is a model, not ${kind}`, {
    hint: typeof value === "string" ? "parseModel(text) reads one" : usage,
  });
}

/**
 * The model of some statements.
 * @param sizes numbers for some of the named sizes, which are then no sizes of the data any more
 * @throws InputError as `parseModel` does.
 */
export function elaborateProgram(
  program: Program,
  lossName: string | undefined,
  sizes: SizeValues = new Map(),
): Model {
  const builder = new ModelBuilder(program, sizes);
  for (const statement of program.statements) builder.add(statement);
  return builder.finish(lossName);
}

/** What is said of a size that is used and that no point can fix. */
export function unfixedSize(name: string, place: Place): InputError {
  const hint = `some input, target or parameter needs ${name} alone as a size`;
  return new InputError(`nothing fixes the size ${name}`, { place, hint });
}

const ROLES: ReadonlyMap<string, QuantityRole> = new Map([
  ["input", "input"],
  ["target", "target"],
  ["param", "parameter"],
]);

class ModelBuilder {
  private readonly graph = new Graph();
  private readonly scope = new Map<string, Meaning>();
  private readonly sizes: string[] = [];
  private readonly given: Quantity[] = [];
  private readonly definitions: Definition[] = [];
  private readonly statements = new Map<string, Statement>();
  private readonly auxiliaries: Auxiliaries;
  private readonly context: Elaboration;
  /** Where a quantity is given the letter of the number. */
  private likePi: Place | undefined;

  constructor(
    private readonly program: Program,
    private readonly known: SizeValues,
  ) {
    const looks = program.statements.flatMap(looksOf);
    this.auxiliaries = new Auxiliaries(this.graph, new Set(looks), this.definitions);
    const given = new Map(program.statements.map(({ name, place }) => [name, place]));
    this.context = new Elaboration(this.graph, (value) => this.auxiliaries.name(value), given);
  }

  add(statement: Statement): void {
    const { name, place, expression } = statement;
    const earlier = this.statements.get(name);
    if (earlier) {
      this.context.fail(
        place,
        `the name ${name} is given twice`,
        `it was given first by: ${earlier.text}`,
      );
    }
    if (name === "end")
      this.context.fail(place, "the name end is taken: in an index it is the last entry");
    this.statements.set(name, statement);
    if (expression.kind === "call" && DECLARATIONS.has(expression.name)) {
      this.declare(statement, expression);
      return;
    }
    const value = elaborate(this.context, this.scope, expression);
    const quantity: Quantity = { name, role: "definition", shape: value.shape };
    this.scope.set(name, { quantity });
    this.definitions.push({ quantity, clauses: value.clauses });
  }

  private declare({ name, place }: Statement, call: CallSyntax): void {
    const { context } = this;
    const [named] = call.named;
    if (named) context.fail(named.place, `${call.name} takes no named arguments`);
    const last = call.args.at(-1);
    const symbol = symbolOf(call);
    const sizes = symbol === undefined ? call.args : call.args.slice(0, -1);
    if (call.name === "size") {
      if (call.args.length > 0) {
        context.fail(
          call.place,
          "size() takes no arguments",
          `its value is read from the point; write ${name} = size()`,
        );
      }
      const value = this.known.get(name);
      if (value === undefined) this.sizes.push(name);
      this.scope.set(name, { size: value === undefined ? Size.named(name) : Size.of(value) });
      return;
    }
    const checked =
      symbol === undefined
        ? undefined
        : this.ownSymbol(name, checkSymbol(symbol, last!.place), last!.place);
    if (sizes.length > 2) {
      context.fail(
        call.place,
        `${call.name} takes at most two sizes, not ${sizes.length}`,
        "scalars, vectors and matrices only",
      );
    }
    const shape: Shape = sizes.map((syntax) => {
      if (syntax.kind === "name" && !this.context.given.has(syntax.name)) {
        const hint = `a size that the data fixes is declared with ${syntax.name} = size()`;
        context.fail(syntax.place, `unknown size ${syntax.name}`, hint);
      }
      const value = elaborate(context, this.scope, syntax);
      return context.size({ syntax, value }, `a size of ${name}`);
    });
    context.checkEntries(shape, place);
    const role = ROLES.get(call.name)!;
    const quantity: Quantity = {
      name,
      role,
      shape,
      ...(checked === undefined ? {} : { symbol: checked }),
    };
    this.scope.set(name, { quantity });
    this.given.push(quantity);
  }

  /** A symbol that no other declaration has: entries of two quantities would look alike. */
  private ownSymbol(name: string, symbol: string, place: Place): string {
    if (splitScripts(symbol).base === LIKE_ONES) {
      const hint = "take another letter, such as \\mathbf{o}";
      this.context.fail(place, `the symbol "${symbol}" is that of ones in derivations`, hint);
    }
    if (splitScripts(symbol).base === LIKE_PI) this.likePi = place;
    const other = this.given.find(
      (one) => one.symbol !== undefined && lookAlike(one.symbol, symbol),
    );
    if (other) {
      this.context.fail(
        place,
        `the symbol "${symbol}" is given twice`,
        `${other.name} has it: ${name} would look like ${other.name}`,
      );
    }
    return symbol;
  }

  finish(lossName: string | undefined): Model {
    const loss = this.loss(lossName);
    if (this.likePi && usesPi(this.definitions)) {
      const hint = "take another, such as \\varpi or \\boldsymbol{\\pi}";
      this.context.fail(this.likePi, "the symbol π is that of the number pi, which is used", hint);
    }
    const sizes = this.fixedSizes();
    const ofRole = (role: QuantityRole): Quantity[] =>
      this.given.filter((one) => one.role === role);
    const params = ofRole("parameter");
    const parameters = params.map(({ name, shape }) => ({
      name,
      shape: shape.map((size) => size.toJSON()),
    }));
    return {
      [Symbol.toStringTag]: "Model",
      toJSON: () => ({ loss: loss.name, parameters }),
      graph: this.graph,
      program: this.program,
      sizes,
      inputs: ofRole("input"),
      targets: ofRole("target"),
      params,
      parameters,
      definitions: this.definitions,
      loss,
      scope: this.scope,
      conditions: this.context.conditions,
    };
  }

  /**
   * The named sizes that every point fixes. One that nothing fixes may stand where no statement uses it.
   * @throws InputError for one that a statement uses.
   */
  private fixedSizes(): readonly string[] {
    const fixed = new Set(this.given.flatMap(({ shape }) => shape.map((one) => one.soleName)));
    const used = new Set(this.program.statements.flatMap((one) => [...namesIn(one.expression)]));
    const open = this.sizes.find((name) => used.has(name) && !fixed.has(name));
    if (open !== undefined) throw unfixedSize(open, this.statements.get(open)!.place);
    return this.sizes.filter((name) => fixed.has(name));
  }

  private loss(name: string | undefined): Quantity {
    const { source } = this.program;
    const named = this.definitions.filter(({ quantity }) => quantity.role === "definition");
    const definition =
      name === undefined ? named.at(-1) : named.find(({ quantity }) => quantity.name === name);
    if (!definition) {
      if (name === undefined) {
        throw new InputError("the model defines no quantity, so it has no loss", {
          place: this.program.statements.at(-1)?.place ?? { source, offset: 0 },
          hint: "the last definition is the loss, such as L = sum((y - t).^2)",
        });
      }
      const names = named.map(({ quantity }) => quantity.name);
      const near = nearest(name, names);
      throw new InputError(`${source.name}: the model defines no ${name} that could be the loss`, {
        hint: near === undefined ? `it defines ${names.join(", ")}` : `did you mean ${near}?`,
      });
    }
    const { quantity } = definition;
    if (!hasOneEntry(quantity.shape)) {
      const statement = this.statements.get(quantity.name)!;
      const value = { shape: quantity.shape, clauses: definition.clauses };
      this.context.fail(
        statement.place,
        `the loss must be a scalar: ${this.context.describe({ syntax: { kind: "name", name: quantity.name, place: statement.place }, value })}`,
        `sum it: sum(${syntaxText(statement.expression)}), or name another loss`,
      );
    }
    return quantity;
  }
}

/** Whether the number pi stands in a definition. */
function usesPi(definitions: readonly Definition[]): boolean {
  const bodies = definitions.flatMap(({ clauses }) => clauses.map(({ body }) => body));
  return [...postorder(bodies, (one: Expression) => one.children)].some(
    (node) => node.kind === "constant" && node.name === "pi",
  );
}
