/** The report of a check: one screen, plain text. */
import type { Cause, CheckedClaim, CheckResult, Diagnosis, Power } from "../../check/result.js";
import { lengthsText, UNEXPLAINED } from "../../check/explanations/words.js";
import { listed, someOf } from "../../language/words.js";

/** Lines are broken at this width, and a screen has so many. */
const WIDTH = 90;
const SCREEN = 24;

/** What is told of claims that another one's mistake spoils: as much as fits on a screen, the names at least. */
const DETAILS = ["statements", "verdicts", "names"] as const;
type Detail = (typeof DETAILS)[number];

/**
 * The verdict for each claim, the worst entry, the digits and the causes: what is explained comes first, then
 * what is not, then what is right. A mistake in several claims is told once, and what it spoils in few words where
 * the report is longer than a screen.
 * @returns lines, without a newline at the end
 */
export function checkReport(result: CheckResult): string {
  let lines: string[] = [];
  for (const detail of DETAILS) {
    lines = linesOf(result, detail);
    if (lines.length <= SCREEN) break;
  }
  return lines.join("\n");
}

function linesOf({ checks, order, power, notes }: CheckResult, detail: Detail): string[] {
  const width = Math.max(...checks.map(({ name }) => name.length));
  const told = new Set<string>();
  const inOrder = order.flatMap((name) => checks.find((one) => one.name === name) ?? []);
  const wrong = groupsOf(inOrder.filter(({ ok }) => !ok));
  const explained = wrong.filter(([first]) => !isUnexplained(first));
  const unknown = wrong.filter(([first]) => isUnexplained(first));
  const right = checks.filter(({ ok }) => ok);
  return [
    ...[...explained, ...unknown].flatMap((group) => groupLines(group, width, told, detail)),
    ...right.flatMap((one) => verdictLines(one, width)),
    ...wrap(powerText(power), ""),
    ...notes.flatMap((note) => wrap(`note: ${note}`, "")),
    summary(checks),
  ];
}

/** Claims that are wrong for one reason. */
type Group = readonly [CheckedClaim, ...CheckedClaim[]];

/** @param wrong in the order of the backward pass: what it comes to first is told in full */
function groupsOf(wrong: readonly CheckedClaim[]): Group[] {
  const found: (readonly [keys: Set<string>, group: [CheckedClaim, ...CheckedClaim[]]])[] = [];
  for (const one of wrong) {
    const keys = mistakeKeys(one);
    const known = found.find(([own]) => keys.some((key) => own.has(key)));
    if (!known) found.push([new Set(keys), [one]]);
    else {
      known[1].push(one);
      for (const key of keys) known[0].add(key);
    }
  }
  return found.map(([, group]) => group);
}

/** Whether nothing is said of a claim; numbers that look like differences have no known cause, but a sentence of their own. */
function isUnexplained({ diagnosis }: CheckedClaim): boolean {
  return diagnosis.every(({ text }) => text.endsWith(UNEXPLAINED));
}

function groupLines(
  [first, ...others]: Group,
  width: number,
  told: Set<string>,
  detail: Detail,
): string[] {
  const lines = [
    ...verdictLines(first, width),
    ...diagnosisLines(first),
    ...rightLines(rightOf(first, told), INDENT),
  ];
  if (others.length === 0) return lines;
  const names = listed(others.map(({ name }) => name));
  const all = isUnexplained(first)
    ? `nothing that is known explains ${names} either`
    : `the same mistake spoils ${names}`;
  if (detail === "names") return [...lines, ...wrap(all, INDENT)];
  return [
    ...lines,
    ...wrap(`${all}:`, INDENT),
    ...others.flatMap((one) => {
      const [verdict] = verdictLines(one, width);
      if (detail === "verdicts") return [verdict!];
      const { right } = rightOf(one, told);
      return [verdict!, ...rightLines({ right: right.filter(isShort) }, INDENT)];
    }),
  ];
}

/** Whether a statement takes one line. */
function isShort(statement: string): boolean {
  return statement.length <= WIDTH - 2 * INDENT.length;
}

/** Claims that share one of these are wrong for the same reason: it is told once. */
function mistakeKeys(claim: CheckedClaim): string[] {
  const { name, diagnosis } = claim;
  const faults = diagnosis.filter(({ explanation }) => explanation === 1);
  // what may follow from one mistake is told apart from what may follow from another
  if (isUnexplained(claim)) return diagnosis.map(({ text }) => text.replace(/^.*? entries/, ""));
  if (faults.every(({ cause }) => cause === "unknown" || cause === "shape")) return [name];
  // a sentence names its claim, and some also name the quantity, which others do in what they quote
  const names = [`\\b(\\w+_d|d|grad_)${name}\\b`, `\\b(\\w+_d|d|grad_)?${name}\\b`];
  return names.map((own) =>
    JSON.stringify(
      faults.map(({ text, ...fault }) =>
        fault.arisesIn === undefined && fault.firstIn === undefined
          ? [fault, text.replaceAll(new RegExp(own, "g"), "")]
          : fault,
      ),
    ),
  );
}

/**
 * The statements of the derivatives that the fault arises in, if they are not told yet, and that of the claim: where
 * the place is told, only if it is short.
 */
function rightOf(
  { name, diagnosis, right = [], matrix = [] }: CheckedClaim,
  told: Set<string>,
): Required<Pick<CheckedClaim, "right" | "matrix">> {
  const origins = diagnosis.filter(({ explanation }) => explanation === 1);
  const places = origins.flatMap(({ arisesIn = [], firstIn = [], isForward }) =>
    isForward ? [] : [arisesIn, firstIn].flat(),
  );
  const all = right.map((text, k) => ({ text, matrix: matrix[k]!, of: /^\w+/.exec(text)?.[0] }));
  const isOf = (names: readonly string[]) => (one: (typeof all)[number]) =>
    names.some((of) => one.of === `d${of}` || one.of === `grad_${of}`);
  const atPlaces = all.filter(isOf(places));
  const own = all.filter(isOf([name])).filter(({ text }) => !atPlaces.length || isShort(text));
  const shown = all.filter((one) => [...atPlaces, ...own].includes(one) && !told.has(one.text));
  for (const { text } of shown) told.add(text);
  return { right: shown.map(({ text }) => text), matrix: shown.map((one) => one.matrix) };
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
  return one ? "the gradient is wrong" : `${someOf(wrong, count, "gradients")} wrong`;
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
