import { Decimal } from "decimal.js";
import type { Fraction } from "fraction.js";

const Precise = Decimal.clone({ precision: 40 });

/** The double nearest to an exact number. */
export function toNumber(value: Fraction): number {
  const [over, under] = [Number(value.n), Number(value.d)];
  const isExact = Number.isSafeInteger(over) && Number.isSafeInteger(under);
  const magnitude = isExact
    ? over / under
    : new Precise(value.n.toString()).div(value.d.toString()).toNumber();
  return value.s < 0n ? -magnitude : magnitude;
}

/** The double nearest to an exact number, as JavaScript; negative ones in brackets. */
export function numberText(value: Fraction): string {
  const number = toNumber(value);
  return number < 0 ? `(${number})` : `${number}`;
}
