/** A command, and how its arguments are read: one model, and options by a table. */
import { parseArgs } from "node:util";
import { nearest } from "../language/source.js";
import { InvalidValue, MissingValue, type Options, type Values } from "./options.js";
import type { Streams } from "./output.js";
import { type Status, UsageError } from "./usage.js";

export interface Command {
  readonly name: string;
  /** What it does, in a line. */
  readonly text: string;
  readonly options: Options;
  /** Whether `--help` is among the arguments, and not the value of an option. */
  readonly asksForHelp: (args: readonly string[]) => boolean;
  /** @throws InputError for whatever is wrong with the arguments and with what they name. */
  readonly run: (args: readonly string[], streams: Streams) => Promise<Status>;
}

type Action<Table extends Options> = (
  path: string,
  values: Values<Table>,
  streams: Streams,
) => Promise<Status>;

export function command<Table extends Options>(
  name: string,
  text: string,
  options: Table,
  action: Action<Table>,
): Command {
  const run: Command["run"] = async (args, streams) => {
    const { models, given } = sorted(args, options);
    const values = Object.fromEntries(
      Object.keys(options).map((key) => [key, valueOf(key, options, given.get(key) ?? [])]),
    ) as Values<Table>;
    const [path, ...others] = models;
    if (path === undefined) throw mistake("missing required argument model");
    if (others.length > 0) {
      throw mistake(
        `too many arguments for ${name}. Expected 1 argument but got ${models.length}.`,
      );
    }
    return await action(path, values, streams);
  };
  const asksForHelp: Command["asksForHelp"] = (args) =>
    args.includes(HELP) &&
    tokensOf(args, options).some((one) => one.kind === "option" && one.rawName === HELP);
  return { name, text, options, asksForHelp, run };
}

/** `--save-point` for `savePoint`. */
function flagOf(key: string): string {
  return `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** An option as it is written: `-o, --output <file>`. */
export function usageOf(key: string, options: Options): string {
  const { short, placeholder } = options[key]!;
  const letter = short === undefined ? "" : `-${short}, `;
  const behind = placeholder === undefined ? "" : ` <${placeholder}>`;
  return `${letter}${flagOf(key)}${behind}`;
}

/** What is wrong with a name that there is not; asks for the nearest that there is. */
export function unknownName(what: string, name: string, known: readonly string[]): UsageError {
  const near = nearest(name, known);
  return mistake(
    `unknown ${what} ${name}`,
    near === undefined ? undefined : `Did you mean ${near}?`,
  );
}

function mistake(
  message: string,
  hint = "chainrule --help shows the commands and options",
): UsageError {
  return new UsageError(message, hint);
}

const HELP = "--help";

interface Sorted {
  readonly models: readonly string[];
  /** The values of each option that is given, by its key. */
  readonly given: ReadonlyMap<string, readonly string[]>;
}

/** Not strict: what is wrong is told in our own words. */
function tokensOf(args: readonly string[], options: Options) {
  const table = Object.entries(options).map(([key, { short, placeholder }]) => {
    const type = placeholder === undefined ? ("boolean" as const) : ("string" as const);
    return [flagOf(key).slice(2), { type, ...(short === undefined ? {} : { short }) }] as const;
  });
  return parseArgs({
    args: [...args],
    options: Object.fromEntries(table),
    strict: false,
    tokens: true,
  }).tokens;
}

/** @throws UsageError for options that the command does not have, and for values that are missing. */
function sorted(args: readonly string[], options: Options): Sorted {
  const keys = new Map(Object.keys(options).map((key) => [flagOf(key), key]));
  const letters = Object.values(options).flatMap(({ short }) => (short ? [`-${short}`] : []));
  const names = new Set([HELP, ...keys.keys(), ...letters]);
  const models: string[] = [];
  const given = new Map<string, string[]>();
  for (const token of tokensOf(args, options)) {
    if (token.kind === "positional") models.push(token.value);
    if (token.kind !== "option") continue;
    const key = keys.get(`--${token.name}`);
    if (key === undefined) throw unknownName("option", token.rawName, [...keys.keys()]);
    const isFlag = options[key]!.placeholder === undefined;
    if (isFlag && token.value !== undefined) {
      throw mistake(`option ${usageOf(key, options)} takes no argument`);
    }
    // the name of an option is a value only where it is written behind =
    const isNext = token.inlineValue === false && names.has(token.value.split("=")[0]!);
    if (!isFlag && (token.value === undefined || isNext)) {
      throw mistake(`option ${usageOf(key, options)} argument missing`);
    }
    given.set(key, [...(given.get(key) ?? []), token.value ?? ""]);
  }
  return { models, given };
}

function valueOf(key: string, options: Options, given: readonly string[]): unknown {
  const option = usageOf(key, options);
  try {
    return options[key]!.read(given);
  } catch (error) {
    if (error instanceof MissingValue) throw mistake(`required option ${option} not specified`);
    if (!(error instanceof InvalidValue)) throw error;
    throw mistake(`option ${option} argument ${given.at(-1)!} is invalid. ${error.message}`);
  }
}
