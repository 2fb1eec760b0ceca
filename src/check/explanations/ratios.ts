/** Numbers that are ratios of small whole numbers, as people write them. */

export interface Ratio {
  readonly over: number;
  readonly under: number;
}

export interface RatioOptions {
  /** How large the upper number may be, over a lower one. */
  readonly mostOver: (under: number) => number;
  readonly mostUnder: number;
  /** How far the ratio may be off, as a part of the number. */
  readonly tolerance: number;
}

/** The ratio with the smallest lower number that a number is, if it is any; the upper one has its sign. */
export function ratioOf(
  value: number,
  { mostOver, mostUnder, tolerance }: RatioOptions,
): Ratio | undefined {
  for (let under = 1; under <= mostUnder; under++) {
    const over = Math.round(value * under);
    const isSmall = over !== 0 && Math.abs(over) <= mostOver(under);
    if (isSmall && Math.abs(over - value * under) <= tolerance * Math.abs(over)) {
      return { over, under };
    }
  }
  return undefined;
}
