import { cpSync } from "node:fs";
import { delimiter, join } from "node:path";
import { pinned } from "../pinned.js";
import { find, run, textOf } from "../programs.js";

/** A program in Java: its classes, beside the libraries of its pom. */
export const java = {
  folder: "java",
  needs: { "default-jdk-headless": () => find("javac"), maven: () => find("mvn") },
  version: () => textOf("javac", "-version"),
  build(source, built) {
    const goals = ["compiler:compile", "dependency:copy-dependencies"];
    run(source, "mvn", "-q", "-B", "-ntp", ...goals, `-DoutputDirectory=${join(built, "lib")}`);
    cpSync(join(source, "target", "classes"), join(built, "classes"), { recursive: true });
  },
  clients(source, built) {
    const classPath = [join(built, "classes"), join(built, "lib", "*")].join(delimiter);
    return [
      {
        sdk: "AWS SDK for Java v2",
        version: pinned(join(source, "pom.xml"), "<artifactId>sts</artifactId>\n      <version>"),
        command: [find("java"), "-XX:TieredStopAtLevel=1", "-cp", classPath, "interop.Whoami"],
        shapes: ["container", "imds", "process"],
      },
    ];
  },
};
