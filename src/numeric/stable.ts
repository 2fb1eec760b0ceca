/**
 * Definitions rewritten so that they stay finite and accurate for extreme arguments, however the
 * author spread them: log(1 + eᵘ) becomes softplus(u), log(softmax) loses its exponentials,
 * eᵘ/Σeᵛ becomes e^(u − logsumexp v), 1/(1 + e⁻ᵘ) becomes σ(u).
 *
 * The method: an expression that is a positive combination of exponentials has a logarithm that
 * needs no large number. Wherever such an expression stands in a logarithm or under a division,
 * its logarithm is used instead. All rewritings are identities for real numbers.
 */
import { Fraction } from "fraction.js";
import type { Definition } from "../expression/definition.js";
import { axisLetter, fullBody, fullClause } from "../expression/definition.js";
import type { Expression, ProductNode, ReferenceNode, SumNode } from "../expression/expression.js";
import type { Graph } from "../expression/graph.js";
import type { Index } from "../expression/indices.js";
import { isZero } from "../expression/predicates.js";
import { isRoot } from "../expression/operations/lowered.js";
import { logarithm, power } from "../expression/operations/powers.js";
import { exponential, log1p, sigmoid, softplus } from "../expression/operations/smooth.js";
import type { Quantity } from "../expression/quantity.js";
import { isMinusOne, isUnit } from "../expression/rational.js";

/** The logarithm of a positive expression; `large` where the expression holds exponentials. */
interface LogForm {
  readonly log: Expression;
  readonly large: boolean;
}

export interface Stabilised {
  /** In the same order, with the same values. */
  readonly definitions: readonly Definition[];
  /** Whether nothing had to be rewritten. */
  readonly isAsWritten: boolean;
}

/** @param kept quantities that others must go on using by name, because their adjoints are asked for */
export function stabilise(
  graph: Graph,
  definitions: readonly Definition[],
  kept: ReadonlySet<Quantity> = new Set(),
): Stabilised {
  return new Stabiliser(graph, kept).run(definitions);
}

class Stabiliser {
  /** Stable bodies of the definitions so far. */
  private readonly bodies = new Map<Quantity, Expression>();
  private readonly forms = new Map<Expression, LogForm | undefined>();

  constructor(
    private readonly graph: Graph,
    private readonly kept: ReadonlySet<Quantity>,
  ) {}

  run(definitions: readonly Definition[]): Stabilised {
    let isAsWritten = true;
    const stable = definitions.map(({ quantity, clauses }) => {
      const stable = clauses.map((clause) => ({ ...clause, body: this.rewrite(clause.body) }));
      isAsWritten &&= stable.every(({ body }, k) => body === clauses[k]!.body);
      const body = fullBody(quantity.shape, stable);
      if (body && !this.kept.has(quantity)) this.bodies.set(quantity, body);
      return { quantity, clauses: body ? [fullClause(quantity.shape, body)] : stable };
    });
    return { definitions: stable, isAsWritten };
  }

  private rewrite(body: Expression): Expression {
    const { graph } = this;
    return graph.transform(body, (node) => {
      if (node.kind === "apply" && node.operation === logarithm) {
        return this.logOf(this.rewrite(node.children[0]!));
      }
      if (node.kind === "apply" && node.operation === log1p) {
        const inner = this.rewrite(node.children[0]!);
        const form = this.form(graph.add(graph.one, inner));
        return form?.large ? this.tidy(form.log) : graph.apply(log1p, inner);
      }
      if (node.kind === "product" && node.factors.some(({ exponent }) => exponent < 0)) {
        const factors = node.factors.map(({ base, exponent }) =>
          graph.integerPower(this.rewrite(base), exponent),
        );
        const product = graph.multiply(graph.number(node.coefficient), ...factors);
        return product.kind === "product" ? this.quotient(product) : product;
      }
      return undefined;
    });
  }

