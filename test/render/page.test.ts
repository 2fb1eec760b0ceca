import { createHash } from "node:crypto";
import katex from "katex";
import { describe, expect, it } from "vitest";
import { verify } from "../../src/check/verify/verify.js";
import {
  derivativeAtom,
  entryAtom,
  said,
  type Sentence,
  titled,
} from "../../src/language/sentence.js";
import { parseModel } from "../../src/language/model.js";
import { randomPoint } from "../../src/numeric/random.js";
import { deriveAll, Derivation, derive } from "../../src/render/derivation.js";
import { aligned } from "../../src/render/formula/aligned.js";
import { EquationPrinter } from "../../src/render/formula/equations.js";
import { namesOf } from "../../src/render/notation/called.js";
import { Notation } from "../../src/render/notation/notation.js";
import { MarkedNotation } from "../../src/render/page/marks.js";
import { html, raw } from "../../src/render/page/markup.js";
import { htmlDocument } from "../../src/render/page/page.js";
import { PageText } from "../../src/render/page/text.js";
import { ID, Things } from "../../src/render/page/things.js";

const TEXT = `x = input(2)
t = target(2)
W1 = param(3, 2)
b1 = param(3, "\\beta_1")
W2 = param(2, 3)
a = sigmoid(W1 * x + b1)
y = W2 * a
L = 1/2 * sum((y - t).^2)`;

/** Tags of a page, without the contents of its scripts and styles. */
function tags(page: string): string[] {
  const bare = page.replace(/(<(script|style)>)[^]*?(<\/\2>)/g, "$1$3");
  return [...bare.matchAll(/<[^>]*>/g)].map(([tag]) => tag);
}

/** Attributes of a tag are quoted: what stands in their values is no attribute. */
function withoutValues(tag: string): string {
  return tag.replace(/="[^"]*"/g, '=""');
}

function piecesOf(text: string, marks: string): string[] {
  const tex = text.replaceAll("&amp;", "&");
  return marks.split(";").flatMap((mark) => {
    const [start, end] = mark.split(" ").map(Number);
    return mark === "" ? [] : [tex.slice(start, end)];
  });
}

describe("markup", () => {
  it("escapes whatever is put into a template", () => {
    const hostile = `"><script>alert('1')</script>&\u0000`;
    expect(html`<b title="${hostile}">${hostile}</b>`.text).toBe(
      `<b title="&quot;&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;">` +
        `&quot;&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;</b>`,
    );
  });

  it("leaves markup and lists of it alone", () => {
    expect(html`<p>${[html`<i>${1}</i>`, raw("<br>"), undefined]}</p>`.text).toBe(
      "<p><i>1</i><br></p>",
    );
  });
});

describe("symbols that the model gives", () => {
  it("stand in sentences and headings as in equations: bold, with brackets", () => {
    const model = parseModel('x = input(2)\nW1 = param(2, "\\mathbf{W}^{[1]}")\nL = dot(W1, x)^2');
    const derivations = deriveAll(model, { forms: ["index"] });
    const page = htmlDocument(model, derivations);
    expect(page).toMatch(/Derivative by <var[^>]*><b>W<\/b><sup>\[1\]<\/sup><\/var>/);
  });
});

