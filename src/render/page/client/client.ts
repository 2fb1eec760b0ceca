/**
 * The page's script: typesets equations when they are first seen, lights a thing wherever it stands,
 * copies LaTeX. It reads the page and builds no markup from text.
 */

interface Katex {
  render(tex: string, element: HTMLElement, options: Readonly<Record<string, unknown>>): void;
}
declare const katex: Katex;

/** The form of all ids; KaTeX is allowed no other class. */
const ID = /^(?:t\d+(?:-\d+)*|f\d+|p\d+)$/;

const OPTIONS = {
  displayMode: true,
  throwOnError: true,
  output: "htmlAndMathml",
  maxExpand: 1000,
  strict: (code: string): string => (code === "htmlExtension" ? "ignore" : "error"),
  trust: ({ command, class: name }: { command: string; class?: string }): boolean =>
    command === "\\htmlClass" && name !== undefined && ID.test(name),
};

function all<Kind extends Element = HTMLElement>(selector: string, root: ParentNode = document) {
  return Array.from(root.querySelectorAll<Kind>(selector));
}

// ————— typesetting —————

/** The LaTeX as it is copied, by the element that shows it. */
const sources = new WeakMap<Element, string>();

function isSeen(element: Element): boolean {
  return element.closest("details:not([open])") === null;
}

function typeset(element: HTMLElement): void {
  if (sources.has(element)) return;
  const tex = element.textContent;
  sources.set(element, tex);
  const formula = document.createElement("div");
  try {
    katex.render(marked(tex, element.dataset["marks"] ?? ""), formula, OPTIONS);
  } catch {
    // the LaTeX itself stays readable
    element.classList.add("untypeset");
    return;
  }
  element.replaceChildren(formula);
}

