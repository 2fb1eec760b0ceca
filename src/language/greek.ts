/** Greek letters as words, as characters and in LaTeX. */

/** Names in the order of their code points from α and Α; letters that Latin has, too, are those. */
const SMALL =
  "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi o pi rho varsigma sigma tau upsilon phi chi psi omega".split(
    " ",
  );
const LARGE =
  "A B Gamma Delta E Z H Theta I K Lambda M N Xi O Pi P . Sigma T Upsilon Phi X Psi Omega".split(
    " ",
  );

const WORDS: ReadonlySet<string> = new Set(
  [...SMALL, ...LARGE, "ell"].filter((name) => name.length > 1),
);

/** The characters ε and φ, which the words epsilon and phi are not. */
const VARIANTS: ReadonlyMap<string, string> = new Map([
  ["epsilon", "varepsilon"],
  ["phi", "varphi"],
]);

/** What is written for a letter whose name is a keyword of programming languages. */
const SHORT: ReadonlyMap<string, string> = new Map([["lam", "lambda"]]);

/** `\alpha` for the word alpha; undefined for words that are no Greek letter. */
export function greekWord(word: string): string | undefined {
  const name = SHORT.get(word) ?? word;
  return WORDS.has(name) ? `\\${name}` : undefined;
}

/** `\alpha` for the character α; undefined for characters that are not Greek. */
export function greekCharacter(character: string): string | undefined {
  const name = nameOf(character);
  return name !== undefined && name.length > 1 ? `\\${VARIANTS.get(name) ?? name}` : name;
}

/** A name with words for its Greek characters: `lambda1` for λ1. */
export function spelledOut(name: string): string {
  return Array.from(name, (character) => nameOf(character) ?? character).join("");
}

function nameOf(character: string): string | undefined {
  const code = character.codePointAt(0)!;
  const name = code >= 0x3b1 ? SMALL[code - 0x3b1] : LARGE[code - 0x391];
  return name === "." ? undefined : name;
}
