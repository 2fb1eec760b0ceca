/** Seeded pseudo-random numbers: the same seed gives the same numbers everywhere. */
export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  /** Uniform in [low, high). */
  between(low: number, high: number): number;
  /** A whole number from 0 to count − 1. */
  below(count: number): number;
}

/** mulberry32 (Tommy Ettinger, 2017, public domain): 32 bits of state, period 2³². */
export function random(seed: number): Random {
  let state = Math.imul(Math.trunc(seed) ^ 0x9e3779b9, 0x85ebca6b) >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    next,
    between: (low, high) => low + (high - low) * next(),
    below: (count) => Math.floor(next() * count),
  };
}

/** `count` different whole numbers below `total`, ascending; all of them where there are no more. */
export function sample(generator: Random, total: number, count: number): number[] {
  if (count >= total) return Array.from({ length: total }, (_, k) => k);
  const chosen = new Set<number>();
  while (chosen.size < count) chosen.add(generator.below(total));
  return [...chosen].sort((a, b) => a - b);
}
