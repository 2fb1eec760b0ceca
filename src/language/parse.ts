/**
 * Text → syntax tree. mathjs parses each expression; only a whitelist of its nodes passes, and each
 * gets back the place of its token, since an in-order walk of the tree meets the tokens in order.
 */
import { statementElsewhere } from "./elsewhere.js";
import { mathjsTree } from "./mathjs.js";
import { inOwnWords, unsupported } from "./messages.js";
import {
  AccessorNode,
  ArrayNode,
  AssignmentNode,
  ConstantNode,
  FunctionNode,
  OperatorNode,
  ParenthesisNode,
  RangeNode,
  SymbolNode,
  type SyntaxNode,
} from "./nodes.js";
import { InputError, type Place, type Source } from "./source.js";
import {
  BINARY_OPERATORS,
  type BinaryOperator,
  type CallSyntax,
  type Position,
  type Program,
  type Statement,
  type Syntax,
  type UnaryOperator,
} from "./syntax.js";
import { tokenLines, type Token, type TokenLine } from "./tokens.js";

/**
 * Reads statements `name = expression`, one a line.
 * @throws InputError with the place, for everything that the language does not have.
 */
export function parseProgram(source: Source): Program {
  return { source, statements: tokenLines(source).map((line) => parseStatement(source, line)) };
}

function parseStatement(source: Source, line: TokenLine): Statement {
  const [name, equals, ...rest] = line;
  const start = name!;
  if (start.kind !== "name" || equals?.text !== "=") {
    throw new InputError("a statement is NAME = EXPRESSION", {
      place: { source, offset: equals && start.kind === "name" ? equals.offset : start.offset },
      hint: statementElsewhere(start.text, equals?.text) ?? "such as y = W * x + b",
    });
  }
  if (rest.length === 0) {
    throw new InputError(`${start.text} = is followed by nothing`, {
      place: { source, offset: equals.offset },
    });
  }
  const last = line.at(-1)!;
  return {
    name: start.text,
    place: { source, offset: start.offset },
    expression: new Reader(source, rest).read(),
    text: source.text.slice(start.offset, last.offset + last.text.length),
  };
}

/** Brackets, signs, powers and indices inside each other. */
const MAX_DEPTH = 1000;

/** Converts one expression, walking mathjs's tree and the tokens side by side. */
class Reader {
  private position = 0;
  private depth = 0;

  constructor(
    private readonly source: Source,
    private readonly tokens: readonly Token[],
  ) {}

  read(): Syntax {
    const node = this.convert(this.parse());
    const left = this.tokens[this.position];
    if (left) throw this.error(left, `${left.text} is not expected here`);
    return node;
  }

  /** The text for mathjs: the tokens at their own distances, without comments and strings. */
  private parse(): SyntaxNode {
    const start = this.tokens[0]!.offset;
    let text = "";
    for (const token of this.tokens) {
      text = text.padEnd(token.offset - start);
      text += token.kind === "string" ? `"${"s".repeat(token.text.length - 2)}"` : token.text;
    }
    try {
      return mathjsTree(text);
    } catch (error) {
      if (error instanceof RangeError) {
        throw this.tooDeep(this.tokens[0]);
      }
      if (!(error instanceof SyntaxError)) throw error;
      const match = /^(.*?)\s*\(char (\d+)\)$/s.exec(error.message);
      const offset = start + (match ? Number(match[2]) - 1 : 0);
      const after = this.tokens.findIndex((token) => token.offset >= offset);
      const found = this.tokens.at(after)!;
      throw this.error(found, ...inOwnWords(match?.[1] ?? error.message, found, this.tokens));
    }
  }

  private tooDeep(token: Token | undefined): InputError {
    const hint = "give the inner expressions names of their own";
    return this.error(token, "the expression is nested too deeply", hint);
  }

  private convert(node: SyntaxNode): Syntax {
    if (++this.depth > MAX_DEPTH) throw this.tooDeep(this.peek());
    const converted = this.convertChain(node);
    this.depth--;
    return converted;
  }

  /** `a + b - c`: left operands in a loop, since chains may be long. */
  private convertChain(node: SyntaxNode): Syntax {
    const spine: OperatorNode[] = [];
    let leftmost = node;
    for (;;) {
      if (!(leftmost instanceof OperatorNode) || leftmost.args.length !== 2) break;
      spine.push(leftmost);
      leftmost = leftmost.args[0]!;
    }
    let left = this.convertOperand(leftmost);
    for (const operator of spine.reverse()) {
      const token = operator.implicit ? undefined : this.take(operator.op);
      const place = token ? this.place(token) : this.place(this.peek());
      const right = this.convert(operator.args[1]!);
      const known = BINARY_OPERATORS.find((candidate) => candidate === operator.op);
      if (!known) throw this.error(token, `the operator ${operator.op} is not supported`);
      left = { kind: "binary", operator: known satisfies BinaryOperator, left, right, place };
    }
    return left;
  }

  private convertOperand(node: SyntaxNode): Syntax {
    if (node instanceof ParenthesisNode) {
      this.take("(");
      const content = this.convert(node.content);
      this.take(")");
      return content;
    }
    if (node instanceof OperatorNode) return this.convertUnary(node.op, node.args[0]!);
    if (node instanceof ConstantNode) {
      const token = this.take();
      if (token.kind === "number")
        return { kind: "number", text: token.text, place: this.place(token) };
      if (token.kind !== "string") throw this.error(token, `${token.text} is not supported`);
      const text = token.text.slice(1, -1).replaceAll("\\\\", "\\");
      return { kind: "string", text, place: this.place(token) };
    }
    if (node instanceof SymbolNode) {
      const token = this.take(node.name);
      return { kind: "name", name: node.name, place: this.place(token) };
    }
    if (node instanceof FunctionNode) return this.convertCall(node);
    if (node instanceof AccessorNode) return this.convertAccessor(node);
    if (node instanceof ArrayNode) return this.convertMatrix(node);
    throw this.unsupported(node);
  }

