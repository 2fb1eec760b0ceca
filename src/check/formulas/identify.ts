/** What a statement really holds: a derivative, a quantity of the forward pass, a local derivative. */
import type { Quantity } from "../../expression/quantity.js";
import type { Shape, SizeValues } from "../../expression/size.js";
import type { Model } from "../../language/model.js";
import { unbracketed } from "../../language/print.js";
import { derivativeText } from "../explanations/words.js";
import { ShapeError } from "../../language/source.js";
import type { LateConstants } from "./late.js";
import type { Line, State } from "./lines.js";
import { type Fit, fitOf, type Script } from "./script.js";
import type { Values } from "./agreement.js";
import type { Site } from "./site.js";
import { multipleText, timesText } from "./usual-constants.js";
import type { Piece } from "./variants/variant.js";

/** What was recognised. */
export interface Identity {
  /** `∂L/∂z2`, `-∂L/∂z2`, `a1`, `sigmoid'(z1)`. */
  readonly text: string;
  /** The quantity whose derivative it is, or a multiple of. */
  readonly derivativeBy: Quantity | undefined;
  /** The quantity whose value it is, or a multiple of. */
  readonly valueOf: Quantity | undefined;
  /** Whether it is this itself, not a multiple or the transpose. */
  readonly isExact: boolean;
}

interface Candidate {
  readonly text: string;
  readonly shape: Shape;
  readonly derivativeBy: Quantity | undefined;
  readonly valueOf: Quantity | undefined;
  readonly values: (site: Site) => Values;
}

/** Multiples that people make, with the sign in front. */
const MULTIPLES: readonly (readonly [string, (sizes: SizeValues) => number])[] = [
  ["-", () => -1],
  ["2·", () => 2],
  ["½·", () => 1 / 2],
  ["-2·", () => -2],
  ["-½·", () => -1 / 2],
];
/** Multiples are recognised in doubles. */
const CLOSE = 1e-11;

type Identified = Pick<Line, "formula" | "intended" | "written">;

export class Identifier {
  /** By the states of statements, and what these are meant as. */
  private readonly known = new Map<State, Map<Quantity | undefined, Identity | undefined>>();
  private readonly candidates: readonly Candidate[];
  private readonly multiples: typeof MULTIPLES;

  constructor(
    private readonly model: Model,
    script: Script,
    pieces: readonly Piece[],
    private readonly sites: readonly Site[],
    late: LateConstants,
  ) {
    const ownText = (quantity: Quantity): string => {
      return timesText(late.get(quantity), derivativeText(model, quantity));
    };
    const own = model.definitions
      .map(({ quantity }) => quantity)
      .filter(({ role }) => role === "definition");
    const all = [...own, ...model.params, ...model.inputs, ...model.targets];
    this.candidates = [
      ...all.map((quantity): Candidate => ({
        text: ownText(quantity),
        shape: quantity.shape,
        derivativeBy: quantity,
        valueOf: undefined,
        values: (site) => site.adjointOf(quantity),
      })),
      ...all.map((quantity): Candidate => ({
        text: unbracketed(quantity.name),
        shape: quantity.shape,
        derivativeBy: undefined,
        valueOf: quantity,
        values: (site) => site.valueOf(quantity),
      })),
      ...pieces.flatMap(({ name, syntax }): Candidate[] => {
        const reading = script.read(name, syntax, model.scope);
        if (reading instanceof ShapeError) return [];
        const { shape } = reading.quantity;
        const known = new Map<Site, Values>();
        const values = (site: Site): Values => {
          let own = known.get(site);
          if (!own) known.set(site, (own = site.evaluate(reading)));
          return own;
        };
        return [{ text: name, shape, derivativeBy: undefined, valueOf: undefined, values }];
      }),
    ];
    this.multiples = [
      ...MULTIPLES,
      ...model.sizes.flatMap((name): (typeof MULTIPLES)[number][] => [
        [`${name}·`, (sizes) => sizes.get(name)!],
        [`1/${name}·`, (sizes) => 1 / sizes.get(name)!],
      ]),
    ];
  }

