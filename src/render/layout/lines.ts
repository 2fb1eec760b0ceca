/**
 * Formulas broken into lines as people break them: before the sign of a summand, else before a
 * factor, else inside the brackets of what is too wide alone. Brackets that are broken have a fixed
 * size, a fraction with a long numerator becomes a factor, a long exponent the argument of exp, a
 * long root a power.
 */
import { type Box, boxesOf, widthOf } from "./boxes.js";
import { reachOf } from "./extents.js";
import { bracketCommand } from "./metrics.js";
import { groups, lastOf, mainBracket, NOTHING, openable, withoutMarks } from "./pieces.js";

/** What begins a line that goes on: one step to the right for each bracket that it stands in. */
export const STEP = "\\quad ";
export const STEP_WIDTH = 1;
/** What is put before a factor that begins a line; no space tells it from a dot of the formula. */
const DOT = "\\cdot";
const DOT_WIDTH = 0.72;
/** What was put between the lines of a formula whose rows end with `ROW_END`. */
export const ROW_END = " \\\\\n";
export const BETWEEN_LINES = / \\\\\n&(?:\\quad )+\{\}(?:\\cdot(?= ))?/g;
/** A line that holds less than this part of its width goes on with what must be broken itself. */
const STARTED = 0.4;
/** And one that holds less than this part with what could be broken: ½ does not stand alone. */
const BEGUN = 0.25;
/** A last factor that takes less than this part of a line goes there with the one before it. */
const LONE = 0.3;
/** What 1 − a begins with. */
const COMPLEMENT = "1 - ";
/** The bracket that closes what was opened. */
const CLOSING = 1.2;
/** A matrix in the size of scripts, relative to one in the size of the text. */
const SMALL_MATRIX = 0.66;

/** A line and in how many brackets it begins. */
interface Line {
  readonly depth: number;
  readonly tex: string;
}

/** How wide lines may be, in em. */
export interface Room {
  readonly first: number;
  readonly next: number;
}

/**
 * A formula in lines; those after the first begin with the space that sets them in.
 * @param behind the width of what is to stand behind the last line, if there can be room for it
 */
export function linesOf(tex: string, room: Room, behind = 0): string[] {
  const boxes = boxesOf(tex);
  if (widthOf(boxes) + behind <= room.first) return [tex];
  const filling = new Filling(tex, room);
  filling.sum(boxes, 0, behind);
  return filling.lines.map(({ depth, tex: line }, position) =>
    position === 0 ? line : `${STEP.repeat(depth + 1)}{}${line}`,
  );
}

/** Brackets that are broken, and where they stand. */
interface Opened {
  readonly depth: number;
  /** The width of what follows them on their last line. */
  readonly behind: number;
  readonly open: string;
  readonly close: string;
}

class Filling {
  private readonly done: Line[] = [];
  private current = "";
  private used = 0;
  private depth = 0;

  constructor(
    private readonly tex: string,
    private readonly room: Room,
  ) {}

  get lines(): Line[] {
    return [...this.done, { depth: this.depth, tex: this.current }];
  }

  /**
   * Summands, each on the line where it fits.
   * @param behind the width of what follows the last one on its line
   */
  sum(boxes: readonly Box[], depth: number, behind: number): void {
    const isTerm = ({ kind }: Box, position: number): boolean => kind === "sign" && position > 0;
    let isBroken = false;
    const summands = groups(boxes, isTerm);
    for (const [position, summand] of summands.entries()) {
      const isBehindBroken = isBroken;
      isBroken = false;
      const after = position === summands.length - 1 ? behind : 0;
      const writeBroken = (): void => this.product(summand, depth, after);
      // behind what goes on in a further line, the next one does not begin in the middle of that
      if (isBehindBroken) this.breakLine(depth);
      // nothing goes on in the next line right behind its opening bracket
      if (this.fits(summand, after)) this.write(summand);
      else if (position === 0) isBroken = this.isBrokenBy(writeBroken);
      else if (this.fitsAlone(summand, depth, after) && !this.looksLikeResult(summand, depth)) {
        this.breakLine(depth);
        this.write(summand);
      } else {
        // in brackets a sum is broken at its signs before a part of it is
        if (depth > 0 || this.used > STARTED * this.width(this.depth)) this.breakLine(depth);
        isBroken = this.isBrokenBy(writeBroken);
      }
    }
  }

