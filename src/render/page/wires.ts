/** How lines are drawn between units: straight, and bent around what stands between. */
import type { Place } from "./placement.js";

/** What a line should keep away from, and how far. */
export interface Obstacle extends Place {
  readonly radius: number;
}

export interface Wire {
  /** As the `d` of an SVG path, from the edge of one unit to that of the other. */
  readonly path: string;
  readonly middle: Place;
}

/** How far the middle of a line is moved aside, in order; to the left of its way first, which is upwards. */
const BENDS = [
  0,
  ...Array.from({ length: 12 }, (_, k) => 20 + 8 * k).flatMap((one) => [-one, one]),
];
/** Places along a line that are looked at. */
const SAMPLES = 40;

/**
 * A line between two units that touches nothing in the columns between them if it can: a quadratic Bézier curve where
 * it has to go around something.
 * @param from the middle of a unit, as `to` is
 * @param radius of the two units, at whose edges it ends
 */
export function wireBetween(
  from: Place,
  to: Place,
  radius: number,
  obstacles: readonly Obstacle[],
): Wire {
  const [left, right] = [Math.min(from.x, to.x), Math.max(from.x, to.x)];
  const others = obstacles.filter(({ x }) => x > left && x < right);
  let best: { readonly bend: number; readonly hits: number } | undefined;
  for (const bend of BENDS) {
    const hits = hitsOf(from, to, bend, others);
    if (!best || hits < best.hits) best = { bend, hits };
    if (hits === 0) break;
  }
  const { bend } = best!;
  const control = controlOf(from, to, bend);
  const [start, end] = [towards(from, control, radius), towards(to, control, radius)];
  const path =
    bend === 0
      ? straight(start, end)
      : `M${placeText(start)} Q${placeText(control)} ${placeText(end)}`;
  return { path, middle: onCurve(from, control, to, 1 / 2) };
}

/** As the `d` of an SVG path. */
export function straight(from: Place, to: Place): string {
  return `M${placeText(from)} L${placeText(to)}`;
}

function placeText({ x, y }: Place): string {
  return `${x.toFixed(1)},${y.toFixed(1)}`;
}

/** How many obstacles a line touches. */
function hitsOf(from: Place, to: Place, bend: number, others: readonly Obstacle[]): number {
  const control = controlOf(from, to, bend);
  const places = Array.from({ length: SAMPLES + 1 }, (_, k) =>
    onCurve(from, control, to, k / SAMPLES),
  );
  return others.filter((other) =>
    places.some(({ x, y }) => Math.hypot(x - other.x, y - other.y) < other.radius),
  ).length;
}

/** Twice as far aside as the middle of the curve. */
function controlOf(from: Place, to: Place, bend: number): Place {
  const away = Math.hypot(to.x - from.x, to.y - from.y);
  const [nx, ny] = [-(to.y - from.y) / away, (to.x - from.x) / away];
  return {
    x: (from.x + to.x) / 2 + 2 * bend * nx,
    y: (from.y + to.y) / 2 + 2 * bend * ny,
  };
}

function onCurve(a: Place, control: Place, b: Place, t: number): Place {
  const [p, q, r] = [(1 - t) ** 2, 2 * t * (1 - t), t ** 2];
  return { x: p * a.x + q * control.x + r * b.x, y: p * a.y + q * control.y + r * b.y };
}

function towards(from: Place, to: Place, distance: number): Place {
  const away = Math.hypot(to.x - from.x, to.y - from.y);
  return {
    x: from.x + ((to.x - from.x) / away) * distance,
    y: from.y + ((to.y - from.y) / away) * distance,
  };
}
