/** What a command comes to, and what is wrong with the way in which it was called. */
import { InputError } from "../language/source.js";

/** 0 all right, 1 a gradient or a check is wrong, 2 the usage or the input is wrong. */
export type Status = 0 | 1 | 2;

/** The command line is wrong, not a file. */
export class UsageError extends InputError {
  override readonly name = "UsageError";

  constructor(message: string, hint?: string) {
    super(`chainrule: ${message}`, { hint });
  }
}
