/**
 * The graph reduction: a term's letters are vertices, its two-letter factors edges, its one-letter
 * factors pendants. Summed letters are removed one by one until only the row and the column letter
 * of the result are left. These are the reductions of two-terminal series-parallel graphs
 * (Duffin 1965), so what they cannot remove contains a K₄ with the output edge: such a term has no
 * matrix form.
 */
import type { Letter } from "../../expression/indices.js";
import type { Quantity } from "../../expression/quantity.js";
import { Size } from "../../expression/size.js";
import { diag, hadamard, norm, number, ones, product, trace } from "./build.js";
import type { MatrixExpression } from "./expression.js";
import { isLeaf, outerOf } from "./outer.js";
import {
  asColumn,
  asRow,
  type Factor,
  isEdge,
  lettersOf,
  oriented,
  otherLetter,
  same,
  simplest,
  stretched,
  touches,
} from "./factor.js";

/** A term without its letters: scalars, and what is left along the row and the column. */
export interface Reduced {
  readonly scalars: readonly MatrixExpression[];
  /** Absent for a scalar. */
  readonly matrix: MatrixExpression | undefined;
}

/**
 * @param factors each with letters among `summed`, `row` and `column`
 * @param summed letters that are summed over
 * @returns undefined where the term has no matrix form
 */
export function reduceTerm(
  factors: readonly Factor[],
  summed: readonly Letter[],
  row: Letter | undefined,
  column: Letter | undefined,
): Reduced | undefined {
  return new TermGraph(factors, summed, row, column).run();
}

class TermGraph {
  private factors: Factor[] = [];
  private readonly scalars: MatrixExpression[] = [];
  private readonly summed: Letter[];
  /** The factors by their letters, in their order; left out since the last replacement. */
  private incidence: ReadonlyMap<string, readonly Factor[]> | undefined;

  constructor(
    factors: readonly Factor[],
    summed: readonly Letter[],
    private readonly row: Letter | undefined,
    private readonly column: Letter | undefined,
  ) {
    this.summed = [...summed];
    for (const factor of factors) this.put(factor);
    this.moveVectorsAlongDeltas();
  }

  run(): Reduced | undefined {
    const rules = [
      () => this.summed.some((letter) => this.sumTouchingVector(letter)),
      () => this.mergeEqualLetters(),
      () => this.byWeights().some((letter) => this.sumBetweenMatrices(letter)),
      () => this.summed.some((letter) => this.foldVector(letter)),
    ];
    while (rules.some((rule) => rule()));
    return this.summed.length > 0 ? undefined : this.rest();
  }

  private put(factor: Factor): void {
    if (lettersOf(factor).length === 0) this.scalars.push(factor.matrix);
    else this.factors.push(factor);
  }

  /** Replaces factors by what they give together; a letter that is summed by it disappears. */
  private replace(old: readonly Factor[], factor: Factor, summed?: Letter): true {
    const at = this.factors.findIndex((one) => old.includes(one));
    this.factors = this.factors.filter((one) => !old.includes(one));
    if (lettersOf(factor).length > 0) this.factors.splice(at, 0, factor);
    else this.scalars.push(factor.matrix);
    this.incidence = undefined;
    if (summed) this.summed.splice(this.summed.indexOf(summed), 1);
    return true;
  }

  private at(letter: Letter): readonly Factor[] {
    return (this.incidence ??= incidenceOf(this.factors)).get(letter.key) ?? [];
  }

  private isSummed(letter: Letter | undefined): boolean {
    return this.summed.some((one) => same(one, letter));
  }

  /** δ_ij u_j = δ_ij u_i: vectors on both ends of a delta stand together on one. */
  private moveVectorsAlongDeltas(): void {
    for (const { row, column, matrix } of [...this.factors]) {
      if (matrix.kind !== "identity" || !row || !column) continue;
      const [to, from] = same(row, this.column) ? [column, row] : [row, column];
      for (const [position, factor] of this.factors.entries()) {
        if (isEdge(factor) || !touches(factor, from)) continue;
        this.factors[position] = factor.row ? { ...factor, row: to } : { ...factor, column: to };
      }
    }
  }

  /** A summed letter with one factor, or with two of which one is a vector. */
  private sumTouchingVector(letter: Letter): boolean {
    const incident = this.at(letter);
    const [first, second] = incident;
    if (incident.length === 1) return this.sumAlone(first!, letter);
    if (incident.length !== 2) return false;
    const vector = incident.find((factor) => !isEdge(factor));
    if (!vector) return false;
    const other = vector === first ? second! : first!;
    if (isEdge(other))
      return this.replace(incident, matrixTimesVector(other, vector, letter), letter);
    const both = [first!.matrix, second!.matrix];
    if (both.some(isInverse) || !outerOf(both)) return false;
    // what is transposed is a name rather than a product
    const [left, right] =
      isLeaf(first!.matrix) || !isLeaf(second!.matrix) ? incident : [second!, first!];
    const dot = simplest([
      { matrix: product(asRow(left!), asColumn(right!)) },
      { matrix: product(asRow(right!), asColumn(left!)) },
    ]);
    return this.replace(incident, dot!, letter);
  }

