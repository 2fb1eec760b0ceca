import type { Verification } from "../check/verify/verify.js";
import type { Form } from "../derivation/derive.js";
import type { AdjointNames } from "../derivation/layers.js";
import type { Model } from "../language/model.js";
import type { Point } from "../language/point.js";
import { InputError } from "../language/source.js";
import { DEFAULT_STEP } from "../numeric/step.js";
import type { Derivation } from "../render/derivation.js";
import type { Passages } from "../render/document/passage.js";
import type { LayerScript, NotationOptions } from "../render/notation/notation.js";
import { command } from "./command.js";
import { Inputs } from "./input.js";
import {
  asItIs,
  COMMON_OPTIONS,
  list,
  oneOf,
  type Options,
  OUTPUT,
  positive,
  severalOf,
  value,
  valueOr,
  type Values,
} from "./options.js";
import { deliver, jsonPieces, type Streams } from "./output.js";
import { givenPoint, inModel, savePointOf } from "./point.js";
import { Progress } from "./progress.js";
import { type Status, UsageError } from "./usage.js";

const FORMS: readonly Form[] = ["paths", "scalar", "index", "matrix", "jacobian"];
const FORMATS = ["html", "latex", "markdown", "ipynb", "json"] as const;
const LAYERS: readonly LayerScript[] = ["superscript", "subscript", "square"];
const ADJOINTS: readonly AdjointNames[] = ["delta", "derivative"];
const INDEX_BASES = ["0", "1"] as const;

const OPTIONS = {
  ...COMMON_OPTIONS,
  wrt: list("name", "NAME or NAME[i,j], indexed from 1; may be repeated (default: all parameters)"),
  form: value(
    "forms",
    `some of ${FORMS.join(",")}, in the order in which they are to stand (default: all)`,
    severalOf(FORMS),
  ),
  format: valueOr("format", FORMATS.join(" | "), oneOf(FORMATS), "html"),
  indexBase: value("number", "the first index in what is printed", oneOf(INDEX_BASES)),
  layers: value("position", LAYERS.join(" | "), oneOf(LAYERS)),
  adjoints: value(
    "name",
    `${ADJOINTS.join(" | ")}: δ, or ∂L/∂z as for all others`,
    oneOf(ADJOINTS),
  ),
  rate: value(
    "number",
    "the rate of the gradient step (default: one that lowers the loss)",
    positive,
  ),
  rateName: value("name", "what the rate is called, such as eta (default: mu)", asItIs),
  output: OUTPUT,
} satisfies Options;

type DeriveOptions = Values<typeof OPTIONS>;

export const derive = command(
  "derive",
  "the derivation of the loss's gradient, step by step",
  OPTIONS,
  runDerive,
);

/** What a document is made of. */
interface Material {
  readonly model: Model;
  /** What the derivations are by. */
  readonly wrt: readonly string[];
  /** Their forms, in order, where they were asked for. */
  readonly forms: readonly Form[] | undefined;
  readonly derivations: readonly Derivation[];
  readonly at: Point | undefined;
  readonly notation: NotationOptions;
  /** Of the gradient step. */
  readonly rate: number | undefined;
  /** Told before each piece of work what it is. */
  readonly onStage: (what: string) => void;
}

type Writer = (material: Material) => Promise<string>;

async function passagesOf(material: Material): Promise<Passages> {
  const { model, wrt, forms, at, notation, rate } = material;
  const { passages } = await import("../render/document/passage.js");
  const verification = await verificationOf(material);
  return passages(model, { wrt, forms, at, notation, rate, verification });
}

async function verificationOf({ model, at, onStage }: Material): Promise<Verification | undefined> {
  if (!at) return undefined;
  const { verify } = await import("../check/verify/verify.js");
  return verify(model, at, { step: DEFAULT_STEP, onStage });
}

