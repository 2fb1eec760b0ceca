import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";
import katex from "katex";
import { describe, expect, it } from "vitest";
import { parseModel } from "../../src/language/model.js";
import { network } from "../../src/language/network.js";
import { derive } from "../../src/render/derivation.js";
import { htmlDocument } from "../../src/render/page/page.js";
import { count, DESK, openAll, PHONE, withBrowser } from "./harness.js";
import { EXAMPLES, pageOf } from "./pages.js";

/** A desk at 400 % zoom. */
const ZOOMED = { width: 320, height: 256 };
/** A4 between the margins, in pixels. */
const SHEET = { width: 680, height: 1008 };

const { on, urlOf, folder } = withBrowser();

/** Follows a link of the contents and waits until the part that it opens is typeset. */
async function follow(page: Page, name: string, part: string): Promise<void> {
  await page.locator("nav").getByRole("link", { name }).first().click();
  const typeset = page.locator(`${part} .katex`);
  await expect.poll(() => typeset.count(), { timeout: 10_000 }).toBeGreaterThan(0);
  const open = `${part} details[open] > .steps .tex:not(:has(.katex))`;
  await expect.poll(() => count(page, open), { timeout: 10_000 }).toBe(0);
}

/** The one entry of the first parameter that these pages have is opened with its part. */
async function openEntries(page: Page): Promise<void> {
  await follow(page, "entries", "#by-1-entries");
}

/** Faces that KaTeX's signs ask for and the page does not carry. */
async function missingFaces(page: Page): Promise<unknown> {
  return page.evaluate(`(() => {
    const face = (family, style, weight) => [family, style, weight].join(" ");
    const bare = (family) => family.replaceAll('"', "").split(",")[0];
    const there = new Set([...document.fonts].map((one) => face(bare(one.family), one.style, one.weight)));
    const missing = new Set();
    for (const element of document.querySelectorAll(".katex-html *, var, var *, svg .letter")) {
      if (![...element.childNodes].some((node) => node.nodeType === 3 && /[^\\s\u200b]/.test(node.data))) continue;
      const { fontFamily, fontStyle, fontWeight } = getComputedStyle(element);
      const asked = face(bare(fontFamily), fontStyle, fontWeight === "400" ? "400" : fontWeight);
      if (asked.startsWith("KaTeX") && !there.has(asked.replace(" 400", " normal")) && !there.has(asked)) missing.add(asked);
    }
    return [...missing];
  })()`);
}

/** Boxes that scroll sideways and are no stop of the Tab key. */
const unreachableBoxes =
  "[...document.querySelectorAll('.scroll')].filter((one) => one.scrollWidth > one.clientWidth + 1 && one.tabIndex !== 0).length";

/** Boxes that scroll sideways without a shadow that says so. */
const unmarkedBoxes =
  "[...document.querySelectorAll('.scroll')].filter((one) => one.scrollWidth > one.clientWidth + 1 && !getComputedStyle(one).backgroundImage.includes('gradient')).length";

/** Captions of tables that are wider than the box in which the table scrolls. */
const cutCaptions =
  "[...document.querySelectorAll('.scroll')].filter((one) => { const text = document.createRange(); const caption = one.querySelector('caption'); if (!caption) return false; text.selectNodeContents(caption); return text.getBoundingClientRect().right > one.getBoundingClientRect().right + 1; }).length";

