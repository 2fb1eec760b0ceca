/** Why the derivative by a quantity has the matrix form that it has. */
import type { MatrixForm } from "../forms/matrix/convert.js";
import { isScalar } from "../forms/matrix/expression.js";
import { hasSum } from "../forms/matrix/reasons.js";
import type { Route, RouteAdjoint } from "../forms/route.js";
import { joined, said, type Sentence } from "../language/sentence.js";
import { hasOneEntry } from "../language/tensor.js";
import { broadcastOf } from "./broadcasts.js";
import { whyReach } from "./chain-reasons.js";

type Used = Pick<RouteAdjoint, "of" | "users">;

/** The reasons of a form. */
export function whyMatrix(route: Route, used: Used, form: MatrixForm): Sentence {
  return joined(explanations(route, used, form));
}

/** Why the matrix form looks as it does; a broadcast says why ones stand there, and of a number why it is a sum. */
function explanations(
  route: Route,
  { of, users }: Used,
  { matrix, reasons }: MatrixForm,
): Sentence[] {
  const broadcast = broadcastOf(route, of, users, matrix);
  const rest = broadcast ? [broadcast, ...reasons.filter(({ kind }) => kind !== "ones")] : reasons;
  const [user, ...others] = users;
  if (!broadcast && isScalar(matrix) && hasSum(matrix) && user && others.length === 0) {
    const isChain = user !== route.model.loss && !hasOneEntry(user.shape);
    if (isChain) return [whyReach(route, of, user, true), ...rest.map(({ why }) => why)];
  }
  if (rest.length > 0) return rest.map(({ why }) => why);
  return [said`The same for all entries at once${hasSum(matrix) ? "" : "; no index is summed"}.`];
}
