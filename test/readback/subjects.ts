/** The models whose derivations are read back, each in one of the notations. */
import { readdirSync, readFileSync } from "node:fs";
import type { Form } from "../../src/derivation/derive.js";
import { type Model, parseModel } from "../../src/language/model.js";
import type { Point } from "../../src/language/point.js";
import { randomPoint } from "../../src/numeric/random.js";
import { type Derivation, deriveAll } from "../../src/render/derivation.js";
import { type Passages, passages, StepsPassage } from "../../src/render/document/passage.js";
import { displayed } from "./forward.js";
import type { NotationOptions } from "./symbols.js";
import { ModelWorld } from "./world.js";

export interface Subject {
  readonly name: string;
  readonly text: string;
  readonly notation: NotationOptions;
}

export interface Derived {
  readonly model: Model;
  readonly at: Point;
  readonly derivations: readonly Derivation[];
  readonly around: Passages;
  /** The displayed formulas of the forward pass and of the local derivatives. */
  readonly forwardFormulas: readonly string[];
  readonly world: ModelWorld;
}

/** Of models with more parameters the first ones and the last one are derived. */
const MOST_PARAMETERS = 3;
const NOTATIONS: readonly NotationOptions[] = [
  { indexBase: 1, layers: "superscript" },
  { indexBase: 0, layers: "superscript" },
  { indexBase: 1, layers: "subscript" },
  { indexBase: 0, layers: "subscript" },
  { indexBase: 1, layers: "square" },
];
const PART_FORMS: readonly Form[] = ["paths", "scalar"];
const WHOLE_FORMS: readonly Form[] = ["index", "matrix", "jacobian"];

const OWN = new URL("models/", import.meta.url);
const EXAMPLES = new URL("../../examples/", import.meta.url);

/** The hand-written models of this folder. */
export const ownSubjects = (): Subject[] => subjectsIn(OWN);
/** The models of the examples, without the one that shows an error. */
export const exampleSubjects = (): Subject[] =>
  subjectsIn(EXAMPLES).filter(({ name }) => name !== "wrong");

function subjectsIn(folder: URL): Subject[] {
  const names = readdirSync(folder)
    .filter((name) => name.endsWith(".model"))
    .sort();
  return names.map((name, position) => ({
    name: name.replace(/\.model$/, ""),
    text: readFileSync(new URL(name, folder), "utf8"),
    notation: NOTATIONS[position % NOTATIONS.length]!,
  }));
}

/** One entry of a parameter in the forms of entries, and the whole in the others. */
export function derived(
  { text, notation }: Pick<Subject, "text" | "notation">,
  sizes?: Readonly<Record<string, number>>,
): Derived {
  const model = parseModel(text);
  const named = [...text.matchAll(/^(\w+) = size\(\)/gm)].map(([, name]) => [name!, 3] as const);
  const at = randomPoint(model, {
    seed: 3,
    sizes: { ...Object.fromEntries<number>(named), ...sizes },
  });
  const { params } = model;
  const chosen =
    params.length > MOST_PARAMETERS
      ? [...params.slice(0, MOST_PARAMETERS - 1), params.at(-1)!]
      : params;
  const wrt = chosen.map(({ name }) => name);
  const entries = wrt.map((name) => entryOf(name, at));
  const derivations = [
    ...deriveAll(model, { wrt: entries, forms: PART_FORMS, at, notation }),
    ...deriveAll(model, { wrt, forms: WHOLE_FORMS, at, notation }),
  ];
  const around = passages(model, { at, notation });
  const forwardFormulas = [...around.before, ...around.paths]
    .filter((passage) => passage instanceof StepsPassage)
    .flatMap((passage) => displayed(passage.toLatex()));
  const world = new ModelWorld(text, at, notation, forwardFormulas);
  return { model, at, derivations, around, forwardFormulas, world };
}

/** An entry off the diagonal where there is one: W[1,2], b[1]. */
function entryOf(name: string, at: Point): string {
  const lengths: number[] = [];
  for (let value: unknown = at[name]; Array.isArray(value); value = (value as unknown[])[0]) {
    lengths.push(value.length);
  }
  const indices = lengths.map((length, axis) => Math.min(length, axis + 1));
  return lengths.length === 0 ? name : `${name}[${indices.join(",")}]`;
}
