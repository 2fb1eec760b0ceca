/** What we use of the WebAssembly interface, which TypeScript declares only together with the DOM. */

export interface Memory {
  readonly buffer: ArrayBuffer;
}

interface Host {
  readonly Memory: new (limits: { initial: number; maximum: number }) => Memory;
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (
    module: object,
    imports: { env: Readonly<Record<string, unknown>> },
  ) => { readonly exports: Readonly<Record<string, unknown>> };
  readonly validate: (bytes: Uint8Array) => boolean;
}

/** Undefined where there is no WebAssembly. */
const host = (globalThis as { WebAssembly?: Host }).WebAssembly;

const PAGE = 2 ** 16;

/** A memory that does not grow: its buffer stays. */
export function memoryOf(bytes: number): Memory {
  if (!host) throw new TypeError("there is no WebAssembly here");
  const pages = Math.ceil(bytes / PAGE);
  return new host.Memory({ initial: pages, maximum: pages });
}

/** What a module exports, with what it is given from `env`. */
export function instantiate(
  bytes: Uint8Array,
  env: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  if (!host) throw new TypeError("there is no WebAssembly here");
  return new host.Instance(new host.Module(bytes), { env }).exports;
}

export function isValid(bytes: Uint8Array): boolean {
  return host?.validate(bytes) === true;
}
