/**
 * Pieces of NumPy as people write them. A vector is an array of one axis, whether it stands as a column or as a row;
 * it gets a second axis only where NumPy would stretch it along the other side of a matrix.
 */

/** How tightly code holds together, loosest first. */
export enum Tie {
  sum,
  matrixProduct,
  product,
  negative,
  power,
  atom,
}

/** The rows and columns of a matrix as numbers. */
export interface Lengths {
  readonly rows: number;
  readonly columns: number;
}

/** An expression of Python, and the matrix that it stands for. */
export interface Piece extends Lengths {
  readonly code: string;
  readonly tie: Tie;
  /** Of the array: 1 for a column or a row, 0 for a number. */
  readonly axes: 0 | 1 | 2;
}

const ONE: Lengths = { rows: 1, columns: 1 };

export function scalar(code: string, tie = Tie.atom): Piece {
  return { code, tie, axes: 0, ...ONE };
}

/** One piece with its lengths: a matrix with one row or column is written as an array of one axis. */
export function vector(code: string, { rows, columns }: Lengths, tie = Tie.atom): Piece {
  return { code, tie, axes: 1, rows, columns };
}

export function matrix(code: string, { rows, columns }: Lengths, tie = Tie.atom): Piece {
  return { code, tie, axes: 2, rows, columns };
}

/** A quantity of some shape: none of its axes is left out. */
export function array(code: string, shape: readonly number[]): Piece {
  const [rows = 1, columns = 1] = shape;
  const axes = shape.length === 0 ? 0 : shape.length === 1 ? 1 : 2;
  return { code, tie: Tie.atom, axes, rows, columns };
}

/** In brackets unless it holds together as tightly. */
export function within({ code, tie }: Piece, least: Tie): string {
  return tie >= least ? code : `(${code})`;
}

/** A call that gives the same lengths. */
export function called(name: string, like: Piece, ...args: readonly string[]): Piece {
  return { ...like, code: `${name}(${args.join(", ")})`, tie: Tie.atom };
}

// ————— entry by entry —————

/** The pieces, a column with a second axis where one of them is a matrix, and the lengths of what they give. */
function together(pieces: readonly Piece[]): {
  readonly parts: readonly Piece[];
  readonly like: Piece;
} {
  const rows = Math.max(...pieces.map((one) => one.rows));
  const columns = Math.max(...pieces.map((one) => one.columns));
  const widest = Math.max(...pieces.map(({ axes }) => axes)) as Piece["axes"];
  const isColumnOfMatrix = (one: Piece): boolean => widest === 2 && one.axes === 1 && one.rows > 1;
  const parts = pieces.map((one) => (isColumnOfMatrix(one) ? withTwoAxes(one) : one));
  return { parts, like: { code: "", tie: Tie.atom, axes: widest, rows, columns } };
}

export interface Signed {
  readonly isNegative: boolean;
  readonly piece: Piece;
}

export function sum(terms: readonly Signed[]): Piece {
  const [only] = terms;
  if (only && terms.length === 1) return only.isNegative ? negative(only.piece) : only.piece;
  const { parts, like } = together(terms.map(({ piece }) => piece));
  const code = parts.reduce((before, part, at) => {
    const { isNegative } = terms[at]!;
    // what is added keeps its own terms apart, what is taken away has to
    const text = within(part, at === 0 && !isNegative ? Tie.sum : Tie.matrixProduct);
    const safe = at > 0 && text.startsWith("-") ? `(${text})` : text;
    if (at === 0) return isNegative ? `-${safe}` : safe;
    return `${before} ${isNegative ? "-" : "+"} ${safe}`;
  }, "");
  return { ...like, code, tie: Tie.sum };
}

export function negative(piece: Piece): Piece {
  const isProduct = piece.tie === Tie.product || piece.tie === Tie.matrixProduct;
  const code = isProduct && !piece.code.startsWith("-") ? piece.code : within(piece, Tie.power);
  return { ...piece, code: `-${code}`, tie: isProduct ? piece.tie : Tie.negative };
}

export function times(first: Piece, second: Piece): Piece {
  const { parts, like } = together([first, second]);
  const [a, b] = parts as [Piece, Piece];
  return { ...like, code: `${within(a, Tie.product)} * ${within(b, Tie.power)}`, tie: Tie.product };
}

export function divided(first: Piece, second: Piece): Piece {
  const { parts, like } = together([first, second]);
  const [a, b] = parts as [Piece, Piece];
  return { ...like, code: `${within(a, Tie.product)} / ${within(b, Tie.power)}`, tie: Tie.product };
}

export function power(base: Piece, exponent: Piece): Piece {
  const { parts, like } = together([base, exponent]);
  const [a, b] = parts as [Piece, Piece];
  return { ...like, code: `${within(a, Tie.atom)}**${within(b, Tie.negative)}`, tie: Tie.power };
}

