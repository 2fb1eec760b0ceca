/** What limits the verdict on formulas, in sentences. */
import type { Quantity } from "../../expression/quantity.js";
import type { SizeValues } from "../../expression/size.js";
import type { Model } from "../../language/model.js";
import { kinkText } from "../../numeric/kinks.js";
import { conventionNotes } from "./conventions.js";
import { labelNote, type Labels } from "../power/labels.js";
import { unreachedNotes } from "../power/points.js";
import type { Diagnosis } from "../result.js";
import type { LateConstants } from "./late.js";
import { isFlat, isRight, isUndecided, type Line } from "./lines.js";
import type { Sites } from "./points.js";
import type { Script } from "./script.js";
import type { Formula } from "./statements.js";

/** Statements as they were judged. */
interface Judged {
  readonly model: Model;
  readonly script: Script;
  readonly sites: Sites;
  readonly lines: readonly Line[];
  readonly late: LateConstants;
  /** The derivative that a line is recognised as. */
  readonly holds: (line: Line) => Quantity | undefined;
  /** The lines at fault that a line uses. */
  readonly originsOf: (line: Line) => readonly Line[];
}

export function formulaNotes(judged: Judged): string[] {
  const { model, script, sites, lines, late } = judged;
  return [
    ...pointNotes(sites),
    ...(sites.points.length > 0 && lines.every(isRight)
      ? unreachedNotes(
          model,
          sites.judges.map(({ at }) => at),
        )
      : []),
    ...lines.flatMap((line) => lineNotes(line, sites, (one) => judged.originsOf(one)[0])),
    ...conventionNotes(model, script, sites, lines, late, (line) => judged.holds(line)),
  ];
}

function pointNotes({ kinks: { kinks, count }, judges, given }: Sites): string[] {
  const notes = kinks.map(
    (kink) =>
      `the point is at a kink, ${kinkText(kink)}, and decides nothing: here ${kink.convention}`,
  );
  if (count > kinks.length) notes.push(`${count - kinks.length} more kinks are as near`);
  const inDoubles = judges.filter(({ precision }) => !precision.isPrecise);
  if (inDoubles.some((site) => site !== given)) {
    notes.push("the model is large: its formulas were compared in double precision");
  } else if (inDoubles.length > 0) {
    notes.push("the point is large: the formulas were compared there in double precision");
  }
  return notes;
}

function lineNotes(
  line: Line,
  { given }: Sites,
  originOf: (line: Line) => Line | undefined,
): string[] {
  const { formula, comparisons, decision, decisionAlone } = line;
  const subject = `line ${formula.line} (${formula.name})`;
  const notes: string[] = [];
  if (given && comparisons.get(given)?.agreement === "undecided" && !isUndecided(line)) {
    const isHidden = line.intended && isFlat(given.adjointOf(line.intended), given);
    const why = isHidden
      ? `the derivative is 0 to ${given.precision.text} at the given one`
      : "too much cancels at the given one";
    notes.push(`${subject} is decided at random points only: ${why}`);
  }
  const isUndone = formula.claims && decision === "right" && decisionAlone === "wrong";
  const origin = isUndone && originOf(line);
  if (origin) {
    const { line: number, name } = origin.formula;
    notes.push(
      `${subject} is right as a whole: it undoes what is wrong in line ${number} (${name})`,
    );
  }
  return notes;
}

/** What is told of a line that too much cancels in, or whose derivative is never seen. */
export function indecision({ formula: { name }, intended }: Line, { judges }: Sites): Diagnosis {
  const used = new Set(judges.map(({ precision }) => precision.text));
  const digits = [...used].join(" or ");
  const isHidden = intended && judges.every((site) => isFlat(site.adjointOf(intended), site));
  const why = isHidden
    ? `to ${digits} the derivative is 0 at all points that were found, because functions are flat there, ` +
      `and so would be whatever has it as a factor`
    : `computed with ${digits}, it is not known well enough to be compared, ` +
      `because large terms cancel in it; write it without them`;
  return { cause: "unknown", text: `${name} cannot be decided: ${why}`, explanation: 1 };
}

const OWN_DATA = "with --at POINT your data decide";

/** Claims that are right for a kind of labels only, and labels that mistakes are told for. */
export function labelNotes(
  wrong: readonly Formula[],
  stillWrong: readonly Formula[],
  labels: Labels,
): string[] {
  const special = wrong.filter((formula) => !stillWrong.includes(formula));
  if (special.length === 0) return [labelNote(undefined, labels, OWN_DATA)];
  const [lines, names] = [special.map(({ line }) => line), special.map(({ name }) => name)];
  const subject =
    special.length === 1
      ? `line ${lines.join()} (${names.join()}) is`
      : `lines ${lines.join(", ")} (${names.join(", ")}) are`;
  return [labelNote(subject, labels, OWN_DATA)];
}

/** Statements with numbers in place of sizes, which can hold at these sizes only. */
export function sizeNotes(sizes: SizeValues, formulas: readonly Formula[]): string[] {
  const values = [...sizes].map(([name, value]) => `${name} = ${value}`).join(" and ");
  const isOne = formulas.length === 1;
  const lines = formulas.map(({ line, name }) => `${line} (${name})`).join(", ");
  return [
    `line${isOne ? "" : "s"} ${lines} can hold for ${values} only, as at the point, and ` +
      `${isOne ? "is" : "are"} judged there: numbers stand where ${[...sizes.keys()].join(" and ")} would hold for all sizes`,
  ];
}
