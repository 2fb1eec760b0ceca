/**
 * The cheapest order in which to contract a network of factors, two at a time: they are multiplied,
 * and the letters that no other factor has are summed. Found by dynamic programming over the sets
 * of factors that summed letters hold together. For a chain of matrices these are its intervals:
 * Cormen, Leiserson, Rivest, Stein, Introduction to Algorithms, section on matrix-chain multiplication.
 */

/** Sets of factors and of letters are bits of numbers: bit k is the k-th. */
type Bits = number;

export interface Network {
  /** The letters of each factor. */
  readonly factors: readonly Bits[];
  /** The letters that are summed. */
  readonly summed: Bits;
  /** How many values each letter has. */
  readonly lengths: readonly number[];
}

/** Factors of a network, contracted. */
export interface Piece {
  readonly factors: Bits;
  /** Letters of what comes out. */
  readonly open: Bits;
  /** Letters that are summed here. */
  readonly closed: Bits;
  /** Multiplications and additions. */
  readonly cost: number;
  /** The two pieces that it is made of, or the one factor that it is. */
  readonly made: readonly [Piece, Piece] | number;
}

/** As many factors or letters fit into bits. */
export const MOST_BITS = 30;
/** So many sets of factors are looked at: a chain of 30 factors has 465. */
const MOST_PIECES = 1024;

/**
 * @returns one piece for each part of the network that hangs together; undefined where there are too
 * many sets of factors to look at
 */
export function cheapestPieces(network: Network): Piece[] | undefined {
  const { factors, summed } = network;
  const singles = factors.map((_, which) => single(network, which));
  const best = new Map(singles.map((piece) => [piece.factors, piece]));
  /** What has been found, by the number of factors. */
  const found: Piece[][] = [[], singles];
  for (let count = 2; count <= factors.length; count++) {
    const made = new Map<Bits, Piece>();
    for (let less = 1; 2 * less <= count; less++) {
      for (const a of found[less]!) {
        for (const b of found[count - less]!) {
          if ((a.factors & b.factors) !== 0 || (a.open & b.open & summed) === 0) continue;
          const joint = join(network, a, b);
          const before = made.get(joint.factors);
          if (!before || joint.cost < before.cost) made.set(joint.factors, joint);
        }
      }
    }
    if (made.size === 0) break;
    found.push([...made.values()]);
    for (const [set, piece] of made) best.set(set, piece);
    if (best.size > MOST_PIECES) return undefined;
  }
  return parts(network).map((set) => best.get(set)!);
}

function single(network: Network, which: number): Piece {
  const set = 1 << which;
  const letters = network.factors[which]!;
  const closed = closedIn(network, set, letters);
  const cost = closed === 0 ? 0 : runs(network, letters);
  return { factors: set, open: letters & ~closed, closed, cost, made: which };
}

function join(network: Network, a: Piece, b: Piece): Piece {
  const set = a.factors | b.factors;
  const letters = a.open | b.open;
  const closed = closedIn(network, set, letters);
  // a multiplication for all values of the letters, and an addition where some are summed
  const own = runs(network, letters) * (closed === 0 ? 1 : 2);
  return {
    factors: set,
    open: letters & ~closed,
    closed,
    cost: a.cost + b.cost + own,
    made: [a, b],
  };
}

/** Those of the letters that are summed and that no factor outside a set has. */
function closedIn({ factors, summed }: Network, set: Bits, letters: Bits): Bits {
  const outside = factors.reduce((all, own, which) => (set & (1 << which) ? all : all | own), 0);
  return letters & summed & ~outside;
}

function runs({ lengths }: Network, letters: Bits): number {
  return lengths.reduce(
    (product, length, k) => (letters & (1 << k) ? product * length : product),
    1,
  );
}

/** The sets of factors that summed letters hold together. */
function parts({ factors, summed }: Network): Bits[] {
  return factors
    .reduce<{ set: Bits; letters: Bits }[]>((before, own, which) => {
      const joined = before.filter(({ letters }) => letters & own & summed);
      const all = [...joined, { set: 1 << which, letters: own }];
      const set = all.reduce((bits, one) => bits | one.set, 0);
      const letters = all.reduce((bits, one) => bits | one.letters, 0);
      return [...before.filter((one) => !joined.includes(one)), { set, letters }];
    }, [])
    .map(({ set }) => set);
}
