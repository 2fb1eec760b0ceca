import { describe, expect, it } from "vitest";
import { derive, network } from "../../src/index.js";
import { texWidth } from "../../src/render/layout/boxes.js";
import { widestOf } from "../../src/render/layout/widest.js";
import { linesOf } from "../../src/render/layout/lines.js";

const room = { first: 12, next: 13 };

describe("a formula wider than its line", () => {
  it("stays as it is where it fits", () => {
    expect(linesOf("a + b", room)).toEqual(["a + b"]);
  });

  it("is broken before a sign", () => {
    const lines = linesOf("a b c d e f + f g h i j k m - l m n o p q r s", room);
    expect(lines).toEqual(["a b c d e f + f g h i j k m", "\\quad {} - l m n o p q r s"]);
  });

  it("is broken before a relation, which is no product", () => {
    for (const sign of ["<", "\\ge"]) {
      const lines = linesOf(`a b c d e f g h i j k ${sign} l m n o p q r s t u v w`, room);
      expect(lines).toEqual(["a b c d e f g h i j k", `\\quad {} ${sign} l m n o p q r s t u v w`]);
    }
  });

  it("opens no derivative, which is no quotient", () => {
    const derivative = String.raw`\frac{\partial J}{\partial w^{(1)}_{ij} x y z}`;
    for (const before of ["a b c d e f g h i j", "\\mu"]) {
      expect(linesOf(`${before} ${derivative}`, { first: 5, next: 5 }).join("")).toContain(
        derivative,
      );
    }
  });

  it("opens no fraction with nothing inside to break", () => {
    const bracket = "\\left(a + b + c + d + e + f + g + h\\right)";
    const lines = linesOf(`a b c d e f g h i j k l \\frac{1}{4} ${bracket}`, room);
    expect(lines.join(" ")).toContain("\\frac{1}{4}");
    expect(lines.join(" ")).not.toContain("(1");
  });

  it("is broken before a factor, with a dot where nothing stood between them", () => {
    const [first, second] = ["\\left(a + b + c\\right)", "\\left(d + e + f\\right)"];
    const narrow = { first: 9, next: 10 };
    expect(linesOf(`${first} ${second}`, narrow)).toEqual([first, `\\quad {}\\cdot ${second}`]);
    expect(linesOf(`${first} \\odot ${second}`, narrow)).toEqual([
      first,
      `\\quad {} \\odot ${second}`,
    ]);
  });

  it("is broken behind the comma of an argument, which is multiplied with nothing", () => {
    const narrow = { first: 12, next: 13 };
    for (const first of [
      "a b c d e f g h",
      "\\left(a + b + c + d + e\\right)",
      "a \\left(b + c + d + e\\right)",
    ]) {
      const lines = linesOf(
        `\\max\\left(${first}, \\tanh\\left(p + q + r + s\\right)\\right)`,
        narrow,
      );
      expect(lines.length).toBeGreaterThan(1);
      expect(lines.join("\n")).not.toContain("\\cdot");
      for (const line of lines) expect(line).not.toMatch(/^(?:\\quad )*\{\},/);
    }
  });

  it("is broken before a sign that keeps the space around it, without a dot besides", () => {
    const bracket = `\\left(${"a + ".repeat(9)} b\\right)`;
    for (let width = 10; width < 40; width += 0.25) {
      const around = `c \\left(${bracket} {} \\odot M {} \\odot N\\right)`;
      const lines = linesOf(around, { first: width, next: width });
      expect(lines.join("\n"), `${width} em`).not.toContain("\\cdot {}");
    }
  });

  it("opens a bracket that is wider than a line", () => {
    const lines = linesOf("x \\left(a + b + c + d + e + f + g + h + i\\right)^{2}", room);
    expect(lines[0]).toContain("x \\bigl(a + b");
    expect(lines.at(-1)).toMatch(/^\\quad \\quad \{\} \+ .*\\bigr\) \^\{2\}$/);
    expect(lines.join("")).not.toContain("\\left");
  });

  it.each([
    ["a", "big"],
    ["\\left(a - 1\\right)", "big"],
    ["{a}^{(2)}", "Big"],
    ["\\left(a - 1\\right)^{2}", "Big"],
    ["\\frac{a}{b}", "Big"],
    ["\\underbrace{A}_{2 \\times 3}", "Big"],
  ])("opens it as large as what is in it: %s", (first, size) => {
    const lines = linesOf(`x \\left(${first} + b + c + d + e + f + g + h + i + j\\right)`, room);
    expect(lines[0]).toContain(`x \\${size}l(`);
    expect(lines.at(-1)).toContain(`\\${size}r)`);
  });

  it.each(["\\sum_{i=1}^{30}", "\\max_{i}", "w_{i}^{2}"])(
    "keeps what stands below and above %s where the brackets behind it are broken",
    (head) => {
      const sum = `${head} \\left(a_{i} b + c_{i} d + e_{i} f + g_{i} h + p_{i} q\\right)`;
      const lines = linesOf(`x y z ${sum} + ${sum}`, room);
      expect(lines.join("").split(`${head} \\bigl(`)).toHaveLength(3);
    },
  );

  it("never breaks between a function and its argument, or a sum and its summand", () => {
    const sum = "\\sum_{i=1}^{3} \\left(a_{i} + b_{i} + c_{i}\\right)";
    const lines = linesOf(`a b c d e f g h ${sum} + \\sigma\\left(u + v + w\\right)`, room);
    for (const line of lines)
      expect(line).not.toMatch(/(?:\}|\\sigma)$|^\\quad \{\} (?:\\cdot )?\\left\(/);
  });

  it("makes a factor of a fraction with a long numerator", () => {
    const lines = linesOf("\\frac{a + b + c + d + e + f + g + h + i}{2 N}", room);
    expect(lines[0]).toMatch(/^\\frac\{1\}\{2 N\} \\Bigl\(a/);
    expect(lines.at(-1)).toMatch(/i\\Bigr\)$/);
  });

  it("begins a line with the summand behind one that was broken", () => {
    const wide = (letter: string): string =>
      Array.from({ length: 4 }, () => `\\left(${letter} + 1\\right)`).join(" ");
    const lines = linesOf(`${wide("a")} + ${wide("b")} + c`, room);
    expect(lines.filter((line) => line.includes("b"))[0]).toMatch(/^\\quad \{\} \+ /);
  });

  it("makes a power of a root that is wider than a line", () => {
    const root = "\\sqrt{a + b + c + d + e + f + g + h + i}";
    const lines = linesOf(`x ${root}`, room);
    expect(lines[0]).toContain("\\Bigl(a + b");
    expect(lines.at(-1)).toMatch(/i\\Bigr\)\^\{1\/2\}$/);
    expect(linesOf(`${root}_{2}`, room)).toEqual([`${root}_{2}`]);
  });

  it("takes the factor before a short last one along, so that none stands alone", () => {
    const lines = linesOf("a b c d e f g h i j k m n o p q r s \\left(x + y\\right) z", room);
    expect(lines.at(-1)).toBe("\\quad {}\\cdot \\left(x + y\\right) z");
  });

  it("opens a bracket behind a short factor, which does not stay on a line alone", () => {
    const lines = linesOf("\\frac{1}{2} \\left(a + b + c + d + e + f + g\\right)", room);
    expect(lines[0]).toMatch(/^\\frac\{1\}\{2\} \\bigl\(a \+/);
  });

  it("leaves room behind its last line where that is asked for", () => {
    const tex = "a + b + c + d + e + f";
    expect(linesOf(tex, room)).toEqual([tex]);
    expect(linesOf(tex, room, 6)).toEqual(["a + b + c + d + e", "\\quad {} + f"]);
    expect(linesOf("a b c d e f \\left(x + y\\right) z", room, 6)).toHaveLength(2);
    const opened = linesOf("x \\left(a + b + c + d + e + f + g + h + i\\right)", room, 8);
    expect(texWidth(opened.at(-1)!)).toBeLessThan(room.next - 8 + 2);
  });

  it("adds nothing but what stands between lines, where brackets are opened", () => {
    const tex = "x \\left(a + b + c + d + e + f + g + h + i\\right)";
    const bare = linesOf(tex, room)
      .map((line) => line.replace(/^(?:\\quad )+\{\}/, ""))
      .join("");
    expect(bare).toHaveLength(tex.length);
  });
});

