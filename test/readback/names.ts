/** Symbols of the model with their scripts: layers, indices, transposes, powers. */
import { Cursor } from "./cursor.js";
import { readPositions, splitScript } from "./positions.js";
import type { Symbols } from "./symbols.js";
import { canonical } from "./tokens.js";
import type { Node } from "./tree.js";

const ACCENTS =
  /^\\(mathrm|mathbf|mathit|mathsf|mathcal|mathbb|boldsymbol|hat|bar|tilde|vec|dot|widehat|widetilde|overline)$/;

export abstract class NameReader extends Cursor {
  constructor(
    tokens: readonly string[],
    protected readonly symbols: Symbols,
    /** Index letters that are bound here. */
    protected readonly letters: ReadonlySet<string>,
  ) {
    super(tokens);
  }

  /** A parser of a part, with the same symbols. */
  protected abstract inside(tokens: readonly string[], letters?: ReadonlySet<string>): Cursor;

  protected whole(tokens: readonly string[], letters?: ReadonlySet<string>): Node {
    const parser = this.inside(tokens, letters);
    const node = parser.sum();
    parser.end();
    return node;
  }

  /** A symbol of the model with its scripts, if one stands here. */
  protected symbol(): Node | undefined {
    const start = this.at;
    const base = this.base();
    if (base === undefined) return undefined;
    const scripts = new Map<string, string[]>();
    while ((this.peek() === "^" || this.peek() === "_") && !scripts.has(this.peek())) {
      const script = this.take();
      scripts.set(script, this.group());
    }
    const [sup, sub] = [scripts.get("^"), scripts.get("_")];
    const found = this.resolve(base, sup, sub);
    if (!found) this.at = start;
    return found;
  }

  protected raised(base: Node, tokens: readonly string[]): Node {
    if (canonical(tokens) === "\\top") return { kind: "transpose", of: base };
    if (tokens[0] === "\\odot") {
      return { kind: "entrywise power", base, exponent: this.whole(tokens.slice(1)) };
    }
    if (base.kind === "power" || base.kind === "entrywise power") this.fail("a power of a power");
    return { kind: "power", base, exponent: this.whole(tokens) };
  }

  /** A letter, a word or an accented letter: what scripts stand on. */
  private base(): string | undefined {
    const token = this.peek();
    if (ACCENTS.test(token) && this.peek(1) === "{") {
      const start = this.at;
      this.take();
      this.group();
      const text = canonical(this.tokens.slice(start, this.at));
      if (this.symbols.hasBase(text)) return text;
      this.at = start;
      return undefined;
    }
    if (token === "{") {
      const start = this.at;
      const text = `{ ${canonical(this.group())} }`;
      if (this.symbols.hasBase(text)) return text;
      this.at = start;
      return undefined;
    }
    if (!this.symbols.hasBase(token)) return undefined;
    if (token === "\\sigma" && this.peek(1) === "\\left(") this.fail("σ is a function or a factor");
    return this.take();
  }

  private resolve(
    base: string,
    sup: readonly string[] | undefined,
    sub: readonly string[] | undefined,
  ): Node | undefined {
    const isTransposed = sup?.at(-1) === "\\top";
    const own = isTransposed ? sup.slice(0, -1) : sup;
    for (const isNamed of [true, false]) {
      const name = {
        base,
        sup: isNamed && own && own.length > 0 ? canonical(own) : undefined,
      };
      if (!isNamed && (own === undefined || own.length === 0)) continue;
      const found = this.named(name, sub);
      if (!found) continue;
      const node: Node = isTransposed ? { kind: "transpose", of: found } : found;
      return isNamed ? node : this.raised(node, own!);
    }
    return undefined;
  }

  /** Whether a script consists of numbers, bound letters and sizes. */
  private isIndexScript(script: readonly string[]): boolean {
    return script.every(
      (token) =>
        /^[-+:,]$/.test(token) ||
        (/^\d+$/.test(token) && Number(token) >= this.symbols.indexBase) ||
        this.letters.has(token) ||
        this.symbols.named({ base: token })?.isSize === true,
    );
  }

  private named(
    name: { base: string; sup: string | undefined },
    sub: readonly string[] | undefined,
  ): Node | undefined {
    const whole = this.symbols.named({ ...name, sub: sub && canonical(sub) });
    const asWhole: Node | undefined = whole && {
      ...(whole.isSize
        ? { kind: "size", name: whole.name }
        : { kind: "reference", name: whole.name, positions: undefined }),
    };
    if (sub === undefined || (asWhole && !this.isIndexScript(sub))) return asWhole;
    const quantity = countsOf(name.base, sub)
      .map((counts) => this.symbols.withEntries(name, counts))
      .find((one) => one !== undefined);
    if (quantity && asWhole) this.fail(`an entry of ${quantity.name}, or ${whole!.name}`);
    if (!quantity) return asWhole;
    const positions = readPositions(splitScript(sub, quantity.axes), (one) => this.whole(one));
    return { kind: "reference", name: quantity.name, positions };
  }
}

/**
 * How many indices a script may be, the likeliest first: ij are two, 12 are two or one of a vector,
 * 2j are two or, where there is a vector only, one; but δ with two is Kronecker's.
 */
function countsOf(base: string, script: readonly string[]): (readonly number[])[] {
  if (splitScript(script, 2).length < 2) return [[1]];
  const isNumber = (token: string): boolean => /^\d+$/.test(token);
  if (base === "\\delta") return [[2]];
  if (script.every(isNumber)) return [[1, 2]];
  return isNumber(script[0]!) && !script.includes(",") ? [[2], [1]] : [[2]];
}
