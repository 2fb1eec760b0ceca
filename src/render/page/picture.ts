/** The network as a picture: units, weights as edges, the loss. Everything in it has its id. */
import type { Entry } from "../../forms/paths.js";
import { entryKey } from "../../forms/paths.js";
import type { Known } from "../../numeric/known.js";
import type { Notation } from "../notation/notation.js";
import { html, type Markup } from "./markup.js";
import type { Link, Network, Stub } from "./network.js";
import { type Place, placed, type Placement } from "./placement.js";
import {
  descent,
  equalText,
  numberText,
  SCRIPT,
  spokenName,
  symbolSvg,
  textSymbol,
} from "./symbols.js";
import type { Things } from "./things.js";
import { type Obstacle, straight, wireBetween } from "./wires.js";

const RADIUS = 17;
/** How far lines keep away from other units, and from the middle of a symbol. */
const BESIDE = 4;
const BESIDE_TEXT = 11;

export interface PictureOptions {
  readonly notation: Notation;
  readonly things: Things;
  /** The value of an entry at the point. */
  readonly valueOf: (entry: Entry) => Known | undefined;
}

/** Wider pictures would be too small in a column: they keep their size and scroll. */
const WIDEST_FITTED = 640;

/** A figure with its caption. */
export function picture(network: Network, options: PictureOptions): Markup {
  return new Picture(network, options).figure();
}

class Picture {
  private readonly placement: Placement;
  /** What lines keep away from: units and the symbols above them. */
  private readonly obstacles: readonly Obstacle[];
  private readonly labels: Markup[] = [];
  /** Weights that can be reached with the keyboard; a shared weight once. */
  private readonly reached = new Set<string>();

  constructor(
    private readonly network: Network,
    private readonly options: PictureOptions,
  ) {
    this.placement = placed(network);
    const { places, headings, gaps } = this.placement;
    this.obstacles = [
      ...[...places.values()].map((place) => ({ ...place, radius: RADIUS + BESIDE })),
      ...[...headings, ...gaps].map(({ x, y }) => ({ x, y: y - 4, radius: BESIDE_TEXT })),
    ];
  }

  figure(): Markup {
    const { notes, layers } = this.network;
    const { width, top, height } = this.placement;
    const text = layers.map(({ quantity, total }) => `${quantity.name} (${total})`).join(", ");
    return html`<figure class="picture">
      <div class="scroll" data-name="Picture of the network">
        <svg
          class="${width > WIDEST_FITTED ? "wide" : "fitted"}"
          viewBox="0 ${top} ${width} ${height}"
          width="${width}"
          height="${height}"
          role="group"
          aria-label="The network: units by stage, ${text}; weights are on the lines"
        >
          <g class="links">${this.links()}</g>
          <g class="stubs">${this.stubs()}</g>
          <g>${this.units()}</g>
          <g aria-hidden="true">${this.captions()}${this.labels}</g>
        </svg>
      </div>
      <figcaption>
        Values flow from left to right. A solid line between two units carries a weight, a dotted
        one none; a parameter that acts on a unit by itself has a short line of its own.
        ${notes.join(" ")}
      </figcaption>
    </figure>`;
  }

  // ————— edges —————

  /** Focusable edges last, so that they lie above the plain ones. */
  private links(): Markup[] {
    const plain = this.network.links.filter(({ weights }) => weights.length === 0);
    const weighted = this.network.links.filter(({ weights }) => weights.length > 0);
    return [...plain, ...weighted].map((link) => this.link(link));
  }

  private link({ of, wrt, weights }: Link): Markup {
    const [from, to] = [this.placeOf(wrt), this.placeOf(of)];
    const ids = [
      ...weights.flatMap((weight) => [this.id(weight), this.factor(of, weight)]),
      this.factor(of, wrt),
    ];
    const [weight] = weights;
    const { path, middle } = wireBetween(from, to, RADIUS, this.obstacles);
    if (!weight) return html`<g class="link ${ids.join(" ")}">${line(path)}</g>`;
    const label = { x: middle.x, y: middle.y + 4 };
    const spoken = `${this.spoken(weights)}, from ${this.name(wrt)} to ${this.name(of)}`;
    this.label(ids, weights, label);
    return this.weight(ids, weight, spoken, line(path));
  }

  /** Short lines from above, fanned out where a unit has several. */
  private stubs(): Markup[] {
    const counts = new Map<string, number>();
    return this.network.stubs.map(({ of, weight }: Stub) => {
      const key = entryKey(of);
      const before = counts.get(key) ?? 0;
      counts.set(key, before + 1);
      const { x, y } = this.placeOf(of);
      const angle = (-40 - before * 35) * (Math.PI / 180);
      const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
      const [outer, inner] = [RADIUS + 15, RADIUS].map((away) => ({
        x: x + cos * away,
        y: y + sin * away,
      })) as [Place, Place];
      const ids = [this.id(weight), this.factor(of, weight)];
      const isWhole = weight.indices.length < weight.quantity.shape.length;
      // what is said of all of a parameter is said wherever its name is pointed at
      const spoken = isWhole
        ? `all of ${this.name(weight)}`
        : `${this.spoken([weight])}, in ${this.name(of)}`;
      const end = html`<circle class="stub-end" cx="${outer.x}" cy="${outer.y}" r="3" />`;
      this.label(ids, [weight], { x: outer.x, y: outer.y - 8 });
      return this.weight(ids, weight, spoken, html`${line(straight(outer, inner))}${end}`);
    });
  }

