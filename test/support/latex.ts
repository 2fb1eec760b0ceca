/**
 * Reads printed scalar LaTeX back and evaluates it: independent of the engine, so that what stands
 * on the page is what is checked. Knows what textbooks' scalar formulas need, and nothing else.
 */
export type Lookup = (name: string) => number;

const FUNCTIONS: Readonly<Record<string, (x: number) => number>> = {
  "\\sigma": (x) => 1 / (1 + Math.exp(-x)),
  "\\tanh": Math.tanh,
  "\\sin": Math.sin,
  "\\cos": Math.cos,
  "\\ln": Math.log,
};

/** @throws Error for anything that is not understood. */
export function evaluateLatex(text: string, lookup: Lookup): number {
  const reader = new Reader(text, lookup);
  const value = reader.sum();
  reader.end();
  return value;
}

class Reader {
  private readonly tokens: string[];
  private next = 0;

  constructor(
    text: string,
    private readonly lookup: Lookup,
  ) {
    this.tokens =
      text
        .replace(/\\left|\\right|\\,|\\;|\\quad|&/g, " ")
        .replace(/\{\}/g, " ")
        .match(/\\[A-Za-z]+|\\\\|\d+(?:\.\d+)?|[A-Za-z]|[^\s]/g) ?? [];
  }

  end(): void {
    if (this.next < this.tokens.length)
      throw new Error(`unread: ${this.tokens.slice(this.next).join(" ")}`);
  }

  private peek(): string {
    return this.tokens[this.next] ?? "";
  }

  private take(expected?: string): string {
    const token = this.peek();
    if (expected !== undefined && token !== expected)
      throw new Error(`${expected} expected, not ${token}`);
    this.next++;
    return token;
  }

  sum(): number {
    let total = 0;
    let sign = 1;
    if (this.peek() === "-" || this.peek() === "+") sign = this.take() === "-" ? -1 : 1;
    for (;;) {
      total += sign * this.product();
      while (this.peek() === "\\\\") this.take();
      if (this.peek() !== "+" && this.peek() !== "-") return total;
      sign = this.take() === "-" ? -1 : 1;
    }
  }

  private product(): number {
    let value = this.power();
    while (this.startsFactor()) {
      if (this.peek() === "\\cdot") this.take();
      value *= this.power();
    }
    return value;
  }

  private startsFactor(): boolean {
    return /^(\\cdot|\\frac|\\sqrt|\\mathbf|\\mathrm|\\[A-Za-z]+|[\dA-Za-z({|])$/.test(this.peek());
  }

  private power(): number {
    const base = this.atom();
    if (this.peek() !== "^") return base;
    this.take();
    return base ** this.group();
  }

  private group(): number {
    if (this.peek() !== "{") return this.atom();
    this.take("{");
    const value = this.sum();
    this.take("}");
    return value;
  }

  private atom(): number {
    const token = this.take();
    if (/^\d/.test(token)) return Number(token);
    if (token === "(" || token === "{") {
      const value = this.sum();
      this.take(token === "(" ? ")" : "}");
      return value;
    }
    if (token === "\\frac") {
      const over = this.group();
      return over / this.group();
    }
    if (token === "\\sqrt") return Math.sqrt(this.group());
    if (token === "\\mathbf") return this.indicator();
    if (token === "e" && this.peek() === "^") {
      this.take();
      return Math.exp(this.group());
    }
    const apply = FUNCTIONS[token];
    if (apply) return apply(this.power());
    return this.lookup(this.name(token));
  }

  /** 1[a > b] */
  private indicator(): number {
    this.take("{");
    this.take("1");
    this.take("}");
    this.take("[");
    const left = this.sum();
    const relation = this.take();
    const right = this.sum();
    this.take("]");
    if (relation === ">") return left > right ? 1 : 0;
    if (relation === "<") return left < right ? 1 : 0;
    if (relation === "=") return left === right ? 1 : 0;
    throw new Error(`unknown relation ${relation}`);
  }

  /** A name with its scripts, in the order in which they are printed: w^{(1)}_{11}. */
  private name(first: string): string {
    let text = first;
    if (first === "\\mathrm") text += this.braces();
    while ((this.peek() === "^" && this.tokens[this.next + 2] === "(") || this.peek() === "_") {
      text += this.take() + this.braces();
    }
    return text;
  }

  private braces(): string {
    let text = this.take("{");
    for (let depth = 1; depth > 0;) {
      const token = this.take();
      if (token === "{") depth++;
      if (token === "}") depth--;
      text += token;
    }
    return text;
  }
}
