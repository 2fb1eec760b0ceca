/** Where the units of a network stand in its picture: in columns by stage, each around the middle. */
import { entryKey } from "../../forms/paths.js";
import type { Layer, Network } from "./network.js";

const COLUMN = 112;
const ROW = 62;
const SIDE = 38;
/** Room above the highest heading, and below the lowest unit for its value. */
const ABOVE = 22;
const BELOW = 38;

export interface Place {
  readonly x: number;
  readonly y: number;
}

export interface Placement {
  /** Of units, by the keys of their entries. */
  readonly places: ReadonlyMap<string, Place>;
  /** Where units are left out, and how many. */
  readonly gaps: readonly (Place & { readonly count: number })[];
  /** Of the symbols above the layers. */
  readonly headings: readonly (Place & { readonly layer: Layer })[];
  readonly width: number;
  /** The upper edge of what is drawn. */
  readonly top: number;
  readonly height: number;
}

export function placed({ columns: count, layers }: Network): Placement {
  const columns = Array.from({ length: count }, (_, column) =>
    layers.filter((layer) => layer.column === column),
  );
  const rows = columns.map(rowsOf);
  const middle = (Math.max(...rows) * ROW) / 2;
  const places = new Map<string, Place>();
  const gaps: (Place & { readonly count: number })[] = [];
  const headings: (Place & { readonly layer: Layer })[] = [];
  for (const [column, own] of columns.entries()) {
    const x = SIDE + column * COLUMN;
    let y = middle - (rows[column]! * ROW) / 2 + 24;
    for (const layer of own) {
      headings.push({ x, y: y + 6, layer });
      y += 16;
      for (const unit of layer.units) {
        y += ROW / 2;
        if (unit) places.set(entryKey({ quantity: layer.quantity, indices: unit }), { x, y });
        else gaps.push({ x, y, count: layer.total / layer.copies - drawn(layer) });
        y += ROW / 2;
      }
      y += ROW - 16;
    }
  }
  const top = Math.min(...headings.map(({ y }) => y)) - ABOVE;
  const bottom = Math.max(...[...places.values()].map(({ y }) => y)) + BELOW;
  const width = 2 * SIDE + (count - 1) * COLUMN;
  return { places, gaps, headings, width, top, height: bottom - top };
}

/** A layer takes a row for its heading. */
function rowsOf(layers: readonly Layer[]): number {
  return layers.reduce((rows, { units }) => rows + units.length + 1, 0);
}

function drawn({ units }: Layer): number {
  return units.filter((unit) => unit !== undefined).length;
}
