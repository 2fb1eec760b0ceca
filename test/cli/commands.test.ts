import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { chainrule, useFolder } from "./support.js";

// The commands themselves. Those that are started as a process need `npm run build` before.

const { file } = useFolder();
const examples = fileURLToPath(new URL("../../examples", import.meta.url));
const command = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
const NETWORK = `${examples}/sigmoid-2-3-2.model`;
const POINT = `${examples}/sigmoid-2-3-2.point.json`;

interface System {
  readonly loss: number;
  readonly gradients: Record<string, number[][]>;
}

const system = JSON.parse(readFileSync(`${examples}/systems/sigmoid-2-3-2.json`, "utf8")) as System;

/** Starts the built command. `closeAfter`: stdout is closed when that many bytes have come. */
function start(args: readonly string[], { stdin = "", closeAfter = Infinity } = {}) {
  const child = spawn(process.execPath, [command, ...args]);
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (chunk: Buffer) => {
    stdout += chunk.toString();
    if (stdout.length > closeAfter) child.stdout.destroy();
  });
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  child.stdin.end(stdin);
  return new Promise<{ status: number | null; stdout: string; stderr: string }>((resolve) => {
    child.on("close", (status) => resolve({ status, stdout, stderr }));
  });
}

describe("grad", () => {
  it("draws points where the labels of a cross-entropy sum to 1", async () => {
    const at = file("labels.json", "");
    const softmax = `${examples}/softmax-regression.model`;
    const { status } = await chainrule(["grad", softmax, "--save-point", at]);
    expect(status).toBe(0);
    const { T } = JSON.parse(readFileSync(at, "utf8")) as { T: number[][] };
    for (const [column] of T[0]!.entries()) {
      const total = T.reduce((sum, row) => sum + row[column]!, 0);
      expect(total).toBeCloseTo(1, 12);
    }
  });

  it("prints loss, values and gradients", async () => {
    const { status, stdout, stderr } = await chainrule(["grad", NETWORK, "--at", POINT]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    const result = JSON.parse(stdout) as Record<string, Record<string, number[][]>>;
    expect(Object.keys(result)).toEqual(["loss", "values", "gradients"]);
    expect(Object.keys(result["values"]!)).toEqual(["z1", "a1", "z2", "y", "MSE"]);
    expect(result["loss"]).toBeCloseTo(system.loss, 12);
    for (const [row, entries] of system.gradients["W1"]!.entries()) {
      for (const [column, entry] of entries.entries()) {
        expect(result["gradients"]!["W1"]![row]![column]).toBeCloseTo(entry, 14);
      }
    }
  });

  it("prints decimals as strings", async () => {
    file("m.model", "w = param()\nv = w / 3\nL = v + 1\n");
    file("p.json", '{"w": 1}');
    const { stdout } = await chainrule(["grad", "m.model", "--at", "p.json", "--precision", "40"]);
    expect(JSON.parse(stdout)).toEqual({
      loss: "1.333333333333333333333333333333333333333",
      values: {
        v: "0.3333333333333333333333333333333333333333",
        L: "1.333333333333333333333333333333333333333",
      },
      gradients: { w: "0.3333333333333333333333333333333333333333" },
    });
  });

  it("has a line for every name and for every row of a matrix", async () => {
    file("m.model", "A = param(2, 2)\nb = param(2)\nL = sum(A * b)\n");
    file("p.json", '{"A": [[1, 2], [3, 4]], "b": [5, 6]}');
    const { stdout } = await chainrule(["grad", "m.model", "--at", "p.json"]);
    expect(stdout).toBe(`{
  "loss": 56,
  "values": {
    "L": 56
  },
  "gradients": {
    "A": [
      [5, 6],
      [5, 6]
    ],
    "b": [4, 6]
  }
}
`);
  });

  it("writes what is not finite as strings, and warns", async () => {
    file("m.model", "w = param(2)\nv = log(w)\nL = sum(v)\n");
    file("p.json", '{"w": [0, -1]}');
    const { status, stdout, stderr } = await chainrule(["grad", "m.model", "--at", "p.json"]);
    expect(status).toBe(0);
    expect(stderr).toMatch(
      /^chainrule: warning: the value of v is not finite; such numbers are written as strings\n/,
    );
    expect(JSON.parse(stdout)).toMatchObject({ loss: "NaN", values: { v: ["-Infinity", "NaN"] } });
  });

  it("keeps names such as __proto__", async () => {
    file("m.model", "__proto__ = param()\nconstructor = param()\nL = __proto__ * constructor\n");
    file("p.json", '{"__proto__": 2, "constructor": 3}');
    const { stdout } = await chainrule(["grad", "m.model", "--at", "p.json"]);
    expect(stdout).toContain('"gradients": {\n    "__proto__": 3,\n    "constructor": 2\n  }');
  });

  it("takes another loss, and stdin for the model or the point", async () => {
    const model = "w = param()\nA = w^2\nB = w^3\n";
    const point = '{"w": 2}';
    file("m.model", model);
    file("p.json", point);
    const fromModel = await chainrule(["grad", "-", "--at", "p.json", "--loss", "A"], model);
    const fromPoint = await chainrule(["grad", "m.model", "--at", "-", "--loss", "A"], point);
    expect(JSON.parse(fromModel.stdout)).toMatchObject({ loss: 4, gradients: { w: 4 } });
    expect(fromPoint.stdout).toBe(fromModel.stdout);
  });
});

describe("verify", () => {
  it("agrees, for people and for programs", async () => {
    const table = await chainrule(["verify", NETWORK, "--at", POINT]);
    expect({ status: table.status, stderr: table.stderr }).toEqual({ status: 0, stderr: "" });
    expect(table.stdout).toMatch(/^W1 3×2 .*ok$/m);
    expect(table.stdout).toMatch(/All gradients agree\.\n$/);
    const json = await chainrule(["verify", NETWORK, "--at", POINT, "--json"]);
    expect(JSON.parse(json.stdout)).toMatchObject({
      ok: true,
      parameters: [{ name: "W1" }, { name: "W2" }],
    });
  });

  it("says what it is doing when it takes longer than a second", async () => {
    let time = 0;
    const slow = () => (time += 600);
    const { stdout, stderr } = await chainrule(["verify", NETWORK, "--at", POINT], "", slow);
    expect(stderr).toBe("50 digits …\n");
    expect(stdout).toMatch(/All gradients agree\.\n$/);
  });

  it("compares with differences of one step, for people and for programs", async () => {
    const args = ["verify", NETWORK, "--at", POINT, "--step", "1e-4"];
    const table = await chainrule(args);
    expect(table.stdout).toMatch(/^W1\[1,2\] .* -2\.3e-9 .* explained$/m);
    const json = await chainrule([...args, "--json"]);
    expect(JSON.parse(json.stdout)).toMatchObject({
      ok: true,
      stepDifferences: { ok: true, step: 1e-4, parameters: [{ name: "W1" }, { name: "W2" }] },
    });
  });

  it("draws the same random point for the same seed", async () => {
    const once = await chainrule(["verify", NETWORK, "--seed", "5"]);
    const again = await chainrule(["verify", NETWORK, "--seed", "5"]);
    expect(once.stdout).toBe(again.stdout);
    expect(once.stderr).toContain("drawn with --seed 5");
  });
});

describe("check", () => {
  const claim = (values: unknown) => file("values.json", JSON.stringify(values));

  it("accepts the right gradient", async () => {
    const values = claim(system.gradients);
    const { status, stdout } = await chainrule([
      "check",
      NETWORK,
      "--at",
      POINT,
      "--values",
      values,
    ]);
    expect(status).toBe(0);
    expect(stdout).toMatch(/all 2 gradients are right\n$/);
  });

  it("says what it is doing when it takes longer than a second", async () => {
    let time = 0;
    const slow = () => (time += 600);
    const wrong = {
      W1: system.gradients["W1"],
      W2: [
        [1, 1, 1],
        [1, 1, 1],
      ],
    };
    const args = ["check", NETWORK, "--at", POINT, "--values", claim(wrong)];
    const { status, stderr } = await chainrule(args, "", slow);
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: "what explains the wrong gradients …\n",
    });
  });

  it("refuses the wrong one with status 1, and names the cause", async () => {
    const wrong = { W1: system.gradients["W1"]!.map((row) => row.map((entry) => -entry)) };
    const args = ["check", NETWORK, "--at", POINT, "--values", claim(wrong)];
    const report = await chainrule(args);
    expect(report).toMatchObject({ status: 1, stderr: "" });
    expect(report.stdout).toMatch(/^WRONG {2}W1 /);
    const json = await chainrule([...args, "--json"]);
    expect(json.status).toBe(1);
    expect(JSON.parse(json.stdout)).toMatchObject({
      ok: false,
      checks: [{ name: "W1", ok: false, diagnosis: [{ cause: "sign" }] }],
    });
  });

  it("writes hidden mistakes as JSON", async () => {
    file("m.model", "x = input(3)\nlam = input()\nw = param(3)\nL = dot(w, x) + lam * sum(w.^2)");
    file("p.json", '{"x": [1, 2, 3], "lam": 1, "w": [0.5, -1, 2]}');
    const values = claim({ w: [2, 0, 7] });
    const json = await chainrule([
      "check",
      "m.model",
      "--at",
      "p.json",
      "--values",
      values,
      "--json",
    ]);
    const { power } = JSON.parse(json.stdout) as { power: { hidden: readonly object[] } };
    expect(power.hidden).toContainEqual({
      cause: "missing-factor",
      factor: "lam",
      term: "sum(w.^2)",
      arisesIn: "w",
      text: "the factor lam before sum(w.^2) left out in dw",
      why: "lam is 1 everywhere",
    });
  });

  it.each([
    [{ W3: 1 }, "values.json:1:7: a gradient is given for W3, which the model does not have\n"],
    [{}, "values.json:1:1: no gradient is given\n"],
    [[1], "values.json:1:1: gradients are an object with a value for each name, not a list\n"],
    [{ W1: [[1, "a"]] }, "values.json:1:11: the gradient W1[1,2] is a string, not a number\n"],
  ])("says what is wrong with the values %j", async (values, message) => {
    const args = ["check", NETWORK, "--at", POINT, "--values", claim(values)];
    const { status, stdout, stderr } = await chainrule(args);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr.split("\n")[0]).toBe(message.trimEnd());
  });

  it("tells a wrong point from wrong values", async () => {
    file("p.json", '{"x": 1}');
    const args = ["check", NETWORK, "--at", "p.json", "--values", claim(system.gradients)];
    const { status, stderr } = await chainrule(args);
    expect(status).toBe(2);
    expect(stderr).toMatch(/^p\.json:1:7: x is 1;/);
  });
});

