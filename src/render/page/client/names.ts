/** What things are called, and which belong together. The page lists quantities and factors in order. */

const { quantities = "", factors = "" } = document.querySelector("main")!.dataset;
/** By the number in the id: `t3` is the quantity 3. */
const QUANTITIES = quantities.split(" ");
/** By the number in the id: `f7` is the factor 7, `of/wrt` in ids. */
const FACTORS = factors.split(" ");

/** In the model language, counted from 1; nothing for a path. */
export function nameOf(id: string): string | undefined {
  const [letter, number] = [id[0], Number(/\d+/.exec(id)![0])];
  if (letter === "t") {
    const entry = id
      .split("-")
      .slice(1)
      .map((index) => Number(index) + 1);
    return `${QUANTITIES[number]!}${entry.length > 0 ? `[${entry.join(",")}]` : ""}`;
  }
  if (letter !== "f") return undefined;
  const [of, wrt] = FACTORS[number]!.split("/") as [string, string];
  return `∂${nameOf(of)!}/∂${nameOf(wrt)!}`;
}

/**
 * What is related to a thing: for a quantity its entries, for an entry its quantity; the same of
 * factors.
 * @returns a test of ids
 */
export function kinOf(id: string): (other: string) => boolean {
  if (id.startsWith("t")) return (other) => other.startsWith("t") && isKin(id, other);
  if (!id.startsWith("f")) return () => false;
  const [of, wrt] = FACTORS[Number(id.slice(1))]!.split("/") as [string, string];
  const related = new Set(
    FACTORS.flatMap((factor, number) => {
      const [otherOf, otherWrt] = factor.split("/") as [string, string];
      const isRelated = isSameOrKin(of, otherOf) && isSameOrKin(wrt, otherWrt);
      return isRelated && `f${number}` !== id ? [`f${number}`] : [];
    }),
  );
  return (other) => related.has(other);
}

function isSameOrKin(one: string, other: string): boolean {
  return one === other || isKin(one, other);
}

/** One is the quantity of which the other is an entry. */
function isKin(one: string, other: string): boolean {
  return other.startsWith(`${one}-`) ? !one.includes("-") : one.startsWith(`${other}-`);
}
