/** Sentences as documents write them: their words as text, their formulas as equations have them. */
import { Binding } from "../../expression/operations/operation.js";
import { definitionLines } from "../../derivation/forward.js";
import type { Model } from "../../language/model.js";
import type {
  Atom,
  DefinitionAtom,
  FunctionAtom,
  Mention,
  PlainPiece,
  Sentence,
  Sign,
} from "../../language/sentence.js";
import { EquationPrinter } from "../formula/equations.js";
import type { Notation } from "../notation/notation.js";
import type { Prose } from "./prose.js";

/** Signs in LaTeX; the others are the same there. */
const SIGNS: ReadonlyMap<Sign, string> = new Map<Sign, string>([
  [" − ", " - "],
  ["×", " \\times "],
  ["1[…]", "\\mathbf{1}[\\dots]"],
]);

/** Sentences of a model in a notation, as a document has them. */
export class Sentences {
  constructor(
    private readonly model: Model,
    private readonly notation: Notation,
    readonly prose: Prose,
  ) {}

  typeset(sentence: Sentence): string {
    return sentence
      .written(this.prose.told)
      .map((piece) => this.piece(piece))
      .join("");
  }

  private piece(piece: PlainPiece): string {
    const { text, inline } = this.prose;
    switch (piece.kind) {
      case "words":
        return text(piece.text);
      case "part":
        return text(`“${piece.title}”`);
      case "formula":
        return inline(piece.atoms.map((atom) => this.atom(atom)).join(""));
    }
  }

  private atom(atom: Atom): string {
    switch (atom.kind) {
      case "sign":
        return SIGNS.get(atom.sign) ?? atom.sign;
      case "function":
        return this.function(atom);
      case "definition":
        return this.definition(atom);
      case "number":
        return `${atom.value}`;
      case "size":
        return this.notation.size(atom.size);
      case "name":
        return this.symbol(atom.name);
      case "derivative":
        return this.derivative(atom.of, atom.wrt);
    }
  }

  /** σ(u) = 1/(1 + e⁻ᵘ), or max(a, b) alone */
  private function(atom: FunctionAtom): string {
    const { operation, equation, letters, operands, isTurned } = atom;
    const { signs } = this.notation;
    const at = letters.slice(0, operands).map((tex) => ({ tex, binding: Binding.atom }));
    // nothing in a sentence is high
    const function_ = signs
      .latex(operation)(...at)
      .tex.replaceAll(/\\(?:left|right)/g, "");
    const exponential = (exponent: string): string => signs.exponential(exponent);
    const sides = [function_, ...(equation ? [equation.latex(exponential, ...letters)] : [])];
    return (isTurned === true ? sides.toReversed() : sides).join(" = ");
  }

  /** One side of f_ij = Σ_k o_ik w_kj, or of F = O W. */
  private definition({ quantity, side, of }: DefinitionAtom): string {
    const lines = definitionLines(this.model, quantity);
    const line = (of === "whole" ? lines.whole : undefined) ?? lines.entry;
    return new EquationPrinter(this.model, this.notation).equation(line)[side];
  }

  /** ∂u/∂v, or δ. */
  private derivative(of: Mention, wrt: Mention): string {
    const named =
      of.quantity === this.model.loss
        ? this.notation.adjointEntry(wrt.quantity, this.indices(wrt))
        : undefined;
    return named ?? `\\partial ${this.symbol(of)}/\\partial ${this.symbol(wrt)}`;
  }

  private symbol(name: Mention): string {
    return this.notation.entry(name.quantity, this.indices(name));
  }

  /** The loss is one number, whatever its declared shape. */
  private indices({ quantity, indices }: Mention): string[] {
    if (quantity === this.model.loss) return [];
    return indices.map((index) => `${index + this.notation.indexBase}`);
  }
}
