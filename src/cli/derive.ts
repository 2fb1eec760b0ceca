import type { Command } from "commander";
import type { Form } from "../derivation/derive.js";
import type { Model } from "../language/model.js";
import { InputError } from "../language/source.js";
import type { Derivation } from "../render/derivation.js";
import type * as documents from "../render/documents.js";
import { Inputs } from "./input.js";
import { deliver, jsonPieces, type Streams } from "./output.js";
import { givenPoint, inModel } from "./point.js";
import {
  addCommonOptions,
  type CommonOptions,
  once,
  oneOf,
  severalOf,
  UsageError,
} from "./usage.js";

const FORMS: readonly Form[] = ["paths", "scalar", "index", "matrix", "jacobian"];
const FORMATS = ["html", "latex", "markdown", "ipynb", "json"] as const;
const LAYERS = ["superscript", "subscript"] as const;
const INDEX_BASES = ["0", "1"] as const;

interface DeriveOptions extends CommonOptions {
  readonly wrt?: readonly string[];
  readonly form?: readonly Form[];
  readonly format: (typeof FORMATS)[number];
  readonly indexBase?: (typeof INDEX_BASES)[number];
  readonly layers?: (typeof LAYERS)[number];
  readonly output?: string;
}

export function addDerive(program: Command, streams: Streams): void {
  addCommonOptions(program.command("derive"))
    .description("the derivation of the loss's gradient, step by step")
    .option(
      "--wrt <name>",
      "NAME or NAME[i,j], indexed from 1; may be repeated (default: all parameters)",
      (text, earlier: readonly string[] | undefined) => [...(earlier ?? []), text],
    )
    .option("--form <forms>", `some of ${FORMS.join(",")} (default: all)`, severalOf(FORMS))
    .option("--format <format>", FORMATS.join(" | "), oneOf(FORMATS), "html")
    .option("--index-base <number>", "the first index in what is printed", oneOf(INDEX_BASES))
    .option("--layers <position>", LAYERS.join(" | "), oneOf(LAYERS))
    .option("-o, --output <file>", "file to write instead of stdout", once)
    .action((path: string, options: DeriveOptions) => runDerive(path, options, streams));
}

type Documents = typeof documents;
type Writer = (render: Documents, model: Model, derivations: readonly Derivation[]) => string;

/** The formats of this version. */
const WRITERS: Readonly<Partial<Record<DeriveOptions["format"], Writer>>> = {
  latex: (render, model, derivations) => render.latexDocument(model, derivations),
  markdown: (render, model, derivations) => render.markdownDocument(model, derivations),
  json: (render, model, derivations) =>
    [...jsonPieces(render.jsonDocument(model, derivations)), "\n"].join(""),
};

async function runDerive(path: string, options: DeriveOptions, streams: Streams): Promise<void> {
  const { form: forms, format, indexBase, layers, seed } = options;
  const write = WRITERS[format];
  if (!write) {
    throw new UsageError(
      `the format ${format} is not available in this version`,
      "write --format markdown, --format latex or --format json",
    );
  }
  const { deriveAll } = await import("../render/derivation.js");
  const render = await import("../render/documents.js");
  const inputs = new Inputs(streams.stdin);
  const model = await inputs.model(path, options.loss);
  const wrt = await readWrt(model, options.wrt);
  const at = await givenPoint(model, options, inputs);
  const settings = {
    wrt,
    forms,
    seed,
    notation: {
      ...(indexBase === undefined ? {} : ({ indexBase: indexBase === "0" ? 0 : 1 } as const)),
      ...(layers === undefined ? {} : { layers }),
    },
  };
  const derivations = at
    ? at.use((point) => deriveAll(model, { ...settings, at: point }))
    : inModel(model, () => deriveAll(model, settings));
  await deliver(streams, options.output, write(render, model, derivations));
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
    if (model.parameters.length > 0) return model.parameters.map(({ name }) => name);
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
