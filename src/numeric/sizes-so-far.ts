/** The values that named sizes have at some points: where all are one, a number may stand for the name. */
import type { SizeValues } from "../expression/size.js";
import type { Model } from "../language/model.js";
import type { EarlierSizes } from "./random-sizes.js";

export class SizesSoFar {
  private readonly values: ReadonlyMap<string, Set<number>>;

  constructor(model: Model, points: readonly { readonly sizes: SizeValues }[] = []) {
    this.values = new Map(model.sizes.map((name) => [name, new Set<number>()]));
    for (const point of points) this.add(point);
  }

  /** By name; what is added later is in it. */
  get earlier(): EarlierSizes {
    return this.values;
  }

  add({ sizes }: { readonly sizes: SizeValues }): void {
    for (const [name, values] of this.values) values.add(sizes.get(name)!);
  }

  /** Whether some name has a value that it had at no point that was added. */
  isNewAt({ sizes }: { readonly sizes: SizeValues }): boolean {
    return [...this.values].some(([name, values]) => !values.has(sizes.get(name)!));
  }

  /** The names with one value at all points. */
  get fixed(): string[] {
    return [...this.values].flatMap(([name, { size }]) => (size < 2 ? name : []));
  }
}
