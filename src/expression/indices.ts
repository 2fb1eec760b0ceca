/**
 * Indices: whole-number affine combinations of letters, counted from 0. Almost all are one letter
 * or one number; slices and Kronecker products need the general form `offset + Σ coefficient·letter`.
 */
import { hashText, mix } from "./hash.js";
import { Size } from "./size.js";

/** A letter that runs over 0 … size − 1. Two letters are the same when their keys are. */
export class Letter {
  readonly key: string;
  readonly hash: number;
  private own: Index | undefined;

  constructor(
    readonly name: string,
    readonly size: Size,
  ) {
    this.key = `${name}:${size.key}`;
    this.hash = hashText(this.key);
  }

  /** The letter as an index. */
  get index(): Index {
    return (this.own ??= Index.along(this));
  }
}

/** The letters of a size, made once each: the same few names come back in every definition. */
const known = new WeakMap<Size, Map<string, Letter>>();

export function letter(name: string, size: Size): Letter {
  let letters = known.get(size);
  if (!letters) known.set(size, (letters = new Map<string, Letter>()));
  let found = letters.get(name);
  if (!found) letters.set(name, (found = new Letter(name, size)));
  return found;
}

interface IndexTerm {
  readonly letter: Letter;
  readonly coefficient: Size;
}

export class Index {
  /** Equal for equal indices, and seldom for others. */
  readonly hash: number;
  /** The same with the names of its letters forgotten. */
  readonly skeleton: number;
  /** The letter, where the index is a letter and nothing else. */
  readonly plain: Letter | undefined;
  readonly letters: readonly Letter[];
  private text: string | undefined;

  private constructor(
    readonly offset: Size,
    /** Sorted by the letters' keys; no letter twice, no coefficient 0. */
    readonly terms: readonly IndexTerm[],
  ) {
    let hash = offset.hash;
    let skeleton = hash;
    for (const { letter: one, coefficient } of terms) {
      hash = mix(mix(hash, one.hash), coefficient.hash);
      skeleton = (skeleton + mix(one.size.hash, coefficient.hash)) | 0;
    }
    this.hash = hash;
    this.skeleton = skeleton;
    this.letters = terms.map((term) => term.letter);
    const [first] = terms;
    const isPlain = terms.length === 1 && first!.coefficient.isOne && offset.constant === 0;
    this.plain = isPlain ? first!.letter : undefined;
  }

  static constant(offset: Size): Index {
    return new Index(offset, []);
  }

  static number(value: number): Index {
    return Index.constant(Size.of(value));
  }

  static of(letter: Letter): Index {
    return letter.index;
  }

  /** The index that is one letter; a letter holds it, so that it is made once. */
  static along(letter: Letter): Index {
    return new Index(Size.zero, [{ letter, coefficient: Size.one }]);
  }

  /** Equal for equal indices and only for them. */
  get key(): string {
    return (this.text ??= [
      this.offset.key,
      ...this.terms.map((term) => `${term.coefficient.key}*${term.letter.key}`),
    ].join(" "));
  }

  plus(other: Index): Index {
    const byLetter = new Map<string, IndexTerm>();
    for (const term of [...this.terms, ...other.terms]) {
      const before = byLetter.get(term.letter.key);
      const coefficient = before ? before.coefficient.plus(term.coefficient) : term.coefficient;
      byLetter.set(term.letter.key, { letter: term.letter, coefficient });
    }
    const terms = [...byLetter.values()]
      .filter((term) => term.coefficient.constant !== 0)
      .sort((a, b) => (a.letter.key < b.letter.key ? -1 : 1));
    return new Index(this.offset.plus(other.offset), terms);
  }

  times(factor: Size): Index {
    if (factor.constant === 0) return Index.number(0);
    const terms = this.terms.map((term) => ({
      letter: term.letter,
      coefficient: term.coefficient.times(factor),
    }));
    return new Index(this.offset.times(factor), terms);
  }

  equals(other: Index): boolean {
    return this === other || (this.hash === other.hash && this.key === other.key);
  }

  substitute(replacements: Replacements): Index {
    if (this.plain) return replacements.get(this.plain.key) ?? this;
    if (!this.terms.some((term) => replacements.has(term.letter.key))) return this;
    return this.terms.reduce<Index>((sum, term) => {
      const replacement = replacements.get(term.letter.key) ?? Index.of(term.letter);
      return sum.plus(replacement.times(term.coefficient));
    }, Index.constant(this.offset));
  }
}

/** What letters (by key) are replaced with, all at once. */
export type Replacements = ReadonlyMap<string, Index>;

/** All values of some letters together, the last letter running fastest; their sizes are numbers. */
export function everyPlace(letters: readonly Letter[]): readonly Replacements[] {
  return letters.reduce<readonly Replacements[]>(
    (all, { key, size }) =>
      all.flatMap((place) =>
        Array.from(
          { length: size.constant! },
          (_, value) => new Map([...place, [key, Index.number(value)]]),
        ),
      ),
    [new Map()],
  );
}
