/** Exported modules, imported and run: they agree with the library and with the matrix backprop. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { backprop, compile, parseModel, type Point } from "../../src/index.js";
import { chainrule, useFolder } from "./support.js";

interface Exported {
  readonly parameters: readonly { name: string; shape: number[] }[];
  readonly inputs: readonly { name: string; shape: number[] }[];
  readonly parameterCount: number;
  readonly bind: (given: Point) => (theta: Float64Array, out: Float64Array) => number;
  readonly gradient: (point: Point) => { loss: number; gradients: Record<string, unknown> };
}

const { file } = useFolder();
const examples = fileURLToPath(new URL("../../examples", import.meta.url));
const models = readdirSync(examples).filter(
  (name) => name.endsWith(".model") && name !== "wrong.model",
);

let count = 0;

/** Exports a model at a point, which is returned with the module. */
async function exported(path: string, at: readonly string[] = []) {
  const name = `module${count++}.mjs`;
  const save = ["--save-point", `${name}.json`];
  const { status, stderr } = await chainrule([
    "export",
    path,
    "--to",
    "js",
    "-o",
    name,
    ...at,
    ...save,
  ]);
  expect({ status, stderr: stderr.replace(/^chainrule: no --at.*\n/, "") }).toEqual({
    status: 0,
    stderr: "",
  });
  const text = readFileSync(name, "utf8");
  const module = (await import(/* @vite-ignore */ pathToFileURL(name).href)) as Exported;
  return { module, text, pointFile: `${name}.json` };
}

describe.each(models)("%s", (name) => {
  it("gives what the library and the backprop give", async () => {
    const path = `${examples}/${name}`;
    const given = path.replace(/\.model$/, ".point.json");
    const text = readFileSync(path, "utf8");
    const model = parseModel(text);
    // a point fixes the sizes; the random one is what grad writes
    const at = existsSync(given) ? given : "random.json";
    if (at !== given) await chainrule(["grad", path, "--save-point", at]);
    const point = JSON.parse(readFileSync(at, "utf8")) as Point;
    const { module } = await exported(path, ["--at", at]);
    const found = module.gradient(point);
    const expected = compile(model).evaluate(point);
    const oracle = backprop(model, point);
    expect(Math.abs(found.loss - expected.loss)).toBeLessThan(1e-12 * Math.abs(expected.loss));
    for (const [parameter, gradient] of Object.entries(found.gradients)) {
      const flat = [gradient].flat(2) as number[];
      const [mine, theirs] = [expected.gradients, oracle.gradients].map(
        (all) => [all[parameter]].flat(2) as number[],
      );
      expect(flat.length).toBe(mine!.length);
      const scale = Math.max(1e-9, ...mine!.map(Math.abs));
      for (const [k, value] of flat.entries()) {
        expect(Math.abs(value - mine![k]!) / scale).toBeLessThan(1e-12);
        expect(Math.abs(value - theirs![k]!) / scale).toBeLessThan(1e-10);
      }
    }
    expect(Object.keys(found.gradients)).toEqual(model.params.map((one) => one.name));
  });
});

describe("a module", () => {
  const TEXT = "x = input(2)\nw = param(2, 2)\nb = param()\nL = sum(gelu(w * x)) + b^2\n";

  it("says in which order the parameters stand", async () => {
    const { text, module } = await exported(file("a.model", TEXT));
    expect(text).toContain("w (2×2): 0 to 3");
    expect(text).toContain("b: 4 to 4");
    expect(module.parameters).toEqual([
      { name: "w", shape: [2, 2] },
      { name: "b", shape: [] },
    ]);
    expect(module.parameterCount).toBe(5);
  });

  it("keeps what is bound apart", async () => {
    const { module } = await exported(file("b.model", TEXT));
    const [f, g] = [module.bind({ x: [1, 2] }), module.bind({ x: [3, -1] })];
    const theta = Float64Array.from([0.1, 0.2, 0.3, 0.4, 0.5]);
    const out = new Float64Array(5);
    const losses = [f(theta, out), g(theta, out)];
    expect([f(theta, out), g(theta, out), g(theta, out), f(theta, out)]).toEqual([
      losses[0],
      losses[1],
      losses[1],
      losses[0],
    ]);
    expect(losses[0]).not.toBe(losses[1]);
  });

  it("refuses wrong lengths", async () => {
    const { module } = await exported(file("c.model", TEXT));
    for (const x of [[1], [1, 2, 3], 4, [[1], [2]], [1, "2"], [1, NaN], undefined]) {
      expect(() => module.bind({ x } as Point), JSON.stringify(x)).toThrow("x must be 2 numbers");
    }
    const f = module.bind({ x: [1, 2] });
    expect(() => f(new Float64Array(4), new Float64Array(5))).toThrow(
      "theta and out need 5 numbers each; they have 4 and 5",
    );
  });

  it("has nothing of a model's text but names", async () => {
    const text = [
      'x = input("*/ alert(1) //")  # */ alert(2) /*',
      "__proto__ = param()  # `${alert(3)}`",
      "run = __proto__ * x",
      "bind = run + x",
      "entries = sigmoid(bind)",
    ].join("\n");
    const { text: source, module } = await exported(file("d.model", text));
    expect(source).not.toContain("alert");
    const found = module.gradient(JSON.parse('{"x": 2, "__proto__": 3}') as Point);
    expect(found.loss).toBeCloseTo(1 / (1 + Math.exp(-8)), 15);
  });

  it("needs --to, and a language that there is", async () => {
    file("e.model", TEXT);
    expect((await chainrule(["export", "e.model"])).status).toBe(2);
    expect((await chainrule(["export", "e.model", "--to", "cobol"])).stderr).toContain("js");
  });
});
