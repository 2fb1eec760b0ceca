/** Where the sizes below the line of a derivative come from. */
import type { Expression, ProductNode } from "../expression/expression.js";
import type { Quantity } from "../expression/quantity.js";
import { Size } from "../expression/size.js";
import { postorder } from "../expression/walk.js";
import type { Route } from "../forms/route.js";
import { formula, said, type Sentence } from "../language/sentence.js";

/**
 * Where 1/N in a derivative comes from: a mean over N, or what a definition divides by.
 * @param users what is differentiated
 */
export function meanSentences(
  route: Route,
  users: readonly Quantity[],
  derivative: Expression,
): Sentence[] {
  const sizes = distinctSizes(productsIn(derivative).flatMap(divisorsOf));
  const definitions = route.definitionsOf(users);
  return sizes.flatMap((size) => {
    const share = size.terms.length > 1 ? formula(1, "/", "(", size, ")") : formula(1, "/", size);
    for (const { quantity, clauses } of definitions) {
      const products = clauses.flatMap(({ body }) => productsIn(body));
      const divided = products.filter((one) => divisorsOf(one).some((own) => own.equals(size)));
      if (divided.some((one) => isMeanOver(one, size)))
        return [said`${share} comes from the mean over ${size}.`];
      const [first] = divided.filter((one) => one.coefficient.d > 1n);
      if (first) {
        const below = formula(1, "/", "(", size.times(Size.of(Number(first.coefficient.d))), ")");
        return [said`${share} comes from ${below} in the definition of ${quantity}.`];
      }
    }
    return [];
  });
}

function productsIn(root: Expression): ProductNode[] {
  return [...postorder([root], (one: Expression) => one.children)].filter(
    (node) => node.kind === "product",
  );
}

/** The sizes that a product is divided by. */
function divisorsOf({ factors }: ProductNode): Size[] {
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
function isMeanOver({ coefficient, factors }: ProductNode, size: Size): boolean {
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
