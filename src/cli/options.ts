/** The options of commands: what each is called, and how its value is read. */
import { nearest } from "../language/source.js";
import { LARGEST_STEP } from "../numeric/step.js";

/** One option. Its name is its key in a table of options. */
export interface Option<Value> {
  /** What stands for the value in messages and in the help; undefined for a flag. */
  readonly placeholder: string | undefined;
  readonly text: string;
  /** A letter that stands for the name. */
  readonly short?: string;
  /**
   * @param given the values in the order in which they were given; empty strings for a flag
   * @throws InvalidValue
   * @throws MissingValue
   */
  readonly read: (given: readonly string[]) => Value;
}

export type Options = Readonly<Record<string, Option<unknown>>>;

/** The values of a table of options. */
export type Values<Table extends Options> = {
  readonly [Name in keyof Table]: ReturnType<Table[Name]["read"]>;
};

/** A value that an option does not take; the message goes on behind the name of the option. */
export class InvalidValue extends Error {}

/** An option that must be given is not. */
export class MissingValue extends Error {}

type Read<Value> = (text: string) => Value;

/** @throws InvalidValue where an option that takes one value is given several times. */
function single(given: readonly string[]): string | undefined {
  if (given.length > 1) throw new InvalidValue("It is given twice.");
  return given[0];
}

/** An option that may be left out. */
export function value<Value>(
  placeholder: string,
  text: string,
  read: Read<Value>,
): Option<Value | undefined> {
  return {
    placeholder,
    text,
    read: (given) => {
      const one = single(given);
      return one === undefined ? undefined : read(one);
    },
  };
}

/** An option that has a value without being given. */
export function valueOr<Value>(
  placeholder: string,
  text: string,
  read: Read<Value>,
  otherwise: Value,
): Option<Value> {
  const { read: given } = value(placeholder, text, read);
  return {
    placeholder,
    text: `${text} (default: ${String(otherwise)})`,
    read: (texts) => given(texts) ?? otherwise,
  };
}

/** An option that must be given. */
export function required<Value>(
  placeholder: string,
  text: string,
  read: Read<Value>,
): Option<Value> {
  return {
    placeholder,
    text,
    read: (given) => {
      const one = single(given);
      if (one === undefined) throw new MissingValue();
      return read(one);
    },
  };
}

/** An option that may be repeated. */
export function list(placeholder: string, text: string): Option<readonly string[] | undefined> {
  return { placeholder, text, read: (given) => (given.length > 0 ? given : undefined) };
}

export function flag(text: string): Option<boolean> {
  return { placeholder: undefined, text, read: (given) => given.length > 0 };
}

export function asItIs(text: string): string {
  return text;
}

const MAX_SEED = 2 ** 32 - 1;

export const COMMON_OPTIONS = {
  loss: value("name", "the quantity that is the loss (default: the last one)", asItIs),
  at: value("point", "file with a point as JSON, or - for stdin", asItIs),
  seed: value("number", "seed of the random point, where none is given", wholeNumber(0, MAX_SEED)),
  savePoint: value("file", "write the point that is used, as JSON", asItIs),
} satisfies Options;

/** The values of the options that every command has. */
export type CommonOptions = Values<typeof COMMON_OPTIONS>;

export const OUTPUT: Option<string | undefined> = {
  ...value("file", "file to write instead of stdout", asItIs),
  short: "o",
};

export function wholeNumber(least: number, most: number): Read<number> {
  return (text) => {
    const number = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    if (!(number >= least && number <= most)) {
      throw new InvalidValue(`It must be a whole number from ${least} to ${most}.`);
    }
    return number;
  };
}

const MAX_SECONDS = 86_400;

/** A number of seconds up to a day. */
export function seconds(text: string): number {
  const number = /^\d{0,5}\.?\d{0,3}$/.test(text) ? Number(text) : Number.NaN;
  if (!(number > 0 && number <= MAX_SECONDS)) {
    throw new InvalidValue(`It must be a number of seconds up to ${MAX_SECONDS}.`);
  }
  return number;
}

/** A finite number above 0. */
export function positive(text: string): number {
  const number = decimal(text);
  if (!(number > 0 && Number.isFinite(number))) throw new InvalidValue("It must be above 0.");
  return number;
}

/** A number in decimals; NaN for anything else. */
function decimal(text: string): number {
  return /^(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?$/i.test(text) ? Number(text) : Number.NaN;
}

/** A number above 0 and at most {@link LARGEST_STEP}. */
export function step(text: string): number {
  const number = decimal(text);
  if (!(number > 0 && number <= LARGEST_STEP)) {
    throw new InvalidValue(`It must be a number above 0 and at most ${LARGEST_STEP}.`);
  }
  return number;
}

/** One of a few words. */
export function oneOf<Word extends string>(words: readonly Word[]): Read<Word> {
  return (text) => {
    const found = words.find((word) => word === text);
    if (found !== undefined) return found;
    const near = nearest(text, words);
    const hint = near === undefined ? "" : ` Did you mean ${near}?`;
    throw new InvalidValue(`Allowed are ${words.join(", ")}.${hint}`);
  };
}

/** Several of a few words, in the order of the words, separated by commas. */
export function severalOf<Word extends string>(words: readonly Word[]): Read<readonly Word[]> {
  const one = oneOf(words);
  return (text) => {
    return [...new Set(text.split(",").map((word) => one(word.trim())))];
  };
}
