/** A WebAssembly function while it is written, and arithmetic of pairs of doubles in it. */
import type { Vectors } from "../../expression/operations/vectors.js";
import {
  absolutePair,
  addBits,
  addPairs,
  atMostPairs,
  chooseBits,
  type Code,
  dividePairs,
  type FunctionType,
  get,
  largerPairs,
  lessPairs,
  limitAbove,
  limitBelow,
  loadTwice,
  multiplyPairs,
  number,
  rootOfPair,
  set,
  shiftPair,
  shiftPairBack,
  smallerPairs,
  subtractBits,
  subtractPairs,
  V128,
  type ValueType,
  type WasmFunction,
} from "./assembler.js";

/** Numbers that stand in the memory, each once. */
export class Constants {
  private readonly places = new Map<string, number>();
  readonly values: number[] = [];

  /** @param from the byte at which they begin */
  constructor(readonly from: number) {}

  /** A pair of one number. */
  code(value: number): Code {
    const key = Object.is(value, -0) ? "-0" : `${value}`;
    let place = this.places.get(key);
    if (place === undefined) {
      place = this.from + 8 * this.values.length;
      this.places.set(key, place);
      this.values.push(value);
    }
    return [...number(0), ...loadTwice(place)];
  }
}

/** Its last bits count: a small whole number that is added to its bits is added to its value. */
const COUNTER = 1.5 * 2 ** 52;
/** With the offset of exponents: its last bits are the exponent of 2^0. */
const EXPONENTS = COUNTER + 1023;
const FRACTION_BITS = 52;

export class FunctionBuilder {
  private readonly locals: ValueType[] = [];
  private readonly body: Code[] = [];

  constructor(
    private readonly type: FunctionType,
    private readonly constants: Constants,
  ) {}

  emit(...codes: readonly Code[]): void {
    this.body.push(...codes);
  }

  local(type: ValueType): number {
    this.locals.push(type);
    return this.type.parameters.length + this.locals.length - 1;
  }

  /** Puts a pair into a local of its own. */
  named(...codes: readonly Code[]): Code {
    const local = this.local(V128);
    this.emit(...codes, set(local));
    return get(local);
  }

  number(value: number): Code {
    return this.constants.code(value);
  }

  /** Arithmetic whose values are locals. */
  get vectors(): Vectors<Code> {
    const binary = (instruction: Code) => (a: Code, b: Code) => this.named(a, b, instruction);
    const choice = (instruction: Code) => (a: Code, b: Code, then: Code, otherwise: Code) =>
      this.named(then, otherwise, a, b, instruction, chooseBits);
    return {
      number: (value) => this.number(value),
      add: binary(addPairs),
      subtract: binary(subtractPairs),
      multiply: binary(multiplyPairs),
      divide: binary(dividePairs),
      absolute: (a) => this.named(a, absolutePair),
      squareRoot: (a) => this.named(a, rootOfPair),
      withSign: (magnitude, sign) => this.named(sign, magnitude, this.number(-0), chooseBits),
      larger: binary(largerPairs),
      smaller: binary(smallerPairs),
      between: (a, low, high) => this.named(a, low, limitBelow, high, limitAbove),
      ifLess: choice(lessPairs),
      ifAtMost: choice(atMostPairs),
      powerOfTwo: (k) => this.named(k, this.number(EXPONENTS), addPairs, shiftPair(FRACTION_BITS)),
      split: (a) => this.split(a),
    };
  }

  /** The bits above those of √½ count the exponent, times 2^52. */
  private split(a: Code): { exponent: Code; fraction: Code } {
    const above = [...a, ...this.number(Math.SQRT1_2), ...subtractBits];
    const count = this.named(above, shiftPairBack(FRACTION_BITS));
    const fraction = this.named(a, count, shiftPair(FRACTION_BITS), subtractBits);
    const counter = this.number(COUNTER);
    return {
      exponent: this.named(count, counter, addBits, counter, subtractPairs),
      fraction,
    };
  }

  /** @param name that it is exported as */
  finish(name?: string): WasmFunction {
    const { locals, type, body } = this;
    return { ...type, ...(name !== undefined && { name }), locals, body: body.flat() };
  }
}
