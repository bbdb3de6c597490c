import { cpSync } from "node:fs";
import { join } from "node:path";
import { find, textOf, works } from "../programs.js";

const library = ["-r", "aws-sdk-core", "-e"];

/** A program in Ruby. The SDK is Debian's. */
export const ruby = {
  folder: "ruby",
  needs: { "ruby ruby-aws-sdk-core": () => works("ruby", ...library, "") },
  version: () => textOf("ruby", ...library, "print RUBY_VERSION, Aws::CORE_GEM_VERSION"),
  build(source, built) {
    cpSync(source, built, { recursive: true });
  },
  clients(_source, built) {
    return [
      {
        sdk: "AWS SDK for Ruby",
        version: textOf("ruby", ...library, "print Aws::CORE_GEM_VERSION"),
        command: [find("ruby"), join(built, "whoami.rb")],
        // Debian's version of 2022 sends no token to a container's endpoint, and asks IMDS on port 80 alone.
        shapes: ["process"],
      },
    ];
  },
};
