/** Sets of letters as lists sorted by key; lists that are equal are shared where that is cheap. */
import type { Index, Letter } from "./indices.js";

const NONE: readonly Letter[] = [];

/** The letters of both lists. */
export function union(a: readonly Letter[], b: readonly Letter[]): readonly Letter[] {
  if (a === b || b.length === 0) return a;
  if (a.length === 0) return b;
  const all: Letter[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    const left = a[i]!;
    const right = b[j]!;
    if (left.key === right.key) {
      all.push(left);
      i++;
      j++;
    } else if (left.key < right.key) {
      all.push(left);
      i++;
    } else {
      all.push(right);
      j++;
    }
  }
  while (i < a.length) all.push(a[i++]!);
  while (j < b.length) all.push(b[j++]!);
  if (all.length === a.length) return a;
  return all.length === b.length ? b : all;
}

/** The letters that indices use. */
export function lettersOf(indices: readonly Index[]): readonly Letter[] {
  let all = NONE;
  for (const { letters } of indices) all = union(all, letters);
  return all;
}

/** A list without one letter. */
export function without(letters: readonly Letter[], { key }: Letter): readonly Letter[] {
  return letters.filter((one) => one.key !== key);
}
