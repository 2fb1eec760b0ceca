import { parts, type Syntax } from "./syntax.js";

const LONGEST = 40;

/** A piece of syntax in the model language, on one line; what is long is cut with "…". */
export function syntaxText(node: Syntax): string {
  let budget = 60;
  const write = (piece: Syntax): string => {
    if (--budget < 0) return "…";
    switch (piece.kind) {
      case "number":
        return piece.text;
      case "string":
        return `"${piece.text}"`;
      case "name":
        return piece.name;
      case "unary":
        return piece.operator === "'"
          ? `${operand(piece.operand)}'`
          : piece.operator + operand(piece.operand);
      case "binary":
        return `${operand(piece.left)} ${piece.operator} ${operand(piece.right)}`;
      case "call": {
        const named = piece.named.map(({ name, value }) => `${name} = ${write(value)}`);
        return `${piece.name}(${[...piece.args.map(write), ...named].join(", ")})`;
      }
      case "index": {
        const positions = piece.positions.map((position) => {
          if (position.kind === "at") return write(position.index);
          const { start, step, end } = position;
          if (start.place.offset === end.place.offset) return ":";
          return [start, ...(step ? [step] : []), end].map(write).join(":");
        });
        return `${operand(piece.object)}[${positions.join(", ")}]`;
      }
      case "matrix":
        return `[${piece.rows.map((row) => row.map(write).join(", ")).join(piece.isVector ? ", " : "; ")}]`;
    }
  };
  const operand = (piece: Syntax): string =>
    piece.kind === "binary" || (piece.kind === "unary" && piece.operator !== "'")
      ? `(${write(piece)})`
      : write(piece);
  if (depth(node) > budget) return "…";
  const text = write(node);
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}

/** How deep a tree is, counted up to 100. */
function depth(node: Syntax): number {
  let level: readonly Syntax[] = [node];
  let count = 0;
  while (level.length > 0 && count < 100) {
    level = level.slice(0, 1000).flatMap(parts);
    count++;
  }
  return count;
}
