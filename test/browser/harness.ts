/** A browser for a file of tests, and pages opened in it. */
import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, expect } from "vitest";
import { complaints, examplePage, Folder } from "./pages.js";
import { launch } from "./support.js";

export const DESK = { width: 1280, height: 900 };
export const PHONE = { width: 360, height: 740 };

type On = (
  url: string,
  options: BrowserContextOptions,
  act: (page: Page, context: BrowserContext) => Promise<void>,
) => Promise<void>;

export interface Harness {
  /** Opens a page, does something with it, and expects no complaint. */
  readonly on: On;
  /** The page of an example, written once. */
  readonly urlOf: (example: string) => string;
  readonly folder: Folder;
}

/** Starts a browser before the tests of a file, and closes it behind them. */
export function withBrowser(): Harness {
  const folder = new Folder();
  const pages = new Map<string, string>();
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  }, 330_000);
  afterAll(async () => {
    await browser.close();
    folder.remove();
  });
  const urlOf = (name: string): string => {
    let url = pages.get(name);
    if (url === undefined) pages.set(name, (url = folder.write(name, examplePage(name))));
    return url;
  };
  const on: On = async (url, options, act) => {
    const context = await browser.newContext(options);
    try {
      const page = await context.newPage();
      const found = complaints(page);
      await page.goto(url);
      await act(page, context);
      expect(found).toEqual([]);
    } finally {
      await context.close();
    }
  };
  return { on, urlOf, folder };
}

/** Opens every part and waits until all equations are typeset. */
export async function openAll(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Open everything" }).click();
  await expect.poll(() => count(page, ".tex:not(:has(.katex))"), { timeout: 20_000 }).toBe(0);
}

export async function count(page: Page, selector: string): Promise<number> {
  return page.locator(selector).count();
}
