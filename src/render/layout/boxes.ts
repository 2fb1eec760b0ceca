/**
 * Printed LaTeX as boxes with widths. It reads what the printers of this folder write: commands,
 * groups, `\left … \right`, fractions, scripts and matrices; anything else is one sign.
 */
import {
  BESIDE,
  BRACE,
  commandWidth,
  DELIMITER,
  matrixWidth,
  MATRIX_BRACKETS,
  scriptWidth,
  signWidth,
  STRETCHED,
} from "./metrics.js";

/** What stands between boxes, or a piece of a formula that a line cannot be broken in. */
export type BoxKind =
  "piece" | "sign" | "join" | "bracket" | "fraction" | "power" | "root" | "matrix";

export interface Box {
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
const SMALLER = 0.7;

const SIGNS: ReadonlySet<string> = new Set(["+", "-"]);
const JOINS: ReadonlySet<string> = new Set(["\\cdot", "\\odot", "\\otimes", "\\oslash"]);
/** Signs with a range below them, which a summand belongs to. */
const REDUCTIONS: ReadonlySet<string> = new Set(["\\sum", "\\max", "\\min", "\\ln"]);
const TOKEN =
  /\\\\(?:\[\dpt\])?|\\begin\{[a-z]+\}|\\end\{[a-z]+\}|\\(?:left|right)(?:\\[A-Za-z]+|[()[\]|.])|\\[A-Za-z]+|\\.|\p{Co}+|\s+|[^]/uy;

/** The boxes of a formula. */
export function boxesOf(tex: string): Box[] {
  return new BoxReader(tex).boxes(DISPLAY);
}

export function widthOf(boxes: readonly Box[]): number {
  return boxes.reduce((total, { width }) => total + width, 0);
}

/** How wide a formula is in em. */
export function texWidth(tex: string): number {
  return widthOf(boxesOf(tex));
}

class BoxReader {
  private at = 0;

  constructor(private readonly tex: string) {}

  /** Boxes up to the end of the group. Scripts and marks belong to the box before them. */
  boxes(style: Style): Box[] {
    const found: Box[] = [];
    let isSpaced = true;
    for (;;) {
      const token = this.peek();
      if (token === "" || /^(?:\}|\\right|\\end|&|\\\\)/.test(token)) return found;
      const last = found.at(-1);
      if (/^\s/.test(token)) {
        this.take();
        isSpaced = true;
      } else if (/^\p{Co}/u.test(token) && last) {
        this.take();
        found[found.length - 1] = { ...last, end: this.at };
      } else if ((token === "^" || token === "_") && last) {
        found[found.length - 1] = this.scripts(last, style);
      } else {
        const before = last && this.tex.slice(last.start, last.end);
        const isOpen = before !== undefined && /^\\(?:sum|max|min|ln)(?![A-Za-z])/.test(before);
        const box = this.box(style, found.length === 0);
        found.push({ ...box, isGlued: isOpen || (!isSpaced && last?.kind !== "sign") });
        isSpaced = false;
      }
    }
  }

  private peek(): string {
    TOKEN.lastIndex = this.at;
    return TOKEN.exec(this.tex)?.[0] ?? "";
  }

  private take(): string {
    const token = this.peek();
    this.at += token.length;
    return token;
  }

  private skip(): void {
    while (/^\s/.test(this.peek())) this.take();
  }

  private box(style: Style, isFirst: boolean): Box {
    const start = this.at;
    const token = this.take();
    const piece = (width: number, more: Partial<Box> = {}): Box => ({
      kind: "piece",
      start,
      end: this.at,
      width: width * style.scale,
      isGlued: false,
      inner: [],
      isHigh: false,
      ...more,
    });
    if (SIGNS.has(token)) {
      return piece(isFirst ? signWidth(token) : signWidth(token) + 0.44, { kind: "sign" });
    }
    if (JOINS.has(token)) return piece(commandWidth(token) + 0.44, { kind: "join" });
    if (token === "{") {
      const inner = this.boxes(style);
      this.take();
      return piece(widthOf(inner) / style.scale);
    }
    if (token.startsWith("\\left")) return this.bracket(start, style);
    if (token === "\\begin{bmatrix}") return this.matrix(start, style, MATRIX_BRACKETS);
    if (token.startsWith("\\begin")) return this.matrix(start, style, DELIMITER);
    if (token === "\\frac") return this.fraction(start, style);
    if (token === "\\underbrace") {
      const above = this.group(style);
      this.skip();
      this.take();
      const below = this.group(smaller(style));
      return piece(Math.max(widthOf(above), widthOf(below), BRACE) / style.scale, { isHigh: true });
    }
    if (token === "\\sqrt") {
      const inner = this.group(style);
      return piece(0.83 + widthOf(inner) / style.scale, { kind: "root", inner });
    }
    if (/^\\(?:mathrm|mathbf|operatorname|text|boldsymbol)$/.test(token)) {
      const inner = this.rawGroup();
      return piece(scriptWidth(inner) + (token === "\\operatorname" ? 0.17 : 0));
    }
    return piece(token.startsWith("\\") ? commandWidth(token) : signWidth(token), {
      isHigh: REDUCTIONS.has(token),
    });
  }

  private bracket(start: number, style: Style): Box {
    const inner = this.boxes(style);
    this.take();
    const isHigh = inner.some((box) => box.isHigh);
    return {
      kind: "bracket",
      start,
      end: this.at,
      // a space on both sides, which two brackets beside one another share
      width: widthOf(inner) + (1.5 * BESIDE + 2 * (isHigh ? STRETCHED : DELIMITER)) * style.scale,
      isGlued: false,
      inner,
      isHigh,
    };
  }

  private fraction(start: number, style: Style): Box {
    const inside = style.isDisplay ? { ...style, isDisplay: false } : smaller(style);
    const above = this.group(inside);
    const below = this.group(inside);
    return {
      kind: "fraction",
      start,
      end: this.at,
      width: Math.max(widthOf(above), widthOf(below)) + 0.24 + BESIDE * style.scale,
      isGlued: false,
      inner: above,
      below,
      isHigh: true,
    };
  }

  /** An environment: as wide as its widest cells. */
  private matrix(start: number, style: Style, delimiter: number): Box {
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
      width: matrixWidth(rows) * style.scale + 2 * delimiter * style.scale,
      isGlued: false,
      inner: [],
      isHigh: true,
    };
  }

  /** Scripts above and below one another are as wide as the wider one. */
  private scripts(base: Box, style: Style): Box {
    const isBelow =
      style.isDisplay && /^\\(?:sum|max|min)/.test(this.tex.slice(base.start, base.end));
    const isExponential = this.tex.slice(base.start, base.end) === "e" && this.peek() === "^";
    let widest = 0;
    let exponent: Box[] = [];
    const signs = new Set<string>();
    while (/^[_^]/.test(this.peek())) {
      signs.add(this.take());
      exponent = this.group(smaller(style));
      widest = Math.max(widest, widthOf(exponent));
    }
    const width = isBelow ? Math.max(base.width, widest) + 0.17 : base.width + widest + 0.05;
    // a root with scripts is no power of what is under it alone
    const whole: Partial<Box> = base.kind === "root" ? { kind: "piece", inner: [] } : {};
    const taken: Partial<Box> = isExponential ? { kind: "power", inner: exponent } : whole;
    // brackets around an index below an exponent are stretched
    return { ...base, ...taken, end: this.at, width, isHigh: base.isHigh || signs.size > 1 };
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

function smaller({ scale }: Style): Style {
  return { scale: Math.max(scale * SMALLER, 0.5), isDisplay: false };
}
