/**
 * Sizes: whole-number polynomials in named sizes, so that shapes can be checked while a size such
 * as `N` is still a symbol. `3`, `N`, `N + 2` and `2·N·M` are sizes.
 */
import { hashText } from "./hash.js";

/** A product of size names, sorted, with its whole-number coefficient. */
interface Monomial {
  readonly names: readonly string[];
  readonly coefficient: number;
}

/** Size names with the whole numbers that a point gives them. */
export interface SizeValues extends ReadonlyMap<string, number> {
  /**
   * Present where axes have other lengths than the model says: the length that stands in for a
   * size, whether it is named or a number.
   */
  readonly standIn?: (size: Size) => number;
}

/** Sizes from 0 up to this are made once: almost all that occur are among them. */
const COMMON = 1024;

export class Size {
  private static readonly common: (Size | undefined)[] = [];

  /** The whole number that this is, or undefined while it depends on a named size. */
  readonly constant: number | undefined;
  /** Equal for equal sizes, and seldom for others. */
  readonly hash: number;
  /** The name that this is. */
  private readonly only: string | undefined;

  private constructor(
    private readonly monomials: readonly Monomial[],
    /** Equal for equal sizes and only for them. */
    readonly key: string,
  ) {
    const [first] = monomials;
    if (!first) this.constant = 0;
    else if (monomials.length === 1 && first.names.length === 0) this.constant = first.coefficient;
    this.hash = hashText(key);
    const isName = monomials.length === 1 && first?.coefficient === 1 && first.names.length === 1;
    this.only = isName ? first.names[0] : undefined;
  }

  static readonly zero = Size.of(0);
  static readonly one = Size.of(1);

  static of(value: number): Size {
    if (!Number.isSafeInteger(value))
      throw new RangeError(`a size is a whole number, not ${value}`);
    return Size.whole(value);
  }

  /** Sums and products of whole numbers may be too large to be exact: they are only compared. */
  private static whole(value: number): Size {
    const make = (): Size =>
      new Size(value === 0 ? [] : [{ names: [], coefficient: value }], `${value}`);
    return value >= 0 && value <= COMMON ? (Size.common[value] ??= make()) : make();
  }

  static named(name: string): Size {
    return Size.collect([{ names: [name], coefficient: 1 }]);
  }

  private static collect(monomials: readonly Monomial[]): Size {
    if (monomials.every(({ names }) => names.length === 0)) {
      return Size.whole(monomials.reduce((total, { coefficient }) => total + coefficient, 0));
    }
    const byNames = new Map<string, Monomial>();
    for (const monomial of monomials) {
      const key = monomial.names.join("·");
      const coefficient = monomial.coefficient + (byNames.get(key)?.coefficient ?? 0);
      byNames.set(key, { names: monomial.names, coefficient });
    }
    const kept = [...byNames.entries()]
      .filter(([, monomial]) => monomial.coefficient !== 0)
      .sort(([a, m], [b, n]) => n.names.length - m.names.length || (a < b ? -1 : 1));
    const key = kept.map(([names, { coefficient }]) => `${coefficient}${names && "·"}${names}`);
    return new Size(
      kept.map(([, monomial]) => monomial),
      key.join("+") || "0",
    );
  }

  plus(other: Size): Size {
    if (this.constant === 0) return other;
    if (other.constant === 0) return this;
    return Size.collect([...this.monomials, ...other.monomials]);
  }

  minus(other: Size): Size {
    return this.plus(other.times(Size.of(-1)));
  }

  times(other: Size): Size {
    if (this.constant === 1) return other;
    if (other.constant === 1) return this;
    return Size.collect(
      this.monomials.flatMap((a) =>
        other.monomials.map((b) => ({
          names: [...a.names, ...b.names].sort(),
          coefficient: a.coefficient * b.coefficient,
        })),
      ),
    );
  }

  equals(other: Size): boolean {
    return this === other || this.key === other.key;
  }

  get isOne(): boolean {
    return this.constant === 1;
  }

  /** The names that this size depends on. */
  get names(): readonly string[] {
    return [...new Set(this.monomials.flatMap((monomial) => monomial.names))];
  }

  /** The name, where this is one named size and nothing else. */
  get soleName(): string | undefined {
    const [first] = this.monomials;
    return this.monomials.length === 1 && first!.names.length === 1 && first!.coefficient === 1
      ? first!.names[0]
      : undefined;
  }

