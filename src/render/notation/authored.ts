/** The sums and products of a statement in the order in which its author wrote their parts. */
import type { Quantity } from "../../expression/quantity.js";
import { postorder } from "../../expression/walk.js";
import { namesIn, parts, type Syntax } from "../../language/syntax.js";

/** What is told of a summand, of the author's and of those that are written. */
export interface AuthoredSummand {
  readonly isNegative: boolean;
  /** None for a number. */
  readonly quantities: readonly Quantity[];
  /** Whether a sum stands in it. */
  readonly holdsSum: boolean;
}

/** What is told of a factor. */
export interface AuthoredFactor {
  readonly quantities: readonly Quantity[];
  /** Whether it is a quantity, or a power of one, and no function of it. */
  readonly isPlain: boolean;
  /** Whether it is a complement such as 1 − a and no part of the slope a(1 − a): it belongs where a is used. */
  readonly isComplement?: boolean;
}

export class Authored {
  private ownSums: readonly (readonly string[])[] | undefined;
  private ownProducts: readonly (readonly string[])[] | undefined;

  /** @param quantityOf what a name of the model language stands for; undefined for a size */
  constructor(
    private readonly expression: Syntax,
    private readonly quantityOf: (name: string) => Quantity | undefined,
  ) {}

  /** The signatures of the summands of each sum, in their order; of most statements nobody asks. */
  private get sums(): readonly (readonly string[])[] {
    return (this.ownSums ??= chainsIn(this.expression, isSum).map((summands) =>
      summands.map(({ isNegative, syntax }) =>
        signatureOf({
          isNegative,
          quantities: this.quantitiesIn(syntax),
          holdsSum: nodesIn(syntax).some(isSum),
        }),
      ),
    ));
  }

  /** The factors of each product, by their names and whether they are more than names. */
  private get products(): readonly (readonly string[])[] {
    return (this.ownProducts ??= chainsIn(this.expression, isProduct).map((factors) =>
      factors.map(({ syntax }) =>
        factorText({ quantities: this.quantitiesIn(syntax), isPlain: isPlain(syntax) }),
      ),
    ));
  }

  private quantitiesIn(syntax: Syntax): Quantity[] {
    return [...namesIn(syntax)].flatMap((name) => this.quantityOf(name) ?? []);
  }

  /**
   * The place of each summand in the author's sum of just these, or of just these with a sum over an index written
   * term by term; undefined where there is none. Those that nothing told here sets apart have their places in the
   * order in which they are given.
   */
  summands(summands: readonly AuthoredSummand[]): readonly number[] | undefined {
    const own = placesOf(summands.map(signatureOf));
    for (const isSame of [areAsMany, isWrittenOut]) {
      const sum = this.sums.map(placesOf).find((one) => areAlike(one, own, isSame));
      if (!sum) continue;
      const places = [...own].flatMap(([signature, all]) => {
        const authored = sum.get(signature)!;
        return all.map((place, n) => [place, authored[n] ?? authored[0]!] as const);
      });
      return places.toSorted(([a], [b]) => a - b).map(([, place]) => place);
    }
    return undefined;
  }

  /** Compares factors by the first product that has both; 0 where none has. */
  factors(a: AuthoredFactor, b: AuthoredFactor): number {
    const [one, other] = [factorText(a), factorText(b)];
    if (one === other) return 0;
    const product = this.products.find((all) => all.includes(one) && all.includes(other));
    return product ? product.indexOf(one) - product.indexOf(other) : 0;
  }
}

/** The places of each of some signatures. */
type Signatures = ReadonlyMap<string, readonly number[]>;

function placesOf(signatures: readonly string[]): Signatures {
  const all = new Map<string, number[]>();
  for (const [place, one] of signatures.entries()) all.set(one, [...(all.get(one) ?? []), place]);
  return all;
}

/** How many summands of one signature an author wrote, and how many there are. */
type Counts = (authored: number, written: number) => boolean;

const areAsMany: Counts = (authored, written) => authored === written;
const isWrittenOut: Counts = (authored, written) => authored === 1 || authored === written;

function areAlike(authored: Signatures, written: Signatures, isSame: Counts): boolean {
  if (authored.size !== written.size) return false;
  return [...written].every(([signature, { length }]) =>
    isSame(authored.get(signature)?.length ?? 0, length),
  );
}

function signatureOf({ isNegative, quantities, holdsSum }: AuthoredSummand): string {
  return `${isNegative ? "-" : "+"} ${namesOf(quantities)}${holdsSum ? " (+)" : ""}`;
}

function factorText({ quantities, isPlain }: AuthoredFactor): string {
  return isPlain ? namesOf(quantities) : `(${namesOf(quantities)})`;
}

/** Whether a factor is a name, transposed or raised to a power as it may be. */
function isPlain(syntax: Syntax): boolean {
  if (syntax.kind === "unary") return isPlain(syntax.operand);
  const isPower = syntax.kind === "binary" && /\^$/.test(syntax.operator);
  return isPower ? isPlain(syntax.left) : syntax.kind === "name" || syntax.kind === "index";
}

function namesOf(quantities: readonly Quantity[]): string {
  return [...new Set(quantities.map(({ name }) => name))].sort().join(" ");
}

type Link = Extract<Syntax, { kind: "binary" }>;

function isSum(node: Syntax): node is Link {
  return node.kind === "binary" && (node.operator === "+" || node.operator === "-");
}

function isProduct(node: Syntax): node is Link {
  return node.kind === "binary" && PRODUCTS.has(node.operator);
}

const PRODUCTS: ReadonlySet<Link["operator"]> = new Set(["*", ".*", "/", "./"]);

function nodesIn(root: Syntax): readonly Syntax[] {
  return postorder<Syntax>([root], parts);
}

interface Operand {
  readonly isNegative: boolean;
  readonly syntax: Syntax;
}

/** The operands of every a + (b − c), or a·b/c, that is no part of a longer one. */
function chainsIn(root: Syntax, isLink: (node: Syntax) => node is Link): Operand[][] {
  const inner = new Set<Syntax>();
  const open = ({ isNegative, syntax }: Operand): Operand[] => {
    if (syntax.kind === "unary" && syntax.operator !== "'") {
      return open({ isNegative: isNegative !== (syntax.operator === "-"), syntax: syntax.operand });
    }
    // a sum that is taken away stays in its brackets
    if (!isLink(syntax) || (isNegative && isSum(syntax))) return [{ isNegative, syntax }];
    inner.add(syntax);
    const isTaken = isNegative !== (syntax.operator === "-");
    return [
      ...open({ isNegative, syntax: syntax.left }),
      ...open({ isNegative: isTaken, syntax: syntax.right }),
    ];
  };
  // the longest come first: what is behind others in postorder holds them
  return nodesIn(root)
    .toReversed()
    .filter(isLink)
    .flatMap((node) => (inner.has(node) ? [] : [open({ isNegative: false, syntax: node })]))
    .reverse();
}
