/** Syntax → text of the model language: parsed again, it gives the same tree. */
import type { BinaryOperator, Position, Syntax } from "./syntax.js";

/** How tightly a piece of text holds together, loosest first. */
enum Holds {
  comparison,
  sum,
  product,
  sign,
  power,
  postfix,
}

type Level = Holds.comparison | Holds.sum | Holds.product | Holds.power;

const LEVELS: Readonly<Record<BinaryOperator, Level>> = {
  "+": Holds.sum,
  "-": Holds.sum,
  "*": Holds.product,
  "/": Holds.product,
  ".*": Holds.product,
  "./": Holds.product,
  "^": Holds.power,
  ".^": Holds.power,
  "<": Holds.comparison,
  "<=": Holds.comparison,
  ">": Holds.comparison,
  ">=": Holds.comparison,
  "==": Holds.comparison,
  "!=": Holds.comparison,
};

/** The expression on one line, with as few brackets as it needs to be understood. */
export function printSyntax(node: Syntax): string {
  return write(node).text;
}

interface Piece {
  readonly text: string;
  readonly holds: Holds;
}

/** Recursive: the parser bounds the depth of what it makes. */
function write(node: Syntax): Piece {
  const atom = (text: string): Piece => ({ text, holds: Holds.postfix });
  switch (node.kind) {
    case "number":
      return atom(node.text);
    case "string":
      return atom(`"${node.text}"`);
    case "name":
      return atom(node.name);
    case "unary": {
      const { operator, operand } = node;
      if (operator === "'") return atom(`${bracketed(operand, Holds.postfix)}'`);
      return { text: operator + bracketed(operand, Holds.power), holds: Holds.sign };
    }
    case "binary": {
      const { operator, left, right } = node;
      const level = LEVELS[operator];
      if (level === Holds.power) {
        const [base, exponent] = [left, right].map((one) => bracketed(one, Holds.postfix));
        return { text: `${base!}${operator}${exponent!}`, holds: level };
      }
      const isMixed = level === Holds.product && mixes(operator, left);
      const first = bracketed(left, level === Holds.comparison ? Holds.sum : level, isMixed);
      // a sign behind an operator reads badly, so it stands in brackets
      const tighter = { [Holds.comparison]: Holds.sum, [Holds.sum]: Holds.product };
      const second = bracketed(right, level === Holds.product ? Holds.power : tighter[level]);
      return { text: `${first} ${operator} ${second}`, holds: level };
    }
    case "call": {
      const named = node.named.map(({ name, value }) => `${name} = ${printSyntax(value)}`);
      return atom(`${node.name}(${[...node.args.map(printSyntax), ...named].join(", ")})`);
    }
    case "index":
      return atom(
        `${bracketed(node.object, Holds.postfix)}[${node.positions.map(position).join(", ")}]`,
      );
    case "matrix": {
      const rows = node.rows.map((row) => row.map(printSyntax).join(", "));
      return atom(`[${rows.join(node.isVector ? ", " : "; ")}]`);
    }
  }
}

function bracketed(node: Syntax, least: Holds, always = false): string {
  const { text, holds } = write(node);
  return holds < least || always ? `(${text})` : text;
}

const ENTRYWISE: ReadonlySet<BinaryOperator> = new Set([".*", "./"]);

/** Matrix products and products of entries in one chain need brackets to be understood. */
function mixes(operator: BinaryOperator, left: Syntax): boolean {
  if (left.kind !== "binary" || LEVELS[left.operator] !== Holds.product) return false;
  const isScaling = left.operator === "/" || operator === "/";
  return !isScaling && ENTRYWISE.has(operator) !== ENTRYWISE.has(left.operator);
}

function position(one: Position): string {
  if (one.kind === "at") return printSyntax(one.index);
  const { start, step, end } = one;
  const isAll =
    !step &&
    start.kind === "number" &&
    start.text === "1" &&
    end.kind === "name" &&
    end.name === "end";
  if (isAll) return ":";
  // the operands of a range hold more loosely than sums only where they are comparisons
  return [start, ...(step ? [step] : []), end].map((part) => bracketed(part, Holds.sum)).join(":");
}
