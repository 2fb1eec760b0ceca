/** How wide signs are, in em, as Computer Modern has them; what is not told is as wide as most are. */

/** Ordinary brackets. */
export const DELIMITER = 0.39;
/** The space between stretched brackets or fractions and what is beside them. */
export const BESIDE = 0.17;
/** The shortest brace below a factor, beside which there is room. */
export const BRACE = 1.8;
/** One bracket of a matrix of one row, of two and of more, with half of the space beside it. */
const MATRIX_BRACKETS = [0.56, 0.61] as const;
export const LARGEST_MATRIX_BRACKET = 0.75;
/** Between the columns of a matrix. */
export const COLUMN_SPACE = 1;
/** Around a sign or a join, behind the name of a function, around the line of a fraction; the sign of a root. */
export const SIGN_SPACE = 0.44;
export const NAME_SPACE = 0.17;
export const LINE = 0.24;
export const ROOT = 0.83;
/** Commands before upright words. */
export const WORDS: ReadonlySet<string> = new Set(
  ["mathrm", "mathbf", "operatorname", "text", "boldsymbol"].map((word) => `\\${word}`),
);

/** Spaces on both sides of relations and operators. */
const RELATION = 0.56;
const OPERATION = 0.44;

const LETTERS: Readonly<Record<string, number>> = {
  i: 0.34,
  j: 0.41,
  l: 0.3,
  t: 0.36,
  r: 0.45,
  m: 0.88,
  w: 0.72,
  h: 0.58,
  k: 0.55,
  n: 0.6,
  u: 0.57,
  x: 0.57,
  I: 0.44,
  M: 0.97,
  W: 0.94,
};
const SMALL = 0.53;
const CAPITAL = 0.75;
const DIGIT = 0.5;

const COMMANDS: ReadonlyMap<string, number> = new Map(
  Object.entries({
    "\\quad": 1,
    "\\qquad": 2,
    "\\,": 0.17,
    "\\;": 0.28,
    "\\cdot": 0.28,
    "\\odot": 0.78,
    "\\otimes": 0.78,
    "\\oslash": 0.78,
    "\\times": 0.78 + OPERATION,
    "\\le": 0.78 + RELATION,
    "\\ge": 0.78 + RELATION,
    "\\ne": 0.78 + RELATION,
    "\\approx": 0.78 + RELATION,
    "\\leftarrow": 1 + RELATION,
    "\\sum": 1.61,
    "\\dots": 1.34,
    "\\ln": 1,
    "\\exp": 1.6,
    "\\tanh": 2.2,
    "\\sin": 1.3,
    "\\cos": 1.5,
    "\\max": 2,
    "\\min": 1.8,
    "\\infty": 1,
    "\\top": 0.78,
    // accents stand above
    "\\bar": 0,
    "\\hat": 0,
    "\\tilde": 0,
  }),
);
const GREEK = 0.58;
const GREEK_CAPITAL = 0.75;

const SIGNS: Readonly<Record<string, number>> = {
  ".": 0.28,
  ",": 0.45,
  "+": 0.78,
  "-": 0.78,
  "=": 0.78 + RELATION,
  "<": 0.78 + RELATION,
  ">": 0.78 + RELATION,
  ":": 0.84,
};

export function commandWidth(command: string): number {
  const known = COMMANDS.get(command);
  if (known !== undefined) return known;
  return /^\\[A-Z]/.test(command) ? GREEK_CAPITAL : GREEK;
}

/** Of the signs that one byte holds, by their codes. */
const WIDTHS = Float64Array.from({ length: 0x80 }, (_, code) =>
  widthByName(String.fromCharCode(code)),
);

function widthByName(sign: string): number {
  const known = SIGNS[sign] ?? LETTERS[sign];
  if (known !== undefined) return known;
  if (/^\d$/.test(sign)) return DIGIT;
  if (/^[A-Z]$/.test(sign)) return CAPITAL;
  return /^[a-z]$/.test(sign) ? SMALL : DELIMITER;
}

export function signWidth(sign: string): number {
  return codeWidth(sign.charCodeAt(0));
}

/** As `signWidth`, of the sign with a code. */
export function codeWidth(code: number): number {
  return WIDTHS[code] ?? DELIMITER;
}

/** A size of brackets: the command for it, how high they are and how wide one of them is. */
interface BracketSize {
  readonly command: "\\big" | "\\Big";
  readonly height: number;
  readonly width: number;
}

/** The smallest are the ordinary ones; the largest are put together from pieces. */
const BRACKET_SIZES: readonly BracketSize[] = [
  { command: "\\big", height: 1, width: DELIMITER },
  { command: "\\big", height: 1.2, width: 0.46 },
  { command: "\\Big", height: 1.8, width: 0.6 },
  { command: "\\Big", height: 2.4, width: 0.74 },
  { command: "\\Big", height: 3, width: 0.79 },
];
const WIDEST_BRACKET: BracketSize = { command: "\\Big", height: Infinity, width: 0.875 };
/** The part of what they stand around that brackets are as high as, at least; and what they may be shorter by. */
const COVERED = 0.901;
const SHORTER = 0.5;

/** The brackets that TeX takes around what reaches so far above or below the axis. */
function bracketSize(reach: number): BracketSize {
  const needed = Math.max(2 * COVERED * reach, 2 * reach - SHORTER);
  return BRACKET_SIZES.find(({ height }) => height >= needed) ?? WIDEST_BRACKET;
}

/** Of both brackets. */
export function bracketWidth(reach: number): number {
  return 2 * bracketSize(reach).width;
}

/** How far brackets reach themselves around what reaches so far. */
export function bracketReach(reach: number): number {
  const { height } = bracketSize(reach);
  return height === Infinity ? reach : Math.max(reach, height / 2);
}

/** The size of brackets that cannot take it from what they stand around: they are broken. */
export function bracketCommand(reach: number): string {
  return bracketSize(reach).command;
}

/** Upright letters that are far from the width of most. */
const UPRIGHT: Readonly<Record<string, number>> = {
  f: 0.31,
  i: 0.28,
  j: 0.31,
  l: 0.28,
  m: 0.83,
  r: 0.39,
  s: 0.39,
  t: 0.39,
  w: 0.72,
  E: 0.68,
  I: 0.36,
  M: 0.92,
  S: 0.56,
  W: 1.03,
};

/** Of an upright word. */
export function wordWidth(word: string): number {
  const letters = word.replace(/\\[A-Za-z]+/g, "x").replace(/[{}\\]/g, "");
  return Array.from(letters, uprightWidth).reduce((total, width) => total + width, 0);
}

function uprightWidth(letter: string): number {
  return UPRIGHT[letter] ?? (/[A-Z]/.test(letter) ? CAPITAL : SMALL);
}

export function matrixBracket(rows: number): number {
  return MATRIX_BRACKETS[rows - 1] ?? LARGEST_MATRIX_BRACKET;
}

/** The columns are as wide as their widest cells. */
export function matrixWidth(rows: readonly (readonly number[])[]): number {
  const count = Math.max(...rows.map(({ length }) => length));
  const columns = Array.from({ length: count }, (_, column) =>
    Math.max(...rows.map((row) => row[column] ?? 0)),
  );
  return columns.reduce((total, width) => total + width, 0) + (count - 1) * COLUMN_SPACE;
}
