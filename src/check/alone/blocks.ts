/** Numbers in several axes: turned, summed, compared by their lengths. */

/** Numbers with the lengths of their axes. */
export interface Block {
  readonly lengths: readonly number[];
  readonly entries: Float64Array;
}

/** All orders of up to three axes. */
export function orders(rank: number): number[][] {
  if (rank === 0) return [[]];
  if (rank > 3) return [[...Array(rank).keys()]];
  const [first, ...rest] = [...Array(rank).keys()];
  if (rest.length === 0) return [[first!]];
  return orders(rank - 1).flatMap((order) =>
    Array.from({ length: rank }, (_, at) => order.map((axis) => axis + 1).toSpliced(at, 0, first!)),
  );
}

export function isSame(a: readonly number[], b: readonly number[]): boolean {
  const [left, right] = [a, b].map((all) => all.filter((length) => length > 1));
  return left!.length === right!.length && left!.every((length, k) => length === right![k]);
}

/** With its axes in another order. */
export function permuted({ lengths, entries }: Block, order: readonly number[]): Block {
  const strides = lengths.map((_, axis) =>
    lengths.slice(axis + 1).reduce((product, length) => product * length, 1),
  );
  const turned = order.map((axis) => lengths[axis]!);
  const result = entries.map((_, k) => {
    let rest = k;
    let from = 0;
    for (let axis = turned.length - 1; axis >= 0; axis--) {
      from += (rest % turned[axis]!) * strides[order[axis]!]!;
      rest = Math.floor(rest / turned[axis]!);
    }
    return entries[from]!;
  });
  return { lengths: turned, entries: result };
}

/** Summed over some axes. */
export function summed({ lengths, entries }: Block, axes: readonly number[]): Block {
  const kept = lengths.filter((_, axis) => !axes.includes(axis));
  const result = new Float64Array(kept.reduce((product, length) => product * length, 1));
  for (const [k, entry] of entries.entries()) {
    let rest = k;
    let to = 0;
    let stride = 1;
    for (let axis = lengths.length - 1; axis >= 0; axis--) {
      if (!axes.includes(axis)) {
        to += (rest % lengths[axis]!) * stride;
        stride *= lengths[axis]!;
      }
      rest = Math.floor(rest / lengths[axis]!);
    }
    result[to]! += entry;
  }
  return { lengths: kept, entries: result };
}
