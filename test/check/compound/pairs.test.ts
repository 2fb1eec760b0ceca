import { check, type Claims, parseModel } from "chainrule";
import { expect, it } from "vitest";
import { random } from "../../../src/numeric/prng.js";
import { explanations, together } from "../explanations.js";
import { decayed } from "./decayed.js";
import { loops } from "./loops.js";
import { causeOf, type Pass, type Slip, slipsOf, slipText, withSlips } from "./pass.js";
import { passes } from "./passes.js";

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Seeded pairs of slips in different lines. */
function pairsOf(pass: Pass, seed: number, count: number): [Slip, Slip][] {
  const slips = slipsOf(pass);
  const all = slips.flatMap((a, k) =>
    slips.slice(k + 1).flatMap((b): [Slip, Slip][] => (a.line === b.line ? [] : [[a, b]])),
  );
  const generator = random(seed);
  const chosen: [Slip, Slip][] = [];
  while (chosen.length < count) chosen.push(...all.splice(generator.below(all.length), 1));
  return chosen;
}

type Named = "both" | "one of two" | "unknown" | "wrong";

/** What is told of a claim that two slips spoil. */
function judge(got: readonly string[], pair: readonly [Slip, Slip]): Named {
  const [a, b] = pair.map(causeOf) as [string, string];
  const both = [together(a, b), ...(a === b ? [a] : [])];
  if (got.some((one) => both.includes(one))) return "both";
  // two factors are one factor
  const isScale = (one: string): boolean => one === "sign" || one === "constant-factor";
  if ([a, b].every(isScale) && got.some((one) => one.split(" + ").every(isScale))) return "both";
  if (got.some((one) => one.split(" + ").some((cause) => cause === a || cause === b))) {
    return "one of two";
  }
  return got.includes("unknown") ? "unknown" : "wrong";
}

/** What is told of the claims that pairs of slips spoil: how often both are named, of how many. */
function share(title: string, all: readonly Pass[], count: number): [both: number, total: number] {
  const counts: Record<Named, number> = { both: 0, "one of two": 0, unknown: 0, wrong: 0 };
  const lines: string[] = [];
  for (const [position, pass] of all.entries()) {
    const model = parseModel(pass.text);
    const at = pass.point;
    const right = withSlips(pass, []);
    expect(check(model, right, { at }).ok).toBe(true);
    for (const pair of pairsOf(pass, 7 + position, count)) {
      const claims = withSlips(pass, pair);
      const alone = pair.map((slip) => withSlips(pass, [slip]));
      for (const { name, ok, diagnosis } of check(model, claims, { at }).checks) {
        const others: Claims[] = [right, ...alone];
        // two signs are none, and one mistake may leave nothing of another
        if (ok || others.some((one) => same(one[name], claims[name]))) continue;
        const got = explanations(diagnosis);
        const named = judge(got, pair);
        counts[named]++;
        if (named !== "both") {
          const what = pair.map(slipText).join(", ");
          lines.push(`  ${pass.name}: d${name}: ${named}: ${what}: got ${got.join(" | ")}`);
        }
      }
    }
  }
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const table = Object.entries(counts).map(([named, count]) => `${named.padEnd(10)}  ${count}`);
  // eslint-disable-next-line no-console
  console.log([`${title}: ${total}`, ...table, ...lines].join("\n"));
  return [counts.both, total];
}

it("pairs of mistakes anywhere in a backward pass", { timeout: 600_000 }, () => {
  const [both, total] = share("pairs in one claim", passes, 24);
  expect(total).toBeGreaterThan(60);
  expect(both / total).toBeGreaterThanOrEqual(0.8);
});

it(
  "pairs of mistakes where each derivative has a term that most of them leave alone",
  { timeout: 600_000 },
  () => {
    const [both, total] = share("pairs beside decay", [decayed()], 149);
    expect(total).toBeGreaterThan(80);
    expect(both / total).toBeGreaterThanOrEqual(0.95);
  },
);

it("pairs of mistakes in the code of a loop", { timeout: 600_000 }, () => {
  const [both, total] = share("pairs in a loop", loops, 8);
  expect(total).toBeGreaterThan(20);
  expect(both / total).toBeGreaterThanOrEqual(0.8);
});
