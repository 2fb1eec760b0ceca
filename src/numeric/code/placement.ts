/** Arrays one behind the other in one memory. */
const BYTES = 8;

export class Placement {
  private readonly offsets = new Map<string, number>();
  /** Of all arrays together. */
  readonly bytes: number;

  /**
   * @param lengths of the arrays, by name
   * @param replaced by a name: the array of the same length, before it, in whose place it stands
   */
  constructor(
    lengths: ReadonlyMap<string, number>,
    replaced: ReadonlyMap<string, string> = new Map(),
  ) {
    let next = 0;
    for (const [name, length] of lengths) {
      const other = replaced.get(name);
      if (other !== undefined) {
        this.offsets.set(name, this.addressOf(other));
        continue;
      }
      this.offsets.set(name, next);
      // pairs of doubles stand at multiples of 16 bytes
      next += BYTES * (length + (length % 2));
    }
    this.bytes = next;
  }

  has(array: string): boolean {
    return this.offsets.has(array);
  }

  /** The byte at which an entry of an array begins. */
  addressOf(array: string, entry = 0): number {
    return this.offsets.get(array)! + BYTES * entry;
  }
}
