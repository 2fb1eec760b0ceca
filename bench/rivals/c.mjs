/**
 * C at -O3: loops with constant bounds, compiled in a temporary folder, run as a process of its own. The gradient
 * is called through a pointer, and what it is given may change between calls: nothing is computed beforehand.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { layersOf } from "./net.mjs";

const HIDDEN = {
  sigmoid: { value: "1 / (1 + exp(-z))", slope: "a * (1 - a)" },
  tanh: { value: "tanh(z)", slope: "(1 - a * a)" },
  relu: { value: "z > 0 ? z : 0", slope: "(a > 0 ? 1 : 0)" },
};

const numbers = (values) => Array.from(values, (value) => value.toExponential(17)).join(", ");

export function source(net, theta) {
  const { sizes, hidden, output, batch: n, x, t } = net;
  const layers = layersOf(net);
  const last = layers.length;
  const m = sizes.at(-1);
  const value = (l) => (l === 0 ? "x" : `a${l}`);
  const forward = layers.map(({ inner, outer, weights, biases, isLast }, l) => {
    const z = `a${l + 1}[i * ${n} + j]`;
    const start = biases < 0 ? "0" : `theta[${biases} + i]`;
    const activate = isLast
      ? ""
      : `for (int j = 0; j < ${n}; j++) { double z = ${z}; ${z} = ${HIDDEN[hidden].value}; }`;
    if (n === 1) {
      return `for (int i = 0; i < ${outer}; i++) { double s = ${start}; for (int k = 0; k < ${inner}; k++) s += theta[${weights} + i * ${inner} + k] * ${value(l)}[k]; double z = s; a${l + 1}[i] = ${isLast ? "z" : HIDDEN[hidden].value}; }`;
    }
    return `for (int i = 0; i < ${outer}; i++) { for (int j = 0; j < ${n}; j++) ${z} = ${start}; for (int k = 0; k < ${inner}; k++) { double w = theta[${weights} + i * ${inner} + k]; for (int j = 0; j < ${n}; j++) ${z} += w * ${value(l)}[k * ${n} + j]; } ${activate} }`;
  });
  const losses = {
    identity: `for (int i = 0; i < ${m * n}; i++) { double e = a${last}[i] - t[i]; loss += e * e; d${last}[i] = e / ${n}; } loss *= ${0.5 / n};`,
    softmax: `for (int j = 0; j < ${n}; j++) { double most = a${last}[j], sum = 0, weight = 0;
      for (int i = 1; i < ${m}; i++) if (a${last}[i * ${n} + j] > most) most = a${last}[i * ${n} + j];
      for (int i = 0; i < ${m}; i++) { double e = exp(a${last}[i * ${n} + j] - most); d${last}[i * ${n} + j] = e; sum += e; weight += t[i * ${n} + j]; }
      double log_sum = log(sum) + most, scale = weight / sum;
      for (int i = 0; i < ${m}; i++) { int k = i * ${n} + j; loss -= t[k] * (a${last}[k] - log_sum); d${last}[k] = (d${last}[k] * scale - t[k]) / ${n}; } } loss *= ${1 / n};`,
  };
  const backward = layers.map(({ inner, outer, weights, biases }, l) => {
    const bias =
      biases < 0
        ? ""
        : `for (int i = 0; i < ${outer}; i++) { double s = 0; for (int j = 0; j < ${n}; j++) s += d${l + 1}[i * ${n} + j]; out[${biases} + i] = s; }`;
    const outerProduct = `for (int i = 0; i < ${outer}; i++) for (int k = 0; k < ${inner}; k++) { double s = 0; for (int j = 0; j < ${n}; j++) s += d${l + 1}[i * ${n} + j] * ${value(l)}[k * ${n} + j]; out[${weights} + i * ${inner} + k] = s; }`;
    const pulled = `for (int k = 0; k < ${inner * n}; k++) d${l}[k] = 0;
      for (int i = 0; i < ${outer}; i++) for (int k = 0; k < ${inner}; k++) { double w = theta[${weights} + i * ${inner} + k]; for (int j = 0; j < ${n}; j++) d${l}[k * ${n} + j] += w * d${l + 1}[i * ${n} + j]; }
      for (int k = 0; k < ${inner * n}; k++) { double a = a${l}[k]; d${l}[k] *= ${HIDDEN[hidden].slope}; }`;
    return `${outerProduct} ${bias} ${l > 0 ? pulled : ""}`;
  });
  const arrays = layers.map(({ outer }, l) => `a${l + 1}[${outer * n}], d${l + 1}[${outer * n}]`);
  return `#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
double x[] = {${numbers(x)}}, t[] = {${numbers(t)}}, theta0[] = {${numbers(theta)}};
double out0[${theta.length}];
static double ${arrays.join(", ")};
static double gradient(const double *restrict theta, double *restrict out) {
  double loss = 0;
  ${forward.join("\n  ")}
  ${losses[output]}
  ${backward.toReversed().join("\n  ")}
  return loss;
}
int main(int count, char **arguments) {
  long calls = atol(arguments[1]);
  double loss = 0;
  double (*volatile gradient_of)(const double *restrict, double *restrict) = gradient;
  for (long k = 0; k < calls / 4; k++) loss = gradient_of(theta0, out0);
  clock_t start = clock();
  for (long k = 0; k < calls; k++) { loss = gradient_of(theta0, out0); __asm__ volatile("" ::: "memory"); }
  printf("%.9g\\n%.17g\\n", (double)(clock() - start) * 1e6 / CLOCKS_PER_SEC / calls, loss);
  if (count > 2) for (int k = 0; k < ${theta.length}; k++) printf("%.17g\\n", out0[k]);
  return 0;
}
`;
}

export function isThere() {
  return spawnSync("cc", ["--version"]).status === 0;
}

/** @returns run(calls): microseconds of processor time for a call, loss and gradient; and close() */
export function make(net, theta) {
  const folder = mkdtempSync(join(tmpdir(), "chainrule-bench-"));
  const [file, program] = [join(folder, "net.c"), join(folder, "net")];
  writeFileSync(file, source(net, theta));
  const { status, stderr } = spawnSync("cc", ["-O3", "-o", program, file, "-lm"]);
  if (status !== 0) throw new Error(`cc: ${stderr}`);
  return {
    run: (calls, isPrinted = false) => {
      const args = [String(calls), ...(isPrinted ? ["print"] : [])];
      const printed = spawnSync(program, args, { encoding: "utf8", maxBuffer: 2 ** 26 }).stdout;
      const [micros, ...values] = printed.trim().split("\n").map(Number);
      return { micros, values };
    },
    close: () => rmSync(folder, { recursive: true }),
  };
}
