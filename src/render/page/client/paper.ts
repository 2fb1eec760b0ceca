/** The page on paper: everything is open, and nothing is wider than a sheet, which cannot scroll. */
import { all } from "./dom.js";
import { setAll } from "./parts.js";
import { typeset, typesetAgain } from "./typeset.js";

/** The width of a line on paper in pixels: A4 without margins and indents. */
const LINE = 610;
/** The size of text on paper, 10pt as in the style, in pixels. */
const TEXT = 40 / 3;

/** What was closed before it was laid out for paper; undefined while it is not. */
let closed: readonly HTMLDetailsElement[] | undefined;

function layOut(): void {
  if (closed) return;
  closed = all<HTMLDetailsElement>("details:not([open])");
  setAll(true);
  for (const element of all(".tex")) typeset(element, false);
  const boxes = all("main .scroll");
  const printed = TEXT / parseFloat(getComputedStyle(document.documentElement).fontSize);
  const scales = boxes.map(({ scrollWidth }) => LINE / (scrollWidth * printed));
  for (const [at, element] of boxes.entries()) {
    if (scales[at]! < 1) element.style.fontSize = `${scales[at]!}em`;
  }
}

function takeBack(): void {
  if (!closed) return;
  for (const details of closed) details.open = false;
  for (const element of all("main .scroll")) element.style.removeProperty("font-size");
  closed = undefined;
  typesetAgain();
}

export function startPaper(): void {
  let isPrinting = false;
  addEventListener("beforeprint", () => {
    isPrinting = true;
    layOut();
  });
  addEventListener("afterprint", () => {
    isPrinting = false;
    takeBack();
  });
  // previews have no events of printing; while a page is printed, its medium changes to and fro
  matchMedia("print").addEventListener("change", ({ matches }) => {
    if (isPrinting) return;
    if (matches) layOut();
    else takeBack();
  });
}
