/**
 * Faults that derivations are known to have, with the reason; what is mended is taken out here. Each
 * allows lines of one kind, of the named models where it is not a fault of all.
 */
interface KnownFault {
  readonly kinds: readonly string[];
  readonly fault: RegExp;
  readonly models?: ReadonlySet<string>;
  readonly reason: string;
}

const KNOWN: readonly KnownFault[] = [];

/** @param kind the form or passage of a line that does not hold, else what is wrong */
export function isKnown(model: string, kind: string, fault: string): boolean {
  return KNOWN.some(
    (known) =>
      known.kinds.includes(kind) && known.models?.has(model) !== false && known.fault.test(fault),
  );
}
