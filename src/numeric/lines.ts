/** The loss along lines through a point: on each of them one entry of one parameter moves. */
import type { Quantity } from "../expression/quantity.js";
import { entryCount } from "../expression/size.js";
import { references } from "../expression/walk.js";
import type { Model } from "../language/model.js";
import type { CheckedPoint } from "../language/point.js";
import { assembleSteps } from "./machine.js";
import { numericProgram, type NumericProgram } from "./program.js";
import { random, sample } from "./prng.js";
import { work } from "./work.js";

export interface Line {
  /** Row-major position of the entry that moves. */
  readonly position: number;
  /** Its value at the point. */
  readonly here: number;
  /** The compiled loss where the entry has another value. */
  readonly at: (value: number) => number;
}

/** Lines of some entries of one parameter. */
export interface ParameterLines {
  readonly parameter: Quantity;
  /** Number of its entries. */
  readonly total: number;
  readonly lines: readonly Line[];
}

export interface LossLines {
  /** The compiled loss at the point. */
  readonly loss: number;
  readonly parameters: readonly ParameterLines[];
}

export interface LineOptions {
  /** Chooses the entries where there are too many for all. */
  readonly seed: number;
  /** About how many elementary operations may be spent. */
  readonly maxWork: number;
  /** Entries of all parameters together; every parameter has one nevertheless, and a few where that is no long work. */
  readonly mostEntries: number;
  /** Evaluations of the loss that one line will need. */
  readonly evaluations: number;
}

const FEWEST_ENTRIES = 8;
/** How much more work than may be spent the fewest entries of all parameters may be. */
const MOST_EXCESS = 4;

export function lossLines(
  model: Model,
  { sizes, entries }: CheckedPoint,
  { seed, maxWork, mostEntries, evaluations }: LineOptions,
): LossLines {
  const { params: parameters } = model;
  const data = [...model.inputs, ...model.targets];
  const program = numericProgram(model, []);
  const { arrays, locate, steps } = assembleSteps(program, parameters, data, sizes);
  for (const quantity of data) arrays.get(locate(quantity).array)!.set(entries.get(quantity)!);
  const counts = parameters.map(({ shape }) => entryCount(shape).evaluate(sizes));
  const theta = new Float64Array(counts.reduce((sum, count) => sum + count, 0));
  for (const parameter of parameters) theta.set(entries.get(parameter)!, locate(parameter).offset);
  const unused = new Float64Array(0);
  const compute = (which: readonly number[]): void => {
    for (const step of which) steps[step]!(theta, unused);
  };
  const lossAt = locate(program.loss);
  const lossArray = arrays.get(lossAt.array)!;

  const runs = maxWork / Math.max(1, work(program.definitions, sizes, 8));
  const affordable = Math.min(mostEntries, Math.floor(runs / evaluations));
  const most = Math.floor((MOST_EXCESS * runs) / (evaluations * parameters.length));
  const fewest = Math.max(1, Math.min(FEWEST_ENTRIES, most));
  const shares = share(counts, Math.max(affordable, fewest * parameters.length), fewest);
  const generator = random(seed);
  const dependentsOf = dependencies(program);
  compute([...steps.keys()]);
  const loss = lossArray[lossAt.offset]!;
  /** What still stands as it is elsewhere on the line that was asked last. */
  let moved: readonly number[] = [];
  const lineOf = (place: number, position: number, dependents: readonly number[]): Line => {
    const here = theta[place]!;
    const at = (value: number): number => {
      if (moved !== dependents) compute(moved);
      moved = dependents;
      theta[place] = value;
      compute(dependents);
      theta[place] = here;
      return lossArray[lossAt.offset]!;
    };
    return { position, here, at };
  };
  return {
    loss,
    parameters: parameters.map((parameter, which): ParameterLines => {
      const { offset } = locate(parameter);
      const positions = sample(generator, counts[which]!, shares[which]!);
      const dependents = dependentsOf(parameter);
      const lines = positions.map((position) => lineOf(offset + position, position, dependents));
      return { parameter, total: counts[which]!, lines };
    }),
  };
}

/** What tells the places of the definitions in which something changes when a quantity does. */
function dependencies({ definitions }: NumericProgram): (moving: Quantity) => number[] {
  const uses = definitions.map(({ clauses }) =>
    references(clauses.map(({ body }) => body)).map(({ quantity }) => quantity),
  );
  return (moving) => {
    const changed = new Set([moving]);
    return [...definitions.keys()].filter((place) => {
      const isChanged = uses[place]!.some((one) => changed.has(one));
      if (isChanged) changed.add(definitions[place]!.quantity);
      return isChanged;
    });
  };
}

/** Shares a number of entries out: small parameters whole, the rest evenly to the large ones. */
function share(counts: readonly number[], available: number, fewest: number): number[] {
  const shares = counts.map(() => 0);
  let left = available;
  const bySize = counts.map((_, which) => which).sort((a, b) => counts[a]! - counts[b]!);
  for (const [done, which] of bySize.entries()) {
    const fair = Math.max(fewest, Math.floor(left / (counts.length - done)));
    shares[which] = Math.min(counts[which]!, fair);
    left -= shares[which];
  }
  return shares;
}