  private weight(ids: readonly string[], weight: Entry, spoken: string, content: Markup): Markup {
    const id = this.id(weight);
    const whole = this.options.things.quantity(weight.quantity.name);
    const classes = `${[...new Set([id, ...ids, whole])].join(" ")} weight`;
    if (this.reached.has(id)) return html`<g class="${classes}">${content}</g>`;
    this.reached.add(id);
    return html`<g class="${classes}" ${this.reachable(spoken)}>${content}</g>`;
  }

  /** What can be reached with the keyboard, and what is said of it. */
  private reachable(spoken: string): Markup {
    return html`data-label="${spoken}" tabindex="0" role="button" aria-label="${spoken}"`;
  }

  /** Shown above everything else while the weight is lit. */
  private label(ids: readonly string[], weights: readonly Entry[], { x, y }: Place): void {
    const { notation, valueOf } = this.options;
    const texts = weights.slice(0, 2).map((weight, position) => {
      const value = valueOf(weight);
      const symbol = textSymbol(notation, weight.quantity, weight.indices);
      const rise = (-descent(symbol) * SCRIPT).toFixed(2);
      const back = value ? ` ${equalText(value, 4)}` : "";
      return html`${position > 0 ? ", " : ""}${symbolSvg(symbol)}<tspan dy="${rise}em"
          >${back}</tspan
        >`;
    });
    this.labels.push(html`<text class="label ${ids.join(" ")}" x="${x}" y="${y}">${texts}</text>`);
  }

  // ————— units —————

  private units(): Markup[] {
    const { notation, valueOf } = this.options;
    return this.network.layers.flatMap(({ quantity, units }) =>
      units.flatMap((indices) => {
        if (!indices) return [];
        const entry: Entry = { quantity, indices };
        const { x, y } = this.placeOf(entry);
        const value = valueOf(entry);
        const name =
          indices.length === 0
            ? short(textSymbol(notation, quantity).base)
            : indices.map((index) => `${index + notation.indexBase}`).join(",");
        const ids = [...new Set([this.id(entry), this.options.things.quantity(quantity.name)])];
        const shown =
          value === undefined
            ? undefined
            : html`<text class="value" x="${x}" y="${y + RADIUS + 12}"
                >${numberText(value.value, 4)}</text
              >`;
        return [
          html`<g
            class="unit ${quantity.role} ${ids.join(" ")}"
            ${this.reachable(this.spoken([entry]))}
            ><circle cx="${x}" cy="${y}" r="${RADIUS}" /><text
              ${name.length > 4 ? html`class="long"` : undefined}
              x="${x}"
              y="${y + 4}"
              >${name}</text
            >${shown}</g
          >`,
        ];
      }),
    );
  }

  /** Symbols above the columns, and the dots of what is left out. */
  private captions(): Markup[] {
    const { notation } = this.options;
    return [
      ...this.placement.headings.map(({ x, y, layer: { quantity } }) => {
        const symbol = symbolSvg(textSymbol(notation, quantity));
        return html`<text class="heading" x="${x}" y="${y}">${symbol}</text>`;
      }),
      ...this.placement.gaps.map(
        ({ x, y, count }) =>
          html`<text class="gap" x="${x}" y="${y}">…</text
            ><text class="value" x="${x}" y="${y + 16}">${count} more</text>`,
      ),
    ];
  }

  // ————— names —————

  private placeOf(entry: Entry): Place {
    return this.placement.places.get(entryKey(entry))!;
  }

  private id({ quantity, indices }: Entry): string {
    return this.options.things.entry(quantity.name, indices);
  }

  private factor(of: Entry, wrt: Entry): string {
    return this.options.things.factor(this.id(of), this.id(wrt));
  }

  private name({ quantity, indices }: Entry): string {
    return spokenName(this.options.notation, quantity, indices);
  }

  private spoken(entries: readonly Entry[]): string {
    return entries
      .map((entry) => {
        const value = this.options.valueOf(entry);
        return `${this.name(entry)}${value ? ` ${equalText(value)}` : ""}`;
      })
      .join(" and ");
  }
}

/** A wide, unseen line under the seen one is easier to point at. */
function line(path: string): Markup {
  return html`<path class="hit" d="${path}" /><path class="line" d="${path}" />`;
}

/** What fits into a unit. */
function short(text: string): string {
  const signs = Array.from(text);
  return signs.length > 4 ? `${signs.slice(0, 3).join("")}…` : text;
}
