/** How people write in NumPy, PyTorch and the like, and how it is written here. */
import { pattern } from "./pattern.js";

/** Names under which libraries are imported. */
const LIBRARIES: ReadonlySet<string> = new Set([
  "np",
  "numpy",
  "math",
  "torch",
  "tf",
  "jnp",
  "jax",
  "nn",
  "F",
  "cp",
  "Math",
]);

const TRANSPOSE = "the transpose of A is A'";
const axes = (name: string): string =>
  `${name}(A, 1) runs down the columns, as axis=0 does, and ${name}(A, 2) along the rows`;
const PRODUCT = "the matrix product is *: a * b; that of two vectors is dot(a, b)";
const SQUARED_ERROR = "write it out: mean((y - t).^2), or sum((y - t).^2) / 2";
const CROSS_ENTROPY =
  "write it out: -sum(t .* log(p)), or of logits -sum(t .* logsoftmax(z)); of N examples, divided by N";
const BINARY_CROSS_ENTROPY =
  "write it out: -mean(t .* log(p) + (1 - t) .* log(1 - p)), or of logits mean(softplus(z) - t .* z)";
const ABSOLUTE_ERROR = "write it out: mean(abs(y - t))";
const POWERS = "powers are ^ for scalars and .^ for entries";
const SIZES = "sizes are named in the model, N = size(), and written by their names";
const CHOICE = "a choice is a product with a comparison: (A > 0) .* B";
const FUNCTIONS = "functions cannot be defined; give quantities names, one a line";
const LAYOUT = "leave it out: a vector is a column, and ' transposes";
const WHOLE = "leave it out: values need no copies and no types";
const DEVIATIONS = "write it out: mean((x - mean(x)).^2), and its sqrt for the deviation";
const ORDER =
  "entries are not put in order here; max(x) and min(x) are the largest and the smallest";
const PLACES = "places are no values here; x == max(x) is 1 at the largest entries";
const LIMITS = "write minimum(maximum(x, low), high)";
const JOINED = "concat(a, b) puts one above the other, concat(a, b, dim = 2) side by side";
const ONES = "write ones(m, n) or zeros(m, n)";
const SIGMOID = "the sigmoid is sigmoid(z)";
const BOUNDS = "write maximum(minimum(A, high), low)";
const SLOPE =
  "write the derivative out: a .* (1 - a) of a sigmoid a, 1 - a.^2 of a tanh, (z > 0) of relu(z)";

/** Functions and members of other languages. */
const ELSEWHERE: ReadonlyMap<string, string> = new Map([
  ["T", TRANSPOSE],
  ["t", TRANSPOSE],
  ["dot", PRODUCT],
  ["matmul", PRODUCT],
  ["mm", PRODUCT],
  ["multiply", "the elementwise product is a .* b"],
  ["outer", "the outer product is u * v'"],
  ["pow", POWERS],
  ["power", POWERS],
  ["shape", SIZES],
  ["len", SIZES],
  ["size", SIZES],
  ["where", CHOICE],
  ["astype", WHOLE],
  ["copy", WHOLE],
  ["item", WHOLE],
  ["float", WHOLE],
  ["reshape", LAYOUT],
  ["flatten", LAYOUT],
  ["ravel", LAYOUT],
  ["squeeze", LAYOUT],
  ["newaxis", LAYOUT],
  ["expand_dims", LAYOUT],
  ["tile", LAYOUT],
  ["repeat", LAYOUT],
  ["einsum", PRODUCT],
  ["clip", BOUNDS],
  ["clamp", BOUNDS],
  ["eye", "the unit matrix is identity(n)"],
  ["σ", SIGMOID],
  ["logistic", SIGMOID],
  ["expit", SIGMOID],
  ["zeros_like", ONES],
  ["ones_like", ONES],
  ["ln", "the natural logarithm is log(x)"],
  ["log2", "write log(x) / log(2)"],
  ["log10", "write log(x) / log(10)"],
  ...["mse", "mse_loss", "mean_squared_error"].map((name) => [name, SQUARED_ERROR] as const),
  ...["cross_entropy", "crossentropy", "categorical_crossentropy", "nll_loss"].map(
    (name) => [name, CROSS_ENTROPY] as const,
  ),
  ...["bce", "bce_loss", "binary_cross_entropy", "binary_crossentropy"].map(
    (name) => [name, BINARY_CROSS_ENTROPY] as const,
  ),
  ...["mae", "l1_loss", "mean_absolute_error"].map((name) => [name, ABSOLUTE_ERROR] as const),
  ["std", DEVIATIONS],
  ["var", DEVIATIONS],
  [
    "prod",
    "products over entries are not in the language; of positive ones write exp(sum(log(x)))",
  ],
  ["sort", ORDER],
  ["median", ORDER],
  ["argmax", PLACES],
  ["argmin", PLACES],
  ["clip", LIMITS],
  ["clamp", LIMITS],
  ["if", CHOICE],
  ["eye", "write identity(n)"],
  ["vstack", JOINED],
  ["hstack", JOINED],
  ["cat", JOINED],
  ["concatenate", JOINED],
  ["det", "determinants are not in the language"],
  ["inv", "inverses are not in the language"],
]);

