/** Slips made at every step of a loop whose lines claim nothing, of an LSTM of three steps. */
import { checkFormulas, parseModel } from "chainrule";
import { describe, expect, it } from "vitest";

const STEPS = [1, 2, 3] as const;

const model = parseModel(
  [
    "h0 = input(2)",
    "c0 = input(2)",
    ...STEPS.map((k) => `x${k} = input(2)`),
    "t = target(2)",
    ...["Wf", "Uf", "Wi", "Ui", "V"].map((name) => `${name} = param(2, 2)`),
    "alpha = param()",
    "s = alpha / 2",
    ...STEPS.flatMap((k) => [
      `f${k} = sigmoid(Wf * x${k} + Uf * h${k - 1})`,
      `i${k} = sigmoid(Wi * x${k} + Ui * h${k - 1})`,
      `c${k} = f${k} .* c${k - 1} + s * i${k}`,
      `h${k} = tanh(c${k})`,
    ]),
    "y = V * h3",
    "L = 1/2 * sum((y - t).^2)",
  ].join("\n"),
);

/** What stands in the backward pass at step k. */
interface Steps {
  /** For c_{k-1}, s, h_k in the slope of tanh, and h_{k-1} in the products that are summed. */
  readonly before?: (k: number) => string;
  readonly scale?: string;
  readonly output?: (k: number) => string;
  readonly state?: (k: number) => string;
}

function backward({
  before = (k) => `c${k - 1}`,
  scale = "s",
  output = (k) => `h${k}`,
  state = (k) => `h${k - 1}`,
}: Steps): string {
  const steps = [...STEPS].reverse();
  const total = (term: (k: number) => string): string => steps.map(term).join(" + ");
  return [
    "gy = y - t",
    "grad_V = gy * h3'",
    "qh3 = V' * gy",
    ...steps.flatMap((k) => [
      `qc${k} = ${k < 3 ? `qc${k + 1} .* f${k + 1} + ` : ""}qh${k} .* (1 - ${output(k)}.^2)`,
      `zf${k} = qc${k} .* ${before(k)} .* f${k} .* (1 - f${k})`,
      `zi${k} = ${scale} * qc${k} .* i${k} .* (1 - i${k})`,
      ...(k > 1 ? [`qh${k - 1} = Uf' * zf${k} + Ui' * zi${k}`] : []),
    ]),
    ...["f", "i"].flatMap((gate) => [
      `grad_W${gate} = ${total((k) => `z${gate}${k} * x${k}'`)}`,
      `grad_U${gate} = ${total((k) => `z${gate}${k} * ${state(k)}'`)}`,
    ]),
    `grad_alpha = (${total((k) => `dot(qc${k}, i${k})`)}) / 2`,
  ].join("\n");
}

/** For each line that is told to be wrong by itself, what is told first of it. */
function told(steps: Steps): Record<string, string> {
  const { lines, checks } = checkFormulas(model, backward(steps));
  const own = [...lines, ...checks.map((one) => ({ ...one, name: `grad_${one.name}` }))];
  return Object.fromEntries(
    own.flatMap(({ name, diagnosis = [] }) => {
      const [first] = diagnosis.filter(({ text }) => !text.startsWith("follows from"));
      return first ? [[name, first.text]] : [];
    }),
  );
}

describe("a slip at every step is told at the line of each step", () => {
  it("is not found in a right file", () => {
    expect(told({})).toEqual({});
  });

  it.each<[string, Steps, Record<string, string>]>([
    [
      "the state after a step for that before it",
      { before: (k) => `c${k}` },
      {
        zf3: "zf3 uses c3 where c2 belongs",
        zf2: "zf2 uses c2 where c1 belongs",
        zf1: "zf1 uses c1 where c0 belongs",
      },
    ],
    [
      "a parameter for what is made of it",
      { scale: "alpha" },
      {
        zi3: "zi3 uses alpha where s belongs",
        zi2: "zi2 uses alpha where s belongs",
        zi1: "zi1 uses alpha where s belongs",
      },
    ],
    [
      "two slips, each in the lines of one gate",
      { before: (k) => `c${k}`, scale: "alpha" },
      {
        zf3: "zf3 uses c3 where c2 belongs",
        zf2: "zf2 uses c2 where c1 belongs",
        zf1: "zf1 uses c1 where c0 belongs",
        zi3: "zi3 uses alpha where s belongs",
        zi2: "zi2 uses alpha where s belongs",
        zi1: "zi1 uses alpha where s belongs",
      },
    ],
    [
      "one in lines that claim nothing, one in claims",
      { output: (k) => `c${k}`, state: (k) => `h${k}` },
      {
        qc3: "qc3 uses c3 where h3 belongs",
        qc2: "qc2 uses c2 where h2 belongs",
        qc1: "qc1 uses c1 where h1 belongs",
        grad_Uf: "grad_Uf uses h1, h2, h3 where h0, h1, h2 belong, at every step",
        grad_Ui: "grad_Ui uses h1, h2, h3 where h0, h1, h2 belong, at every step",
      },
    ],
    [
      "at one step only",
      { before: (k) => (k === 2 ? "c2" : `c${k - 1}`) },
      { zf2: "zf2 uses c2 where c1 belongs" },
    ],
  ])("%s", (_, steps, lines) => {
    expect(told(steps)).toEqual(lines);
  });
});
