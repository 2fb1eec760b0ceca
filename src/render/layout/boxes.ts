/**
 * Printed LaTeX as boxes with widths. It reads what the printers of this folder write: commands,
 * groups, `\left … \right`, fractions, scripts and matrices; anything else is one sign.
 */
import {
  BESIDE,
  BRACE,
  bracketReach,
  bracketWidth,
  commandWidth,
  DELIMITER,
  LINE,
  matrixBracket,
  matrixWidth,
  NAME_SPACE,
  ROOT,
  wordWidth,
  SIGN_SPACE,
  signWidth,
  WORDS,
} from "./metrics.js";
import {
  bracedExtent,
  BRACKET_EXTENT,
  evenExtent,
  type Extent,
  extentOf,
  fractionExtent,
  LETTER_EXTENT,
  LIMITS_EXTENT,
  loweredExtent,
  matrixExtent,
  raisedExtent,
  reachOf,
  rootExtent,
} from "./extents.js";

/** What stands between boxes, or a piece of a formula that a line cannot be broken in. */
export type BoxKind =
  "piece" | "sign" | "join" | "bracket" | "fraction" | "power" | "root" | "matrix";

export interface Box extends Extent {
  readonly kind: BoxKind;
  /** Where it stands in the text. */
  readonly start: number;
  readonly end: number;
  /** In em, with the space around it. */
  readonly width: number;
  /** Whether it belongs to the box before it: a function's argument, a sum's summand. */
  readonly isGlued: boolean;
  /** Of a bracket, a numerator, an exponent or a root: what can be broken when it is taken out. */
  readonly inner: readonly Box[];
  /** Of a fraction: its denominator. */
  readonly below?: readonly Box[];
  /** Whether it is higher than a line. */
  readonly isHigh: boolean;
}

interface Style {
  /** Relative to the size of the text. */
  readonly scale: number;
  /** Whether limits stand above and below sums. */
  readonly isDisplay: boolean;
}

const DISPLAY: Style = { scale: 1, isDisplay: true };
/** Letters of scripts are wider than the height that they are set in. */
const SMALLER = 0.79;
const SMALLEST = 0.68;

const SIGNS: ReadonlySet<string> = new Set(["+", "-"]);
/** Lines begin with them as with signs; there is room around them already. */
const RELATIONS: ReadonlySet<string> = new Set(["<", ">", "=", "\\le", "\\ge", "\\ne"]);
const JOINS: ReadonlySet<string> = new Set(["\\cdot", "\\odot", "\\otimes", "\\oslash"]);
/** Signs with a range below them, which a summand belongs to. */
const REDUCTIONS: ReadonlySet<string> = new Set(["\\sum", "\\max", "\\min", "\\ln"]);
const WITH_LIMITS: ReadonlySet<string> = new Set(["\\sum", "\\max", "\\min"]);
const BRACKETS: ReadonlySet<string> = new Set("()[]|");
const NO_BOXES: readonly Box[] = [];
/** What derivatives begin with above their lines. */
const PARTIAL = "\\partial";
const TOKEN =
  /\\\\(?:\[\dpt\])?|\\begin\{[a-z]+\}|\\end\{[a-z]+\}|\\(?:left|right)(?:\\[A-Za-z]+|[()[\]|.])|\\[A-Za-z]+|\\.|\p{Co}+|\s+|[^]/gu;

/** The boxes of a formula. */
export function boxesOf(tex: string): Box[] {
  return new BoxReader(tex).boxes(DISPLAY);
}

export function widthOf(boxes: readonly Box[]): number {
  return boxes.reduce((total, { width }) => total + width, 0);
}

/** Whether a token ends a group, a cell or a row. */
function isEnd(token: string): boolean {
  if (token === "}" || token === "&") return true;
  return token.startsWith("\\") && ENDS.some((end) => token.startsWith(end));
}

const ENDS = ["\\right", "\\end", "\\\\"];

function isSpace(token: string): boolean {
  const code = token.charCodeAt(0);
  return code === SPACE || ((code < SPACE || code > ASCII) && token.trimStart() === "");
}

const SPACE = " ".charCodeAt(0);
const ASCII = 0x7f;

