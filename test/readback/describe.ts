/** What holds for the printed derivations of every model. */
import katex from "katex";
import { beforeAll, describe, expect, it } from "vitest";
import { splitAligned } from "./equations.js";
import { placeFaults } from "./places.js";
import { endFaults, faultsOf, printedText } from "./readback.js";
import { styleFaults } from "./style.js";
import { derived, type Derived, type Subject } from "./subjects.js";

/** Models in which terms or factors of some lines do not stand where they stood before, with the reason. */
const MOVED: Readonly<Record<string, { readonly count: number; readonly why: string }>> = {
  "dense-activations": { count: 8, why: "a slope σ′ that is put in is one of two terms" },
  focal: { count: 1, why: "the chain rule has the derivative of a power, the statement the power" },
  "letters-of-functions": { count: 10, why: "a slope σ′ that is put in is one of two terms" },
  "log-barrier": { count: 1, why: "what a sum does not run along stands in front of it" },
  "mixture-logsumexp": { count: 2, why: "what all terms but one share is put in front of them" },
  "policy-gradient": { count: 1, why: "what is added comes before what is taken away" },
  "quadratic-program": { count: 5, why: "two terms differ in the order of their indices alone" },
  "svm-squared-hinge": { count: 2, why: "at the point one of two cases is 0" },
  "weight-normalised": { count: 3, why: "what all terms but one share is put in front of them" },
};

/** Signs that the equations of one derivation may show together. */
const MOST_SIGNS = 20_000;

export function describeModels(subjects: readonly Subject[]): void {
  describe.each(subjects.map((subject) => [subject.name, subject] as const))(
    "%s",
    (name, subject) => {
      let found: Derived;
      beforeAll(() => {
        found = derived(subject);
      }, 120_000);

      it("every line holds, the last one is the gradient", { timeout: 120_000 }, () => {
        const { world, derivations, forwardFormulas } = found;
        const faults = forwardFormulas.flatMap((one) => faultsOf(one, world));
        for (const { latex, wrt, form } of derivations) {
          const quantity = wrt.replace(/\[.*/, "");
          const own = [...faultsOf(latex, world), ...endFaults(latex, world, quantity)];
          for (const fault of own) {
            faults.push(`${wrt}, ${form}: ${fault}`);
          }
        }
        expect(faults).toEqual([]);
      });

      it("every formula is typeset", () => {
        const { derivations, forwardFormulas } = found;
        const formulas = derivations.flatMap(({ latex, lossLatex, wrtLatex, steps }) => [
          latex,
          lossLatex,
          wrtLatex,
          ...steps.flatMap(({ lhs, rhs }) => [lhs, rhs]),
        ]);
        for (const formula of new Set([...formulas, ...forwardFormulas])) typeset(formula);
      });

      it("reads as people write", () => {
        const { derivations, forwardFormulas } = found;
        const lines = [
          ...forwardFormulas.map((tex) => ["forward pass", tex] as const),
          ...derivations.map(({ wrt, form, latex }) => [`${wrt}, ${form}`, latex] as const),
        ];
        const faults = lines.flatMap(([where, tex]) =>
          splitAligned(tex).flatMap((printed) =>
            styleFaults(printed).map((one) => `${where}: ${one}: ${printedText(printed)}`),
          ),
        );
        expect(faults).toEqual([]);
      });

      it("terms and factors keep their places", { timeout: 120_000 }, () => {
        const { world, derivations, forwardFormulas } = found;
        const all = [...forwardFormulas, ...derivations.map(({ latex }) => latex)];
        const faults = placeFaults(all, world);
        const { count = 0 } = MOVED[name] ?? {};
        expect(faults.length, faults.join("\n")).toBe(count);
      });

      it("neighbouring lines differ", () => {
        for (const { latex, wrt, form } of found.derivations) {
          const lines = splitAligned(latex).map(printedText);
          const repeated = lines.filter((line, at) => line === lines[at - 1]);
          expect(repeated, `${wrt}, ${form}`).toEqual([]);
        }
      });
    },
  );
}

/** @throws Error for what KaTeX warns of; a formula may not be shown in the colour of errors. */
function typeset(formula: string): void {
  const html = katex.renderToString(formula, {
    displayMode: true,
    strict: "error",
    throwOnError: true,
    output: "html",
  });
  expect(html, formula).not.toMatch(/color:/);
  const shown = html.replace(/<[^>]*>/g, "").length;
  expect(shown, formula).toBeLessThan(MOST_SIGNS);
}
