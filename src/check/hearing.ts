/** What was claimed and how near it comes: all that a check knows before it asks which mistakes were made. */
import type { Quantity } from "../expression/quantity.js";
import type { Model } from "../language/model.js";
import { type CheckedPoint, type Point, readPoint } from "../language/point.js";
import { InputError } from "../language/source.js";
import { type Claim, readClaims } from "./claims/claims.js";
import type { Exhibit } from "./claims/evidence.js";
import { type Judged, judged } from "./claims/judged.js";
import { Company } from "./claims/company.js";
import { rightDerivatives } from "./claims/right.js";
import { Backward } from "./pass/backward.js";
import { Bench } from "./pass/bench.js";

/** Told before each piece of work what it is. */
export type OnStage = (what: string) => void;

/** A point and what is claimed there. */
export interface Testimony {
  readonly at: Point;
  readonly point: CheckedPoint;
  readonly claims: readonly Claim[];
  /** Which of the points that were asked it is, from 1; its place among all testimonies where all were answered. */
  readonly number?: number;
}

export interface Hearing {
  readonly model: Model;
  /** At least one. */
  readonly testimonies: readonly Testimony[];
  /** The claims in the order in which they were given, judged to the digits that they have. */
  readonly judged: readonly Judged[];
  /** Whether all of them are right. */
  readonly isRight: boolean;
  readonly backward: Backward;
  /** One for each testimony. */
  readonly benches: readonly Bench[];
  /** What limits the verdict, in sentences. */
  readonly notes: readonly string[];
  /** What is said besides where no known mistake explains a claim. */
  readonly advice?: string;
  /** The same claims with other labels, where a mistake may be seen that these labels do not show. */
  readonly others?: readonly Hearing[];
}

/**
 * Reads what is claimed at a point.
 * @throws InputError for a point that does not fit the model, and for what are no claims.
 */
export function testify(model: Model, at: Point, claims: unknown): Testimony {
  return { at, point: readPoint(model, at), claims: readClaims(model, claims) };
}

/**
 * Compares what was claimed at one point or several with the right derivatives.
 * @param testimonies at least one
 * @throws InputError where different quantities are claimed at different points, and where the model
 * has no finite derivative.
 */
export function hear(model: Model, testimonies: readonly Testimony[], onStage?: OnStage): Hearing {
  const [first] = testimonies;
  onStage?.("right gradients");
  const wanted = first!.claims.map(({ quantity }) => quantity);
  const notes: string[] = [];
  const exhibits = new Map<Quantity, Exhibit[]>(wanted.map((one) => [one, []]));
  for (const { point, claims } of testimonies) {
    const right = rightDerivatives(model, point, wanted);
    const company = new Company(claims);
    if (!right.isPrecise && notes.length === 0) {
      notes.push("the model is large: the right gradients were computed in double precision");
    }
    for (const quantity of wanted) {
      const claim = claims.find((one) => one.quantity === quantity);
      if (!claim || claims.length !== wanted.length) {
        throw differentQuantities(wanted, claims);
      }
      exhibits.get(quantity)!.push({
        claim,
        precision: company.precisionOf(claim),
        sizes: point.sizes,
        right: right.of.get(quantity)!,
      });
    }
  }
  const exact = wanted.map((quantity) => judged(quantity, exhibits.get(quantity)!));
  const backward = Backward.of(model);
  return {
    model,
    testimonies,
    judged: exact,
    isRight: exact.every(({ evidence }) => evidence.ok),
    backward,
    benches: testimonies.map(({ point }) => new Bench(backward, point, new Set(wanted))),
    notes,
  };
}

function differentQuantities(first: readonly Quantity[], other: readonly Claim[]): InputError {
  const [one, two] = [first, other.map(({ quantity }) => quantity)].map((list) =>
    list.map(({ name }) => name).join(", "),
  );
  return new InputError("different quantities are given at different points", {
    hint: `first ${one!}, then ${two!}`,
  });
}
