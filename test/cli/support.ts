import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable, Writable } from "node:stream";
import { afterAll, beforeAll } from "vitest";
import { run } from "../../src/cli/run.js";

export interface Result {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

function collector(): { stream: Writable; text: () => string } {
  const pieces: string[] = [];
  const stream = new Writable({
    write(chunk: Uint8Array, _encoding, done) {
      pieces.push(Buffer.from(chunk).toString("utf8"));
      done();
    },
  });
  return { stream, text: () => pieces.join("") };
}

/** Runs a command in this process: what `chainrule …` does, without the start of a Node. */
export async function chainrule(
  args: readonly string[],
  stdin = "",
  now: () => number = () => 0,
): Promise<Result> {
  const [stdout, stderr] = [collector(), collector()];
  const streams = {
    stdin: Readable.from(stdin === "" ? [] : [Buffer.from(stdin)]),
    stdout: stdout.stream,
    stderr: stderr.stream,
    now,
  };
  const status = await run(args, streams);
  return { status, stdout: stdout.text(), stderr: stderr.text() };
}

/** An empty working directory for the tests of a file, so that messages have short names. */
export function useFolder(): { file: (name: string, content: string | Uint8Array) => string } {
  const before = process.cwd();
  let folder: string;
  beforeAll(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), "chainrule-cli-")));
    process.chdir(folder);
  });
  afterAll(() => {
    process.chdir(before);
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    file(name, content) {
      writeFileSync(name, content);
      return name;
    },
  };
}

export interface Golden {
  readonly title: string;
  readonly input: string;
  readonly output: string;
}

/** Blocks of a golden file: `=== title`, the input, `---`, the output. */
export function goldens(name: string): Golden[] {
  const text = readFileSync(new URL(name, import.meta.url), "utf8");
  const [, ...blocks] = text.split(/^=== /m);
  return blocks.map((block) => {
    const [, title, input, output] = /^(.*)\n([^]*?)^---\n([^]*)$/m.exec(block)!;
    return { title: title!, input: input!.replace(/\n$/, ""), output: output!.trimEnd() };
  });
}
