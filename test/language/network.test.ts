import { describe, expect, it } from "vitest";
import {
  backprop,
  compile,
  InputError,
  network,
  parseModel,
  randomPoint,
  verify,
} from "../../src/index.js";
import { type NetworkOptions, networkText } from "../../src/language/network.js";

describe("network", () => {
  it("is a model in the language", () => {
    const text = networkText({
      sizes: [2, 3, 2],
      hidden: "sigmoid",
      output: "identity",
      loss: "half-squared-error",
      bias: false,
    });
    expect(text).toBe(
      [
        "x = input(2)",
        "t = target(2)",
        "W1 = param(3, 2)",
        "W2 = param(2, 3)",
        "z1 = W1 * x",
        "a1 = sigmoid(z1)",
        "z2 = W2 * a1",
        "y = z2",
        "MSE = 1/2 * sum((t - y).^2)",
        "",
      ].join("\n"),
    );
  });

  it("has biases, other functions for other layers, and batches with one example a column", () => {
    const text = networkText({
      sizes: [4, 5, 3, 2],
      hidden: ["relu", "tanh"],
      loss: "cross-entropy",
      batch: true,
    });
    expect(text).toBe(
      [
        "N = size()",
        "X = input(4, N)",
        "T = target(2, N)",
        "W1 = param(5, 4)",
        "b1 = param(5)",
        "W2 = param(3, 5)",
        "b2 = param(3)",
        "W3 = param(2, 3)",
        "b3 = param(2)",
        "Z1 = W1 * X + b1",
        "A1 = relu(Z1)",
        "Z2 = W2 * A1 + b2",
        "A2 = tanh(Z2)",
        "Z3 = W3 * A2 + b3",
        "Y = softmax(Z3, 1)",
        "L = -sum(T .* log(Y)) / N",
        "",
      ].join("\n"),
    );
  });

  it("takes no hidden layers", () => {
    const model = network({ sizes: [3, 1], loss: "binary-cross-entropy" });
    expect(model.params.map(({ name }) => name)).toEqual(["W1", "b1"]);
  });

  const losses = [
    "half-squared-error",
    "squared-error",
    "mean-squared-error",
    "mean-absolute-error",
    "cross-entropy",
    "binary-cross-entropy",
    "logistic",
    "hinge",
  ];
  it.each(losses.flatMap((loss) => [false, true].map((batch) => [loss, batch] as const)))(
    "with the loss %s, batch %s, has the right gradients",
    (loss, batch) => {
      const model = network({ sizes: [3, 4, 2], hidden: "silu", loss, batch });
      expect(verify(model).ok).toBe(true);
    },
  );

  it("means over the batch what it means for one example", () => {
    for (const loss of losses) {
      const [one, many] = [false, true].map((batch) => network({ sizes: [2, 3, 2], loss, batch }));
      const { x, t, ...parameters } = randomPoint(one!);
      const column = (value: unknown) => (value as number[]).map((entry) => [entry, entry, entry]);
      const batch = { X: column(x), T: column(t), ...parameters };
      const [single, mean] = [
        compile(one!).evaluate({ x: x!, t: t!, ...parameters }),
        compile(many!).evaluate(batch),
      ];
      expect(mean.loss).toBeCloseTo(single.loss, 12);
      expect(backprop(many!, batch).loss).toBeCloseTo(single.loss, 12);
    }
  });

  it.each<[unknown, string, string]>([
    [undefined, "made from an object of options", ""],
    [{}, "sizes lists the entries", "sizes: [2, 3, 2]"],
    [{ sizes: [3] }, "sizes lists the entries", ""],
    [{ sizes: [3, 0] }, "sizes[1] is 0; it must be a positive whole number", ""],
    [{ sizes: [3, "2"] }, "sizes[1] is 2; it must be", ""],
    [{ sizes: [3, 2.5] }, "sizes[1] is 2.5", ""],
    [{ sizes: [2, 3, 1], hidden: "sigmoidal" }, "no elementwise function is called sigmoidal", ""],
    [{ sizes: [2, 3, 1], hidden: "rellu" }, "called rellu", "did you mean relu?"],
    [{ sizes: [2, 3, 1], hidden: "softmax" }, "called softmax", ""],
    [{ sizes: [2, 3, 1], hidden: "maximum" }, "called maximum", ""],
    [{ sizes: [2, 3, 1], hidden: "constructor" }, "called constructor", ""],
    [{ sizes: [2, 3, 1], hidden: 7 }, "hidden is the name of a function, or a list", ""],
    [{ sizes: [2, 3, 1], hidden: [7] }, "called 7", ""],
    [{ sizes: [2, 3, 1], hidden: ["relu", "relu"] }, "there are 1 hidden layers", ""],
    [{ sizes: [2, 1], output: "sofmax" }, "called sofmax", "did you mean softmax?"],
    [{ sizes: [2, 1], loss: "cross-entrpy" }, "called cross-entrpy", "did you mean cross-entropy?"],
    [{ sizes: [2, 1], loss: "cross-entropy", output: "sigmoid" }, "needs the output softmax", ""],
    [{ sizes: [2, 1], bias: "no" }, "bias must be true or false, not a string", ""],
    [{ sizes: [2, 1], bais: true }, "a network has no option bais", "did you mean bias?"],
    [{ sizes: [1e9, 1e9] }, "is too large", ""],
  ])("refuses %j", (options, message, hint) => {
    let error: unknown;
    try {
      network(options as NetworkOptions);
    } catch (caught) {
      error = caught;
    }
    expect(error).toBeInstanceOf(InputError);
    expect((error as InputError).message).toContain(message);
    expect((error as InputError).hint ?? "").toContain(hint);
  });
});

describe("the parameters of a model", () => {
  it("have plain shapes: whole numbers, or sizes as the model writes them", () => {
    const { parameters } = parseModel(
      "N = size()\nA = param(3, N)\nb = param(2)\nc = param()\nL = c*sum(A)",
    );
    expect(parameters).toEqual([
      { name: "A", shape: [3, "N"] },
      { name: "b", shape: [2] },
      { name: "c", shape: [] },
    ]);
  });
});
