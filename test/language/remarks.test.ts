import { describe, expect, it } from "vitest";
import { joined, remark, said, type Sentence } from "../../src/language/sentence.js";
import { parseModel } from "../../src/language/model.js";
import { deriveAll } from "../../src/render/derivation.js";
import { latexDocument, markdownDocument } from "../../src/render/document/documents.js";
import { passages } from "../../src/render/document/passage.js";

const [first, second] = [said`The first line.`, said`The second line.`];
const sign = remark(said`The sign ⊘ divides entry by entry.`);

/** What a document has of a sentence. */
const shown = (sentence: Sentence, told: Set<string>): string =>
  sentence
    .written(told)
    .map((piece) => (piece.kind === "words" ? piece.text : ""))
    .join("");

describe("a remark", () => {
  it("is made once, and leaves no gap where it was made before", () => {
    const told = new Set<string>();
    expect(shown(joined([first, sign]), told)).toBe(
      "The first line. The sign ⊘ divides entry by entry.",
    );
    expect(shown(joined([second, sign]), told)).toBe("The second line.");
    expect(shown(joined([first, sign, second]), told)).toBe("The first line. The second line.");
    expect(shown(joined([sign, first]), told)).toBe("The first line.");
  });

  it("stays where nothing else would be said, and in a sentence for itself", () => {
    const told = new Set([sign.text]);
    expect(shown(sign, told)).toBe(sign.text);
    expect(joined([first, sign]).text).toBe("The first line. The sign ⊘ divides entry by entry.");
  });

  it("stands once in a document, and in each derivation alone", () => {
    const model = parseModel(`
      x = input(3)
      t = target(2)
      W = param(2, 3)
      z = W * x
      a = relu(z)
      L = sum((t - a).^2)
    `);
    const derivations = deriveAll(model, { forms: ["index", "matrix", "jacobian"] });
    const meaning = "is 1 where the condition in the brackets holds";
    const count = (text: string): number => text.split(meaning).length - 1;
    const parts = passages(model);
    for (const write of [latexDocument, markdownDocument]) {
      expect(count(write(model, derivations, parts))).toBe(1);
    }
    for (const one of derivations) expect(count(one.toMarkdown())).toBe(1);
  });
});
