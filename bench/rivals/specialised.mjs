/**
 * Hand-written: loops generated for one net. Every length and offset is a number in the code, blocks
 * of 4×2 sums are kept in locals, and each kernel takes its arrays into constants first.
 */
import { HIDDEN, layersOf } from "./net.mjs";

const range = (count) => Array.from({ length: count }, (_, k) => k);

/** Blocks of `step` along an axis of `length`, and a block of what is left. */
function blocks(variable, length, step, body) {
  const whole = length - (length % step);
  const lines = [];
  if (whole > 0)
    lines.push(
      `for (let ${variable} = 0; ${variable} < ${whole}; ${variable} += ${step}) {`,
      ...body(variable, step),
      "}",
    );
  if (whole < length)
    lines.push(`{ const ${variable} = ${whole};`, ...body(variable, length - whole), "}");
  return lines;
}

/** Sums over p < count of a(row) · b(column), for blocks of rows × columns. */
function contraction(rows, columns, count, a, b, finish) {
  return blocks("i", rows, 4, (i, R) =>
    blocks("j", columns, columns === 1 ? 1 : 2, (j, C) => [
      ...range(R).flatMap((r) => range(C).map((c) => `let s${r}${c} = 0;`)),
      `for (let p = 0; p < ${count}; p++) {`,
      ...range(C).map((c) => `const b${c} = ${b(j, c)};`),
      ...range(R).map((r) => `const a${r} = ${a(i, r)};`),
      ...range(R).flatMap((r) => range(C).map((c) => `s${r}${c} += a${r} * b${c};`)),
      "}",
      ...range(R).flatMap((r) => range(C).map((c) => finish(r, c, `s${r}${c}`))),
    ]),
  );
}

export function make(net) {
  const { hidden, output, batch: n, x, t } = net;
  const layers = layersOf(net);
  const { value, slope } = HIDDEN[hidden];
  const arrays = { x, t };
  const array = (name, count) => (arrays[name] = new Float64Array(count));
  const functions = [];
  const calls = [];
  const kernel = (own, given, lines) => {
    const name = `f${functions.length}`;
    const locals = own.map((one) => `const ${one} = ${one}$;`).join(" ");
    functions.push(`function ${name}(${given}) { ${locals}\n${lines.join("\n")}\n}`);
    calls.push(`${name}(${given});`);
  };
  const values = layers.map(({ outer }, l) => (array(`act${l + 1}`, outer * n), `act${l + 1}`));
  values.unshift("x");
  const errors = layers.map(({ outer }, l) => (array(`err${l + 1}`, outer * n), `err${l + 1}`));
  const column = n === 1 ? "" : ` * ${n}`;
  for (const [l, { inner, outer, weights, biases, isLast }] of layers.entries()) {
    const [from, to] = [values[l], values[l + 1]];
    const finish = (r, c, s) => {
      const z = biases < 0 ? s : `${s} + theta[${biases + r} + i]`;
      const at = `${to}[(i + ${r})${column} + j + ${c}]`;
      return isLast ? `${at} = ${z};` : `{ const z = ${z}; ${at} = ${value("z")}; }`;
    };
    kernel([from, to], "theta", contraction(outer, n, inner,
      (i, r) => `theta[i * ${inner} + p + ${weights + r * inner}]`,
      (j, c) => `${from}[p${column} + j + ${c}]`, finish)); // prettier-ignore
  }
  const last = layers.length - 1;
  const m = layers[last].outer;
  const [y, d] = [values[last + 1], errors[last]];
  const losses = {
    identity: [
      "let loss = 0;",
      `for (let i = 0; i < ${m * n}; i++) { const e = ${y}[i] - t[i]; loss += e * e; ${d}[i] = e / ${n}; }`,
      `loss$[0] = loss * ${0.5 / n};`,
    ],
    softmax: [
      "let loss = 0;",
      `for (let j = 0; j < ${n}; j++) {`,
      `let most = -Infinity; for (let i = 0; i < ${m}; i++) most = Math.max(most, ${y}[i * ${n} + j]);`,
      `let sum = 0, weight = 0;`,
      `for (let i = 0; i < ${m}; i++) { const e = Math.exp(${y}[i * ${n} + j] - most); ${d}[i * ${n} + j] = e; sum += e; weight += t[i * ${n} + j]; }`,
      `const log = Math.log(sum) + most, scale = weight / sum;`,
      `for (let i = 0; i < ${m}; i++) { const k = i * ${n} + j; loss -= t[k] * (${y}[k] - log); ${d}[k] = (${d}[k] * scale - t[k]) / ${n}; }`,
      "}",
      `loss$[0] = loss / ${n};`,
    ],
  };
  array("loss", 1);
  kernel(["t", y, d], "", losses[output]);
  for (let l = last; l >= 0; l--) {
    const { inner, outer, weights, biases } = layers[l];
    const [from, error] = [values[l], errors[l]];
    if (n === 1) {
      kernel([from, error], "out", blocks("i", outer, 4, (i, R) => [
        ...range(R).map((r) => `const d${r} = ${error}[i + ${r}];`),
        ...(biases < 0 ? [] : range(R).map((r) => `out[i + ${biases + r}] = d${r};`)),
        `for (let j = 0; j < ${inner}; j++) { const b = ${from}[j];`,
        ...range(R).map((r) => `out[i * ${inner} + j + ${weights + r * inner}] = d${r} * b;`),
        "}",
      ])); // prettier-ignore
    } else {
      kernel([from, error], "out", contraction(outer, inner, n,
        (i, r) => `${error}[i * ${n} + p + ${r * n}]`,
        (j, c) => `${from}[j * ${n} + p + ${c * n}]`,
        (r, c, s) => `out[i * ${inner} + j + ${weights + r * inner + c}] = ${s};`)); // prettier-ignore
      if (biases >= 0) {
        kernel([error], "out", blocks("i", outer, 4, (i, R) => [
          ...range(R).map((r) => `let s${r} = 0;`),
          `for (let p = 0; p < ${n}; p++) {`, ...range(R).map((r) => `s${r} += ${error}[i * ${n} + p + ${r * n}];`), "}",
          ...range(R).map((r) => `out[i + ${biases + r}] = s${r};`),
        ])); // prettier-ignore
      }
    }
    if (l === 0) continue;
    const to = errors[l - 1];
    kernel([from, error, to], "theta", contraction(inner, n, outer,
      (i, r) => `theta[p * ${inner} + i + ${weights + r}]`,
      (j, c) => `${error}[p${column} + j + ${c}]`,
      (r, c, s) => `{ const k = (i + ${r})${column} + j + ${c}, a = ${from}[k]; ${to}[k] = ${s} * ${slope("a")}; }`)); // prettier-ignore
  }
  const names = Object.keys(arrays);
  const code = [
    '"use strict";',
    ...names.map((name) => `const ${name}$ = ${name}_;`),
    ...functions,
    `return function (theta, out) { ${calls.join(" ")} return loss$[0]; };`,
  ].join("\n");
  return new Function(...names.map((name) => `${name}_`), code)(...Object.values(arrays));
}
