import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lettersAlong, localPartial } from "../../src/calculus/partial.js";
import { type Definition, fullAxes, fullClause } from "../../src/expression/definition.js";
import type { Graph } from "../../src/expression/graph.js";
import type { Quantity } from "../../src/expression/quantity.js";
import { references } from "../../src/expression/walk.js";
import { type JacobianForm, jacobianForm } from "../../src/forms/jacobian/convert.js";
import { doubleArithmetic } from "../../src/numeric/arithmetic.js";
import { evaluateMatrix } from "../../src/forms/matrix/evaluate.js";
import type { VecOrder } from "../../src/forms/matrix/expression.js";
import { parseModel } from "../../src/language/model.js";
import { MatrixPrinter } from "../../src/render/formula/matrix.js";
import { UNORDERED } from "../../src/render/notation/order.js";
import { Notation } from "../../src/render/notation/notation.js";
import { distance, entriesOf, interpreted, SIZES, TOLERANCE } from "./support.js";
import { anyDefinition, seeds } from "./terms.js";

const printer = new MatrixPrinter(new Notation({ layers: "subscript" }), UNORDERED);
const ORDERS = ["columns", "rows"] as const;
const lookup = (quantity: Quantity): number[] => entriesOf(quantity, SIZES);

/** The Jacobian form, checked against all entries of the partial derivative. */
function checkedForm(
  graph: Graph,
  definition: Definition,
  of: Quantity,
  order: VecOrder,
): JacobianForm | undefined {
  const numerator = definition.quantity;
  const { expression } = localPartial(graph, definition, of);
  const form = jacobianForm(graph, { numerator, of, expression }, order);
  if (!form) return undefined;
  const [p, q] = [numerator, of].map(({ shape }, which) => {
    const { letters } = lettersAlong("pq"[which]!, shape);
    return order === "columns" ? letters.toReversed() : letters;
  });
  const expected = interpreted(graph, expression, [...p!, ...q!], SIZES, lookup);
  const actual = evaluateMatrix(form.matrix, {
    arithmetic: doubleArithmetic,
    sizes: SIZES,
    lookup,
  });
  const error = distance(actual, expected);
  if (!Number.isNaN(error)) expect(error, printer.print(form.matrix)).toBeLessThan(TOLERANCE);
  return form;
}

