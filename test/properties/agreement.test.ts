import { it } from "vitest";
import { agree, forModels } from "./models.js";

it("random models: compiled = matrix backprop (= 25 digits)", { timeout: 300_000 }, () => {
  forModels({ from: 2, count: 1800 }, agree);
});
