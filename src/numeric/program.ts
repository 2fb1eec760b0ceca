/** What is computed, in order: the loss, and the adjoints of what is asked for. */
import { NamedBodies } from "../calculus/named.js";
import { limitingPartials } from "../calculus/occurrences.js";
import { sweep } from "../calculus/sweep.js";
import type { Definition } from "../expression/definition.js";
import type { Graph } from "../expression/graph.js";
import type { Quantity } from "../expression/quantity.js";
import { references } from "../expression/walk.js";
import { inline } from "./inline.js";
import { Plans } from "./interpret.js";
import { Lowering } from "./lower.js";
import { reveal } from "./reveal.js";
import { stabilise } from "./stable.js";

export interface NumericProgram {
  /** In order of evaluation; adjoints stand behind the loss. */
  readonly definitions: readonly Definition[];
  readonly loss: Quantity;
  /** The adjoint of every quantity that was asked for. */
  readonly adjoints: ReadonlyMap<Quantity, Quantity>;
  /** Whether it computes what is written, with no statement rewritten for stability. */
  readonly isAsWritten: boolean;
  /** How its definitions are computed in arithmetics other than doubles. */
  readonly plans: Plans;
}

export interface ProgramSource {
  readonly graph: Graph;
  readonly definitions: readonly Definition[];
  readonly loss: Quantity;
}

/**
 * @param wanted quantities whose adjoints are computed
 * @param values further definitions whose values are computed
 * @param asWritten leaves the statements as they are, where overflow and cancellation may spoil them
 */
export function numericProgram(
  { graph, definitions, loss }: ProgramSource,
  wanted: readonly Quantity[],
  values: readonly Quantity[] = [],
  { asWritten = false }: { readonly asWritten?: boolean } = {},
): NumericProgram {
  const lowering = new Lowering(graph);
  const stable = asWritten
    ? { definitions, isAsWritten: true }
    : stabilise(graph, definitions, new Set(wanted));
  for (const definition of stable.definitions) lowering.add(definition);
  const named = new NamedBodies(graph);
  const forward = [...lowering.definitions];
  for (const definition of forward) named.add(definition);
  const options = { wanted, constant: lowering.shifts, rule: limitingPartials };
  const swept = sweep(graph, forward, loss, options);
  const adjoints = new Map<Quantity, Quantity>();
  for (const [quantity, { quantity: adjoint, clauses }] of swept) {
    const bodies = clauses.map((clause) => ({ ...clause, body: named.apply(clause.body) }));
    lowering.add({ quantity: adjoint, clauses: bodies });
    adjoints.set(quantity, adjoint);
  }
  const asked = new Map(wanted.map((quantity) => [quantity, adjoints.get(quantity)!]));
  const roots = [loss, ...values, ...asked.values()];
  const { isAsWritten } = stable;
  const kept = needed(lowering.definitions, roots);
  return { definitions: kept, loss, adjoints: asked, isAsWritten, plans: new Plans() };
}

/** A program with the same loss and adjoints that stores and reads fewer numbers. */
export function condensed(graph: Graph, program: NumericProgram): NumericProgram {
  const roots = [program.loss, ...program.adjoints.values()];
  const definitions = reveal(graph, program.definitions);
  return { ...program, definitions: inline(graph, definitions, new Set(roots)) };
}

/** The definitions that the roots depend on. */
function needed(definitions: readonly Definition[], roots: readonly Quantity[]): Definition[] {
  const used = new Set(roots);
  const kept: Definition[] = [];
  for (const definition of definitions.toReversed()) {
    if (!used.has(definition.quantity)) continue;
    kept.push(definition);
    for (const { quantity } of references(definition.clauses.map(({ body }) => body))) {
      used.add(quantity);
    }
  }
  return kept.reverse();
}
