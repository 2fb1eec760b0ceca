/** Backward passes by hand, in lines that may each be written wrongly. */
import type { Claims, Point } from "chainrule";

/** The ways to write a line: `right`, and wrong ones by a name that starts with their cause. */
export type Variants<Value> = { readonly right: () => Value } & Readonly<
  Record<string, () => Value>
>;
/** Writes a line in one of the ways. */
export type Line = <Value>(name: string, variants: Variants<Value>) => Value;

export interface Pass {
  readonly name: string;
  readonly text: string;
  readonly point: Point;
  readonly gradients: (line: Line) => Claims;
}

/** One wrong way to write one line. */
export interface Slip {
  readonly line: string;
  readonly variant: string;
}

/** `missing-factor` of `missing-factor: slope`. */
export const causeOf = ({ variant }: Slip): string => variant.split(":")[0]!;
export const slipText = ({ line, variant }: Slip): string => `${variant} in ${line}`;

/** Each once, also where the line stands in a loop. */
export function slipsOf({ gradients }: Pass): Slip[] {
  const found = new Map<string, Slip>();
  gradients((line, variants) => {
    for (const variant of Object.keys(variants)) {
      if (variant !== "right") found.set(`${line} ${variant}`, { line, variant });
    }
    return variants.right();
  });
  return [...found.values()];
}

export function withSlips({ gradients }: Pass, slips: readonly Slip[]): Claims {
  return gradients((name, variants) => {
    const slip = slips.find(({ line }) => line === name);
    return (slip ? variants[slip.variant]! : variants.right)();
  });
}