// measured by \settowidth in \displaystyle at ten points
it.each([
  ["\\frac{1}{\\sqrt{2}} \\underbrace{Q}_{N \\times 2} \\underbrace{K^{\\top}}_{2 \\times N}", 5.5],
  ["\\sum_{j=0}^{2} \\tilde{V}_{ij} h_{j} \\qquad i = 0, 1", 9.0],
  ["\\begin{bmatrix} 0.8012199 \\\\ -0.4070407 \\end{bmatrix}", 6.1],
  ["\\begin{bmatrix} a^{(1)}_{1} \\\\[2pt] a^{(1)}_{2} \\end{bmatrix}", 2.77],
  ["\\frac{\\partial L}{\\partial H^{(2)}} \\odot H^{(2)} \\odot \\left(1 - H^{(2)}\\right)", 12.1],
  ["\\left(1 - {h^{(2)}_{2}}^{2}\\right) h^{(1)}_{1}", 6.8],
  ["\\left(v \\odot \\left(1 - \\left(h^{(2)}\\right)^{\\odot 2}\\right)\\right) h", 11.1],
  [
    "\\left(\\left(\\underbrace{W_{h}^{\\top}}_{3 \\times 3} \\underbrace{v}_{3 \\times 1}\\right) \\odot h\\right) t",
    10.0,
  ],
  [
    "\\frac{\\partial L}{\\partial r_{11}} \\frac{\\partial r_{11}}{\\partial h_{11}} \\frac{\\partial h_{11}}{\\partial b_{1}} + \\frac{\\partial L}{\\partial r_{12}} \\frac{\\partial r_{12}}{\\partial h_{11}} \\frac{\\partial h_{11}}{\\partial b_{1}}",
    14.5,
  ],
])("%s is %d em wide or little more", (tex, width) => {
  expect(texWidth(tex)).toBeGreaterThan(0.98 * width);
  expect(texWidth(tex)).toBeLessThan(1.125 * width);
});

