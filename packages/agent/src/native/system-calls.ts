import { createRequire } from "node:module";
import { codeOf } from "../core/error-code.ts";

/** Calls of the C library that Node has no function for. Each answers 0, or -1 where the system refuses. */
export interface SystemCalls {
  readonly getsockopt: (fd: number, level: number, name: number, value: Buffer, length: Buffer) => number;
  readonly setsockopt: (fd: number, level: number, name: number, value: Buffer, length: number) => number;
  readonly prctl: (option: number, a: number, b: number, c: number, d: number) => number;
  readonly setrlimit: (resource: number, limits: Buffer) => number;
}

/** The calls, or why there are none. */
export type MaybeSystemCalls =
  | { readonly calls: SystemCalls; readonly why?: undefined }
  | { readonly calls?: undefined; readonly why: string };

type CFunction = (...args: readonly (number | Buffer)[]) => number;

/** As much of koffi as is used. */
interface Koffi {
  load(path: null): { func(prototype: string): CFunction };
}

/** Their numbers of options and the layout of their structures are the same. */
const architectures: ReadonlySet<string> = new Set(["x64", "arm64", "riscv64", "loong64"]);

let loaded: MaybeSystemCalls | undefined;

/**
 * Loads them once, at the first call: 6 ms. They come with koffi, which is an optional dependency, so that all that is
 * done with them has to go without, too.
 */
export function systemCalls(): MaybeSystemCalls {
  return (loaded ??= loadSystemCalls(createRequire(import.meta.url)));
}

/** The same by what `require` finds, on the system that it is told of. */
export function loadSystemCalls(
  require: (name: string) => Koffi,
  { platform, arch }: Pick<NodeJS.Process, "platform" | "arch"> = process,
): MaybeSystemCalls {
  if (platform !== "linux" || !architectures.has(arch))
    return { why: `it is done on 64-bit Linux only, and this is ${platform} on ${arch}` };
  try {
    const library = require("koffi").load(null);
    const pointer = "void *";
    return {
      calls: {
        getsockopt: library.func(`int getsockopt(int, int, int, ${pointer}, ${pointer})`),
        setsockopt: library.func(`int setsockopt(int, int, int, ${pointer}, uint32_t)`),
        prctl: library.func("int prctl(int, unsigned long, unsigned long, unsigned long, unsigned long)"),
        setrlimit: library.func(`int setrlimit(int, ${pointer})`),
      },
    };
  } catch (error) {
    return { why: reason(error) };
  }
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) return "the optional package koffi can't be loaded";
  const isMissing = codeOf(error) === "MODULE_NOT_FOUND";
  if (isMissing) return "the optional package koffi is not installed";
  const [firstLine = ""] = error.message.split("\n");
  return `the optional package koffi can't be loaded: ${firstLine}`;
}
