/** Sums as their summands, each with its sign in front. */

export interface Summand {
  readonly sign: "+" | "-";
  readonly tex: string;
}

/** `-a + b - c` */
export function signed(summands: readonly Summand[]): string {
  return summands
    .map(({ sign, tex }, position) =>
      position > 0 ? ` ${sign} ${tex}` : sign === "-" ? `-${tex}` : tex,
    )
    .join("");
}
