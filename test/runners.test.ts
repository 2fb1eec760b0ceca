import { join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PackedProject } from "./support/packed.js";

// The matchers as a user has them: a project with the packed package, tested by Vitest and by Jest.
// What they print for failures is pinned. Needs `npm run build` before.

const root = fileURLToPath(new URL("..", import.meta.url));

/** Tests that pass, and one failure of each kind. */
const TESTS = `
const model = parseModel(\`
  x = input(3)
  t = target(2)
  W = param(2, 3)
  b = param(2)
  z = W * x + b
  y = sigmoid(z)
  L = 1/2 * sum((y - t).^2)\`);
const point = { x: [1, 2, -1], t: [0, 1], W: [[0.5, -0.25, 0.125], [0.75, 1, -0.5]], b: [0.1, -0.2] };

const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));
function backward({ x, t, W, b }: Point) {
  const [input, target, rows, bias] = [x, t, W, b] as [number[], number[], number[][], number[]];
  const y = rows.map((row, i) => sigmoid(row.reduce((z, w, j) => z + w * input[j]!, bias[i]!)));
  const dz = y.map((v, i) => (v - target[i]!) * v * (1 - v));
  return { W: dz.map((d) => input.map((v) => d * v)), b: dz };
}
function forgetful(point: Point) {
  const { W, b } = backward(point);
  const y = compile(model).evaluate(point).values["y"] as number[];
  return { W, b: b.map((d, i) => d / (y[i]! * (1 - y[i]!))) };
}

test("right values", () => {
  expect(backward(point)).toBeGradientOf(model, point);
});
test("a right function", () => {
  expect(backward).toBeGradientOf(model);
  expect(backward).toBeGradientOf(model, { at: point });
});
test("wrong values, not", () => {
  expect(forgetful(point)).not.toBeGradientOf(model, point);
});
test("asymmetric", () => {
  expect({ step: 1, gradients: backward(point) }).toEqual({
    step: 1,
    gradients: expect.toBeGradientOf(model, point),
  });
});
test("FAILS wrong values", () => {
  expect(forgetful(point)).toBeGradientOf(model, point);
});
test("FAILS a wrong function", () => {
  expect(forgetful).toBeGradientOf(model, { seed: 2 });
});
test("FAILS right values, not", () => {
  expect(backward(point)).not.toBeGradientOf(model, point);
});
test("FAILS asymmetric", () => {
  expect({ step: 1, gradients: forgetful(point) }).toEqual({
    step: 1,
    gradients: expect.toBeGradientOf(model, point),
  });
});
test("FAILS bad use", () => {
  expect(backward(point)).toBeGradientOf(model, { ...point, W: [[1, 2, 3]] });
});
function neverCalled() {
  // @ts-expect-error a model is needed
  expect(backward).toBeGradientOf();
  // @ts-expect-error a text is no model
  expect(backward).toBeGradientOf("L = 1");
  // @ts-expect-error a seed is a number
  expect(backward).toBeGradientOf(model, { seed: "2" });
}
void neverCalled;
`;

const IMPORTS = `import { compile, parseModel, type Point } from "chainrule";\n`;
const FILES = {
  vitest: `${IMPORTS}import "chainrule/vitest";\nimport { expect, test } from "vitest";\n${TESTS}`,
  jest: `${IMPORTS}import "chainrule/jest";\nimport { expect, test } from "@jest/globals";\n${TESTS}`,
};

let project: PackedProject;
beforeAll(async () => {
  project = await PackedProject.create("vitest@4.1.12", "jest@30.5.2");
  await project.write("of-vitest.test.ts", FILES.vitest);
  await project.write("of-jest.spec.ts", FILES.jest);
  await project.write("of-jest.js", withoutTypes(FILES.jest));
  const configs = {
    "jest.config.json": { testMatch: ["**/of-jest.js"], transform: {} },
    "tsconfig.json": {
      compilerOptions: {
        strict: true,
        noUncheckedIndexedAccess: true,
        module: "nodenext",
        target: "es2023",
        noEmit: true,
        types: [],
      },
      include: ["*.ts"],
    },
  };
  for (const [name, config] of Object.entries(configs)) {
    await project.write(name, JSON.stringify(config));
  }
}, 300_000);
afterAll(() => project.remove());

function withoutTypes(text: string): string {
  const options = { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext };
  return ts.transpileModule(text, { compilerOptions: options }).outputText;
}

