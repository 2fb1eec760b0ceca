/** Shapes of read formulas, as far as they are known without the surroundings. */
import { isScalar, type Matrix, type Shape } from "./matrix.js";
import type { Chain, Node } from "./tree.js";

export const UNKNOWN: Shape = { rows: undefined, columns: undefined };
const NUMBER: Shape = { rows: 1, columns: 1 };

/** @param evaluated the value of what needs nothing from its surroundings */
export function shapeOf(node: Node, evaluated: (node: Node) => Matrix): Shape {
  const inner = (one: Node): Shape => shapeOf(one, evaluated);
  switch (node.kind) {
    case "number":
    case "letter":
    case "size":
    case "fraction":
    case "reduction":
    case "norm":
      return NUMBER;
    case "ones":
    case "unit":
      return { rows: undefined, columns: 1 };
    case "transpose": {
      const { rows, columns } = inner(node.of);
      return { rows: columns, columns: rows };
    }
    case "sum": {
      const shapes = node.terms
        .filter(({ node: term }) => term.kind !== "number" && term.kind !== "fraction")
        .map(({ node: term }) => inner(term));
      return shapes.length === 0 ? NUMBER : together(shapes);
    }
    case "chain":
      return chainShape(node, inner);
    case "entrywise power":
      return inner(node.base);
    case "power":
      return inner(node.base);
    case "call":
      return callShape(node.name, node.args.map(inner));
    case "indicator": {
      const shapes = [node.left, node.right].map(inner).filter((one) => !isScalar(one));
      return shapes.length === 0 ? NUMBER : together(shapes);
    }
    case "cases":
      return together(node.cases.map(({ value }) => inner(value)));
    default:
      return evaluated(node);
  }
}

function callShape(name: string, args: readonly Shape[]): Shape {
  const [first] = args as [Shape];
  switch (name) {
    case "tr":
    case "logsumexp":
      return NUMBER;
    case "diag":
      // of a column: the matrix with it on its diagonal; of a matrix: its diagonal
      if (first.rows === 1) return { rows: first.columns, columns: first.columns };
      return first.columns === 1
        ? { rows: first.rows, columns: first.rows }
        : { rows: first.rows, columns: 1 };
    case "vec":
      return { rows: times(first.rows, first.columns), columns: 1 };
    case "rowlogsumexp":
    case "rowmax":
    case "rowmin":
      return { rows: first.rows, columns: 1 };
    case "collogsumexp":
    case "colmax":
    case "colmin":
      return { rows: 1, columns: first.columns };
  }
  if ((name === "max" || name === "min") && args.length === 1) return NUMBER;
  const shapes = args.filter((one) => !isScalar(one));
  return shapes.length === 0 ? NUMBER : together(shapes);
}

function chainShape({ first, rest }: Chain, inner: (node: Node) => Shape): Shape {
  const parts: Shape[] = [inner(first)];
  const joins: string[] = [];
  for (const { join, node } of rest) {
    const shape = inner(node);
    if (join === "product") parts.push(multiplied(parts.pop()!, shape));
    else {
      parts.push(shape);
      joins.push(join);
    }
  }
  if (joins.includes("kronecker")) {
    return parts.reduce((a, b) => ({
      rows: times(a.rows, b.rows),
      columns: times(a.columns, b.columns),
    }));
  }
  return together(parts);
}

function multiplied(a: Shape, b: Shape): Shape {
  if (isScalar(a)) return b;
  if (isScalar(b)) return a;
  return { rows: a.rows, columns: b.columns };
}

function together(shapes: readonly Shape[]): Shape {
  return {
    rows: shapes.find(({ rows }) => rows !== undefined)?.rows,
    columns: shapes.find(({ columns }) => columns !== undefined)?.columns,
  };
}

const times = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined || b === undefined ? undefined : a * b;
