/** Significant digits that may be asked for. */
export const MAX_DIGITS = 1000;
