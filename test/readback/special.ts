/** What is written with commands of its own: matrices of ones, norms, cases, derivatives. */
import type { Cursor } from "./cursor.js";
import { NameReader } from "./names.js";
import { splitScript } from "./positions.js";
import { canonical } from "./tokens.js";
import type { Node, PartialSymbol, Reference, Relation } from "./tree.js";

export const RELATIONS: ReadonlySet<string> = new Set(["<", ">", "=", "\\le", "\\ge", "\\ne"]);

export abstract class SpecialReader extends NameReader {
  protected partial(above: readonly string[], below: readonly string[]): PartialSymbol {
    const side = (tokens: readonly string[]): { reference: Reference; isVec: boolean } => {
      const isVec = canonical(tokens.slice(0, 4)).startsWith("\\operatorname { v e");
      const parser = this.inside(isVec ? tokens.slice(6) : tokens);
      const reference = parser.factor();
      parser.end();
      if (reference.kind !== "reference") this.fail("∂ of something that is no quantity");
      return { reference, isVec };
    };
    const [of, by] = [side(above), side(below)];
    return {
      kind: "partial",
      of: of.reference,
      by: by.reference,
      ofIsVec: of.isVec,
      byIsVec: by.isVec,
    };
  }

  /** \mathbf{1}, \mathbf{1}[a > b], \mathbf{e}_i, \mathbf{K}_{m,n}; \hat{I}_n, \hat{e}_i and \hat{K}_{m,n} beside quantities of the letter. */
  protected special(): Node {
    this.take();
    const letter = this.group().join("");
    if (letter === "1") {
      if (this.peek() !== "\\left[") return { kind: "ones" };
      const parser = this.inside(this.enclosed("\\left[", "\\right]"));
      return this.comparison(parser);
    }
    this.take("_");
    const script = splitScript(this.group(), letter === "K" ? 2 : 1).map((one) => this.whole(one));
    if (letter === "e") return { kind: "unit", index: script[0]! };
    if (letter === "I") return { kind: "identity", size: script[0]! };
    if (letter === "K") return { kind: "commutation", rows: script[0]!, columns: script[1]! };
    return this.fail(`no matrix ${letter} is known`);
  }

  protected norm(): Node {
    const of = this.whole(this.enclosed("\\left\\lVert", "\\right\\rVert"));
    const isFrobenius = this.peek() === "_" && this.peek(2) === "F";
    if (isFrobenius) {
      this.take();
      this.group();
    }
    return { kind: "norm", of, isFrobenius };
  }

  protected shaped(): Node {
    this.take();
    const of = this.whole(this.group());
    this.take("_");
    const shape = this.group();
    const cross = shape.indexOf("\\times");
    if (cross < 0) this.fail("something other than a shape stands under a factor");
    const [rows, columns] = [shape.slice(0, cross), shape.slice(cross + 1)];
    return { kind: "shaped", of, rows: this.whole(rows), columns: this.whole(columns) };
  }

  protected environment(): Node {
    this.take();
    const name = this.group().join("");
    const start = this.at;
    while (!(
      this.peek() === "\\end" &&
      this.tokens.slice(this.at + 2, this.at + 2 + name.length).join("") === name
    )) {
      if (this.peek() === "") this.fail(`\\end{${name}} is missing`);
      this.at++;
    }
    const rows = splitRows(this.tokens.slice(start, this.at));
    this.take();
    this.group();
    if (name === "bmatrix" || name === "smallmatrix") {
      return { kind: "array", rows: rows.map((row) => row.map((one) => this.whole(one))) };
    }
    if (name !== "cases") this.fail(`the environment ${name} is not known here`);
    const cases = rows.map(([value, condition]) => ({
      value: this.whole(value!),
      when: this.condition(condition ?? []),
    }));
    return { kind: "cases", cases };
  }

  /** `\text{if } z > 0`; undefined for `\text{otherwise}`. */
  private condition(tokens: readonly string[]): Node | undefined {
    const parser = this.inside(tokens);
    if (parser.peek() === "\\text") {
      parser.take();
      const word = parser.group().join("");
      if (word === "otherwise" || word === "else") {
        parser.end();
        return undefined;
      }
      if (word !== "if" && word !== "for") this.fail(`${word} is no condition`);
    }
    return this.comparison(parser);
  }

  /** a > b, at the end. */
  private comparison(parser: Cursor): Node {
    const left = parser.sum();
    const relation = parser.take();
    if (!isRelation(relation)) this.fail(`${relation} is no relation`);
    const right = parser.sum();
    parser.end();
    return { kind: "indicator", left, relation, right };
  }
}

function isRelation(token: string): token is Relation {
  return RELATIONS.has(token);
}

function splitRows(tokens: readonly string[]): string[][][] {
  const rows: string[][][] = [[[]]];
  let depth = 0;
  for (const token of tokens) {
    if (token === "\\begin") depth++;
    if (token === "\\end") depth--;
    if (depth === 0 && token === "\\\\") rows.push([[]]);
    else if (depth === 0 && token === "&") rows.at(-1)!.push([]);
    else rows.at(-1)!.at(-1)!.push(token);
  }
  return rows;
}
