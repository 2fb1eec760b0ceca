/** Equations aligned at their relations: one below the other, or entries in rows. */
import { type Box, boxesOf, texWidth } from "../layout/boxes.js";
import { widestOf } from "../layout/widest.js";
import { BETWEEN_LINES, linesOf, type Room, ROW_END, STEP, STEP_WIDTH } from "../layout/lines.js";

export interface Equation {
  readonly left: string;
  /** `=`, or `\\approx` where a number was rounded. */
  readonly relation: string;
  readonly right: string;
  /** `i = 1, …, 3`, where the sides have free indices. */
  readonly range: string;
  /** Whether it goes on from the equation before, so that its left side is left out. */
  readonly continues: boolean;
  /** Of one of many entries, the row of their matrix that it stands in, from 0. */
  readonly row?: number;
}

/** The text of a sheet is 17 cm wide, at ten points 48 em. */
export const SHEET = 47;
/** LaTeX's article has 345 pt for text, at ten points 34.5 em: what is put into somebody's own document has room there. */
export const ARTICLE = 34;
/** Between the sides and the relation. */
const RELATION = 1.6;
/** Between two equations in a row. */
const BESIDE = 2;

/**
 * Equations aligned at their relations; a left side that repeats is left out. Right sides that are
 * too wide are broken into lines.
 * @param width of a line, in em
 */
export function aligned(equations: readonly Equation[], width = SHEET): string {
  const rows = entryRows(equations, width) ?? equationRows(equations, width);
  return `\\begin{aligned}\n${rows.join(ROW_END)}\n\\end{aligned}`;
}

/** Whether every array of an equation is as wide as a line at most: one that is wider cannot be broken. */
export function hasRoom({ left, right }: Equation, width: number): boolean {
  const room = width - RELATION - texWidth(left);
  return widestOf(right) <= room || arraysIn(boxesOf(right)).every((one) => one.width <= room);
}

function arraysIn(boxes: readonly Box[]): readonly Box[] {
  return boxes.flatMap((one) =>
    one.kind === "matrix" ? [one] : arraysIn([...one.inner, ...(one.below ?? [])]),
  );
}

function equationRows(equations: readonly Equation[], width: number): readonly string[] {
  let before = "";
  const layout = new Layout(
    equations.map(({ left }) => left),
    width,
  );
  return equations.flatMap(({ left, relation, right, range, continues }, place) => {
    const plain = withoutMarks(left);
    const shown = continues && plain === before ? "" : left;
    before = plain;
    const after = equations[place + 1];
    const isSaidLater =
      after?.continues === true && after.range === range && withoutMarks(after.left) === plain;
    const [first = "", ...rest] = layout.lines(right, isSaidLater ? "" : range);
    return [`${shown} &${relation} ${first}`, ...rest.map((line) => `&${line}`)];
  });
}

/** The lines of the right sides of equations, behind the column of their left sides. */
class Layout {
  private readonly widest: number;
  private exact: Room | undefined;

  constructor(
    private readonly lefts: readonly string[],
    private readonly width: number,
  ) {
    this.widest = Math.max(0, ...distinctTexts(lefts).map(widestOf));
  }

  /** A right side in lines, the ranges of its indices behind the last. */
  lines(right: string, range: string): readonly string[] {
    const behind = range === "" ? "" : beforeRange(range);
    const whole = right + behind;
    // almost all surely have room: they need not be measured
    if (this.widest + RELATION + widestOf(whole) <= this.width) return [whole];
    return withRange(this.broken(right, behind), range, this.room);
  }

  /** A right side in lines, with room for what is to stand behind it where that costs no more than a break. */
  private broken(right: string, behind: string): readonly string[] {
    const lines = linesOf(right, this.room, texWidth(behind));
    if (behind === "") return lines;
    const alone = linesOf(right, this.room);
    const hasRoom = texWidth(lines.at(-1)! + behind) <= this.room.next;
    const isOpened = lines.join(`${ROW_END}&`).replaceAll(BETWEEN_LINES, "") !== right;
    return alone.length > 1 || (hasRoom && !isOpened) ? lines : alone;
  }