/** What each format is loaded from and made by. */
const WRITERS: Readonly<Record<DeriveOptions["format"], Writer>> = {
  html: async (material) => {
    const { model, wrt, forms, derivations, at: point, notation, rate } = material;
    const { htmlDocument } = await import("../render/page/page.js");
    const { passages: around } = await import("../render/document/passage.js");
    const verification = await verificationOf(material);
    const passages = around(model, { wrt, forms, at: point, notation, rate });
    return htmlDocument(model, derivations, { point, notation, passages, verification });
  },
  latex: async (material) => {
    const { latexDocument } = await import("../render/document/documents.js");
    return latexDocument(material.model, material.derivations, await passagesOf(material));
  },
  markdown: async (material) => {
    const { markdownDocument } = await import("../render/document/documents.js");
    return markdownDocument(material.model, material.derivations, await passagesOf(material));
  },
  ipynb: async (material) => {
    const { model, derivations, at } = material;
    const { notebookDocument } = await import("../render/notebook/notebook.js");
    const notebook = notebookDocument(model, derivations, at, await passagesOf(material));
    return `${JSON.stringify(notebook, null, 1)}\n`;
  },
  json: async ({ model, derivations }) => {
    const { jsonDocument } = await import("../render/document/documents.js");
    return [...jsonPieces(jsonDocument(model, derivations)), "\n"].join("");
  },
};

async function runDerive(path: string, options: DeriveOptions, streams: Streams): Promise<Status> {
  const { form: forms, format, indexBase, layers, adjoints, rate, seed } = options;
  const { deriveAll } = await import("../render/derivation.js");
  const inputs = new Inputs(streams);
  const model = await inputs.model(path, options.loss);
  const wrt = await readWrt(model, options.wrt);
  const at = await givenPoint(model, options, inputs);
  await savePointOf(model, options, at);
  const notation: NotationOptions = {
    ...(indexBase === undefined ? {} : { indexBase: indexBase === "0" ? 0 : 1 }),
    ...(layers === undefined ? {} : { layers }),
    ...(adjoints === undefined ? {} : { adjoints }),
    ...(await readRate(model, options)),
  };
  const { stage } = new Progress(streams);
  const settings = { wrt, forms, seed, notation, onStage: stage };
  const derivations = at
    ? at.use((point) => deriveAll(model, { ...settings, at: point }))
    : inModel(model, () => deriveAll(model, settings));
  const made = { model, wrt, forms, derivations, at: at?.point };
  const material: Material = { ...made, notation, rate, onStage: stage };
  stage(`writing ${format}`);
  await deliver(streams, options.output, await WRITERS[format](material));
  return 0;
}

/**
 * The name of the rate.
 * @throws UsageError for a name that is taken, and for what is of the gradient step where no step is
 * taken or printed
 */
async function readRate(
  model: Model,
  { rate, rateName: asked, at, format }: DeriveOptions,
): Promise<Pick<NotationOptions, "rate">> {
  for (const [flag, given] of [
    ["--rate", rate],
    ["--rate-name", asked],
  ] as const) {
    if (given === undefined) continue;
    if (at === undefined) {
      throw new UsageError(
        `${flag} is of the gradient step, which needs a point`,
        "add --at POINT",
      );
    }
    if (format === "json") {
      throw new UsageError(`${flag} is of the gradient step, which JSON does not have`);
    }
  }
  if (asked === undefined) return {};
  const { rateName } = await import("../derivation/rate.js");
  try {
    return { rate: rateName(model, asked) };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new UsageError(`--rate-name ${asked}: ${error.message}`, error.hint);
  }
}

/**
 * The values of `--wrt`, each once; without any, all parameters.
 * @throws UsageError for what the model does not have before its loss.
 */
async function readWrt(
  model: Model,
  asked: readonly string[] | undefined,
): Promise<readonly string[]> {
  if (asked === undefined) {
    if (model.params.length > 0) return model.params.map(({ name }) => name);
    throw new UsageError(
      "the model has no parameters, so nothing is derived",
      "declare one with NAME = param(…), or name a quantity with --wrt NAME",
    );
  }
  const { parseTarget } = await import("../derivation/target.js");
  for (const one of asked) {
    try {
      parseTarget(model, one);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      const named = error.message.startsWith(one) ? error.message : `${one}: ${error.message}`;
      throw new UsageError(`--wrt ${named}`, error.hint);
    }
  }
  return [...new Set(asked)];
}