it("have types in both runners", async () => {
  const tsc = join(root, "node_modules/@typescript/native/bin/tsc");
  const { stdout } = await project.try("node", tsc, "-p", ".");
  expect(stdout.split("\n").filter((line) => /^of-|chainrule/.test(line))).toEqual([]);
}, 120_000);

const REPORT_OF_VALUES = `WRONG  b  worst entry db[1]: given 0.493750326, expected 0.123418296
       0 digits agree, 13 may be expected (double precision)
       other-quantity: db holds dy, the derivative with respect to y, not to b
       right  db = dz
       that is  ∂L/∂b = ∂L/∂z
right  W  14 digits agree, 13 may be expected (double precision)
1 of 2 gradients is wrong`;
const REPORT_OF_FUNCTION = `WRONG  b  worst entry db[1]: given 0.818191165, expected 0.203077493
       0 digits agree, 14 may be expected (double precision)
       other-quantity: db holds dy, the derivative with respect to y, not to b
       right  db = dz
       that is  ∂L/∂b = ∂L/∂z
right  W  15 digits agree, 14 may be expected (double precision)
1 of 2 gradients is wrong`;
const REPORT_OF_RIGHT = `right  W  14 digits agree, 13 may be expected (double precision)
right  b  14 digits agree, 13 may be expected (double precision)
all 2 gradients are right`;

const PASSING = ["right values", "a right function", "wrong values, not", "asymmetric"];

/** Reports without the known mistakes that they count: these change with every new one. */
function withoutPower(text: string): string {
  return text.replace(/^ *these numbers would show .*\n/gm, "");
}

/** What is printed for failures, by the name of the test. */
const FAILING: Readonly<Record<string, string>> = {
  "FAILS wrong values": `expect(gradients).toBeGradientOf(model, point)\n\n${REPORT_OF_VALUES}`,
  "FAILS a wrong function": `expect(function).toBeGradientOf(model)\n\n${REPORT_OF_FUNCTION}`,
  "FAILS right values, not": `expect(gradients).not.toBeGradientOf(model, point)\n\n${REPORT_OF_RIGHT}`,
  "FAILS bad use": `toBeGradientOf: W is 1×3, but declared as 2×3\n  hint: give W 2 rows, not 1`,
};

describe("a run of Vitest", () => {
  let text: string;
  beforeAll(async () => {
    const { status, stdout, stderr } = await project.try("npx", "vitest", "run", "of-vitest");
    text = withoutPower(stdout + stderr);
    expect(status).toBe(1);
    expect(text).toMatch(/Tests {2}5 failed \| 4 passed \(9\)/);
  }, 120_000);

  it.each(PASSING)("%s passes", (name) => {
    expect(text).toMatch(new RegExp(`✓ ${name} `));
  });

  it.each(Object.entries(FAILING))("%s", (name, message) => {
    expect(text).toContain(`FAIL  of-vitest.test.ts > ${name}\nError: ${message}\n`);
  });

  it("names the causes in the difference, and points at the test", () => {
    expect(text).toContain(
      '  {\n    "W": "right",\n-   "b": "right",\n+   "b": "other-quantity",\n  }\n\n ❯ of-vitest.test.ts:',
    );
    expect(text).not.toMatch(/❯ .*node_modules\/chainrule/);
  });

  it("FAILS asymmetric", () => {
    expect(text).toMatch(/^- {3}"gradients": toBeGradientOf<Object \{\n- {3}"loss": "L",$/m);
    expect(text).not.toContain('"graph"');
  });
});

describe("a run of Jest", () => {
  let text: string;
  beforeAll(async () => {
    const jest = ["--experimental-vm-modules", "node_modules/jest/bin/jest.js"];
    const { status, stderr } = await project.try("node", ...jest, "--config=jest.config.json");
    text = withoutPower(stderr);
    expect(status).toBe(1);
    expect(text).toMatch(/Tests: {7}5 failed, 4 passed, 9 total/);
  }, 120_000);

  it.each(PASSING)("%s passes", (name) => {
    expect(text).toMatch(new RegExp(`✓ ${name} `));
  });

  it.each(Object.entries(FAILING))("%s", (name, message) => {
    const indented = message.replace(/^(?=.)/gm, "    ");
    expect(text).toContain(`● ${name}\n\n${indented}\n\n`);
  });

  it("FAILS asymmetric", () => {
    expect(text).toContain('-   "gradients": toBeGradientOf<[object Model], [object Object]>,\n');
  });
});
