/** Which printed symbol is which quantity of a model: the notation, told a second time. */
import { canonical, tokenize, UnreadableError } from "./tokens.js";

export interface NotationOptions {
  readonly indexBase?: 0 | 1;
  readonly layers?: "superscript" | "subscript" | "square";
}

export interface Quantity {
  readonly name: string;
  /** 0 for a scalar, 1 for a vector, 2 for a matrix; a size has none. */
  readonly axes: number;
  readonly isSize: boolean;
  /** The symbol that the author gave. */
  readonly symbol?: string | undefined;
}

/** A symbol taken apart: base^{sup}_{sub}, each as canonical text. */
export interface Spelling {
  readonly base: string;
  readonly sup?: string | undefined;
  readonly sub?: string | undefined;
}

const GREEK =
  /^(alpha|beta|gamma|delta|epsilon|zeta|eta|theta|iota|kappa|lambda|mu|nu|xi|pi|rho|sigma|tau|upsilon|phi|chi|psi|omega|Gamma|Delta|Theta|Lambda|Xi|Pi|Sigma|Upsilon|Phi|Psi|Omega|ell)$/;

/** What makes one letter bold. */
const BOLD = /^\\(?:mathbf|boldsymbol) (?=[A-Za-z]$|\\[A-Za-z]+$)/;
const lower = (letter: string): string => letter.toLowerCase();

export class Symbols {
  private readonly whole = new Map<string, Quantity>();
  private readonly entries = new Map<string, Quantity[]>();
  private readonly parts = new Map<string, Quantity>();

  constructor(
    readonly quantities: readonly Quantity[],
    readonly options: NotationOptions,
  ) {
    const spellings = quantities.map((quantity) => {
      const spelling = this.spellingOf(quantity, quantities);
      this.whole.set(key(spelling), quantity);
      return { quantity, spelling };
    });
    // vectors choose first, then matrices, and nobody takes what another has
    const inTurn = [1, 2, 0].flatMap((axes) =>
      spellings.filter(({ quantity }) => quantity.axes === axes),
    );
    for (const { quantity, spelling } of inTurn) {
      // entries of W_1 are (W_1)_{ij}
      if (spelling.sub !== undefined) continue;
      const light = spelling.base.replace(BOLD, "");
      const small = light.replace(/(?<=^|^\\(?:bar|hat|tilde) )[A-Z]$/, lower);
      const entry = (quantity.axes === 2 ? [small, light] : [light])
        .map((base) => ({ ...spelling, base }))
        // e_{ij} would be an entry of Euler's number
        .filter(({ base }) => base !== "e")
        .find((one) => !this.whole.has(key(one)) && !this.entries.has(key(one)));
      this.addEntry(entry ?? spelling, quantity);
      // parts keep the letter of the whole: W_{2,:}
      if (entry) this.parts.set(key(spelling), quantity);
    }
  }

  /** These symbols and more. */
  with(more: readonly Quantity[]): Symbols {
    return more.length === 0 ? this : new Symbols([...this.quantities, ...more], this.options);
  }

  get indexBase(): 0 | 1 {
    return this.options.indexBase ?? 1;
  }

  /** Whether some quantity is written with a base, with or without scripts. */
  hasBase(base: string): boolean {
    const bases = [...this.whole.keys(), ...this.entries.keys()].map((one) => one.split("|")[0]);
    return bases.includes(base);
  }

  /** A symbol as a whole. */
  named(spelling: Spelling): Quantity | undefined {
    return this.whole.get(key(spelling));
  }

  /**
   * What the entries with so many indices belong to.
   * @throws UnreadableError where two quantities could be meant.
   */
  withEntries(spelling: Spelling, counts: readonly number[]): Quantity | undefined {
    const found = (this.entries.get(key({ ...spelling, sub: undefined })) ?? []).filter(
      ({ axes }) => counts.includes(axes),
    );
    if (found.length > 1) {
      const names = found.map(({ name }) => name).join(" and ");
      throw new UnreadableError(`entries of ${names} look alike: ${key(spelling)}`);
    }
    return found[0] ?? this.parts.get(key({ ...spelling, sub: undefined }));
  }

