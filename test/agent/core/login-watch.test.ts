import { beforeEach, describe, expect, it } from "vitest";
import { LoginWatch } from "../../../packages/agent/src/core/login-watch.ts";
import { fakeSession } from "../../support/fake-session.ts";

let mark: string;
let looks: number;

function watch(path: string | undefined): LoginWatch {
  return new LoginWatch(
    () => path,
    () => {
      looks += 1;
      return mark;
    },
  );
}

beforeEach(() => {
  mark = "old";
  looks = 0;
});

describe("a login watch", () => {
  it("sees a token that was replaced after the newest attempt", async () => {
    const login = watch("/token");
    const source = login.watched(async () => fakeSession(1, 0, 1000));
    await source();
    expect(login.hasChanged()).toBe(false);
    mark = "new";
    expect(login.hasChanged()).toBe(true);
    await source();
    expect(login.hasChanged()).toBe(false);
  });

  it("sees a token that was replaced during the attempt", async () => {
    const login = watch("/token");
    const source = login.watched(async () => {
      mark = "new";
      throw new Error("nobody is signed in");
    });
    await expect(source()).rejects.toThrow("nobody");
    expect(login.hasChanged()).toBe(true);
  });

  it("looks at no file for a role that needs no sign-in", async () => {
    const login = watch(undefined);
    await login.watched(async () => fakeSession(1, 0, 1000))();
    expect(login.hasChanged()).toBe(false);
    expect(looks).toBe(0);
  });
});
