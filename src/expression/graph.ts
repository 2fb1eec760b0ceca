import { Fraction } from "fraction.js";
import type { ConstantName, Expression, Reduction } from "./expression.js";
import { Index, type Letter, type Replacements } from "./indices.js";
import { logarithm, power } from "./operations/powers.js";
import type { Operation } from "./operations/operation.js";
import type { Quantity } from "./quantity.js";
import type { Size } from "./size.js";
import { contract, meeting } from "./contract.js";
import { Interning } from "./interning.js";
import { type Factor, likeFactors, likeTerms, type Term } from "./like-terms.js";
import { has, hasDelta, isZero } from "./predicates.js";
import { isNought, isUnit, ONE, plus, times, ZERO } from "./rational.js";
import { powerOf } from "./power.js";
import { type Replace, substitute, transform, unusedLetter } from "./rebuild.js";

/** Kinds whose whole powers are not simply the node with an exponent. */
const DISTRIBUTED: ReadonlySet<Expression["kind"]> = new Set(["number", "product", "delta"]);
const LEAF: readonly Expression[] = [];
/** Exact powers of numbers with more bits than this stay symbolic. */
const MAX_POWER_BITS = 4096;

/** Raised where an expression divides by the number 0. */
export class DivisionByZeroError extends Error {
  constructor() {
    super("division by zero");
  }
}

/**
 * Builds and interns expressions. The constructors simplify as they build: sums and products are
 * flat, like terms are merged, numbers are exact, a delta under a sum renames its index away.
 */
export class Graph {
  private readonly interning = new Interning();
  private readonly numbers = new Map<number, Expression>();
  /** What other modules know of its expressions: see `PerGraph`. */
  readonly kept = new Map<object, unknown>();

  readonly zero = this.number(0);
  readonly one = this.number(1);

  /** How many expressions there are, each counted once. */
  get count(): number {
    return this.interning.size;
  }

  // ————— leaves —————

  number(value: Fraction | number | string): Expression {
    if (typeof value === "number") {
      let known = this.numbers.get(value);
      if (!known) this.numbers.set(value, (known = this.fraction(new Fraction(value))));
      return known;
    }
    return this.fraction(value instanceof Fraction ? value : new Fraction(value));
  }

  private fraction(value: Fraction): Expression {
    return this.interning.node({ kind: "number", value, children: LEAF });
  }

  /** 4N is the number 4 times N, so that 2/(4N) is 1/(2N). */
  size(size: Size): Expression {
    if (size.constant !== undefined) return this.number(size.constant);
    const { coefficient, rest } = size.split;
    const node = this.interning.node({ kind: "size", size: rest, children: LEAF });
    return this.scale(new Fraction(coefficient), node);
  }

  constant(name: ConstantName): Expression {
    return this.interning.node({ kind: "constant", name, children: LEAF });
  }

  /** @throws RangeError when the number of indices is not that of the quantity's axes. */
  reference(quantity: Quantity, indices: readonly Index[]): Expression {
    if (indices.length !== quantity.shape.length) {
      throw new RangeError(
        `${quantity.name} has ${quantity.shape.length} axes, not ${indices.length}`,
      );
    }
    return this.interning.node({ kind: "reference", quantity, indices, children: LEAF });
  }

  delta(a: Index, b: Index): Expression {
    const indices = meeting(a, b);
    if (indices === "always") return this.one;
    if (indices === "never") return this.zero;
    return this.interning.node({ kind: "delta", indices, children: LEAF });
  }

  // ————— arithmetic —————

  add(...summands: readonly Expression[]): Expression {
    return this.combine(summands.map((term) => ({ coefficient: ONE, term })));
  }

