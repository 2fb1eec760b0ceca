/**
 * Hand-written: straight-line code for one example, cut into functions of bounded length over a
 * shared array; in a loop over the examples where there are many.
 */
import { HIDDEN, layersOf } from "./net.mjs";

/** Multiplications in one function. */
const LONGEST = 500;

export function make(net) {
  const { hidden, output, batch: n, x, t } = net;
  const layers = layersOf(net);
  const { value, slope } = HIDDEN[hidden];
  const isBatch = n > 1;
  // s: values of one example, layer after layer, then errors
  let size = 0;
  const place = (count) => {
    const from = size;
    size += count;
    return from;
  };
  const zs = [null, ...layers.map(({ outer }) => place(outer))];
  const ds = layers.map(({ outer }) => place(outer));
  const statements = [];
  const say = (cost, text) => statements.push({ cost, text });
  const a = (l, i) => (l === 0 ? `x[${i * n}${isBatch ? " + n" : ""}]` : `s[${zs[l] + i}]`);
  for (const [l, { inner, outer, weights, biases, isLast }] of layers.entries()) {
    for (let i = 0; i < outer; i++) {
      const terms = biases < 0 ? [] : [`theta[${biases + i}]`];
      for (let k = 0; k < inner; k++) terms.push(`theta[${weights + i * inner + k}] * ${a(l, k)}`);
      const sum = terms.join(" + ");
      say(
        inner,
        isLast
          ? `s[${zs[l + 1] + i}] = ${sum};`
          : `{ const z = ${sum}; s[${zs[l + 1] + i}] = ${value("z")}; }`,
      );
    }
  }
  const last = layers.length - 1;
  const m = layers[last].outer;
  const y = (i) => `s[${zs[last + 1] + i}]`;
  const target = (i) => `t[${i * n}${isBatch ? " + n" : ""}]`;
  const each = (text) => Array.from({ length: m }, (_, i) => text(i));
  if (output === "identity") {
    for (let i = 0; i < m; i++) {
      say(
        2,
        `{ const e = ${y(i)} - ${target(i)}; s[${ds[last] + i}] = e${isBatch ? ` / ${n}` : ""}; s[${"LOSS"}] += e * e; }`,
      );
    }
  } else {
    const lines = [
      `const m = Math.max(${each(y).join(", ")});`,
      ...each((i) => `const e${i} = Math.exp(${y(i)} - m);`),
      `const sum = ${each((i) => `e${i}`).join(" + ")}, log = Math.log(sum) + m, scale = (${each(target).join(" + ")}) / sum;`,
      ...each(
        (i) =>
          `s[LOSS] -= ${target(i)} * (${y(i)} - log); s[${ds[last] + i}] = (e${i} * scale - ${target(i)})${isBatch ? ` / ${n}` : ""};`,
      ),
    ];
    say(10 * m, `{ ${lines.join("\n")} }`);
  }
  const assign = isBatch ? "+=" : "=";
  for (let l = last; l >= 0; l--) {
    const { inner, outer, weights, biases } = layers[l];
    for (let i = 0; i < outer; i++) {
      const lines = [`const d = s[${ds[l] + i}];`];
      if (biases >= 0) lines.push(`out[${biases + i}] ${assign} d;`);
      for (let k = 0; k < inner; k++)
        lines.push(`out[${weights + i * inner + k}] ${assign} d * ${a(l, k)};`);
      say(inner, `{ ${lines.join(" ")} }`);
    }
    if (l === 0) continue;
    for (let k = 0; k < inner; k++) {
      const terms = [];
      for (let i = 0; i < outer; i++)
        terms.push(`theta[${weights + i * inner + k}] * s[${ds[l] + i}]`);
      say(
        outer,
        `{ const a = s[${zs[l] + k}]; s[${ds[l - 1] + k}] = (${terms.join(" + ")}) * ${slope("a")}; }`,
      );
    }
  }
  const loss = place(1);
  const parts = [[]];
  let cost = 0;
  for (const statement of statements) {
    if (cost > LONGEST) {
      parts.push([]);
      cost = 0;
    }
    parts.at(-1).push(statement.text.replaceAll("LOSS", loss));
    cost += statement.cost;
  }
  const functions = parts.map(
    (part, k) => `function f${k}(theta, out, n) {\n${part.join("\n")}\n}`,
  );
  const calls = parts.map((_, k) => `f${k}(theta, out, n);`).join(" ");
  const body = isBatch
    ? `out.fill(0); s[${loss}] = 0; for (let n = 0; n < ${n}; n++) { ${calls} }`
    : `const n = 0; s[${loss}] = 0; ${calls}`;
  const factor = output === "identity" ? 0.5 / n : 1 / n;
  const code = `"use strict";\n${functions.join("\n")}\nreturn function (theta, out) { ${body} return s[${loss}] * ${factor}; };`;
  return new Function("x", "t", "s", code)(x, t, new Float64Array(size));
}
