import { describe, expect, it } from "vitest";
import { loadSystemCalls } from "../../../packages/agent/src/native/system-calls.ts";

const linux = { platform: "linux", arch: "x64" } as const;

function failing(error: Error): () => never {
  return () => {
    throw error;
  };
}

describe("calls of the C library", () => {
  it("are not there, and why, where koffi is not installed", () => {
    const error = Object.assign(new Error("Cannot find module 'koffi'\nRequire stack:\n- x"), {
      code: "MODULE_NOT_FOUND",
    });
    expect(loadSystemCalls(failing(error), linux)).toEqual({
      why: "the optional package koffi is not installed",
    });
  });

  it("are not there, and why, where koffi can't be loaded or the C library lacks one", () => {
    expect(loadSystemCalls(failing(new Error("Cannot load native addon\nat x")), linux)).toEqual({
      why: "the optional package koffi can't be loaded: Cannot load native addon",
    });
    const withoutSymbols = { load: () => ({ func: failing(new Error("Cannot find function 'prctl'")) }) };
    expect(loadSystemCalls(() => withoutSymbols, linux)).toEqual({
      why: "the optional package koffi can't be loaded: Cannot find function 'prctl'",
    });
  });

  it("are not looked for where their numbers are others", () => {
    const never = failing(new Error("it was loaded"));
    expect(loadSystemCalls(never, { platform: "darwin", arch: "arm64" })).toEqual({
      why: "it is done on 64-bit Linux only, and this is darwin on arm64",
    });
    expect(loadSystemCalls(never, { platform: "linux", arch: "ppc64" })).toHaveProperty("why");
  });
});
