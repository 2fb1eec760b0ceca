/** How far printed LaTeX reaches above and below, as brackets around it ask for; in em. */

/** How far above and below the axis something reaches, which is where the line of a fraction is. */
export interface Extent {
  readonly up: number;
  readonly down: number;
}

/** The axis above the line that letters stand on. */
const AXIS = 0.25;
/** Letters and digits. */
export const LETTER_EXTENT: Extent = { up: 0.45, down: 0.25 };
export const BRACKET_EXTENT: Extent = { up: 0.5, down: 0.5 };
/** How high scripts are, relative to the line that they belong to. */
const SCRIPT_HEIGHT = 0.7;
/** A sum with its limits above and below it. */
export const LIMITS_EXTENT: Extent = { up: 1.4, down: 1.6 };
/** The brace below a factor, and its label. */
const BRACE_DEPTH = 1.5;
/** How far above its line an exponent stands at least, and a subscript below it. */
const RAISED = 0.41;
const LOWERED = 0.15;
/** How far below the top of what is higher an exponent stands. */
const BELOW_TOP = 0.27;
/** How far from the axis numerators and denominators stand, and the room that the line takes. */
const NUMERATOR = 0.43;
const DENOMINATOR = 0.93;
const LINE_ROOM = 0.14;
/** A row of a matrix. */
const ROW_HEIGHT = 1.2;

/** Of what stands side by side. */
export function extentOf(parts: readonly Extent[]): Extent {
  return {
    up: parts.reduce((most, { up }) => Math.max(most, up), 0),
    down: parts.reduce((most, { down }) => Math.max(most, down), 0),
  };
}

/** How far from the axis the farthest of some parts reaches. */
export function reachOf(parts: readonly Extent[]): number {
  const { up, down } = extentOf(parts);
  return Math.max(up, down);
}

/** As far above the axis as below it. */
export function evenExtent(reach: number): Extent {
  return { up: reach, down: reach };
}

export function matrixExtent(rows: number): Extent {
  return evenExtent((ROW_HEIGHT * rows) / 2);
}

/** With a brace and a label below it. */
export function bracedExtent({ up, down }: Extent): Extent {
  return { up, down: down + BRACE_DEPTH };
}

export function rootExtent({ up, down }: Extent): Extent {
  return { up: up + LINE_ROOM, down };
}

/** @param isDisplay whether its parts are as large as the text */
export function fractionExtent(above: Extent, below: Extent, isDisplay: boolean): Extent {
  const scale = isDisplay ? 1 : SCRIPT_HEIGHT;
  const [up, down] = [NUMERATOR * scale, DENOMINATOR * scale];
  // parts that would touch the line are moved away from it
  const lifted = Math.max(0, scale * (above.down - AXIS) - up + LINE_ROOM);
  const sunk = Math.max(0, scale * (below.up + AXIS) - down + LINE_ROOM);
  return {
    up: up + lifted + scale * (above.up + AXIS),
    down: down + sunk + scale * (below.down - AXIS),
  };
}

/** Of a base with an exponent, which stands the higher the higher the base is. */
export function raisedExtent(base: Extent, script: Extent): Extent {
  const raised = Math.max(RAISED - AXIS, base.up - BELOW_TOP);
  return { up: Math.max(base.up, raised + SCRIPT_HEIGHT * (script.up + AXIS)), down: base.down };
}

/** Of a base with a subscript. */
export function loweredExtent(base: Extent, script: Extent): Extent {
  const lowered = Math.max(LOWERED + AXIS, base.down);
  return { up: base.up, down: Math.max(base.down, lowered + SCRIPT_HEIGHT * (script.down - AXIS)) };
}
