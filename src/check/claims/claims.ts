/** Claims: numbers that somebody says are derivatives of the loss, read as they come. */
import type { Quantity } from "../../expression/quantity.js";
import type { SizeValues } from "../../expression/size.js";
import type { Model } from "../../language/model.js";
import { entryName } from "../../language/words.js";
import { InputError, nearest, type Subject } from "../../language/source.js";

/** Numbers, or lists and typed arrays of them nested to any depth. */
export type NestedClaim = number | NumberArray | readonly NestedClaim[];
type NumberArray =
  | Float64Array
  | Float32Array
  | Int32Array
  | Int16Array
  | Int8Array
  | Uint32Array
  | Uint16Array
  | Uint8Array
  | Uint8ClampedArray;

/** A value for each name: `W1`, or `dW1`, `dLOSS_dW1`, `grad_W1` where no quantity is called so. */
export type Claims = Readonly<Record<string, NestedClaim>>;

/** One claim: a value for ∂loss/∂quantity. */
export interface Claim {
  readonly quantity: Quantity;
  /** The name under which it was given. */
  readonly label: string;
  /** Lengths along the axes that were given; none for a bare number. */
  readonly lengths: readonly number[];
  /** All numbers, the last axis fastest. */
  readonly entries: Float64Array;
  /** Given as a Float32Array. */
  readonly isSingle: boolean;
}

/** A gradient of the right form with an entry that is NaN or infinite. */
export class NotFiniteError extends InputError {
  override placedAt(place: InputError["place"]): NotFiniteError {
    return new NotFiniteError(this.message, { place, hint: this.hint });
  }
}

/** Lists nested deeper than this are no arrays of numbers. */
const DEEPEST = 8;

/**
 * @throws InputError for anything but an object of nested numbers, for names that the model does
 * not have or that are given twice, for ragged lists and for numbers that are not finite.
 */
export function readClaims(model: Model, value: unknown): Claim[] {
  if (!isRecord(value)) {
    throw new InputError(
      `gradients are an object with a value for each name, not ${kindOf(value)}`,
      { subject: [], hint: isPromise(value) ? "await it" : '{"W1": [[…]], "b1": […]}' },
    );
  }
  const found = new Map<Quantity, Claim>();
  for (const [label, nested] of Object.entries(value)) {
    const quantity = claimedQuantity(model, label);
    const before = found.get(quantity);
    if (before) {
      throw new InputError(
        `the gradient of ${quantity.name} is given twice, as ${before.label} and as ${label}`,
        { subject: [label] },
      );
    }
    found.set(quantity, { quantity, label, ...readNested(label, nested) });
  }
  if (found.size === 0) {
    throw new InputError("no gradient is given", {
      subject: [],
      hint: `the parameters are ${model.params.map(({ name }) => name).join(", ")}`,
    });
  }
  return [...found.values()];
}

/**
 * The quantity whose derivative a name claims to be.
 * @throws InputError with the nearest name, where there is none.
 */
function claimedQuantity(model: Model, label: string): Quantity {
  const loss = model.loss.name;
  const candidates = [label];
  for (const prefix of [`d${loss}_d`, "grad_", "d"]) {
    if (label.startsWith(prefix)) candidates.push(label.slice(prefix.length));
  }
  for (const name of candidates) {
    const quantity = model.scope.get(name)?.quantity;
    if (quantity) return quantity;
  }
  const size = candidates.find((name) => model.scope.has(name));
  if (size !== undefined) {
    throw new InputError(`a gradient is given for ${size}, which is a size`, { subject: [label] });
  }
  const known = [...model.scope].flatMap(([name, { quantity }]) => (quantity ? [name] : []));
  const near = candidates
    .map((name) => nearest(name, known))
    .filter((name) => name !== undefined)
    .at(-1);
  throw new InputError(`a gradient is given for ${label}, which the model does not have`, {
    subject: [label],
    hint: near
      ? `did you mean ${near}?`
      : `the parameters are ${model.params.map(({ name }) => name).join(", ")}`,
  });
}

