/**
 * Hand-written: straight-line code for one example with every value in a constant, in which units of relu that
 * are off skip their sums; in a loop over the examples where there are many. Long code is cut into functions
 * of bounded length, which hand on values in an array.
 */
import { HIDDEN, layersOf, parameterCount } from "./net.mjs";

/** Multiplications in one function where that is all, and where there are several. */
const LONGEST_ALONE = 1200;
const LONGEST = 400;

/** Running totals for so many parameters are variables; of more they stand in out. */
const MOST_TOTALS = 200;

export function make(net) {
  const { batch: n, x, t } = net;
  const statements = statementsOf(net);
  const { functions, calls, count } = cut(statements);
  const factor = net.output === "identity" ? 0.5 / n : 1 / n;
  const parameters = Array.from({ length: parameterCount(net) }, (_, k) => k);
  const isWhole = functions.length === 0;
  const isHeld = isWhole && n > 1 && parameters.length < MOST_TOTALS;
  const store = (k, value) =>
    n === 1 ? `out[${k}] = ${value};` : isHeld ? `g${k} += ${value};` : `out[${k}] += ${value};`;
  const text = (one) => lineOf(one, store);
  const inner = isWhole ? statements.map(text).join("\n") : calls;
  const loss = isWhole ? "loss" : `s[${count}]`;
  const body =
    n === 1
      ? `const n = 0; ${inner}\nreturn ${loss} * ${factor};`
      : `let sum = 0; ${isHeld ? parameters.map((k) => `let g${k} = 0;`).join(" ") : "out.fill(0);"}
for (let n = 0; n < ${n}; n++) { ${inner}\nsum += ${loss}; }
${isHeld ? parameters.map((k) => `out[${k}] = g${k};`).join(" ") : ""} return sum * ${factor};`;
  const code = `"use strict";\n${functions.map((write) => write(text)).join("\n")}\nreturn function (theta, out) { ${body} };`;
  return new Function("x", "t", "s", code)(x, t, new Float64Array(count + 1));
}

function lineOf({ name, parameter, text }, store) {
  return name === undefined ? store(parameter, text) : `const ${name} = ${text};`;
}

/** What is computed, in order: { name, text } for a value, { parameter, text } for a derivative. */
function statementsOf(net) {
  const { hidden, batch: n } = net;
  const layers = layersOf(net);
  const { value, slope } = HIDDEN[hidden];
  const statements = [];
  const define = (name, text, uses, cost = uses.length) => {
    statements.push({ name, text, uses, cost });
    return name;
  };
  const derive = (parameter, text, uses) =>
    statements.push({ parameter, text, uses, cost: uses.length - 1 });
  const at = (k) => `${k * n}${n > 1 ? " + n" : ""}`;
  const range = (count, each) => Array.from({ length: count }, (_, k) => each(k));
  const values = [range(net.sizes[0], (k) => define(`x${k}`, `x[${at(k)}]`, []))];
  for (const [l, { inner, outer, weights, biases, isLast }] of layers.entries()) {
    const below = values[l];
    values.push(
      range(outer, (i) => {
        const terms = biases < 0 ? [] : [`theta[${biases + i}]`];
        for (let k = 0; k < inner; k++)
          terms.push(`theta[${weights + i * inner + k}] * ${below[k]}`);
        const z = define(`z${l}_${i}`, terms.join(" + "), below);
        return isLast ? z : define(`a${l}_${i}`, value(z), [z]);
      }),
    );
  }
  const y = values.at(-1);
  let errors = outputErrors(
    net,
    y,
    range(y.length, (i) => `t[${at(i)}]`),
    define,
  );
  for (let l = layers.length - 1; l >= 0; l--) {
    const { inner, outer, weights, biases } = layers[l];
    const below = values[l];
    for (const [i, d] of errors.entries()) {
      if (biases >= 0) derive(biases + i, d, [d]);
      for (const [k, a] of below.entries()) derive(weights + i * inner + k, `${d} * ${a}`, [d, a]);
    }
    if (l === 0) break;
    errors = range(inner, (k) => {
      const sum = range(outer, (i) => `theta[${weights + i * inner + k}] * ${errors[i]}`).join(
        " + ",
      );
      const a = below[k];
      const text = hidden === "relu" ? `${a} > 0 ? ${sum} : 0` : `(${sum}) * ${slope(a)}`;
      return define(`d${l}_${k}`, text, [a, ...errors]);
    });
  }
  return statements;
}

/** The loss of one example, but for a factor, and its derivatives by the outputs. */
function outputErrors({ output, batch: n }, y, targets, define) {
  const per = n > 1 ? ` / ${n}` : "";
  if (output === "identity") {
    const errors = y.map((z, i) => define(`e${i}`, `${z} - ${targets[i]}`, [z]));
    define("loss", errors.map((e) => `${e} * ${e}`).join(" + "), errors);
    return per === "" ? errors : errors.map((e, i) => define(`r${i}`, e + per, [e]));
  }
  const t = targets.map((text, i) => define(`t${i}`, text, []));
  const m = define("m", `Math.max(${y.join(", ")})`, y);
  const e = y.map((z, i) => define(`e${i}`, `Math.exp(${z} - m)`, [z, m], 10));
  const sum = define("sum_e", e.join(" + "), e);
  const log = define("log", "Math.log(sum_e) + m", [sum, m], 10);
  const scale = define("scale", `(${t.join(" + ")}) / sum_e`, [...t, sum]);
  define("loss", y.map((z, i) => `${t[i]} * (log - ${z})`).join(" + "), [log, ...t, ...y]);
  return e.map((one, i) => define(`r${i}`, `(${one} * scale - t${i})${per}`, [one, scale, t[i]]));
}

/** Functions of bounded length, none where one is enough; `count` values are handed on, and then the loss. */
function cut(statements) {
  const total = statements.reduce((sum, one) => sum + one.cost, 0);
  if (total <= LONGEST_ALONE) return { functions: [], calls: "", count: 0 };
  const parts = [[]];
  let cost = 0;
  for (const statement of statements) {
    if (cost > LONGEST) {
      parts.push([]);
      cost = 0;
    }
    parts.at(-1).push(statement);
    cost += statement.cost;
  }
  const home = new Map(parts.flatMap((part, p) => part.map(({ name }) => [name, p])));
  const handed = new Map();
  for (const [p, part] of parts.entries())
    for (const use of part.flatMap(({ uses }) => uses))
      if (home.get(use) !== p && !handed.has(use)) handed.set(use, handed.size);
  const count = handed.size;
  handed.set("loss", count);
  const functions = parts.map((part, p) => (text) => {
    const fetched = new Set(part.flatMap(({ uses }) => uses).filter((use) => home.get(use) !== p));
    const lines = [...fetched].map((name) => `const ${name} = s[${handed.get(name)}];`);
    for (const one of part) {
      lines.push(text(one));
      if (handed.has(one.name)) lines.push(`s[${handed.get(one.name)}] = ${one.name};`);
    }
    return `function f${p}(theta, out, n) {\n${lines.join("\n")}\n}`;
  });
  return { functions, calls: parts.map((_, p) => `f${p}(theta, out, n);`).join(" "), count };
}
