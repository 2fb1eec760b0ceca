/**
 * Nodes of the trees that mathjs's parser makes. It makes them by these constructors, whose arguments are
 * mathjs's, and asks them of what kind they are; what else a node of mathjs can do is not needed.
 */

/** A node whose `type` says which of the classes below it is of. */
export interface SyntaxNode {
  readonly type: string;
}

class Node implements SyntaxNode {
  constructor(readonly type: string) {}

  /** The parser looks for it on the prototype. */
  get isNode(): true {
    return true;
  }
}

export class ConstantNode extends Node {
  readonly isConstantNode = true;

  constructor(readonly value: unknown) {
    super("ConstantNode");
  }
}

export class SymbolNode extends Node {
  readonly isSymbolNode = true;

  constructor(readonly name: string) {
    super("SymbolNode");
  }
}

export class ParenthesisNode extends Node {
  constructor(readonly content: SyntaxNode) {
    super("ParenthesisNode");
  }
}

export class OperatorNode extends Node {
  readonly isOperatorNode = true;

  /**
   * @param op as it is written
   * @param fn mathjs's name of it
   * @param implicit whether it is a product without a sign
   */
  constructor(
    readonly op: string,
    readonly fn: string,
    readonly args: readonly SyntaxNode[],
    readonly implicit = false,
  ) {
    super("OperatorNode");
  }
}

export class FunctionNode extends Node {
  readonly isFunctionNode = true;

  constructor(
    readonly fn: SyntaxNode,
    readonly args: readonly SyntaxNode[],
  ) {
    super("FunctionNode");
  }
}

export class AssignmentNode extends Node {
  readonly value: SyntaxNode;

  /** @param rest an index, where an entry is assigned to, and the value */
  constructor(
    readonly object: SyntaxNode,
    ...rest: [value: SyntaxNode] | [index: SyntaxNode, value: SyntaxNode]
  ) {
    super("AssignmentNode");
    this.value = rest[1] ?? rest[0];
  }
}

export class AccessorNode extends Node {
  readonly isAccessorNode = true;

  constructor(
    readonly object: SyntaxNode,
    readonly index: IndexNode,
  ) {
    super("AccessorNode");
  }
}

export class IndexNode extends Node {
  constructor(readonly dimensions: readonly SyntaxNode[]) {
    super("IndexNode");
  }
}

export class RangeNode extends Node {
  constructor(
    readonly start: SyntaxNode,
    readonly end: SyntaxNode,
    readonly step?: SyntaxNode,
  ) {
    super("RangeNode");
  }
}

export class ArrayNode extends Node {
  constructor(readonly items: readonly SyntaxNode[]) {
    super("ArrayNode");
  }
}

/** Nodes of syntax that the language does not have: nothing is kept of them but their type. */
function foreign(type: string): new () => SyntaxNode {
  return class extends Node {
    constructor() {
      super(type);
    }
  };
}

/** All constructors that the parser asks for. */
export const NODES = {
  AccessorNode,
  ArrayNode,
  AssignmentNode,
  BlockNode: foreign("BlockNode"),
  ConditionalNode: foreign("ConditionalNode"),
  ConstantNode,
  FunctionAssignmentNode: foreign("FunctionAssignmentNode"),
  FunctionNode,
  IndexNode,
  ObjectNode: foreign("ObjectNode"),
  OperatorNode,
  ParenthesisNode,
  RangeNode,
  RelationalNode: foreign("RelationalNode"),
  SymbolNode,
};