  /**
   * Σ coefficient·term, with sums among the terms dissolved into their own terms.
   * @param isKept terms that are sums and stay as they are, such as the one of 1 − (a + b)
   */
  combine(
    summands: readonly Term[],
    isKept: (term: Expression) => boolean = () => false,
  ): Expression {
    let constant = ZERO;
    const all: Term[] = [];
    for (const { coefficient: factor, term: summand } of summands) {
      if (summand.kind === "number") {
        constant = plus(constant, times(summand.value, factor));
      } else if (summand.kind === "sum" && !isKept(summand)) {
        constant = plus(constant, times(summand.constant, factor));
        for (const { coefficient, term } of summand.terms) {
          all.push({ coefficient: times(coefficient, factor), term });
        }
      } else {
        const [coefficient, term] = this.splitCoefficient(summand);
        all.push({ coefficient: times(coefficient, factor), term });
      }
    }
    const terms = likeTerms(all);
    if (terms.length === 0) return this.number(constant);
    if (terms.length === 1 && isNought(constant)) {
      return this.scale(terms[0]!.coefficient, terms[0]!.term);
    }
    const children = terms.map(({ term }) => term);
    return this.interning.node({ kind: "sum", constant, terms, children });
  }

  subtract(a: Expression, b: Expression): Expression {
    return this.add(a, this.negate(b));
  }

  negate(a: Expression): Expression {
    return this.multiply(this.number(-1), a);
  }

  multiply(...multiplicands: readonly Expression[]): Expression {
    return this.monomial(
      ONE,
      multiplicands.map((base) => ({ base, exponent: 1 })),
    );
  }

  /**
   * coefficient · Π base^exponent, with products among the bases dissolved into their own factors.
   * @throws DivisionByZeroError for a negative power of 0.
   */
  monomial(coefficient: Fraction, powers: readonly Factor[]): Expression {
    let front = coefficient;
    const all: Factor[] = [];
    for (const power of powers) {
      const isPlain = !DISTRIBUTED.has(power.base.kind);
      const node = isPlain ? power.base : this.integerPower(power.base, power.exponent);
      if (node.kind === "number") {
        front = times(front, node.value);
      } else if (node.kind === "product") {
        front = times(front, node.coefficient);
        for (const factor of node.factors) all.push(factor);
      } else {
        all.push(isPlain ? power : { base: node, exponent: 1 });
      }
    }
    return this.product(front, likeFactors(all));
  }

  divide(a: Expression, b: Expression): Expression {
    return this.multiply(a, this.integerPower(b, -1));
  }

  /**
   * A whole power. Distributes over products; keeps huge powers of numbers symbolic.
   * @throws DivisionByZeroError for a negative power of 0.
   */
  integerPower(base: Expression, exponent: number): Expression {
    if (exponent === 0) return this.one;
    if (exponent === 1) return base;
    if (base.kind === "delta") {
      // 0 off the diagonal
      if (exponent < 0) throw new DivisionByZeroError();
      return base;
    }
    if (base.kind === "number") {
      if (isNought(base.value) && exponent < 0) throw new DivisionByZeroError();
      const { n, d } = base.value;
      const bits = (n > d ? n : d).toString(2).length * Math.abs(exponent);
      if (bits > MAX_POWER_BITS) return this.apply(power, base, this.number(exponent));
      return this.number(base.value.pow(exponent));
    }
    if (base.kind === "product") {
      const coefficient = this.integerPower(this.number(base.coefficient), exponent);
      const factors = base.factors.map((factor) => ({
        base: factor.base,
        exponent: factor.exponent * exponent,
      }));
      return this.multiply(coefficient, this.product(ONE, factors));
    }
    return this.product(ONE, [{ base, exponent }]);
  }

  /** base^exponent for any exponent. */
  power(base: Expression, exponent: Expression): Expression {
    return powerOf(this, base, exponent);
  }

  apply(operation: Operation, ...args: readonly Expression[]): Expression {
    if (operation.exact && args.every((arg) => arg.kind === "number")) {
      const value = operation.exact(...args.map((arg) => (arg as { value: Fraction }).value));
      if (value !== undefined) return this.number(value);
    }
    return this.interning.node({ kind: "apply", operation, children: args });
  }

  // ————— reductions —————

  reduce(reduction: Reduction, letter: Letter, body: Expression): Expression {
    if (reduction === "sum") return this.sum(letter, body);
    if (!has(body, letter)) {
      if (reduction !== "logsumexp") return body;
      return this.add(body, this.apply(logarithm, this.size(letter.size)));
    }
    return this.bind(reduction, letter, body);
  }

