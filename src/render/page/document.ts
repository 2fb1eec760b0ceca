/** The HTML document around a page's body: its policy, its fonts, its scripts and styles. */
import { clientScript, fontStyles, katexScript, katexStyle, pageStyle } from "virtual:page-assets";
import { html, type Markup, raw } from "./markup.js";

type FontGroup = keyof typeof fontStyles;

const BOLD = /\\(mathbf|textbf|boldsymbol)/;
const ITALIC = /\\(mathit|textit)/;

/** Which LaTeX needs fonts beyond those of every page. */
const NEEDS: Readonly<Record<Exclude<FontGroup, "core">, (tex: string) => boolean>> = {
  ams: (tex) => /\\(mathbb|hbar)/.test(tex),
  bold: (tex) => BOLD.test(tex),
  boldLetters: (tex) => /\\boldsymbol/.test(tex),
  italic: (tex) => ITALIC.test(tex),
  boldItalic: (tex) => BOLD.test(tex) && ITALIC.test(tex),
  caligraphic: (tex) => /\\mathcal/.test(tex),
  fraktur: (tex) => /\\mathfrak/.test(tex),
  sansSerif: (tex) => /\\(mathsf|textsf)/.test(tex),
  script: (tex) => /\\mathscr/.test(tex),
  typewriter: (tex) => /\\(mathtt|texttt)/.test(tex),
};

function fontsFor(tex: string): FontGroup[] {
  const groups = Object.keys(NEEDS) as (keyof typeof NEEDS)[];
  return ["core", ...groups.filter((group) => NEEDS[group](tex))];
}

/** How many characters a document has beside its body, in the fonts of this LaTeX. */
export function frameLength(tex: string): number {
  return document("", html``, tex).length;
}

/**
 * Scripts and styles are only those named by their hashes; nothing is loaded from anywhere, nothing
 * is sent anywhere, and no text can become a script.
 * @param tex all LaTeX of the body, which decides about the fonts
 */
export function document(title: string, body: Markup, tex: string): string {
  const styles = [...fontsFor(tex).map((group) => fontStyles[group]), katexStyle, pageStyle];
  const scripts = [katexScript, clientScript];
  const sources = (assets: readonly { hash: string }[]): string =>
    assets.map(({ hash }) => `'${hash}'`).join(" ");
  const policy = [
    "default-src 'none'",
    `script-src ${sources(scripts)}`,
    `style-src ${sources(styles)}`,
    "font-src data:",
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join("; ");
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="generator" content="chainrule" />
        <title>${title}</title>
        ${styles.map(({ text }) => element("style", text))}
      </head>
      <body>
        ${body} ${scripts.map(({ text }) => element("script", text))}
      </body>
    </html> `.text;
}

/** Exactly the text whose hash the policy names: not a space more. */
function element(name: "style" | "script", text: string): Markup {
  return raw(`<${name}>${text}</${name}>\n`);
}
