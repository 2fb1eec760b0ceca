import { describe, expect, it } from "vitest";
import { tokenLines } from "../../src/language/tokens.js";

const texts = (text: string): string[][] =>
  tokenLines({ name: "test", text }).map((line) => line.map((token) => token.text));

describe("tokens", () => {
  it.each([
    ["a=b+1", [["a", "=", "b", "+", "1"]]],
    ["a.*b./c.^d'", [["a", ".*", "b", "./", "c", ".^", "d", "'"]]],
    ["1.5 .5 2. 1e3 1.5E-3", [["1.5", ".5", "2.", "1e3", "1.5E-3"]]],
    ["a<=b>=c==d!=e<f>g", [["a", "<=", "b", ">=", "c", "==", "d", "!=", "e", "<", "f", ">", "g"]]],
    ["α_1 = Ωmega", [["α_1", "=", "Ωmega"]]],
    ['a("s # t", 1) # c', [["a", "(", '"s # t"', ",", "1", ")"]]],
    ["a\n\n  b # x\n# y\nc", [["a"], ["b"], ["c"]]],
    ["a = [1,\n 2\n]\nb", [["a", "=", "[", "1", ",", "2", "]"], ["b"]]],
    ["a\r\nb", [["a"], ["b"]]],
    ["\ufeffa", [["a"]]],
  ])("of %j", (text, expected) => {
    expect(texts(text)).toEqual(expected);
  });

  it("know where they stand", () => {
    const [, second] = tokenLines({ name: "test", text: "a = 1\n  bc = (2)\n" });
    expect(second!.map(({ text, offset }) => [text, offset])).toEqual([
      ["bc", 8],
      ["=", 11],
      ["(", 13],
      ["2", 14],
      [")", 15],
    ]);
  });

  it.each([
    ["2.*x", [["2", ".*", "x"]]],
    ["2.^x", [["2", ".^", "x"]]],
    ["2./x", [["2", "./", "x"]]],
  ])("leave the point to the operator in %s, as mathjs does", (text, expected) => {
    expect(texts(text)).toEqual(expected);
  });
});
