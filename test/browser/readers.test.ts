/** Pages as readers have them: on a phone, in colours of their own. */
import { expect, it } from "vitest";
import { DESK, PHONE, withBrowser } from "./harness.js";

const { on, urlOf } = withBrowser();

it("the verdicts of the verification are seen on a phone without scrolling", async () => {
  await on(urlOf("sigmoid-2-3-2"), { viewport: PHONE }, async (page) => {
    const right = async (selector: string): Promise<number> => {
      const box = await page.locator(selector).last().boundingBox();
      return box!.x + box!.width;
    };
    const edge = await right('[data-name="Verification"]');
    expect(await right('[data-name="Verification"] td:has-text("✓ agrees")')).toBeLessThan(edge);
  });
}, 30_000);

it("in the colours of a reader who forces them the picture has no others", async () => {
  const forced = { viewport: DESK, forcedColors: "active", colorScheme: "light" } as const;
  await on(urlOf("sigmoid-2-3-2"), forced, async (page) => {
    await page.locator(".weight[tabindex]").first().focus();
    const colours = await page.evaluate<string[]>(`(() => {
      const probe = document.createElement("i");
      document.body.append(probe);
      const system = (name) => { probe.style.color = name; return getComputedStyle(probe).color; };
      const allowed = ["Canvas", "CanvasText", "Highlight", "LinkText"].map(system);
      const parts = [...document.querySelectorAll(".picture :is(circle, .line, text)")];
      const used = parts.flatMap((one) => { const { fill, stroke } = getComputedStyle(one); return [fill, stroke]; });
      probe.remove();
      return [...new Set(used)].filter((one) => one !== "none" && !allowed.includes(one));
    })()`);
    expect(colours).toEqual([]);
  });
}, 30_000);

it("what has the focus is not behind the name of what is marked", async () => {
  const small = { viewport: { width: 360, height: 640 } };
  await on(urlOf("sigmoid-2-3-2"), small, async (page) => {
    const named: string[] = [];
    for (let presses = 0; presses < 40; presses++) {
      await page.keyboard.press("Tab");
      const behind = await page.evaluate<string | null>(`(() => {
        const status = document.getElementById("status");
        const { bottom } = document.activeElement.getBoundingClientRect();
        if (status.textContent === "") return null;
        return bottom > status.getBoundingClientRect().top + 1 ? status.textContent : "";
      })()`);
      if (behind !== null) named.push(behind);
    }
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((one) => one !== "")).toEqual([]);
  });
}, 30_000);

it("a model, a step and the picture stay on one sheet each", async () => {
  await on(urlOf("sigmoid-2-3-2"), { viewport: DESK }, async (page) => {
    await page.emulateMedia({ media: "print" });
    const styles = await page.evaluate<string[]>(
      "['.statements', '.steps > li', 'figure', 'tr'].map((one) => getComputedStyle(document.querySelector(one)).breakInside)",
    );
    expect(styles).toEqual(["avoid", "avoid", "avoid", "avoid"]);
  });
}, 30_000);
