/** The report of a check: one screen, plain text. */
import type { Cause, CheckedClaim, CheckResult, Diagnosis, Power } from "../../check/result.js";
import { lengthsText } from "../../check/explanations/words.js";

/** Lines are broken at this width. */
const WIDTH = 90;

/**
 * The verdict for each claim, the worst entry, the digits and the causes.
 * @returns lines, without a newline at the end
 */
export function checkReport({ checks, power, notes }: CheckResult): string {
  const width = Math.max(...checks.map(({ name }) => name.length));
  const told = new Set<string>();
  const known = new Map<string, string>();
  const lines = checks.flatMap((one) => {
    const right = rightOf(one, told);
    const keys = mistakeKeys(one);
    const before = keys.map((key) => known.get(key)).find((name) => name !== undefined);
    if (before === undefined) {
      if (!one.ok) for (const key of keys) known.set(key, one.name);
      return [...verdictLines(one, width), ...diagnosisLines(one), ...rightLines(right, INDENT)];
    }
    const [verdict] = verdictLines(one, width);
    // one line each: what is wrong is told where it is told first
    const same = `${INDENT}${one.diagnosis[0]!.cause}: the same mistake as in ${before}`;
    const short = right.right.filter((text) => text.length <= WIDTH - 2 * INDENT.length);
    return [verdict!, same, ...rightLines({ right: short }, INDENT)];
  });
  lines.push(...wrap(powerText(power), ""));
  for (const note of notes) lines.push(...wrap(`note: ${note}`, ""));
  lines.push(summary(checks));
  return lines.join("\n");
}

/** Claims that share one of these are wrong for the same reason: it is told once. */
function mistakeKeys({ name, diagnosis }: CheckedClaim): string[] {
  const faults = diagnosis.filter(({ explanation }) => explanation === 1);
  if (faults.every(({ cause }) => cause === "unknown" || cause === "shape")) return [name];
  // a sentence names its claim, and some also name the quantity, which others do in what they quote
  const names = [`\\b(\\w+_d|d|grad_)${name}\\b`, `\\b(\\w+_d|d|grad_)?${name}\\b`];
  return names.map((own) =>
    JSON.stringify(
      faults.map(({ text, ...fault }) =>
        fault.arisesIn === undefined ? [fault, text.replaceAll(new RegExp(own, "g"), "")] : fault,
      ),
    ),
  );
}

/** The statements of the claim and of the derivative that its fault arises in, if they are not told yet. */
function rightOf(
  { name, diagnosis, right = [], matrix = [] }: CheckedClaim,
  told: Set<string>,
): Required<Pick<CheckedClaim, "right" | "matrix">> {
  const origins = diagnosis.filter(({ explanation }) => explanation === 1);
  const places = origins.flatMap(({ arisesIn = [], firstIn = [] }) => [arisesIn, firstIn].flat());
  const wanted = new Set([name, ...places]);
  const positions = right.flatMap((text, k) => {
    const of = /^\w+/.exec(text)?.[0];
    const isWanted = [...wanted].some((one) => of === `d${one}` || of === `grad_${one}`);
    if (!isWanted || told.has(text)) return [];
    told.add(text);
    return [k];
  });
  return { right: positions.map((k) => right[k]!), matrix: positions.map((k) => matrix[k]!) };
}

/** Of more hidden mistakes the number is told. */
const MOST_HIDDEN = 3;

/** What the points of the check can show. */
function powerText({ exposed, total, hidden }: Power): string {
  const whole = `these numbers would show ${exposed} of ${total} known mistakes (usual slips, one at a time)`;
  if (hidden.length === 0) return whole;
  const texts = [...new Set(hidden.map(({ text, why }) => `${text} (${why})`))];
  const more = texts.length - MOST_HIDDEN;
  const list = [...texts.slice(0, MOST_HIDDEN), ...(more > 0 ? [`${more} more`] : [])].join("; ");
  return `${whole}; they hide: ${list}`;
}

