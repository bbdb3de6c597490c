import { userInfo } from "node:os";
import { describe, expect, it } from "vitest";
import { userName } from "../../../packages/agent/src/system/user-name.ts";

const noUser = (): never => {
  throw new Error("ENOENT: no such file or directory, uv_os_get_passwd");
};

describe("the name of the user", () => {
  it("is the system's", () => {
    expect(userName({ USER: "somebody" })).toBe(userInfo().username);
  });

  it("is USER, or the uid, in a container whose uid has no user", () => {
    expect(userName({ USER: "somebody" }, noUser)).toBe("somebody");
    expect(userName({}, noUser)).toBe(`uid-${process.geteuid?.()}`);
  });
});