  /** Σ_k v_k = 1ᵀv, Σ_k M_ik = M1, Σ_k v_k² = ‖v‖²; Σ_ik M_ik² = ‖M‖². */
  private sumAlone(factor: Factor, letter: Letter): boolean {
    const other = isEdge(factor) ? otherLetter(factor, letter) : undefined;
    const { matrix } = factor;
    if (matrix.kind === "diagonal") {
      return this.replace([factor], { matrix: trace(matrix.of) }, letter);
    }
    const base = squared(matrix);
    const isAllOfMatrix = other && this.isSummed(other) && this.at(other).length === 1;
    if (base && (!other || isAllOfMatrix)) {
      if (other)
        this.summed.splice(
          this.summed.findIndex((one) => same(one, other)),
          1,
        );
      return this.replace([factor], { matrix: norm(base, true) }, letter);
    }
    const one: Factor = { row: letter, matrix: ones(letter.size, Size.one) };
    if (other) return this.replace([factor], matrixTimesVector(factor, one, letter), letter);
    const total = simplest([
      { matrix: product(asRow(one), asColumn(factor)) },
      { matrix: product(asRow(factor), asColumn(one)) },
    ]);
    return this.replace([factor], total!, letter);
  }

  /** Factors with the same letters become one, elementwise; tr(AᵀB) where both letters end there. */
  private mergeEqualLetters(): boolean {
    for (const factor of this.factors) {
      const letters = lettersOf(factor);
      const near = this.at(letters[0]!);
      if (near.length < 2) continue;
      const group = near.filter((other) => {
        const found = lettersOf(other);
        return found.length === letters.length && found.every((one) => touches(factor, one));
      });
      if (group.length < 2) continue;
      if (letters.length === 2 && this.traceOf(group, letters)) return true;
      if (this.mergeGroup(factor, group, letters)) return true;
    }
    return false;
  }

  private mergeGroup(
    factor: Factor,
    group: readonly Factor[],
    letters: readonly Letter[],
  ): boolean {
    const [a, b] = letters;
    const onlyVectors = !b && this.isSummed(a) && this.at(a!).every((one) => !isEdge(one));
    // Σ u·v·w is uᵀ(v ⊙ w)
    const hasOneOut = onlyVectors && !group.some(({ matrix }) => isInverse(matrix));
    const out = hasOneOut ? outerOf(group.map(({ matrix }) => matrix)) : undefined;
    const merged = out ? group.filter(({ matrix }) => matrix !== out) : group;
    if (merged.length < 2) return false;
    const along = (row?: Letter, column?: Letter): Factor => ({
      row,
      column,
      matrix: hadamard(merged.map((one) => ({ base: oriented(one, row, column), exponent: 1 }))),
    });
    const { row, column } = factor;
    return this.replace(merged, simplest([along(row, column), along(column, row)])!);
  }

  /** Σ_ij A_ij B_ij = tr(AᵀB), where nothing else depends on i or j. */
  private traceOf(group: readonly Factor[], [a, b]: readonly Letter[]): boolean {
    const [left, right] = group;
    if (group.length !== 2 || group.some(({ matrix }) => !isLinear(matrix))) return false;
    if (![a, b].every((one) => this.isSummed(one) && this.at(one!).length === 2)) return false;
    const candidates = [
      [b, a],
      [a, b],
    ].flatMap(([i, j]) => [
      { matrix: product(oriented(left!, i, j), oriented(right!, j, i)) },
      { matrix: product(oriented(right!, i, j), oriented(left!, j, i)) },
    ]);
    this.summed.splice(
      this.summed.findIndex((one) => same(one, a)),
      1,
    );
    const summed = this.summed.find((one) => same(one, b))!;
    return this.replace(group, { matrix: trace(simplest(candidates)!.matrix) }, summed);
  }

  /**
   * The summed letters as products are made of them: along what weights run first, then from the inside. The sum
   * over the examples, for which a weight is the same, stays outside: ((Wᵀδ) ⊙ σ′) 1.
   */
  private byWeights(): readonly Letter[] {
    if (this.summed.length < 2) return this.summed;
    const rank = (letter: Letter): number =>
      Math.min(...this.at(letter).map(({ matrix }) => weightRank(matrix)));
    return this.summed.toReversed().toSorted((one, other) => rank(one) - rank(other));
  }

