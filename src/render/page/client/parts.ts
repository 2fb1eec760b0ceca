/** Opening and closing parts: all of them, and those that links lead to. */
import { all } from "./dom.js";
import { typesetSeen } from "./typeset.js";

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
}