  /** Whether what would stand alone behind the relation is so short that it would be read as all there is. */
  private looksLikeResult(next: readonly Box[], depth: number): boolean {
    const isFirst = depth === 0 && this.done.length === 0;
    const isShort = this.used < BEGUN * this.width(this.depth);
    return isFirst && isShort && mainBracket(next) !== undefined;
  }

  /** Whether what is written goes on in a further line. */
  private isBrokenBy(write: () => void): boolean {
    const before = this.done.length;
    write();
    return this.done.length > before;
  }

  /** Factors, each with what belongs to it. */
  private product(boxes: readonly Box[], depth: number, behind: number): void {
    const isFactor = ({ isGlued, kind }: Box, position: number): boolean => {
      const before = boxes[position - 1];
      const isSpaced = kind === "join" && before?.width === 0;
      return !isGlued && !isSpaced && before?.kind !== "join" && before?.kind !== "sign";
    };
    const all = groups(
      boxes,
      (box, position) => isFactor(box, position) && !this.isSlope(boxes, position),
    );
    const main = mainBracket(boxes);
    const place = all.findIndex((factor) => main !== undefined && factor.includes(main));
    const begun = this.used + widthOf(all.slice(0, Math.max(0, place)).flat());
    if (place >= 0 && begun < STARTED * this.width(this.depth)) {
      // a sum in brackets is broken at its signs, with the factors around it beside the brackets
      const behindMain = all.slice(place + 1).flat();
      // a comma between arguments stands at the end of a line
      const comma = behindMain.slice(0, 1).filter((box) => this.isComma(box));
      const rest = behindMain.slice(comma.length);
      if (this.fitsAlone(rest, depth, behind + CLOSING + DOT_WIDTH)) {
        this.write(all.slice(0, place).flat());
        this.open(all[place]!, depth, Math.min(widthOf(rest), LONE * this.room.next) + behind);
        this.write(comma);
        if (rest.length > 0 && !this.fits(rest, behind)) {
          this.breakLine(depth);
          const isJoined = rest.find(({ width }) => width > 0)?.kind === "join";
          if (!isJoined && comma.length === 0) this.put(DOT, DOT_WIDTH);
        }
        this.write(rest);
        return;
      }
    }
    const factors = this.withoutLoneLast(all, depth, behind);
    for (const [position, factor] of factors.entries()) {
      const after = position === factors.length - 1 ? behind : 0;
      // an empty group before a sign keeps the space around it
      const before = factors[position - 1]?.at(-1);
      const isArgument = !before || this.isComma(before);
      const isJoined = isArgument || factor.find(({ width }) => width > 0)?.kind === "join";
      if (this.fits(factor, after)) {
        this.write(factor);
        continue;
      }
      const filled = this.used / this.width(this.depth);
      const isMoved =
        this.fitsAlone(factor, depth, after) && (filled > BEGUN || !factor.some(openable));
      if (position > 0 && (isMoved || filled > STARTED)) {
        this.breakLine(depth);
        if (!isJoined) this.put(DOT, DOT_WIDTH);
      }
      if (this.fits(factor, after)) this.write(factor);
      else this.open(factor, depth, after);
    }
  }

  /** Whether a box is 1 − a behind a: the slope a(1 − a) is one thing. */
  private isSlope(boxes: readonly Box[], position: number): boolean {
    const { kind, inner } = boxes[position]!;
    if (kind !== "bracket" || inner.length === 0) return false;
    const within = withoutMarks(this.textOf(inner));
    if (!within.startsWith(COMPLEMENT)) return false;
    const own = within.slice(COMPLEMENT.length);
    return withoutMarks(this.textOf(boxes.slice(0, position))).endsWith(own);
  }

  /** Whether a box separates the arguments of a function. */
  private isComma(box: Box): boolean {
    return this.textOf([box]) === ",";
  }

  private textOf(boxes: readonly Box[]): string {
    return boxes.length === 0 ? "" : this.tex.slice(boxes[0]!.start, boxes.at(-1)!.end).trim();
  }

  /** The factors of a product, a short last one together with the one before it. */
  private withoutLoneLast(factors: readonly Box[][], depth: number, behind: number): Box[][] {
    const [before, last] = factors.slice(-2);
    if (!before || !last || factors.length < 3) return [...factors];
    const pair = [...before, ...last];
    const isLone = widthOf(last) < LONE * this.room.next;
    if (!isLone || !this.fitsAlone(pair, depth, behind)) return [...factors];
    return [...factors.slice(0, -2), pair];
  }

