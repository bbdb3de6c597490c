import { cpSync } from "node:fs";
import { join } from "node:path";
import { pinned } from "../pinned.js";
import { find, run, textOf } from "../programs.js";

/** A program in Rust. */
export const rust = {
  folder: "rust",
  needs: { cargo: () => find("cargo") },
  version: () => textOf("cargo", "--version"),
  build(source, built) {
    run(source, "cargo", "build", "--quiet", "--target-dir", "target");
    cpSync(join(source, "target", "debug", "whoami"), join(built, "whoami"));
  },
  clients(source, built) {
    return [
      {
        sdk: "AWS SDK for Rust",
        version: pinned(join(source, "Cargo.toml"), 'aws-config = { version = "='),
        command: [join(built, "whoami")],
        shapes: ["container", "imds", "process"],
      },
    ];
  },
};
