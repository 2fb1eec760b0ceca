/** A value that is made when it is first asked for. */
export function once<Value>(make: () => Value): () => Value {
  let made: { value: Value } | undefined;
  return () => (made ??= { value: make() }).value;
}

/** What is made of a thing, made when it is first asked for. */
export function onceFor<Thing, Made>(make: (thing: Thing) => Made): (thing: Thing) => Made {
  const made = new Map<Thing, Made>();
  return (thing) => {
    if (!made.has(thing)) made.set(thing, make(thing));
    return made.get(thing)!;
  };
}
