import { describe, expect, it } from "vitest";
import { parseAccessKey } from "../../../packages/agent/src/cli/key-input.ts";

const accessKeyId = "AKIAIOSFODNN7EXAMPLE";
const secretAccessKey = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
const aws = { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey };

describe("the input of keys add", () => {
  it.each([
    ["two lines", `${accessKeyId}\n${secretAccessKey}`],
    ["lines of Windows with blanks", ` ${accessKeyId} \r\n${secretAccessKey}\r\n\r\n`],
    ["aws configure export-credentials", JSON.stringify({ Version: 1, ...aws })],
    [
      "aws iam create-access-key",
      JSON.stringify({ AccessKey: { UserName: "alice", Status: "Active", ...aws } }),
    ],
  ])("may be %s", (_, text) => {
    expect(parseAccessKey(text)).toEqual({ accessKeyId, secretAccessKey });
  });

  it.each([
    ["nothing", "", "that is no access key"],
    ["one line", accessKeyId, "that is no access key"],
    ["three lines", `${accessKeyId}\n${secretAccessKey}\n${secretAccessKey}`, "that is no access key"],
    ["lines the other way round", `${secretAccessKey}\n${accessKeyId}`, "the access key id is malformed"],
    ["an empty secret", `${accessKeyId}\n \n`, "that is no access key"],
    ["a secret with a blank", `${accessKeyId}\nwJalr XUtnFEMI/K7MDENG`, "the secret access key is malformed"],
    ["broken JSON", `{"AccessKeyId": "${secretAccessKey}`, "that JSON is no access key"],
    ["JSON without a secret", JSON.stringify({ AccessKeyId: accessKeyId }), "that JSON is no access key"],
    ["the key of a session", `ASIAIOSFODNN7EXAMPLE\n${secretAccessKey}`, "these are the keys of a session"],
    ["a session", JSON.stringify({ ...aws, SessionToken: "token" }), "these are the keys of a session"],
  ])("is refused where it is %s, and not repeated", (_, text, message) => {
    const refused = expect.objectContaining({
      code: "InvalidConfiguration",
      message,
      hint: expect.any(String),
    });
    expect(() => parseAccessKey(text)).toThrow(refused);
    try {
      parseAccessKey(text);
    } catch (error) {
      expect(JSON.stringify(error) + String(error)).not.toContain(secretAccessKey);
    }
  });
});
