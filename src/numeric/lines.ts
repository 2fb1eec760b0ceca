/** The loss along lines through a point: on each of them one entry of one parameter moves. */
import type { Quantity } from "../expression/quantity.js";
import { entryCount } from "../expression/size.js";
import type { Model } from "../language/model.js";
import type { CheckedPoint } from "../language/point.js";
import { assemble } from "./machine.js";
import { numericProgram } from "./program.js";
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
  /** Entries of all parameters together; every parameter has its fewest nevertheless. */
  readonly mostEntries: number;
  /** Evaluations of the loss that one line will need. */
  readonly evaluations: number;
}

const FEWEST_ENTRIES = 8;

export function lossLines(
  model: Model,
  { sizes, entries }: CheckedPoint,
  { seed, maxWork, mostEntries, evaluations }: LineOptions,
): LossLines {
  const { params: parameters } = model;
  const data = [...model.inputs, ...model.targets];
  const program = numericProgram(model, []);
  const { arrays, locate, run } = assemble(program, parameters, data, sizes);
  for (const quantity of data) arrays.get(locate(quantity).array)!.set(entries.get(quantity)!);
  const counts = parameters.map(({ shape }) => entryCount(shape).evaluate(sizes));
  const theta = new Float64Array(counts.reduce((sum, count) => sum + count, 0));
  for (const parameter of parameters) theta.set(entries.get(parameter)!, locate(parameter).offset);
  const unused = new Float64Array(0);

  const runs = maxWork / Math.max(1, work(program.definitions, sizes, 8));
  const affordable = Math.min(mostEntries, Math.floor(runs / evaluations));
  const shares = share(counts, Math.max(affordable, FEWEST_ENTRIES * parameters.length));
  const generator = random(seed);
  const lineOf = (place: number, position: number): Line => {
    const here = theta[place]!;
    const at = (value: number): number => {
      theta[place] = value;
      const loss = run(theta, unused);
      theta[place] = here;
      return loss;
    };
    return { position, here, at };
  };
  return {
    loss: run(theta, unused),
    parameters: parameters.map((parameter, which): ParameterLines => {
      const { offset } = locate(parameter);
      const positions = sample(generator, counts[which]!, shares[which]!);
      const lines = positions.map((position) => lineOf(offset + position, position));
      return { parameter, total: counts[which]!, lines };
    }),
  };
}

/** Shares a number of entries out: small parameters whole, the rest evenly to the large ones. */
function share(counts: readonly number[], available: number): number[] {
  const shares = counts.map(() => 0);
  let left = available;
  const bySize = counts.map((_, which) => which).sort((a, b) => counts[a]! - counts[b]!);
  for (const [done, which] of bySize.entries()) {
    const fair = Math.max(FEWEST_ENTRIES, Math.floor(left / (counts.length - done)));
    shares[which] = Math.min(counts[which]!, fair);
    left -= shares[which];
  }
  return shares;
}