/** What a writer of code makes of operands entry by entry: each as it is, and as one piece. */
export function entrywise(
  operands: readonly Piece[],
  write: (args: readonly Argument[]) => string,
): Piece {
  const { parts, like } = together(operands);
  const args = parts.map((one) => ({ code: one.code, part: within(one, Tie.atom) }));
  return { ...like, code: write(args), tie: Tie.atom };
}

/** An operand as it stands between commas, and as it stands beside a sign. */
export interface Argument {
  readonly code: string;
  readonly part: string;
}

// ————— matrices —————

/** The matrix product, or scaling by what has one entry. */
export function product(a: Piece, b: Piece): Piece {
  if (a.axes === 0 || b.axes === 0 || a.columns !== b.rows) return times(a, b);
  const lengths = { rows: a.rows, columns: b.columns };
  const isOuter = a.columns === 1 && a.axes === 1 && (b.axes === 2 || b.columns > 1);
  if (isOuter) return matrix(`np.outer(${a.code}, ${b.code})`, lengths);
  // a column of two axes and a row of one; a column and one entry
  const isStretched =
    (a.axes === 2 && b.axes === 1 && b.columns > 1) ||
    (a.axes === 1 && b.axes === 1 && a.rows > 1 && a.columns === 1);
  if (isStretched) return { ...times(a, b), ...lengths };
  const code = `${matrixFactor(a)} @ ${within(b, Tie.power)}`;
  const axes = (a.axes + b.axes - 2) as Piece["axes"];
  return { code, tie: Tie.matrixProduct, axes, ...lengths };
}

/** (A * B) @ C is not A * (B @ C): what is multiplied entry by entry has brackets. */
function matrixFactor(piece: Piece): string {
  return piece.tie === Tie.product ? `(${piece.code})` : within(piece, Tie.matrixProduct);
}

export function kronecker(a: Piece, b: Piece): Piece {
  const lengths = { rows: a.rows * b.rows, columns: a.columns * b.columns };
  const areColumns = [a, b].every((one) => one.axes === 1 && one.columns === 1);
  if (areColumns) return vector(`np.kron(${a.code}, ${b.code})`, lengths);
  return matrix(`np.kron(${withAxes(a, 2).code}, ${withAxes(b, 2).code})`, lengths);
}

export function transposed({ rows, columns, ...piece }: Piece): Piece {
  const lengths = { rows: columns, columns: rows };
  if (piece.axes < 2) return { ...piece, ...lengths };
  const whole = { ...piece, rows, columns };
  return matrix(`${within(whole, Tie.atom)}.T`, lengths);
}

/** All entries by a function of NumPy, or those of each column (axis 0) or row (axis 1). */
export function reduced(name: string, piece: Piece, axis?: 0 | 1): Piece {
  if (piece.axes === 0) return piece;
  const along = axis === undefined ? undefined : ([piece.rows, piece.columns] as const)[axis];
  if (axis === undefined || (piece.axes === 1 && along === Math.max(piece.rows, piece.columns))) {
    return scalar(`${name}(${piece.code})`);
  }
  if (piece.axes === 1) return piece;
  const lengths =
    axis === 0 ? { rows: 1, columns: piece.columns } : { rows: piece.rows, columns: 1 };
  return vector(`${name}(${piece.code}, axis=${axis})`, lengths);
}

/** The same entries in one column. */
export function asColumn(piece: Piece): Piece {
  return { ...piece, rows: piece.rows * piece.columns, columns: 1 };
}

// ————— axes —————

function withTwoAxes(piece: Piece): Piece {
  if (piece.axes === 2) return piece;
  if (piece.axes === 0) return matrix(`np.array([[${piece.code}]])`, ONE);
  const index = piece.columns > 1 ? "[None, :]" : "[:, None]";
  return matrix(`${within(piece, Tie.atom)}${index}`, piece);
}

/** The same entries in an array of so many axes. */
export function withAxes(piece: Piece, axes: Piece["axes"]): Piece {
  if (piece.axes === axes) return piece;
  if (axes === 2) return withTwoAxes(piece);
  if (axes === 0) return scalar(`${within(piece, Tie.atom)}.item()`);
  if (piece.axes === 0) return vector(`np.array([${piece.code}])`, ONE);
  return vector(`np.ravel(${piece.code})`, piece);
}

/** What is assigned to a quantity of some shape: repeated where it has fewer entries. */
export function assigned(piece: Piece, shape: readonly number[]): string {
  const { axes, rows, columns } = array("", shape);
  if (piece.rows === rows && piece.columns === columns) return withAxes(piece, axes).code;
  const text = axes === 1 ? `${shape[0]!}` : `(${shape.join(", ")})`;
  return piece.axes === 0
    ? `np.full(${text}, ${piece.code})`
    : `np.broadcast_to(${withAxes(piece, axes).code}, ${axes === 1 ? `(${text},)` : text})`;
}
