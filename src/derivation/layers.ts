/** Layers, as names tell them, and the adjoints that are called δ. */
import type { Definition } from "../expression/definition.js";
import type { Expression } from "../expression/expression.js";
import { coefficients } from "../expression/given.js";
import { PerGraph } from "../expression/per-graph.js";
import type { Quantity } from "../expression/quantity.js";
import { postorder, references } from "../expression/walk.js";
import type { Model } from "../language/model.js";

/** A name of the form base + number, such as `z1` or `W2_out`. */
export interface LayerName {
  readonly base: string;
  readonly layer: string;
}

/** A name taken apart: a word, the number at its end, and what stands behind underscores. */
export interface NameParts {
  readonly word: string;
  readonly layer: string | undefined;
  readonly tail: readonly string[];
}

/** A number alone is a word. */
export function nameParts(name: string): NameParts {
  const [head = "", ...tail] = name.split("_").filter((piece) => piece !== "");
  const [, word, layer] = /^(.*?\D)(\d+)$/su.exec(head) ?? [];
  return { word: word ?? head, layer, tail };
}

/** The layer that a name tells; undefined where it tells none. */
export function layerName(name: string): LayerName | undefined {
  const { word, layer, tail } = nameParts(name);
  return layer === undefined ? undefined : { base: [word, ...tail].join("_"), layer };
}

/** The parameters whose names tell a layer. */
export function numberedParams({ params }: Pick<Model, "params">): readonly Quantity[] {
  return params.filter(({ name }) => layerName(name) !== undefined);
}

const series = new PerGraph(() => new Map<Model, boolean>());

/**
 * Whether one layer works on what another gives. Branches beside each other, numbered as they may
 * be, are no layers.
 */
export function hasLayers(model: Model): boolean {
  const known = series.of(model.graph);
  let has = known.get(model);
  if (has === undefined) known.set(model, (has = isInSeries(model, numberedParams(model))));
  return has;
}

function isInSeries(model: Model, numbered: readonly Quantity[]): boolean {
  if (numbered.length < 2) return false;
  /** The layers whose parameters act on a quantity. */
  const behind = new Map<Quantity, ReadonlySet<string>>();
  for (const { quantity, clauses } of model.definitions) {
    const used = references(clauses.map(({ body }) => body)).map((one) => one.quantity);
    const own = used
      .filter((one) => numbered.includes(one))
      .map(({ name }) => layerName(name)!.layer);
    const before = used.flatMap((one) => [...(behind.get(one) ?? [])]);
    if (before.length > 0 && own.some((layer) => !before.includes(layer))) return true;
    behind.set(quantity, new Set([...before, ...own]));
  }
  return false;
}

/** How the adjoints of a net's pre-activations are written: δ, or ∂L/∂z as all others. */
export type AdjointNames = "delta" | "derivative";

/** Quantities whose adjoints have names of their own, with the numbers of their layers. */
export type Deltas = ReadonlyMap<Quantity, string | undefined>;

const NONE: Deltas = new Map();

/**
 * The adjoints that a model's documents call δ: of the quantities into which parameters enter
 * directly, so that ∂L/∂w is δ times a local derivative. There are none where their layers do not
 * tell them apart, or where the model has a δ of its own. δ means the same in all derivations.
 * @param asked what alone the loss is differentiated by: ∂L/∂asked is the result, and keeps this name
 */
export function deltasOf(
  model: Model,
  asked: Quantity | undefined,
  names: AdjointNames = "delta",
): Deltas {
  if (names === "derivative") return NONE;
  const isTaken = [...model.scope].some(
    ([name, { quantity }]) =>
      /^(delta|δ)/iu.test(name) || (quantity?.symbol?.includes("\\delta") ?? false),
  );
  if (isTaken) return NONE;
  const uses = usesIn(model);
  const made = madeOfParameters(model, uses);
  const deltas = new Map(
    between(model, uses).flatMap(({ quantity, used }) => {
      const parameters = used.filter(({ role }) => role === "parameter");
      return parameters.length === 0 || made.has(quantity)
        ? []
        : [[quantity, layerOf(quantity, parameters)] as const];
    }),
  );
  // δ is the derivative by what goes into an activation, not by what comes out of it
  const isLinear = model.definitions.every(
    (definition) => !deltas.has(definition.quantity) || !isBent(definition),
  );
  if (!isLinear) return NONE;
  const layers = [...deltas.values()];
  const isTold = !layers.includes(undefined) && new Set(layers).size === layers.length;
  if (deltas.size > 1 && !isTold) return NONE;
  return new Map([...deltas].filter(([of]) => of !== asked));
}

/** A definition, and the quantities in it. */
interface Use {
  readonly quantity: Quantity;
  readonly used: readonly Quantity[];
}

function usesIn({ definitions }: Model): readonly Use[] {
  return definitions.map(({ quantity, clauses }) => ({
    quantity,
    used: references(clauses.map(({ body }) => body)).map((one) => one.quantity),
  }));
}

/** The definitions that the loss uses, directly or through others. */
function between({ loss }: Model, uses: readonly Use[]): readonly Use[] {
  const behind = new Set([loss]);
  for (const { quantity, used } of uses.toReversed()) {
    if (!behind.has(quantity)) continue;
    for (const one of used) behind.add(one);
  }
  return uses.filter(({ quantity }) => quantity !== loss && behind.has(quantity));
}

/** Whether a parameter stands inside a function. */
function isBent({ clauses }: Definition): boolean {
  const nodes = postorder(
    clauses.map(({ body }) => body),
    (one: Expression) => one.children,
  );
  return [...nodes].some(
    (node) =>
      node.kind === "apply" &&
      references([node]).some(({ quantity }) => quantity.role === "parameter"),
  );
}

/** What is made of parameters and given numbers alone, such as a penalty λ Σ w². */
export function madeOfParameters(model: Model, uses = usesIn(model)): ReadonlySet<Quantity> {
  const given = coefficients(model);
  const made = new Set<Quantity>();
  const isParameter = (one: Quantity): boolean => one.role === "parameter" || made.has(one);
  for (const { quantity, used } of uses) {
    const isMade = used.every((one) => isParameter(one) || given.has(one));
    if (isMade && used.some(isParameter)) made.add(quantity);
  }
  return made;
}

/** The layer that the name of a quantity tells, or else the names of its parameters. */
function layerOf({ name }: Quantity, parameters: readonly Quantity[]): string | undefined {
  const own = layerName(name)?.layer;
  if (own !== undefined) return own;
  const layers = new Set(parameters.map((one) => layerName(one.name)?.layer));
  return layers.size === 1 ? [...layers][0] : undefined;
}
