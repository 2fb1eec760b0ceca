/** Opening and closing parts: all of them, those that links lead to, and all of them on paper. */
import { all } from "./dom.js";
import { markScrollable, typeset, typesetSeen } from "./typeset.js";

export function setAll(open: boolean): void {
  for (const details of all<HTMLDetailsElement>("details")) details.open = open;
}

/** Opens the part that a link leads to, the parts around it, and what is alone in it. */
function openPart(hash: string): void {
  const target = hash === "" ? null : document.getElementById(hash.slice(1));
  const alone = target?.querySelector<HTMLDetailsElement>(":scope > details:only-of-type");
  if (alone) alone.open = true;
  for (let at: Element | null = target; at; at = at.parentElement) {
    if (at instanceof HTMLDetailsElement) at.open = true;
  }
}

export function startParts(): void {
  document.addEventListener(
    "toggle",
    ({ target }) => {
      if (target instanceof HTMLDetailsElement && target.open) typesetSeen(target);
    },
    true,
  );
  for (const link of all<HTMLAnchorElement>('a[href^="#"]')) {
    // also where the address names the part already, and it was closed since
    link.addEventListener("click", () => openPart(link.hash));
  }
  addEventListener("hashchange", () => openPart(location.hash));
  openPart(location.hash);
  addEventListener("beforeprint", layOut);
  addEventListener("afterprint", takeBack);
  // a preview of paper has no events of printing
  matchMedia("print").addEventListener("change", ({ matches }) => {
    if (matches) layOut();
    else takeBack();
  });
}

/** The width of a line on paper, in the pixels of the screen: A4 without margins and indents. */
const PAPER = 620;
/** Text on paper relative to text on the screen: 10pt to 16px, as in the style. */
const PRINTED = 10 / 12;

/** What was closed before it was laid out for paper; undefined while it is not. */
let closed: readonly HTMLDetailsElement[] | undefined;

/** Opens and typesets everything, and makes smaller what is wider than paper, which cannot scroll. */
function layOut(): void {
  if (closed) return;
  closed = all<HTMLDetailsElement>("details:not([open])");
  setAll(true);
  for (const element of all(".tex")) typeset(element);
  const boxes = all("main .scroll");
  const scales = boxes.map(({ scrollWidth, clientWidth }) =>
    scrollWidth > clientWidth || scrollWidth * PRINTED > PAPER
      ? PAPER / (scrollWidth * PRINTED)
      : 1,
  );
  for (const [at, element] of boxes.entries()) {
    if (scales[at]! < 1) element.style.fontSize = `${scales[at]!}em`;
  }
}

function takeBack(): void {
  for (const details of closed ?? []) details.open = false;
  for (const element of all("main .scroll")) element.style.removeProperty("font-size");
  closed = undefined;
  markScrollable();
}
