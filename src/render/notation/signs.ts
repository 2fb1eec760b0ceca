/**
 * The signs that derivations write by themselves, and what stands in their place in a document of a model
 * that calls a quantity so: every sign has one meaning.
 */
import {
  functionLatex,
  Binding,
  type Latex,
  type Operation,
} from "../../expression/operations/operation.js";
import { slopeLatex, slopeOf } from "../../expression/operations/slope.js";
import { exponential, sigmoid } from "../../expression/operations/smooth.js";

/** The first of each is the usual one, the others are taken where a quantity has it. */
const CHOICES = {
  identity: ["I", "\\hat{I}", "\\mathcal{I}"],
  unit: ["\\mathbf{e}", "\\hat{e}", "\\mathbf{i}"],
  commutation: ["\\mathbf{K}", "\\hat{K}", "\\mathbf{C}"],
} as const;

/** A letter without its weight: a bold one does not stand beside a light one of another meaning. */
function light(letter: string): string {
  return letter.replace(/^\\(?:mathbf|boldsymbol)\{(.*)\}$/, "$1");
}

export class Signs {
  /** The letter of identity matrices. */
  readonly identity: string;
  /** The letter of unit vectors. */
  readonly unit: string;
  /** The letter of commutation matrices, which transpose vec. */
  readonly commutation: string;
  /** The name of the sigmoid. */
  readonly sigmoid: string;
  /** The numbers that have letters. */
  readonly constants: { readonly pi: string; readonly e: string };
  /** Functions whose usual signs are taken. */
  private readonly functions = new Map<Operation, Operation["latex"]>();

  /** @param taken the letters of the model's quantities, without scripts */
  constructor(taken: ReadonlySet<string>) {
    const letters = new Set([...taken].map(light));
    const free = (choices: readonly string[]): string =>
      choices.find((one) => !letters.has(light(one))) ?? choices.at(-1)!;
    this.identity = free(CHOICES.identity);
    this.unit = free(CHOICES.unit);
    this.commutation = free(CHOICES.commutation);
    const isExponentialTaken = taken.has("e");
    if (isExponentialTaken) this.functions.set(exponential, functionLatex("\\exp"));
    const isSigmaTaken = taken.has("\\sigma");
    this.sigmoid = isSigmaTaken ? "\\operatorname{sigmoid}" : "\\sigma";
    if (isSigmaTaken) {
      const written = functionLatex(this.sigmoid);
      this.functions.set(sigmoid, written);
      this.functions.set(slopeOf(sigmoid), slopeLatex(written));
    }
    this.constants = {
      pi: taken.has("\\pi") ? "\\arccos\\left(-1\\right)" : "\\pi",
      e: isExponentialTaken ? "\\exp\\left(1\\right)" : "e",
    };
  }

  /** How a function is written. */
  latex(operation: Operation): Operation["latex"] {
    return this.functions.get(operation) ?? operation.latex;
  }

  /** e to a power that is written already. */
  exponential(exponent: string): string {
    const power: Latex = { tex: exponent, binding: Binding.sum };
    return this.latex(exponential)(power).tex;
  }
}
