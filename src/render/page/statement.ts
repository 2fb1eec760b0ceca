/** The names in a statement of a model. */
import type { Entry } from "../../forms/paths.js";
import type { Model } from "../../language/model.js";

/** A quantity, or an entry of it, as it stands in a statement. */
interface Named {
  readonly text: string;
  readonly name: Entry;
}

const NAME = String.raw`(?<![\p{L}\p{N}_.])([\p{L}_][\p{L}\p{N}_]*)(\[[\d, ]+\])?`;

/** A statement in pieces: what it names, and what stands between. */
export function statementPieces(model: Model, text: string): (string | Named)[] {
  const pieces: (string | Named)[] = [];
  let end = 0;
  // read when it is needed: V8 puts the sets of letters together, and finds the expression again
  for (const match of text.matchAll(new RegExp(NAME, "gu"))) {
    const [whole, name, index] = match;
    const quantity = model.scope.get(name!)?.quantity;
    if (!quantity) continue;
    const numbers = index?.slice(1, -1).split(",") ?? [];
    const indices = numbers.map((number) => Number(number) - 1);
    pieces.push(text.slice(end, match.index), { text: whole, name: { quantity, indices } });
    end = match.index + whole.length;
  }
  return [...pieces, text.slice(end)];
}
