/**
 * Regular expressions with all letters or numbers that there are. V8 puts such sets together when it reads a literal, even
 * in a function that is never called.
 */
export function pattern(source: string, flags = "u"): () => RegExp {
  let made: RegExp | undefined;
  return () => (made ??= new RegExp(source, flags));
}
