/** Where the sizes below the line of a derivative come from. */
import type { Fraction } from "fraction.js";
import type { Expression, ProductNode } from "../expression/expression.js";
import type { Quantity } from "../expression/quantity.js";
import { ONE, times } from "../expression/rational.js";
import { Size } from "../expression/size.js";
import { postorder, references } from "../expression/walk.js";
import type { Route } from "../forms/route.js";
import { formula, said, type Sentence, type SentencePiece } from "../language/sentence.js";

/**
 * Where 1/N in a derivative comes from: a mean over N, or what a definition divides by.
 * @param users what is differentiated
 * @param of by what
 */
export function meanSentences(
  route: Route,
  users: readonly Quantity[],
  of: Quantity,
  derivative: Expression,
): Sentence[] {
  const own = productsIn(derivative);
  const sizes = distinctSizes(own.flatMap(divisorsOf));
  const definitions = route.definitionsOf(users);
  return sizes.flatMap((size) => {
    const isDivided = (one: Product): boolean =>
      divisorsOf(one).some((divisor) => divisor.equals(size));
    const kept = new Set(own.filter(isDivided).map(({ coefficient }) => coefficient.d));
    for (const { quantity, clauses } of definitions) {
      const divided = clauses
        .flatMap(({ body }) => productsIn(body))
        .filter((one) => isDivided(one) && holds(one, of));
      // the 2 of 1/(2N) that is gone was 2 in the derivative of a square
      const shortened = divided.find(({ coefficient: { d } }) => d > 1n && !kept.has(d));
      if (shortened) {
        const below = size.times(Size.of(Number(shortened.coefficient.d)));
        const whole = formula(1, "/", "(", below, ")");
        const gone = shortened.coefficient.d.toString();
        return [
          said`${shareOf(size)} comes from ${whole} in the definition of ${quantity}, whose ${gone} cancels.`,
        ];
      }
      const mean = divided.find((one) => isMeanOver(one, size));
      if (mean) return [said`${shareOf(size)} comes from the mean over ${meant(mean, size)}.`];
    }
    return [];
  });
}

/** `the N entries of C`, where each term of the sum is one; else their number. */
function meant({ factors }: Product, size: Size): Sentence {
  const terms = factors.flatMap(({ base }) => (base.kind === "reduce" ? [base.body] : []));
  const [term, ...others] = terms;
  const isEntry = others.length === 0 && term?.kind === "reference";
  const isAlong = isEntry && term.quantity.shape.filter((one) => !one.isOne).length === 1;
  return isAlong ? said`the ${size} entries of ${term.quantity}` : said`${size}`;
}

function shareOf(size: Size): SentencePiece {
  return size.terms.length > 1 ? formula(1, "/", "(", size, ")") : formula(1, "/", size);
}

/** A product with the number in front of it, which stands in the sum where it is a term of one. */
interface Product {
  readonly coefficient: Fraction;
  readonly factors: ProductNode["factors"];
}

function productsIn(root: Expression): Product[] {
  const nodes = postorder([root], (one: Expression) => one.children);
  const terms = nodes.flatMap((node) => (node.kind === "sum" ? node.terms : []));
  const inSums = new Set(terms.map(({ term }) => term));
  const withNumber = (coefficient: Fraction, node: Expression): Product[] =>
    node.kind === "product"
      ? [{ coefficient: times(coefficient, node.coefficient), factors: node.factors }]
      : [];
  return [
    ...nodes.flatMap((node) => (inSums.has(node) ? [] : withNumber(ONE, node))),
    ...terms.flatMap(({ coefficient, term }) => withNumber(coefficient, term)),
  ];
}

function holds({ factors }: Product, of: Quantity): boolean {
  return references(factors.map(({ base }) => base)).some(({ quantity }) => quantity === of);
}

/** The sizes that a product is divided by. */
function divisorsOf({ factors }: Product): Size[] {
  return factors.flatMap(({ base, exponent }) =>
    base.kind === "size" && exponent === -1 ? [base.size] : [],
  );
}

function distinctSizes(sizes: readonly Size[]): Size[] {
  return sizes.filter((one, place) => sizes.findIndex((other) => other.equals(one)) === place);
}

/**
 * Whether a product that is divided by a size is a sum over so many terms; not where the divisor may be that
 * of a mean over more, as in 1/(2N) ΣΣ over N rows and 2 columns.
 */
function isMeanOver({ coefficient, factors }: Product, size: Size): boolean {
  return factors.some(({ base }) => {
    const lengths = summedLengths(base);
    const isOver = lengths.some((one) => one.equals(size));
    const others = lengths.flatMap(({ constant }) =>
      constant !== undefined && constant > 1 ? [constant] : [],
    );
    return isOver && !others.some((one) => coefficient.d % BigInt(one) === 0n);
  });
}

/** The lengths of the sums that an expression is, from the outside. */
function summedLengths(node: Expression): readonly Size[] {
  if (node.kind !== "reduce" || node.reduction !== "sum") return [];
  return [node.letter.size, ...summedLengths(node.body)];
}
