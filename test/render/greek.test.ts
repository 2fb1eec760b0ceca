import { expect, it } from "vitest";
import { greekCharacter, greekWord } from "../../src/language/greek.js";
import { latexText } from "../../src/render/notation/text.js";

it("writes Greek words and characters as LaTeX, what Latin has as Latin", () => {
  expect(["alpha", "Omega", "ell", "lam", "o", "word"].map(greekWord)).toEqual([
    "\\alpha",
    "\\Omega",
    "\\ell",
    "\\lambda",
    undefined,
    undefined,
  ]);
  expect(Array.from("αωςεφοΑΩΦa→").map(greekCharacter)).toEqual([
    ..."\\alpha \\omega \\varsigma \\varepsilon \\varphi o A \\Omega \\Phi".split(" "),
    undefined,
    undefined,
  ]);
  expect(latexText("μ and ο")).toBe("$\\mu$ and $o$");
});
