import type { Diagnosis, Point } from "chainrule";

/** What an explanation is called, with the members that matter; two faults are joined by " + ". */
export type Naming = { readonly cause: string } & Partial<
  Pick<Diagnosis, "factor" | "used" | "instead" | "term" | "is" | "arisesIn">
>;

/** A gradient that somebody published. */
export interface Publication {
  /** Where, and what it is about; `often made` where no single place is quoted. */
  readonly source: string;
  /** What was computed, line by line; `dNAME` for a quantity NAME of the model is a claim. */
  readonly code: string;
  /** By claim what must be named first, several where more than one name is fair; else right. */
  readonly wrong: Readonly<Record<string, Naming | readonly Naming[]>>;
  /** Digits after the point that were printed; by default all. */
  readonly decimals?: number;
}

/** A model that several people wrote gradients of. */
export interface Study {
  readonly name: string;
  readonly model: string;
  readonly point: Point;
  readonly published: readonly Publication[];
}
