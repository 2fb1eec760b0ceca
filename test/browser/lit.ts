/** What is lit on a page when a thing is pointed at. */
import type { Page } from "playwright-core";

/**
 * Points at a thing in each place where it stands.
 * @param button a selector of what names the thing
 * @param places selectors by their names
 * @returns by the place pointed at, the places in which it was lit, or what it belongs to
 */
export async function litFrom(
  page: Page,
  button: string,
  places: Readonly<Record<string, string>>,
): Promise<Record<string, string[]>> {
  const lit = await page.evaluate(`(() => {
    const places = ${JSON.stringify(places)};
    const classes = [...document.querySelector(${JSON.stringify(button)}).classList];
    const id = classes.find((part) => /^[tfp]\\d/.test(part));
    const point = (element) => element.dispatchEvent(new PointerEvent("pointerover", { bubbles: true }));
    const lit = {};
    for (const [place, selector] of Object.entries(places)) {
      const found = document.querySelector(selector + " ." + id);
      if (!found) continue;
      point(document.body);
      point(found);
      lit[place] = Object.keys(places).filter((one) => document.querySelector(places[one] + " :is(.lit, .kin)"));
    }
    return lit;
  })()`);
  return lit as Record<string, string[]>;
}
