/** The parts of a document that are no derivation, as people get them. */
import type { Verification } from "../../check/verify/verify.js";
import { forwardPass } from "../../derivation/forward.js";
import { gradientStep } from "../../derivation/gradient-step.js";
import type { Form } from "../../derivation/derive.js";
import { localDerivatives } from "../../derivation/local.js";
import { type Deltas, layerName } from "../../derivation/layers.js";
import type { PassageData } from "../../derivation/passage.js";
import { pathSums } from "../../derivation/path-sums.js";
import type { Step } from "../../derivation/step.js";
import { parseTarget } from "../../derivation/target.js";
import { Workbench } from "../../derivation/workbench.js";
import type { Quantity } from "../../expression/quantity.js";
import type { Model } from "../../language/model.js";
import {
  capitalised,
  distinct,
  enumerated,
  formula,
  joined,
  said,
  type Sentence,
  separated,
} from "../../language/sentence.js";
import { references } from "../../expression/walk.js";
import type { Point } from "../../language/point.js";
import { aligned, BETWEEN_RANGES, type Equation } from "../formula/aligned.js";
import { EquationPrinter } from "../formula/equations.js";
import { LayerNotation } from "./layer-notation.js";
import { unitsSentence, widthsOf } from "./layer-widths.js";
import type { LayerLine } from "./layer-notes.js";
import { layerLines } from "./layers.js";
import { namesOf } from "../notation/called.js";
import { Notation, type NotationOptions } from "../notation/notation.js";
import { FRAGMENT, GITHUB, type Prose } from "./prose.js";
import { Sentences } from "./sentence.js";
import { displays, stepJson, type StepJson } from "./steps.js";
import { VerificationPart } from "./verification-part.js";

export interface PassageOptions {
  /**
   * What the document differentiates by: local derivatives on the way to it, and a gradient step of
   * the parameters among it. All parameters by default.
   */
  readonly wrt?: readonly string[] | undefined;
  /** Where numbers are put in. */
  readonly at?: Point | undefined;
  /** The rate of the gradient step; by default the first of 0.1, 0.01, … that lowers the loss. */
  readonly rate?: number | undefined;
  /** Draws the points at which the steps are checked. */
  readonly seed?: number | undefined;
  readonly notation?: NotationOptions | undefined;
  /** The forms of the derivations, in the order in which they are written; by default all. */
  readonly forms?: readonly Form[] | undefined;
  /** What `verify` found: the last part. */
  readonly verification?: Verification | undefined;
}

/** From the general to the single path. */
export const READING: readonly Form[] = ["index", "matrix", "jacobian", "paths", "scalar"];

/** Equations that stand in one display, with the sentences before them. */
export interface Shown {
  readonly why: Sentence;
  readonly equations: readonly Equation[];
  /** The checked steps that the equations are. */
  readonly steps: readonly Step[];
}

/** A titled part of a document. */
export abstract class Passage {
  constructor(
    readonly title: string,
    readonly model: Model,
    readonly notation: NotationOptions,
    /** Adjoints that are called δ in it. */
    readonly deltas: Deltas = new Map(),
  ) {}

  /**
   * One display after the other, each printed when it is asked for.
   * @param notation for renderers that mark where things stand
   * @param width of a line, in em
   */
  abstract shown(notation?: Notation, width?: number): Iterable<Shown>;

  /** Its notation for whoever brings none. */
  protected get ownNotation(): Notation {
    return new Notation(this.notation, namesOf(this.model), this.deltas);
  }

  toLatex(): string {
    return this.written(FRAGMENT);
  }

  /** As GitHub renders it. */
  toMarkdown(): string {
    return this.written(GITHUB);
  }

  written(prose: Prose): string {
    const notation = this.ownNotation;
    const sentences = new Sentences(this.model, notation, prose);
    return [...this.shown(notation, prose.width)]
      .map(
        ({ why, equations }) =>
          `${sentences.typeset(why)}${prose.lead}${prose.display(aligned(equations, prose.width))}`,
      )
      .join("\n\n");
  }
}

