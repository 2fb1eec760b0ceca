/** The cells of a notebook, one after the other. */
import { preamble } from "./functions.js";

export interface NotebookCell {
  readonly id: string;
  readonly cell_type: "markdown" | "code";
  readonly metadata: Readonly<Record<string, never>>;
  /** Lines, each with its line break but the last. */
  readonly source: readonly string[];
  readonly execution_count?: null;
  readonly outputs?: readonly never[];
}

export class Cells {
  readonly all: NotebookCell[] = [];
  /** The place of the cell before the code, which is written when the code is known. */
  private opening: number | undefined;

  text(source: string): void {
    this.all.push({ ...this.start("markdown"), source: lines(source) });
  }

  code(source: string): void {
    this.opening ??= this.all.push(this.codeCell("")) - 1;
    this.all.push(this.codeCell(source));
  }

  /** Writes what the code needs before its first cell. */
  open(): void {
    if (this.opening === undefined) return;
    const code = this.all.filter((one) => one.cell_type === "code").flatMap(({ source }) => source);
    const { id } = this.all[this.opening]!;
    this.all[this.opening] = { ...this.codeCell(preamble(code.join(""))), id };
  }

  private codeCell(source: string): NotebookCell {
    return {
      ...this.start("code"),
      execution_count: null,
      outputs: [],
      source: lines(source),
    };
  }

  private start<Kind extends string>(
    kind: Kind,
  ): { id: string; cell_type: Kind; metadata: Readonly<Record<string, never>> } {
    return { id: `cell-${this.all.length + 1}`, cell_type: kind, metadata: {} };
  }
}

function lines(source: string): string[] {
  return source.split(/(?<=\n)/);
}
