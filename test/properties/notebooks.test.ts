/** The code of notebooks of random models agrees with the engine. */
import { spawnSync } from "node:child_process";
import { beforeAll, expect, it } from "vitest";
import { parseModel } from "../../src/language/model.js";
import { randomPoint } from "../../src/numeric/random.js";
import { deriveAll } from "../../src/render/derivation.js";
import { notebookDocument } from "../../src/render/notebook/notebook.js";
import { codeOf } from "../support/notebook.js";
import { INSTALL_TIMEOUT } from "../support/debian.js";
import { pythonWithNumpy } from "../support/python.js";
import { randomModel } from "./grammar.js";

const COUNT = 60;

/** Runs each text in a namespace of its own, and says where the first error was. */
const RUNNER = `
import json, sys, traceback
for number, code in enumerate(json.load(sys.stdin)):
    try:
        exec(code, {})
    except Exception:
        print(number, traceback.format_exc(), code, sep="\\n")
        break
`;

let python = "";

beforeAll(() => {
  python = pythonWithNumpy();
}, INSTALL_TIMEOUT + 60_000);

it("random models: NumPy = the engine", { timeout: 300_000 }, () => {
  const models = Array.from({ length: COUNT }, (_, seed) =>
    randomModel(900 + seed, 2 + (seed % 5)),
  );
  const codes = models.map(({ text, sizes }, seed) => {
    const model = parseModel(text);
    const at = randomPoint(model, { seed, sizes });
    return codeOf(notebookDocument(model, deriveAll(model, { at, forms: ["matrix"] }), at));
  });
  const { status, stdout, stderr } = spawnSync(
    python,
    ["-W", "error::SyntaxWarning", "-c", RUNNER],
    {
      input: JSON.stringify(codes),
      encoding: "utf8",
      timeout: 240_000,
    },
  );
  const failed = stdout === "" ? undefined : models[Number.parseInt(stdout, 10)];
  expect([status, failed?.text, stdout], stderr).toEqual([0, undefined, ""]);
});
