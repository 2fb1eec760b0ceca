/**
 * The page's script: typesets equations when they are first seen, lights a thing wherever it stands,
 * copies LaTeX. It reads the page and builds no markup from text.
 */
import { startCopying } from "./copy.js";
import { all } from "./dom.js";
import { startLighting, toggle } from "./light.js";
import { startPaper } from "./paper.js";
import { setAll, startParts } from "./parts.js";
import { markScrollable, startTypesetting } from "./typeset.js";

document.addEventListener("click", ({ target }) => {
  const button = target instanceof Element ? target.closest("button") : null;
  const action = button?.dataset["action"];
  if (action !== undefined) {
    setAll(action === "open");
    return;
  }
  if (target instanceof Element && target.closest("a, summary, textarea, .copy")) return;
  toggle(target);
});
addEventListener("resize", markScrollable);

for (const tools of all(".tools")) tools.hidden = false;
startCopying();
startLighting();
startParts();
startPaper();
startTypesetting();
void document.fonts.ready.then(markScrollable);
