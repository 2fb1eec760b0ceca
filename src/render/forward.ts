/** The forward pass as people get it. */
import { forwardSteps } from "../derivation/forward.js";
import type { Step } from "../derivation/step.js";
import { Workbench } from "../derivation/workbench.js";
import type { Model } from "../language/model.js";
import type { Point } from "../language/point.js";
import { EquationPrinter } from "./equations.js";
import { Notation, type NotationOptions } from "./notation.js";
import { stepJson, type StepJson, stepsLatex, stepsMarkdown } from "./steps.js";

export interface ForwardOptions {
  readonly at?: Point | undefined;
  readonly seed?: number | undefined;
  readonly notation?: NotationOptions | undefined;
}

/** Every definition of a model entry by entry, as matrices, and with the point's numbers. */
export class ForwardPass {
  private readonly printer: EquationPrinter;
  /** What the renderers read. */
  readonly data: readonly Step[];

  /** @throws InputError when the point does not fit the model. */
  constructor(model: Model, { at, seed, notation }: ForwardOptions = {}) {
    this.data = forwardSteps(new Workbench(model, at, seed));
    const names = new Notation(notation, model.scope.keys());
    this.printer = new EquationPrinter(model, names, () => undefined);
  }

  get steps(): readonly StepJson[] {
    return this.data.map((step) => stepJson(this.printer, step));
  }

  toLatex(): string {
    return stepsLatex(this.printer, this.data).join("\n\n");
  }

  toMarkdown(): string {
    return stepsMarkdown(this.printer, this.data).join("\n\n");
  }
}
