/** Options that commands share, and what is wrong with the way a command was called. */
import { type Command, InvalidArgumentError } from "commander";
import { InputError, nearest } from "../language/source.js";
import { LARGEST_STEP } from "../numeric/step.js";

/** 0 all right, 1 a gradient or a check is wrong, 2 the usage or the input is wrong. */
export type Status = 0 | 1 | 2;

/** How a command hands back its status. */
export type Finish = (status: Status) => void;

/** The command line is wrong, not a file. */
export class UsageError extends InputError {
  override readonly name = "UsageError";

  constructor(message: string, hint?: string) {
    super(`chainrule: ${message}`, { hint });
  }
}

/** The values of the options that every command has. */
export interface CommonOptions {
  readonly loss?: string;
  readonly at?: string;
  readonly seed?: number;
  readonly savePoint?: string;
}

export function addCommonOptions(command: Command): Command {
  return command
    .argument("<model>", "file of the model, or - for stdin")
    .option("--loss <name>", "the quantity that is the loss (default: the last one)", once)
    .option("--at <point>", "file with a point as JSON, or - for stdin", once)
    .option("--seed <number>", "seed of the random point, where none is given", seed)
    .option("--save-point <file>", "write the point that is used, as JSON", once)
    .allowExcessArguments(false);
}

/** For options whose value is taken as it is: a second one is refused. */
export function once(value: string, previous: string | undefined): string {
  if (previous !== undefined) throw new InvalidArgumentError("It is given twice.");
  return value;
}

const MAX_SEED = 2 ** 32 - 1;

function seed(text: string): number {
  return wholeNumber(text, 0, MAX_SEED);
}

/** @throws InvalidArgumentError unless the text is a whole number within the bounds. */
export function wholeNumber(text: string, least: number, most: number): number {
  const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= least && value <= most)) {
    throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
  }
  return value;
}

const MAX_SECONDS = 86_400;

/** @throws InvalidArgumentError unless the text is a number of seconds up to a day. */
export function seconds(text: string): number {
  const value = /^\d{0,5}\.?\d{0,3}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value > 0 && value <= MAX_SECONDS)) {
    throw new InvalidArgumentError(`It must be a number of seconds up to ${MAX_SECONDS}.`);
  }
  return value;
}

/** @throws InvalidArgumentError unless the text is a number above 0 and at most {@link LARGEST_STEP}. */
export function step(text: string): number {
  const value = /^(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?$/i.test(text) ? Number(text) : Number.NaN;
  if (!(value > 0 && value <= LARGEST_STEP)) {
    throw new InvalidArgumentError(`It must be a number above 0 and at most ${LARGEST_STEP}.`);
  }
  return value;
}

/** One of a few words. */
export function oneOf<Word extends string>(words: readonly Word[]): (text: string) => Word {
  return (text) => {
    const found = words.find((word) => word === text);
    if (found !== undefined) return found;
    const near = nearest(text, words);
    const hint = near === undefined ? "" : ` Did you mean ${near}?`;
    throw new InvalidArgumentError(`Allowed are ${words.join(", ")}.${hint}`);
  };
}

/** Several of a few words, in the order of the words, separated by commas. */
export function severalOf<Word extends string>(
  words: readonly Word[],
): (text: string) => readonly Word[] {
  const one = oneOf(words);
  return (text) => {
    const chosen = new Set(text.split(",").map((word) => one(word.trim())));
    return words.filter((word) => chosen.has(word));
  };
}