  private convertUnary(sign: string, operand: SyntaxNode): Syntax {
    if (sign === "'") {
      const converted = this.convert(operand);
      return {
        kind: "unary",
        operator: "'",
        operand: converted,
        place: this.place(this.take("'")),
      };
    }
    const token = this.take(sign);
    if (sign !== "-" && sign !== "+")
      throw this.error(token, `the operator ${sign} is not supported`);
    return {
      kind: "unary",
      operator: sign satisfies UnaryOperator,
      operand: this.convert(operand),
      place: this.place(token),
    };
  }

  private convertCall(node: FunctionNode): Syntax {
    const { fn } = node;
    if (!(fn instanceof SymbolNode)) {
      throw this.error(this.peek(), "only functions with a name can be called");
    }
    const place = this.place(this.take(fn.name));
    this.take("(");
    const args: Syntax[] = [];
    const named: CallSyntax["named"][number][] = [];
    for (const [position, argument] of node.args.entries()) {
      if (position > 0) this.take(",");
      if (argument instanceof AssignmentNode) {
        const token = this.take();
        this.take("=");
        named.push({
          name: token.text,
          value: this.convert(argument.value),
          place: this.place(token),
        });
      } else {
        if (named.length > 0) {
          throw this.error(this.peek(), "an argument without a name stands behind one with a name");
        }
        args.push(this.convert(argument));
      }
    }
    this.take(")");
    return { kind: "call", name: fn.name, args, named, place };
  }

  private convertAccessor(node: AccessorNode): Syntax {
    const object = this.convert(node.object);
    const bracket = this.take("[");
    const positions: Position[] = [];
    for (const [axis, dimension] of node.index.dimensions.entries()) {
      if (axis > 0) this.take(",");
      positions.push(
        dimension instanceof RangeNode
          ? this.convertRange(dimension)
          : { kind: "at", index: this.convert(dimension) },
      );
    }
    this.take("]");
    return { kind: "index", object, positions, place: this.place(bracket) };
  }

  /** `a:b`, `a:step:b`, or `:` with the ends left out, which mathjs fills in with 1 and `end`. */
  private convertRange(node: RangeNode): Position {
    const ends = (token: Token | undefined): boolean => token?.text === "," || token?.text === "]";
    const first = this.peek();
    const implied = (text: string): Syntax =>
      text === "end"
        ? { kind: "name", name: text, place: this.place(first) }
        : { kind: "number", text, place: this.place(first) };
    const start = first.text === ":" ? implied("1") : this.convert(node.start);
    this.take(":");
    let step: Syntax | undefined;
    if (node.step) {
      step = this.convert(node.step);
      this.take(":");
    }
    const end = ends(this.tokens[this.position]) ? implied("end") : this.convert(node.end);
    return { kind: "range", start, end, step };
  }

  /** `[1, 2; 3, 4]` and `[[1, 2], [3, 4]]` are the same; `[1, 2]` is a vector, `[1; 2]` 2×1. */
  private convertMatrix(node: ArrayNode): Syntax {
    const bracket = this.take("[");
    const place = this.place(bracket);
    const byRows = node.items.map((item) => (item instanceof ArrayNode ? item : undefined));
    if (byRows.every((row) => row === undefined)) {
      const entries = this.separated(node.items, ",", (item) => this.entry(item));
      this.take("]");
      return { kind: "matrix", rows: entries.map((entry) => [entry]), isVector: true, place };
    }
    const nested = this.peek().text === "[";
    const rows = this.separated(byRows, nested ? "," : ";", (row) => {
      if (!row) throw this.error(this.peek(), "an array mixes numbers and rows");
      if (nested) this.take("[");
      const entries = this.separated(row.items, ",", (item) => this.entry(item));
      if (nested) this.take("]");
      return entries;
    });
    this.take("]");
    return { kind: "matrix", rows, isVector: false, place };
  }

  private entry(node: SyntaxNode): Syntax {
    if (node instanceof ArrayNode) throw this.error(this.peek(), "an array has at most two axes");
    return this.convert(node);
  }

  private separated<Item, Result>(
    items: readonly Item[],
    separator: string,
    convert: (item: Item) => Result,
  ): Result[] {
    return items.map((item, position) => {
      if (position > 0) this.take(separator);
      return convert(item);
    });
  }

  private place(token: Token): Place {
    return { source: this.source, offset: token.offset };
  }

  private peek(): Token {
    return this.tokens[this.position] ?? this.tokens.at(-1)!;
  }

  private take(text?: string): Token {
    const token = this.tokens[this.position];
    if (!token || (text !== undefined && token.text !== text)) {
      throw this.error(this.peek(), `${text ?? "more"} is expected here`);
    }
    this.position++;
    return token;
  }

  private unsupported(node: SyntaxNode): InputError {
    const { sign, which = 0, message, hint } = unsupported(node.type);
    const rest = this.tokens.slice(this.position);
    const token = sign && rest.filter(({ text }) => sign.test(text))[which];
    return this.error(token ?? this.peek(), message, hint);
  }

  private error(token: Token | undefined, message: string, hint?: string): InputError {
    return new InputError(message, { place: this.place(token ?? this.peek()), hint });
  }
}
