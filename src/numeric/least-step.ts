/** Linear equations with more unknowns than equations, or fewer. */

/** Added to the diagonal, where equations may say the same. */
const RIDGE = 1e-12;

/**
 * The shortest step that takes away what is missing, if slopes stayed as they are: Sᵀ(SSᵀ)⁻¹r, with rows of
 * length 1 in S. Where equations disagree, all of them give way alike.
 * @param slopes for each direction those of all equations
 * @param furthest equations that ask for a longer step are left out
 * @returns undefined where none is left
 */
export function leastStep(
  slopes: readonly (readonly number[])[],
  rests: readonly number[],
  furthest: number,
): readonly number[] | undefined {
  const equations = rests.flatMap((rest, i) => {
    const row = slopes.map((slope) => slope[i]!);
    const length = Math.hypot(...row);
    const isKept = length > 0 && Math.abs(rest) / length <= furthest;
    return isKept ? { row: row.map((one) => one / length), rest: rest / length } : [];
  });
  if (equations.length === 0) return undefined;
  const products = equations.map(({ row }, i) =>
    equations.map((other, j) => dot(row, other.row) + (i === j ? RIDGE : 0)),
  );
  const weights = solved(
    products,
    equations.map(({ rest }) => rest),
  );
  return slopes.map((_, k) =>
    equations.reduce((sum, { row }, i) => sum + weights[i]! * row[k]!, 0),
  );
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, one, k) => sum + one * b[k]!, 0);
}

/** Gaussian elimination of a positive definite matrix. */
function solved(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const rows = matrix.map((row, i) => [...row, right[i]!]);
  for (const [i, pivot] of rows.entries()) {
    for (const [j, row] of rows.entries()) {
      if (i === j) continue;
      const times = row[i]! / pivot[i]!;
      for (let k = i; k < row.length; k++) row[k]! -= times * pivot[k]!;
    }
  }
  return rows.map((row, i) => row.at(-1)! / row[i]!);
}
