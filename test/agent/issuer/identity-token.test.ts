import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { identityToken, tokenEnd } from "../../../packages/agent/src/issuer/child/identity-token.ts";
import { temporaryDirectory } from "../../support/temporary.ts";

const never = new AbortController().signal;

function tokenFile(content: string | Buffer): string {
  const path = join(temporaryDirectory(), "token");
  writeFileSync(path, content);
  return path;
}

const read = (path: string): Promise<string> => identityToken({ type: "file", path }, never);

describe("a token file", () => {
  it.each(["e30.e30.sig", "e30.e30.sig\n", "e30.e30.sig\r\n\n"])(
    "gives the token alone: %j",
    async (content) => {
      expect(await read(tokenFile(content))).toBe("e30.e30.sig");
    },
  );

  it.each([
    ["", "has no token: it is empty"],
    ["\n", "has no token: it is empty"],
    ["abc", "has 3 characters; AWS takes 4 to 20000"],
    ["x".repeat(20_001), "has 20001 characters; AWS takes 4 to 20000"],
    ["one two", "has white space or characters other than ASCII in its token"],
    ["schlüssel", "has white space or characters other than ASCII in its token"],
    [Buffer.from("\xff\xfee3", "latin1"), "is UTF-16"],
  ])("with no token in it is refused: %j", async (content, message) => {
    const path = tokenFile(content);
    await expect(read(path)).rejects.toMatchObject({
      code: "InvalidConfiguration",
      message: `web_identity_token_file ${path} ${message}`,
      hint: expect.any(String),
    });
  });

  it("may be as long as AWS takes it", async () => {
    expect(await read(tokenFile("x".repeat(20_000)))).toHaveLength(20_000);
  });

  it("that is none is refused, and a pipe is not waited for", async () => {
    const path = join(temporaryDirectory(), "token");
    await expect(read(path)).rejects.toMatchObject({
      message: `web_identity_token_file ${path} doesn't exist`,
    });
    mkdirSync(path);
    await expect(read(path)).rejects.toMatchObject({
      message: `web_identity_token_file ${path} is a directory, not a file`,
    });
  });
});

describe("a token process", () => {
  it("gives what it prints, without the end of the line", async () => {
    const command = `"${process.execPath}" -p '"e30.e30.sig"'`;
    expect(await identityToken({ type: "process", command }, never)).toBe("e30.e30.sig");
  });

  it("that prints nothing, or fails, is refused by its key", async () => {
    await expect(identityToken({ type: "process", command: "true" }, never)).rejects.toMatchObject({
      code: "InvalidConfiguration",
      message: "web_identity_token_process has no token: it is empty",
    });
    await expect(identityToken({ type: "process", command: "false" }, never)).rejects.toMatchObject({
      code: "InvalidConfiguration",
      message: "web_identity_token_process ended with 1",
    });
  });
});

describe("the end of a token", () => {
  const jwt = (claims: string): string => `e30.${Buffer.from(claims).toString("base64url")}.sig`;

  it("is its exp", () => {
    expect(tokenEnd(jwt('{"exp":1767225600}'))).toBe(Date.UTC(2026, 0, 1));
  });

  it.each(["opaque", "a.b.c", jwt("null"), jwt("{}"), jwt('{"exp":"soon"}'), jwt('{"exp":1e300}')])(
    "is unknown where it doesn't say: %s",
    (token) => {
      expect(tokenEnd(token)).toBeUndefined();
    },
  );
});
