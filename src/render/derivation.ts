/** Derivations as people get them: LaTeX, Markdown, JSON. */
import {
  type DerivationData,
  deriveSteps,
  type DerivationRequest,
  entriesToDerive,
  type EntryPaths,
  type Form,
  FORMS,
  requireRequest,
} from "../derivation/derive.js";
import { chained, listedSum, product, scalar, type Step } from "../derivation/step.js";
import { partialReference } from "../derivation/entries.js";
import { entryIndices, entryName, parseTarget } from "../derivation/target.js";
import type { Edge, Path } from "../forms/paths.js";
import { Workbench } from "../derivation/workbench.js";
import type { Model } from "../language/model.js";
import { entryAtom, joined, said, type Sentence } from "../language/sentence.js";
import type { Point } from "../language/point.js";
import type { Nested } from "../numeric/evaluator.js";
import { aligned } from "./formula/aligned.js";
import { EquationPrinter } from "./formula/equations.js";
import { FRAGMENT, GITHUB, type Prose } from "./document/prose.js";
import { Sentences } from "./document/sentence.js";
import {
  displays,
  type Paragraph,
  stepJson,
  type StepJson,
  stepParagraphs,
  together,
} from "./document/steps.js";
import { namesOf } from "./notation/called.js";
import { Notation, type NotationOptions } from "./notation/notation.js";
import { htmlDocument } from "./page/page.js";

export interface DeriveOptions extends DerivationRequest {
  /** Where numbers are put in. */
  readonly at?: Point | undefined;
  /** Draws the points at which the steps are checked. */
  readonly seed?: number | undefined;
  readonly notation?: NotationOptions | undefined;
}

export interface PathJson {
  /** Names from the loss to the entry, in the model language, counted from 1. */
  readonly nodes: readonly string[];
  readonly factors: readonly {
    readonly of: string;
    readonly wrt: string;
    readonly latex: string;
    readonly value?: number;
  }[];
  readonly value?: number;
}

/** One entry of "derivations" of `derive --format json`. */
export interface DerivationJson {
  readonly wrt: string;
  readonly form: Form;
  readonly latex: string;
  readonly value?: Nested;
  readonly steps: readonly StepJson[];
  /** For the form of paths: how many there are, and the listed ones. */
  readonly pathCount?: string;
  readonly paths?: readonly PathJson[];
  readonly notes?: readonly string[];
}

/**
 * Derives the derivative of the loss with respect to a quantity or an entry, in one form.
 * @throws InputError for names, indices and forms that there are not, and points that do not fit.
 */
export function derive(model: Model, options: DeriveOptions): Derivation {
  requireRequest(options);
  const workbench = new Workbench(model, options.at, options.seed);
  const { notation = {}, adjoints = notation.adjoints } = options;
  return new Derivation(deriveSteps(workbench, { ...options, adjoints }), notation);
}

/** Of too many paths so many are written as products. */
const MOST_SHOWN = 6;

export interface DeriveAllOptions {
  /** Quantities or entries; all parameters where it is left out. */
  readonly wrt?: readonly string[] | undefined;
  /** All forms where it is left out. */
  readonly forms?: readonly Form[] | undefined;
  readonly at?: Point | undefined;
  readonly seed?: number | undefined;
  readonly notation?: NotationOptions | undefined;
  /** Told before each derivation what it is. */
  readonly onStage?: ((what: string) => void) | undefined;
}

/**
 * Derivations of several quantities in several forms. The forms of single entries, paths and
 * scalar, are derived for the first entries of a quantity one by one; the last of these says how
 * many are left out.
 * @throws InputError as `derive` does.
 */
export function deriveAll(model: Model, options: DeriveAllOptions = {}): Derivation[] {
  const { forms = FORMS, at, seed, notation, onStage } = options;
  const workbench = new Workbench(model, at, seed);
  const asked = options.wrt ?? model.params.map(({ name }) => name);
  const together = asked.map((wrt) => parseTarget(model, wrt).quantity);
  const derived = new Set<string>();
  return asked.flatMap((wrt) =>
    forms.flatMap((form) => {
      requireRequest({ wrt, form });
      const { names: all, note } = entriesToDerive(workbench, { wrt, form });
      // an entry that is asked for beside its quantity stands once
      const names = all.filter((name) => !derived.has(`${form} ${name}`));
      for (const name of names) derived.add(`${form} ${name}`);
      return names.map((name, position) => {
        const isLast = position === names.length - 1;
        onStage?.(`deriving ${name}, form ${form}`);
        const request = { wrt: name, form, adjoints: notation?.adjoints };
        const data = deriveSteps(workbench, request, together);
        const notes = isLast && note !== undefined ? [...data.notes, note] : data.notes;
        return new Derivation({ ...data, notes }, notation ?? {});
      });
    }),
  );
}

export class Derivation {
  readonly loss: string;
  /** What the loss is differentiated by, in the model language. */
  readonly wrt: string;
  readonly form: Form;
  private readonly printer: EquationPrinter;

  constructor(
    /** What the renderers read. */
    readonly data: DerivationData,
    readonly notation: NotationOptions,
  ) {
    const { model, target, form } = data;
    this.loss = model.loss.name;
    this.wrt = target.entry ? entryName(target.quantity, target.entry) : target.quantity.name;
    this.form = form;
    const names = new Notation(notation, namesOf(model), data.deltas);
    this.printer = new EquationPrinter(model, names, data.numbers);
  }

  /** The loss in LaTeX. */
  get lossLatex(): string {
    return this.printer.notation.symbol(this.data.model.loss);
  }

