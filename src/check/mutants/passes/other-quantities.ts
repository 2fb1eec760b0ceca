/**
 * One quantity in place of another in all lines of the backward pass, as where its code gives one of them the
 * name of the other: alpha for s = alpha / 2, z for h = tanh(z), in a loop the state of this step for that before.
 */
import type { Expression, ReferenceNode } from "../../../expression/expression.js";
import type { Quantity } from "../../../expression/quantity.js";
import { sameShape } from "../../../expression/size.js";
import { references } from "../../../expression/walk.js";
import { listed } from "../../../language/words.js";
import { adjointName } from "../../explanations/words.js";
import type { Backward, Change, Edge } from "../../pass/backward.js";
import { Loops } from "../../pass/loops.js";
import { stepOf } from "../../pass/recurrences.js";
import type { Kind } from "../family.js";
import type { Mutant } from "../mutant.js";

/** A little more than the same in one line; of a loop's states, that of the next step is rather taken. */
const COST = 2.1;
const NEXT_COST = 1.9;
/** So many lines are told by their names. */
const MOST_NAMED = 5;

export const OTHER_QUANTITIES: Kind<Backward> = {
  least: NEXT_COST,
  make: ({ backward }) => otherQuantities(backward),
};

/** A line that uses a quantity; of a loop that of one step. */
interface Use {
  readonly edge: Edge;
  readonly body: Expression;
  readonly reference: ReferenceNode;
  readonly step: number | undefined;
}

/** All uses of what has one name in the code, and the lines of the code that have them. */
interface Role {
  readonly uses: Use[];
  readonly lines: Set<string | Edge>;
}

function* otherQuantities(backward: Backward): Generator<Mutant> {
  const named = new Names(backward);
  for (const { uses, lines } of rolesOf(backward, named).values()) {
    // of a single line other families know
    if (lines.size < 2) continue;
    const [first] = uses;
    const own = first!.reference.quantity;
    for (const other of relativesOf(backward, own)) {
      const name = named.of(other, first!.step);
      const others = uses.map(({ step }) => named.quantity(name, step));
      if (!others.every((one) => one && sameShape(one.shape, own.shape))) continue;
      yield {
        fault: faultOf(backward, own, other, first!.step !== undefined, uses),
        cost: first!.step !== undefined && isNext(own, other) ? NEXT_COST : COST,
        change: () => replacing(backward, uses, others as readonly Quantity[]),
      };
    }
  }
}

/** What quantities are called in code: in a loop relative to the step. */
class Names {
  private readonly loops: Loops;
  private readonly known = new Map<number | undefined, ReadonlyMap<string, Quantity>>();

  constructor(private readonly backward: Backward) {
    this.loops = Loops.of(backward);
  }

  /** The line of the code, and the step at which it is, that a contribution comes from. */
  placeOf(edge: Edge): { readonly line: string | Edge; readonly step: number | undefined } {
    const place = this.loops.placeOfEdge(edge);
    return place ? { line: place.code, step: place.step } : { line: edge, step: undefined };
  }

  of({ name }: Quantity, step: number | undefined): string {
    return step === undefined ? name : this.loops.relative(name, step);
  }

  /** The quantity that has a name at a step, if any has. */
  quantity(name: string, step: number | undefined): Quantity | undefined {
    let all = this.known.get(step);
    if (!all) {
      const { order } = this.backward;
      this.known.set(step, (all = new Map(order.map((one) => [this.of(one, step), one]))));
    }
    return all.get(name);
  }
}

function rolesOf(backward: Backward, named: Names): Map<string, Role> {
  const roles = new Map<string, Role>();
  for (const edge of backward.edges) {
    const body = backward.withNames(edge.clause.body);
    const { line, step } = named.placeOf(edge);
    for (const reference of references([body])) {
      const { quantity } = reference;
      if (quantity.of) continue;
      // a line outside of a loop has a name of its own for what the loop has another for
      const key = `${step === undefined ? "" : "at a step "}${named.of(quantity, step)}`;
      const role = roles.get(key) ?? { uses: [], lines: new Set() };
      role.uses.push({ edge, body, reference, step });
      roles.set(key, { uses: role.uses, lines: role.lines.add(line) });
    }
  }
  return roles;
}

/**
 * What a quantity is taken for: what it is computed from, what is computed from it, another number, the same of the
 * next step.
 */
function relativesOf(backward: Backward, quantity: Quantity): Quantity[] {
  const { model, order } = backward;
  const isNumber = quantity.shape.length === 0;
  const readers = new Set(backward.into(quantity).map(({ from }) => from));
  const read = new Set(backward.outOf(quantity).map(({ to }) => to));
  return order.filter(
    (one) =>
      one !== quantity &&
      one !== model.loss &&
      one.role !== "auxiliary" &&
      sameShape(one.shape, quantity.shape) &&
      (isNumber || readers.has(one) || read.has(one) || isNext(quantity, one)),
  );
}

/** Whether a quantity is another one of the next step. */
function isNext(quantity: Quantity, next: Quantity): boolean {
  const [step, other] = [quantity, next].map(stepOf);
  return step !== undefined && other?.stem === step.stem && other.number === step.number + 1;
}

function replacing({ graph }: Backward, uses: readonly Use[], others: readonly Quantity[]): Change {
  const bodies = new Map<Edge, Expression>();
  for (const [k, { edge, body, reference }] of uses.entries()) {
    const other = graph.reference(others[k]!, reference.indices);
    const before = bodies.get(edge) ?? body;
    bodies.set(
      edge,
      graph.transform(before, (node) => (node === reference ? other : undefined)),
    );
  }
  return {
    removed: new Set(bodies.keys()),
    added: [...bodies].map(([edge, body]) => ({ ...edge, clause: { ...edge.clause, body } })),
  };
}

/** Nobody computes derivatives by data: lines of these are not told. */
function faultOf(
  backward: Backward,
  own: Quantity,
  other: Quantity,
  isInLoop: boolean,
  uses: readonly Use[],
): Mutant["fault"] {
  const all = [...new Set(uses.map(({ edge }) => edge.to))];
  const learned = all.filter((one) => !backward.isData(one));
  const places = learned.length > 0 ? learned : all;
  const details = { used: other.name, instead: own.name };
  return {
    cause: "wrong-variable",
    details: () => details,
    firstIn: places.map(({ name }) => name),
    say: (claim) => {
      const when = isInLoop ? "at every step, such as the last, " : "";
      const named = places.length > MOST_NAMED ? "" : ` (${listed(places.map(adjointName))})`;
      return `${claim}: ${when}${other.name} is used where ${own.name} belongs in all lines of the backward pass that have it${named}: put ${own.name} in its place`;
    },
  };
}
