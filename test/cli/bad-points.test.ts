import { describe, expect, it } from "vitest";
import { chainrule, goldens, useFolder } from "./support.js";

const { file } = useFolder();
const [model, ...points] = goldens("bad-points.txt");

async function grad(point: string | Uint8Array) {
  const args = ["grad", file("n.model", model!.input), "--at", file("p.json", point)];
  return chainrule(args);
}

describe("points that are wrong", () => {
  it.each(points)("$title", async ({ input, output }) => {
    expect(await grad(input)).toEqual({ status: 2, stdout: "", stderr: `${output}\n` });
  });

  it.each([
    ["nothing", "", "p.json:1:1: this is not JSON: there is nothing in it\n"],
    ["spaces", " \n ", "p.json:1:1: this is not JSON: there is nothing in it\n"],
    [
      "CRLF line ends",
      '{\r\n  "b": oops\r\n}',
      'p.json:2:8: this is not JSON: oops is not a value of JSON\n    "b": oops\n         ^\n',
    ],
    [
      "a control character",
      '{"b": \u0007}',
      'p.json:1:7: this is not JSON: a value is expected here\n  {"b": <U+0007>}\n        ^\n',
    ],
    [
      "a byte order mark",
      '\ufeff{"b": [1,, 2]}',
      'p.json:1:10: this is not JSON: a value is expected here\n  {"b": [1,, 2]}\n           ^\n',
    ],
    ["a NUL", "{}\0", "p.json: not a text file: byte 3 is 0; a point is UTF-8\n"],
  ])("%s", async (_, point, message) => {
    expect(await grad(point)).toEqual({ status: 2, stdout: "", stderr: message });
  });

  it.each([
    [
      "100,000 open brackets",
      "[".repeat(100_000),
      "p.json:1:100000: this is not JSON: it ends before the [ is closed",
    ],
    [
      "100,000 nested lists",
      "[".repeat(1e5) + "]".repeat(1e5),
      "p.json:1:1: a point is an object with a value for each name, not a list",
    ],
    [
      "a name of a megabyte",
      `{"${"y".repeat(1e6)}": 1}`,
      `p.json:1:1000006: the point gives a value for ${"y".repeat(300)}… which the model does not have`,
    ],
  ])("%s", async (_, point, message) => {
    const { status, stderr } = await grad(point);
    expect(status).toBe(2);
    expect(stderr.split("\n")[0]).toBe(message);
  });

  it("never reach a prototype", async () => {
    await grad('{"__proto__": {"polluted": 1}, "constructor": {"prototype": {"polluted": 1}}}');
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });
});
