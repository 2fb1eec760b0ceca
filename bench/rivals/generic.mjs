/** Hand-written: register-blocked loops over flat arrays, for any net. */
import { layersOf } from "./net.mjs";

/** C[m,n] = A[m,k] B[k,n] + column c, four rows at once, two columns at once. */
function product(A, a0, B, C, m, k, n, c, c0) {
  let i = 0;
  for (; i + 3 < m; i += 4) {
    const [z0, z1, z2, z3] =
      c0 < 0 ? [0, 0, 0, 0] : [c[c0 + i], c[c0 + i + 1], c[c0 + i + 2], c[c0 + i + 3]];
    const o = i * n;
    let j = 0;
    for (; j + 1 < n; j += 2) {
      let s00 = z0, s01 = z0, s10 = z1, s11 = z1, s20 = z2, s21 = z2, s30 = z3, s31 = z3; // prettier-ignore
      for (let p = 0, a = a0 + i * k, b = j; p < k; p++, a++, b += n) {
        const b0 = B[b];
        const b1 = B[b + 1];
        const a_0 = A[a];
        const a_1 = A[a + k];
        const a_2 = A[a + 2 * k];
        const a_3 = A[a + 3 * k];
        s00 += a_0 * b0;
        s01 += a_0 * b1;
        s10 += a_1 * b0;
        s11 += a_1 * b1;
        s20 += a_2 * b0;
        s21 += a_2 * b1;
        s30 += a_3 * b0;
        s31 += a_3 * b1;
      }
      C[o + j] = s00;
      C[o + j + 1] = s01;
      C[o + n + j] = s10;
      C[o + n + j + 1] = s11;
      C[o + 2 * n + j] = s20;
      C[o + 2 * n + j + 1] = s21;
      C[o + 3 * n + j] = s30;
      C[o + 3 * n + j + 1] = s31;
    }
    for (; j < n; j++) {
      let [s0, s1, s2, s3] = [z0, z1, z2, z3];
      for (let p = 0, a = a0 + i * k, b = j; p < k; p++, a++, b += n) {
        const v = B[b];
        s0 += A[a] * v;
        s1 += A[a + k] * v;
        s2 += A[a + 2 * k] * v;
        s3 += A[a + 3 * k] * v;
      }
      C[o + j] = s0;
      C[o + n + j] = s1;
      C[o + 2 * n + j] = s2;
      C[o + 3 * n + j] = s3;
    }
  }
  for (; i < m; i++) {
    const z = c0 < 0 ? 0 : c[c0 + i];
    for (let j = 0; j < n; j++) {
      let s = z;
      for (let p = 0, a = a0 + i * k, b = j; p < k; p++, a++, b += n) s += A[a] * B[b];
      C[i * n + j] = s;
    }
  }
}

/** C[k,n] = Aᵀ B with A [m,k], B [m,n], four rows at once, two columns at once. */
function transposedProduct(A, a0, B, C, m, k, n) {
  let i = 0;
  for (; i + 3 < k; i += 4) {
    let j = 0;
    for (; j + 1 < n; j += 2) {
      let s00 = 0, s01 = 0, s10 = 0, s11 = 0, s20 = 0, s21 = 0, s30 = 0, s31 = 0; // prettier-ignore
      for (let p = 0, a = a0 + i, b = j; p < m; p++, a += k, b += n) {
        const b0 = B[b];
        const b1 = B[b + 1];
        const a_0 = A[a];
        const a_1 = A[a + 1];
        const a_2 = A[a + 2];
        const a_3 = A[a + 3];
        s00 += a_0 * b0;
        s01 += a_0 * b1;
        s10 += a_1 * b0;
        s11 += a_1 * b1;
        s20 += a_2 * b0;
        s21 += a_2 * b1;
        s30 += a_3 * b0;
        s31 += a_3 * b1;
      }
      const o = i * n + j;
      C[o] = s00;
      C[o + 1] = s01;
      C[o + n] = s10;
      C[o + n + 1] = s11;
      C[o + 2 * n] = s20;
      C[o + 2 * n + 1] = s21;
      C[o + 3 * n] = s30;
      C[o + 3 * n + 1] = s31;
    }
    for (; j < n; j++) {
      let s0 = 0, s1 = 0, s2 = 0, s3 = 0; // prettier-ignore
      for (let p = 0, a = a0 + i, b = j; p < m; p++, a += k, b += n) {
        const v = B[b];
        s0 += A[a] * v;
        s1 += A[a + 1] * v;
        s2 += A[a + 2] * v;
        s3 += A[a + 3] * v;
      }
      const o = i * n + j;
      C[o] = s0;
      C[o + n] = s1;
      C[o + 2 * n] = s2;
      C[o + 3 * n] = s3;
    }
  }
  for (; i < k; i++) {
    for (let j = 0; j < n; j++) {
      let s = 0;
      for (let p = 0; p < m; p++) s += A[a0 + p * k + i] * B[p * n + j];
      C[i * n + j] = s;
    }
  }
}

