/**
 * Faults that derivations are known to have, with the reason; what is mended is taken out here. Each
 * allows lines of one kind, of the named models where it is not a fault of all.
 */
interface KnownFault {
  readonly kinds: readonly string[];
  readonly fault: RegExp;
  readonly models?: ReadonlySet<string>;
  readonly reason: string;
}

const KNOWN: readonly KnownFault[] = [
  {
    kinds: ["paths", "forward"],
    fault: /^it is \S+ and is printed as /,
    models: new Set([
      "elastic-net",
      "hinge-loss",
      "hinge-margin",
      "log-barrier",
      "mahalanobis",
      "matrix-factorization",
      "norm-constraint",
      "poisson-regression",
      "policy-gradient",
      "random",
      "ridge",
      "svm-squared-hinge",
    ]),
    reason: "where the loss uses a quantity directly and through others, both are ∂L/∂w",
  },
  {
    kinds: ["jacobian"],
    fault: /(is set equal to|is wanted|is printed as)[^]*\n {2}in \\frac ?\{\\partial/,
    reason: "∂L/∂y is a row in the Jacobian of the loss and a column everywhere else",
  },
  {
    kinds: ["forward"],
    fault: /\\ln \\sum[^]* e\^\{0/,
    reason: "entries under a logarithm of a sum are 0 in the lines of numbers",
  },
  {
    kinds: ["repeated"],
    fault: /\\approx/,
    models: new Set(["logistic-2-5-1", "logistic-2-5-1-row"]),
    reason: "where the last expression is one quantity, its number is the result already",
  },
  {
    kinds: ["repeated"],
    fault: /\\partial/,
    models: new Set(["gaussian-sigma", "min-max-pooling", "trace-loss", "word2vec-negative"]),
    reason: "where only the loss uses the quantity, the only path is what is put in for it",
  },
];

/** @param kind the form or passage of a line that does not hold, else what is wrong */
export function isKnown(model: string, kind: string, fault: string): boolean {
  return KNOWN.some(
    (known) =>
      known.kinds.includes(kind) && known.models?.has(model) !== false && known.fault.test(fault),
  );
}
