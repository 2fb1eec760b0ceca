import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { PassThrough } from "node:stream";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { Dialogue } from "../../src/cli/program/dialogue.js";
import { chainrule, useFolder } from "./support.js";

// Programs of all manners and kinds of misbehaviour. Those that end `chainrule` itself by a signal
// need `npm run build` before: it then is a process of its own.

const { file } = useFolder();
const root = fileURLToPath(new URL("../..", import.meta.url));
const command = `${root}dist/cli/main.js`;

// L = Σ (w·x)²/2 over N examples: dL/dw = Σ (w·x) x
const MODEL = "N = size()\nX = input(N, 2)\nw = param(2)\nL = sum((X * w).^2) / 2\n";
const POINT = '{"X": [[1, 2], [3, 4]], "w": [1, -1]}';

/** How programs begin: their run leaves a line in a file, and `right` answers. */
const PRELUDE = `
  import { appendFileSync, readFileSync } from "node:fs";
  import { createInterface } from "node:readline";
  appendFileSync("runs", process.pid + "\\n");
  const gradient = ({ X, w }) => [0, 1].map((j) =>
    X.reduce((sum, x) => sum + (w[0] * x[0] + w[1] * x[1]) * x[j], 0));
  const right = (line) => JSON.stringify({ w: gradient(JSON.parse(line)) });
  const answer = (line) => console.log(right(line));
  const lines = createInterface({ input: process.stdin });
  const earlier = () => { appendFileSync("asked", "x"); return readFileSync("asked").length - 1; };
`;
const LOOP = "for await (const line of lines) answer(line);";
const ONE = "for await (const line of lines) { answer(line); process.exit(); }";