const REDUCTIONS: ReadonlySet<string> = new Set(["sum", "mean", "max", "min"]);

/** What runs along a dimension. */
const ALONG: ReadonlySet<string> = new Set([...REDUCTIONS, "logsumexp", "softmax", "logsoftmax"]);

const axis = (call: string): string => axes(ALONG.has(call) ? call : "sum");

/** Arguments by name that functions of whole arrays have elsewhere, and what is written here. */
const ARGUMENTS: ReadonlyMap<string, (call: string) => string> = new Map([
  ["axis", axis],
  ["dim", axis],
  ["keepdims", () => "leave keepdims out: sum(A, 2) is a column, and (sum(A, 1))' a row"],
  ["keepdim", () => "leave keepdim out: sum(A, 2) is a column, and (sum(A, 1))' a row"],
]);

/** Words that stand alone. */
const NAMES: ReadonlyMap<string, string> = new Map([
  ["T", TRANSPOSE],
  ["True", "leave flags such as keepdims out"],
  ["False", "leave flags such as keepdims out"],
  ["if", CHOICE],
  ["lambda", FUNCTIONS],
]);

/** How people call the derivative of a function: sigmoid_prime, d_relu. */
const SLOPE_NAME = /(prime|deriv|derivative|derivate|grad|gradient|backward|2deriv)$|^(d_|deriv)/i;

const SCALED = "a name is given once: give the product a name of its own; for dL/dW write dL_dW";
const EQUALS = "write = between the name and the expression";

/** What stands where a statement has its equals sign. */
const STATEMENTS: ReadonlyMap<string, string> = new Map([
  ["*", SCALED],
  ["/", SCALED],
  [":", EQUALS],
  ["<", EQUALS],
  ["(", FUNCTIONS],
  ["[", "entries cannot be assigned; multiply by a mask: dZ = dA .* (Z > 0)"],
  ["+", "a name is given once: give the sum a name of its own"],
  ["-", "a name is given once: give the difference a name of its own"],
]);

/** Signs at the start of a line. */
const OPENINGS: ReadonlyMap<string, string> = new Map([
  ["/", "a comment starts with #"],
  ["*", "a comment starts with #"],
]);

const OTHER_CODE = "leave this line out: only statements NAME = EXPRESSION are read";
const LOOPS =
  "there are no loops: write the steps out, one statement each; sum(…), dot(…) and * run over entries";

/** Words at the start of a line. */
const STARTS: ReadonlyMap<string, string> = new Map([
  ...["import", "from", "return", "if"].map((word) => [word, OTHER_CODE] as const),
  ...["def", "function"].map((word) => [word, FUNCTIONS] as const),
  ["for", LOOPS],
  ["while", LOOPS],
]);

/** What a function of another language is here. */
export function functionElsewhere(name: string): string | undefined {
  const known = ELSEWHERE.get(name) ?? ELSEWHERE.get(name.toLowerCase());
  return known ?? (SLOPE_NAME.test(name) ? SLOPE : undefined);
}

export function nameElsewhere(name: string): string | undefined {
  return NAMES.get(name);
}

const NAME = String.raw`[\p{L}_][\p{L}\p{N}_]*`;
const FIRST_NAME = pattern(`^${NAME}`);
const LAST_NAME = pattern(`${NAME}$`);
const NAME_FIRST = pattern(String.raw`^[\p{L}_]`);

/** What a line means that does not start with a name and an equals sign. */
export function statementElsewhere(start: string, sign: string | undefined): string | undefined {
  const isNamed = NAME_FIRST().test(start);
  const known = STARTS.get(start) ?? OPENINGS.get(start);
  return known ?? (isNamed && sign !== undefined ? STATEMENTS.get(sign) : undefined);
}

/** What an argument of a call is here: `axis` of `softmax`. */
export function argumentElsewhere(call: string, name: string): string | undefined {
  return ARGUMENTS.get(name)?.(call);
}

/** What a dot that joins names means: np.dot(a, b), A.T, A.sum(axis=0). */
export function memberElsewhere(before: string, after: string): string | undefined {
  const object = LAST_NAME().exec(before)?.[0];
  const member = FIRST_NAME().exec(after)?.[0];
  if (member === undefined) return undefined;
  const known = ELSEWHERE.get(member);
  if (known !== undefined) return known;
  const isOfLibrary = object !== undefined && LIBRARIES.has(object);
  if (REDUCTIONS.has(member)) return `write ${member}(A); ${axes(member)}`;
  return isOfLibrary ? `functions stand alone: ${member}(…) without ${object}.` : undefined;
}
