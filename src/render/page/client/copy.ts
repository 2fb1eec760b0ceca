/** Gives the LaTeX of equations to the clipboard. */
import { all, say } from "./dom.js";
import { sourceOf } from "./typeset.js";

const COPY = "Copy LaTeX";
const COPIED = "The LaTeX is on the clipboard.";
/** Milliseconds for which a button says that it has copied. */
const PAUSE = 1500;

/** Every equation gets a button; without the script there is none. */
export function startCopying(): void {
  for (const check of all(".equation > .check")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = COPY;
    button.addEventListener("click", () => void copy(button));
    check.append(button);
  }
}

async function copy(button: HTMLButtonElement): Promise<void> {
  const equation = button.closest(".equation");
  const shown = equation?.querySelector(".tex");
  if (!equation || !shown) return;
  const tex = sourceOf(shown);
  try {
    await navigator.clipboard.writeText(tex);
  } catch {
    offer(tex, equation);
    say("The browser does not let pages copy: the LaTeX is selected for you to copy.");
    return;
  }
  button.textContent = "Copied";
  say(COPIED);
  setTimeout(() => {
    button.textContent = COPY;
    if (document.getElementById("status")?.textContent === COPIED) say("");
  }, PAUSE);
}

/** Shows LaTeX, selected, where the clipboard cannot be written to. */
function offer(tex: string, equation: Element): void {
  let area = equation.querySelector("textarea");
  if (!area) {
    area = document.createElement("textarea");
    area.readOnly = true;
    area.setAttribute("aria-label", "LaTeX to copy");
    area.value = tex;
    equation.append(area);
  }
  area.focus();
  area.select();
}
