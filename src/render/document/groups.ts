/** Derivations of several entries in one text: what is said of all of them, and of several in a row, stands once. */
import type { Paragraph } from "./steps.js";

/**
 * The paragraphs of several entries, one list each. Sentences without equations at the beginning or the end of all of
 * them stand before the first or behind the last; entries in a row of which the same is said stand together.
 */
export function inGroups(entries: readonly (readonly Paragraph[])[]): readonly Paragraph[] {
  const [first = []] = entries;
  const inAll = (place: (one: readonly Paragraph[]) => readonly Paragraph[]): Paragraph[] =>
    place(first).filter(({ words }) =>
      entries.every((one) => place(one).some((other) => other.words === words)),
    );
  const [before, after] = [inAll(opening), inAll(closing)];
  const common = new Set([...before, ...after].map(({ words }) => words));
  const own = entries.map((one) =>
    one.filter((each) => !isSentence(each) || !common.has(each.words)),
  );
  return [...before, ...runs(own).flat(), ...after];
}

function isSentence({ equations }: Paragraph): boolean {
  return equations.length === 0;
}

function opening(paragraphs: readonly Paragraph[]): readonly Paragraph[] {
  const end = paragraphs.findIndex((one) => !isSentence(one));
  return end < 0 ? [] : paragraphs.slice(0, end);
}

function closing(paragraphs: readonly Paragraph[]): readonly Paragraph[] {
  return paragraphs.slice(paragraphs.findLastIndex((one) => !isSentence(one)) + 1);
}

function runs(entries: readonly (readonly Paragraph[])[]): Paragraph[][] {
  const found: Paragraph[][] = [];
  let before: readonly Paragraph[] = [];
  for (const paragraphs of entries) {
    const run = found.at(-1);
    if (run && areAlike(before, paragraphs)) {
      found[found.length - 1] = [
        ...run.map(({ words, equations }, place) => ({
          words,
          equations: [...equations, ...paragraphs[place]!.equations],
        })),
        ...paragraphs.slice(run.length),
      ];
    } else {
      found.push([...paragraphs]);
    }
    before = paragraphs;
  }
  return found;
}

/**
 * Whether the sentences of two entries are the same, so that the equations of one can follow those of
 * the other: only one of the sentences has some. The second may add notes at its end.
 */
function areAlike(one: readonly Paragraph[], other: readonly Paragraph[]): boolean {
  const areSame = one.every(({ words }, place) => words === other[place]?.words);
  const added = other.slice(one.length);
  return one.filter((each) => !isSentence(each)).length === 1 && areSame && added.every(isSentence);
}
