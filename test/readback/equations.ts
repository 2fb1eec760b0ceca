/** Aligned equations → equations: rows, relations, ranges; what is printed over several rows is one. */
import { Parser } from "./parse.js";
import type { Symbols } from "./symbols.js";
import { splitAt, tokenize, UnreadableError } from "./tokens.js";
import type { Equation, Node, Range } from "./tree.js";

const RELATIONS: ReadonlySet<string> = new Set(["=", "\\approx"]);

/** An equation before its sides are read. */
export interface PrintedEquation {
  readonly left: readonly string[];
  readonly relation: string;
  readonly right: readonly string[];
  readonly ranges: readonly string[];
}

/**
 * The equations of an `aligned` environment. A row without a left side has that of the row before
 * it, and both have the ranges that stand behind the last of them; a row that starts with `\quad`
 * goes on with the right side before it.
 */
export function splitAligned(tex: string): PrintedEquation[] {
  const tokens = tokenize(tex);
  const [start, end] = ["\\begin{aligned}", "\\end{aligned}"].map(tokenize);
  if (tokens.slice(0, start!.length).join("") !== start!.join("")) {
    throw new UnreadableError(`no aligned equations: ${tex}`);
  }
  const inner = tokens.slice(start!.length, -end!.length);
  const equations: { left: string[]; relation: string; right: string[]; goesOn: boolean }[] = [];
  for (const row of splitAt(inner, "\\\\").flatMap(equationsBeside)) {
    const [left = [], rest, ...more] = splitAt(row, "&");
    if (!rest || more.length > 0) throw new UnreadableError(`not one & in a row: ${row.join(" ")}`);
    const last = equations.at(-1);
    if (rest[0] === "\\quad") {
      if (left.length > 0 || !last) throw new UnreadableError(`what goes on? ${row.join(" ")}`);
      last.right.push(...rest.slice(rest.findIndex((token) => token !== "\\quad")));
      continue;
    }
    const relation = rest[0]!;
    if (!RELATIONS.has(relation)) throw new UnreadableError(`no relation: ${row.join(" ")}`);
    if (left.length === 0 && !last) throw new UnreadableError("the first row has no left side");
    equations.push({
      left: left.length > 0 ? left : last!.left,
      relation,
      right: withoutEmptyGroups(rest.slice(1)),
      goesOn: left.length === 0,
    });
  }
  let after: readonly string[] = [];
  return equations
    .toReversed()
    .map(({ left, relation, right, goesOn }) => {
      const [formula = [], ...own] = splitAt(withoutEmptyGroups(right), "\\qquad");
      const ranges = own.length > 0 ? own.flat() : after;
      after = goesOn ? ranges : [];
      return { left, relation, right: stretched(formula), ranges };
    })
    .reverse();
}

/** Several equations in one row, `a &= b & \\quad c &= d`; the row where it is one. */
function equationsBeside(row: readonly string[]): readonly (readonly string[])[] {
  const cells = splitAt(row, "&");
  if (cells.length <= 2 || cells.length % 2 !== 0) return [row];
  return cells.flatMap((left, at) => {
    if (at % 2 !== 0) return [];
    const isSetApart = at > 0 && left[0] === "\\quad";
    if (at > 0 && !isSetApart) throw new UnreadableError(`no space in a row: ${row.join(" ")}`);
    return [[...(isSetApart ? left.slice(1) : left), "&", ...cells[at + 1]!]];
  });
}

/** @throws UnreadableError for what has more or less than one reading. */
export function readEquation(printed: PrintedEquation, symbols: Symbols): Equation {
  const { left, relation, right, ranges } = printed;
  const free = readRanges(ranges, symbols);
  const letters = free.map(({ letter }) => letter);
  for (const letter of letters) {
    if (symbols.hasBase(letter)) {
      throw new UnreadableError(`the index ${letter} is a quantity too: ${left.join(" ")}`);
    }
  }
  const side = (tokens: readonly string[]): Node => {
    const parser = new Parser(tokens, symbols, new Set(letters));
    const node = parser.sum();
    parser.end();
    return node;
  };
  return {
    left: side(left),
    relation: relation as Equation["relation"],
    right: side(right),
    ranges: free,
  };
}

/** `i = 1, 2, n = 1, \dots, N`. */
function readRanges(tokens: readonly string[], symbols: Symbols): Range[] {
  const ranges: { letter: string; bounds: string[][] }[] = [];
  for (const piece of splitAt(tokens, ",")) {
    if (piece.length === 0) continue;
    if (piece[1] === "=") ranges.push({ letter: piece[0]!, bounds: [piece.slice(2)] });
    else if (ranges.length === 0) throw new UnreadableError(`no range: ${tokens.join(" ")}`);
    else if (piece.join("") !== "\\dots") ranges.at(-1)!.bounds.push(piece);
  }
  return ranges.map(({ letter, bounds }) => {
    const [from, to] = [bounds[0]!, bounds.at(-1)!].map((bound) => {
      const parser = new Parser(bound, symbols, new Set());
      const node = parser.sum();
      parser.end();
      return node;
    });
    return { letter, from: from!, to: to! };
  });
}

/** Brackets of a fixed size, around what goes on in the next row, as brackets. */
function stretched(tokens: readonly string[]): string[] {
  return tokens.map((token) =>
    token.replace(/^\\[bB]igl/, "\\left").replace(/^\\[bB]igr/, "\\right"),
  );
}

function withoutEmptyGroups(tokens: readonly string[]): string[] {
  return tokens.filter(
    (token, at) =>
      !(token === "{" && tokens[at + 1] === "}") && !(token === "}" && tokens[at - 1] === "{"),
  );
}
