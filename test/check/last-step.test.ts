/** Recurrences that are not followed back all the way. */
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

/** The same for both steps, of which the first one has only what comes straight from the state of the second. */
const STRAIGHT = `
  ${BACKWARD.replace(/given_\w+ = /g, (name) => name.replace("given", "last")).replace("total = L", "")}
  dH1 = dH .* (1 - z2)
  bz = dH1 .* (g1 - H0) .* z1 .* (1 - z1)
  bg = dH1 .* z1 .* (1 - g1.^2)
  given_Wz = last_Wz + X1' * bz
  given_Uz = last_Uz + H0' * bz
  given_Wg = last_Wg + X1' * bg
  given_Ug = last_Ug + H0' * bg
  total = L`;

it.each([
  [
    "the last step alone",
    BACKWARD,
    "is computed as if H1 were a constant: it depends on g1 and z1; add the paths through H1",
  ],
  [
    "what comes straight from the next state",
    STRAIGHT,
    "follows from dH1, which is only what comes through H2: add the paths through g2 and z2, with += where = stands",
  ],
])("are told as that: %s", (_, backward, text) => {
  const model = parseModel(FORWARD);
  const at = randomPoint(model, { seed: 4 });
  const program = parseModel(`${FORWARD}\n${backward}`, { loss: "total" });
  const { values } = compile(program).evaluate(at);
  const names = ["Wz", "Uz", "Wg", "Ug"];
  const claims = Object.fromEntries(names.map((name) => [name, values[`given_${name}`]!]));
  const { checks } = check(model, claims, { at });
  for (const { name, diagnosis } of checks) {
    expect(diagnosis[0]!.text, name).toBe(`d${name} ${text}`);
  }
});
