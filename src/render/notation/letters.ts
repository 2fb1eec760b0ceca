/** The letters that indices are written with. */
import type { Letter } from "../../expression/indices.js";

const INDEX_LETTERS = ["i", "j", "k", "l", "m", "n", "p", "q", "r", "s", "u", "v"];

/** Names of the index letters of one equation; the same letter has one name throughout. */
export class LetterNames {
  private readonly names = new Map<string, string>();
  private readonly used = new Set<string>();

  /**
   * @param spent of a term, or of an argument: what sums in it were given already
   * @param isApart whether it is an argument
   */
  constructor(
    private readonly taken: ReadonlySet<string>,
    private readonly parent?: LetterNames,
    private readonly spent?: Set<string>,
    private readonly isApart = false,
  ) {}

  /** Names for one term: each sum in it gets a letter of its own, also where one stands behind the other. */
  term(): LetterNames {
    return new LetterNames(this.taken, this, new Set());
  }

  /** Names for the argument of a function, which stands apart: it looks the same wherever it stands. */
  argument(): LetterNames {
    return new LetterNames(this.taken, this, new Set(), true);
  }

  /** Takes what sums in some terms of a part were given: what stands behind the part gets other letters. */
  spend(terms: readonly LetterNames[]): void {
    for (const { spent } of terms) for (const name of spent ?? []) this.record(name);
  }

  private record(name: string): void {
    if (this.spent) this.spent.add(name);
    else this.parent?.record(name);
  }

  of(letter: Letter): string {
    const known = this.find(letter);
    if (known !== undefined) return known;
    const name = this.choose(letter);
    this.names.set(letter.key, name);
    this.used.add(name);
    return name;
  }

  /** Names for what is inside a sum: outer names stay, the bound letter gets one of its own. */
  inside(letter: Letter): LetterNames {
    const inner = new LetterNames(this.taken, this);
    const name = inner.choose(letter);
    inner.names.set(letter.key, name);
    inner.used.add(name);
    this.record(name);
    return inner;
  }

  private find(letter: Letter): string | undefined {
    return this.names.get(letter.key) ?? this.parent?.find(letter);
  }

  private isUsed(name: string, orSpent = true): boolean {
    const isOwn = this.used.has(name) || (orSpent && this.spent?.has(name) === true);
    return isOwn || (this.parent?.isUsed(name, orSpent && !this.isApart) ?? false);
  }

  /** An axis whose size is a name, such as N, is run along by its small letter, also behind another sum along it. */
  private choose(letter: Letter): string {
    const own = letter.size.soleName?.toLowerCase();
    const isLetter = own !== undefined && /^[a-z]$/.test(own);
    if (isLetter && !this.taken.has(own) && !this.isUsed(own, false)) return own;
    for (const candidate of INDEX_LETTERS) {
      if (!this.taken.has(candidate) && !this.isUsed(candidate)) return candidate;
    }
    for (let number = 1; ; number++) {
      const candidate = `i_{${number}}`;
      if (!this.isUsed(candidate)) return candidate;
    }
  }
}
