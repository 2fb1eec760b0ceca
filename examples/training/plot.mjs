// Losses over epochs as SVG, on a logarithmic scale.
const [WIDTH, HEIGHT] = [640, 400];
const MARGIN = { left: 64, right: 96, top: 24, bottom: 48 };
const STYLES = [
  { color: "#0b6bcb", dash: "" },
  { color: "#b3470a", dash: "6 4" },
];

/** Multiples of 1, 2 or 5 times a power of 10, at most about `count` of them. */
function ticks(most, count) {
  const rough = most / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((k) => k * power).find((one) => one >= rough);
  const whole = Math.max(1, step);
  return Array.from({ length: Math.floor(most / whole) + 1 }, (_, k) => k * whole);
}

/** 1, 2 and 5 times the powers of 10 in a range; only the powers where there are many. */
function logTicks(least, most) {
  const powers = [];
  for (let k = Math.floor(Math.log10(least)); k <= Math.log10(most); k++) powers.push(10 ** k);
  const all = powers.flatMap((power) => [power, 2 * power, 5 * power]);
  const within = (one) => one >= least && one <= most;
  return powers.filter(within).length > 3 ? powers.filter(within) : all.filter(within);
}

/** @param {Record<string, number[]>} series losses by name, one an epoch, the first before training */
export function lossPlot(series) {
  const all = Object.values(series).flat();
  const [least, most] = [Math.min(...all) / 1.15, Math.max(...all) * 1.15];
  const epochs = Math.max(1, ...Object.values(series).map(({ length }) => length - 1));
  const [right, bottom] = [WIDTH - MARGIN.right, HEIGHT - MARGIN.bottom];
  const x = (epoch) => MARGIN.left + (epoch / epochs) * (right - MARGIN.left);
  const share = (loss) => Math.log(loss / least) / Math.log(most / least);
  const y = (loss) => bottom - share(loss) * (bottom - MARGIN.top);
  const at = (value) => value.toFixed(1);

  const rows = logTicks(least, most).map(
    (loss) =>
      `<path d="M${MARGIN.left} ${at(y(loss))}H${right}" stroke="#ddd"/>` +
      `<text x="${MARGIN.left - 8}" y="${at(y(loss) + 4)}" text-anchor="end">${loss}</text>`,
  );
  const columns = ticks(epochs, 5).map(
    (epoch) =>
      `<path d="M${at(x(epoch))} ${bottom}v5" stroke="#666"/>` +
      `<text x="${at(x(epoch))}" y="${bottom + 20}" text-anchor="middle">${epoch}</text>`,
  );
  const ends = Object.values(series).map((losses) => y(losses.at(-1)));
  const lines = Object.entries(series).map(([name, losses], k) => {
    const { color, dash } = STYLES[k % STYLES.length];
    const points = losses.map((loss, epoch) => `${at(x(epoch))},${at(y(loss))}`).join(" ");
    // names that would lie on one another move apart
    const shift = Math.abs(ends[0] - ends.at(-1)) < 16 ? (k === 0 ? -12 : 6) : 4;
    return (
      `<polyline points="${points}" fill="none" stroke="${color}" stroke-width="2" stroke-dasharray="${dash}"/>` +
      `<text x="${right + 8}" y="${at(ends[k] + shift)}" fill="${color}">${name} ${losses.at(-1).toPrecision(3)}</text>`
    );
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" font-family="sans-serif" font-size="13">
<title>Loss over epochs: ${Object.keys(series).join(" and ")}</title>
<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>
${[...rows, ...columns].join("\n")}
<path d="M${MARGIN.left} ${MARGIN.top}V${bottom}H${right}" fill="none" stroke="#666"/>
${lines.join("\n")}
<text x="${MARGIN.left}" y="16">loss</text>
<text x="${at((MARGIN.left + right) / 2)}" y="${HEIGHT - 8}" text-anchor="middle">epoch</text>
</svg>
`;
}
