/** Symbols as text with scripts, for sentences, tables and the picture: no typesetting needed. */
import type { Quantity } from "../../expression/quantity.js";
import { type Size, sizeText } from "../../expression/size.js";
import type { SymbolParts } from "../../language/symbol.js";
import type { Known } from "../../numeric/known.js";
import { DIGITS, shownNumber } from "../formula/numbers.js";
import { pattern } from "../../language/pattern.js";
import { indexScript } from "../notation/names.js";
import type { Notation } from "../notation/notation.js";
import { html, type Markup } from "./markup.js";

/** The size of scripts, as in the style. */
export const SCRIPT = 0.72;

/** A symbol as plain text with what stands above and below it. */
export interface TextSymbol {
  readonly base: string;
  /** Whether the base is in bold type, upright. */
  readonly isBold?: boolean;
  readonly sup: string;
  readonly sub: string;
  /** Where an entry is meant: what the symbol has below of its own, as in (W₁)₂₃. */
  readonly own: string;
}

const GREEK: ReadonlyMap<string, string> = new Map(
  "alpha α beta β gamma γ delta δ epsilon ϵ varepsilon ε zeta ζ eta η theta θ iota ι kappa κ lambda λ mu μ nu ν xi ξ pi π rho ρ sigma σ varsigma ς tau τ upsilon υ phi ϕ varphi φ chi χ psi ψ omega ω Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ Pi Π Sigma Σ Upsilon Υ Phi Φ Psi Ψ Omega Ω ell ℓ"
    .split(" ")
    .reduce<[string, string][]>(
      (pairs, word, at, all) => (at % 2 === 0 ? [...pairs, [word, all[at + 1]!]] : pairs),
      [],
    ),
);

/** A quantity, or an entry (from 0), in the notation; what text cannot show gets its model name. */
export function textSymbol(
  notation: Notation,
  quantity: Quantity,
  entry: readonly number[] = [],
): TextSymbol {
  const parts = entry.length === 0 ? notation.parts(quantity) : notation.entryParts(quantity);
  const script = scriptText(notation, entry);
  return textOf(parts, script) ?? { base: quantity.name, sup: "", sub: script, own: "" };
}

/** δ, or an entry of it, where the adjoint of a quantity has a name of its own. */
export function adjointSymbol(
  notation: Notation,
  of: Quantity,
  entry: readonly number[],
): TextSymbol | undefined {
  const parts = notation.adjoint(of);
  return parts && textOf(parts, scriptText(notation, entry));
}

function scriptText({ indexBase }: Notation, entry: readonly number[]): string {
  return indexScript(entry.map((index) => `${index + indexBase}`));
}

/** @returns undefined for what text cannot show. */
function textOf({ base, sub = "", sup = "" }: SymbolParts, script: string): TextSymbol | undefined {
  const bold = /^\\(?:mathbf|boldsymbol|bm)\{([^{}]*)\}$/.exec(base)?.[1];
  const [plainBase, plainSub, plainSup] = [bold ?? base, sub, sup].map(plain);
  if (plainBase === undefined || plainSub === undefined || plainSup === undefined) return undefined;
  return {
    base: plainBase,
    ...(bold === undefined ? {} : { isBold: true }),
    sup: plainSup,
    sub: script === "" ? plainSub : script,
    own: script === "" ? "" : plainSub,
  };
}

/** `w⁽¹⁾₁₂` with HTML's scripts, one above the other where there are two; with its id, if any. */
export function symbolHtml(symbol: TextSymbol, id?: string): Markup {
  const { base, isBold, sup, sub, own } = symbol;
  const named = id === undefined ? undefined : html` class="${id}"`;
  if (own !== "") {
    const inner = symbolHtml(withoutEntry(symbol));
    return html`<var${named}>(${inner})<sub>${sub}</sub></var>`;
  }
  const above = sup === "" ? undefined : html`<sup>${sup}</sup>`;
  const below = sub === "" ? undefined : html`<sub>${sub}</sub>`;
  const scripts =
    above && below ? html`<span class="scripts">${above}${below}</span>` : (above ?? below);
  const plainLetter = isLetter(base) ? html`<i>${base}</i>` : base;
  const letter = isBold ? html`<b>${base}</b>` : plainLetter;
  return html`<var${named}>${letter}${scripts}</var>`;
}