describe("the page of", () => {
  it.each(EXAMPLES)(
    "%s opens offline without a complaint, typesets every equation and fits a phone",
    async (name) => {
      await on(urlOf(name), { viewport: DESK, offline: true }, async (page) => {
        await openAll(page);
        expect(await count(page, ".katex")).toBeGreaterThan(5);
        expect(await count(page, ".katex-error, .untypeset")).toBe(0);
        // KaTeX prints what it was not trusted with in its error colour
        expect(await count(page, '[style*="rgb(204, 0, 0)"], [mathcolor="#cc0000"]')).toBe(0);
        expect(await count(page, ".katex-html .enclosing")).toBeGreaterThan(5);
        expect(await missingFaces(page)).toEqual([]);
        // whatever can be reached with the keyboard stands outside of what is hidden from readers
        expect(await count(page, ".katex-html :is(button, a, [tabindex])")).toBe(0);

        await page.emulateMedia({ colorScheme: "dark" });
        await page.setViewportSize(PHONE);
        expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(PHONE.width);
        await page.setViewportSize(ZOOMED);
        expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(ZOOMED.width);
        // the text above a table is read without scrolling
        expect(await page.evaluate(cutCaptions)).toBe(0);
        // what scrolls in a box of its own is reached with the keyboard
        await expect.poll(() => page.evaluate(unreachableBoxes)).toBe(0);
        expect(await page.evaluate(unmarkedBoxes)).toBe(0);
      });
    },
    40_000,
  );
});

describe("with the keyboard", () => {
  it("a weight is reached and lit in the picture, the equations and the tables", async () => {
    await on(urlOf("sigmoid-2-3-2"), { viewport: DESK }, async (page) => {
      await openEntries(page);
      await page.locator("#network").click();
      const weight = page.locator('.weight[aria-label^="W1[1,1]"]');
      const isThere = async (): Promise<unknown> =>
        page.evaluate("document.activeElement.matches('.weight[aria-label^=\"W1[1,1]\"]')");
      let presses = 0;
      while (!(await isThere()) && presses++ < 40) await page.keyboard.press("Tab");
      expect(await isThere()).toBe(true);
      expect(await page.locator("#status").textContent()).toContain("W1[1,1] ≈ 0.9700701");
      expect(await weight.getAttribute("class")).toContain("lit");
      expect(await count(page, ".katex-html .lit")).toBeGreaterThan(0);
      expect(await count(page, "tr.lit, button.lit")).toBeGreaterThan(0);
      expect(await count(page, "code .kin")).toBeGreaterThan(0);
      expect(await count(page, ".why .kin")).toBeGreaterThan(0);

      await page.keyboard.press("Enter");
      expect(await weight.getAttribute("aria-pressed")).toBe("true");
      await page.keyboard.press("Tab");
      await page.keyboard.press("Escape");
      expect(await weight.getAttribute("aria-pressed")).toBe("false");
    });
  }, 30_000);

  it("a path lights its term and its way through the picture, a factor its edge", async () => {
    await on(urlOf("sigmoid-2-3-2"), { viewport: DESK }, async (page) => {
      await openEntries(page);
      const path = page.getByRole("button", { name: "Path 2: MSE, y[2], z2[2]" }).first();
      await path.focus();
      expect(await count(page, ".picture .unit.lit")).toBe(5);
      expect(await count(page, ".links > .lit")).toBe(5);
      expect(await count(page, ".katex-html .lit")).toBeGreaterThan(0);

      await page.getByRole("button", { name: "∂z2[2]/∂a1[1]" }).first().focus();
      expect(await count(page, ".links > .lit")).toBe(1);
      expect(await count(page, ".katex-html .lit")).toBeGreaterThan(0);
      expect(await count(page, "td .lit")).toBe(1);
    });
  }, 30_000);

  it("a number in an equation lights its weight everywhere, also within arrays", async () => {
    await on(urlOf("sigmoid-2-3-2"), { viewport: DESK }, async (page) => {
      await follow(page, "The forward pass", "#the-forward-pass");
      const part = page.locator("#the-forward-pass");
      const value = { hasText: /^0\.8526403$/ };
      await part.locator(".katex-html .enclosing").filter(value).first().hover();
      expect(await page.locator("#status").textContent()).toContain("W2[1,1] ≈ 0.8526403");
      const weight = page.locator('.weight[aria-label^="W2[1,1]"]');
      expect(await weight.getAttribute("class")).toContain("lit");
      expect(await page.locator(".katex-html .lit").filter(value).count()).toBeGreaterThan(0);
      expect(await count(page, "#numbers tr.lit")).toBe(1);
    });
  }, 30_000);

  it("what is lit is marked by more than its colour", async () => {
    await on(urlOf("sigmoid-2-3-2"), { viewport: DESK }, async (page) => {
      await openEntries(page);
      const weight = '.weight[aria-label^="W1[1,1]"]';
      const style = async (selector: string, name: string): Promise<string> =>
        String(
          await page.evaluate(
            `getComputedStyle(document.querySelector(${JSON.stringify(selector)})).${name}`,
          ),
        );
      const before = parseFloat(await style(`${weight} .line`, "strokeWidth"));
      await page.locator(weight).hover({ force: true });
      expect(parseFloat(await style(`${weight} .line`, "strokeWidth"))).toBeGreaterThan(2 * before);
      expect(await style(".katex-html .lit", "boxShadow")).not.toBe("none");
    });
  }, 30_000);
});