describe("marks", () => {
  const model = parseModel(TEXT);
  const at = randomPoint(model, { seed: 4 });

  it.each(["paths", "scalar", "index", "matrix"] as const)(
    "leave the LaTeX of the form %s as it is, and are nested or apart",
    (form) => {
      const { data } = derive(model, { wrt: "W1[2,1]", form, at });
      const things = new Things(model);
      const marked = new MarkedNotation({}, namesOf(model), things, data.deltas);
      const { numbers } = data;
      const plain = new EquationPrinter(
        model,
        new Notation({}, namesOf(model), data.deltas),
        numbers,
      );
      const printer = new EquationPrinter(model, marked, numbers);
      for (const step of data.steps) {
        const shown = [printer.equation(step)];
        const wide = marked.read(aligned(shown), aligned(shown, 16));
        const bare = [plain.equation(step)];
        expect(wide.tex).toBe(aligned(bare));
        expect(wide.narrow?.tex ?? wide.tex).toBe(aligned(bare, 16));
        for (const { tex, marks } of [wide, wide.narrow ?? wide]) {
          const open: number[] = [];
          for (const { start, end, id } of marks) {
            expect(id).toMatch(ID);
            expect(end).toBeGreaterThan(start);
            while (open.length > 0 && open.at(-1)! <= start) open.pop();
            expect(end).toBeLessThanOrEqual(open.at(-1) ?? tex.length);
            open.push(end);
          }
        }
      }
    },
  );

  it("stand around whole pieces where lines are broken", () => {
    const wide = parseModel(TEXT.replaceAll("target(2)", "target(5)").replace("(2, 3)", "(5, 3)"));
    const derivations = deriveAll(wide, {
      wrt: ["W1[2,1]"],
      forms: ["paths", "scalar"],
      at: randomPoint(wide, { seed: 4 }),
    });
    const page = htmlDocument(wide, derivations);
    const equations = [
      ...page.matchAll(
        /data-marks="([^"]*)"(?: data-narrow="([^"]*)" data-narrow-marks="([^"]*)")?>([^<]*)</g,
      ),
    ];
    const pieces = equations.flatMap(([, marks, narrow, narrowMarks, text]) => [
      ...piecesOf(text!, marks!),
      ...piecesOf(narrow ?? "", narrowMarks ?? ""),
    ]);
    expect(pieces.some((piece) => piece.length > 60)).toBe(true);
    expect(equations.some(([, , , , text]) => text!.includes("\\\\\n&amp;\\quad"))).toBe(true);
    expect(equations.some(([, , narrow]) => narrow?.includes("\\\\\n&amp;\\quad"))).toBe(true);
    for (const piece of new Set(pieces)) {
      expect(() => katex.renderToString(piece, { strict: "error" }), piece).not.toThrow();
    }
  });

  it("give an entry the same id in sentences, equations and JSON's names", () => {
    const things = new Things(model);
    const text = new PageText(model, new Notation({}, namesOf(model)), things, new Map());
    const [a, W1, y] = ["a", "W1", "y"].map((name) => model.scope.get(name)!.quantity!);
    const ids = (sentence: Sentence): string[] =>
      text
        .sentence(sentence)
        .flatMap((piece) =>
          [...piece.text.matchAll(/ class="([tfp]\d[^"]*)"/g)].map(([, id]) => id!),
        );
    expect(ids(said`a transposed ${entryAtom(W1!, [1, 0])}, by ${entryAtom(a!, [2])}`)).toEqual([
      things.entry("W1", [1, 0]),
      things.entry("a", [2]),
    ]);
    expect(ids(said`${derivativeAtom(y!, a!)} meets ${derivativeAtom(model.loss, y!)}`)).toEqual([
      things.factor(things.quantity("y"), things.quantity("a")),
      things.quantity("y"),
    ]);
  });

  it("write δ in sentences where the equations do", () => {
    const [z] = model.definitions;
    const deltas = new Map([[z!.quantity, "1"]]);
    const text = new PageText(
      model,
      new Notation({}, namesOf(model)),
      new Things(model),
      new Map(),
    );
    const own = text.within(new Notation({}, namesOf(model), deltas));
    const of = { quantity: model.loss, indices: [] };
    const plain = (one: PageText): string =>
      one
        .sentence(said`${{ kind: "derivative", of, wrt: { quantity: z!.quantity, indices: [1] } }}`)
        .join("")
        .replace(/<[^>]*>|\s/g, "");
    expect(plain(own)).toBe("(δ1)2");
    expect(plain(text)).toMatch(/^∂L\/∂/);
  });

  it("lead from titles in sentences to the parts", () => {
    const text = new PageText(
      model,
      new Notation({}, namesOf(model)),
      new Things(model),
      new Map([["The y", "the-y"]]),
    );
    const y = model.scope.get("y")!.quantity!;
    expect(text.sentence(said`see ${titled("The y")}, not “${y}”`).join("")).toMatch(
      /^see “<a href="#the-y">The y<\/a>”, not “<var class="t0"><i>y<\/i><\/var>”$/,
    );
  });
});

