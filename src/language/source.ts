/** Source text with positions, and the error that names them. */

/** A text that was read, and what it is called in messages. */
export interface Source {
  readonly name: string;
  readonly text: string;
}

/** A place: an offset into a source. */
export interface Place {
  readonly source: Source;
  readonly offset: number;
}

/** Line and column, both from 1, and the text of the line. */
export function locate({ source, offset }: Place): { line: number; column: number; text: string } {
  const start = source.text.lastIndexOf("\n", offset - 1) + 1;
  const end = source.text.indexOf("\n", offset);
  const line = source.text.slice(0, start).split("\n").length;
  const text = source.text.slice(start, end < 0 ? undefined : end).replace(/\r$/, "");
  return { line, column: offset - start + 1, text };
}

/** How a message shows a long line: a stretch around the column, and the column within it. */
const EXCERPT = 100;

function excerpt(text: string, column: number): { text: string; column: number } {
  const plain = text.replace(/\t/g, " ");
  if (plain.length <= EXCERPT) return { text: plain, column };
  const start = Math.max(0, Math.min(column - EXCERPT / 2, plain.length - EXCERPT));
  const lead = start > 0 ? "…" : "";
  const tail = start + EXCERPT < plain.length ? "…" : "";
  return {
    text: lead + plain.slice(start, start + EXCERPT) + tail,
    column: column - start + lead.length,
  };
}

/** Characters that could act on a terminal are shown as their code points. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (character) => {
    const code = character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0");
    return `<U+${code}>`;
  });
}

const LONGEST_WORD = 300;

/** Words as long as whole files are cut. */
function shortened(text: string): string {
  if (text.length <= LONGEST_WORD) return text;
  return text.replace(/\S{301,}/gu, (word) => `${word.slice(0, LONGEST_WORD)}…`);
}

/** A path into a value that has no text: names and positions from 0. */
export type Subject = readonly (string | number)[];

/**
 * What is wrong with an input: a message with both values, the place if there is one, and a hint.
 * `report` is the text that people see: `FILE:LINE:COLUMN: message`, the line with a mark, the hint.
 */
export class InputError extends Error {
  override readonly name: string = "InputError";
  readonly place: Place | undefined;
  readonly hint: string | undefined;
  /** The part of a point that is meant, as a path into it: `["W1", 0, 2]`. */
  readonly subject: Subject | undefined;

  constructor(
    message: string,
    options: {
      place?: Place | undefined;
      hint?: string | undefined;
      subject?: Subject | undefined;
    } = {},
  ) {
    super(shortened(printable(message)));
    this.place = options.place;
    this.subject = options.subject;
    this.hint = options.hint === undefined ? undefined : shortened(printable(options.hint));
  }

  /** The same error with its place in a text. */
  placedAt(place: Place | undefined): InputError {
    return new InputError(this.message, { place, hint: this.hint });
  }

  get line(): number | undefined {
    return this.place && locate(this.place).line;
  }

  get column(): number | undefined {
    return this.place && locate(this.place).column;
  }

  get report(): string {
    const lines: string[] = [];
    if (this.place) {
      const { line, column, text } = locate(this.place);
      const shown = excerpt(text, column);
      lines.push(`${printable(this.place.source.name)}:${line}:${column}: ${this.message}`);
      if (text.trim() !== "") {
        lines.push(`  ${printable(shown.text)}`);
        const before = printable(shown.text.slice(0, shown.column - 1));
        lines.push(`  ${" ".repeat(before.length)}^`);
      }
    } else {
      lines.push(this.message);
    }
    if (this.hint) lines.push(`  hint: ${this.hint}`);
    return lines.join("\n");
  }
}

/** Shapes that do not fit together: in a formula a wrong gradient, anywhere else a wrong input. */
export class ShapeError extends InputError {}

/** Of the known names the one most like `name`, if one is like it at all. */
export function nearest(name: string, known: Iterable<string>): string | undefined {
  let best: string | undefined;
  let bestDistance = (name.length < 2 ? 0 : Math.max(1, Math.floor(name.length / 3))) + 0.5;
  for (const candidate of known) {
    const isSame = candidate.toLowerCase() === name.toLowerCase();
    const distance = isSame ? 0.25 : editDistance(name, candidate);
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

/**
 * How many letters to insert, remove, change or swap with their neighbour (Damerau 1964); long names
 * are compared by their first 64 characters.
 */
function editDistance(a: string, b: string): number {
  const [left, right] = [a.slice(0, 64), b.slice(0, 64)];
  let before: number[] = [];
  let row = Array.from({ length: right.length + 1 }, (_, j) => j);
  for (let i = 1; i <= left.length; i++) {
    const next = [i];
    for (let j = 1; j <= right.length; j++) {
      const change = row[j - 1]! + (left[i - 1] === right[j - 1] ? 0 : 1);
      const isSwap = i > 1 && j > 1 && left[i - 1] === right[j - 2] && left[i - 2] === right[j - 1];
      const swap = isSwap ? before[j - 2]! + 1 : Infinity;
      next.push(Math.min(change, swap, next[j - 1]! + 1, row[j]! + 1));
    }
    [before, row] = [row, next];
  }
  return row[right.length]!;
}
