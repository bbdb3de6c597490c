import { join } from "node:path";
import { pinned } from "../pinned.js";
import { find, run, textOf } from "../programs.js";

/** Programs in Go, of one module. */
export const go = {
  folder: "go",
  needs: { "golang-go": () => find("go") },
  version: () => textOf("go", "version"),
  build(source, built) {
    run(source, "go", "build", "-o", `${built}/`, "./cmd/...");
  },
  clients(source, built) {
    const client = (sdk, module, program) => ({
      sdk,
      version: pinned(join(source, "go.mod"), `\t${module} v`),
      command: [join(built, program)],
      shapes: ["container", "imds", "process"],
    });
    return [
      client("AWS SDK for Go v2", "github.com/aws/aws-sdk-go-v2/config", "sdk-v2"),
      client("AWS SDK for Go v1", "github.com/aws/aws-sdk-go", "sdk-v1"),
      client(
        "Terraform's AWS provider (aws-sdk-go-base)",
        "github.com/hashicorp/aws-sdk-go-base/v2",
        "terraform",
      ),
    ];
  },
};
