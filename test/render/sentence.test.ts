import { describe, expect, it } from "vitest";
import { Size } from "../../src/expression/size.js";
import {
  capitalised,
  derivativeAtom,
  entryAtom,
  enumerated,
  formula,
  joined,
  remark,
  said,
} from "../../src/language/sentence.js";
import { parseModel } from "../../src/language/model.js";
import { derive } from "../../src/render/derivation.js";
import { namesOf } from "../../src/render/notation/called.js";
import { Notation } from "../../src/render/notation/notation.js";
import { passages } from "../../src/render/document/passage.js";
import { GITHUB, LATEX } from "../../src/render/document/prose.js";
import { Sentences } from "../../src/render/document/sentence.js";

const TEXT = `
N  = size()
X  = input(3, N)
T  = target(2, N)
W1 = param(4, 3)
b1 = param(4)
W2 = param(2, 4)
Z1 = W1 * X + b1
H1 = tanh(Z1)
Y  = W2 * H1
A  = Y - T
L  = mean(sum(A.^2, 1))`;

const model = parseModel(TEXT);

describe("a sentence", () => {
  const z = model.scope.get("Z1")!.quantity!;
  const names = namesOf(model);
  const plain = new Sentences(model, new Notation({}, names), GITHUB);
  const fromZero = new Sentences(model, new Notation({ indexBase: 0 }, names), LATEX);
  const named = new Sentences(model, new Notation({}, names, new Map([[z, "1"]])), LATEX);

  const [Z1, W1, b1] = ["Z1", "W1", "b1"].map((name) => model.scope.get(name)!.quantity!);
  const N = Size.named("N");

  it.each([
    ["Z1 by W1.", said`${Z1!} by ${W1!}.`, "$`Z^{(1)}`$ by $`W^{(1)}`$."],
    ["this is W1[2,1]", said`this is ${entryAtom(W1!, [1, 0])}`, "this is $`w^{(1)}_{21}`$"],
    [
      "∂L/∂Z1 is ∂Z1/∂b1",
      said`${derivativeAtom(model.loss, Z1!)} is ${derivativeAtom(Z1!, b1!)}`,
      "$`\\partial L/\\partial Z^{(1)}`$ is $`\\partial Z^{(1)}/\\partial b^{(1)}`$",
    ],
    [
      "2N×3, 1 − Z1",
      said`${formula(N.times(Size.of(2)), "×", Size.of(3))}, ${formula(1, " − ", Z1!)}`,
      "$`2 N \\times 3`$, $`1 - Z^{(1)}`$",
    ],
    ["A column; a < b * c", said`A column; a < b * c`, "A column; a &lt; b \\* c"],
    ["1[…] is 1", said`${formula("1[…]")} is 1`, "$`\\mathbf{1}[\\dots]`$ is 1"],
    [
      "The sum of Z1, an b1 and others.",
      capitalised(said`the sum of ${enumerated([Z1!, said`an ${b1!}`, "others"])}.`),
      "The sum of $`Z^{(1)}`$, an $`b^{(1)}`$ and others.",
    ],
    ["b1 is added", capitalised(said`${b1!} is added`), "$`b^{(1)}`$ is added"],
  ])("%s", (text, sentence, markdown) => {
    expect(sentence.text).toBe(text);
    expect(plain.typeset(sentence)).toBe(markdown);
  });

  it("counts entries as the equations do", () => {
    expect(fromZero.typeset(said`${entryAtom(W1!, [1, 0])}`)).toBe("$w^{(1)}_{10}$");
  });

  it("calls an adjoint by its name", () => {
    const two = said`${derivativeAtom(model.loss, Z1!)} & ${derivativeAtom(Z1!, b1!)}`;
    expect(named.typeset(two)).toBe("$\\delta^{(1)}$ \\& $\\partial Z^{(1)}/\\partial b^{(1)}$");
  });

  it("writes names that are words, or letters of them, as the symbols that they are", () => {
    const words = parseModel(`
N = size()
be = input(N)
a = param(N)
the = be .* a
is = sum(the)`);
    const { steps } = derive(words, { wrt: "a", form: "index" });
    const markdown = derive(words, { wrt: "a", form: "index" }).toMarkdown();
    expect(steps.map(({ why }) => why).join(" ")).toContain("a acts on is through the: ");
    expect(markdown).toContain(
      "$`a`$ acts on $`\\mathrm{is}`$ through $`\\mathrm{the}`$: the derivative of $`\\mathrm{is}`$ by $`\\mathrm{the}`$ times the derivative",
    );
    const jacobian = derive(words, { wrt: "a", form: "jacobian" }).toMarkdown();
    expect(jacobian).toContain("with respect to $`a`$ is $`N \\times N`$.");
  });

  it("stays plain in JSON", () => {
    const { steps } = derive(model, { wrt: "b1", form: "matrix" });
    expect(steps.some(({ why }) => why.includes("$"))).toBe(false);
  });
});

