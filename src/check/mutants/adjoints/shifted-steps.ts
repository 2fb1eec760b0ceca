/** Another step of a sequence read in every line of a recurrence: dz_t·h_tᵀ for dz_t·h_(t−1)ᵀ. */
import type { Expression, ReferenceNode } from "../../../expression/expression.js";
import type { Quantity } from "../../../expression/quantity.js";
import { sameShape } from "../../../expression/size.js";
import { references } from "../../../expression/walk.js";
import type { Backward, Edge } from "../../pass/backward.js";
import { stemOf } from "../../pass/kinds.js";
import { adjointName } from "../../explanations/words.js";
import { faultAt, instead, type Mutant } from "../mutant.js";
import { combined } from "../../pass/changes.js";
import type { Kind } from "../family.js";

/** A contribution of one step, and what it reads of the sequence. */
interface Read {
  readonly edge: Edge;
  /** With names for what has one. */
  readonly body: Expression;
  readonly reference: ReferenceNode;
}

/** The next step's quantity in every contribution to a parameter that several steps share. */
export const SHIFTED_STEPS: Kind<Quantity> = {
  least: 2.05,
  make: ({ backward }, quantity) => shiftedSteps(backward, quantity),
};

function* shiftedSteps(backward: Backward, to: Quantity): Generator<Mutant> {
  if (to.role !== "parameter") return;
  for (const steps of sequencesInto(backward, to)) {
    const reads = steps.map(({ reference }) => reference.quantity);
    const last = afterLast(backward, steps.at(-1));
    if (!last || reads.some(({ shape }) => !sameShape(shape, last.shape))) continue;
    const used = [...reads.slice(1), last];
    yield {
      fault: faultAt(to, "wrong-variable", () => {
        const [given, belonging] = [used, reads].map((all) =>
          all.map(({ name }) => name).join(", "),
        );
        return {
          used: given!,
          instead: belonging!,
          what: `computed with ${given!} where ${belonging!} belong: ${adjointName(to)} reads the step before`,
        };
      }),
      cost: 2.05,
      change: () =>
        combined(
          steps.map(({ edge, body, reference }, k) => {
            const other = backward.graph.reference(used[k]!, reference.indices);
            const changed = backward.graph.transform(body, (node) =>
              node === reference ? other : undefined,
            );
            return instead(edge, changed);
          }),
        ),
    };
  }
}

/** The contributions of z1, z2, z3, …, each with a quantity of its own, in the order of the forward pass. */
function sequencesInto(backward: Backward, to: Quantity): Read[][] {
  const groups = new Map<string, Read[]>();
  for (const edge of backward.into(to).toReversed()) {
    const body = backward.withNames(edge.clause.body);
    // the slope of a step is written with what it computes
    const [reference, ...others] = references([body]).filter(
      ({ quantity }) => !quantity.of && quantity !== edge.from,
    );
    if (!reference || others.length > 0) continue;
    const stem = stemOf(edge.from);
    groups.set(stem, [...(groups.get(stem) ?? []), { edge, body, reference }]);
  }
  return [...groups.values()].filter(
    (steps) =>
      steps.length > 1 &&
      new Set(steps.map(({ reference }) => reference.quantity)).size === steps.length,
  );
}

/** What the last step computes of the sequence that it reads: h3, where it reads h2. */
function afterLast(backward: Backward, last: Read | undefined): Quantity | undefined {
  const read = last?.reference.quantity;
  const users = last
    ? [last.edge.from, ...backward.into(last.edge.from).map(({ from }) => from)]
    : [];
  const further = users.flatMap((one) => backward.into(one).map(({ from }) => from));
  return [...users, ...further].find(
    (one) => read && one.role === "definition" && stemOf(one) === stemOf(read),
  );
}
