/** Sums in which everything cancels. */
import { check, compile, parseModel, randomPoint } from "chainrule";
import { expect, it } from "vitest";

it("the gradient of a bias that is summed over the classes of a softmax, too, is told as that", () => {
  const model = parseModel(`
    N = size()
    X = input(N, 2)
    T = target(N, 3)
    W = param(3, 2)
    b = param(3)
    Z = X * W' + b'
    L = -sum(T .* logsoftmax(Z, 2))`);
  const one = [1, 0, 0];
  const at = {
    ...randomPoint(model, { seed: 4 }),
    X: [
      [1, 2],
      [3, -1],
    ],
    T: [one, one],
  };
  const b = compile(model).evaluate(at).gradients["b"] as readonly number[];
  const sum = b.reduce((total, entry) => total + entry, 0);
  expect(Math.abs(sum)).toBeLessThan(1e-14);
  // the sum may come out as 0 by chance; as a rule it does not
  const rounding = sum === 0 ? 1e-17 : sum;
  const [first] = check(model, { b: [rounding, rounding, rounding] }, { at }).checks;
  expect(first!.diagnosis[0]).toMatchObject({ cause: "over-summed", term: "axis 1" });
  // exactly 0 is what no term leaves
  const [zero] = check(model, { b: [0, 0, 0] }, { at }).checks;
  expect(zero!.diagnosis[0]!.cause).not.toBe("over-summed");
});
