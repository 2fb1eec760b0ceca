/**
 * Symbolic work: parsing, compiling, deriving what is long, and mathjs's `derivative` beside it. After a build,
 * `node bench/derive.mjs`. Milliseconds of processor time; medians. Derivations of a small net: `again.mjs`.
 */
import { derivative, parse } from "mathjs";
import { cpu, median } from "./turns.mjs";
import { withData } from "./data.mjs";
import { lossText } from "./rivals/mathjs.mjs";

const { compile, derive, network, parseModel, randomPoint } = await import(
  process.env["CHAINRULE"] ?? "../dist/index.js"
);

function milliseconds(call, rounds = 7) {
  const turns = Array.from({ length: rounds }, () => {
    const start = cpu();
    call();
    return (cpu() - start) / 1000;
  });
  return median(turns);
}

function report(label, value) {
  console.log(`${label.padEnd(64)} ${value.toFixed(value < 10 ? 2 : 0)} ms`);
}

const FORMS = ["paths", "scalar", "index", "matrix", "jacobian"];
for (const sizes of [
  [2, 3, 2],
  [3, 4, 4, 2],
  [784, 128, 10],
]) {
  const label = sizes.join("-");
  const make = () => network({ sizes, hidden: "sigmoid" });
  report(`${label}: parse`, milliseconds(make));
  const point = randomPoint(make());
  const data = { x: point.x, t: point.t };
  report(
    `${label}: parse, differentiate, compile and call once`,
    milliseconds(() => {
      const gradient = compile(make()).bind(data);
      const theta = new Float64Array(gradient.parameterCount).fill(0.1);
      gradient(theta, new Float64Array(theta.length));
    }),
  );
}

for (const length of [10, 100, 1000]) {
  for (const width of [3, 300]) {
    const lines = [`w = param(${width})`, "h0 = tanh(w)"];
    for (let k = 1; k <= length; k++) lines.push(`h${k} = tanh(h${k - 1} + w)`);
    const text = [...lines, `L = sum(h${length})`].join("\n");
    const call = () => {
      const model = parseModel(text);
      compile(model).bind({})(new Float64Array(width), new Float64Array(width));
    };
    report(`chain of ${length} definitions of width ${width}: compile`, milliseconds(call, 3));
  }
}

/** Chains and dense nets of many layers, as texts and a quantity to derive by. */
const LONG = {
  "a chain of width 3": (count) => {
    const lines = Array.from({ length: count }, (_, k) => `h${k + 1} = tanh(h${k} + w)`);
    return { text: ["w = param(3)", "h0 = tanh(w)", ...lines, `L = sum(h${count})`], wrt: "w" };
  },
  "a dense net of width 3": (count) => {
    const layers = Array.from({ length: count }, (_, k) => [
      `W${k + 1} = param(3, 3)`,
      `h${k + 1} = tanh(W${k + 1} * h${k})`,
    ]);
    return { text: ["h0 = input(3)", ...layers.flat(), `L = sum(h${count}.^2)`], wrt: "W1" };
  },
};
for (const [name, make] of Object.entries(LONG)) {
  for (const form of FORMS) {
    const times = [250, 500, 1000].map((count) => {
      const { text, wrt } = make(count);
      const isEntry = form === "paths" || form === "scalar";
      const by = `${wrt}${wrt === "w" ? "[1]" : "[1,1]"}`;
      const call = () => derive(parseModel(text.join("\n")), { wrt: isEntry ? by : wrt, form });
      return milliseconds(() => call().toLatex(), 1).toFixed(0);
    });
    console.log(`${`${name}, 250, 500, 1,000 layers: ${form}`.padEnd(64)} ${times.join(", ")} ms`);
  }
}

const { net } = withData({ sizes: [2, 3, 2], hidden: "sigmoid", output: "identity", bias: false, batch: 1 }); // prettier-ignore
const loss = parse(lossText(net));
const one = (options) => () => derivative(loss, "p0", options).toTex();
report("mathjs, 2-3-2: derivative by one weight, simplified", milliseconds(one({}), 3));
report("mathjs, 2-3-2: the same, not simplified", milliseconds(one({ simplify: false }), 3));