  private addEntry(spelling: Spelling, quantity: Quantity): void {
    const at = key(spelling);
    this.entries.set(at, [...(this.entries.get(at) ?? []), quantity]);
  }

  /** The author's symbol; else the name by its rule; letter by letter where that is taken. */
  private spellingOf({ name, symbol }: Quantity, all: readonly Quantity[]): Spelling {
    if (symbol !== undefined) return ownSpelling(symbol);
    const ruled = this.ruled(name);
    const { sub } = ruled;
    // h_1 beside a vector h would be an entry of h
    const isEntry = sub !== undefined && /^\d+$/.test(sub) && Number(sub) >= this.indexBase;
    const looks = key({ ...ruled, sub: undefined });
    if (isEntry && all.some((one) => one.axes > 0 && key(this.ruled(one.name)) === looks)) {
      return { ...ruled, sub: `( ${sub} )` };
    }
    if (!this.whole.has(key(ruled))) return ruled;
    return { base: canonical(tokenize(`\\mathrm{${name.replaceAll("_", "\\_")}}`)) };
  }

  /** W1 is W with layer 1; what follows _ is a subscript. */
  private ruled(name: string): Spelling {
    const [head = "", ...tail] = name.split("_").filter((piece) => piece !== "");
    const [, word = "", layer] = /^(.*?[^\d])(\d+)$/.exec(head) ?? ["", head];
    const isAbove = this.options.layers !== "subscript";
    const [open, close] = this.options.layers === "square" ? "[]" : "()";
    const accent = /^(bar|hat|tilde)$/.exec(tail[0] ?? "")?.[1];
    const isAccented = accent !== undefined && (word.length === 1 || GREEK.test(word));
    const marked = isAccented ? canonical(tokenize(`\\${accent}{${plainWord(word)}}`)) : undefined;
    if (isAccented) tail.shift();
    const subs = [
      ...(layer !== undefined && !isAbove ? [layer] : []),
      ...tail.map((piece) => (/^\d+$/.test(piece) ? piece : wordSpelling(piece))),
    ];
    return {
      base: marked ?? wordSpelling(word),
      sup: layer !== undefined && isAbove ? `${open} ${layer} ${close}` : undefined,
      sub: subs.length > 0 ? subs.join(" , ") : undefined,
    };
  }
}

function key({ base, sup, sub }: Spelling): string {
  return `${base}|${sup ?? ""}|${sub ?? ""}`;
}

/** A letter, or the command of a Greek one. */
function plainWord(word: string): string {
  return GREEK.test(word) ? `\\${word}` : word;
}

function wordSpelling(word: string): string {
  if (GREEK.test(word)) return `\\${word}`;
  return word.length === 1 ? word : canonical(tokenize(`\\mathrm{${word}}`));
}

/** W^{(1)} of the author: its scripts apart, as far as they can be told apart. */
function ownSpelling(symbol: string): Spelling {
  const script = String.raw`(\{[^{}]*\}|[A-Za-z0-9])`;
  const pattern = new RegExp(
    String.raw`^(\\?[A-Za-z]+(?:\{[^{}]*\})?)(?:\^${script})?(?:_${script})?(?:\^${script})?$`,
  );
  const match = pattern.exec(symbol.trim());
  if (!match) {
    const text = canonical(tokenize(symbol));
    return { base: /[\^_]/.test(symbol) ? `{ ${text} }` : text };
  }
  const plain = (piece: string | undefined): string | undefined =>
    piece === undefined ? undefined : canonical(tokenize(piece.replace(/^\{|\}$/g, "")));
  return {
    base: canonical(tokenize(match[1]!)),
    sup: plain(match[2] ?? match[4]),
    sub: plain(match[3]),
  };
}