/** Renderers mark things with private signs, all of them beyond ASCII. */
function isMark(token: string): boolean {
  return token.charCodeAt(0) > ASCII && /^\p{Co}/u.test(token);
}

/** How wide a formula is in em. */
export function texWidth(tex: string): number {
  return widthOf(boxesOf(tex));
}

class BoxReader {
  private readonly tokens: readonly string[];
  /** The place of the next token, and where it stands in the text. */
  private next = 0;
  private at = 0;

  constructor(private readonly tex: string) {
    this.tokens = tex.match(TOKEN) ?? [];
  }

  /** Boxes up to the end of the group. Scripts and marks belong to the box before them. */
  boxes(style: Style): Box[] {
    const found: Box[] = [];
    /** What the last box begins with. */
    let head = "";
    let isSpaced = true;
    for (;;) {
      const token = this.peek();
      if (token === "" || isEnd(token)) return found;
      const last = found.at(-1);
      if (isSpace(token)) {
        this.take();
        isSpaced = true;
      } else if (last && isMark(token)) {
        this.take();
        found[found.length - 1] = { ...last, end: this.at };
      } else if (last && (token === "^" || token === "_")) {
        found[found.length - 1] = this.scripts(last, head, style);
      } else {
        const isGlued = REDUCTIONS.has(head) || (!isSpaced && last?.kind !== "sign");
        const box = this.box(style, found.length === 0);
        found.push(isGlued ? { ...box, isGlued } : box);
        head = token;
        isSpaced = false;
      }
    }
  }

  private peek(): string {
    return this.tokens[this.next] ?? "";
  }

  private take(): string {
    const token = this.peek();
    this.next++;
    this.at += token.length;
    return token;
  }

  private skip(): void {
    while (isSpace(this.peek())) this.take();
  }

  private box(style: Style, isFirst: boolean): Box {
    const start = this.at;
    const token = this.take();
    const piece = (width: number, more?: Partial<Box>): Box => ({
      kind: "piece",
      start,
      end: this.at,
      width: width * style.scale,
      isGlued: false,
      inner: NO_BOXES,
      isHigh: false,
      ...(BRACKETS.has(token) ? BRACKET_EXTENT : LETTER_EXTENT),
      ...more,
    });
    if (SIGNS.has(token)) {
      const space = isFirst || isScript(style) ? 0 : SIGN_SPACE;
      return piece(signWidth(token) + space, { kind: "sign" });
    }
    if (token === "{") {
      const inner = this.boxes(style);
      this.take();
      return piece(widthOf(inner) / style.scale, extentOf(inner));
    }
    if (RELATIONS.has(token)) {
      const width = token.startsWith("\\") ? commandWidth(token) : signWidth(token);
      return piece(width, { kind: "sign" });
    }
    if (!token.startsWith("\\")) return piece(signWidth(token));
    if (JOINS.has(token)) {
      const space = isScript(style) ? 0 : SIGN_SPACE;
      return piece(commandWidth(token) + space, { kind: "join" });
    }
    if (token.startsWith("\\left")) return this.bracket(start, style);
    if (token === "\\begin{bmatrix}") return this.matrix(start, style, matrixBracket);
    if (token.startsWith("\\begin")) return this.matrix(start, style, () => DELIMITER);
    if (token === "\\frac") return this.fraction(start, style);
    if (token === "\\underbrace") {
      const above = this.group(style);
      this.skip();
      this.take();
      const below = this.group(smaller(style));
      const width = Math.max(widthOf(above), widthOf(below), BRACE) / style.scale + BESIDE;
      return piece(width, { isHigh: true, ...bracedExtent(extentOf(above)) });
    }
    if (token === "\\sqrt") {
      const inner = this.group(style);
      const width = ROOT + widthOf(inner) / style.scale;
      return piece(width, { kind: "root", inner, ...rootExtent(extentOf(inner)) });
    }
    if (WORDS.has(token)) {
      const inner = this.rawGroup();
      return piece(wordWidth(inner) + (token === "\\operatorname" ? NAME_SPACE : 0));
    }
    const extent = token === "\\sum" && style.isDisplay ? LIMITS_EXTENT : {};
    return piece(commandWidth(token), { isHigh: REDUCTIONS.has(token), ...extent });
  }