/** An object whose own properties are what it holds. */
function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null) return false;
  const holdsOtherwise = Symbol.iterator in value || ArrayBuffer.isView(value);
  return !holdsOtherwise && !isPromise(value);
}

export function isPromise(value: unknown): value is PromiseLike<unknown> {
  return (
    typeof value === "object" &&
    value !== null &&
    "then" in value &&
    typeof value.then === "function"
  );
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value) || ArrayBuffer.isView(value)) return "a list";
  if (typeof value === "number") return String(value);
  if (typeof value !== "object") return `a ${typeof value}`;
  if (isPromise(value)) return "a promise";
  return value instanceof Map ? "a Map" : "an object";
}

function isNumbers(value: unknown): value is NumberArray {
  return (
    ArrayBuffer.isView(value) &&
    !(value instanceof DataView) &&
    !(value instanceof BigInt64Array) &&
    !(value instanceof BigUint64Array)
  );
}

function readNested(label: string, root: unknown): Pick<Claim, "lengths" | "entries" | "isSingle"> {
  const lengths: number[] = [];
  let level = root;
  while (Array.isArray(level) || isNumbers(level)) {
    lengths.push(level.length);
    if (level.length === 0) {
      throw new InputError(`the gradient ${label} is an empty list`, { subject: [label] });
    }
    if (lengths.length > DEEPEST) {
      throw new InputError(`the gradient ${label} is nested too deeply`, { subject: [label] });
    }
    level = level[0] as unknown;
  }
  // grows: the lengths are those of the first branches, and nothing says yet that others are as long
  const entries: number[] = [];
  const flags = { isSingle: lengths.length > 0 };
  const position: number[] = [];
  const fail = (message: string, hint?: string): never => {
    const subject: Subject = [label, ...position];
    throw new InputError(`the gradient ${entryName(label, position)} is ${message}`, {
      subject,
      hint,
    });
  };
  const read = (value: unknown): void => {
    const length = lengths[position.length];
    if (length === undefined) {
      if (typeof value !== "number") {
        const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
        const hint = isObject ? "a gradient is a number, or nested lists of numbers" : undefined;
        return fail(`${kindOf(value)}, not a number`, hint);
      }
      if (!Number.isFinite(value)) {
        const message = `the gradient ${entryName(label, position)} is ${value}, not a finite number`;
        throw new NotFiniteError(message, { subject: [label, ...position] });
      }
      entries.push(value);
      return;
    }
    if (!Array.isArray(value) && !isNumbers(value)) {
      return fail(`${kindOf(value)}, where its neighbours are lists`);
    }
    if (value.length !== length) {
      const others = `its neighbours have ${length}`;
      return fail(`ragged: it has ${value.length} entries, ${others}`);
    }
    if (position.length === lengths.length - 1) flags.isSingle &&= value instanceof Float32Array;
    for (let k = 0; k < length; k++) {
      position.push(k);
      read(value[k]);
      position.pop();
    }
  };
  read(root);
  return { lengths, entries: Float64Array.from(entries), ...flags };
}

/** How the numbers of a claim lie in the declared shape. */
export type Arrangement = "fits" | "transposed" | "other";

/**
 * Whether a claim has the declared shape. Axes of length 1 do not count, so that a vector may be a
 * row or a column, flat or nested; a flat list of all entries is taken rows first.
 */
export function arrangement({ quantity, lengths }: Claim, sizes: SizeValues): Arrangement {
  const wanted = quantity.shape.map((size) => size.evaluate(sizes));
  const [given, declared] = [lengths, wanted].map((all) => all.filter((length) => length > 1));
  const isSame = (a: readonly number[], b: readonly number[]): boolean =>
    a.length === b.length && a.every((length, axis) => length === b[axis]);
  if (isSame(given!, declared!)) return "fits";
  const count = wanted.reduce((product, length) => product * length, 1);
  if (given!.length === 1 && given![0] === count) return "fits";
  return isSame(given!.toReversed(), declared!) ? "transposed" : "other";
}
