/** Lights a thing wherever it stands: what is pointed at, else what was kept, else what has the focus. */
import { all, ID, say } from "./dom.js";
import { kinOf, nameOf } from "./names.js";

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
  if (id === undefined) {
    say("");
    return;
  }
  lightWithin(document);
  const own = all<Element>(`.${id}`).filter((element) => primary(element) === id);
  const parts = own.find((element) => element.hasAttribute("data-parts"));
  for (const part of parts?.getAttribute("data-parts")?.split(" ") ?? []) {
    for (const element of all<Element>(`.picture .${part}`)) element.classList.add("lit");
  }
  const named = own.find((element) => element.hasAttribute("data-label"));
  say(`Marked: ${named?.getAttribute("data-label") ?? nameOf(id) ?? "a path"}`);
}

/** Lights the current thing in what stands on the page only now. */
export function lightWithin(root: ParentNode): void {
  if (current === undefined) return;
  for (const element of all<Element>(`.${current}`, root)) element.classList.add("lit");
  const isKin = kinOf(current);
  for (const element of all<Element>(`[class*="${current[0]!}"]`, root)) {
    if (element.classList.contains("lit")) continue;
    if (Array.from(element.classList).some((name) => ID.test(name) && isKin(name))) {
      element.classList.add("kin");
    }
  }
}

function pin(id: string | undefined): void {
  pinned = id;
  light(id);
  for (const element of all<Element>("[aria-pressed]")) {
    const isPressed = id !== undefined && primary(element) === id;
    element.setAttribute("aria-pressed", String(isPressed));
  }
}

/** Keeps what is clicked, and lets go of what was kept. */
export function toggle(target: EventTarget | null): void {
  const id = thingOf(target);
  pin(id === pinned ? undefined : id);
}

export function startLighting(): void {
  for (const button of all<Element>("[data-label]")) {
    button.setAttribute("aria-label", button.getAttribute("data-label")!);
    button.setAttribute("aria-pressed", "false");
  }
  document.addEventListener("pointerover", ({ target }) => {
    light(thingOf(target) ?? pinned ?? thingOf(document.activeElement));
  });
  document.addEventListener("focusin", ({ target }) => light(thingOf(target) ?? pinned));
  document.addEventListener("focusout", () => light(pinned));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") pin(undefined);
    const { target } = event;
    const isInPicture = target instanceof SVGElement && target.getAttribute("role") === "button";
    if (isInPicture && (event.key === "Enter" || event.key === " ")) {
      event.preventDefault();
      toggle(target);
    }
  });
}
