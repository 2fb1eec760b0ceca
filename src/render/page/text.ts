/** Sentences, statements and symbols of a page, with ids where they name a thing. */
import type { Entry } from "../../forms/paths.js";
import type { Model } from "../../language/model.js";
import type { Notation } from "../notation.js";
import { html, type Markup } from "./markup.js";
import { symbolHtml, textSymbol } from "./symbols.js";
import type { Things } from "./things.js";

export class PageText {
  constructor(
    private readonly model: Model,
    readonly notation: Notation,
    readonly things: Things,
  ) {}

  /** A sentence: names of quantities and entries become symbols. */
  sentence(text: string): Markup[] {
    return this.things
      .mentions(text)
      .map(({ text: piece, entry, id }) => (entry ? this.symbol(entry, id) : html`${piece}`));
  }

  /** A statement of the model, as it was written. */
  statement(text: string): Markup[] {
    return this.things
      .mentions(text)
      .map(({ text: piece, id }) =>
        id === undefined ? html`${piece}` : html`<span class="${id}">${piece}</span>`,
      );
  }

  /** The loss has no indices, whatever its declared shape. */
  symbol({ quantity, indices }: Entry, id?: string): Markup {
    const entry = quantity === this.model.loss ? [] : indices;
    return symbolHtml(textSymbol(this.notation, quantity, entry), id);
  }

  /** ∂u/∂v. */
  derivative(of: Entry, wrt: Entry): Markup {
    return html`∂${this.symbol(of)}/∂${this.symbol(wrt)}`;
  }
}
