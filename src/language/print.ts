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

/** How operators and names are written. */
interface Dialect {
  readonly sign: (operator: BinaryOperator) => string;
  readonly transpose: string;
  /** A name, and whether it is a fraction that needs brackets where a name needs none. */
  readonly name: (name: string) => { readonly text: string; readonly isFraction: boolean };
}

const LANGUAGE: Dialect = {
  sign: (operator) => operator,
  transpose: "'",
  name: (text) => ({ text, isFraction: false }),
};

const SIGNS: Partial<Record<BinaryOperator, string>> = {
  "*": "·",
  ".*": "⊙",
  "./": "⊘",
  ".^": "^∘",
};

/** The expression on one line, with as few brackets as it needs to be understood. */
export function printSyntax(node: Syntax): string {
  return write(node, LANGUAGE).text;
}

/** What a text says without brackets around all of it: those of an operand in a list of arguments. */
export function unbracketed(text: string): string {
  if (!text.startsWith("(")) return text;
  let open = 0;
  for (let k = 0; k < text.length; k++) {
    open += text[k] === "(" ? 1 : text[k] === ")" ? -1 : 0;
    if (open === 0) return k === text.length - 1 ? text.slice(1, -1) : text;
  }
  return text;
}

/**
 * The expression with the signs of matrix calculus: W2ᵀ · ∂L/∂z2 ⊙ a1.
 * @param derivative the derivative that a name stands for, if it is one
 */
export function printMathematics(
  node: Syntax,
  derivative: (name: string) => string | undefined,
): string {
  const dialect: Dialect = {
    sign: (operator) => SIGNS[operator] ?? operator,
    transpose: "ᵀ",
    name: (name) => {
      const text = derivative(name);
      return text === undefined ? { text: name, isFraction: false } : { text, isFraction: true };
    },
  };
  return write(node, dialect).text;
}

interface Piece {
  readonly text: string;
  readonly holds: Holds;
}

/** Recursive: the parser bounds the depth of what it makes. */
function write(node: Syntax, dialect: Dialect): Piece {
  const print = (one: Syntax): string => write(one, dialect).text;
  const atom = (text: string): Piece => ({ text, holds: Holds.postfix });
  switch (node.kind) {
    case "number":
      return atom(node.text);
    case "string":
      return atom(`"${node.text}"`);
    case "name": {
      const { text, isFraction } = dialect.name(node.name);
      return { text, holds: isFraction ? Holds.product : Holds.postfix };
    }
    case "unary": {
      const { operator, operand } = node;
      if (operator === "'") {
        return atom(`${bracketed(operand, Holds.postfix, dialect)}${dialect.transpose}`);
      }
      return { text: operator + bracketed(operand, Holds.power, dialect), holds: Holds.sign };
    }
    case "binary": {
      const { operator, left, right } = node;
      const level = LEVELS[operator];
      if (level === Holds.power) {
        const [base, exponent] = [left, right].map((one) => bracketed(one, Holds.postfix, dialect));
        return { text: `${base!}${dialect.sign(operator)}${exponent!}`, holds: level };
      }
      const isMixed = level === Holds.product && mixes(operator, left);
      const first = bracketed(
        left,
        level === Holds.comparison ? Holds.sum : level,
        dialect,
        isMixed,
      );
      // a sign behind an operator reads badly, so it stands in brackets
      const tighter = { [Holds.comparison]: Holds.sum, [Holds.sum]: Holds.product };
      const second = bracketed(
        right,
        level === Holds.product ? Holds.power : tighter[level],
        dialect,
      );
      return { text: `${first} ${dialect.sign(operator)} ${second}`, holds: level };
    }
    case "call": {
      const named = node.named.map(({ name, value }) => `${name} = ${print(value)}`);
      const args = node.args.map((one) => unbracketed(print(one)));
      return atom(`${node.name}(${[...args, ...named].join(", ")})`);
    }
    case "index":
      return atom(
        `${bracketed(node.object, Holds.postfix, dialect)}[${node.positions.map((one) => position(one, dialect)).join(", ")}]`,
      );
    case "matrix": {
      const rows = node.rows.map((row) => row.map(print).join(", "));
      return atom(`[${rows.join(node.isVector ? ", " : "; ")}]`);
    }
  }
}

function bracketed(node: Syntax, least: Holds, dialect: Dialect, always = false): string {
  const { text, holds } = write(node, dialect);
  return holds < least || always ? `(${text})` : text;
}

const ENTRYWISE: ReadonlySet<BinaryOperator> = new Set([".*", "./"]);

/** Matrix products and products of entries in one chain need brackets to be understood. */
function mixes(operator: BinaryOperator, left: Syntax): boolean {
  if (left.kind !== "binary" || LEVELS[left.operator] !== Holds.product) return false;
  const isNumber = left.operator === "*" && left.left.kind === "number";
  const isScaling = left.operator === "/" || operator === "/" || isNumber;
  return !isScaling && ENTRYWISE.has(operator) !== ENTRYWISE.has(left.operator);
}

function position(one: Position, dialect: Dialect): string {
  if (one.kind === "at") return write(one.index, dialect).text;
  const { start, step, end } = one;
  const isAll =
    !step &&
    start.kind === "number" &&
    start.text === "1" &&
    end.kind === "name" &&
    end.name === "end";
  if (isAll) return ":";
  // the operands of a range hold more loosely than sums only where they are comparisons
  return [start, ...(step ? [step] : []), end]
    .map((part) => bracketed(part, Holds.sum, dialect))
    .join(":");
}