  private get room(): Room {
    if (!this.exact) {
      const next = this.width - Math.max(0, ...distinctTexts(this.lefts).map(texWidth));
      this.exact = { first: next - RELATION, next };
    }
    return this.exact;
  }
}

/** Each once: left sides repeat where lines go on. */
function distinctTexts(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}

/** Fewer entries than these stand below each other, and in one row stand no more than these. */
const ENTRIES = { fewest: 3, inRow: 6 };

/**
 * Entries that are told in one equation each, several in a row as in their matrix, whose rows are divided
 * evenly where they are too wide; a column lies down. Undefined where there is no room for two.
 */
function entryRows(equations: readonly Equation[], width: number): readonly string[] | undefined {
  const isAlone = ({ left, row }: Equation, place: number): boolean =>
    row !== undefined && withoutMarks(left) !== withoutMarks(equations[place - 1]?.left ?? "");
  if (equations.length < ENTRIES.fewest || !equations.every(isAlone)) return undefined;
  const numbers = [...new Set(equations.map(({ row }) => row))];
  const own = numbers.map((number) => equations.filter(({ row }) => row === number));
  const rows = own.every(({ length }) => length === 1) ? [equations] : own;
  const room = roomInRow(equations, Math.max(...rows.map(({ length }) => length)), width);
  if (room < 2) return undefined;
  return rows.flatMap((row) => {
    const cells = row.map(({ left, relation, right }) => `${left} &${relation} ${right}`);
    const columns = Math.ceil(cells.length / Math.ceil(cells.length / room));
    return cells.flatMap((_, at) =>
      at % columns === 0 ? cells.slice(at, at + columns).join(" & \\quad ") : [],
    );
  });
}

/** How many equations have room beside one another, or at least as many as are asked for. */
function roomInRow(equations: readonly Equation[], wanted: number, width: number): number {
  const roomBy = (widthIn: (tex: string) => number): number => {
    const widest = (texts: readonly string[]): number =>
      Math.max(...distinctTexts(texts).map(widthIn));
    const lefts = widest(equations.map(({ left }) => left));
    const rights = widest(equations.map(({ right }) => right));
    const pair = lefts + RELATION + rights + BESIDE;
    return Math.min(ENTRIES.inRow, Math.floor((width + BESIDE) / pair));
  };
  const surely = roomBy(widestOf);
  return surely >= Math.min(wanted, ENTRIES.inRow) ? surely : roomBy(texWidth);
}

/** Renderers mark things with private signs. */
function withoutMarks(tex: string): string {
  return tex.replace(/\p{Co}/gu, "");
}

/** Between the ranges of two indices. */
export const BETWEEN_RANGES = ",\\; ";

function beforeRange(range: string): string {
  return ` \\qquad ${range}`;
}

/** The ranges of the indices behind the last line, or below it where they have no room there, set in from what goes on. */
function withRange(lines: readonly string[], range: string, room: Room): readonly string[] {
  if (range === "") return lines;
  const last = lines.at(-1)!;
  const behind = beforeRange(range);
  const width = lines.length === 1 ? room.first : room.next;
  if (texWidth(last) + texWidth(behind) <= width) return [...lines.slice(0, -1), last + behind];
  const ranges: string[] = [];
  for (const one of range.split(BETWEEN_RANGES)) {
    const longer = `${ranges.at(-1) ?? ""}${BETWEEN_RANGES}${one}`;
    if (ranges.length > 0 && texWidth(beforeRange(longer)) + STEP_WIDTH <= room.next)
      ranges.splice(-1, 1, longer);
    else ranges.push(one);
  }
  return [
    ...lines,
    ...ranges.map((one, at) => `${STEP}{}${beforeRange(one)}${at < ranges.length - 1 ? "," : ""}`),
  ];
}