  /** A factor that is wider than a line. */
  private open(factor: readonly Box[], depth: number, behind: number): void {
    const widest = factor.reduce((a, b) => (openable(b) && b.width > a.width ? b : a), NOTHING);
    for (const [position, box] of factor.entries()) {
      const after = widthOf(factor.slice(position + 1)) + behind;
      if (box !== widest || !openable(box)) this.write([box]);
      else if (box.kind === "matrix") this.small(box);
      else if (box.kind === "fraction") this.openFraction(box, depth, after);
      else if (box.kind === "power") {
        const brackets = { open: "\\exp\\Bigl(", close: "\\Bigr)" };
        this.bracketed(box.start, box.inner, { depth, behind: after, ...brackets });
      } else if (box.kind === "root") {
        const brackets = { open: "\\Bigl(", close: "\\Bigr)^{1/2}" };
        this.bracketed(box.start, box.inner, { depth, behind: after, ...brackets });
      } else this.openBracket(box, depth, after);
    }
  }

  private openBracket(box: Box, depth: number, behind: number): void {
    const { start, inner } = box;
    const shown = /^\\left(\\[A-Za-z]+|.)/.exec(this.tex.slice(start, box.end))!;
    const closing = this.tex.slice(lastOf(box), box.end);
    const end = /^\s*\\right(\\[A-Za-z]+|.)([^]*)$/.exec(closing)!;
    // as many signs as \left( and \right) have: what was printed keeps its length
    const size = bracketCommand(reachOf(inner));
    this.bracketed(box.start, box.inner, {
      depth,
      behind,
      open: `${size}l${shown[1]!}`,
      close: `${size}r${end[1]!} ${end[2]!}`,
    });
  }

  /** A fraction as a product: with 1 over a short denominator, or a long one to the power −1. */
  private openFraction(box: Box, depth: number, behind: number): void {
    const { inner, below = [] } = box;
    const textOf = (boxes: readonly Box[]): string => this.textOf(boxes);
    if (widthOf(below) <= widthOf(inner)) {
      const front = `\\frac{1}{${textOf(below)}} `;
      const brackets = { open: `${front}\\Bigl(`, close: "\\Bigr)" };
      this.bracketed(box.start, inner, { depth, behind, ...brackets });
      return;
    }
    const isSum = inner.some(({ kind }) => kind === "sign");
    const above = isSum ? `\\left(${textOf(inner)}\\right)` : textOf(inner);
    this.bracketed(box.start, below, {
      depth,
      behind,
      open: above === "1" ? "\\Bigl(" : `${above} \\Bigl(`,
      close: "\\Bigr)^{-1}",
    });
  }

  /** What was inside brackets, a step further to the right. */
  private bracketed(start: number, inner: readonly Box[], opened: Opened): void {
    const { depth, behind, open, close } = opened;
    this.put(this.spaceBefore(start) + open, widthOf(boxesOf(open)));
    this.sum(inner, depth + 1, behind + CLOSING);
    this.put(close, CLOSING);
  }

  /** A matrix in the size of scripts. */
  private small({ start, end, width }: Box): void {
    const tex = this.tex
      .slice(start, end)
      .replace("\\begin{bmatrix}", "\\left[\\begin{smallmatrix}")
      .replace("\\end{bmatrix}", "\\end{smallmatrix}\\right]");
    this.put(this.spaceBefore(start) + tex, width * SMALL_MATRIX);
  }

  private width(depth: number): number {
    if (this.done.length === 0) return this.room.first;
    return this.room.next - (depth + 1) * STEP_WIDTH;
  }

  private fits(boxes: readonly Box[], behind: number): boolean {
    return this.used + widthOf(boxes) + behind <= this.width(this.depth);
  }

  private fitsAlone(boxes: readonly Box[], depth: number, behind: number): boolean {
    return widthOf(boxes) + behind <= this.room.next - (depth + 1) * STEP_WIDTH;
  }

  private write(boxes: readonly Box[]): void {
    const [first] = boxes;
    if (!first) return;
    this.put(
      this.spaceBefore(first.start) + this.tex.slice(first.start, boxes.at(-1)!.end),
      widthOf(boxes),
    );
  }

  private spaceBefore(start: number): string {
    const before = this.tex.slice(0, start);
    return before.slice(before.trimEnd().length);
  }

  private put(tex: string, width: number): void {
    this.current += tex;
    this.used += width;
  }

  private breakLine(depth: number): void {
    if (this.current.trim() === "") return;
    this.done.push({ depth: this.depth, tex: this.current });
    this.current = "";
    this.used = 0;
    this.depth = depth;
  }
}