/** Checks a program; gives what came of it and how often it was run. */
async function check(program: string, ...options: string[]) {
  file("m.model", MODEL);
  file("p.json", POINT);
  file("runs", "");
  file("asked", "");
  file("program.mjs", PRELUDE + program);
  const words = `'${process.execPath}' program.mjs`;
  const result = await chainrule(["check", "m.model", "--program", words, ...options]);
  const pids = readFileSync("runs", "utf8").split("\n").filter(Boolean).map(Number);
  for (const pid of pids) expect(isAlive(pid)).toBe(false);
  const said = result.stderr
    .replaceAll(words, "PROGRAM")
    .replace(/^chainrule: the program is asked.*\n/m, "");
  return { ...result, said, runs: pids.length };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** How often a program is run for three questions, on a machine of any speed. */
async function expectRuns(program: string, runs: number): Promise<void> {
  file("runs", "");
  file("program.mjs", PRELUDE + program);
  // one that waits for the end of stdin is not waited for
  const patience = program.includes("all +=") ? 10 : 60_000;
  const stderr = new PassThrough().resume();
  const words = `'${process.execPath}' program.mjs`;
  const dialogue = new Dialogue(words, { seconds: 120, stderr, patience });
  for (const x of [1, 2, 3]) {
    const answer = await dialogue.ask(`{"X": [[${x}, 0]], "w": [1, 1]}`);
    expect(JSON.parse(answer)).toEqual({ w: [x ** 2, 0] });
  }
  await dialogue.finish();
  expect(readFileSync("runs", "utf8").trimEnd().split("\n")).toHaveLength(runs);
}

describe("programs that are right", () => {
  it.each([
    ["answers line after line", LOOP, 1],
    ["answers one line and ends", ONE, 3],
    [
      "reads to the end before it answers",
      `let all = ""; for await (const line of lines) all += line + "\\n"; answer(all);`,
      3,
    ],
    ["fails at the end of stdin", `${LOOP} process.exit(3);`, 1],
    [
      "prints blank lines and Windows line ends",
      `for await (const line of lines) process.stdout.write("\\n" + right(line) + "\\r\\n\\n");`,
      1,
    ],
    [
      "ends without a newline",
      `for await (const line of lines) { process.stdout.write(right(line)); process.exit(); }`,
      3,
    ],
    [
      "answers in pieces",
      `for await (const line of lines) for (const c of right(line) + "\\n") { process.stdout.write(c); await null; }`,
      1,
    ],
    [
      "does not end by itself",
      `${LOOP} setInterval(() => {}, 1000); process.on("SIGTERM", () => {});`,
      1,
    ],
    [
      "leaves a child that holds stdout",
      `import { spawn } from "node:child_process"; spawn("sleep", ["60"], { stdio: "inherit" }).unref(); ${ONE}`,
      3,
    ],
  ])(
    "%s",
    async (_, program, runs) => {
      const result = await check(program);
      expect(result).toMatchObject({
        status: 0,
        stdout: expect.stringMatching(
          /^right {2}w .*\nthese numbers would show .*\nthe gradient is right\n$/,
        ) as string,
      });
      await expectRuns(program, runs);
    },
    60_000,
  );

  it("that fail after their answers are judged, with a warning", async () => {
    const { status, said } = await check(`${LOOP} process.exit(3);`);
    expect({ status, said }).toEqual({
      status: 0,
      said: "chainrule: warning: PROGRAM: it ended with status 3 after its answer\n",
    });
  }, 60_000);

  it("are asked at --at first, and at sizes that differ", async () => {
    const { stderr } = await check(
      `for await (const line of lines) { console.error(JSON.parse(line).X.length); answer(line); }`,
      "--at",
      "p.json",
      "--save-point",
      "points.jsonl",
    );
    const [said, ...sizes] = stderr.trim().split("\n");
    expect(said).toBe(
      "chainrule: the program is asked at --at and at 3 random points, drawn with --seed 1; --save-point FILE writes them",
    );
    expect(sizes[0]).toBe("2");
    expect(new Set(sizes.slice(1)).size).toBe(3);
    const saved = readFileSync("points.jsonl", "utf8").trimEnd().split("\n");
    expect(saved.map((line) => (JSON.parse(line) as { X: unknown[] }).X.length)).toEqual(
      sizes.map(Number),
    );
    expect(saved[0]).toBe(JSON.stringify(JSON.parse(POINT)));
  }, 60_000);
});

describe("programs that are wrong", () => {
  it("get a diagnosis, as text and as JSON", async () => {
    const program = `for await (const line of lines) console.log(JSON.stringify({ dw: gradient(JSON.parse(line)).map((v) => v / JSON.parse(line).X.length) }));`;
    const { status, stdout } = await check(program);
    expect(status).toBe(1);
    expect(stdout).toMatch(/^WRONG {2}w /);
    const json = await check(program, "--json");
    expect(JSON.parse(json.stdout)).toMatchObject({
      ok: false,
      checks: [{ name: "w", diagnosis: [{ cause: "constant-factor", factor: "1/N" }] }],
    });
  }, 60_000);

  it("in some points only are wrong", async () => {
    const program = `for await (const line of lines) { const k = earlier(); console.log(JSON.stringify({ w: gradient(JSON.parse(line)).map((v) => (k === 2 ? -v : v)) })); }`;
    expect((await check(program)).status).toBe(1);
  }, 60_000);
});

const STDOUT_HINT = "stdout is for answers, one line of JSON each; print everything else to stderr";
const LINE_HINT = "an answer is one line of JSON on stdout; print everything else to stderr";
const each = (body: string) => `for await (const line of lines) { ${body} }`;

describe("programs that cannot be judged", () => {
  it.each([
    [
      "ends at once",
      "process.exit();",
      `PROGRAM: it ended with status 0 before it answered point 1\n  hint: ${LINE_HINT}\n`,
    ],
    [
      "fails at once",
      `console.error("no numpy"); process.exit(1);`,
      `no numpy\nPROGRAM: it ended with status 1 before it answered point 1: no numpy\n  hint: ${LINE_HINT}\n`,
    ],
    [
      "fails at the second point",
      each(
        `if (earlier()) { console.error("Traceback\\nValueError: shapes"); process.exit(1); } answer(line);`,
      ),
      `Traceback\nValueError: shapes\nPROGRAM: it ended with status 1 before it answered point 2: ValueError: shapes\n  hint: ${LINE_HINT}\n`,
    ],
    [
      "is killed",
      `process.kill(process.pid, "SIGSEGV"); setInterval(() => {}, 1000);`,
      `PROGRAM: it was ended by SIGSEGV before it answered point 1\n  hint: ${LINE_HINT}\n`,
    ],
    [
      "prints words first",
      `console.log("loading…"); ${LOOP}`,
      `<answer to point 1>:1:1: this is not JSON: loading is not a value of JSON\n  loading…\n  ^\n  hint: ${STDOUT_HINT}\n`,
    ],
    [
      "prints JSON with indentation",
      each("console.log(JSON.stringify(JSON.parse(right(line)), null, 2));"),
      "<answer to point 1>:1:1: this is not JSON: it ends before the { is closed\n  {\n  ^\n  hint: an answer is one line: print it without indentation\n",
    ],
    [
      "prints a list",
      each(`console.log("[1, 2]");`),
      `<answer to point 1>:1:1: gradients are an object with a value for each name, not a list\n  [1, 2]\n  ^\n  hint: {"W1": [[…]], "b1": […]}\n`,
    ],
    [
      "prints NaN",
      each(`console.log('{"w": [1.5, NaN]}');`),
      `<answer to point 1>:1:13: the gradient w[2] is NaN, not a finite number\n  {"w": [1.5, NaN]}\n              ^\n`,
    ],
    [
      "prints an infinity",
      each(`console.log('{"w": [-Infinity, 1]}');`),
      `<answer to point 1>:1:8: the gradient w[1] is -Infinity, not a finite number\n  {"w": [-Infinity, 1]}\n         ^\n`,
    ],
    [
      "prints inf as C does",
      each(`console.log('{"w": [1, -inf]}');`),
      `<answer to point 1>:1:11: the gradient w[2] is -Infinity, not a finite number\n  {"w": [1, -inf]}\n            ^\n`,
    ],
    [
      "prints a name that is not there",
      each(`console.log('{"W": [1, 2]}');`),
      `<answer to point 1>:1:7: a gradient is given for W, which the model does not have\n  {"W": [1, 2]}\n        ^\n  hint: did you mean w?\n`,
    ],
    [
      "prints a name twice",
      each(`console.log('{"w": [1, 2], "w": [1, 2]}');`),
      `<answer to point 1>:1:15: the name w is given twice\n  {"w": [1, 2], "w": [1, 2]}\n                ^\n`,
    ],
    [
      "answers twice in one go",
      each(`console.log(right(line) + "\\n" + right(line));`),
      `PROGRAM: it printed more than one line for one point\n  hint: ${LINE_HINT}\n`,
    ],
    [
      "answers twice, the second time late",
      `${each("answer(line);")} console.log('{"w": [0, 0]}');`,
      `PROGRAM: it printed more than one line for one point\n  hint: ${LINE_HINT}\n`,
    ],
    [
      "answers twice and ends",
      each("answer(line); answer(line); process.exit();"),
      `PROGRAM: it printed more than one line for one point\n  hint: ${LINE_HINT}\n`,
    ],
    [
      "gives other quantities at other points",
      each(`console.log(JSON.stringify(earlier() ? { w: [1, 1] } : { w: [1, 1], L: 1 }));`),
      "m.model: different quantities are given at different points\n  hint: first w, L, then w\n",
    ],
    [
      "never stops printing",
      `for (;;) process.stdout.write("x".repeat(1 << 20)) || await new Promise((go) => process.stdout.once("drain", go));`,
      `PROGRAM: its answer to point 1 is longer than 64 million bytes\n  hint: ${LINE_HINT}\n`,
    ],
  ])(
    "%s",
    async (_, program, message) => {
      const { status, stdout, said } = await check(program);
      expect({ status, stdout, said }).toEqual({ status: 2, stdout: "", said: message });
    },
    60_000,
  );

  it.each([
    ["says nothing", "for await (const line of lines);setInterval(() => {}, 1000);"],
    ["loops for ever", each("for (;;);")],
    ["ignores being told to end", `process.on("SIGTERM", () => {}); setInterval(() => {}, 1000);`],
  ])(
    "%s",
    async (_, program) => {
      const { status, stdout, said } = await check(program, "--timeout", "1.5");
      expect({ status, stdout, said }).toEqual({
        status: 2,
        stdout: "",
        said: `PROGRAM: no answer to point 1 within 1.5 s\n  hint: --timeout SECONDS allows more; ${LINE_HINT}\n`,
      });
    },
    60_000,
  );

  it("a wrong point is no fault of the program, which is not even started", async () => {
    file("p2.json", '{"X": [[1, 2]], "w": [1]}');
    const { status, said, runs } = await check(LOOP, "--at", "p2.json");
    expect({ status, runs }).toEqual({ status: 2, runs: 0 });
    expect(said).toMatch(/^p2\.json:1:22: w is a vector of 1, but declared as a vector of 2\n/);
  });
});

describe("commands", () => {
  const asked = async (program: string) => {
    file("m.model", MODEL);
    const { status, stdout, stderr } = await chainrule(["check", "m.model", "--program", program]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    return stderr.replace(/^chainrule: the program.*\n/m, "");
  };
  const shell = `  hint: no shell runs it; where one is needed: --program "sh -c '…'"\n`;

  it.each([
    [
      "",
      `chainrule: --program is empty\n  hint: give a command: --program "python3 gradient.py"\n`,
    ],
    [
      "''",
      `chainrule: --program is empty\n  hint: give a command: --program "python3 gradient.py"\n`,
    ],
    ["python3 'gradient.py", "chainrule: --program ends within a quote, or with a backslash\n"],
    ['python3 "gradient.py', "chainrule: --program ends within a quote, or with a backslash\n"],
    ["python3 gradient.py \\", "chainrule: --program ends within a quote, or with a backslash\n"],
    ["a | b", `chainrule: --program contains |, which only a shell understands\n${shell}`],
    ["a && b", `chainrule: --program contains &&, which only a shell understands\n${shell}`],
    ["a > b", `chainrule: --program contains >, which only a shell understands\n${shell}`],
    ["a; b", `chainrule: --program contains ;, which only a shell understands\n${shell}`],
    [
      "a $HOME/b",
      `chainrule: --program contains the variable $HOME, which only a shell understands\n${shell}`,
    ],
    [
      "a *.py",
      `chainrule: --program contains the pattern *.py, which only a shell understands\n${shell}`,
    ],
    [
      "a # b",
      `chainrule: --program contains a comment (#), which only a shell understands\n${shell}`,
    ],
    [
      "no-such-program x",
      "no-such-program x: no such program: no-such-program\n  hint: a name without / is looked for in PATH; in this folder it is ./no-such-program\n",
    ],
    [
      "./none",
      "./none: no such program: ./none\n  hint: a path is looked up from the working directory\n",
    ],
    [
      "./m.model",
      './m.model: permission denied: ./m.model\n  hint: make it executable, or name what runs it: --program "python3 ./m.model"\n',
    ],
  ])("%s", async (program, message) => {
    expect(await asked(program)).toBe(message);
  });

  it("are quoted whole where a character comes in two chunks", async () => {
    const program = `const [a, b] = Buffer.from("é"); process.stderr.write(Buffer.from([a])); setTimeout(() => { process.stderr.write(Buffer.from([b, 10])); process.exit(1); }, 300);`;
    const { said } = await check(program);
    expect(said).toContain("before it answered point 1: é\n");
  }, 60_000);

  it("that the system finds too long are refused", async () => {
    const said = await asked(`echo ${"x".repeat(200_000)}`);
    expect(said).toMatch(/^echo x+…: its arguments are too long to be started\n {2}hint: /);
  });

  it("are split as a shell splits them", async () => {
    file("words.mjs", "console.error(JSON.stringify(process.argv.slice(2))); process.exit(1);");
    const said = await asked(
      `'${process.execPath}' words.mjs a 'b c' "d \\"e\\" 'f'" g\\ h '' i"j"'k' '$x|*' é`,
    );
    expect(said.split("\n")[0]).toBe(
      JSON.stringify(["a", "b c", `d "e" 'f'`, "g h", "", "ijk", "$x|*", "é"]),
    );
  });

  it.each(["0", "-1", "1e3", "86401", "x", "."])("a time limit is not %s", async (seconds) => {
    const { status, stderr } = await check(LOOP, `--timeout=${seconds}`);
    expect(status).toBe(2);
    expect(stderr).toContain("It must be a number of seconds up to 86400.");
  });
});

describe("the process", () => {
  /** Starts a check whose program starts a child and then waits. */
  async function started(): Promise<{ checker: ChildProcess; pids: number[] }> {
    file("m.model", MODEL);
    file("runs", "");
    file(
      "program.mjs",
      `${PRELUDE} import { spawn } from "node:child_process";
       const { pid } = spawn("sleep", ["60"]);
       appendFileSync("runs", pid + "\\nready");
       setInterval(() => {}, 1000);`,
    );
    const args = ["check", "m.model", "--program", `'${process.execPath}' program.mjs`];
    const checker = spawn(process.execPath, [command, ...args], { stdio: "ignore" });
    while (!readFileSync("runs", "utf8").includes("ready")) await pause(20);
    return { checker, pids: readFileSync("runs", "utf8").split("\n").slice(0, 2).map(Number) };
  }
  const pause = (milliseconds: number) => new Promise((go) => setTimeout(go, milliseconds));

  it.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
    "%s ends the program and what it started",
    async (signal) => {
      const { checker, pids } = await started();
      const ended = new Promise((resolve) => checker.on("exit", (_, by) => resolve(by)));
      checker.kill(signal);
      expect(await ended).toBe(signal);
      for (let wait = 0; pids.some(isRunning) && wait < 100; wait++) await pause(50);
      expect(pids.filter(isRunning)).toEqual([]);
    },
    60_000,
  );
});

/** Neither gone nor a zombie that waits for whoever inherited it. */
function isRunning(pid: number): boolean {
  const path = `/proc/${pid}/stat`;
  if (!existsSync("/proc")) return isAlive(pid);
  return existsSync(path) && !/\) Z /.test(readFileSync(path, "utf8"));
}
