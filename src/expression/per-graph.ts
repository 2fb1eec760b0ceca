/** What other modules find out about the expressions of a graph, kept with it. */

interface Keeping {
  readonly kept: Map<object, unknown>;
}

/**
 * One value for each graph, which is gone when the graph is. A `WeakMap` of all graphs' models or nodes would not
 * do: it outlives them, and V8's collections of young objects take what such a map holds to be alive. Each
 * model that has been done with would then be copied twice, and stay until all memory is looked through.
 */
export class PerGraph<Value> {
  constructor(private readonly make: () => Value) {}

  of({ kept }: Keeping): Value {
    if (!kept.has(this)) kept.set(this, this.make());
    return kept.get(this) as Value;
  }
}
