/** Hashes of structure: 32-bit whole numbers, equal for what is equal and seldom for anything else. */

const MULTIPLIER = 0x01000193;

/** A hash with one more whole number mixed in; the order matters. */
export function mix(hash: number, value: number): number {
  const mixed = Math.imul(hash ^ value, MULTIPLIER);
  return mixed ^ (mixed >>> 15);
}

/** The hash of a text (FNV-1a: Fowler, Noll, Vo). */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let position = 0; position < text.length; position++) {
    hash = Math.imul(hash ^ text.charCodeAt(position), MULTIPLIER);
  }
  return hash | 0;
}