/** Steps in their order. */
export class StepsPassage extends Passage {
  constructor(
    title: string,
    model: Model,
    /** What the renderers read. */
    readonly data: PassageData,
    notation: NotationOptions = {},
    deltas?: Deltas,
  ) {
    super(title, model, notation, deltas);
  }

  get steps(): readonly StepJson[] {
    const printer = this.printer(this.ownNotation);
    return this.data.steps.map((step) => stepJson(printer, step));
  }

  override *shown(notation = this.ownNotation, width?: number): Generator<Shown> {
    const printer = this.printer(notation);
    for (const { why, steps } of displays(this.data.steps, printer, width)) {
      const equations = printer.equations(steps, { shapes: true });
      yield { why, steps, equations };
    }
  }

  private printer(notation: Notation): EquationPrinter {
    return new EquationPrinter(this.model, notation, this.data.numbers);
  }
}

/** Whether a passage has the local derivatives, which the derivations over paths use. */
export function isOfLocals(passage: Passage): passage is StepsPassage {
  return (
    passage instanceof StepsPassage &&
    passage.data.steps.some(({ rule }) => rule === "local derivative")
  );
}

const WHOLE_AXES = said`Every index runs along its whole axis.`;

/** Quantities of more shapes than this are not told apart. */
const MOST_SHAPES = 8;

/**
 * How long the axes of the layers are: `x has 2 entries; z1 and a1 have 3.`
 * @param steps the definitions of the layers, the output among them
 */
function lengths({ inputs, definitions, params }: Model, steps: readonly Step[]): Sentence[] {
  const written = new Set(
    steps.flatMap(({ left }) =>
      left.kind === "scalar" ? references([left.expression]).map(({ quantity }) => quantity) : [],
    ),
  );
  const layers = definitions.flatMap(({ quantity }) =>
    layerName(quantity.name) || written.has(quantity) ? [quantity] : [],
  );
  const weights = params.filter(({ name }) => layerName(name));
  const groups = new Map<string, Quantity[]>();
  for (const quantity of [...inputs, ...layers, ...weights]) {
    const { shape } = quantity;
    if (shape.every((size) => size.isOne)) continue;
    const key = shape.map((size) => size.key).join(" ");
    groups.set(key, [...(groups.get(key) ?? []), quantity]);
  }
  if (groups.size === 0 || groups.size > MOST_SHAPES) return [];
  const parts = [...groups.values()].map((alike) => {
    const [rows, columns] = alike[0]!.shape;
    const isOne = alike.length === 1;
    if (!columns)
      return said`${enumerated(alike)} ${isOne ? "has" : "have"} ${rows!.constant ?? rows!} entries`;
    return said`${enumerated(alike)} ${isOne ? "is" : "are"} ${formula(rows!, "×", columns)}`;
  });
  return [said`${capitalised(separated(parts, "; "))}.`];
}

/** What holds in every layer. */
export class LayersPassage extends Passage {
  constructor(
    title: string,
    model: Model,
    private readonly lines: readonly LayerLine[],
    notation: NotationOptions = {},
  ) {
    super(title, model, notation);
  }

  /** @param steps the definitions of the layers */
  private axes(steps: readonly Step[]): readonly Sentence[] {
    const widths = widthsOf(this.model);
    const shapes = lengths(this.model, steps);
    if (!widths || widths.sizes.size > MOST_SHAPES) return [WHOLE_AXES, ...shapes];
    const notation = new LayerNotation(this.notation, this.model, this.deltas, { layer: 0 });
    const units = unitsSentence(widths, notation);
    const isOpen = this.lines.some(({ hasOpenRange }) => hasOpenRange);
    return [units, ...(isOpen ? [WHOLE_AXES] : []), ...shapes];
  }

