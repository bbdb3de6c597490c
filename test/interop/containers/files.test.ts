import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { broken } from "./support/broken.ts";
import { serviceOf } from "./support/compose.ts";
import { imageConfig } from "./support/dockerfile.ts";
import { buildReader, examples, readCompose, readDockerfile } from "./support/reader.ts";

const dockerfile = join(examples, "Dockerfile");
const composeFiles = ["socket", "link-local", "shared-network"].map((way) =>
  join(examples, way, "compose.yaml"),
);

beforeAll(buildReader, 600_000);

describe("the Dockerfile", () => {
  it("is one to BuildKit, whose linter finds nothing", () => {
    const stages = readDockerfile(dockerfile);
    expect(stages.flatMap(({ warnings }) => warnings)).toEqual([]);
    expect(stages.map(({ base }) => base)).toEqual([
      expect.stringMatching(/^node:\d+\.\d+\.\d+-.*slim$/),
      "base",
      "base",
    ]);
  });

  it("starts the agent as a user without rights, by number, so that Kubernetes can tell", () => {
    const { user, entrypoint, command } = imageConfig(readDockerfile(dockerfile));
    expect(user).toMatch(/^[1-9]\d*:[1-9]\d*$/);
    expect([...entrypoint, ...command]).toEqual(["role-agent", "serve"]);
  });

  it("asks the agent whether it is well, and never starts another one by that", () => {
    const { healthCheck, environment } = imageConfig(readDockerfile(dockerfile));
    expect(healthCheck).toEqual(["role-agent", "status"]);
    expect(environment["ROLE_AGENT_AUTOSTART"]).toBe("0");
  });

  it("holds no secret, by its own words or by what is copied into it", () => {
    const { environment } = imageConfig(readDockerfile(dockerfile));
    expect(Object.keys(environment).filter((name) => /KEY|SECRET|TOKEN|AWS/.test(name))).toEqual([]);
    const lines = readFileSync(join(examples, "..", "..", ".dockerignore"), "utf8").split("\n");
    expect(lines.find((line) => line !== "" && !line.startsWith("#"))).toBe("*");
  });

  it("is refused by the test where BuildKit refuses it", () => {
    expect(() =>
      readDockerfile(broken(dockerfile, "HEALTHCHECK --interval=30s", "HEALTHCHECK --intervall=30s")),
    ).toThrow(/unknown flag: --intervall/);
  });
});

describe.each(composeFiles)("%s", (path) => {
  it("is a compose file to Compose's own loader", () => {
    expect(Object.keys(readCompose(path).services)).toEqual(expect.arrayContaining(["agent", "app"]));
  });

  it("gives no service rights that it doesn't need", () => {
    const { services } = readCompose(path);
    for (const [name, service] of Object.entries(services)) {
      // One has to give its own network an address.
      const isNetwork = name === "network";
      expect.soft(service.cap_drop, name).toEqual(["ALL"]);
      expect.soft(service.cap_add, name).toEqual(isNetwork ? ["NET_ADMIN"] : undefined);
      expect.soft(service.privileged, name).toBeUndefined();
      expect.soft(service.security_opt, name).toEqual(["no-new-privileges:true"]);
      expect.soft(service.read_only, name).toBe(true);
      expect.soft(service.user, name).toMatch(isNetwork ? "0:0" : /^[1-9]\d*:[1-9]\d*$/);
    }
  });

  it("has the agent be the user whose files it reads, and reap what its programs leave behind", () => {
    const env = { ROLE_AGENT_USER: "1234:1234", ROLE_AGENT_AWS: "/somewhere/.aws" };
    const agent = serviceOf(readCompose(path, env), "agent");
    expect(agent).toMatchObject({ user: "1234:1234", init: true });
    expect(agent.volumes?.map(({ source }) => source)).toEqual(
      expect.arrayContaining([join(dirname(path), "config.toml"), "/somewhere/.aws"]),
    );
  });

  it("is refused by the test where Compose refuses it", () => {
    expect(() => readCompose(broken(path, "read_only: true", "readonly: true"))).toThrow(/readonly/);
  });
});