describe("the sentences of a batch", () => {
  const whys = (wrt: string, form: "matrix" | "jacobian"): string =>
    derive(model, { wrt, form })
      .steps.map(({ why }) => why)
      .join("\n");

  it("say where the sum over the batch and 1/N come from", () => {
    const text = whys("b1", "matrix");
    expect(text).toContain(
      "b1 is added to every column of Z1 (broadcast), so its derivative sums over all columns: a product with the vector of ones.",
    );
    expect(text).toContain("1/N comes from the mean over N.");
  });

  it("say it of the mean over N alone, not of one over the columns too", () => {
    const means = (loss: string): boolean =>
      derive(
        parseModel(`
N = size()
X = input(N, 3)
W = param(3, 2)
a = X * W
L = ${loss}`),
        { wrt: "W", form: "matrix" },
      ).steps.some(({ why }) => why.includes("1/N comes from the mean over N."));
    expect(means("mean(sum(a.^2, 2))")).toBe(true);
    // 1/N is 2/(2N)
    expect(means("mean(a.^2)")).toBe(false);
  });

  it.each(["index", "matrix", "jacobian"] as const)("say it in the %s form", (form) => {
    const said = (loss: string): string =>
      derive(
        parseModel(`
N = size()
X = input(N, 3)
T = target(N, 2)
W = param(3, 2)
a = X * W
L = ${loss}`),
        { wrt: "W", form },
      )
        .steps.map(({ why }) => why)
        .join(" ");
    expect(said("-1/N * sum(T .* logsoftmax(a, 2))")).toContain("1/N comes from the mean over N.");
    expect(said("1/(3*N) * sum((a - T).^2)")).toContain("1/N comes from the mean over N.");
    // which may be the mean over all 2N entries
    expect(said("1/(2*N) * sum((a - T).^2)")).toContain(
      "1/N comes from 1/(2N) in the definition of L, whose 2 cancels.",
    );
    expect(said("sum((a - T).^2)")).not.toContain("comes from");
    // also as a term of a sum
    expect(said("1/(2*N) * sum((a - T).^2) + 0.1 * sum(W.^2)")).toContain(
      "1/N comes from 1/(2N) in the definition of L, whose 2 cancels.",
    );
    expect(said("1/N * sum((a - T).^2) + 0.1 * sum(W.^2)")).toContain(
      "1/N comes from the mean over N.",
    );
  });

  it("say it in the same way however many columns there are", () => {
    for (const columns of [2, 3]) {
      const { steps } = derive(
        parseModel(`
N = size()
X = input(N, 3)
W = param(3, ${columns})
a = X * W
L = 1/(2*N) * sum(a.^2)`),
        { wrt: "W", form: "index" },
      );
      const why = steps.map((one) => one.why).join(" ");
      expect(why).toContain("1/N comes from 1/(2N) in the definition of L, whose 2 cancels.");
    }
  });

  it("say it of what is differentiated alone", () => {
    const { steps } = derive(
      parseModel(`
N = size()
x = input(N)
w = param()
r = w * x
L = sum(r.^2) / (2*N) + w / (2*N)`),
      { wrt: "w", form: "index" },
    );
    const direct = steps.filter(({ rhs }) => /\\frac\{1\}\{2 N\}$/.test(rhs));
    expect(direct.length).toBeGreaterThan(0);
    for (const { why } of direct) expect(why).not.toContain("mean");
  });

  it("say of a column vec that it is transposed, not of its matrix", () => {
    const penalty = parseModel("W = param(2, 3)\ns = sum(sin(W))\nL = s + sum(W.^2)");
    const text = derive(penalty, { wrt: "W", form: "jacobian" })
      .steps.map(({ why }) => why)
      .join("\n");
    expect(text).toContain("The column vec W is transposed because");
    expect(text).not.toMatch(/(^|\. )W is transposed/m);
  });

  it("say it of rows in the row convention, and of no bias that is multiplied", () => {
    const rows = (bias: string): string =>
      derive(
        parseModel(`
N = size()
X = input(N, 3)
T = target(N, 2)
W = param(3, 2)
b = param(1, 2)
Y = X * W + ${bias}
L = sum(sum((Y - T).^2))`),
        { wrt: "b", form: "matrix" },
      )
        .steps.map(({ why }) => why)
        .join("\n");
    expect(rows("b")).toContain("b is added to every row of Y (broadcast)");
    expect(rows("3 * b")).not.toContain("is added to");
  });

  it("say what the row of ones does in the forward pass", () => {
    const [forward] = passages(model).before;
    expect(forward!.toMarkdown()).toContain("The row of ones writes $`b^{(1)}`$ in every column.");
  });

  it("say what identities and diagonals in a Jacobian mean", () => {
    const text = whys("W1", "jacobian");
    expect(text).toContain(
      "The identity matrix says that each row of Z1 depends only on the row of W1 with the same number.",
    );
    expect(text).toContain(
      "The identity matrix says that each column of Y depends only on the column of H1 with the same number.",
    );
    expect(text).toContain("Each entry of H1 depends on the same entry of Z1 only");
    expect(text).not.toContain("Kronecker delta");
  });

  it("call a Jacobian diagonal that is square", () => {
    const why = (statement: string, shape = "3, 3"): string => {
      const text = `h = param(${shape})\nu = ${statement}\nL = sum(u.^2)`;
      const { steps } = derive(parseModel(text), { wrt: "h", form: "jacobian" });
      return steps.map((step) => step.why).join(" ");
    };
    expect(why("tanh(h)")).toContain(
      "Each entry of u depends on the same entry of h only, so the matrix is diagonal.",
    );
    expect(why("tanh(h[1:2, :])")).not.toContain("diagonal.");
    const part = why("tanh(h[3:5])", "5");
    expect(part).toContain("These rows of the identity matrix are 1 at the entries that are used.");
    expect(part).not.toContain("factor is transposed");
  });
});

describe("a document that grows", () => {
  it("leaves one blank where remarks fall away that it has already", () => {
    const remarks = ["One.", "Two.", "Three."].map((text) => remark(said`${text}`));
    const sentence = joined([said`First.`, ...remarks, said`Then this.`]);
    const words = (told: Set<string>): string =>
      sentence
        .written(told)
        .map((piece) => (piece.kind === "words" ? piece.text : ""))
        .join("");
    for (let count = 0; count <= remarks.length; count++) {
      const told = new Set(remarks.slice(0, count).map(({ text }) => text));
      const rest = remarks.slice(count).map(({ text }) => text);
      expect(words(told)).toBe(["First.", ...rest, "Then this."].join(" "));
    }
  });
});