describe("parts", () => {
  it("are closed until opened, and typeset then", async () => {
    await on(urlOf("sigmoid-2-3-2"), { viewport: DESK }, async (page) => {
      const closed = page.locator("details.derivation:not([open])").last();
      expect(await closed.locator(".katex").count()).toBe(0);
      const summary = closed.locator("> summary");
      await summary.focus();
      await page.keyboard.press("Enter");
      const opened = page.locator("details.derivation[open]").last();
      await expect.poll(() => opened.locator(".katex").count()).toBeGreaterThan(0);
    });
  }, 30_000);

  it("are all open, typeset and no wider than the sheet when the page is printed", async () => {
    const dark = { viewport: DESK, colorScheme: "dark" } as const;
    await on(urlOf("batch-3-4-4-2"), dark, async (page) => {
      const closed = await count(page, "details:not([open])");
      expect(closed).toBeGreaterThan(0);
      await page.setViewportSize(SHEET);
      await page.emulateMedia({ media: "print" });
      await expect
        .poll(() => count(page, "details:not([open]), .tex:not(:has(.katex))"), { timeout: 20_000 })
        .toBe(0);
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(SHEET.width);
      const ground = "getComputedStyle(document.documentElement).backgroundColor";
      expect(await page.evaluate(ground)).toBe("rgb(255, 255, 255)");
      await page.emulateMedia({ media: "screen" });
      await expect.poll(() => count(page, "details:not([open])")).toBe(closed);

      await page.evaluate(
        "addEventListener('beforeprint', () => { window.closed0 = document.querySelectorAll('details:not([open])').length; })",
      );
      await page.pdf();
      expect(await page.evaluate("window.closed0")).toBe(0);
      expect(await count(page, "details:not([open])")).toBe(closed);
    });
  }, 90_000);

  it("have shorter lines on a phone, and those of a sheet when printed and copied", async () => {
    await on(urlOf("sigmoid-2-3-2"), { viewport: DESK }, async (page) => {
      await openAll(page);
      const lines = async (): Promise<unknown> =>
        page.evaluate(
          "[...document.querySelectorAll('.tex[data-narrow]')].map((one) => one.querySelector('annotation').textContent.split('\\\\').length)",
        );
      const scrolling = (): Promise<number> =>
        count(page, '.tex[data-narrow][aria-label="Equation, scrolls sideways"]');
      const copied = async (): Promise<unknown> =>
        page.evaluate(`(async () => {
          const copied = [];
          Object.defineProperty(navigator, "clipboard", { configurable: true, value: { writeText: async (tex) => copied.push(tex) } });
          for (const button of document.querySelectorAll(".copy")) button.click();
          await new Promise((done) => setTimeout(done));
          return copied;
        })()`);
      const wide = (await lines()) as number[];
      const texts = await copied();
      expect(wide.length).toBeGreaterThan(20);
      await page.setViewportSize(PHONE);
      await expect.poll(lines).not.toEqual(wide);
      const narrow = (await lines()) as number[];
      for (const [at, count] of narrow.entries()) expect(count).toBeGreaterThan(wide[at]!);
      // only what has no place to break scrolls there
      expect(await scrolling()).toBeLessThan(wide.length / 4);
      expect(await copied()).toEqual(texts);
      await page.emulateMedia({ media: "print" });
      await expect.poll(lines).toEqual(wide);
      await page.emulateMedia({ media: "screen" });
      await expect.poll(lines).toEqual(narrow);
      await page.setViewportSize(DESK);
      await expect.poll(lines).toEqual(wide);
    });
  }, 60_000);

  it("give LaTeX that typesets, every equation of it", async () => {
    await on(urlOf("sigmoid-2-3-2"), { viewport: DESK }, async (page) => {
      await openAll(page);
      expect(await count(page, ".equation .tex")).toBe(await count(page, "main .tex"));
      expect(await count(page, ".equation:has(.copy)")).toBe(await count(page, "main .tex"));
      const copied = await page.evaluate<string[]>(`(async () => {
        const copied = [];
        Object.defineProperty(navigator, "clipboard", { value: { writeText: async (tex) => copied.push(tex) } });
        for (const button of document.querySelectorAll(".copy")) button.click();
        await new Promise((done) => setTimeout(done));
        return copied;
      })()`);
      expect(copied).toHaveLength(await count(page, ".copy"));
      for (const tex of copied) {
        const options = { displayMode: true, strict: "error" } as const;
        expect(() => katex.renderToString(tex, options), tex).not.toThrow();
      }
    });
  }, 60_000);

  it("give their LaTeX to the clipboard, without a class in it", async () => {
    await on(urlOf("sigmoid-2-3-2"), { viewport: DESK }, async (page, context) => {
      await context.grantPermissions(["clipboard-read", "clipboard-write"]);
      const derivation = page.locator("details.derivation[open]").first();
      await derivation.getByRole("button", { name: "Copy LaTeX" }).first().click();
      await page.waitForSelector("button:text-is('Copied')");
      const copied = await page.evaluate("navigator.clipboard.readText()");
      expect(copied).toMatch(/^\\begin\{aligned\}[^]*\\frac\{\\partial \\mathrm\{MSE\}\}/);
      expect(copied).not.toContain("htmlClass");
    });
  }, 30_000);
});

