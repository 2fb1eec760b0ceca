/** Names for parts of statements that have none. */
import { type Definition, fullAxes, fullClause } from "../expression/definition.js";
import type { Graph } from "../expression/graph.js";
import type { Quantity } from "../expression/quantity.js";
import { joined, splitScripts, symbolOf } from "./symbol.js";
import type { Statement } from "./syntax.js";
import { bodyOf, type Tensor } from "./tensor.js";

/** Gives names to parts of statements: concatenations inside expressions, arguments used twice. */
export class Auxiliaries {
  private readonly known = new Map<string, Tensor>();
  /** A letter that is no name, so that u_1 is not an entry of u. */
  private readonly letter: string;
  private count = 0;

  constructor(
    private readonly graph: Graph,
    private readonly taken: ReadonlySet<string>,
    private readonly definitions: Definition[],
  ) {
    this.letter = ["u", "s", "q", "v"].find((letter) => !taken.has(letter)) ?? "u";
  }

  name(value: Tensor): Tensor {
    const body = bodyOf(value);
    const key = body && [body.id, ...value.shape.map(({ key }) => key)].join(" ");
    const known = key === undefined ? undefined : this.known.get(key);
    if (known) return known;
    let name: string;
    do name = `${this.letter}_${++this.count}`;
    while (this.taken.has(name));
    const quantity: Quantity = { name, role: "auxiliary", shape: value.shape };
    this.definitions.push({ quantity, clauses: value.clauses });
    const reference = this.graph.reference(quantity, fullAxes(value.shape).indices);
    const named: Tensor = { shape: value.shape, clauses: [fullClause(value.shape, reference)] };
    if (key !== undefined) this.known.set(key, named);
    return named;
  }
}

/** A statement's name and symbol, and the letters that these begin with: no part is named like them. */
export function looksOf({ name, expression }: Statement): string[] {
  const symbol = expression.kind === "call" ? symbolOf(expression) : undefined;
  const parts = symbol === undefined ? undefined : splitScripts(symbol);
  const own = parts ? [parts.base, joined(parts).replace(/[{}]/g, "")] : [];
  return [name, name.replace(/[_\d].*$/su, ""), ...own];
}
