/** What statements that claim nothing may be: derivatives by quantities and by parts of the model's statements, times a constant, and values. */
import { Fraction } from "fraction.js";
import { PerGraph } from "../../expression/per-graph.js";
import type { Quantity } from "../../expression/quantity.js";
import type { Model } from "../../language/model.js";
import { InputError } from "../../language/source.js";
import { unbracketed } from "../../language/print.js";
import { derivativeText } from "../explanations/words.js";
import { Backward } from "../pass/backward.js";
import { numberOf, type Values } from "./agreement.js";
import { fitOfState, type Line, type Wanted } from "./lines.js";
import { isPart, partsOf, withParts } from "./named-parts.js";
import type { Sites } from "./points.js";
import type { Site } from "./site.js";
import {
  type Late,
  multiplesOf,
  rationalConstant,
  timesText,
  usualConstants,
} from "./usual-constants.js";

/** What a statement is, or ought to be. */
export interface Meaning {
  /** The quantity, or the part as `partsOf` names it. */
  readonly name: string;
  /** Whether it is its value, not the derivative of the loss by it. */
  readonly isValue: boolean;
  /** The constant that the derivative has too much, which is left to other statements. */
  readonly late: Late | undefined;
}

/** `∂L/∂z`, `N·∂L/∂z`, `tanh(z)`. */
export function meaningText(model: Model, { name, isValue, late }: Meaning): string {
  return isValue ? unbracketed(name) : timesText(late, derivativeText(model, { name }));
}

/** Whether it is a derivative with no constant too much. */
export function isExactDerivative({ isValue, late }: Meaning): boolean {
  return !isValue && late === undefined;
}

/** The same at every point. */
export interface Candidate extends Meaning, Wanted {}

/** A quantity of the model, or a part of its statements. */
interface Target {
  readonly name: string;
  readonly quantity: Quantity;
  /** Quantities of the model that its derivative is computed from alone. */
  readonly from: ReadonlySet<string>;
}

/** What is a multiple in doubles, relative to the largest entry. */
const CLOSE = 1e-11;
/** Numbers that somebody may have left to other statements have small numerators and denominators. */
const LARGEST = 64;

export class Candidates {
  /** Constants that derivatives may have too much, and those of them that are usual. */
  private readonly constants: readonly Late[];
  readonly usual: readonly Late[];
  private readonly targets: readonly Target[];
  private readonly twins: ReadonlyMap<Site, Site>;

  private readonly sites: readonly Site[];

  /** @param places whose points in doubles are looked at */
  constructor(model: Model, { quick: sites, quickOf }: Pick<Sites, "quick" | "quickOf">) {
    this.sites = sites;
    this.usual = usualConstants(model);
    this.constants = multiplesOf(model, this.usual);
    const found = withDerivatives(model, (whole) => quickOf(whole));
    this.targets = found.targets;
    this.twins = new Map(sites.map((site, k) => [site, found.sites[k]!]));
  }

  /** What a statement is as it stands, everything before it being right: a derivative, a multiple of one, a value. */
  heldBy(line: Line): Meaning | undefined {
    const fitting = this.fitting(line);
    for (const { name, quantity } of fitting) {
      const constant = this.multiple(line, (site) => this.twins.get(site)!.adjointOf(quantity));
      if (constant) return { name, isValue: false, late: constant === "1" ? undefined : constant };
    }
    for (const { name, quantity } of fitting) {
      const constant = this.multiple(line, (site) => this.twins.get(site)!.valueOf(quantity));
      if (constant === "1") return { name, isValue: true, late: undefined };
    }
    return undefined;
  }

  /**
   * What a statement might be, the likeliest first: derivatives with the first of some constants, values, and
   * derivatives with the others.
   * @param used names of quantities whose derivatives the statement uses
   */
  of(line: Line, constants: readonly (Late | undefined)[], used: readonly string[]): Candidate[] {
    const isNext = ({ from }: Target): boolean => used.some((name) => from.has(name));
    const fitting = this.fitting(line);
    const ranked = fitting.toSorted((a, b) => Number(isNext(b)) - Number(isNext(a)));
    const derivatives = (late: Late | undefined): Candidate[] =>
      ranked.map(({ name, quantity }) => {
        const values = (site: Site): Values => {
          const own = this.twins.get(site)!.adjointOf(quantity);
          return late ? own.times(late.at(site.sizes)) : own;
        };
        return { name, isValue: false, late, shape: quantity.shape, values };
      });
    // what others are made of before these: relu(relu(z)) is relu(z)
    const [named, parts] = [false, true].map((wanted) =>
      fitting.filter((one) => isPart(one) === wanted),
    );
    const itself = [...named!, ...parts!.toReversed()].map(({ name, quantity }): Candidate => {
      const values = (site: Site): Values => this.twins.get(site)!.valueOf(quantity);
      return { name, isValue: true, late: undefined, shape: quantity.shape, values };
    });
    const [first, ...others] = constants;
    return [...derivatives(first), ...itself, ...others.flatMap(derivatives)];
  }

