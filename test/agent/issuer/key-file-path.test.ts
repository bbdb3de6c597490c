import { describe, expect, it } from "vitest";
import { keyFilePath } from "../../../packages/agent/src/issuer/key-file-path.ts";

describe("the encrypted key file", () => {
  it.each([undefined, "", "data"])(
    "lies in the home directory where XDG_DATA_HOME is %j",
    (XDG_DATA_HOME) => {
      expect(keyFilePath({ HOME: "/home/a", XDG_DATA_HOME })).toBe(
        "/home/a/.local/share/role-agent/keys.age",
      );
    },
  );

  it("never lies in a working directory", () => {
    expect(keyFilePath({ HOME: "home" })).toMatch(/^\//);
  });
});
