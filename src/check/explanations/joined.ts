/** One slip that is made of two: a name for another one in two lines, or two names for each other. */
import { listed } from "../../language/words.js";
import type { FaultDetails } from "../result.js";
import type { Fault } from "./hypothesis.js";
import { adjointName } from "./words.js";

/** The faults of an explanation, two that are one slip told as one. */
export function joined(faults: readonly Fault[]): readonly Fault[] {
  const [a, b, ...others] = faults;
  if (!a || !b || others.length > 0) return faults;
  const [first, second] = [placeOf(a), placeOf(b)];
  if (!first || !second) return faults;
  const { used, instead } = first;
  if (used === second.used && instead === second.instead) {
    return first.at === second.at ? faults : [inBothLines(first, second)];
  }
  const isExchanged = used === second.instead && instead === second.used;
  return isExchanged && first.at === second.at ? [exchangedIn(first)] : faults;
}

/** A name that stands for another one in the line of a derivative. */
interface Place {
  readonly at: string;
  readonly used: string;
  readonly instead: string;
}

const NAME = /^[A-Za-z]\w*$/;

function placeOf({ cause, details, arisesIn, isForward }: Fault): Place | undefined {
  if (cause !== "wrong-variable" || arisesIn === undefined || isForward) return undefined;
  const { used, instead }: FaultDetails = details?.() ?? {};
  if (!used || !instead || ![used, instead].every((name) => NAME.test(name))) return undefined;
  return { at: arisesIn, used, instead };
}

function inBothLines({ at, used, instead }: Place, other: Place): Fault {
  const places = [at, other.at];
  const lines = listed(places.map((name) => adjointName({ name })));
  return {
    cause: "wrong-variable",
    details: () => ({ used, instead }),
    firstIn: places,
    say: (claim) =>
      `${claim}: in the lines of ${lines} ${used} is used where ${instead} belongs: put ${instead} in its place`,
  };
}

function exchangedIn({ at, used, instead }: Place): Fault {
  const name = adjointName({ name: at });
  const what = `computed with ${used} and ${instead} changed over: put each in the place of the other`;
  return {
    cause: "wrong-variable",
    details: () => ({ used, instead }),
    arisesIn: at,
    say: (claim) =>
      claim === name ? `${claim} is ${what}` : `${claim} follows from ${name}, which is ${what}`,
  };
}
