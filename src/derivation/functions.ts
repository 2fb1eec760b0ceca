/** What functions are, σ(u) = 1/(1 + e⁻ᵘ), with letters that nothing in the model is called. */
import type { Equation, Operation } from "../expression/operations/operation.js";
import { sigmoid } from "../expression/operations/smooth.js";
import { PerGraph } from "../expression/per-graph.js";
import { formula, said, type Sentence, type SentencePiece } from "../language/sentence.js";
import type { RouteModel } from "../forms/route.js";

/** What a function is called, and what it is; undefined where everybody knows. */
export function functionSentence(model: RouteModel, operation: Operation): Sentence | undefined {
  const { meaning } = operation;
  if (!meaning) return undefined;
  const equation = equationOf(model, operation, meaning.equation);
  return meaning.words === undefined ? said`${equation}.` : said`${equation} ${meaning.words}.`;
}

/** Why a quotient of exponentials is written as a σ. */
export function logisticSentence(model: RouteModel): Sentence {
  const equation = equationOf(model, sigmoid, sigmoid.meaning?.otherwise, { isTurned: true });
  return said`The quotient is a sigmoid: ${equation}.`;
}

function equationOf(
  model: RouteModel,
  operation: Operation,
  equation: Equation | undefined,
  { isTurned = false } = {},
): SentencePiece {
  const { letters: wanted, operands = wanted.length } = operation.meaning!;
  const letters = freeLetters(model, wanted);
  return formula({ kind: "function", operation, equation, letters, operands, isTurned });
}

const CHOICES = ["u", "v", "s", "r", "p", "z", "x"];

/** The letters wanted, with others in place of those that the model has; each once. */
function freeLetters(model: RouteModel, wanted: readonly string[]): readonly string[] {
  const taken = lettersOf(model);
  const found: string[] = [];
  for (const letter of wanted) {
    const isFree = (one: string): boolean =>
      !taken.has(one) && !found.includes(one) && (one === letter || !wanted.includes(one));
    found.push([letter, ...CHOICES].find(isFree) ?? letter);
  }
  return found;
}

const letters = new PerGraph(() => new Map<RouteModel, ReadonlySet<string>>());

/** What names and symbols are written with, small as in the entries of a matrix. */
function lettersOf(model: RouteModel): ReadonlySet<string> {
  const known = letters.of(model.graph);
  let found = known.get(model);
  if (!found) {
    const auxiliaries = model.definitions.map(({ quantity }) => quantity.name);
    const written = [...model.scope].flatMap(([name, { quantity }]) =>
      quantity?.symbol === undefined ? [name] : [name, quantity.symbol],
    );
    const own = [...written, ...auxiliaries].flatMap(
      (text) => text.match(/(?<![A-Za-z\\])[A-Za-z](?![A-Za-z])/g) ?? [],
    );
    known.set(model, (found = new Set(own.map((letter) => letter.toLowerCase()))));
  }
  return found;
}
