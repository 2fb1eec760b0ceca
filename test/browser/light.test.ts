import { describe, expect, it } from "vitest";
import { parseModel } from "../../src/language/model.js";
import { DESK, openAll, withBrowser } from "./harness.js";
import { litFrom } from "./lit.js";
import { pageOf } from "./pages.js";

const { on, urlOf, folder } = withBrowser();

describe("what is pointed at is lit everywhere:", () => {
  /** Where things stand, as selectors within the page. */
  const PLACES = {
    picture: ".picture",
    equation: ".katex-html",
    table: "main table",
    sentence: "main .why",
  };
  const name = (text: string): string => `[data-label^="${text}"]`;
  /** A thing of each kind by what its button says. */
  const CASES = [
    { model: "sigmoid-2-3-2", weight: "W1[1,1]", factor: "∂z1[1]/∂W1[1,1]", value: "z1[1]" },
    { model: "relu-3-4-2", weight: "W1[1,1]", factor: "∂z1[1]/∂W1[1,1]", value: "z1[1]" },
    { model: "row-4-3", weight: "W[1,1]", factor: "∂u[1,1]/∂W[1,1]", value: "u[1,1]" },
  ];

  it.each(CASES)(
    "$model",
    async ({ model, weight, factor, value }) => {
      await on(urlOf(model), { viewport: DESK }, async (page) => {
        await openAll(page);
        const things = { weight, factor, value, path: "Path 1" };
        const shown: Record<string, Record<string, string[]>> = {};
        for (const [kind, label] of Object.entries(things)) {
          shown[kind] = await litFrom(page, name(label), PLACES);
        }
        const all = ["picture", "equation", "table"];
        // sentences name quantities: they are lit as what an entry belongs to
        const named = [...all, "sentence"];
        expect(shown).toEqual({
          weight: { picture: named, equation: named, table: named },
          // a line that carries a weight is pointed at as the weight
          factor: { picture: named, equation: all, table: all },
          value: { picture: named, equation: named, table: named },
          // a path is the sum of its edges in the picture, which belong to many paths
          path: { equation: all, table: all },
        });
        const symbol = await litFrom(page, "main .why var[class]", PLACES);
        expect(symbol["sentence"]).toEqual(named);
      });
    },
    60_000,
  );
});

it("a decayed matrix is lit as a whole from where it is decayed, and from its name", async () => {
  const model = parseModel(`
    x = input(2)
    W = param(2, 2)
    y = tanh(W * x)
    R = sum(W.^2)
    L = sum(y.^2) + R`);
  const url = folder.write(
    "decay",
    pageOf(model, {
      x: [1, 2],
      W: [
        [0.5, 0.25],
        [1, -1],
      ],
    }),
  );
  await on(url, { viewport: DESK }, async (page) => {
    const marked = async (): Promise<unknown> => [
      await page.locator("#status").textContent(),
      await page.locator(".links > .lit, .links > .kin").count(),
      await page.locator(".stubs > .lit").count(),
    ];
    await page.locator(".stubs .weight").focus();
    expect(await marked()).toEqual(["Marked: all of W", 4, 1]);
    await page.locator("#contents").focus();
    expect(await marked()).toEqual(["", 0, 0]);
    await page.locator("code span").filter({ hasText: /^W$/ }).first().hover();
    expect(await marked()).toEqual(["Marked: all of W", 4, 1]);
  });
}, 60_000);

describe("on a touch screen", () => {
  it("a tap lights a weight and keeps it, and a tap elsewhere lets go", async () => {
    const options = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
    await on(urlOf("sigmoid-2-3-2"), options, async (page) => {
      const lit = () => page.locator(".lit").count();
      expect(await lit()).toBe(0);
      await page.locator('.picture [data-label^="W1[1,1]"]').first().tap({ force: true });
      await expect.poll(lit).toBeGreaterThan(1);
      await page.locator("h1").tap();
      await expect.poll(lit).toBe(0);
    });
  }, 60_000);
});