  /** The logarithm of an expression: exponentials that are factors of it leave the logarithm. */
  private logOf(node: Expression): Expression {
    const { graph } = this;
    const form = this.form(node);
    if (form) return form.large ? this.tidy(form.log) : graph.apply(logarithm, node);
    if (node.kind !== "product") return graph.apply(logarithm, node);
    const logs: Expression[] = [];
    const rest: Expression[] = [graph.number(node.coefficient)];
    for (const { base, exponent } of node.factors) {
      const factor = this.form(base);
      if (factor?.large) logs.push(graph.multiply(graph.number(exponent), factor.log));
      else rest.push(graph.integerPower(base, exponent));
    }
    if (logs.length === 0) return graph.apply(logarithm, node);
    return this.tidy(graph.add(...logs, graph.apply(logarithm, graph.multiply(...rest))));
  }

  /** A product with a division: its large factors are taken together, as one exponential. */
  private quotient(node: ProductNode): Expression {
    const { graph } = this;
    const logs: Expression[] = [];
    const rest: Expression[] = [];
    const sums: SumNode[] = [];
    let divides = false;
    for (const { base, exponent } of node.factors) {
      const form = this.form(base);
      if (form?.large) {
        logs.push(graph.multiply(graph.number(exponent), form.log));
        divides ||= exponent < 0;
      } else if (base.kind === "sum" && exponent === 1 && this.holdsLarge(base)) {
        sums.push(base);
      } else {
        rest.push(graph.integerPower(base, exponent));
      }
    }
    if (!divides) return node;
    const [first, ...others] = sums;
    const coefficient = graph.number(node.coefficient);
    if (!first) return graph.multiply(coefficient, ...rest, this.exp(graph.add(...logs)));
    // (eᵘ − eᵛ)/d = eᵘ/d − eᵛ/d, since the sum itself has no logarithm
    const shrink = (term: Expression): Expression => {
      const [scale, bare] = graph.splitCoefficient(term);
      const form = this.form(bare);
      const log = form?.large ? [form.log] : [];
      const plain = form?.large ? [] : [bare];
      return graph.multiply(graph.number(scale), ...plain, this.exp(graph.add(...logs, ...log)));
    };
    const terms = first.terms.map(({ coefficient: scale, term }) =>
      shrink(graph.scale(scale, term)),
    );
    const sum = graph.add(shrink(graph.number(first.constant)), ...terms);
    return graph.multiply(coefficient, ...rest, ...others, sum);
  }

  private holdsLarge(sum: SumNode): boolean {
    return sum.terms.some(({ term }) => this.form(term)?.large);
  }

  /** e^w, by the sigmoid where w is a softplus: e^−softplus(u) = σ(−u). */
  private exp(log: Expression): Expression {
    const { graph } = this;
    const w = this.tidy(log);
    const [coefficient, bare] = graph.splitCoefficient(w);
    if (isMinusOne(coefficient) && bare.kind === "apply" && bare.operation === softplus) {
      return graph.apply(sigmoid, graph.negate(bare.children[0]!));
    }
    return graph.apply(exponential, w);
  }

  /** u − softplus(u) = −softplus(−u), wherever it makes a sum shorter: nothing cancels then. */
  private tidy(log: Expression): Expression {
    const { graph } = this;
    if (log.kind !== "sum") return log;
    const length = (node: Expression): number =>
      node.kind === "sum"
        ? node.terms.length + Number(node.constant.n !== 0n)
        : isZero(node)
          ? 0
          : 1;
    for (const { coefficient, term } of log.terms) {
      if (coefficient.s > 0n || term.kind !== "apply" || term.operation !== softplus) continue;
      const [u] = term.children;
      const others = graph.subtract(log, graph.scale(coefficient, term));
      const rest = graph.combine([
        { coefficient: new Fraction(1), term: others },
        { coefficient, term: u! },
      ]);
      if (length(rest) >= length(others)) continue;
      const mirrored = graph.apply(softplus, graph.negate(u!));
      return this.tidy(graph.add(rest, graph.scale(coefficient, mirrored)));
    }
    return log;
  }

  /** The log form of an expression that is surely positive, else undefined. */
  private form(node: Expression): LogForm | undefined {
    if (!this.forms.has(node)) this.forms.set(node, this.findForm(node));
    return this.forms.get(node);
  }

