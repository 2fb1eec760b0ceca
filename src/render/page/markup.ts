/** HTML and SVG as values: whatever is put into a template is escaped, unless it is markup itself. */

/** Text that is markup; made only by `html` and `raw`. */
export class Markup {
  constructor(readonly text: string) {}

  toString(): string {
    return this.text;
  }
}

export type Content = Markup | string | number | undefined | readonly Content[];

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/**
 * A template: its own text is markup, everything put into it is escaped. Line breaks and the space
 * that sets lines in are one space: there is no preformatted text in templates.
 */
export function html(strings: TemplateStringsArray, ...contents: readonly Content[]): Markup {
  const pieces = strings.flatMap((text, position) => {
    const close = text.replace(/\n\s*/g, " ");
    return position === 0 ? [close] : [rendered(contents[position - 1]), close];
  });
  return new Markup(pieces.join(""));
}

/** Text of this package's own files, which is markup already. */
export function raw(text: string): Markup {
  return new Markup(text);
}

function rendered(content: Content): string {
  if (content === undefined) return "";
  if (content instanceof Markup) return content.text;
  if (typeof content === "object") return content.map(rendered).join("");
  return escaped(String(content));
}

/** Safe between tags and in attributes with quotes; signs that no document may hold are left out. */
function escaped(text: string): string {
  return (
    text
      // eslint-disable-next-line no-control-regex -- exactly the characters that HTML forbids
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufffe\uffff]/g, "")
      .replace(/[&<>"']/g, (sign) => ESCAPES[sign]!)
  );
}