describe("derive", () => {
  it("prints JSON of every parameter in every form", async () => {
    const args = ["derive", NETWORK, "--at", POINT, "--format", "json"];
    const { status, stdout, stderr } = await chainrule(args);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    const { loss, derivations } = JSON.parse(stdout) as {
      loss: string;
      derivations: { wrt: string; form: string; steps: { check: { maxError: number } }[] }[];
    };
    expect(loss).toBe("MSE");
    expect(new Set(derivations.map(({ form }) => form))).toEqual(
      new Set(["paths", "scalar", "index", "matrix", "jacobian"]),
    );
    for (const { steps } of derivations) {
      expect(steps.length).toBeGreaterThan(0);
      for (const { check } of steps) expect(check.maxError).toBeLessThan(1e-9);
    }
  });

  it("prints one entry in one form: both paths, with values", async () => {
    const args = ["derive", NETWORK, "--wrt", "W1[1,1]", "--form", "paths", "--at", POINT];
    const { stdout } = await chainrule([...args, "--format", "json"]);
    const { derivations } = JSON.parse(stdout) as {
      derivations: { value: number; paths: { nodes: string[]; value: number }[] }[];
    };
    expect(derivations).toHaveLength(1);
    const [{ value, paths }] = derivations as [(typeof derivations)[0]];
    expect(paths.map(({ nodes }) => nodes)).toEqual([
      ["MSE", "y[1]", "z2[1]", "a1[1]", "z1[1]", "W1[1,1]"],
      ["MSE", "y[2]", "z2[2]", "a1[1]", "z1[1]", "W1[1,1]"],
    ]);
    const sum = paths.reduce((total, path) => total + path.value, 0);
    expect(sum).toBeCloseTo(system.gradients["W1"]![0]![0]!, 14);
    expect(value).toBeCloseTo(sum, 14);
  });

  it("prints documents, counted from 0 where that is asked", async () => {
    const args = ["derive", NETWORK, "--wrt", "W1[1,1]", "--form", "paths"];
    const latex = await chainrule([...args, "--format", "latex", "--index-base", "0"]);
    expect(latex.stdout).toMatch(/^\\documentclass/);
    expect(latex.stdout).toContain("w^{(1)}_{00}");
    const markdown = await chainrule([...args, "--format", "markdown", "--layers", "subscript"]);
    expect(markdown.stdout).toMatch(/^# Derivatives of MSE\n/);
    expect(markdown.status).toBe(0);
  });

  it("has the forms in the order in which they are asked for", async () => {
    const args = ["derive", NETWORK, "--wrt", "W1", "--format", "markdown", "--form"];
    const { stdout } = await chainrule([...args, "paths,matrix,index"]);
    const places = ["sum over paths\n", "matrix form\n", "index form\n"].map((title) =>
      stdout.indexOf(title),
    );
    expect(places.every((place) => place > 0)).toBe(true);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
  });

  it("takes the gradient step with the rate and the name that are asked for", async () => {
    const args = ["derive", NETWORK, "--at", POINT, "--form", "matrix", "--format", "markdown"];
    const { stdout } = await chainrule([...args, "--rate", "0.25", "--rate-name", "eta"]);
    expect(stdout).toContain("\\eta &= 0.25\n");
    expect(stdout).toContain("w^{(1)}_{ij} - \\eta \\frac{\\partial \\mathrm{MSE}}");
    const clash = await chainrule([...args, "--rate-name", "a1"]);
    expect(clash).toMatchObject({ status: 2, stdout: "" });
    expect(clash.stderr).toContain("the model has a quantity that is written as a1");
  });
});

describe("the process", () => {
  it("has the statuses and the streams of the commands", async () => {
    const right = await start(["grad", "-", "--at", POINT], {
      stdin: readFileSync(NETWORK, "utf8"),
    });
    expect({ status: right.status, stderr: right.stderr }).toEqual({ status: 0, stderr: "" });
    expect((JSON.parse(right.stdout) as System).loss).toBeCloseTo(system.loss, 12);
    const wrong = await start(["grad", "-"], { stdin: "L = foo(1)" });
    expect(wrong).toEqual({
      status: 2,
      stdout: "",
      stderr: "<stdin>:1:5: unknown function foo\n  L = foo(1)\n      ^\n",
    });
    const refused = await start(["check", NETWORK, "--at", POINT, "--values", "-"], {
      stdin: JSON.stringify({ W2: system.gradients["W2"]!.map((row) => row.map(() => 0)) }),
    });
    expect(refused.status).toBe(1);
  }, 60_000);

  it("runs no code of models, and is quiet when its reader goes away", async () => {
    const injected = await start(["grad", "-"], { stdin: "L = process.exit(0)" });
    expect(injected.status).toBe(2);
    const large = `w = param(400, 400)\nL = sum(w.^2)\n`;
    const cut = await start(["grad", "-"], { stdin: large, closeAfter: 1000 });
    expect(cut.stderr).toMatch(/^chainrule: no --at: [^\n]*\n$/);
    expect(cut.status).toBe(0);
  }, 60_000);
});
