/**
 * Indices: whole-number affine combinations of letters, counted from 0. Almost all are one letter
 * or one number; slices and Kronecker products need the general form `offset + Σ coefficient·letter`.
 */
import { Size } from "./size.js";

/** A letter that runs over 0 … size − 1. Two letters are the same when their keys are. */
export interface Letter {
  readonly name: string;
  readonly size: Size;
  readonly key: string;
}

export function letter(name: string, size: Size): Letter {
  return { name, size, key: `${name}:${size.key}` };
}

interface IndexTerm {
  readonly letter: Letter;
  readonly coefficient: Size;
}

export class Index {
  readonly key: string;

  private constructor(
    readonly offset: Size,
    /** Sorted by the letters' keys; no letter twice, no coefficient 0. */
    readonly terms: readonly IndexTerm[],
  ) {
    const parts = terms.map((term) => `${term.coefficient.key}*${term.letter.key}`);
    this.key = [offset.key, ...parts].join(" ");
  }

  static constant(offset: Size): Index {
    return new Index(offset, []);
  }

  static number(value: number): Index {
    return Index.constant(Size.of(value));
  }

  static of(letter: Letter): Index {
    return new Index(Size.zero, [{ letter, coefficient: Size.one }]);
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
    return this.key === other.key;
  }

  get letters(): readonly Letter[] {
    return this.terms.map((term) => term.letter);
  }

  /** The letter, where the index is a letter and nothing else. */
  get plain(): Letter | undefined {
    const [term] = this.terms;
    return this.terms.length === 1 && term!.coefficient.isOne && this.offset.constant === 0
      ? term!.letter
      : undefined;
  }

  substitute(replacements: Replacements): Index {
    if (!this.terms.some((term) => replacements.has(term.letter.key))) return this;
    return this.terms.reduce<Index>((sum, term) => {
      const replacement = replacements.get(term.letter.key) ?? Index.of(term.letter);
      return sum.plus(replacement.times(term.coefficient));
    }, Index.constant(this.offset));
  }
}

/** What letters (by key) are replaced with, all at once. */
export type Replacements = ReadonlyMap<string, Index>;
