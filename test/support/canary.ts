import { lstatSync, readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { childrenOf } from "./processes.ts";
import { writtenAt } from "./written.ts";

/** Secrets by what they are: texts of which nothing but their own places may hold one. */
export type Canaries = ReadonlyMap<string, string>;

/** Everything that was said and shown while canaries were about. */
export class Traces {
  #text = "";

  /** Texts, or whatever else a caller was given, as JSON. */
  add(...said: readonly unknown[]): void {
    for (const each of said) this.#text += `${typeof each === "string" ? each : JSON.stringify(each)}\n`;
  }

  /** What everybody may read of a process and of those that it has started. */
  addProcesses(pid: number): void {
    for (const file of ["cmdline", "comm", "status"]) this.add(writtenAt(`/proc/${pid}/${file}`));
    try {
      for (const child of childrenOf(pid)) this.addProcesses(child);
    } catch {
      // It is gone by now.
    }
  }

  /** What the system has noted of a process's environment, as far as it may be read. */
  addEnvironment(pid: number): void {
    this.add(writtenAt(`/proc/${pid}/environ`));
  }

  /** Every file under a directory, its name included, but for what is at `homes`: the places of secrets. */
  addFiles(directory: string, homes: readonly string[]): void {
    for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name);
      const place = relative(directory, path);
      if (homes.some((home) => place === home || place.startsWith(`${home}/`))) continue;
      this.add(place, lstatSync(path).isFile() ? writtenAt(path) : "");
    }
  }

  /** How much there is, in characters. */
  get size(): number {
    return this.#text.length;
  }

  has(text: string): boolean {
    return this.#text.includes(text);
  }

  /** Which of the canaries were seen, as they are or in the forms in which they travel. */
  found(canaries: Canaries): string[] {
    return [...canaries]
      .filter(([, secret]) => formsOf(secret).some((form) => this.#sees(form)))
      .map(([what]) => what);
  }

  /** Six digits may stand in any larger number. */
  #sees(form: string): boolean {
    return /^\d+$/.test(form) ? new RegExp(`(?<!\\d)${form}(?!\\d)`).test(this.#text) : this.has(form);
  }
}

function formsOf(secret: string): string[] {
  return [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)];
}