  /**
   * Σ over a letter. Factors that do not depend on the letter come out in front, and a delta with
   * a plain index of the same range renames the letter away: Σ_k δ_ki f(k) = f(i).
   */
  sum(letter: Letter, body: Expression): Expression {
    if (isZero(body)) return body;
    if (letter.size.isOne) return this.substitute(body, new Map([[letter.key, Index.number(0)]]));
    if (!has(body, letter)) return this.multiply(this.size(letter.size), body);
    if (body.kind === "delta")
      return contract(this, letter, body, this.one) ?? this.bind("sum", letter, body);
    if (body.kind === "sum" && body.terms.some(({ term }) => hasDelta(term, letter))) {
      const terms = body.terms.map(({ coefficient, term }) =>
        this.sum(letter, this.scale(coefficient, term)),
      );
      const constant = this.multiply(this.number(body.constant), this.size(letter.size));
      return this.add(constant, ...terms);
    }
    if (body.kind !== "product") return this.bind("sum", letter, body);

    const inside: Factor[] = [];
    const outside: Factor[] = [];
    for (const factor of body.factors) (has(factor.base, letter) ? inside : outside).push(factor);
    for (const [position, { base, exponent }] of inside.entries()) {
      const rest = this.product(ONE, inside.toSpliced(position, 1));
      let result: Expression | undefined;
      if (base.kind === "delta") {
        result = contract(this, letter, base, rest);
      } else if (base.kind === "sum" && exponent === 1 && hasDelta(base, letter)) {
        const terms = base.terms.map(({ coefficient, term }) =>
          this.sum(letter, this.multiply(this.number(coefficient), term, rest)),
        );
        result = this.add(
          this.sum(letter, this.multiply(this.number(base.constant), rest)),
          ...terms,
        );
      }
      if (result) return this.multiply(this.product(body.coefficient, outside), result);
    }
    const bound = this.bind("sum", letter, this.product(ONE, inside));
    return this.multiply(this.product(body.coefficient, outside), bound);
  }

  /** Σ over several letters, the first outermost. */
  sumOver(letters: readonly Letter[], body: Expression): Expression {
    return letters.reduceRight((inner, letter) => this.sum(letter, inner), body);
  }

  // ————— substitution —————

  /** Replaces free letters by indices, all at once; bound letters step aside. */
  substitute(root: Expression, replacements: Replacements): Expression {
    return substitute(this, root, replacements);
  }

  /**
   * Rebuilds a graph bottom-up with some nodes replaced. `replace` is asked first, with the node;
   * what it leaves undefined is built again from its rebuilt operands. Replacements may use the
   * letters that are free in the node they replace, and no others.
   * @param among contents without which nothing is replaced in a node, so that it is not looked through
   */
  transform(root: Expression, replace: Replace, among?: number): Expression {
    return transform(this, root, replace, among);
  }

  scale(coefficient: Fraction, node: Expression): Expression {
    return isUnit(coefficient) ? node : this.multiply(this.number(coefficient), node);
  }

  /** A number in front and the rest: −2·a·b is −2 and a·b. */
  splitCoefficient(node: Expression): [Fraction, Expression] {
    if (node.kind !== "product" || isUnit(node.coefficient)) return [ONE, node];
    return [node.coefficient, this.product(ONE, node.factors)];
  }

  /** Factors must be distinct, in order, and not products or numbers. */
  private product(coefficient: Fraction, factors: readonly Factor[]): Expression {
    if (isNought(coefficient) || factors.length === 0) return this.number(coefficient);
    const [first] = factors;
    if (factors.length === 1 && first!.exponent === 1 && isUnit(coefficient)) {
      return first!.base;
    }
    const children = factors.map(({ base }) => base);
    return this.interning.node({ kind: "product", coefficient, factors, children });
  }

  /** Interns a reduction under the canonical name of its letter: `#1` innermost, then `#2` … */
  private bind(reduction: Reduction, letter: Letter, body: Expression): Expression {
    const taken = new Set(
      body.free.filter(({ key }) => key !== letter.key).map(({ name }) => name),
    );
    const canonical = unusedLetter(letter.size, body, taken);
    const renamed =
      canonical.key === letter.key
        ? body
        : this.substitute(body, new Map([[letter.key, Index.of(canonical)]]));
    return this.interning.node({
      kind: "reduce",
      reduction,
      letter: canonical,
      body: renamed,
      children: [renamed],
    });
  }
}
