/** The rate of a gradient step: its number, and its name, which nothing in the model may have. */
import { spelledOut } from "../language/greek.js";
import type { Model } from "../language/model.js";
import { InputError } from "../language/source.js";

export interface RateOptions {
  /** By default the first of 0.1, 0.01, … that lowers the loss. */
  readonly rate?: number | undefined;
  /** What the rate is called, in the model language; a Greek letter by default. */
  readonly name?: string | undefined;
}

/** Names of the rate, in the order of preference. */
const NAMES = ["mu", "eta", "alpha", "rho", "rate"];
const NAME = /^[A-Za-z\u0391-\u03A9\u03B1-\u03C9][A-Za-z0-9_\u0391-\u03A9\u03B1-\u03C9]*$/u;
const LONGEST = 40;
/** What letters stand for in every derivation, with words for Greek letters. */
const MEANINGS: ReadonlyMap<string, string> = new Map([
  ["e", "the base of exponentials"],
  ["pi", "the number π"],
  ["d", "a differential"],
  ["delta", "the derivative of the loss by a layer"],
  ["sigma", "the sigmoid"],
]);

/**
 * The name that is asked for, or the first that the model leaves free, also in its subscripts.
 * @throws InputError for what is no name, for one that looks like a quantity of the model, and for a
 * letter that has a meaning of its own in derivations
 */
export function rateName(model: Model, asked: string | undefined): string {
  if (asked === undefined) {
    const taken = new Set([...looksOf(model)].flatMap((look) => look.split("_")));
    return NAMES.find((one) => !taken.has(one)) ?? "step_rate";
  }
  if (!NAME.test(asked) || asked.length > LONGEST) {
    throw new InputError(`${asked.slice(0, LONGEST)} is no name for a rate`, {
      hint: "take letters, digits and _, or a Greek letter such as eta",
    });
  }
  if (looksOf(model).has(spelledOut(asked))) {
    throw new InputError(`the model has a quantity that is written as ${asked}`, {
      hint: "take another name for the rate",
    });
  }
  const meaning = MEANINGS.get(spelledOut(asked));
  if (meaning !== undefined) {
    throw new InputError(`${asked} is ${meaning} in derivations`, {
      hint: "take another name for the rate",
    });
  }
  return asked;
}

/** The names and symbols of a model, with words for Greek letters: `eta` for η and for `\eta`. */
function looksOf({ scope }: Model): Set<string> {
  const names = [...scope].flatMap(([name, { quantity }]) => {
    const symbol = quantity?.symbol;
    return symbol === undefined ? [name] : [name, symbol.replace(/[\\{}]/g, "")];
  });
  return new Set(names.map(spelledOut));
}