/** Models, and for u/v the Jacobian by columns and by rows (once where they are the same). */
const cases: Record<string, { model: string; forms: Record<string, readonly string[]> }> = {
  "logistic loss, column convention": {
    model: `
x = input(2)
Y = target()
W_i = param(5, 2)
b_i = param(5)
W_o = param(1, 5)
z = W_i * x + b_i
H = relu(z)
G = relu(W_i * x)
y = W_o * H
s = log(1 + exp(-Y * y)) + sum(G)`,
    forms: {
      "z/W_i": [String.raw`x^{\top} \otimes I_{5}`, String.raw`I_{5} \otimes x^{\top}`],
      "z/x": [String.raw`W_{i}`],
      "z/b_i": [String.raw`I_{5}`],
      "H/z": [String.raw`\operatorname{diag}\left(\mathbf{1}\left[z > 0\right]\right)`],
      "G/W_i": [
        String.raw`\operatorname{diag}\left(\mathbf{1}\left[W_{i} x > 0\right]\right) \left(x^{\top} \otimes I_{5}\right)`,
        String.raw`\operatorname{diag}\left(\mathbf{1}\left[W_{i} x > 0\right]\right) \left(I_{5} \otimes x^{\top}\right)`,
      ],
      "y/W_o": [String.raw`H^{\top}`],
      "y/H": [String.raw`W_{o}`],
      "s/y": [String.raw`-\frac{Y e^{-Y y}}{1 + e^{-Y y}}`],
    },
  },
  "layers without names": {
    model: `
N = size()
X = input(N, 3)
Z = input(N, 2)
V = param(3, 4)
b = param(4)
W = param(4, 2)
U = param(2, 5)
M = param(3, 2)
Y = sigmoid(X * V + b') * W
D = tanh(sigmoid(X * V) * W) * U
S = sum((X * M) .* Z, 2)
L = sum(Y) + sum(D) + sum(S)`,
    forms: {
      "Y/b": [
        String.raw`\left(W^{\top} \otimes I_{N}\right) \operatorname{diag}\left(\operatorname{vec}\left(\sigma\left(\mathbf{1} b^{\top} + X V\right) \odot \left(1 - \sigma\left(\mathbf{1} b^{\top} + X V\right)\right)\right)\right) \left(I_{4} \otimes \mathbf{1}\right)`,
        String.raw`\left(I_{N} \otimes W^{\top}\right) \operatorname{diag}\left(\operatorname{vec}_{\mathrm{r}}\left(\sigma\left(\mathbf{1} b^{\top} + X V\right) \odot \left(1 - \sigma\left(\mathbf{1} b^{\top} + X V\right)\right)\right)\right) \left(\mathbf{1} \otimes I_{4}\right)`,
      ],
      "S/M": [
        String.raw`\left(\mathbf{1}^{\top} \otimes I_{N}\right) \operatorname{diag}\left(\operatorname{vec}\left(Z\right)\right) \left(I_{2} \otimes X\right)`,
        String.raw`\left(I_{N} \otimes \mathbf{1}^{\top}\right) \operatorname{diag}\left(\operatorname{vec}_{\mathrm{r}}\left(Z\right)\right) \left(X \otimes I_{2}\right)`,
      ],
      "D/V": [
        String.raw`\left(U^{\top} \otimes I_{N}\right) \operatorname{diag}\left(\operatorname{vec}\left(1 - \tanh\left(\sigma\left(X V\right) W\right)^{\odot 2}\right)\right) \left(W^{\top} \otimes I_{N}\right) \operatorname{diag}\left(\operatorname{vec}\left(\sigma\left(X V\right) \odot \left(1 - \sigma\left(X V\right)\right)\right)\right) \left(I_{4} \otimes X\right)`,
        String.raw`\left(I_{N} \otimes U^{\top}\right) \operatorname{diag}\left(\operatorname{vec}_{\mathrm{r}}\left(1 - \tanh\left(\sigma\left(X V\right) W\right)^{\odot 2}\right)\right) \left(I_{N} \otimes W^{\top}\right) \operatorname{diag}\left(\operatorname{vec}_{\mathrm{r}}\left(\sigma\left(X V\right) \odot \left(1 - \sigma\left(X V\right)\right)\right)\right) \left(X \otimes I_{4}\right)`,
      ],
    },
  },
  "logistic loss, row convention": {
    model: `
x = input(1, 2)
Y = target()
W_i = param(2, 5)
W_o = param(5)
z = x * W_i
H = relu(z)
G = relu(x * W_i)
y = H * W_o
s = log(1 + exp(-Y * y)) + sum(sum(G))`,
    forms: {
      "z/W_i": [String.raw`I_{5} \otimes x`, String.raw`x \otimes I_{5}`],
      "z/x": [String.raw`W_{i}^{\top}`],
      "G/W_i": [
        String.raw`\operatorname{diag}\left(\mathbf{1}\left[x W_{i} > 0\right]\right) \left(I_{5} \otimes x\right)`,
        String.raw`\operatorname{diag}\left(\mathbf{1}\left[x W_{i} > 0\right]\right) \left(x \otimes I_{5}\right)`,
      ],
      "y/W_o": ["H"],
      "y/H": [String.raw`W_{o}^{\top}`],
    },
  },
  "a batch": {
    model: `
N = size()
X = input(3, N)
W = param(4, 3)
b = param(4)
Z = W * X + b
H = tanh(Z)
L = sum(sum(H.^2)) / N`,
    forms: {
      "Z/W": [String.raw`X^{\top} \otimes I_{4}`, String.raw`I_{4} \otimes X^{\top}`],
      "Z/X": [String.raw`I_{N} \otimes W`, String.raw`W \otimes I_{N}`],
      "Z/b": [String.raw`\mathbf{1} \otimes I_{4}`, String.raw`I_{4} \otimes \mathbf{1}`],
      "H/Z": [
        String.raw`\operatorname{diag}\left(\operatorname{vec}\left(1 - \tanh\left(Z\right)^{\odot 2}\right)\right)`,
        String.raw`\operatorname{diag}\left(\operatorname{vec}_{\mathrm{r}}\left(1 - \tanh\left(Z\right)^{\odot 2}\right)\right)`,
      ],
      "L/H": [
        String.raw`\frac{2}{N} \operatorname{vec}\left(H\right)^{\top}`,
        String.raw`\frac{2}{N} \operatorname{vec}_{\mathrm{r}}\left(H\right)^{\top}`,
      ],
    },
  },
  "products, transposes, softmax": {
    model: `
A = param(3, 4)
X = param(4, 2)
B = param(2, 5)
v = param(4)
Y = A * X * B
T = A'
C = A * A'
r = sum(A, 2)
D = A .* A
V = v * v'
p = softmax(v)
K = A[1:2, :]
L = sum(sum(Y)) + sum(sum(T)) + sum(sum(C)) + sum(r) + sum(sum(D)) + sum(sum(V)) + sum(p) + sum(sum(K))`,
    forms: {
      "Y/A": [
        String.raw`\left(B^{\top} X^{\top}\right) \otimes I_{3}`,
        String.raw`I_{3} \otimes \left(B^{\top} X^{\top}\right)`,
      ],
      "Y/X": [String.raw`B^{\top} \otimes A`, String.raw`A \otimes B^{\top}`],
      "Y/B": [
        String.raw`I_{5} \otimes \left(A X\right)`,
        String.raw`\left(A X\right) \otimes I_{5}`,
      ],
      "T/A": [String.raw`\mathbf{K}_{3,4}`],
      "C/A": [
        String.raw`\left(I_{3} \otimes A\right) \mathbf{K}_{3,4} + A \otimes I_{3}`,
        String.raw`\left(A \otimes I_{3}\right) \mathbf{K}_{3,4} + I_{3} \otimes A`,
      ],
      "r/A": [
        String.raw`\mathbf{1}^{\top} \otimes I_{3}`,
        String.raw`I_{3} \otimes \mathbf{1}^{\top}`,
      ],
      "D/A": [
        String.raw`2 \operatorname{diag}\left(\operatorname{vec}\left(A\right)\right)`,
        String.raw`2 \operatorname{diag}\left(\operatorname{vec}_{\mathrm{r}}\left(A\right)\right)`,
      ],
      "V/v": [
        String.raw`I_{4} \otimes v + v \otimes I_{4}`,
        String.raw`v \otimes I_{4} + I_{4} \otimes v`,
      ],
      "p/v": [
        String.raw`\operatorname{diag}\left(\operatorname{softmax}\left(v\right)\right) - \operatorname{softmax}\left(v\right) \operatorname{softmax}\left(v\right)^{\top}`,
      ],
      "K/A": [
        String.raw`I_{4} \otimes \left(I_{3}\right)_{1:2,:}`,
        String.raw`\left(I_{3}\right)_{1:2,:} \otimes I_{4}`,
      ],
    },
  },
};