/** G[m,k] = D Bᵀ with D [m,n], B [k,n], four rows at once, two columns at once. */
function outerProduct(D, B, G, g0, m, k, n) {
  let i = 0;
  for (; i + 3 < m; i += 4) {
    const g = g0 + i * k;
    if (n === 1) {
      const d0 = D[i];
      const d1 = D[i + 1];
      const d2 = D[i + 2];
      const d3 = D[i + 3];
      for (let j = 0; j < k; j++) {
        const b = B[j];
        G[g + j] = d0 * b;
        G[g + k + j] = d1 * b;
        G[g + 2 * k + j] = d2 * b;
        G[g + 3 * k + j] = d3 * b;
      }
      continue;
    }
    let j = 0;
    for (; j + 1 < k; j += 2) {
      let s00 = 0, s01 = 0, s10 = 0, s11 = 0, s20 = 0, s21 = 0, s30 = 0, s31 = 0; // prettier-ignore
      for (let p = 0, d = i * n, b = j * n; p < n; p++, d++, b++) {
        const b0 = B[b];
        const b1 = B[b + n];
        const d0 = D[d];
        const d1 = D[d + n];
        const d2 = D[d + 2 * n];
        const d3 = D[d + 3 * n];
        s00 += d0 * b0;
        s01 += d0 * b1;
        s10 += d1 * b0;
        s11 += d1 * b1;
        s20 += d2 * b0;
        s21 += d2 * b1;
        s30 += d3 * b0;
        s31 += d3 * b1;
      }
      G[g + j] = s00;
      G[g + j + 1] = s01;
      G[g + k + j] = s10;
      G[g + k + j + 1] = s11;
      G[g + 2 * k + j] = s20;
      G[g + 2 * k + j + 1] = s21;
      G[g + 3 * k + j] = s30;
      G[g + 3 * k + j + 1] = s31;
    }
    for (; j < k; j++) {
      for (let r = 0; r < 4; r++) {
        let s = 0;
        for (let p = 0; p < n; p++) s += D[(i + r) * n + p] * B[j * n + p];
        G[g + r * k + j] = s;
      }
    }
  }
  for (; i < m; i++) {
    for (let j = 0; j < k; j++) {
      let s = 0;
      for (let p = 0; p < n; p++) s += D[i * n + p] * B[j * n + p];
      G[g0 + i * k + j] = s;
    }
  }
}

const ACTIVATE = {
  sigmoid: (a) => {
    for (let i = 0; i < a.length; i++) a[i] = 1 / (1 + Math.exp(-a[i]));
  },
  tanh: (a) => {
    for (let i = 0; i < a.length; i++) a[i] = Math.tanh(a[i]);
  },
  relu: (a) => {
    for (let i = 0; i < a.length; i++) a[i] = a[i] > 0 ? a[i] : 0;
  },
};

const SCALE = {
  sigmoid: (d, a) => {
    for (let i = 0; i < d.length; i++) d[i] *= a[i] * (1 - a[i]);
  },
  tanh: (d, a) => {
    for (let i = 0; i < d.length; i++) d[i] *= 1 - a[i] * a[i];
  },
  relu: (d, a) => {
    for (let i = 0; i < d.length; i++) if (!(a[i] > 0)) d[i] = 0;
  },
};

/** The loss, and its derivative by z in d. */
const LOSSES = {
  identity: (z, t, d, m, n) => {
    let loss = 0;
    for (let i = 0; i < m * n; i++) {
      const e = z[i] - t[i];
      loss += e * e;
      d[i] = e / n;
    }
    return loss / 2 / n;
  },
  softmax: (z, t, d, m, n) => {
    let loss = 0;
    for (let j = 0; j < n; j++) {
      let most = -Infinity;
      for (let i = j; i < m * n; i += n) most = Math.max(most, z[i]);
      let sum = 0;
      let weight = 0;
      for (let i = j; i < m * n; i += n) {
        sum += d[i] = Math.exp(z[i] - most);
        weight += t[i];
      }
      const log = Math.log(sum);
      const scale = weight / sum;
      for (let i = j; i < m * n; i += n) {
        loss -= t[i] * (z[i] - most - log);
        d[i] = (d[i] * scale - t[i]) / n;
      }
    }
    return loss / n;
  },
};

export function make(net) {
  const { hidden, output, batch: n, x, t } = net;
  const layers = layersOf(net);
  const values = [x, ...layers.map(({ outer }) => new Float64Array(outer * n))];
  const errors = layers.map(({ outer }) => new Float64Array(outer * n));
  const [activate, scale, lossOf] = [ACTIVATE[hidden], SCALE[hidden], LOSSES[output]];
  return (theta, out) => {
    for (let l = 0; l < layers.length; l++) {
      const { inner, outer, weights, biases, isLast } = layers[l];
      product(theta, weights, values[l], values[l + 1], outer, inner, n, theta, biases);
      if (!isLast) activate(values[l + 1]);
    }
    const last = layers.length - 1;
    const loss = lossOf(values[last + 1], t, errors[last], layers[last].outer, n);
    for (let l = last; l >= 0; l--) {
      const { inner, outer, weights, biases } = layers[l];
      outerProduct(errors[l], values[l], out, weights, outer, inner, n);
      if (biases >= 0) {
        for (let i = 0; i < outer; i++) {
          let s = 0;
          for (let j = 0; j < n; j++) s += errors[l][i * n + j];
          out[biases + i] = s;
        }
      }
      if (l > 0) {
        transposedProduct(theta, weights, errors[l], errors[l - 1], outer, inner, n);
        scale(errors[l - 1], values[l]);
      }
    }
    return loss;
  };
}
