/** Recurrences of which only the last step is followed back. */
import { check, compile, parseModel, randomPoint } from "chainrule";
import { expect, it } from "vitest";

const FORWARD = `
  N = size()
  X1 = input(N, 3)
  X2 = input(N, 3)
  H0 = input(N, 4)
  T = target(N, 4)
  Wz = param(3, 4)
  Uz = param(4, 4)
  Wg = param(3, 4)
  Ug = param(4, 4)
  z1 = sigmoid(X1 * Wz + H0 * Uz)
  g1 = tanh(X1 * Wg + H0 * Ug)
  H1 = (1 - z1) .* H0 + z1 .* g1
  z2 = sigmoid(X2 * Wz + H1 * Uz)
  g2 = tanh(X2 * Wg + H1 * Ug)
  H2 = (1 - z2) .* H1 + z2 .* g2
  L = sum((H2 - T).^2) / 2`;

/** The gradients of the last step, with nothing passed back to the one before. */
const BACKWARD = `
  dH = H2 - T
  az = dH .* (g2 - H1) .* z2 .* (1 - z2)
  ag = dH .* z2 .* (1 - g2.^2)
  given_Wz = X2' * az
  given_Uz = H1' * az
  given_Wg = X2' * ag
  given_Ug = H1' * ag
  total = L`;

it("are told as that, not as assignments all over the pass", () => {
  const model = parseModel(FORWARD);
  const at = randomPoint(model, { seed: 4 });
  const program = parseModel(`${FORWARD}\n${BACKWARD}`, { loss: "total" });
  const { values } = compile(program).evaluate(at);
  const names = ["Wz", "Uz", "Wg", "Ug"];
  const claims = Object.fromEntries(names.map((name) => [name, values[`given_${name}`]!]));
  const { checks } = check(model, claims, { at });
  for (const { name, diagnosis } of checks) {
    const [first] = diagnosis;
    expect(first!.text, name).toBe(
      `d${name} is computed as if H1 were a constant: it depends on g1 and z1; add the paths through H1`,
    );
  }
});
