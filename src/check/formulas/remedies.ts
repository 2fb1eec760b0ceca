/** Right statements for wrong ones, in terms of those above them. */
import type { Quantity } from "../../expression/quantity.js";
import type { Model } from "../../language/model.js";
import { named } from "../../language/compose.js";
import { printSyntax } from "../../language/print.js";
import type { Syntax } from "../../language/syntax.js";
import { inConstants, type LateConstants } from "./late.js";
import type { Line } from "./lines.js";
import { isPart, spelledOut, withNames, withParts } from "./named-parts.js";
import type { Sites } from "./points.js";
import type { Remedy } from "./result.js";
import { type RightFormula, rightFormula } from "./right-formula.js";
import type { Script } from "./script.js";

export class Remedies {
  private readonly withParts: Model;

  /**
   * @param model with names for all sizes
   * @param parts parts of its statements whose derivatives lines are
   */
  constructor(
    private readonly model: Model,
    parts: readonly string[],
    private readonly script: Script,
    private readonly sites: Sites,
    private readonly late: LateConstants,
  ) {
    this.withParts = parts.length === 0 ? model : withParts(model, parts);
  }

  /**
   * The right statement of a line.
   * @param ownNames what statements above call parts of the model's statements
   */
  of(line: Line, above: readonly Line[], ownNames: ReadonlyMap<string, string>): Remedy {
    if (line.value) {
      const value = printSyntax(this.valueOf(line.value, ownNames));
      return { right: [`${line.formula.name} = ${value}`] };
    }
    const right = line.intended && this.right(line.intended, above);
    const { script, sites, late } = this;
    const derivatives = above.filter(({ intended }) => intended).map(({ formula }) => formula.name);
    const expression =
      right && inConstants(right, line, late, script, sites.judges, new Set(derivatives));
    if (!expression) return {};
    // a statement that claims nothing keeps its own name
    const own = `${line.formula.name} = ${printSyntax(withNames(expression, ownNames))}`;
    const matrix = [...right.before, right].map((one) => one.matrix);
    return { right: [...right.before.map(({ text }) => text), own], matrix };
  }

  /**
   * A quantity as the model defines it.
   * @param ownNames what statements above call parts of the model's statements
   */
  valueOf({ name }: Quantity, ownNames: ReadonlyMap<string, string>): Syntax {
    const { withParts: model } = this;
    const definition = model.program.statements.find((one) => one.name === name);
    const isDefined = model.definitions.some(({ quantity }) => quantity.name === name);
    if (!definition || !isDefined) return named(name);
    return spelledOut(model, withNames(definition.expression, ownNames));
  }

  /** In terms of parts where lines above hold their derivatives; others have no names. */
  private right(of: Quantity, above: readonly Line[]): RightFormula | undefined {
    const known = (model: Model): ReadonlyMap<Quantity, string> =>
      new Map(
        above.flatMap(({ intended, formula }) => {
          const quantity = intended && model.scope.get(intended.name)?.quantity;
          return quantity ? [[quantity, formula.name] as const] : [];
        }),
      );
    for (const model of [this.withParts, this.model]) {
      const quantity = model.scope.get(of.name)?.quantity;
      const right = quantity && rightFormula(model, quantity, known(model));
      if (right?.before.every((one) => !isPart(one.quantity))) return right;
    }
    return undefined;
  }
}
