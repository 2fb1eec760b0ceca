import { Fraction } from "fraction.js";

const DECIMAL = /^(-?)(\d*)\.?(\d*)(?:[eE]([+-]?\d+))?$/;

/** The digits of a decimal as a whole number, and the power of ten that they are multiplied by. */
export function readDecimal(text: string): { readonly digits: bigint; readonly shift: number } {
  const [, sign = "", whole = "", decimals = "", exponent = "0"] = DECIMAL.exec(text) ?? [];
  const digits = BigInt(whole + decimals || "0");
  return { digits: sign === "-" ? -digits : digits, shift: Number(exponent) - decimals.length };
}

/** What a decimal such as 0.1 or 2.5e-3 says, exactly. */
export function exactDecimal(text: string): Fraction {
  const { digits, shift } = readDecimal(text);
  const scale = 10n ** BigInt(Math.abs(shift));
  return shift >= 0 ? new Fraction(digits * scale) : new Fraction(digits, scale);
}
