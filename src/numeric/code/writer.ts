/** Lines of code with their indentation. */
export class Writer {
  readonly lines: string[] = [];
  private depth = 1;

  line(text: string): void {
    this.lines.push("  ".repeat(this.depth) + text);
  }

  open(text: string): void {
    this.line(text);
    this.depth++;
  }

  close(): void {
    this.depth--;
    this.line("}");
  }
}
