/** What some steps of a loop contribute to the parameters is lost: it ends too early, or assigns for adding. */
import type { Quantity } from "../../../expression/quantity.js";
import type { Backward, Change, Edge } from "../../pass/backward.js";
import { Loops } from "../../pass/loops.js";
import { faultAt, type Mutant } from "../mutant.js";
import type { Kind } from "../family.js";

/** Of more steps than this nothing is left that anybody would notice. */
const MOST_KEPT = 4;

/** A contribution of a loop to a parameter, and the step that makes it. */
interface Contribution {
  readonly edge: Edge;
  readonly step: number;
}

export const KEPT_STEPS: Kind<Backward> = {
  least: 1.7,
  make: ({ backward }) => keptSteps(backward),
};

function* keptSteps(backward: Backward): Generator<Mutant> {
  const all = backward.model.params.flatMap((parameter) => contributionsTo(backward, parameter));
  yield* endsEarly(all);
  for (const parameter of backward.model.params) {
    const own = all.filter(({ edge }) => edge.to === parameter);
    yield* assigned(own, parameter, 1.7);
  }
  yield* assigned(all, undefined, 1.85);
}

/** Those of loops with two steps or more. */
function contributionsTo(backward: Backward, parameter: Quantity): Contribution[] {
  const loops = Loops.of(backward);
  const found = backward.into(parameter).flatMap((edge): Contribution[] => {
    const place = loops.placeOfQuantity(edge.from);
    return place ? [{ edge, step: place.step }] : [];
  });
  return stepsOf(found).length > 1 ? found : [];
}

/** Back from the last step, the loop makes only a few. */
function* endsEarly(all: readonly Contribution[]): Generator<Mutant> {
  const steps = stepsOf(all);
  for (let kept = 1; kept < Math.min(steps.length, MOST_KEPT + 1); kept++) {
    const first = steps[steps.length - kept]!;
    yield {
      fault: faultAt(undefined, "missing-term", () => {
        const term = kept === 1 ? `all steps but the last` : `all steps but the last ${kept}`;
        return {
          term,
          what: `what ${kept === 1 ? "the last step adds" : `the last ${kept} steps add`} to the right gradient: go back over all steps`,
        };
      }),
      cost: 1.9,
      change: () => without(all, ({ step }) => step < first),
    };
  }
}

/** The loop goes back over the steps and ends with the first one, whose contribution remains. */
function* assigned(
  own: readonly Contribution[],
  at: Quantity | undefined,
  cost: number,
): Generator<Mutant> {
  const [first] = stepsOf(own);
  if (first === undefined) return;
  yield {
    fault: faultAt(at, "not-summed", () => ({
      term: "the contributions of other steps",
      what: `computed with = where += belongs: of the contributions of all steps only that of the first is kept`,
    })),
    cost,
    change: () => without(own, ({ step }) => step > first),
  };
}

function without(all: readonly Contribution[], isLost: (one: Contribution) => boolean): Change {
  return { removed: new Set(all.filter(isLost).map(({ edge }) => edge)), added: [] };
}

/** In the order of the forward pass. */
function stepsOf(all: readonly Contribution[]): number[] {
  return [...new Set(all.map(({ step }) => step))].sort((a, b) => a - b);
}
