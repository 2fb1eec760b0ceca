/** Slips in the code of a loop that is written out: one slip, made at every step. */
import type { ReferenceNode } from "../../../expression/expression.js";
import type { Backward, Edge } from "../../pass/backward.js";
import { combined } from "../../pass/changes.js";
import { kindOf } from "../../pass/kinds.js";
import { type CodePlace, Loops } from "../../pass/loops.js";
import { modelText } from "../../explanations/words.js";
import { once } from "../../once.js";
import type { Family, Kind, Workshop } from "../family.js";
import type { Mutant } from "../mutant.js";

/** A place in the code, and the slips of some kinds that are made there. */
export interface Spot<Place> {
  /** In a loop that of the last step. */
  readonly place: Place;
  /** In a loop, at every step. */
  readonly families: readonly Family[];
  /** In a loop, the same at one of its steps only. */
  readonly atOneStep: readonly Family[];
}

/** Something at one step of a loop. */
interface AtStep<Thing> {
  readonly thing: Thing;
  readonly step: number;
}

/**
 * @param inCode where in the code of a loop a place is; undefined for one in no loop
 * @param alike which slips at two steps are one
 */
export function spotsOf<Place>(
  workshop: Workshop,
  places: readonly Place[],
  kinds: readonly Kind<Place>[],
  inCode: (place: Place) => CodePlace | undefined,
  alike: Likeness = TOLD_ALIKE,
): Spot<Place>[] {
  const loops = Loops.of(workshop.scene.backward);
  const familiesAt = (place: Place): Family[] => kinds.map((kind) => workshop.family(kind, place));
  const codes = inTheCode(places, inCode);
  const inLoops = new Set(codes.flatMap((steps) => steps.map(({ thing }) => thing)));
  return [
    ...codes.map((steps) => {
      const families = kinds.map((kind) => {
        const own = steps.map(({ thing, step }) => ({ thing: workshop.family(kind, thing), step }));
        return atEveryStep(loops, kind.least, own, alike);
      });
      const atOneStep = steps.flatMap(({ thing }) => familiesAt(thing)).map(atOneStepOnly);
      return { place: steps[0]!.thing, families, atOneStep };
    }),
    ...places
      .filter((place) => !inLoops.has(place))
      .map((place) => ({ place, families: familiesAt(place), atOneStep: [] })),
  ];
}

/** The places that are one place in the code of a loop, for each that there is at two steps or more. */
function inTheCode<Place>(
  places: readonly Place[],
  inCode: (place: Place) => CodePlace | undefined,
): AtStep<Place>[][] {
  const found = new Map<string, AtStep<Place>[]>();
  const uses = new Map<string, number>();
  for (const place of places) {
    const own = inCode(place);
    if (!own) continue;
    const { code, step } = own;
    // a step that uses something twice does so in the same order as all others
    const use = (uses.get(`${step} ${code}`) ?? 0) + 1;
    uses.set(`${step} ${code}`, use);
    const known = found.get(`${use} ${code}`);
    if (known) known.push({ thing: place, step });
    else found.set(`${use} ${code}`, [{ thing: place, step }]);
  }
  return [...found.values()].filter(({ length }) => length > 1);
}

/**
 * A loop has one line for all steps: costlier mistakes at one of them are only made after all that are made at
 * every step, in models that write a line for each.
 */
const MOST_AT_ONE_STEP = 2;
const AT_ONE_STEP = 0.5;

/** The mistakes of a family, told to be made at one step of a loop only. */
function atOneStepOnly({ mutants, ...family }: Family): Family {
  const costOf = (cost: number): number => cost + (cost > MOST_AT_ONE_STEP ? AT_ONE_STEP : 0);
  return {
    ...family,
    least: costOf(family.least),
    mutants: once(() =>
      mutants().map((one) => ({ ...one, cost: costOf(one.cost), isOneStep: true })),
    ),
  };
}

/** The mistakes that are one slip at two steps or more, made at all of them. */
function atEveryStep(
  loops: Loops,
  least: number,
  families: readonly AtStep<Family>[],
  alike: Likeness,
): Family {
  const mutants = once(() => {
    const slips = new Map<string, Mutant[]>();
    for (const { thing: family, step } of families) {
      const counts = new Map<string, number>();
      for (const mutant of family.mutants()) {
        const slip = `${mutant.cost} ${alike(loops, mutant, step)}`;
        // those that are alike are made in the same order at every step
        const count = (counts.get(slip) ?? 0) + 1;
        counts.set(slip, count);
        const known = slips.get(`${count} ${slip}`);
        if (known) known.push(mutant);
        else slips.set(`${count} ${slip}`, [mutant]);
      }
    }
    return [...slips.values()].filter(({ length }) => length > 1).map(together);
  });
  return { least, mutants, isRepeated: true };
}

/** What makes slips at two steps the same one: equal texts. */
export type Likeness = (loops: Loops, mutant: Mutant, step: number) => string;

/**
 * What is told of a mistake beside its sentence, whatever it is a function of that a derivative is taken of, and
 * wherever it leads to: the first step leads to what is given.
 */
export const TOLD_ALIKE: Likeness = (loops, { fault, site }, step) => {
  const { cause, details, arisesIn, isForward } = fault;
  const text = Object.entries({ cause, ...details?.(), arisesIn, isForward })
    .map(([what, value]) => `${what}: ${[value].flat().join(" ")}`)
    .sort()
    .join();
  return loops.relative(site ? text.replaceAll(modelText(site.child), "…") : text, step);
};

/** Of slips in lines, what becomes of the lines: found out sooner than what is told of them. */
export const changedAlike =
  (backward: Backward): Likeness =>
  (loops, { fault, change, way }, step) => {
    const use = useIn(loops, step);
    const { removed, added } = change();
    const code = ({ from, to, clause }: Edge): string => {
      const places = clause.indices.map(({ key }) => key).join();
      return `${loops.relative(`${from.name} > ${to.name}`, step)} ${places} ${kindOf(backward.withNames(clause.body), undefined, use)}`;
    };
    const lines = [[...removed], added].map((edges) => edges.map(code).sort().join("; "));
    return [fault.cause, way, ...lines].join(" | ");
  };

function useIn(loops: Loops, step: number): (node: ReferenceNode) => string {
  return ({ quantity: { name }, indices }) =>
    `${loops.relative(name, step)}[${indices.map(({ key }) => key).join()}]`;
}

/** @param steps the last one first */
function together(steps: readonly Mutant[]): Mutant {
  const { fault, second: _, site: __, ...first } = steps[0]!;
  return {
    ...first,
    fault: { ...fault, say: (claim) => `at every step, such as the last: ${fault.say(claim)}` },
    change: once(() => combined(steps.map(({ change }) => change()))),
    slips: steps,
  };
}
