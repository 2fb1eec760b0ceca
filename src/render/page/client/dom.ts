/** What all parts of the script need of the page. */

/** The form of all ids; KaTeX is allowed no other class. */
export const ID = /^(?:t\d+(?:-\d+)*|f\d+|p\d+)$/;

export function all<Kind extends Element = HTMLElement>(
  selector: string,
  root: ParentNode = document,
): Kind[] {
  return Array.from(root.querySelectorAll<Kind>(selector));
}

/** Tells what happened, also to those who do not see it. */
export function say(text: string): void {
  document.getElementById("status")!.textContent = text;
}
