import { temporaryDirectory } from "../../support/temporary.ts";
import type { Place } from "./run.ts";

/** A home directory with nothing in it, and an environment that names it and PATH alone. */
export function cleanRoom(): Place {
  const home = temporaryDirectory();
  return { home, env: { PATH: process.env["PATH"], HOME: home, TMPDIR: home } };
}
