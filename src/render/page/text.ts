/** Sentences, statements and symbols of a page, with ids where they name a thing. */
import type { Entry } from "../../forms/paths.js";
import type { Model } from "../../language/model.js";
import type { Notation } from "../notation/notation.js";
import { sentencePieces } from "../document/sentence.js";
import { html, type Markup } from "./markup.js";
import { adjointSymbol, symbolHtml, textSymbol } from "./symbols.js";
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

  /** A sentence: names of quantities and entries become symbols, titles of parts links. */
  sentence(text: string): Markup[] {
    return text.split(/“([^”]*)”/).flatMap((piece, position) => {
      if (position % 2 === 0) return this.symbols(piece);
      const id = this.partIds.get(piece);
      return id === undefined
        ? [html`“`, ...this.symbols(piece), html`”`]
        : [html`“<a href="#${id}">${piece}</a>”`];
    });
  }

  private symbols(text: string): Markup[] {
    return sentencePieces(this.model, text).map((piece) => {
      switch (piece.kind) {
        case "words":
          return html`${piece.text}`;
        case "name":
          return this.symbol(piece.name, this.idOf(piece.name));
        case "derivative": {
          const { of, wrt } = piece;
          return html`<span class="${this.derivativeId(of, wrt)}"
            >${this.derivative(of, wrt)}</span
          >`;
        }
      }
    });
  }

  /** A statement of the model, as it was written. */
  statement(text: string): Markup[] {
    return sentencePieces(this.model, text).map((piece) => {
      switch (piece.kind) {
        case "words":
          return html`${piece.text}`;
        case "name":
          return html`<span class="${this.idOf(piece.name)}">${piece.name.text}</span>`;
        case "derivative":
          return this.derivative(piece.of, piece.wrt);
      }
    });
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
