import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { INSTALL_TIMEOUT } from "../support/debian.js";
import { pythonWithNumpy } from "../support/python.js";
import { chainrule } from "./support.js";

// The programs of examples/programs, asked by the command.

const folder = fileURLToPath(new URL("../../examples/programs/", import.meta.url));
let python: string;
beforeAll(() => {
  python = pythonWithNumpy();
}, INSTALL_TIMEOUT);

const ask = (program: string) =>
  chainrule(["check", `${folder}net.model`, "--program", program, "--json"]);

interface Answer {
  readonly ok: boolean;
  readonly checks: readonly { name: string; diagnosis: readonly object[] }[];
}

describe("the example programs", () => {
  it("in plain Python is right", async () => {
    const { status, stdout } = await ask(`'${python}' '${folder}net.py'`);
    expect(status).toBe(0);
    const { checks } = JSON.parse(stdout) as Answer;
    expect(checks.map(({ name }) => name)).toEqual(["W1", "b1", "W2", "b2"]);
  }, 60_000);

  it("in NumPy has a fault, which is named", async () => {
    const { status, stdout } = await ask(`'${python}' '${folder}net_numpy.py'`);
    expect(status).toBe(1);
    const { checks } = JSON.parse(stdout) as Answer;
    const wrong = { cause: "wrong-variable", used: "A1", instead: "Z1", arisesIn: "Z1" };
    expect(checks).toMatchObject([
      { name: "W1", ok: false, diagnosis: [wrong] },
      { name: "b1", ok: false, diagnosis: [wrong] },
      { name: "W2", ok: true },
      { name: "b2", ok: true },
    ]);
  }, 60_000);

  it("in Perl is right, with a run for every point", async () => {
    const { status, stdout } = await ask(`perl '${folder}net.pl'`);
    expect(status).toBe(0);
    const { checks } = JSON.parse(stdout) as Answer;
    expect(checks.map(({ name }) => name)).toEqual(["W1", "W2", "b1", "b2"]);
  }, 60_000);
});
