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
  // one number for each example is no sum over these
  const [other] = check(model, { b: [rounding, 2 * rounding] }, { at }).checks;
  expect(other!.diagnosis[0]!.text).toBe(
    "db is summed over its own axis 1 instead of the others, along which it cancels: only rounding is left in every entry",
  );
  // exactly 0 is what no term leaves
  const [zero] = check(model, { b: [0, 0, 0] }, { at }).checks;
  expect(zero!.diagnosis[0]!.cause).not.toBe("over-summed");
});

it("what does not change the loss is told as that, with no cause that nobody could have", () => {
  const model = parseModel(`
    X = input(5, 3)
    Y = target(5, 2)
    W = param(3, 2)
    c = param(2)
    Z = X * W + c'
    m = mean(Z, 1)
    C = Z - m'
    v = mean(C.^2, 1)
    H = C ./ sqrt(v + 0.01)'
    L = sum((H - Y).^2) / 10`);
  const at = randomPoint(model, { seed: 3 });
  const [first] = check(model, { c: [0.1234567, -0.2345678] }, { at }).checks;
  expect(first!.diagnosis).toHaveLength(1);
  expect(first!.diagnosis[0]!.cause).toBe("unknown");
  expect(first!.diagnosis[0]!.text).toContain("dc ought to be 0 in every entry: c does not change");
  // a multiple of what a single mistake leaves is no explanation: no factor belongs to 0
  const dH = compile(
    parseModel(`
      H = input(5, 2)
      Y = input(5, 2)
      s = param(2)
      L = sum((H - Y) * s) / 25`),
  );
  const { values } = compile(model).evaluate(at);
  const { s } = dH.evaluate({ H: values["H"]!, Y: at["Y"]!, s: [0, 0] }).gradients;
  const [mean] = check(model, { c: s! }, { at }).checks;
  expect(mean!.diagnosis.map(({ cause }) => cause)).toEqual(["unknown"]);
});