  /** A summed letter between two matrices: their product. */
  private sumBetweenMatrices(letter: Letter): boolean {
    const incident = this.at(letter);
    if (incident.length !== 2) return false;
    const [left, right] = incident as [Factor, Factor];
    const [a, b] = [otherLetter(left, letter), otherLetter(right, letter)];
    const made = simplest([
      { row: a, column: b, matrix: product(oriented(left, a, letter), oriented(right, letter, b)) },
      { row: b, column: a, matrix: product(oriented(right, b, letter), oriented(left, letter, a)) },
    ])!;
    return this.replace(incident, made, letter);
  }

  /** A vector on a letter with several matrices goes into one of them: M diag(u). */
  private foldVector(letter: Letter): boolean {
    const incident = this.at(letter);
    const vector = incident.find((factor) => !isEdge(factor));
    const edge = incident.find(isEdge);
    if (!vector || !edge) return false;
    return this.replace([vector, edge], weighted(edge, vector, letter));
  }

  /** Only the row and the column letter are left: diag(u) M diag(v), u vᵀ, or one of them. */
  private rest(): Reduced {
    const { row, column } = this;
    for (const letter of [row, column]) {
      if (letter && this.factors.some(isEdge)) while (this.foldVector(letter));
    }
    const [first, second] = this.factors;
    let matrix: MatrixExpression | undefined;
    if (first && isEdge(first)) {
      matrix = oriented(first, row, column);
    } else if (first && second) {
      const [left, right] = touches(first, row!) ? [first, second] : [second, first];
      matrix = product(asColumn(left), asRow(right));
    } else if (first) {
      const isRow = row !== undefined && touches(first, row);
      const vector = isRow ? { row, matrix: asColumn(first) } : { column, matrix: asRow(first) };
      matrix = stretched(vector, row, column);
    } else if (row ?? column) {
      matrix = stretched({ matrix: number(1) }, row, column);
    }
    return { scalars: this.scalars, matrix };
  }
}

/** Factors by the keys of their letters. */
function incidenceOf(factors: readonly Factor[]): ReadonlyMap<string, readonly Factor[]> {
  const found = new Map<string, Factor[]>();
  for (const factor of factors) {
    for (const key of new Set(lettersOf(factor).map((letter) => letter.key))) {
      const known = found.get(key);
      if (known) known.push(factor);
      else found.set(key, [factor]);
    }
  }
  return found;
}

/** Σ_k M_ik v_k: Mv as a column, or vᵀMᵀ as a row, whichever needs fewer transposes. */
function matrixTimesVector(edge: Factor, vector: Factor, letter: Letter): Factor {
  const other = otherLetter(edge, letter);
  const row = { column: other, matrix: product(asRow(vector), oriented(edge, letter, other)) };
  const column = { row: other, matrix: product(oriented(edge, other, letter), asColumn(vector)) };
  return simplest(vector.row ? [column, row] : [row, column])!;
}

/** M_ik v_k: M diag(v). */
function weighted(edge: Factor, vector: Factor, letter: Letter): Factor {
  const weights = diag(vector.matrix);
  return same(edge.row, letter)
    ? { ...edge, matrix: product(weights, edge.matrix) }
    : { ...edge, matrix: product(edge.matrix, weights) };
}

/** The base of an elementwise square. */
function squared(matrix: MatrixExpression): MatrixExpression | undefined {
  if (matrix.kind !== "hadamard" || matrix.factors.length !== 1) return undefined;
  const [only] = matrix.factors;
  return only!.exponent === 2 ? only!.base : undefined;
}

/** What is the same for all examples comes first: parameters, then what may be computed from them alone. */
function weightRank(matrix: MatrixExpression): number {
  const role = isLeaf(matrix) ? matrix.quantity.role : undefined;
  const rank = WEIGHTS.findIndex((roles) => roles.some((one) => one === role));
  return rank < 0 ? WEIGHTS.length : rank;
}

const WEIGHTS: readonly (readonly Quantity["role"][])[] = [
  ["parameter"],
  ["definition", "auxiliary"],
  ["input", "target"],
];

/** Whether all that stands there are reciprocals. */
function isInverse(matrix: MatrixExpression): boolean {
  return matrix.kind === "hadamard" && matrix.factors.every(({ exponent }) => exponent < 0);
}

/** Quantities and their products and sums: what people write under a trace. */
function isLinear(matrix: MatrixExpression): boolean {
  switch (matrix.kind) {
    case "quantity":
    case "slice":
      return true;
    case "transpose":
      return isLinear(matrix.of);
    case "product":
      return matrix.factors.every(isLinear);
    case "sum":
      return matrix.terms.every(({ term }) => isLinear(term));
    default:
      return false;
  }
}