  private bracket(start: number, style: Style): Box {
    const inner = this.boxes(style);
    this.take();
    const reach = reachOf(inner);
    // on one of its sides: beside signs and brackets there is no space, and none in scripts
    const space = isScript(style) ? 0 : BESIDE;
    return {
      kind: "bracket",
      start,
      end: this.at,
      width: widthOf(inner) + bracketWidth(reach) * style.scale + space,
      isGlued: false,
      inner,
      isHigh: inner.some((box) => box.isHigh),
      ...evenExtent(bracketReach(reach)),
    };
  }

  private fraction(start: number, style: Style): Box {
    const inside = style.isDisplay ? { ...style, isDisplay: false } : smaller(style);
    const above = this.group(inside);
    const below = this.group(inside);
    // ∂L/∂w is one sign and no quotient: it has no parts
    const isDerivative = above[0] !== undefined && this.tex.startsWith(PARTIAL, above[0].start);
    const parts = isDerivative ? { inner: NO_BOXES } : { inner: above, below };
    return {
      kind: "fraction",
      start,
      end: this.at,
      width: Math.max(widthOf(above), widthOf(below)) + LINE + BESIDE * style.scale,
      isGlued: false,
      ...parts,
      isHigh: true,
      ...fractionExtent(extentOf(above), extentOf(below), style.isDisplay),
    };
  }

  /** An environment: as wide as its widest cells. */
  private matrix(start: number, style: Style, delimiter: (rows: number) => number): Box {
    const rows: number[][] = [[]];
    const cell = { ...style, isDisplay: false };
    for (;;) {
      rows.at(-1)!.push(widthOf(this.boxes(cell)));
      const end = this.take();
      if (end.startsWith("\\\\")) rows.push([]);
      else if (end !== "&") break;
    }
    return {
      kind: "matrix",
      start,
      end: this.at,
      width: matrixWidth(rows) * style.scale + 2 * delimiter(rows.length) * style.scale,
      isGlued: false,
      inner: [],
      isHigh: true,
      ...matrixExtent(rows.length),
    };
  }

  /**
   * Scripts above and below one another are as wide as the wider one.
   * @param head what the base begins with
   */
  private scripts(base: Box, head: string, style: Style): Box {
    const isBelow = style.isDisplay && WITH_LIMITS.has(head);
    const isExponential =
      head === "e" && base.end - base.start === head.length && this.peek() === "^";
    let widest = 0;
    let exponent: Box[] = [];
    let extent = extentOf([base]);
    const signs = new Set<string>();
    while (this.peek() === "_" || this.peek() === "^") {
      const sign = this.take();
      signs.add(sign);
      exponent = this.group(smaller(style));
      widest = Math.max(widest, widthOf(exponent));
      if (isBelow) continue;
      const grown = sign === "^" ? raisedExtent : loweredExtent;
      const own = grown(base, extentOf(exponent));
      extent = extentOf([extent, own]);
    }
    const width = isBelow ? Math.max(base.width, widest) + 0.17 : base.width + widest + 0.05;
    // a root with scripts is no power of what is under it alone
    const whole: Partial<Box> = base.kind === "root" ? { kind: "piece", inner: [] } : {};
    const taken: Partial<Box> = isExponential ? { kind: "power", inner: exponent } : whole;
    // brackets around an index below an exponent are stretched
    const isHigh = base.isHigh || signs.size > 1;
    return { ...base, ...taken, end: this.at, width, isHigh, ...extent };
  }

  private group(style: Style): Box[] {
    this.skip();
    if (this.peek() !== "{") return [this.box(style, true)];
    this.take();
    const inner = this.boxes(style);
    this.take();
    return inner;
  }

  private rawGroup(): string {
    this.skip();
    const start = this.at;
    let depth = 0;
    do {
      const token = this.take();
      if (token === "{") depth++;
      if (token === "}" || token === "") depth--;
    } while (depth > 0);
    return this.tex.slice(start, this.at);
  }
}

function smaller(style: Style): Style {
  return { scale: isScript(style) ? SMALLEST : SMALLER, isDisplay: false };
}

/** There is no room around signs in scripts. */
function isScript({ scale }: Style): boolean {
  return scale < 1;
}