/** Puts a class around every thing; marks are `start end id`, outer ones before inner ones. */
function marked(tex: string, marks: string): string {
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

function typesetSeen(root: ParentNode = document): void {
  const isIdle = queue.length === 0;
  queue.push(...all(".tex", root).filter((element) => isSeen(element) && !sources.has(element)));
  if (isIdle) typesetQueued();
}

function typesetQueued(): void {
  const end = performance.now() + SLICE;
  while (queue.length > 0 && performance.now() < end) typeset(queue.shift()!);
  if (queue.length > 0) setTimeout(typesetQueued);
  else markScrollable();
}

/** What scrolls sideways can be reached with the keyboard, nothing else can. */
function markScrollable(): void {
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

document.addEventListener(
  "toggle",
  ({ target }) => {
    if (target instanceof HTMLDetailsElement && target.open) typesetSeen(target);
  },
  true,
);
addEventListener("resize", markScrollable);

// ————— opening and closing, printing, links into closed parts —————

function setAll(open: boolean): void {
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

let closedBeforePrint: HTMLDetailsElement[] = [];
addEventListener("beforeprint", () => {
  closedBeforePrint = all<HTMLDetailsElement>("details:not([open])");
  setAll(true);
  for (const element of all(".tex")) typeset(element);
});
addEventListener("afterprint", () => {
  for (const details of closedBeforePrint) details.open = false;
});

// ————— lighting —————

let pinned: string | undefined;
let current: string | undefined;

/** What an element is: the first of its classes that is an id. */
function primary(element: Element): string | undefined {
  return Array.from(element.classList).find((name) => ID.test(name));
}

/** The innermost thing around an element. */
function thingOf(target: EventTarget | null): string | undefined {
  for (let at = target instanceof Element ? target : null; at; at = at.parentElement) {
    const id = primary(at);
    if (id !== undefined) return id;
  }
  return undefined;
}

function light(id: string | undefined): void {
  if (id === current) return;
  current = id;
  for (const element of all<Element>(".lit, .kin")) element.classList.remove("lit", "kin");
  const status = document.getElementById("status")!;
  if (id === undefined) {
    status.textContent = "";
    return;
  }
  for (const element of all<Element>(`.${id}`)) element.classList.add("lit");
  // an entry and the quantity that it is an entry of, less strongly
  const whole = /^(t\d+)-/.exec(id)?.[1];
  const kin = whole === undefined ? `[class*="${id}-"]` : `.${whole}`;
  for (const element of all<Element>(kin)) {
    const isKin =
      whole === undefined
        ? Array.from(element.classList).some((name) => name.startsWith(`${id}-`))
        : !Array.from(element.classList).some((name) => name.startsWith(`${whole}-`));
    if (isKin && !element.classList.contains("lit")) element.classList.add("kin");
  }
  const own = all<Element>(`.${id}`).filter((element) => primary(element) === id);
  const parts = own.find((element) => element.hasAttribute("data-parts"));
  for (const part of parts?.getAttribute("data-parts")?.split(" ") ?? []) {
    for (const element of all<Element>(`.picture .${part}`)) element.classList.add("lit");
  }
  const named = own.find((element) => element.hasAttribute("data-label"));
  const label = named?.getAttribute("data-label") ?? "";
  status.textContent = label === "" ? "Marked wherever it stands." : `Marked: ${label}`;
}

function pin(id: string | undefined): void {
  pinned = id;
  light(id);
  for (const element of all<Element>("[aria-pressed]")) {
    const isPressed = id !== undefined && primary(element) === id;
    element.setAttribute("aria-pressed", String(isPressed));
  }
}

/** What is pointed at, else what was clicked, else what has the focus. */
function follow(target: EventTarget | null): void {
  light(thingOf(target) ?? pinned ?? thingOf(document.activeElement));
}

document.addEventListener("pointerover", ({ target }) => follow(target));
document.addEventListener("focusin", ({ target }) => light(thingOf(target) ?? pinned));
document.addEventListener("focusout", () => light(pinned));
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") pin(undefined);
  const { target } = event;
  const isWeight = target instanceof SVGElement && target.getAttribute("role") === "button";
  if (isWeight && (event.key === "Enter" || event.key === " ")) {
    event.preventDefault();
    const id = thingOf(target);
    pin(pinned === id ? undefined : id);
  }
});

// ————— clicks —————

document.addEventListener("click", ({ target }) => {
  const button = target instanceof Element ? target.closest("button") : null;
  if (button?.classList.contains("copy")) {
    void copy(button);
    return;
  }
  const action = button?.dataset["action"];
  if (action !== undefined) {
    setAll(action === "open");
    return;
  }
  if (target instanceof Element && target.closest("a, summary")) return;
  const id = thingOf(target);
  pin(id === pinned ? undefined : id);
});

async function copy(button: HTMLButtonElement): Promise<void> {
  const equation = button.closest(".equation");
  const shown = equation?.querySelector(".tex");
  if (!equation || !shown) return;
  const tex = sources.get(shown) ?? shown.textContent;
  const status = document.getElementById("status")!;
  try {
    await navigator.clipboard.writeText(tex);
  } catch {
    offer(tex, equation);
    status.textContent =
      "The browser does not let pages copy: the LaTeX is selected for you to copy.";
    return;
  }
  button.textContent = "Copied";
  status.textContent = "The LaTeX is on the clipboard.";
  setTimeout(() => {
    button.textContent = "Copy LaTeX";
    if (status.textContent === "The LaTeX is on the clipboard.") status.textContent = "";
  }, 1500);
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

// ————— start —————

for (const tools of all(".tools")) tools.hidden = false;
for (const check of all(".equation > .check")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.textContent = "Copy LaTeX";
  check.append(button);
}
for (const button of all<Element>("[data-label]")) {
  button.setAttribute("aria-label", button.getAttribute("data-label")!);
  button.setAttribute("aria-pressed", "false");
}
for (const link of all<HTMLAnchorElement>('a[href^="#"]')) {
  // also where the address names the part already, and it was closed since
  link.addEventListener("click", () => openPart(link.hash));
}
addEventListener("hashchange", () => openPart(location.hash));
openPart(location.hash);
typesetSeen();
void document.fonts.ready.then(markScrollable);
