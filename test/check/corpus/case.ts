import type { Claims, Point } from "chainrule";

/** What somebody coded, and what a report must name first for each wrong gradient. */
export interface Case {
  readonly name: string;
  readonly claims: Claims;
  /** By claim; several where more than one name is fair. Two faults are joined by " + ". */
  readonly wrong: Readonly<Record<string, string | readonly string[]>>;
}

export interface System {
  readonly name: string;
  readonly text: string;
  readonly point: Point;
  /** The right gradients, coded by hand. */
  readonly right: Claims;
  readonly cases: readonly Case[];
}