describe.each(Object.entries(cases))("the Jacobian form: %s", (_, { model: text, forms }) => {
  const { graph, definitions } = parseModel(text);

  it.each(Object.entries(forms))("%s", (names, latex) => {
    const [u, v] = names.split("/");
    const definition = definitions.find(({ quantity }) => quantity.name === u)!;
    const used = references(definition.clauses.map(({ body }) => body));
    const of = used.map(({ quantity }) => quantity).find(({ name }) => name === v)!;
    const shown = ORDERS.map((order) =>
      printer.print(checkedForm(graph, definition, of, order)!.matrix),
    );
    expect([...new Set(shown)]).toEqual(latex);
  });
});

describe("a Jacobian form", () => {
  it("has the values of the partial derivative", () => {
    let [converted, asked] = [0, 0];
    fc.assert(
      fc.property(seeds, (seed) => {
        const { graph, quantity, body } = anyDefinition(seed);
        const definition = { quantity, clauses: [fullClause(quantity.shape, body)] };
        const used = new Set(references([body]).map((one) => one.quantity));
        for (const of of used) {
          for (const order of ORDERS) {
            asked++;
            if (checkedForm(graph, definition, of, order)) converted++;
          }
        }
      }),
      { seed: 1, numRuns: 80 },
    );
    expect(converted / asked).toBeGreaterThan(0.5);
  });

  it("is what differences give", () => {
    const { graph, definitions } = parseModel(
      "A = param(3, 2)\nx = param(2)\nB = param(2, 3)\nY = sigmoid(A * B) * A .* x'\nL = sum(sum(Y))",
    );
    const definition = definitions[0]!;
    const { quantity } = definition;
    const { letters, indices } = fullAxes(quantity.shape);
    const { body } = definition.clauses[0]!;
    expect(definition.clauses[0]!.indices).toEqual(indices);
    for (const of of new Set(references([body]).map((one) => one.quantity))) {
      const form = checkedForm(graph, definition, of, "rows");
      if (!form) continue;
      const actual = evaluateMatrix(form.matrix, {
        arithmetic: doubleArithmetic,
        sizes: SIZES,
        lookup,
      });
      const count = lookup(of).length;
      const columns = Array.from({ length: count }, (_, k) => {
        const [above, below] = [1e-6, -1e-6].map((shift) =>
          interpreted(graph, body, letters, SIZES, (one) =>
            lookup(one).map((entry, at) => (one === of && at === k ? entry + shift : entry)),
          ),
        );
        return above!.map((entry, at) => (entry - below![at]!) / 2e-6);
      });
      const expected = columns[0]!.flatMap((_, row) => columns.map((column) => column[row]!));
      expect(distance(actual, expected)).toBeLessThan(1e-8);
    }
  });
});
