/** Penalties that spare some entries, such as a column of biases: other entries spared, or ones in their place. */
import type { Expression } from "../../../expression/expression.js";
import { Index, type Letter } from "../../../expression/indices.js";
import type { SizeValues } from "../../../expression/size.js";
import { references } from "../../../expression/walk.js";
import type { Backward, Edge } from "../../pass/backward.js";
import { adjointName, modelText } from "../../explanations/words.js";
import { faultAt, type Mutant } from "../mutant.js";
import type { Kind } from "../family.js";

/** More entries than this are not spared on purpose. */
const MOST_SPARED = 2;

/** An axis along which a term runs over all entries but a few at its ends. */
interface Spared {
  readonly axis: number;
  readonly along: Letter;
  /** The first entry that has the term, from 0. */
  readonly from: number;
  /** Positions from 0 that have no such term. */
  readonly positions: readonly number[];
}

export const SPARED_MUTANTS: Kind<Edge> = {
  least: 2.05,
  make: ({ backward, sizes }, edge) => sparedMutants(backward, edge, sizes),
};

function* sparedMutants(backward: Backward, edge: Edge, sizes: SizeValues): Generator<Mutant> {
  const { graph } = backward;
  const { clause, to } = edge;
  const own = graph.reference(to, clause.indices);
  const power = powerOf(clause.body, own);
  if (power === 0) return;
  const ones = graph.divide(clause.body, graph.integerPower(own, power));
  for (const spared of sparedAlong(edge, sizes)) {
    const at = (position: number, body = clause.body): Edge =>
      entry(backward, edge, spared, position, body);
    yield {
      fault: faultAt(to, "extra-term", () => {
        const term = modelText(ones);
        return {
          term,
          what: `the right gradient with ${term} added to the entries that the penalty spares: there ${to.name} was set to 1; set it to 0`,
        };
      }),
      cost: 2.05,
      change: () => ({ removed: new Set(), added: spared.positions.map((one) => at(one, ones)) }),
    };
    const count = spared.along.size.evaluate(sizes);
    for (const instead of [spared.from, spared.from + count - 1]) {
      yield {
        fault: faultAt(to, "extra-term", () => {
          const [extra, missing] = [spared.positions[0]!, instead].map((position) =>
            modelText(at(position).clause.body),
          );
          return {
            term: extra!,
            what: `computed with another entry spared by the penalty: ${adjointName(to)} has ${extra!} where it must not, and lacks ${missing!}`,
          };
        }),
        cost: 2.05,
        change: () => ({
          removed: new Set(),
          added: [
            ...spared.positions.map((one) => at(one)),
            at(instead, graph.negate(clause.body)),
          ],
        }),
      };
    }
  }
}

/** The power of a quantity in a term that has no other arrays in it; 0 where it is no such term. */
function powerOf(body: Expression, own: Expression): number {
  const arrays = references([body]).filter(({ indices }) => indices.length > 0);
  if (arrays.length !== 1 || arrays[0] !== own) return 0;
  if (body === own) return 1;
  const factors = body.kind === "product" ? body.factors : [];
  return factors.find(({ base }) => base === own)?.exponent ?? 0;
}

function sparedAlong({ clause, to }: Edge, sizes: SizeValues): Spared[] {
  return clause.indices.flatMap((index, axis): Spared[] => {
    const [term] = index.terms;
    if (index.terms.length !== 1 || !term!.coefficient.isOne) return [];
    const from = index.offset.evaluate(sizes);
    const end = from + term!.letter.size.evaluate(sizes);
    const length = to.shape[axis]!.evaluate(sizes);
    const all = [...Array(length).keys()];
    const positions = all.filter((position) => position < from || position >= end);
    if (positions.length === 0 || positions.length > MOST_SPARED) return [];
    return [{ axis, along: term!.letter, from, positions }];
  });
}

/** The term at one position of the axis. */
function entry(
  { graph }: Backward,
  edge: Edge,
  { axis, along, from }: Spared,
  position: number,
  body: Expression,
): Edge {
  const at = new Map([[along.key, Index.number(position - from)]]);
  const { clause } = edge;
  return {
    ...edge,
    clause: {
      letters: clause.letters.filter((one) => one !== along),
      indices: clause.indices.with(axis, Index.number(position)),
      body: graph.substitute(body, at),
    },
  };
}
