/** LaTeX → tree: one reading of every formula, or an error. Knows no more than textbooks write. */
import { readPositions, splitScript } from "./positions.js";
import { RELATIONS, SpecialReader } from "./special.js";
import type { Join, Node } from "./tree.js";

const JOINS: Readonly<Record<string, Join>> = {
  "\\cdot": "product",
  "\\odot": "hadamard",
  "\\oslash": "quotient",
  "\\otimes": "kronecker",
};
/** What ends a product, and so what a sum over an index is taken of. */
const ENDS_TERM: ReadonlySet<string> = new Set(["+", "-", ",", ...RELATIONS]);
/** Functions that are commands of LaTeX; their arguments stand in brackets. */
const COMMANDS: ReadonlySet<string> = new Set(["\\tanh", "\\sin", "\\cos", "\\tan", "\\exp"]);

export class Parser extends SpecialReader {
  /** What took all that followed, such as \\ln x: nothing may stand behind it. */
  private open: Node | undefined;

  protected override inside(
    tokens: readonly string[],
    letters: ReadonlySet<string> = this.letters,
  ): Parser {
    return new Parser(tokens, this.symbols, letters);
  }

  sum(): Node {
    let sign: 1 | -1 = 1;
    if (this.peek() === "-") sign = this.take() === "-" ? -1 : 1;
    const terms: { sign: 1 | -1; node: Node }[] = [];
    for (;;) {
      terms.push({ sign, node: this.term() });
      const next = this.peek();
      if (next !== "+" && next !== "-") break;
      sign = this.take() === "-" ? -1 : 1;
    }
    const [only] = terms;
    return terms.length === 1 && only!.sign === 1 ? only!.node : { kind: "sum", terms };
  }

  private term(): Node {
    const first = this.ratio();
    const rest: { join: Join; node: Node }[] = [];
    for (;;) {
      const join = JOINS[this.peek()];
      if (join) this.take();
      else if (!this.startsFactor()) break;
      if ((rest.at(-1)?.node ?? first) === this.open) this.fail("a factor behind an open end");
      rest.push({ join: join ?? "product", node: this.factor() });
    }
    return rest.length === 0 ? first : { kind: "chain", first, rest };
  }

  /** A factor, or numbers in one line: 3/2. */
  private ratio(): Node {
    const over = this.factor();
    if (over.kind !== "number" || this.peek() !== "/") return over;
    this.take();
    return { kind: "fraction", over, under: this.factor() };
  }

