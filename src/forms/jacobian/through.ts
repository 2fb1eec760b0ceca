/**
 * One term of a Jacobian as a product of Jacobians, through a matrix that the model has no name for.
 *
 * ∂y[p₀,p₁]/∂W[q₀,q₁] = σ′[p₀,q₁]·V[q₁,p₁]·X[p₀,q₀], of y = σ(X W) V, is no Kronecker product: σ′ has a
 * letter of y and one of W. It goes through the entries h[r₀,r₁] with r₀ = p₀ and r₁ = q₁: what depends on
 * y and these is ∂y/∂h, σ′ stands on a diagonal between, and what depends on these and W is the rest.
 */
import type { Expression } from "../../expression/expression.js";
import type { Graph } from "../../expression/graph.js";
import { Index, letter, type Letter } from "../../expression/indices.js";
import { type FlatTerm, flatten } from "../../calculus/term.js";
import * as build from "../matrix/build.js";
import { matrixForm } from "../matrix/convert.js";
import type { MatrixExpression, VecOrder } from "../matrix/expression.js";
import { same } from "../matrix/factor.js";
import { connected, splitTerm, type TermLetters } from "./split.js";

/** Through more unnamed matrices than this nothing is found. */
const MOST_STAGES = 3;

/**
 * The lightest product through an unnamed matrix, or undefined where there is none; through what a function
 * is applied to where there is such a thing, as people would name it.
 */
export function termThrough(
  graph: Graph,
  term: FlatTerm,
  letters: TermLetters,
  order: VecOrder,
  stages = MOST_STAGES,
): MatrixExpression | undefined {
  if (stages === 0) return undefined;
  const inner = [...letters.q, ...term.summed].filter((one) => one !== undefined);
  const outer = letters.p.filter((one) => one !== undefined);
  const found = outer.flatMap((a) =>
    inner.flatMap((b) =>
      ([false, true] as const).flatMap(
        (isTurned) =>
          new Passage(graph, letters, { a, b, isTurned }, order, stages).found(term) ?? [],
      ),
    ),
  );
  const [best] = found.toSorted(
    (one, other) =>
      Number(other.isFunction) - Number(one.isFunction) || one.matrix.weight - other.matrix.weight,
  );
  return best?.matrix;
}

/** A letter of u and another one, of v or summed, that number the entries of the matrix between; which of them its rows. */
interface Between {
  readonly a: Letter;
  readonly b: Letter;
  readonly isTurned: boolean;
}

interface Found {
  readonly matrix: MatrixExpression;
  /** Whether a function is applied to the matrix between, or to what it is made of. */
  readonly isFunction: boolean;
}

class Passage {
  private readonly own: readonly [Letter, Letter];
  /** The letters of the matrix between for those that they stand for. */
  private readonly along: ReadonlyMap<string, Index>;

  constructor(
    private readonly graph: Graph,
    private readonly letters: TermLetters,
    private readonly between: Between,
    private readonly order: VecOrder,
    private readonly stages: number,
  ) {
    const { a, b, isTurned } = between;
    const own = (one: Letter): Letter => letter(`r${stages}${one === a ? 0 : 1}`, one.size);
    this.own = isTurned ? [own(b), own(a)] : [own(a), own(b)];
    this.along = new Map([a, b].map((one) => [one.key, Index.of(own(one))]));
  }

  found(term: FlatTerm): Found | undefined {
    const { graph, between } = this;
    const { a, b } = between;
    const summed = term.summed.filter((one) => one !== b);
    const parts = connected(graph, { ...term, summed });
    const middle = parts.filter((one) => isOf(one, [a, b]) && has(one, a) && has(one, b));
    const others = parts.filter((one) => !middle.includes(one));
    const front = others.filter((one) => isOf(one, [...this.letters.p, b]));
    const behind = others.filter((one) => !front.includes(one));
    const isApart = behind.every((one) => isOf(one, [a, b, ...this.letters.q]));
    if (!isApart || middle.length === 0 || middle.some(({ kind }) => kind === "delta"))
      return undefined;
    const isOfInner = this.letters.q.some((one) => same(one, b));
    const outer = this.jacobian([...front, this.tie(a)], new Map([this.entry(b)]), {
      p: this.letters.p,
      q: this.own,
    });
    const inner = this.jacobian(
      isOfInner ? [...behind, this.tie(b)] : behind,
      new Map(isOfInner ? [this.entry(a)] : this.along),
      { p: this.own, q: this.letters.q },
    );
    const [row, column] = this.own;
    const weights = matrixForm(
      graph,
      graph.substitute(graph.multiply(graph.number(term.coefficient), ...middle), this.along),
      { row, column },
    )?.matrix;
    if (!outer || !inner || !weights) return undefined;
    const diagonal = build.diag(build.vec(weights, this.order));
    const isFunction = middle.some(({ kind }) => kind !== "reference");
    return { matrix: build.product(outer, diagonal, inner), isFunction };
  }

  private entry({ key }: Letter): readonly [string, Index] {
    return [key, this.along.get(key)!];
  }

  /** 1 where a letter is that of the matrix between. */
  private tie(one: Letter): Expression {
    return this.graph.delta(Index.of(one), this.along.get(one.key)!);
  }

  private jacobian(
    parts: readonly Expression[],
    replaced: ReadonlyMap<string, Index>,
    letters: TermLetters,
  ): MatrixExpression | undefined {
    const { graph, order, stages } = this;
    const ties = parts.filter(({ kind }) => kind === "delta");
    const rest = parts.filter((one) => !ties.includes(one));
    const whole = graph.multiply(...ties, graph.substitute(graph.multiply(...rest), replaced));
    let count = 0;
    const flat = flatten(graph, whole, (size) => letter(`j${stages}${count++}`, size));
    return (
      splitTerm(graph, flat, letters, order) ?? termThrough(graph, flat, letters, order, stages - 1)
    );
  }
}

function has({ free }: Expression, letter: Letter): boolean {
  return free.some((one) => same(one, letter));
}

function isOf({ free }: Expression, letters: readonly (Letter | undefined)[]): boolean {
  return free.every((one) => letters.some((other) => same(one, other)));
}