  override shown(): Shown[] {
    const groups: {
      readonly part: string;
      readonly whys: Sentence[];
      readonly notes: Sentence[];
      readonly equations: Equation[];
      readonly steps: Step[];
    }[] = [];
    for (const { why, notes, part, equation, letter, layers, steps, aliases } of withAliasesShared(
      this.lines,
    )) {
      const own = equation.range.split(BETWEEN_RANGES).filter((one) => one !== "");
      const range = [`${letter} = ${layers.join(", ")}`, ...aliases, ...own].join(BETWEEN_RANGES);
      const group = groups.at(-1);
      const before = group?.equations.at(-1);
      const continues = before?.left === equation.left && before.range === range;
      const line: Equation = { ...equation, range, continues };
      if (group?.part === part) {
        group.whys.push(why);
        group.notes.push(...notes);
        group.equations.push(line);
        group.steps.push(...steps);
      } else {
        groups.push({ part, whys: [why], notes: [...notes], equations: [line], steps: [...steps] });
      }
    }
    return groups.map(({ whys, notes, equations, steps }, place) => ({
      why: joined(distinct([...whys, ...notes, ...(place === 0 ? this.axes(steps) : [])])),
      equations,
      steps,
    }));
  }
}

/** Lines that go on from each other have one range: with what stands for layers in any of them. */
function withAliasesShared(lines: readonly LayerLine[]): LayerLine[] {
  const key = ({ part, equation, letter, layers }: LayerLine): string =>
    [part, equation.left, letter, ...layers].join("|");
  const aliases = new Map<string, readonly string[]>();
  for (const line of lines) {
    aliases.set(key(line), [...(aliases.get(key(line)) ?? []), ...line.aliases]);
  }
  return lines.map((line) => ({ ...line, aliases: [...new Set(aliases.get(key(line)))] }));
}

/** What stands around the derivations of a document. */
export interface Passages {
  /** The forward pass and the local derivatives. */
  readonly before: readonly Passage[];
  /** The sum over paths in general: it stands before those of single entries. */
  readonly paths: readonly Passage[];
  /** All forms in the order in which they are read: first those that were asked for. */
  readonly forms: readonly Form[];
  /** With a point: one step of gradient descent. */
  readonly after: readonly Passage[];
  /** Where `verify` was asked. A page has a table of its own. */
  readonly verification?: VerificationPart | undefined;
}

export const NO_PASSAGES: Passages = { before: [], paths: [], forms: READING, after: [] };

/** @throws InputError when the point does not fit the model. */
export function passages(
  model: Model,
  { wrt, at, seed, notation, rate, forms = READING, verification }: PassageOptions = {},
): Passages {
  const targets = wrt?.map((one) => parseTarget(model, one).quantity);
  const asked = targets && [...new Set(targets)];
  const workbench = new Workbench(model, at, seed);
  const passage = (title: string, data: PassageData | undefined): Passage[] =>
    data && data.steps.length > 0 ? [new StepsPassage(title, model, data, notation)] : [];
  const moved = model.params.filter((one) => asked?.includes(one) ?? true);
  const descent = gradientStep(workbench, moved, { rate, name: notation?.rate });
  const lines = layerLines(workbench, notation ?? {}, descent?.steps);
  return {
    before: [
      ...passage("The forward pass", forwardPass(workbench)),
      ...passage("The local derivatives", localDerivatives(workbench, asked)),
      ...(lines.length > 0
        ? [new LayersPassage("The layers in general", model, lines, notation)]
        : []),
    ],
    paths: forms.includes("paths")
      ? passage("The sums over paths", pathSums(workbench, asked ?? model.params))
      : [],
    forms: [...new Set([...forms, ...READING])],
    after: passage("A gradient step", descent),
    ...(verification && {
      verification: new VerificationPart(
        verification,
        model,
        new Notation(notation, namesOf(model)),
      ),
    }),
  };
}