  /** The simplest identity of a statement's value as it is written. */
  identify(line: Identified): Identity | undefined {
    const { intended, written } = line;
    const before = this.known.get(written) ?? new Map<Quantity | undefined, Identity | undefined>();
    if (before.has(intended)) return before.get(intended);
    const identity = this.identified(line);
    this.known.set(written, before.set(intended, identity));
    return identity;
  }

  private identified({ formula, intended, written }: Identified): Identity | undefined {
    if (written.kind !== "valued") return undefined;
    if (this.sites.every((site) => written.values.get(site)!.numbers.every((one) => one === 0))) {
      return undefined;
    }
    const ranked = this.ranked(formula.name, intended);
    const [others, byData] = [false, true].map((wanted) =>
      ranked.filter(({ derivativeBy }) => isData(derivativeBy, intended) === wanted),
    );
    const identity = (
      { text, derivativeBy, valueOf }: Candidate,
      isExact: boolean,
      decorate: (text: string) => string,
    ): Identity => ({ text: decorate(text), derivativeBy, valueOf, isExact });
    const found = (
      fit: Fit,
      isExact: boolean,
      decorate: (text: string) => string,
      among = others!,
    ) => {
      const one = among.find((candidate) => this.isSame(written, candidate, fit));
      return one && identity(one, isExact, decorate);
    };
    const exact = found("fits", true, (text) => text);
    if (exact) return exact;
    for (const [sign, factor] of this.multiples) {
      const one = others!.find((candidate) => this.isMultiple(written, candidate, factor));
      if (one) return identity(one, false, (text) => multipleText(sign, text));
    }
    return (
      found("fits", true, (text) => text, byData) ??
      found("transposed", false, (text) => `${text} transposed`)
    );
  }

  /** The intended first, then those that share letters with the statement's name. */
  private ranked(name: string, intended: Quantity | undefined): Candidate[] {
    const number = /\d+$/.exec(name)?.[0];
    const rank = ({ derivativeBy }: Candidate): number => {
      if (!derivativeBy) return 2;
      if (derivativeBy === intended) return 0;
      if (name.endsWith(derivativeBy.name)) return 1;
      if (number !== undefined && derivativeBy.name.endsWith(number)) return 1.5;
      return derivativeBy.role === intended?.role ? 1.6 : 1.7;
    };
    return [...this.candidates].sort((a, b) => rank(a) - rank(b));
  }

  private isSame(
    state: Extract<State, { kind: "valued" }>,
    { shape, values }: Candidate,
    fit: Fit,
  ): boolean {
    if (fitOf(state.reading.quantity.shape, shape) !== fit) return false;
    return this.sites.every((site) => {
      const lengths = shape.map((size) => size.evaluate(site.sizes));
      const [rows = 1, columns = 1] = lengths;
      const order = (k: number): number => (k % columns) * rows + Math.floor(k / columns);
      const own = state.values.get(site)!;
      const { agreement } = own.compare(values(site), fit === "transposed" ? order : undefined);
      return agreement === "agrees";
    });
  }

  private isMultiple(
    state: Extract<State, { kind: "valued" }>,
    { shape, values }: Candidate,
    factor: (sizes: SizeValues) => number,
  ): boolean {
    if (fitOf(state.reading.quantity.shape, shape) !== "fits") return false;
    return this.sites.every((site) => {
      const [own, other] = [state.values.get(site)!.numbers, values(site).numbers];
      const times = factor(site.sizes);
      const largest = other.reduce((most, one) => Math.max(most, Math.abs(one)), 0);
      if (largest === 0) return false;
      const allowed = CLOSE * Math.abs(times) * largest;
      return own.every((one, k) => Math.abs(one - times * other[k]!) <= allowed);
    });
  }
}

/** Whether a derivative is one that hardly anybody means: by an input or a target. */
function isData(by: Quantity | undefined, intended: Quantity | undefined): boolean {
  return by !== undefined && by !== intended && (by.role === "input" || by.role === "target");
}
