/** The LaTeX symbols that authors give: only mathematics that cannot reach anything outside. */
import { InputError, type Place } from "./source.js";
import type { CallSyntax } from "./syntax.js";

const LONGEST_SYMBOL = 80;

/** Commands that stand before what they are written on, or set: accents and alphabets. */
const ON_WHAT_FOLLOWS =
  "hat bar tilde vec dot ddot check breve widehat widetilde overline underline " +
  "mathbf mathrm mathit mathsf mathtt mathcal mathbb mathfrak boldsymbol";
/** Commands that symbols are made of: letters, accents, alphabets. */
const COMMANDS: ReadonlySet<string> = new Set(
  [
    "alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi",
    "pi varpi rho varrho sigma varsigma tau upsilon phi varphi chi psi omega Gamma Delta Theta",
    "Lambda Xi Pi Sigma Upsilon Phi Psi Omega ell hbar imath jmath partial nabla infty prime star",
    "ast dagger bullet circ operatorname text textbf textit textrm langle rangle vert Vert top perp",
    "pm mp times cdot",
    ON_WHAT_FOLLOWS,
  ]
    .join(" ")
    .split(" "),
);

/**
 * @throws InputError for commands that are not letters, accents or alphabets, for characters with a
 * meaning outside mathematics, and for braces that do not match.
 */
export function checkSymbol(symbol: string, place: Place): string {
  const fail = (message: string, hint?: string): never => {
    throw new InputError(`the symbol "${symbol.slice(0, LONGEST_SYMBOL)}": ${message}`, {
      place,
      hint,
    });
  };
  const text = symbol.trim();
  if (text === "") fail("it is empty");
  if (text.length > LONGEST_SYMBOL) fail(`it has more than ${LONGEST_SYMBOL} characters`);
  if (/<\S/.test(text)) fail("< is followed by a space", "it could begin a tag of HTML otherwise");
  let depth = 0;
  for (const [token] of text.matchAll(/\\[A-Za-z]+|[\s\S]/gu)) {
    if (token.length > 1 && token.startsWith("\\")) {
      if (!COMMANDS.has(token.slice(1))) {
        fail(`${token} is not allowed in a symbol`, "letters, accents, alphabets and scripts only");
      }
    } else if (!/^[A-Za-z0-9 {}^_()[\],.'*+\-/|<>=:;!]$/u.test(token)) {
      fail(
        `the character ${token} is not allowed in a symbol`,
        "Greek letters are written \\alpha",
      );
    }
    if (token === "{") depth++;
    if (token === "}" && --depth < 0) fail("a brace is closed that was not opened");
  }
  if (depth > 0) fail("a brace is not closed");
  if (/[\^_]\s*([\^_}]|$)/u.test(text) || /^[\^_]/u.test(text))
    fail("a script has nothing to stand on or above");
  if (/(\^(\{[^{}]*\}|.)){2}|(_(\{[^{}]*\}|.)){2}/u.test(text))
    fail("it has two scripts in one place");
  return canonical(text);
}

/** An accent or an alphabet, and the one letter that it is for. */
const ON_NEXT = new RegExp(
  String.raw`\\(${ON_WHAT_FOLLOWS.replaceAll(" ", "|")}) *([A-Za-z]|\\[A-Za-z]+)(?![A-Za-z{])`,
  "g",
);
/** One letter in braces, where nothing but scripts follows. */
const BRACED = /^\{([A-Za-z]|\\[A-Za-z]+)\}(?=$|[\^_])/;

/** The same symbol as it is usually typed: `w` for `{w}`, `\vec{x}` for `\vec x`. */
function canonical(symbol: string): string {
  return symbol.replace(ON_NEXT, "\\$1{$2}").replace(BRACED, "$1");
}

/** A symbol taken apart, so that more can be written above and below it. */
export interface SymbolParts {
  readonly base: string;
  readonly sub?: string | undefined;
  readonly sup?: string | undefined;
}

/** A symbol of the form base^{sup}_{sub} taken apart; anything else is one base. */
export function splitScripts(symbol: string): SymbolParts {
  const script = String.raw`(?:\{([^{}]*)\}|([A-Za-z0-9]))`;
  const base = String.raw`(\\?[A-Za-z]+(?:\{[^{}]*\})?)`;
  const match = new RegExp(`^${base}(?:\\^${script})?(?:_${script})?(?:\\^${script})?$`).exec(
    symbol.trim(),
  );
  if (!match) return { base: /[\^_]/.test(symbol) ? `{${symbol}}` : symbol };
  const sup = match[2] ?? match[3] ?? match[6] ?? match[7];
  const sub = match[4] ?? match[5];
  return {
    base: match[1]!,
    ...(sub === undefined ? {} : { sub }),
    ...(sup === undefined ? {} : { sup }),
  };
}

/** base^{sup}_{sub}. */
export function joined({ base, sub, sup }: SymbolParts): string {
  return base + (sup === undefined ? "" : `^{${sup}}`) + (sub === undefined ? "" : `_{${sub}}`);
}

/** Whether two symbols differ in their LaTeX only: w_1 and w_{1}. */
export function lookAlike(one: string, other: string): boolean {
  return joined(splitScripts(one)) === joined(splitScripts(other));
}

/** Letters with a meaning of their own, which no declaration can give. */
export const LIKE_ONES = "\\mathbf{1}";
export const LIKE_PI = "\\pi";

/** The symbol that a declaration gives. */
export function symbolOf(call: CallSyntax): string | undefined {
  const last = call.args.at(-1);
  return last?.kind === "string" ? last.text : undefined;
}