  /** What the loss is differentiated by, in LaTeX. */
  get wrtLatex(): string {
    const { quantity, entry } = this.data.target;
    const { notation } = this.printer;
    if (!entry) return notation.symbol(quantity);
    return notation.entry(
      quantity,
      entry.map((index) => `${index + notation.indexBase}`),
    );
  }

  /** The whole quantity, of which it may be an entry, in LaTeX. */
  get quantityLatex(): string {
    return this.printer.notation.symbol(this.data.target.quantity);
  }

  /** What was left out, in sentences. */
  get notes(): readonly string[] {
    return this.sentences.map(({ text }) => text);
  }

  /** The same, for renderers. */
  get sentences(): readonly Sentence[] {
    return [
      ...this.cutPaths.map((one) => this.cutNote(one, one.listed.length)),
      ...this.data.notes,
    ];
  }

  get steps(): readonly StepJson[] {
    return this.data.steps.map((step) => stepJson(this.printer, step));
  }

  /** All equations of the derivation, aligned: mathematics for KaTeX and amsmath. */
  get latex(): string {
    const steps = displays(this.data.steps, this.printer).flatMap((one) => one.steps);
    return aligned(this.printer.equations(steps));
  }

  /** Sentences and displayed equations, for a document of one's own that loads amsmath. */
  toLatex(): string {
    return this.written(FRAGMENT);
  }

  /** Sentences and displayed equations, as GitHub renders them. */
  toMarkdown(): string {
    return this.written(GITHUB);
  }

  written(prose: Prose): string {
    return together(this.paragraphs(prose), prose);
  }

  /** Its sentences, each with the equations that follow it. */
  paragraphs(prose: Prose): readonly Paragraph[] {
    const { data, printer } = this;
    const sentences = new Sentences(data.model, printer.notation, prose);
    const { opening } = data;
    return [
      ...(opening === undefined ? [] : [{ words: sentences.typeset(opening), equations: [] }]),
      ...stepParagraphs(printer, sentences, data.steps),
      ...this.cutPaths.map((one) => ({
        words: sentences.typeset(this.cutNote(one, MOST_SHOWN)),
        equations: this.firstPaths(one).map(prose.display),
      })),
      ...data.notes.map((note) => ({ words: sentences.typeset(note), equations: [] })),
    ];
  }

  /**
   * The derivation with some of its steps: the others stand elsewhere in a document.
   * @param opening a sentence that says where; left out where they are not needed
   */
  shortened(steps: readonly Step[], opening?: Sentence): Derivation {
    if (steps.length === this.data.steps.length) return this;
    const where = opening ? { opening } : {};
    return new Derivation({ ...this.data, steps: chained(steps), ...where }, this.notation);
  }

  /** A page of its own: one file that opens offline. */
  toHtml(): string {
    return htmlDocument(this.data.model, [this]);
  }

  toJSON(): DerivationJson {
    const { data } = this;
    const total = data.paths.reduce((count, one) => count + one.count, 0n);
    return {
      wrt: this.wrt,
      form: this.form,
      latex: this.latex,
      ...(data.value === undefined ? {} : { value: data.value }),
      steps: this.steps,
      ...(this.form === "paths"
        ? {
            pathCount: total.toString(),
            paths: data.paths.flatMap(({ listed }) => listed.map((path) => this.path(path))),
          }
        : {}),
      ...(this.notes.length > 0 ? { notes: this.notes } : {}),
    };
  }

  /** Entries that more paths lead to than are listed. */
  private get cutPaths(): readonly EntryPaths[] {
    return this.data.paths.filter(
      ({ count, listed, vanishing }) => count - vanishing > BigInt(listed.length),
    );
  }

  private cutNote({ entry, count, vanishing, told }: EntryPaths, shown: number): Sentence {
    const { model, target } = this.data;
    const of = entryAtom(target.quantity, entry);
    const many = said`${count.toString()} paths lead from ${model.loss} to ${of}, too many for one sum. Along each the derivatives are multiplied.`;
    const left = count - vanishing - BigInt(shown);
    return joined([many, ...told, said`Here are the first ${shown}, … ${left.toString()} more.`]);
  }

  /** The first paths as products. */
  private firstPaths({ listed }: EntryPaths): string[] {
    const { model, route } = this.data;
    return listed.slice(0, MOST_SHOWN).map((path) => {
      const factors = path.map((edge) => partialReference(route, edge));
      return this.printer.expression(listedSum(model.graph, [product(model.graph, factors)]));
    });
  }

  private path(path: Path): PathJson {
    const factors = path.map((edge) => this.factor(edge));
    const last = path.at(-1)!.wrt;
    const nodes = [
      ...path.map(({ of }) => this.entry(of.quantity.name, of)),
      entryName(last.quantity, last.indices),
    ];
    if (!this.data.numbers) return { nodes, factors };
    const value = factors.reduce((product, factor) => product * factor.value!, 1);
    return { nodes, factors, value };
  }

  /** The loss is one number, whatever its declared shape. */
  private entry(name: string, { quantity, indices }: Edge["of"]): string {
    return quantity === this.data.model.loss ? name : entryName(quantity, indices);
  }

  private factor({ of, wrt, derivative }: Edge): PathJson["factors"][number] {
    const { route } = this.data;
    const { quantity } = route.partialOf(of.quantity, wrt.quantity)!;
    const indices = entryIndices([...of.indices, ...wrt.indices]);
    const symbol = route.model.graph.reference(quantity, indices);
    const value = this.data.numbers?.scalar(derivative).value;
    return {
      of: this.entry(of.quantity.name, of),
      wrt: entryName(wrt.quantity, wrt.indices),
      latex: this.printer.expression(scalar(symbol)),
      ...(value === undefined ? {} : { value }),
    };
  }
}
