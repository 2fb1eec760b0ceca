/** What a user gets: the tarball, installed into an empty project. Needs `npm run build` before. */
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** How a command ended, and what it wrote. */
export interface Outcome {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The environment without what the npm and vitest around this test have put into it. */
const env = Object.fromEntries(
  Object.entries(process.env).filter(
    ([name]) =>
      !/^(npm_(package|lifecycle|config_(local_prefix|global_prefix|prefix|save))|VITEST|NODE_ENV|NODE_OPTIONS|INIT_CWD|FORCE_COLOR)/i.test(
        name,
      ),
  ),
);

/** A project in a temporary folder. */
export class PackedProject {
  private constructor(readonly folder: string) {}

  /** @param packages others that are installed with ours, as npm names them. */
  static async create(...packages: string[]): Promise<PackedProject> {
    const project = new PackedProject(await mkdtemp(join(tmpdir(), "chainrule-package-")));
    await project.write("package.json", JSON.stringify({ private: true, type: "module" }));
    const pack = ["pack", "--json", "--ignore-scripts", "--pack-destination", project.folder];
    const { stdout } = await promisify(execFile)("npm", pack, { cwd: root, env });
    const [tarball] = JSON.parse(stdout) as [{ filename: string }];
    const quiet = ["--no-audit", "--no-fund", "--prefer-offline", "--loglevel=error"];
    await project.run("npm", "install", ...quiet, `./${tarball.filename}`, ...packages);
    return project;
  }

  async write(name: string, text: string): Promise<void> {
    await writeFile(join(this.folder, name), text);
  }

  /** @throws Error where the command fails. */
  async run(command: string, ...args: string[]): Promise<string> {
    const { status, stdout, stderr } = await this.try(command, ...args);
    if (status !== 0) throw new Error(`${command}: status ${status}\n${stdout}${stderr}`);
    return stdout;
  }

  /** Runs a command to its end, whatever that is. */
  try(command: string, ...args: string[]): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      const options = { cwd: this.folder, env: { ...env, NO_COLOR: "1" } };
      execFile(command, args, options, (error, stdout, stderr) => {
        const status = error === null ? 0 : error.code;
        if (typeof status === "number") resolve({ status, stdout, stderr });
        else reject(error ?? new Error(`${command} did not end`));
      });
    });
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}
