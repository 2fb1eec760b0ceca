/**
 * Stable ids: a weight, a factor or a path has one class wherever it stands on a page, in the
 * picture, the equations, the tables and the sentences.
 *
 *     t3       a quantity            t3-0-1   an entry of it, counted from 0
 *     f7       a factor ∂u/∂v        p4       a path
 *
 * An entry's id begins with that of its quantity, so that the script can relate the two.
 */
import type { Model } from "../../language/model.js";

/** All ids are of this form; KaTeX is allowed no other class. */
export const ID = /^(?:t\d+(?:-\d+)*|f\d+|p\d+)$/;

export class Things {
  private readonly quantities = new Map<string, number>();
  private readonly factors = new Map<string, number>();
  private paths = 0;

  constructor(private readonly model: Model) {}

  quantity(name: string): string {
    return `t${numberOf(this.quantities, name)}`;
  }

  /**
   * The loss is one number, whatever its declared shape.
   * @param indices from 0
   */
  entry(name: string, indices: readonly number[]): string {
    if (name === this.model.loss.name) return this.quantity(name);
    return [this.quantity(name), ...indices].join("-");
  }

  /** The derivative of one quantity or entry by another, both given by their ids. */
  factor(of: string, wrt: string): string {
    return `f${numberOf(this.factors, `${of}/${wrt}`)}`;
  }

  /** A new path. */
  path(): string {
    return `p${this.paths++}`;
  }

  /** For the script: the names of all quantities, and all factors `of/wrt` by ids, in their order. */
  get lists(): { readonly quantities: string; readonly factors: string } {
    const [quantities, factors] = [this.quantities, this.factors].map((one) => [...one.keys()]);
    return { quantities: quantities!.join(" "), factors: factors!.join(" ") };
  }
}

function numberOf(known: Map<string, number>, key: string): number {
  let found = known.get(key);
  if (found === undefined) known.set(key, (found = known.size));
  return found;
}
