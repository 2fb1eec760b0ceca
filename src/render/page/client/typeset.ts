/** Equations are typeset when they are first seen. */
import { all, ID } from "./dom.js";
import { lightWithin } from "./light.js";

interface Katex {
  render(tex: string, element: HTMLElement, options: Readonly<Record<string, unknown>>): void;
}
declare const katex: Katex;

const OPTIONS = {
  displayMode: true,
  throwOnError: true,
  output: "htmlAndMathml",
  maxExpand: 1000,
  strict: (code: string): string => (code === "htmlExtension" ? "ignore" : "error"),
  trust: ({ command, class: name }: { command: string; class?: string }): boolean =>
    command === "\\htmlClass" && name !== undefined && ID.test(name),
};

/** An equation with the places of the things in it: `start end id`, outer ones before inner ones. */
interface Source {
  readonly tex: string;
  readonly marks: string;
}

/** What an equation is typeset from. */
interface Typeset {
  /** The LaTeX as it is copied. */
  readonly wide: Source;
  /** The same in shorter lines, where there is such. */
  readonly narrow: Source | undefined;
  shown: Source;
}

const known = new WeakMap<Element, Typeset>();

/** Phones, as in the style. */
const phone = matchMedia("screen and (max-width: 40rem)");

/** The LaTeX of an equation, typeset or not. */
export function sourceOf(element: Element): string {
  return known.get(element)?.wide.tex ?? element.textContent;
}

function isSeen(element: Element): boolean {
  return element.closest("details:not([open])") === null;
}

/** @param isNarrow whether the lines are those for a phone */
export function typeset(element: HTMLElement, isNarrow = phone.matches): void {
  const before = known.get(element);
  const { wide, narrow } = before ?? sourcesOf(element);
  const shown = (isNarrow ? narrow : undefined) ?? wide;
  if (before?.shown === shown) return;
  known.set(element, { wide, narrow, shown });
  const formula = document.createElement("div");
  try {
    katex.render(marked(shown), formula, OPTIONS);
  } catch {
    // the LaTeX itself stays readable
    element.classList.add("untypeset");
    return;
  }
  element.replaceChildren(formula);
  lightWithin(element);
}

function sourcesOf({ textContent, dataset }: HTMLElement): Omit<Typeset, "shown"> {
  const { marks = "", narrow, narrowMarks = "" } = dataset;
  return {
    wide: { tex: textContent, marks },
    narrow: narrow === undefined ? undefined : { tex: narrow, marks: narrowMarks },
  };
}

/** Breaks the equations that are typeset for what they are shown on: a phone that is turned. */
export function typesetAgain(): void {
  for (const element of all(".tex[data-narrow]")) if (known.has(element)) typeset(element);
  markScrollable();
}

export function startTypesetting(): void {
  phone.addEventListener("change", typesetAgain);
  typesetSeen();
}

/** Puts a class around every thing. */
function marked({ tex, marks }: Source): string {
  const inserts = new Map<number, { close: string; open: string }>();
  const at = (place: number) => {
    let insert = inserts.get(place);
    if (!insert) inserts.set(place, (insert = { close: "", open: "" }));
    return insert;
  };
  for (const mark of marks.split(";").filter((text) => text !== "")) {
    const [start, end, id] = mark.split(" ");
    at(Number(start)).open += `\\htmlClass{${id!}}{`;
    at(Number(end)).close += "}";
  }
  let result = "";
  let from = 0;
  for (const place of [...inserts.keys()].sort((a, b) => a - b)) {
    const { close, open } = inserts.get(place)!;
    result += tex.slice(from, place) + close + open;
    from = place;
  }
  return result + tex.slice(from);
}

const queue: HTMLElement[] = [];
/** Milliseconds at a time, so that a page with everything open can still be used. */
const SLICE = 30;

export function typesetSeen(root: ParentNode = document): void {
  const isIdle = queue.length === 0;
  queue.push(...all(".tex", root).filter((element) => isSeen(element) && !known.has(element)));
  if (isIdle) typesetQueued();
}

function typesetQueued(): void {
  const end = performance.now() + SLICE;
  while (queue.length > 0 && performance.now() < end) typeset(queue.shift()!);
  if (queue.length > 0) setTimeout(typesetQueued);
  else markScrollable();
}

/** What scrolls sideways can be reached with the keyboard, nothing else can. */
export function markScrollable(): void {
  for (const element of all(".scroll")) {
    if (element.scrollWidth > element.clientWidth + 1) {
      element.tabIndex = 0;
      element.setAttribute("role", "group");
      element.setAttribute("aria-label", `${element.dataset["name"] ?? "Wide"}, scrolls sideways`);
    } else {
      element.removeAttribute("tabindex");
      element.removeAttribute("role");
      element.removeAttribute("aria-label");
    }
  }
}
