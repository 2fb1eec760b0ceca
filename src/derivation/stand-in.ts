/**
 * The model in general: the same statements with names in place of its wide sizes. A derivation
 * does not depend on the widths of layers, so its equations are checked where layers are narrow:
 * the check of 784 inputs then costs as much as that of 5, and holds for different widths at once.
 */
import type { Definition } from "../expression/definition.js";
import type { Quantity } from "../expression/quantity.js";
import { entryCount, type Size, type SizeValues } from "../expression/size.js";
import { postorder } from "../expression/walk.js";
import { DECLARATIONS } from "../language/elaborate.js";
import { elaborateProgram, type Model } from "../language/model.js";
import { InputError } from "../language/source.js";
import type { Program, Statement, Syntax } from "../language/syntax.js";

/** Sizes up to this stay as they are: sums over them are written out term by term. */
const WIDEST_KEPT = 16;

export interface StandIn {
  /** The same statements, quantities of the same names. */
  readonly general: Model;
  /** The names of the sizes that were numbers, with these numbers. */
  readonly widths: ReadonlyMap<string, number>;
  /** The sizes of the model itself where the general one has these. */
  readonly sizesAt: (values: SizeValues) => SizeValues;
}

/**
 * @returns undefined where no size is wide, and where every wide one matters: a statement is true
 * for this size only, such as a slice up to the end, or uses it as a number, such as a mean
 */
export function standIn(model: Model): StandIn | undefined {
  const wide = wideSizes(model.program).sort((a, b) => b - a);
  const every = generalised(model, new Set(wide));
  let free = new Set(wide);
  let found = every;
  if (wide.length > 0 && !every) {
    free = new Set();
    for (const size of wide) {
      const more = generalised(model, new Set([...free, size]));
      if (!more) continue;
      free.add(size);
      found = more;
    }
  }
  const numbers = found ? usedAsNumbers(found) : new Set<number>();
  if (numbers.size === 0) return found;
  return generalised(model, new Set([...free].filter((size) => !numbers.has(size))));
}

/** The wide sizes that declarations give as numbers. */
function wideSizes({ statements }: Program): number[] {
  const sizes = statements.flatMap(({ expression }) =>
    isDeclaration(expression) ? expression.args.flatMap((size) => wideSize(size) ?? []) : [],
  );
  return [...new Set(sizes)];
}

function isDeclaration(expression: Syntax): expression is Extract<Syntax, { kind: "call" }> {
  return expression.kind === "call" && DECLARATIONS.has(expression.name);
}

function wideSize(syntax: Syntax): number | undefined {
  const size = syntax.kind === "number" ? Number(syntax.text) : 0;
  return size > WIDEST_KEPT ? size : undefined;
}

/** The model with names for some of its sizes; undefined where its statements do not allow that. */
function generalised(model: Model, free: ReadonlySet<number>): StandIn | undefined {
  if (free.size === 0) return undefined;
  const names = new Map([...free].map((size) => [size, freshName(size, model)]));
  let general: Model;
  try {
    general = elaborateProgram(withNames(model.program, names), model.loss.name);
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
  const stands = correspondence(model, general);
  if (!stands) return undefined;
  return {
    general,
    widths: new Map([...names].map(([size, name]) => [name, size])),
    sizesAt: (values) => new StandInSizes(stands, values),
  };
}

function freshName(size: number, { scope }: Model): string {
  let name = `n${size}`;
  while (scope.has(name)) name += "_";
  return name;
}

function withNames(program: Program, names: ReadonlyMap<number, string>): Program {
  const { source } = program;
  const place = { source, offset: 0 };
  const declared = [...names.values()].map((name): Statement => {
    const expression = { kind: "call", name: "size", args: [], named: [], place } as const;
    return { name, place, expression, text: `${name} = size()` };
  });
  const statements = program.statements.map((statement): Statement => {
    const { expression } = statement;
    if (!isDeclaration(expression)) return statement;
    const args = expression.args.map((syntax): Syntax => {
      const name = names.get(wideSize(syntax) ?? 0);
      return name === undefined ? syntax : { kind: "name", name, place: syntax.place };
    });
    return { ...statement, expression: { ...expression, args } };
  });
  return { source, statements: [...declared, ...statements] };
}

/** What stands for the sizes of a model, by their keys; undefined where that is not one for each. */
function correspondence(model: Model, general: Model): Map<string, Size> | undefined {
  const [own, others] = [model, general].map(quantitiesOf) as [Quantity[], Quantity[]];
  const isSame =
    own.length === others.length && own.every(({ name }, k) => name === others[k]!.name);
  if (!isSame) return undefined;
  const shapes = own.map(({ shape }, position) => [shape, others[position]!.shape] as const);
  const stands = new Map<string, Size>();
  for (const [shape, other] of shapes) {
    for (const [axis, { key }] of shape.entries()) {
      if (stands.get(key)?.equals(other[axis]!) === false) return undefined;
      stands.set(key, other[axis]!);
    }
  }
  // the rows and columns of Jacobians
  for (const [shape, other] of shapes) {
    const { key } = entryCount(shape);
    if (!stands.has(key)) stands.set(key, entryCount(other));
  }
  return stands;
}

function quantitiesOf({ inputs, targets, params, definitions }: Model): Quantity[] {
  return [...inputs, ...targets, ...params, ...definitions.map(({ quantity }) => quantity)];
}

/** The wide sizes that stand in statements as numbers: derivatives hold them as numbers too. */
function usedAsNumbers({ general: { definitions }, widths }: StandIn): Set<number> {
  const bodies = definitions.flatMap(({ clauses }: Definition) => clauses.map(({ body }) => body));
  const used = postorder(bodies, (node) => node.children).flatMap((node) =>
    node.kind === "size" ? node.size.names : [],
  );
  return new Set(used.flatMap((name) => widths.get(name) ?? []));
}

/** Raised where an equation holds a size that nothing is known to stand in for. */
class UnknownWidthError extends RangeError {
  constructor(size: Size) {
    super(`nothing stands in for the size ${size.toString()}`);
  }
}

/** Sizes of a model where its axes have other lengths than it says. */
class StandInSizes extends Map<string, number> {
  constructor(
    private readonly stands: ReadonlyMap<string, Size>,
    private readonly named: SizeValues,
  ) {
    super(named);
  }

  /** @throws UnknownWidthError for what may be a wide size and is none of the model's axes */
  standIn(size: Size): number {
    const { constant } = size;
    if (constant !== undefined && Math.abs(constant) <= WIDEST_KEPT) return constant;
    const stand = this.stands.get(size.key);
    if (stand) return stand.plain(this.named);
    const isKept = size.terms.every(({ coefficient }) => Math.abs(coefficient) <= WIDEST_KEPT);
    if (!isKept) throw new UnknownWidthError(size);
    return size.plain(this.named);
  }
}
