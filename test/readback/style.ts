/** What a teacher would correct in a printed equation though it holds. */
import type { PrintedEquation } from "./equations.js";

/** Each on the text of one side with one space between signs; true where it looks at indices. */
const RULES: readonly (readonly [string, RegExp, boolean?])[] = [
  [
    "a factor 1",
    /(?<![\d.,^_:/=>|]|\\(?:le|ge|ne) )\b1 (?=\\?[a-z(])(?!\\(?:right|le|ge|ne|o|end|begin|\\))/,
  ],
  ["a product with 1", /\\cdot 1(?![\d.])|(?<![\d.])1 \\cdot/],
  ["a double minus", /- -|- \\left\( - [a-z\\][^-+]*\\right\)/],
  ["plus minus", /\+ -/],
  ["a number before a fraction of one", /\d \\frac\{1\}/],
  ["two fractions of numbers", /\\frac\{\d+\}\{\d+\} \\frac\{\d+\}/],
  ["a division by 1", /\\frac\{[^{}]*\}\{1\}/],
  ["a sum of one term", /\\sum_\{[a-z] = (\d+)\}\^\{\1\}/],
  [
    "brackets in brackets",
    /\\left\( \\left\((?:(?!\\left\(|\\right\)).)*\\right\) \\right\)/,
    true,
  ],
  ["a power of a root", /\\sqrt\{[^{}]*\}\}\^/],
  ["a transposed transpose", /\\top\}\^\{\\top\}|\\top \\top/],
  ["what is compared stands on the right", /\\left\[ 0 [=<>]/],
  ["a number behind a factor", /[a-z}] \d+(?:\.\d+)? (?![-+=<>\\]|$)[a-z]/],
];

/** The names of the rules that an equation breaks. Lines of numbers have rules of their own. */
export function styleFaults({ left, relation, right }: PrintedEquation): string[] {
  if (relation === "\\approx" || right.includes("\\begin")) return [];
  const texts = [left, right].map((side) =>
    side
      .join(" ")
      .replace(/(?<=[{_^]) | (?=[}_^])/g, "")
      .replace(/\} \{/g, "}{"),
  );
  // 1 in a_{1 j} is no factor
  const bare = texts.map((text) => text.replace(/(?<!\\(?:sum|max|min))_\{[^{}]*\}/g, ""));
  return RULES.filter(([, pattern, isOfIndices]) =>
    (isOfIndices === true ? texts : bare).some((text) => pattern.test(text)),
  ).map(([name]) => name);
}
