/** Positions in arrays that are affine in the values of letters: offset + Σ stride·value. */
import type { Index, Letter } from "../../expression/indices.js";
import type { SizeValues } from "../../expression/size.js";

/** Positions for all values of some letters, the last letter fastest; null stands for 0, 1, 2, …. */
export type Positions = Int32Array | null;

/** An affine function of letters. */
export interface Affine {
  readonly offset: number;
  /** By the letters' keys; a letter that is not there has 0. */
  readonly strides: ReadonlyMap<string, number>;
}

export class AffinePositions {
  private readonly known = new Map<string, Positions>();

  constructor(private readonly sizes: SizeValues) {}

  lengths(letters: readonly Letter[]): number[] {
    return letters.map(({ size }) => size.evaluate(this.sizes));
  }

  /** How many values letters have together. */
  count(letters: readonly Letter[]): number {
    let total = 1;
    for (const { size } of letters) total *= size.evaluate(this.sizes);
    return total;
  }

  /** The place of a value among those for all values of some letters. */
  among(letters: readonly Letter[]): Affine {
    const strides = new Map<string, number>();
    let stride = 1;
    for (const { key, size } of letters.toReversed()) {
      strides.set(key, stride);
      stride *= size.evaluate(this.sizes);
    }
    return { offset: 0, strides };
  }

  /** The row-major place of an entry in an array with axes of these lengths. */
  entry(indices: readonly Index[], lengths: readonly number[]): Affine {
    const strides = new Map<string, number>();
    let [offset, stride] = [0, 1];
    for (let axis = indices.length - 1; axis >= 0; axis--) {
      const index = indices[axis]!;
      offset += stride * index.offset.evaluate(this.sizes);
      for (const { letter, coefficient } of index.terms) {
        const more = stride * coefficient.evaluate(this.sizes);
        strides.set(letter.key, (strides.get(letter.key) ?? 0) + more);
      }
      stride *= lengths[axis]!;
    }
    return { offset, strides };
  }

  /** The places for all values of some letters. */
  places(letters: readonly Letter[], { offset, strides }: Affine): Positions {
    const lengths = this.lengths(letters);
    const steps = letters.map(({ key }) => strides.get(key) ?? 0);
    const key = `${offset} ${lengths.join()} ${steps.join()}`;
    let found = this.known.get(key);
    if (found === undefined) this.known.set(key, (found = listed(offset, lengths, steps)));
    return found;
  }
}

function listed(offset: number, lengths: readonly number[], steps: readonly number[]): Positions {
  const count = lengths.reduce((total, length) => total * length, 1);
  const places = new Int32Array(count);
  let isIdentity = true;
  const values = lengths.map(() => 0);
  let place = offset;
  for (let k = 0; k < count; k++) {
    places[k] = place;
    isIdentity &&= place === k;
    for (let axis = lengths.length - 1; axis >= 0; axis--) {
      place += steps[axis]!;
      if (++values[axis]! < lengths[axis]!) break;
      place -= steps[axis]! * lengths[axis]!;
      values[axis] = 0;
    }
  }
  return isIdentity ? null : places;
}
