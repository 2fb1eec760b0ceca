/**
 * Factors of quantities that are equally near to the loss, as in the derivative of one statement: what
 * another factor is made of stands behind it, (σ(w x) − t) σ(w x) (1 − σ(w x)) x. Labels and sums stay in
 * front, as people write them, y σ(−y z) and (x + b) exp(−(x + b)²).
 */
import type { Quantity } from "../../expression/quantity.js";
import { postorder } from "../../expression/walk.js";

/** How the nodes of expressions, or of matrices, are looked through. */
export interface Anatomy<Node> {
  readonly operands: (node: Node) => readonly Node[];
  /** Of a node that is an entry or a part of a quantity. */
  readonly quantity: (node: Node) => Quantity | undefined;
  /** The same for equal nodes. */
  readonly identity: (node: Node) => unknown;
  readonly isSum: (node: Node) => boolean;
  /** The only part of a node that says where it belongs: a for 1 − a and for a². */
  readonly core: (node: Node) => Node | undefined;
  /** Of 1[i = j] − p_j, which is a part of the slope p_i(1[i = j] − p_j): p. */
  readonly slopeOf?: (node: Node) => Quantity | undefined;
}

/** How many other factors, one in the other, each factor is a part of. */
export function depths<Node>(
  factors: readonly Node[],
  anatomy: Anatomy<Node>,
): ReadonlyMap<Node, number> {
  const cores = factors.map((factor) => {
    let core = factor;
    for (let next = anatomy.core(core); next !== undefined; next = anatomy.core(core)) core = next;
    return core;
  });
  // what has no parts has no factor in it
  if (cores.every((core) => anatomy.operands(core).length === 0))
    return new Map(factors.map((factor) => [factor, 0]));
  const own = cores.map((core) => {
    const identity = identityOf(core, anatomy);
    const inside = postorder(anatomy.operands(core), anatomy.operands);
    const parts = new Set(inside.map((node) => identityOf(node, anatomy)));
    parts.delete(identity);
    const isLabel = anatomy.quantity(core)?.role === "target";
    return { identity, parts, movesBack: !isLabel && !anatomy.isSum(core) };
  });
  const outer = own.map((one) =>
    one.movesBack
      ? own.filter(({ parts, identity }) => parts.has(one.identity) && !one.parts.has(identity))
      : [],
  );
  const known = new Map<unknown, number>();
  const depth = (place: number): number => {
    const before = known.get(own[place]);
    if (before !== undefined) return before;
    const found = 1 + Math.max(-1, ...outer[place]!.map((one) => depth(own.indexOf(one))));
    known.set(own[place], found);
    return found;
  };
  return new Map(factors.map((factor, place) => [factor, depth(place)]));
}

/** The factors such as 1 − a of which a is no factor beside them: they are no part of a slope a(1 − a). */
export function complements<Node>(
  factors: readonly Node[],
  anatomy: Anatomy<Node>,
): ReadonlySet<Node> {
  const found = factors.filter((factor) => {
    const core = anatomy.isSum(factor) ? anatomy.core(factor) : undefined;
    if (!core || !anatomy.quantity(core)) return false;
    const own = anatomy.identity(core);
    return factors.every((other) => anatomy.identity(other) !== own);
  });
  return new Set(found);
}

/**
 * Factors with 1 − a right behind a, where both are factors: the slope a(1 − a) is one thing.
 * @param sorted factors in an order
 */
export function withSlopesTogether<Factor, Node>(
  sorted: readonly Factor[],
  base: (factor: Factor) => Node,
  anatomy: Anatomy<Node>,
): Factor[] {
  if (!sorted.some((one) => anatomy.isSum(base(one)))) return [...sorted];
  const places = new Map(sorted.map((one, place) => [anatomy.identity(base(one)), place]));
  const hostOf = (factor: Factor): number | undefined => {
    const own = anatomy.slopeOf?.(base(factor));
    const place = own ? sorted.findIndex((one) => anatomy.quantity(base(one)) === own) : -1;
    if (place >= 0) return place;
    const core = anatomy.isSum(base(factor)) ? anatomy.core(base(factor)) : undefined;
    return core && places.get(anatomy.identity(core));
  };
  const direct = sorted.map(hostOf);
  // what follows a factor has no followers of its own
  const hosts = direct.map((host) =>
    host !== undefined && direct[host] === undefined ? host : undefined,
  );
  return sorted.flatMap((one, place) =>
    hosts[place] === undefined ? [one, ...sorted.filter((_, k) => hosts[k] === place)] : [],
  );
}

/** Entries of one quantity are the same here, whatever their indices. */
function identityOf<Node>(node: Node, { quantity, identity }: Anatomy<Node>): unknown {
  return quantity(node) ?? identity(node);
}