describe("axe finds nothing", () => {
  const model = parseModel("x = input(2)\nw = param(2)\na = tanh(dot(w, x))\nL = (a - 1)^2");
  const small = folder.write("small", pageOf(model, { x: [1, 2], w: [0.5, 0.25] }));

  async function violations(page: Page, rules?: string[]): Promise<string[]> {
    const axe = new AxeBuilder({ page });
    const found = await (rules ? axe.withRules(rules) : axe).analyze();
    return found.violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
  }

  it("in light, in the dark and on a phone, with everything open and a weight lit", async () => {
    // axe brings its own script, which the page's policy would refuse
    await on(small, { viewport: DESK, colorScheme: "light", bypassCSP: true }, async (page) => {
      await openAll(page);
      await page.locator(".weight[tabindex]").first().focus();
      expect(await violations(page)).toEqual([]);
      await page.emulateMedia({ colorScheme: "dark" });
      expect(await violations(page, ["color-contrast"])).toEqual([]);
      await page.setViewportSize(PHONE);
      expect(await page.locator("#status").textContent()).toContain("w[1] = 0.5");
      await page.getByRole("button", { name: "Close everything" }).click();
      expect(await violations(page)).toEqual([]);
    });
  }, 60_000);
});

describe("a large net", () => {
  it("has a page of bounded size that says what was left out", async () => {
    const model = network({
      sizes: [784, 128, 10],
      hidden: "sigmoid",
      output: "identity",
      loss: "half-squared-error",
      bias: true,
    });
    const [first] = model.params;
    const derivations = [
      derive(model, { wrt: `${first!.name}[1,1]`, form: "paths" }),
      derive(model, { wrt: model.params.at(-1)!.name, form: "matrix" }),
    ];
    const text = htmlDocument(model, derivations);
    expect(text.length).toBeLessThan(1_000_000);
    await on(folder.write("large", text), { viewport: DESK }, async (page) => {
      expect(await page.locator("figcaption").textContent()).toMatch(/of 784 units are drawn/);
      expect(await page.locator(".gap").count()).toBeGreaterThan(1);
      expect(await count(page, ".katex-error, .untypeset")).toBe(0);
    });
  }, 60_000);
});