  private startsFactor(): boolean {
    const token = this.peek();
    if (token === "" || JOINS[token] || RELATIONS.has(token)) return false;
    return /^(\\left.*|\\[A-Za-z]+|\d.*|[A-Za-z({])$/.test(token) && !/^\\right/.test(token);
  }

  /** An atom with its scripts. */
  factor(): Node {
    const isBracketed = this.peek() === "\\left(";
    let node = this.atom();
    for (;;) {
      if (this.peek() === "_") {
        if (!isWhole(node) && !isBracketed) this.fail("a subscript on something that is no matrix");
        this.take();
        node = this.indexed(node, this.group());
      } else if (this.peek() === "^") {
        this.take();
        node = this.raised(node, this.group());
      } else {
        return node;
      }
    }
  }

  private indexed(of: Node, script: readonly string[]): Node {
    if (of.kind !== "reference") {
      const positions = readPositions(splitScript(script, 2), (one) => this.whole(one));
      return { kind: "slice", of, positions };
    }
    const { axes } = this.symbols.quantities.find(({ name }) => name === of.name)!;
    const positions = readPositions(splitScript(script, axes), (one) => this.whole(one));
    return { ...of, positions };
  }

  /** The arguments of a function: \left( … , … \right). */
  private arguments(): Node[] {
    const parser = this.inside(this.enclosed("\\left(", "\\right)"));
    const args = [parser.sum()];
    while (parser.peek() === ",") {
      parser.take();
      args.push(parser.sum());
    }
    parser.end();
    return args;
  }

  // ————— atoms —————

  private atom(): Node {
    const token = this.peek();
    if (/^\d/.test(token)) return { kind: "number", value: Number(this.take()) };
    if (token === "\\left(") return this.whole(this.enclosed("\\left(", "\\right)"));
    // a matrix in small signs stands between brackets of its own
    if (token === "\\left[" && this.peek(1) === "\\begin") {
      return this.whole(this.enclosed("\\left[", "\\right]"));
    }
    if (token === "\\left|") {
      const of = this.whole(this.enclosed("\\left|", "\\right|"));
      return { kind: "call", name: "abs", along: "", args: [of] };
    }
    const known = this.symbol();
    if (known) return known;
    if (token === "{") return this.whole(this.enclosed("{", "}"));
    if (COMMANDS.has(token) || (token === "\\sigma" && ["\\left(", "'"].includes(this.peek(1)))) {
      return this.call(this.take().slice(1));
    }
    switch (token) {
      case "\\frac":
        return this.fraction();
      case "\\sqrt":
        this.take();
        return { kind: "call", name: "sqrt", along: "", args: [this.whole(this.group())] };
      case "\\sum":
      case "\\max":
      case "\\min":
        return this.peek(1) === "_" ? this.reduction() : this.call(this.take().slice(1));
      case "\\ln":
        return this.logarithm();
      case "\\pi":
        this.take();
        return { kind: "number", value: Math.PI };
      case "e":
        return this.exponential();
      case "\\operatorname":
        return this.operator();
      case "\\mathbf":
      case "\\hat":
        return this.special();
      case "I":
        this.take();
        this.take("_");
        return { kind: "identity", size: this.whole(this.group()) };
      case "\\left\\lVert":
        return this.norm();
      case "\\underbrace":
        return this.shaped();
      case "\\begin":
        return this.environment();
    }
    if (this.letters.has(token)) return { kind: "letter", letter: this.take() };
    return this.fail("not understood");
  }

  private call(name: string, along = ""): Node {
    const prime = this.peek() === "'" ? this.take() : "";
    if (this.peek() !== "\\left(") this.fail(`${name} without brackets`);
    return { kind: "call", name: `${name}${prime}`, along, args: this.arguments() };
  }

  private fraction(): Node {
    this.take("\\frac");
    const [above, below] = [this.group(), this.group()];
    if (above[0] === "\\partial") {
      if (below[0] !== "\\partial") this.fail("∂ stands above and not below");
      const isDirect = above[1] === "^";
      const rest = isDirect ? above.slice(above.indexOf("}") + 1) : above.slice(1);
      return { ...this.partial(rest, below.slice(1)), isDirect };
    }
    return { kind: "fraction", over: this.whole(above), under: this.whole(below) };
  }

  /** \sum_{i=1}^{n} …, \max_{1 \le i \le n} …: the letter holds to the end of the product. */
  private reduction(): Node {
    const reduction = this.take().slice(1) as "sum" | "max" | "min";
    this.take("_");
    const below = this.group();
    let letter: string;
    let from: Node;
    let to: Node;
    if (reduction === "sum") {
      letter = below[0]!;
      if (below[1] !== "=") this.fail("a sum without a first index");
      from = this.whole(below.slice(2));
      this.take("^");
      to = this.whole(this.group());
    } else {
      const first = below.indexOf("\\le");
      const last = below.lastIndexOf("\\le");
      if (last !== first + 2) this.fail(`${reduction} without a range`);
      letter = below[first + 1]!;
      from = this.whole(below.slice(0, first));
      to = this.whole(below.slice(last + 1));
    }
    this.requireFree(letter);
    const end = this.endOfTerm();
    const inner = this.inside(this.tokens.slice(this.at, end), new Set([...this.letters, letter]));
    const body = inner.term();
    inner.end();
    this.at = end;
    return (this.open = { kind: "reduction", reduction, letter, from, to, body });
  }

  /** @throws UnreadableError for a letter that already means something. */
  private requireFree(letter: string): void {
    if (this.letters.has(letter)) this.fail(`the index ${letter} is used twice`);
    if (this.symbols.hasBase(letter)) this.fail(`the index ${letter} is a quantity too`);
  }

  private endOfTerm(): number {
    let depth = 0;
    for (let at = this.at; at < this.tokens.length; at++) {
      const token = this.tokens[at]!;
      if (token === "{" || token.startsWith("\\left")) depth++;
      if (token === "}" || token.startsWith("\\right")) depth--;
      if (depth === 0 && at > this.at && ENDS_TERM.has(token)) return at;
    }
    return this.tokens.length;
  }

  private logarithm(): Node {
    this.take("\\ln");
    const isBracketed = this.peek() === "\\left(";
    const of = isBracketed
      ? this.whole(this.enclosed("\\left(", "\\right)"))
      : this.peek() === "\\sum"
        ? this.reduction()
        : this.factor();
    if (this.peek() === "^") this.fail("a power of a logarithm without brackets");
    const node: Node = { kind: "call", name: "ln", along: "", args: [of] };
    if (!isBracketed) this.open = node;
    return node;
  }

  private exponential(): Node {
    this.take("e");
    if (this.peek() !== "^") return { kind: "number", value: Math.E };
    this.take();
    return { kind: "call", name: "exp", along: "scalar", args: [this.whole(this.group())] };
  }

  private operator(): Node {
    this.take();
    const name = this.group().join("");
    let along = "";
    if (this.peek() === "_") {
      this.take();
      along = this.group().join("").replace("\\mathrm{", "").replace("}", "");
    }
    return this.call(name, along);
  }
}

function isWhole(node: Node): boolean {
  return (
    (node.kind === "reference" && node.positions === undefined) ||
    node.kind === "identity" ||
    node.kind === "partial"
  );
}