  private fitting({ corrected }: Line): readonly Target[] {
    return this.targets.filter(({ quantity }) => {
      const fit = fitOfState(corrected, quantity);
      return fit === undefined || fit === "fits";
    });
  }

  /** What a statement is times something, if that is 1 or a usual constant. */
  private multiple({ corrected }: Line, values: (site: Site) => Values): Late | "1" | undefined {
    if (corrected.kind !== "valued") return undefined;
    const own = (site: Site): Values => corrected.values.get(site)!;
    const ratios: number[] = [];
    for (const site of this.sites) {
      const ratio = ratioOf(own(site).numbers, values(site).numbers);
      if (ratio === undefined) return undefined;
      ratios.push(ratio);
    }
    const isRatio = (at: (site: Site) => number): boolean =>
      this.sites.every((site, k) => Math.abs(at(site) / ratios[k]! - 1) <= CLOSE);
    if (isRatio(() => 1)) return "1";
    const usual = this.constants.find((one) => isRatio(({ sizes }) => numberOf(one.at(sizes))));
    if (usual) return usual;
    const simple = new Fraction(ratios[0]!).simplify(CLOSE);
    const isSimple = simple.n <= LARGEST && simple.d <= LARGEST;
    return isSimple && isRatio(() => simple.valueOf()) ? rationalConstant(simple) : undefined;
  }
}

interface WithParts {
  readonly model: Model;
  readonly targets: readonly Target[];
}

const modelsWithParts = new PerGraph(() => new Map<Model, Map<string, WithParts>>());

/** A model in which some parts of its statements are quantities, made once. */
function modelWith(model: Model, parts: readonly string[]): WithParts {
  const models = modelsWithParts.of(model.graph);
  const known = models.get(model) ?? new Map<string, WithParts>();
  models.set(model, known);
  const key = parts.join("; ");
  let made = known.get(key);
  if (!made) known.set(key, (made = makeModelWith(model, parts)));
  return made;
}

function makeModelWith(model: Model, parts: readonly string[]): WithParts {
  const own = model.definitions
    .map(({ quantity }) => quantity)
    .filter(({ role }) => role === "definition")
    .map(({ name }) => name);
  const whole = withParts(model, parts);
  const backward = Backward.of(whole);
  const targets = [...own, ...parts].flatMap((name): Target[] => {
    const quantity = whole.scope.get(name)?.quantity;
    if (!quantity) return [];
    const from = new Set(backward.into(quantity).map((edge) => edge.from.name));
    return [{ name, quantity, from }];
  });
  return { model: whole, targets };
}

/** What has derivatives at some points: the quantities of a model, and all parts of its statements where these have some. */
function withDerivatives(model: Model, sitesOf: (model: Model) => readonly Site[]) {
  const known = (parts: readonly string[]) => {
    const { model: whole, targets } = modelWith(model, parts);
    return { targets, sites: sitesOf(whole) };
  };
  const parts = partsOf(model);
  try {
    return known(parts);
  } catch (error) {
    // the derivative by a part need not be finite where those by its neighbours are
    if (!(error instanceof InputError) || parts.length === 0) throw error;
    return known([]);
  }
}

/** What some numbers are times others; undefined where they are no multiple of them. */
function ratioOf(some: Float64Array, others: Float64Array): number | undefined {
  let most = 0;
  for (const [k, one] of others.entries()) if (Math.abs(one) > Math.abs(others[most]!)) most = k;
  const largest = others[most]!;
  const ratio = some[most]! / largest;
  if (largest === 0 || ratio === 0 || !Number.isFinite(ratio)) return undefined;
  const allowed = CLOSE * Math.abs(ratio * largest);
  return some.every((one, k) => Math.abs(one - ratio * others[k]!) <= allowed) ? ratio : undefined;
}
