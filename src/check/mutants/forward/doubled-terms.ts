/** A term of the loss that other quantities have, taken for one more: the target drawn as a negative, too. */
import type { Definition } from "../../../expression/definition.js";
import type { Expression } from "../../../expression/expression.js";
import type { Graph } from "../../../expression/graph.js";
import { Index, type Letter } from "../../../expression/indices.js";
import type { Quantity } from "../../../expression/quantity.js";
import { sameShape, type Size } from "../../../expression/size.js";
import { references } from "../../../expression/walk.js";
import type { Backward } from "../../pass/backward.js";
import { modelText } from "../../explanations/words.js";
import { forwardFault } from "../forward-fault.js";
import type { Mutant } from "../mutant.js";
import type { Kind } from "../family.js";

/** f(u) + Σ_k g(v[k]) + g(u) for f(u) + Σ_k g(v[k]), u being one of what v has several of. */
export const DOUBLED_TERMS: Kind<Definition> = {
  least: 2.25,
  make: ({ backward }, definition) => doubledTerms(backward, definition),
};

export function* doubledTerms(
  backward: Backward,
  { quantity, clauses }: Definition,
): Generator<Mutant> {
  const { graph } = backward;
  const [clause, ...more] = clauses;
  if (clause?.body.kind !== "sum" || more.length > 0) return;
  const used = new Set(references([clause.body]).map((one) => one.quantity));
  for (const { coefficient, term } of clause.body.terms) {
    for (const one of used) {
      const another = termOf(graph, term, one);
      if (!another) continue;
      const extra = graph.scale(coefficient, another);
      const body = graph.add(clause.body, extra);
      yield {
        fault: forwardFault(quantity, "extra-term", () => {
          const text = modelText(extra);
          return {
            term: text,
            what: `${text} too much: ${one.name} is counted among ${modelText(term)}`,
          };
        }),
        cost: 2.25,
        change: () => backward.redefinition({ quantity, clauses: [{ ...clause, body }] }),
      };
    }
  }
}

/** What a sum adds up, of a quantity that has one axis less than what it is added up of. */
function termOf(graph: Graph, term: Expression, one: Quantity): Expression | undefined {
  const sums: Letter[] = [];
  let inner = term;
  for (; inner.kind === "reduce" && inner.reduction === "sum"; inner = inner.body) {
    sums.push(inner.letter);
  }
  const [several, ...others] = references([inner]);
  if (!several || others.length > 0 || several.indices.some(({ plain }) => !plain))
    return undefined;
  const isLong = (size: Size): boolean => !size.isOne;
  const isSummed = (index: Index): boolean => sums.some(({ key }) => key === index.plain?.key);
  // an axis of the definition itself is none along which there are several
  const axis = several.quantity.shape.findIndex(
    (size, k) =>
      isLong(size) &&
      isSummed(several.indices[k]!) &&
      sameShape(several.quantity.shape.toSpliced(k, 1).filter(isLong), one.shape.filter(isLong)),
  );
  const over = several.indices[axis]?.plain;
  if (!over || several.quantity === one || one.role !== "definition") return undefined;
  const along = several.indices.filter((_, k) => k !== axis && isLong(several.quantity.shape[k]!));
  const indices = one.shape.map((size) => (isLong(size) && along.shift()) || Index.number(0));
  const entry = graph.reference(one, indices);
  const single = graph.transform(inner, (node) => (node === several ? entry : undefined));
  return graph.sumOver(
    sums.filter(({ key }) => key !== over.key),
    single,
  );
}
