/** Mistakes in what is cut out of a quantity, and in what is put together of several. */
import { numeral } from "../../../language/compose.js";
import { printSyntax } from "../../../language/print.js";
import type { IndexSyntax, Position, Syntax } from "../../../language/syntax.js";
import type { Fault } from "../../explanations/hypothesis.js";
import { constantValue } from "./factors.js";
import {
  atSpots,
  type Spot,
  type Surroundings,
  type Variant,
  type VariantKind,
} from "./variant.js";

export const BLOCK_VARIANTS: readonly VariantKind[] = [atSpots(1.3, exchanged), atSpots(1.35, cut)];

/** More blocks have too many orders, and longer axes too many places. */
const MOST_BLOCKS = 8;
const LONGEST = 24;
/** Where the length of an axis is not known, places so near are tried. */
const NEAR = 2;

/** Two blocks that stand in each other's places: gates in another order than the weights have them. */
function* exchanged({ node, replace }: Spot): Generator<Variant> {
  const blocks = blocksOf(node);
  if (!blocks || blocks.own.length > MOST_BLOCKS) return;
  const { own, withBlocks } = blocks;
  for (const [k, one] of own.entries()) {
    for (const [n, other] of own.entries()) {
      const [used, instead] = [one, other].map(printSyntax) as [string, string];
      if (n <= k || used === instead) continue;
      const fault: Fault = {
        cause: "wrong-variable",
        details: () => ({ used, instead }),
        say: (claim) => `${claim}: ${used} and ${instead} stand in each other's places`,
      };
      const syntax = replace(withBlocks(own.with(k, other).with(n, one)));
      yield { syntax, faults: [fault], cost: 1.3 + (n - k - 1) / 100 };
    }
  }
}

interface Blocks {
  readonly own: readonly Syntax[];
  readonly withBlocks: (others: readonly Syntax[]) => Syntax;
}

function blocksOf(node: Syntax): Blocks | undefined {
  if (node.kind === "call" && node.name === "concat") {
    return { own: node.args, withBlocks: (args) => ({ ...node, args }) };
  }
  if (node.kind !== "matrix") return undefined;
  const widths = node.rows.map((row) => row.length);
  return {
    own: node.rows.flat(),
    withBlocks: (others) => {
      let start = 0;
      const rows = widths.map((width) => others.slice(start, (start += width)));
      return { ...node, rows };
    },
  };
}

/** As many entries from another place: X[:, 1:6] for X[:, 2:7]. */
function* cut({ node, replace }: Spot, around: Surroundings): Generator<Variant> {
  if (node.kind !== "index") return;
  const shape = around.shapeOf(node.object);
  for (const [axis, position] of node.positions.entries()) {
    const ends = endsOf(position);
    if (!ends) continue;
    const [start, end] = ends;
    const length = shape?.[axis]?.constant;
    for (const first of placesFor(start, end - start, length)) {
      const moved = movedTo(position, first, first + end - start);
      const other: IndexSyntax = { ...node, positions: node.positions.with(axis, moved) };
      const [used, instead] = [node, other].map(printSyntax) as [string, string];
      const fault: Fault = {
        cause: "wrong-variable",
        details: () => ({ used, instead }),
        say: (claim) => `${claim} takes ${used} where ${instead} belongs`,
      };
      const far = Math.abs(first - start);
      yield { syntax: replace(other), faults: [fault], cost: 1.35 + far / 100 };
    }
  }
}

/** The first and the last entry of a position that is written in numbers. */
function endsOf(position: Position): readonly [number, number] | undefined {
  if (position.kind === "at") {
    const index = constantValue(position.index);
    return index === undefined ? undefined : [index, index];
  }
  const [start, end] = [position.start, position.end].map(constantValue);
  if (start === undefined || end === undefined || position.step) return undefined;
  return [start, end];
}

function placesFor(start: number, further: number, length: number | undefined): number[] {
  const [from, to] =
    length === undefined || length > LONGEST
      ? [Math.max(1, start - NEAR), start + NEAR]
      : [1, length - further];
  const all = Array.from({ length: Math.max(0, to - from + 1) }, (_, k) => from + k);
  return all.filter((one) => one !== start);
}

function movedTo(position: Position, start: number, end: number): Position {
  return position.kind === "at"
    ? { kind: "at", index: numeral(start) }
    : { ...position, start: numeral(start), end: numeral(end) };
}
