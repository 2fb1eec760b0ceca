/**
 * mathjs's parser, put together from mathjs's own factories. What mathjs itself wires around them
 * (dispatch by types, functions, units) serves evaluation and takes longer to make than a small
 * model takes to read; here mathjs parses and evaluates nothing.
 */
import type { FactoryFunction, MathNode } from "mathjs";
import {
  createAccessorNode,
  createArrayNode,
  createAssignmentNode,
  createBlockNode,
  createConditionalNode,
  createConstantNode,
  createFunctionAssignmentNode,
  createFunctionNode,
  createIndexNode,
  createNode,
  createObjectNode,
  createOperatorNode,
  createParenthesisNode,
  createParse,
  createRangeNode,
  createRelationalNode,
  createSymbolNode,
} from "mathjs/number";

// mathjs exports its factories without saying so in its types.
declare module "mathjs/number" {
  const createAccessorNode: FactoryFunction<unknown>;
  const createArrayNode: FactoryFunction<unknown>;
  const createAssignmentNode: FactoryFunction<unknown>;
  const createBlockNode: FactoryFunction<unknown>;
  const createConditionalNode: FactoryFunction<unknown>;
  const createConstantNode: FactoryFunction<unknown>;
  const createFunctionAssignmentNode: FactoryFunction<unknown>;
  const createFunctionNode: FactoryFunction<unknown>;
  const createIndexNode: FactoryFunction<unknown>;
  const createNode: FactoryFunction<unknown>;
  const createObjectNode: FactoryFunction<unknown>;
  const createOperatorNode: FactoryFunction<unknown>;
  const createParenthesisNode: FactoryFunction<unknown>;
  const createParse: FactoryFunction<(text: string) => MathNode>;
  const createRangeNode: FactoryFunction<unknown>;
  const createRelationalNode: FactoryFunction<unknown>;
  const createSymbolNode: FactoryFunction<unknown>;
}

/** mathjs's `typed` picks a function by the types of its arguments: the parser is given one text. */
const typed = Object.assign(
  (_name: string, signatures: Readonly<Record<string, unknown>>) => signatures["string"],
  { addConversion: () => undefined },
);

function unused(): never {
  throw new Error("mathjs is to parse, not to evaluate");
}

/** What mathjs's factories take from each other; `math` and the rest are for evaluation. */
function parser(): (text: string) => MathNode {
  const base = {
    typed,
    math: {},
    mathWithTransform: {},
    config: { number: "number", numberFallback: "number" },
    numeric: (text: string) => Number(text),
    isBounded: unused,
    ResultSet: unused,
    size: unused,
    subset: unused,
  };
  const scope = { ...base, Node: createNode(base) };
  const SymbolNode = createSymbolNode(scope);
  return createParse({
    ...scope,
    SymbolNode,
    AccessorNode: createAccessorNode(scope),
    ArrayNode: createArrayNode(scope),
    AssignmentNode: createAssignmentNode(scope),
    BlockNode: createBlockNode(scope),
    ConditionalNode: createConditionalNode(scope),
    ConstantNode: createConstantNode(scope),
    FunctionAssignmentNode: createFunctionAssignmentNode(scope),
    FunctionNode: createFunctionNode({ ...scope, SymbolNode }),
    IndexNode: createIndexNode(scope),
    ObjectNode: createObjectNode(scope),
    OperatorNode: createOperatorNode(scope),
    ParenthesisNode: createParenthesisNode(scope),
    RangeNode: createRangeNode(scope),
    RelationalNode: createRelationalNode(scope),
  });
}

let parse: ((text: string) => MathNode) | undefined;

/**
 * The syntax tree of one expression.
 * @throws SyntaxError whose message ends in ` (char N)`.
 */
export function mathjsTree(text: string): MathNode {
  parse ??= parser();
  return parse(text);
}
