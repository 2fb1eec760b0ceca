/** Names and counts in sentences. */

/** `a`, `a and b`, `a, b and c`. */
export function listed(names: readonly string[]): string {
  if (names.length < 2) return names.join("");
  return `${names.slice(0, -1).join(", ")} and ${names.at(-1)!}`;
}

/** `1 of 2 gradients is`, `3 of 4 gradients are`. */
export function someOf(some: number, all: number, things: string): string {
  return `${some} of ${all} ${things} ${some === 1 ? "is" : "are"}`;
}

/** `W[2,1]`, from positions that count from 0. */
export function entryName(name: string, position: readonly number[]): string {
  return position.length === 0 ? name : `${name}[${position.map((one) => one + 1).join(",")}]`;
}
