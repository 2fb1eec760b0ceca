/** The step ε of central differences, as people take it. */
export const DEFAULT_STEP = 1e-4;
/** Beyond this the loss is too far from its Taylor polynomial at the point. */
export const LARGEST_STEP = 0.01;
