/**
 * The ways from a quantity to the loss in the order in which they are named and added: in the order of the loss's
 * statement, of one part of it first what was defined first, which is the longest way, and what acts directly last.
 */
import type { Quantity } from "../expression/quantity.js";
import { references } from "../expression/walk.js";
import type { Model } from "../language/model.js";
import { namesIn } from "../language/syntax.js";

export type Places = ReadonlyMap<Quantity, number>;

/** From inputs to loss, where a quantity stands; a parameter stands wherever it is used. */
export interface Stages {
  readonly of: Places;
  /** Where it is used, from the first to the last. */
  readonly uses: ReadonlyMap<Quantity, readonly number[]>;
}

/** A quantity stands where it is defined, an input where it is first used. */
export function stagesOf({ definitions }: Pick<Model, "definitions">): Stages {
  const of = new Map<Quantity, number>();
  const uses = new Map<Quantity, number[]>();
  for (const [position, { quantity, clauses }] of definitions.entries()) {
    of.set(quantity, position + 1);
    const bodies = clauses.map(({ body }) => body);
    for (const used of new Set(references(bodies).map((one) => one.quantity))) {
      // just below what it is used for: before what it is multiplied with, wherever that is
      const use = position + 0.75;
      uses.set(used, [...(uses.get(used) ?? []), use]);
      if (used.role !== "parameter" && !of.has(used)) of.set(used, use);
    }
  }
  return { of, uses };
}

/** Through which place of the loss's statement a quantity acts on the loss first. */
export function reachOf({ program, scope, definitions, loss }: Model): Places {
  const statement = program.statements.find(({ name }) => scope.get(name)?.quantity === loss);
  const used = statement ? [...namesIn(statement.expression)] : [];
  const inLoss = used.flatMap((name) => scope.get(name)?.quantity ?? []);
  const reach = new Map(inLoss.map((quantity, place) => [quantity, place]));
  for (const { quantity, clauses } of definitions.toReversed()) {
    const own = reach.get(quantity);
    if (own === undefined) continue;
    for (const one of references(clauses.map(({ body }) => body))) {
      const known = reach.get(one.quantity) ?? Infinity;
      if (own < known) reach.set(one.quantity, own);
    }
  }
  return reach;
}

export class Ways {
  private readonly stages: Stages;
  private readonly reach: Places;

  constructor(private readonly model: Model) {
    this.stages = stagesOf(model);
    this.reach = reachOf(model);
  }

  /** Compares what uses a quantity: the ways through one and the other. */
  compare(of: Quantity, a: Quantity, b: Quantity): number {
    const [one, other] = [this.place(of, a), this.place(of, b)];
    return one.reach - other.reach || one.stage - other.stage;
  }

  private place(of: Quantity, user: Quantity): { readonly reach: number; readonly stage: number } {
    const isDirect = user === this.model.loss;
    return {
      reach: this.reach.get(isDirect ? of : user) ?? 0,
      stage: isDirect ? Number.MAX_VALUE : (this.stages.of.get(user) ?? 0),
    };
  }
}
