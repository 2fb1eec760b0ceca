/** Sentences, statements and symbols of a page, with ids where they name a thing. */
import type { Entry } from "../../forms/paths.js";
import type { Model } from "../../language/model.js";
import {
  type Atom,
  functionText,
  type PlainPiece,
  type Sentence,
} from "../../language/sentence.js";
import type { Notation } from "../notation/notation.js";
import { html, type Markup } from "./markup.js";
import { statementPieces } from "./statement.js";
import { adjointSymbol, sizeHtml, symbolHtml, textSymbol } from "./symbols.js";
import type { Things } from "./things.js";

export class PageText {
  constructor(
    private readonly model: Model,
    readonly notation: Notation,
    readonly things: Things,
    /** Of the parts that sentences refer to by “title”. */
    private readonly partIds: ReadonlyMap<string, string>,
  ) {}

  /** The same text in the notation of one part, which decides what δ is. */
  within(notation: Notation): PageText {
    return new PageText(this.model, notation, this.things, this.partIds);
  }

  /** A sentence: quantities and entries are symbols, titles of parts links. */
  sentence(sentence: Sentence): Markup[] {
    return sentence.written().flatMap((piece) => this.piece(piece));
  }

  private piece(piece: PlainPiece): Markup | Markup[] {
    switch (piece.kind) {
      case "words":
        return html`${piece.text}`;
      case "formula":
        return piece.atoms.map((atom) => this.atom(atom));
      case "part": {
        const id = this.partIds.get(piece.title);
        return id === undefined
          ? html`“${piece.title}”`
          : html`“<a href="#${id}">${piece.title}</a>”`;
      }
    }
  }

  private atom(atom: Atom): Markup {
    switch (atom.kind) {
      case "sign":
        return atom.sign === "1[…]" ? html`<b>1</b>[…]` : html`${atom.sign}`;
      case "function":
        return html`${functionText(atom)}`;
      case "definition": {
        const { side, text, quantity } = atom;
        const entry: Entry = { quantity, indices: [] };
        return side === "left" ? this.symbol(entry, this.idOf(entry)) : html`<code>${text}</code>`;
      }
      case "number":
        return html`${atom.value}`;
      case "size":
        return sizeHtml(atom.size);
      case "name":
        return this.symbol(atom.name, this.idOf(atom.name));
      case "derivative": {
        const { of, wrt } = atom;
        return html`<span class="${this.derivativeId(of, wrt)}">${this.derivative(of, wrt)}</span>`;
      }
    }
  }

  /** A quantity by its name in the model language. */
  named(name: string): Markup {
    const entry: Entry = { quantity: this.model.scope.get(name)!.quantity!, indices: [] };
    return this.symbol(entry, this.idOf(entry));
  }

  /** A statement of the model, as it was written. */
  statement(text: string): Markup[] {
    return statementPieces(this.model, text).map((piece) =>
      typeof piece === "string"
        ? html`${piece}`
        : html`<span class="${this.idOf(piece.name)}">${piece.text}</span>`,
    );
  }

  private idOf({ quantity, indices }: Entry): string {
    return this.things.entry(quantity.name, indices);
  }

  /** As in equations, a derivative of the loss is lit with what the loss is differentiated by. */
  private derivativeId(of: Entry, wrt: Entry): string {
    const id = this.idOf(wrt);
    return of.quantity === this.model.loss ? id : this.things.factor(this.idOf(of), id);
  }

  /** The loss has no indices, whatever its declared shape. */
  symbol({ quantity, indices }: Entry, id?: string): Markup {
    const entry = quantity === this.model.loss ? [] : indices;
    return symbolHtml(textSymbol(this.notation, quantity, entry), id);
  }

  /** ∂u/∂v, or δ. */
  derivative(of: Entry, wrt: Entry): Markup {
    const delta =
      of.quantity === this.model.loss
        ? adjointSymbol(this.notation, wrt.quantity, wrt.indices)
        : undefined;
    if (delta) return symbolHtml(delta);
    return html`∂${this.symbol(of)}/∂${this.symbol(wrt)}`;
  }
}