  /**
   * Whether this is ≥ 0 for all positive values of the named sizes: true, false, or undefined
   * where it depends on the values.
   */
  get nonNegative(): boolean | undefined {
    const value = this.constant;
    if (value !== undefined) return value >= 0;
    const signs = this.monomials.filter((monomial) => monomial.names.length > 0);
    const sum = this.monomials.reduce((total, { coefficient }) => total + coefficient, 0);
    if (signs.every(({ coefficient }) => coefficient > 0)) return sum >= 0 ? true : undefined;
    if (signs.every(({ coefficient }) => coefficient < 0)) return sum < 0 ? false : undefined;
    return undefined;
  }

  /** The number in front of the only product of names, and that product; 1 and the size of a sum. */
  get split(): { readonly coefficient: number; readonly rest: Size } {
    const [only] = this.monomials;
    if (!only || this.monomials.length > 1 || only.coefficient === 1) {
      return { coefficient: 1, rest: this };
    }
    return { coefficient: only.coefficient, rest: Size.collect([{ ...only, coefficient: 1 }]) };
  }

  /** With a size in place of a name. */
  replace(name: string, size: Size): Size {
    return this.monomials.reduce<Size>((total, { names, coefficient }) => {
      const factors = names.map((one) => (one === name ? size : Size.named(one)));
      return total.plus(factors.reduce((a, b) => a.times(b), Size.of(coefficient)));
    }, Size.zero);
  }

  /** @throws RangeError when a name has no value. */
  evaluate(values: SizeValues): number {
    if (values.standIn) return values.standIn(this);
    return this.constant ?? this.plain(values);
  }

  /** The value with nothing standing in for it. @throws as `evaluate` */
  plain(values: ReadonlyMap<string, number>): number {
    if (this.constant !== undefined) return this.constant;
    if (this.only !== undefined) return valueOf(this.only, values);
    let total = 0;
    for (const { names, coefficient } of this.monomials) {
      let product = coefficient;
      for (const name of names) product *= valueOf(name, values);
      total += product;
    }
    return total;
  }

  /** A whole number, or the size as the model language writes it. */
  toJSON(): number | string {
    return this.constant ?? this.toString();
  }

  /** As the model language writes it: `2*N + 1`. */
  toString(): string {
    if (this.monomials.length === 0) return "0";
    return this.monomials
      .map(({ names, coefficient }, position) => {
        const magnitude = Math.abs(coefficient);
        const factors = magnitude === 1 && names.length > 0 ? names : [`${magnitude}`, ...names];
        const sign = coefficient < 0 ? (position ? " - " : "-") : position ? " + " : "";
        return sign + factors.join("*");
      })
      .join("");
  }

  /** Monomials with their coefficients, highest degree first, for printers. */
  get terms(): readonly { readonly names: readonly string[]; readonly coefficient: number }[] {
    return this.monomials;
  }
}

function valueOf(name: string, values: ReadonlyMap<string, number>): number {
  const value = values.get(name);
  if (value === undefined) throw new RangeError(`the size ${name} has no value`);
  return value;
}

/** No size is a scalar, one a vector (a column), two a matrix. */
export type Shape = readonly Size[];

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((size, axis) => size.equals(b[axis]!));
}

/** `3×4`, `5 entries`, `a scalar`: how messages name a shape. */
export function shapeText(shape: Shape): string {
  if (shape.length === 0) return "a scalar";
  if (shape.length === 2) {
    return shape
      .map((size) => (size.terms.length > 1 ? `(${size.toString()})` : size.toString()))
      .join("×");
  }
  return `a vector of ${shape[0]!.toString()}`;
}

/** Number of entries. */
export function entryCount(shape: Shape): Size {
  return shape.reduce((count, size) => count.times(size), Size.one);
}

const SUPERSCRIPTS: ReadonlyMap<number, string> = new Map([
  [1, ""],
  [2, "²"],
  [3, "³"],
]);

/** A size in a sentence: `3N`, `N²`, `2·rows + 1`. */
export function sizeText(size: Size): string {
  if (size.terms.length === 0) return "0";
  return size.terms
    .map(({ names, coefficient }, position) => {
      const powers = [...new Set(names)].map((name) => {
        const exponent = names.filter((one) => one === name).length;
        return name + (SUPERSCRIPTS.get(exponent) ?? `^${exponent}`);
      });
      const magnitude = Math.abs(coefficient);
      const number = magnitude === 1 && names.length > 0 ? "" : `${magnitude}`;
      const isShort = names.every((name) => name.length === 1);
      const dot = number === "" || names.length === 0 || isShort ? "" : "·";
      const sign = coefficient < 0 ? (position > 0 ? " − " : "−") : position > 0 ? " + " : "";
      return sign + number + dot + powers.join("·");
    })
    .join("");
}