/** `2N`, its letters as symbols. */
export function sizeHtml(size: Size): Markup {
  const parts = sizeText(size).split(/(\p{L}[\p{L}\p{N}_]*)/u);
  return html`${parts.map((part, position) => {
    const symbol = { base: part, sup: "", sub: "", own: "" };
    return position % 2 === 0 ? html`${part}` : symbolHtml(symbol);
  })}`;
}

/** The same in SVG, where what stands below is moved back under what stands above. */
export function symbolSvg(symbol: TextSymbol): Markup {
  const { base, isBold, sup, sub, own } = symbol;
  if (own !== "") {
    const inner = withoutEntry(symbol);
    const rise = (-descent(inner) * SCRIPT).toFixed(2);
    return html`(${symbolSvg(inner)}<tspan dy="${rise}em">)</tspan
      ><tspan class="script" dy="0.35em">${sub}</tspan>`;
  }
  const plainLetter = isLetter(base) ? html`<tspan class="letter">${base}</tspan>` : base;
  const letter = isBold ? html`<tspan font-weight="bold">${base}</tspan>` : plainLetter;
  const above = sup === "" ? undefined : html`<tspan class="script" dy="-0.5em">${sup}</tspan>`;
  const [dx, dy] = sup === "" ? [0, 0.35] : [-0.47 * sup.length, 0.95];
  const below =
    sub === "" ? undefined : html`<tspan class="script" dx="${dx}em" dy="${dy}em">${sub}</tspan>`;
  return html`${letter}${above}${below}`;
}

/** The symbol of the quantity that an entry is of. */
function withoutEntry(symbol: TextSymbol): TextSymbol {
  return { ...symbol, sub: symbol.own, own: "" };
}

/** How far below the line a symbol in SVG ends, in em of its scripts. */
export function descent({ sup, sub, own }: TextSymbol): number {
  if (own !== "") return 0.35;
  return sub === "" ? (sup === "" ? 0 : -0.5) : sup === "" ? 0.35 : 0.45;
}

function isLetter(base: string): boolean {
  return Array.from(base).length === 1;
}

/** In one line, for labels that are read aloud: the model's own name, its indices counted as in the notation. */
export function spokenName(
  { indexBase }: Pick<Notation, "indexBase">,
  { name }: Quantity,
  entry: readonly number[] = [],
): string {
  return entry.length === 0
    ? name
    : `${name}[${entry.map((index) => index + indexBase).join(",")}]`;
}

/** Accents as signs that combine with the letter before them. */
const ACCENTS: Readonly<Record<string, string>> = { bar: "\u0304", hat: "\u0302", tilde: "\u0303" };

const WORDS = pattern(String.raw`\\(?:mathrm|text|operatorname|mathit)\{([\p{L}\p{N}]*)\}`, "gu");
const PLAIN = pattern(String.raw`^[\p{L}\p{N}\p{M}()[\],+\-]*$`);

/** LaTeX of letters, words, digits and brackets as text; undefined for anything more. */
function plain(tex: string): string | undefined {
  const text = tex
    .replace(
      /\\(bar|hat|tilde)\{([^{}]*)\}/g,
      (_, accent: string, letter: string) => `${letter}${ACCENTS[accent]!}`,
    )
    .replace(WORDS(), "$1")
    .replace(/\\([A-Za-z]+) ?/g, (whole, name: string) => GREEK.get(name) ?? whole)
    .replaceAll(/[{}]/g, "")
    .normalize("NFC");
  return PLAIN().test(text) ? text : undefined;
}

/** A number as a person reads it in a table. */
export function numberText(value: number, digits = DIGITS): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "undefined" : value > 0 ? "∞" : "−∞";
  const text = String(Number(value.toPrecision(digits)));
  const [mantissa, exponent] = text.split("e") as [string, string?];
  const shown = exponent === undefined ? mantissa : `${mantissa}·10${superscript(exponent)}`;
  return shown.replace(/^-/, "−");
}

/** `= 0.5`, or `≈ 0.1428571` where digits are left out or nothing exact is known, as in equations. */
export function equalText(known: Known, digits = DIGITS): string {
  const { isRounded } = shownNumber(known, digits);
  return `${isRounded ? "≈" : "="} ${numberText(known.value, digits)}`;
}

function superscript(exponent: string): string {
  const digits = "⁰¹²³⁴⁵⁶⁷⁸⁹";
  return exponent
    .replace(/^\+/, "")
    .replace(/[-\d]/g, (d) => (d === "-" ? "⁻" : digits[Number(d)]!));
}
