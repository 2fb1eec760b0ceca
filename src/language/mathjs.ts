/**
 * mathjs's parser with nodes of our own. mathjs's nodes can also evaluate, compare and print themselves; all
 * of that, and what it needs, takes longer to load than a small model takes to read.
 */
import { createParse, type FactoryFunction } from "mathjs/number";
import { NODES, type SyntaxNode } from "./nodes.js";

// mathjs exports its factories without saying so in its types.
declare module "mathjs/number" {
  const createParse: FactoryFunction<(text: string) => SyntaxNode>;
}

/** mathjs's `typed` picks a function by the types of its arguments: the parser is given one text. */
const typed = Object.assign(
  (_name: string, signatures: Readonly<Record<string, unknown>>) => signatures["string"],
  { addConversion: () => undefined },
);

function parser(): (text: string) => SyntaxNode {
  return createParse({
    typed,
    config: { number: "number", numberFallback: "number" },
    numeric: (text: string) => Number(text),
    ...NODES,
  });
}

let parse: ((text: string) => SyntaxNode) | undefined;

/**
 * The syntax tree of one expression.
 * @throws SyntaxError whose message ends in ` (char N)`.
 */
export function mathjsTree(text: string): SyntaxNode {
  parse ??= parser();
  return parse(text);
}
