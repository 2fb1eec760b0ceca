import { Fraction } from "fraction.js";
import type {
  ConstantName,
  DeltaNode,
  Expression,
  ProductNode,
  Reduction,
  SumNode,
} from "./expression.js";
import { Index, type Letter, type Replacements } from "./indices.js";
import { logarithm, power } from "./operations/powers.js";
import type { Operation } from "./operations/operation.js";
import type { Quantity } from "./quantity.js";
import { Size } from "./size.js";
import { has, hasDelta, isZero } from "./predicates.js";
import { substitute, transform, unusedLetter } from "./rebuild.js";

type Factor = ProductNode["factors"][number];
type Term = SumNode["terms"][number];
type Draft = Expression extends infer Node
  ? Node extends Expression
    ? Omit<Node, "id" | "free" | "height" | "children">
    : never
  : never;

const ZERO = new Fraction(0);
const ONE = new Fraction(1);
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
  private readonly nodes = new Map<string, Expression>();
  private readonly quantityIds = new Map<Quantity, number>();

  readonly zero = this.number(0);
  readonly one = this.number(1);

  // ————— leaves —————

  number(value: Fraction | number | string): Expression {
    const exact = value instanceof Fraction ? value : new Fraction(value);
    return this.intern(`n${exact.toFraction()}`, { kind: "number", value: exact }, [], []);
  }

  size(size: Size): Expression {
    const value = size.constant;
    if (value !== undefined) return this.number(value);
    return this.intern(`z${size.key}`, { kind: "size", size }, [], []);
  }

  constant(name: ConstantName): Expression {
    return this.intern(`c${name}`, { kind: "constant", name }, [], []);
  }

  /** @throws RangeError when the number of indices is not that of the quantity's axes. */
  reference(quantity: Quantity, indices: readonly Index[]): Expression {
    if (indices.length !== quantity.shape.length) {
      throw new RangeError(
        `${quantity.name} has ${quantity.shape.length} axes, not ${indices.length}`,
      );
    }
    let id = this.quantityIds.get(quantity);
    if (id === undefined) this.quantityIds.set(quantity, (id = this.quantityIds.size));
    const key = `r${id}[${indices.map((index) => index.key).join(",")}]`;
    return this.intern(key, { kind: "reference", quantity, indices }, [], indices);
  }

  delta(a: Index, b: Index): Expression {
    const { offset, terms } = a.plus(b.times(Size.of(-1)));
    if (terms.length === 0) {
      if (offset.constant === 0) return this.one;
      const apart = [offset, Size.zero.minus(offset)].some(
        (gap) => gap.minus(Size.one).nonNegative === true,
      );
      if (apart) return this.zero;
    }
    const indices: [Index, Index] = a.key < b.key ? [a, b] : [b, a];
    const key = `d${indices[0].key}=${indices[1].key}`;
    return this.intern(key, { kind: "delta", indices }, [], indices);
  }

  // ————— arithmetic —————

  add(...summands: readonly Expression[]): Expression {
    return this.combine(summands.map((term) => ({ coefficient: ONE, term })));
  }

  /** Σ coefficient·term, with sums among the terms dissolved into their own terms. */
  combine(summands: readonly Term[]): Expression {
    let constant = ZERO;
    const coefficients = new Map<Expression, Fraction>();
    const collect = (term: Expression, factor: Fraction): void => {
      coefficients.set(term, (coefficients.get(term) ?? ZERO).add(factor));
    };
    for (const { coefficient: factor, term: summand } of summands) {
      if (summand.kind === "number") {
        constant = constant.add(summand.value.mul(factor));
      } else if (summand.kind === "sum") {
        constant = constant.add(summand.constant.mul(factor));
        for (const { coefficient, term } of summand.terms) collect(term, coefficient.mul(factor));
      } else {
        const [coefficient, term] = this.splitCoefficient(summand);
        collect(term, coefficient.mul(factor));
      }
    }
    const terms: Term[] = [];
    for (const [term, coefficient] of coefficients) {
      if (!coefficient.equals(ZERO)) terms.push({ coefficient, term });
    }
    if (terms.length === 0) return this.number(constant);
    if (terms.length === 1 && constant.equals(ZERO)) {
      return this.scale(terms[0]!.coefficient, terms[0]!.term);
    }
    terms.sort((a, b) => a.term.id - b.term.id);
    const parts = terms.map(({ coefficient, term }) => `${coefficient.toFraction()}*${term.id}`);
    return this.intern(
      `+${constant.toFraction()},${parts.join(",")}`,
      { kind: "sum", constant, terms },
      terms.map(({ term }) => term),
      [],
    );
  }

  subtract(a: Expression, b: Expression): Expression {
    return this.add(a, this.negate(b));
  }

  negate(a: Expression): Expression {
    return this.multiply(this.number(-1), a);
  }

  multiply(...multiplicands: readonly Expression[]): Expression {
    let coefficient = ONE;
    const exponents = new Map<Expression, number>();
    const collect = (base: Expression, exponent: number): void => {
      const total = (exponents.get(base) ?? 0) + exponent;
      exponents.set(base, base.kind === "delta" ? Math.min(total, 1) : total);
    };
    for (const node of multiplicands) {
      if (node.kind === "number") {
        coefficient = coefficient.mul(node.value);
      } else if (node.kind === "product") {
        coefficient = coefficient.mul(node.coefficient);
        for (const factor of node.factors) collect(factor.base, factor.exponent);
      } else {
        collect(node, 1);
      }
    }
    const factors: Factor[] = [];
    for (const [base, exponent] of exponents) {
      if (exponent !== 0) factors.push({ base, exponent });
    }
    return this.product(coefficient, factors);
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
      if (base.value.equals(ZERO) && exponent < 0) throw new DivisionByZeroError();
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

  /** base^exponent for any exponent: a whole power where the exponent is a whole number. */
  power(base: Expression, exponent: Expression): Expression {
    if (exponent.kind === "number" && exponent.value.d === 1n) {
      const value = exponent.value.valueOf();
      if (Number.isSafeInteger(value)) return this.integerPower(base, value);
    }
    return this.apply(power, base, exponent);
  }

  apply(operation: Operation, ...args: readonly Expression[]): Expression {
    if (operation.exact && args.every((arg) => arg.kind === "number")) {
      const value = operation.exact(...args.map((arg) => (arg as { value: Fraction }).value));
      if (value !== undefined) return this.number(value);
    }
    const key = `a${operation.name}(${args.map((arg) => arg.id).join(",")})`;
    return this.intern(key, { kind: "apply", operation }, args, []);
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
      return this.contract(letter, body, this.one) ?? this.bind("sum", letter, body);
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
        result = this.contract(letter, base, rest);
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
   */
  transform(root: Expression, replace: (node: Expression) => Expression | undefined): Expression {
    return transform(this, root, replace);
  }

  // ————— interning —————

  scale(coefficient: Fraction, node: Expression): Expression {
    return coefficient.equals(ONE) ? node : this.multiply(this.number(coefficient), node);
  }

  /** A number in front and the rest: −2·a·b is −2 and a·b. */
  splitCoefficient(node: Expression): [Fraction, Expression] {
    if (node.kind !== "product" || node.coefficient.equals(ONE)) return [ONE, node];
    return [node.coefficient, this.product(ONE, node.factors)];
  }

  /** Factors must be distinct and not products or numbers. */
  private product(coefficient: Fraction, factors: readonly Factor[]): Expression {
    if (coefficient.equals(ZERO) || factors.length === 0) return this.number(coefficient);
    const [first] = factors;
    if (factors.length === 1 && first!.exponent === 1 && coefficient.equals(ONE)) {
      return first!.base;
    }
    const sorted = [...factors].sort((a, b) => a.base.id - b.base.id);
    const parts = sorted.map(({ base, exponent }) => `${base.id}^${exponent}`);
    return this.intern(
      `*${coefficient.toFraction()},${parts.join(",")}`,
      { kind: "product", coefficient, factors: sorted },
      sorted.map(({ base }) => base),
      [],
    );
  }

  /** Σ_letter δ·rest where the delta fixes the letter to an index that is surely in its range. */
  private contract(letter: Letter, delta: DeltaNode, rest: Expression): Expression | undefined {
    for (const [position, index] of delta.indices.entries()) {
      const other = delta.indices[1 - position]!;
      if (index.plain?.key !== letter.key || other.letters.some(({ key }) => key === letter.key)) {
        continue;
      }
      const offset = other.offset;
      const inRange =
        other.plain?.size.equals(letter.size) ??
        (other.terms.length === 0 &&
          offset.nonNegative === true &&
          letter.size.minus(offset).minus(Size.one).nonNegative === true);
      if (inRange) return this.substitute(rest, new Map([[letter.key, other]]));
    }
    return undefined;
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
    return this.intern(
      `R${reduction} ${canonical.key} ${renamed.id}`,
      { kind: "reduce", reduction, letter: canonical, body: renamed },
      [renamed],
      [],
    );
  }

  private intern(
    key: string,
    draft: Draft,
    children: readonly Expression[],
    indices: readonly Index[],
  ): Expression {
    const known = this.nodes.get(key);
    if (known) return known;
    const free = new Map<string, Letter>();
    let height = 0;
    for (const child of children) {
      for (const letter of child.free) free.set(letter.key, letter);
      height = Math.max(height, child.height);
    }
    for (const index of indices) for (const letter of index.letters) free.set(letter.key, letter);
    if (draft.kind === "reduce") {
      free.delete(draft.letter.key);
      height = Math.max(height + 1, Number(draft.letter.name.slice(1)));
    }
    const node = {
      ...draft,
      id: this.nodes.size,
      free: [...free.values()].sort((a, b) => (a.key < b.key ? -1 : 1)),
      height,
      children,
    } as Expression;
    this.nodes.set(key, node);
    return node;
  }
}
