/**
 * Whether errors are what a rounding of the data leads to, and others besides: the matched filter, which finds a known
 * signal in noise that is larger (G. L. Turin, An introduction to matched filters, 1960).
 */

/** The distance from the derivatives at rounded data, in squares, as a part of that from the right ones. */
const NEARER = 0.5;
/** So many standard deviations of the noise lie between the signal and none, and no more between it and itself. */
const CERTAIN = 3;

export class Displacement {
  private count = 0;
  /** Sums of squares and products of errors and displacements. */
  private errors = 0;
  private displacements = 0;
  private both = 0;

  /**
   * @param error what a number is off by
   * @param displacement what the rounding of the data alone would make that, in the same unit
   */
  note(error: number, displacement: number): void {
    this.count++;
    this.errors += error ** 2;
    this.displacements += displacement ** 2;
    this.both += error * displacement;
  }

  /** Whether the errors are nearly the displacements, or contain them among errors of other origin. */
  get isSeen(): boolean {
    const { count, errors, displacements, both } = this;
    if (errors - 2 * both + displacements < NEARER * errors) return true;
    const strength = both / displacements;
    const noise = Math.sqrt((errors - both * strength) / count / displacements);
    return strength >= CERTAIN * noise && Math.abs(strength - 1) <= CERTAIN * noise;
  }
}