  private findForm(node: Expression): LogForm | undefined {
    const { graph } = this;
    const plain = (): LogForm => ({ log: graph.apply(logarithm, node), large: false });
    switch (node.kind) {
      case "number":
        return node.value.s > 0n && node.value.n !== 0n ? plain() : undefined;
      case "size":
      case "constant":
        return plain();
      case "reference":
        return this.formThrough(node);
      case "apply":
        return this.formOfApply(node.operation, node.children, plain);
      case "product": {
        if (node.coefficient.s < 0n) return undefined;
        const factors = node.factors.map(({ base, exponent }) => ({
          form: this.form(base),
          exponent,
        }));
        if (factors.some(({ form }) => !form)) return undefined;
        const large = factors.some(({ form }) => form!.large);
        if (!large) return plain();
        const logs = factors.map(({ form, exponent }) =>
          graph.multiply(graph.number(exponent), form!.log),
        );
        const front = graph.apply(logarithm, graph.number(node.coefficient));
        return { log: graph.add(front, ...logs), large };
      }
      case "sum":
        return this.formOfSum(node, plain);
      case "reduce": {
        const form = node.reduction === "sum" ? this.form(node.body) : undefined;
        if (!form) return undefined;
        if (!form.large) return plain();
        return { log: graph.reduce("logsumexp", node.letter, form.log), large: true };
      }
      case "delta":
        return undefined;
    }
  }

  private formThrough(node: ReferenceNode): LogForm | undefined {
    const body = this.inline(node);
    if (body === node) return undefined;
    const form = this.form(body);
    if (!form || form.large) return form;
    return { log: this.graph.apply(logarithm, node), large: false };
  }

  /** The definition of a reference, at its indices; the reference itself where it has none. */
  private inline(node: Expression): Expression {
    if (node.kind !== "reference") return node;
    const body = this.bodies.get(node.quantity);
    if (!body) return node;
    const replacements = new Map<string, Index>();
    for (const [axis, size] of node.quantity.shape.entries()) {
      replacements.set(axisLetter(axis, size).key, node.indices[axis]!);
    }
    return this.graph.substitute(body, replacements);
  }

  private formOfApply(
    operation: Extract<Expression, { kind: "apply" }>["operation"],
    args: readonly Expression[],
    plain: () => LogForm,
  ): LogForm | undefined {
    const { graph } = this;
    const [x, y] = args as [Expression, Expression];
    if (operation === exponential) return { log: x, large: true };
    if (operation === sigmoid) {
      return { log: graph.negate(graph.apply(softplus, graph.negate(x))), large: true };
    }
    if (operation === softplus) return plain();
    if (!isRoot(operation) && operation !== power) return undefined;
    const form = this.form(x);
    if (!form?.large) return form && plain();
    const exponent = operation === power ? y : graph.number("1/2");
    return { log: graph.multiply(exponent, form.log), large: true };
  }

  private formOfSum(node: SumNode, plain: () => LogForm): LogForm | undefined {
    const { graph } = this;
    const complement = this.complement(node);
    if (complement) return complement;
    if (node.constant.s < 0n && node.constant.n !== 0n) return undefined;
    const forms: LogForm[] = [];
    if (node.constant.n !== 0n) {
      forms.push({ log: graph.apply(logarithm, graph.number(node.constant)), large: false });
    }
    for (const { coefficient, term } of node.terms) {
      const form = this.form(graph.scale(coefficient, term));
      if (!form) return undefined;
      forms.push(form);
    }
    if (!forms.some(({ large }) => large)) return plain();
    // log(a + b) = log a + softplus(log b − log a)
    const log = forms
      .map((form) => form.log)
      .reduce((a, b) => graph.add(a, graph.apply(softplus, graph.subtract(b, a))));
    return { log, large: true };
  }

  /** 1 − σ(u) = σ(−u), whose logarithm is −softplus(u). */
  private complement(node: SumNode): LogForm | undefined {
    const [only] = node.terms;
    if (node.terms.length !== 1 || !isUnit(node.constant) || !isMinusOne(only!.coefficient)) {
      return undefined;
    }
    const inner = this.inline(only!.term);
    if (inner.kind !== "apply" || inner.operation !== sigmoid) return undefined;
    const softened = this.graph.apply(softplus, inner.children[0]!);
    return { log: this.graph.negate(softened), large: true };
  }
}