describe("a page", () => {
  const model = parseModel(TEXT);
  const at = randomPoint(model, { seed: 4 });
  const derivations = deriveAll(model, { at, forms: ["paths", "matrix"] });
  const page = htmlDocument(model, derivations, { verification: verify(model, at) });

  it("is one file below 1 MB that names nothing outside of itself", () => {
    expect(page.length).toBeLessThan(1_000_000);
    const outside = tags(page).filter((tag) =>
      /\s(?:(?:src|srcset|action|style)=|href="(?!#))/.test(tag),
    );
    expect(outside).toEqual([]);
    const urls = [...page.matchAll(/url\(([^)]{0,20})/g)].map(([, url]) => url!);
    expect(urls.filter((url) => !url.startsWith("data:font/woff2"))).toEqual([]);
    expect(tags(page).some((tag) => /\son\w+=/i.test(tag))).toBe(false);
  });

  it("allows exactly the scripts and styles that it holds", () => {
    const [, policy] = /Content-Security-Policy" content="([^"]*)"/.exec(page)!;
    expect(policy).toContain("default-src &#39;none&#39;");
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
    for (const [, , text] of page.matchAll(/<(script|style)>([^]*?)<\/\1>/g)) {
      const hash = createHash("sha256").update(text!).digest("base64");
      expect(policy).toContain(`&#39;sha256-${hash}&#39;`);
    }
  });

  it("has the statements, the picture, every derivation, the numbers and the verification", () => {
    expect(page).toContain("<h1>Derivatives of L</h1>");
    // the adjoints that several derivations share are a part of their own
    expect(page.match(/<details class="derivation"/g)).toHaveLength(derivations.length + 1);
    expect(page.match(/<section id="the-adjoints-matrix-form"/g)).toHaveLength(1);
    expect(page.match(/href="#the-adjoints-matrix-form"/g)!.length).toBeGreaterThan(3);
    expect(page.match(/class="unit /g)).toHaveLength(2 + 3 + 2 + 2 + 1);
    // weights and units
    expect(page.match(/role="button"/g)).toHaveLength(6 + 3 + 6 + 10);
    expect(page).toContain("All gradients agree.");
    // what was compared stands beside the error
    const [, value, exact] = /<small>here (.*?)<\/small> <small>50 digits (.*?)<\/small>/.exec(
      page,
    )!;
    expect(Number(value!.replace("−", "-"))).toBeCloseTo(Number(exact!.replace("−", "-")), 8);
    expect(page.match(/<details class="numbers"/g)).toHaveLength(8);
  });

  it("takes the point from its derivations, and is what toHtml gives", () => {
    const one = derivations[0]!;
    expect(one.toHtml()).toBe(htmlDocument(model, [one], { point: at }));
    expect(one.toHtml()).toContain("The numbers");
  });

  it("has tables of numbers with the entries of the picture, and says how many are left out", () => {
    const wide = parseModel("x = input(30)\nW = param(40, 30)\nL = sum((W * x).^2)");
    const point = randomPoint(wide, { seed: 4 });
    const text = htmlDocument(wide, [derive(wide, { wrt: "W", form: "index", at: point })]);
    const [, table] = /data-name="Numbers of W">([^]*?)<\/details>/.exec(text)!;
    // the first 12, and those of 5 rows and 5 columns
    expect(table!.match(/<tr class/g)).toHaveLength(12 + 25 - 4);
    expect(table).toContain(`data-label="W[40,30] = `);
    expect(table).toContain(`${40 * 30 - 33} more are left out`);
  });

  it("leaves out tables of numbers that would make it too large", () => {
    const chain = Array.from({ length: 60 }, (_, k) => `h${k + 1} = tanh(W * h${k})`).join("\n");
    const deep = parseModel(`h0 = input(24)\nW = param(24, 24)\n${chain}\nL = sum(h60)`);
    const compact = { wrt: "h60", form: "index", at: randomPoint(deep, { seed: 4 }) } as const;
    const text = htmlDocument(deep, [derive(deep, compact)]);
    expect(text.length).toBeLessThan(1_000_000);
    expect(text).toMatch(/more quantities are left out, h\d+ to L: the command/);
  });

  it("has no numbers where no point is known", () => {
    const plain = htmlDocument(model, [derive(model, { wrt: "W1", form: "index" })]);
    expect(plain).not.toContain("The numbers");
    expect(plain).toContain("∂");
  });

  it("carries the fonts of an alphabet only where a symbol asks for it", () => {
    const fancy = parseModel(TEXT.replace("\\beta_1", "\\mathfrak{b}"));
    const text = htmlDocument(fancy, [derive(fancy, { wrt: "b1", form: "index" })]);
    const face = /@font-face\{[^}]*KaTeX_Fraktur/;
    expect(face.test(text)).toBe(true);
    expect(face.test(page)).toBe(false);
  });
});

describe("no model breaks out of its page", () => {
  it.each([
    ["a comment", `x = input(2) # </script><script>alert(1)</script>\nw = param(2)\nL = dot(w, x)`],
    [
      "a symbol",
      `x = input(2, "\\text{< /script>< img onerror=alert(1)>}")\nw = param(2)\nL = dot(w, x)`,
    ],
    [
      "names",
      `constructor = input(2)\n__proto__ = param(2)\ntoString = dot(__proto__, constructor)`,
    ],
    [
      "a comment inside",
      `x = input(2)\nw = param(2)\nL = dot(w, # <!-- --><svg onload=alert(1)>\n x)`,
    ],
  ])("%s", (_, text) => {
    const model = parseModel(text);
    const page = htmlDocument(model, deriveAll(model, { forms: ["paths", "index"] }));
    const scripts = tags(page).filter((tag) => /^<\/?script/i.test(tag));
    expect(scripts).toEqual(["<script>", "</script>", "<script>", "</script>"]);
    const bare = tags(page).map(withoutValues);
    expect(bare.filter((tag) => /^<(img|svg onload|!--)|\son\w+=/i.test(tag))).toEqual([]);
  });

  it("nor do sentences", () => {
    const model = parseModel(TEXT);
    const { data } = derive(model, { wrt: "W1", form: "index" });
    const hostile = `</p><img src=x onerror="alert(1)">`;
    const steps = data.steps.map((step) => ({ ...step, why: said`${hostile}` }));
    const one = new Derivation({ ...data, steps, notes: [said`${hostile}`] }, {});
    expect(tags(one.toHtml()).filter((tag) => tag.startsWith("<img"))).toEqual([]);
  });
});

describe("the numbers of a page", () => {
  const model = parseModel(`
    x = input(2)
    t = target()
    w = param(2)
    y = dot(w, x)
    L = (y - t)^2 + exp(y)`);
  const at = { x: [3, 1], t: 0, w: [0.1, -0.3] };
  const page = htmlDocument(model, deriveAll(model, { at, wrt: ["w"], forms: ["paths"] })).replace(
    /\s+/g,
    " ",
  );

  it("are what the equations show: 0.1·3 − 0.3 is 0 in tables and in the picture too", () => {
    expect(0.1 * 3 - 0.3).not.toBe(0);
    expect(page).toContain('data-label="y = 0"');
    expect(page).toContain('data-label="∂L/∂y = 1"');
    expect(page).toContain("<span>= 3</span>");
  });

  it("have ≈ where digits are left out", () => {
    const third = htmlDocument(
      model,
      deriveAll(model, { at: { ...at, t: 0.5, w: [0.1, 0] }, wrt: ["w"], forms: ["paths"] }),
    );
    expect(third).toContain('data-label="y = 0.3"');
    expect(third).toContain(`data-label="L ≈ ${Number((0.04 + Math.exp(0.3)).toPrecision(7))}"`);
  });
});
