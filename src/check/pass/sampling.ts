/**
 * Which entries of large derivatives a bench looks at: in quantities that nothing is computed from,
 * long axes are sampled with a stride, so that a check of a wide layer costs no more than it tells.
 */
import type { Clause } from "../../expression/definition.js";
import { Index, type Letter, letter } from "../../expression/indices.js";
import type { Quantity } from "../../expression/quantity.js";
import { type Shape, Size, type SizeValues } from "../../expression/size.js";
import type { Backward, Edge } from "./backward.js";

/** A change that cannot be evaluated, because it reads or writes what is only sampled. */
export class Unsampled extends Error {}

/** What is looked at of a quantity. */
interface View {
  /** For a large quantity that nothing is computed from: every how many entries along each axis. */
  readonly strides: readonly number[] | undefined;
  readonly shape: Shape;
  readonly count: number;
}

export class Sampling {
  private readonly views = new Map<Quantity, View>();

  /** @param longest longer axes are sampled */
  constructor(
    private readonly backward: Backward,
    private readonly sizes: SizeValues,
    private readonly longest: number,
  ) {}

  /** Whether only some of a quantity's entries are looked at. */
  isSampled(quantity: Quantity): boolean {
    return this.viewOf(quantity).strides !== undefined;
  }

  /** The shape of the entries that are looked at. */
  shapeOf(quantity: Quantity): Shape {
    return this.viewOf(quantity).shape;
  }

  /** How many entries are looked at. */
  countOf(quantity: Quantity): number {
    return this.viewOf(quantity).count;
  }

  /** The entries that are looked at, of all entries. */
  of(quantity: Quantity, entries: Float64Array): Float64Array {
    const { strides } = this.viewOf(quantity);
    if (!strides) return entries;
    const lengths = this.lengthsOf(quantity);
    const kept: number[] = [];
    const visit = (axis: number, offset: number): void => {
      if (axis === lengths.length) {
        kept.push(entries[offset]!);
        return;
      }
      for (let k = 0; k < samples(lengths[axis]!, strides[axis]!); k++) {
        visit(axis + 1, offset * lengths[axis]! + k * strides[axis]!);
      }
    };
    visit(0, 0);
    return Float64Array.from(kept);
  }

  /**
   * A contribution at the entries that are looked at.
   * @throws Unsampled where its indices are no plain letters along the sampled axes
   */
  clauseOf({ to, clause }: Edge): Clause {
    const { strides } = this.viewOf(to);
    if (!strides) return clause;
    const lengths = this.lengthsOf(to);
    const replacements = new Map<string, Index>();
    const fresh = new Map<string, Letter>();
    const indices = clause.indices.map((index, axis) => {
      const stride = strides[axis]!;
      if (stride === 1) return index;
      const plain = index.plain;
      if (!plain || replacements.has(plain.key)) throw new Unsampled();
      const short = letter(`t${axis}`, Size.of(samples(lengths[axis]!, stride)));
      replacements.set(plain.key, Index.of(short).times(Size.of(stride)));
      fresh.set(plain.key, short);
      return Index.of(short);
    });
    const isSharedWithWholeAxis = clause.indices.some(
      (index, axis) => strides[axis] === 1 && index.letters.some(({ key }) => fresh.has(key)),
    );
    if (isSharedWithWholeAxis) throw new Unsampled();
    const letters = clause.letters.map((one) => fresh.get(one.key) ?? one);
    return { letters, indices, body: this.backward.graph.substitute(clause.body, replacements) };
  }

  private viewOf(quantity: Quantity): View {
    let view = this.views.get(quantity);
    if (!view) this.views.set(quantity, (view = this.view(quantity)));
    return view;
  }

  private view(quantity: Quantity): View {
    const lengths = this.lengthsOf(quantity);
    const isLarge = lengths.some((length) => length > this.longest);
    const isUsed = this.backward.outOf(quantity).length > 0;
    const isPlain = this.backward
      .into(quantity)
      .every(({ clause }) => clause.indices.every((index) => index.plain));
    if (!isLarge || isUsed || !isPlain) {
      return { strides: undefined, shape: quantity.shape, count: product(lengths) };
    }
    const strides = lengths.map((length) => Math.ceil(length / this.longest));
    const looked = lengths.map((length, axis) => samples(length, strides[axis]!));
    return { strides, shape: looked.map((one) => Size.of(one)), count: product(looked) };
  }

  private lengthsOf({ shape }: Quantity): number[] {
    return shape.map((size) => size.evaluate(this.sizes));
  }
}

function product(lengths: readonly number[]): number {
  return lengths.reduce((total, length) => total * length, 1);
}

function samples(length: number, stride: number): number {
  return Math.ceil(length / stride);
}