describe("the upper bound of a width", () => {
  const derivations = (["index", "matrix", "jacobian", "scalar"] as const).flatMap((form) =>
    (["sigmoid", "relu", "gelu"] as const).flatMap((hidden) => {
      const model = network({
        sizes: [2, 3, 2],
        hidden,
        output: "softmax",
        batch: form === "matrix",
      });
      const wrt = form === "scalar" ? "W1[1,1]" : "W1";
      return derive(model, { wrt, form }).steps.flatMap(({ lhs, rhs }) => [lhs, rhs]);
    }),
  );
  const written = [
    "\\begin{bmatrix} a & b \\\\ c & -d \\end{bmatrix} \\sqrt{x + 1}",
    "\\underbrace{a}_{2 \\times 3} \\odot \\underbrace{W^\\top}_{3 \\times 2}",
    "\\max_{1 \\le i \\le 3} \\operatorname{relu}\\left(\\mathrm{\\alpha beta}_{i}\\right)",
    "\\begin{cases} 1 & z > 0 \\\\ 0 & z = 0 \\end{cases}",
    "^2 _3 \\frac 1 2",
    // nothing but the space around what is empty
    "\\frac{x}{} \\sqrt{} \\underbrace{}_{}",
    "\\frac{x}{}",
    "\\sqrt{}",
    "\\underbrace{}_{}",
    "\\left(\\frac{}{}\\right)",
    "\\begin{bmatrix} & & \\end{bmatrix}",
    "\\operatorname{w}",
    "a + b \\odot c - d",
  ];

  it("is one", () => {
    expect(derivations.length).toBeGreaterThan(100);
    for (const tex of [...derivations, ...written])
      expect(widestOf(tex), tex).toBeGreaterThanOrEqual(texWidth(tex) - 1e-9);
  });
});

// widths of cmr10 in units of its size, from TeX's font metrics
it.each([
  ["Wh", 1.0278 + 0.5556],
  ["lam", 0.2778 + 0.5 + 0.8333],
  ["MSE", 0.9167 + 0.5556 + 0.6806],
  ["mil", 0.8333 + 0.2778 + 0.2778],
  ["crit", 0.4444 + 0.3917 + 0.2778 + 0.3889],
])("the upright word %s is as wide as Computer Modern has it", (word, width) => {
  const measured = texWidth(`\\mathrm{${word}}`);
  expect(measured).toBeGreaterThan(0.94 * width);
  expect(measured).toBeLessThan(1.07 * width);
});