function summary(checks: readonly CheckedClaim[]): string {
  const wrong = checks.filter(({ ok }) => !ok).length;
  const [count, one] = [checks.length, checks.length === 1];
  if (wrong === 0) return one ? "the gradient is right" : `all ${count} gradients are right`;
  return one ? "the gradient is wrong" : `${wrong} of ${count} gradients are wrong`;
}

const INDENT = "       ";

function verdictLines(check: CheckedClaim, width: number): string[] {
  const { name, ok, worst, shape } = check;
  const start = `${ok ? "right" : "WRONG"}  ${name.padEnd(width)}  `;
  if (ok) return [start + digitsText(check)];
  const { given, expected } = worst;
  if (given === null || expected === null) {
    return [
      `${start}given as ${lengthsText(shape.given)}, ${name} is ${lengthsText(shape.expected)}`,
    ];
  }
  const where = worst.entry.length === 0 ? `d${name}` : `d${name}[${worst.entry.join(",")}]`;
  return [
    `${start}worst entry ${where}: ${differenceText(given, expected)}`,
    INDENT + digitsText(check),
  ];
}

function digitsText({ ok, digitsAgreed, digitsExpected, precision }: CheckedClaim): string {
  if (ok && digitsAgreed < 1 && digitsExpected < 1) {
    return `not refuted, but too small for the digits given to tell (${precision})`;
  }
  const agreed =
    digitsAgreed >= 1 && digitsAgreed < 2
      ? "1 digit agrees"
      : `${whole(digitsAgreed)} digits agree`;
  return `${agreed}, ${whole(digitsExpected)} may be expected (${precision})`;
}

/** The explanations of a wrong gradient, one after the other. */
export function diagnosisLines(
  { diagnosis }: Pick<CheckedClaim, "diagnosis">,
  indent = INDENT,
): string[] {
  const explanations = new Map<number, Diagnosis[]>();
  for (const one of diagnosis) {
    const before = explanations.get(one.explanation);
    if (before) before.push(one);
    else explanations.set(one.explanation, [one]);
  }
  return [...explanations.values()].flatMap((faults, position) =>
    [...causesByText(faults)].flatMap(([text, causes], k) => {
      const lead = k > 0 ? "and" : position > 0 ? "or" : "";
      return wrap(`${lead ? `${lead} ` : ""}${causes.join(", ")}: ${text}`, indent);
    }),
  );
}

/** One sentence may be two causes: summed where it must not be, and not where it must. */
function causesByText(faults: readonly Diagnosis[]): ReadonlyMap<string, readonly Cause[]> {
  const found = new Map<string, Cause[]>();
  for (const { text, cause } of faults) found.set(text, [...(found.get(text) ?? []), cause]);
  return found;
}

/** The right statements, in the model language and as they stand in books. */
export function rightLines(
  {
    right = [],
    matrix = [],
  }: { right?: readonly string[] | undefined; matrix?: readonly string[] | undefined },
  indent: string,
): string[] {
  const labelled = (label: string, texts: readonly string[]): string[] =>
    texts.flatMap((text, k) =>
      wrap(`${k === 0 ? label : " ".repeat(label.length)}  ${text}`, indent),
    );
  return [...labelled("right", right), ...labelled("that is", matrix)];
}

/** Digits are told rounded down: nobody is promised half a digit. */
function whole(digits: number): string {
  return digits >= 17 ? "all" : `${Math.floor(digits)}`;
}

/** Digits that are enough on a screen, and those that tell any two doubles apart. */
const FEWEST = 9;
const MOST = 17;

/** Both numbers, with as many digits as tell them apart. */
export function differenceText(given: number, expected: number): string {
  for (let digits = FEWEST; ; digits++) {
    const [left, right] = [given, expected].map((one) => `${Number(one.toPrecision(digits))}`);
    if (left !== right || digits === MOST) return `given ${left!}, expected ${right!}`;
  }
}

export function wrap(text: string, indent: string): string[] {
  const lines: string[] = [];
  let line = indent;
  for (const word of text.split(" ")) {
    if (line.trim() !== "" && line.length + word.length > WIDTH) {
      lines.push(line.trimEnd());
      line = `${indent}  `;
    }
    line += `${word} `;
  }
  return [...lines, line.trimEnd()];
}
