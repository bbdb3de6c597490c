import { CreateRoleCommand } from "@aws-sdk/client-iam";
import { AssumeRoleCommand } from "@aws-sdk/client-sts";
import { describe, expect, test } from "vitest";
import { basicTime, IDENTITY, presignedUrl, signedPost, type Signing } from "./sign.ts";
import {
  administrator,
  frozenClock,
  HOME,
  iam,
  keysOf,
  roleArn,
  sandboxForTest,
  sts,
  trust,
} from "./support.ts";

interface Answer {
  status: number;
  code: string;
  message: string;
}

async function answerTo(response: Response): Promise<Answer> {
  const text = await response.text();
  const element = (name: string): string => new RegExp(`<${name}>(.*?)</${name}>`, "s").exec(text)?.[1] ?? "";
  return { status: response.status, code: element("Code"), message: element("Message") };
}

async function post(sandbox: Parameters<typeof signedPost>[0], signing?: Signing): Promise<Answer> {
  const { url, init } = signedPost(sandbox, signing);
  return answerTo(await fetch(url, init));
}

const MINUTE = 60_000;

describe("a signed request", () => {
  test("is accepted as AWS documents the signature, with any order of its own headers", async () => {
    const sandbox = await sandboxForTest();
    expect((await post(sandbox)).status).toBe(200);
    expect((await post(sandbox, { headers: { "x-custom": "  a   value ".trim() } })).status).toBe(200);
    expect((await post(sandbox, { signedHeaders: ["host", "x-amz-date"] })).status).toBe(200);
  });

  test.each(["eu-west-1", "us-gov-west-1", "ap-southeast-2"])(
    "may be for %s: one address is every region's",
    async (region) => {
      const sandbox = await sandboxForTest();
      expect((await post(sandbox, { scope: { region } })).status).toBe(200);
    },
  );

  test.each<[string, Signing, string]>([
    [
      "another service",
      { scope: { service: "iam" } },
      "Credential should be scoped to correct service: 'sts'.",
    ],
    ["no region", { scope: { region: "everywhere" } }, "Credential should be scoped to a valid region."],
    [
      "another terminator",
      { scope: { terminator: "aws3_request" } },
      "Credential should be scoped with a valid terminator",
    ],
    ["another day", { scope: { date: "20200101" } }, "Date in Credential scope does not match"],
    ["no host", { signedHeaders: ["x-amz-date"] }, "'Host' must be a 'SignedHeader'"],
    ["no date", { signedHeaders: ["host"] }, "The request signature we calculated does not match"],
    [
      "another checksum of its body",
      { headers: { "x-amz-content-sha256": "0".repeat(64) } },
      "does not match",
    ],
  ])("scoped to or signing %s is a SignatureDoesNotMatch", async (_case, signing, words) => {
    const { status, code, message } = await post(await sandboxForTest(), signing);
    expect([status, code]).toEqual([403, "SignatureDoesNotMatch"]);
    expect(message.replaceAll("&apos;", "'")).toContain(words);
  });

  test("with another secret, or changed on its way, is a SignatureDoesNotMatch", async () => {
    const sandbox = await sandboxForTest();
    const keys = { ...administrator(sandbox), secretAccessKey: "x".repeat(40) };
    expect((await post(sandbox, { keys })).code).toBe("SignatureDoesNotMatch");
    const { url, init } = signedPost(sandbox);
    const changed = { ...init, body: `${IDENTITY}&More=1` };
    expect((await answerTo(await fetch(url, changed))).code).toBe("SignatureDoesNotMatch");
    const headers = { ...init.headers, "content-type": "application/x-www-form-urlencoded; charset=utf-8" };
    expect((await answerTo(await fetch(url, { ...init, headers }))).code).toBe("SignatureDoesNotMatch");
  });

  test("holds within 15 minutes of the sandbox's clock on both sides", async () => {
    const { clock } = frozenClock();
    const sandbox = await sandboxForTest({ clock });
    const now = Math.floor(clock.now() / 1000) * 1000;
    clock.set(now);
    expect((await post(sandbox, { at: now - 15 * MINUTE })).status).toBe(200);
    expect((await post(sandbox, { at: now + 15 * MINUTE })).status).toBe(200);

    const late = now - 15 * MINUTE - 1000;
    const expired = await post(sandbox, { at: late });
    expect([expired.status, expired.code]).toEqual([403, "SignatureDoesNotMatch"]);
    expect(expired.message).toBe(
      `Signature expired: ${basicTime(late)} is now earlier than ${basicTime(now - 15 * MINUTE)} (${basicTime(now)} - 15 min.)`,
    );
    const early = now + 15 * MINUTE + 1000;
    const notYet = await post(sandbox, { at: early });
    expect([notYet.status, notYet.code]).toEqual([403, "SignatureDoesNotMatch"]);
    expect(notYet.message).toBe(
      `Signature not yet current: ${basicTime(early)} is still later than ${basicTime(now + 15 * MINUTE)} (${basicTime(now)} + 15 min.)`,
    );
  });
});

describe("what the request says of its signature", () => {
  test("nothing is a MissingAuthenticationToken", async () => {
    const sandbox = await sandboxForTest();
    const answer = await answerTo(await fetch(sandbox.url, { method: "POST", body: IDENTITY }));
    expect(answer).toEqual({
      status: 403,
      code: "MissingAuthenticationToken",
      message: "Request is missing Authentication Token",
    });
  });

  test.each<[string, string | undefined, string]>([
    ["another scheme", "Basic dXNlcjpwYXNz", "algorithm"],
    ["nothing but the algorithm", "AWS4-HMAC-SHA256", "'Credential'"],
    [
      "no signature",
      "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20261124/us-east-1/sts/aws4_request, SignedHeaders=host",
      "'Signature'",
    ],
    [
      "no signed headers",
      "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20261124/us-east-1/sts/aws4_request, Signature=00",
      "'SignedHeaders'",
    ],
    [
      "a short credential",
      "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20261124/us-east-1, SignedHeaders=host, Signature=00",
      "5 slash-delimited elements",
    ],
  ])("%s is an IncompleteSignature", async (_case, authorization, words) => {
    const sandbox = await sandboxForTest();
    const headers = { ...signedPost(sandbox).init.headers, authorization: authorization ?? "" };
    const { status, code, message } = await answerTo(
      await fetch(sandbox.url, { method: "POST", headers, body: IDENTITY }),
    );
    expect([status, code]).toEqual([400, "IncompleteSignature"]);
    expect(message.replaceAll("&apos;", "'")).toContain(words);
  });

  test.each(["yesterday", "2026-11-24T14:47:56Z", "20261324T144756Z"])(
    "the date %s is an IncompleteSignature",
    async (date) => {
      const answer = await post(await sandboxForTest(), { headers: { "x-amz-date": date } });
      expect([answer.status, answer.code]).toEqual([400, "IncompleteSignature"]);
    },
  );
});

describe("the key", () => {
  test("that nobody has is an InvalidClientTokenId", async () => {
    const sandbox = await sandboxForTest();
    for (const accessKeyId of ["AKIAI44QH8DHCEXAMPLE", "ASIAI44QH8DHCEXAMPLE", "__proto__", "constructor"]) {
      const { status, code, message } = await post(sandbox, {
        keys: { accessKeyId, secretAccessKey: "x".repeat(40) },
      });
      expect([status, code]).toEqual([403, "InvalidClientTokenId"]);
      expect(message).toBe("The security token included in the request is invalid.");
    }
  });

  test("of a session goes with its token alone, and a long-term key with none", async () => {
    const sandbox = await sandboxForTest();
    const document = trust({ AWS: HOME });
    await iam(sandbox).send(new CreateRoleCommand({ RoleName: "R", AssumeRolePolicyDocument: document }));
    const { Credentials } = await sts(sandbox).send(
      new AssumeRoleCommand({ RoleArn: roleArn("R"), RoleSessionName: "me" }),
    );
    const { accessKeyId, secretAccessKey, sessionToken = "" } = keysOf(Credentials);
    expect((await post(sandbox, { keys: { accessKeyId, secretAccessKey, sessionToken } })).status).toBe(200);
    const wrong = [
      { accessKeyId, secretAccessKey },
      { accessKeyId, secretAccessKey, sessionToken: `${sessionToken}x` },
      { ...administrator(sandbox), sessionToken },
    ];
    for (const keys of wrong) expect((await post(sandbox, { keys })).code).toBe("InvalidClientTokenId");
  });

  test("of a session ends with it, by the sandbox's clock", async () => {
    const { clock } = frozenClock();
    const sandbox = await sandboxForTest({ clock });
    const document = trust({ AWS: HOME });
    await iam(sandbox).send(new CreateRoleCommand({ RoleName: "R", AssumeRolePolicyDocument: document }));
    const { Credentials } = await sts(sandbox).send(
      new AssumeRoleCommand({ RoleArn: roleArn("R"), RoleSessionName: "me" }),
    );
    const keys = keysOf(Credentials);
    const expiration = Credentials?.Expiration?.getTime() ?? 0;
    clock.set(expiration - 1);
    expect((await post(sandbox, { keys })).status).toBe(200);
    clock.set(expiration);
    expect(await post(sandbox, { keys })).toEqual({
      status: 403,
      code: "ExpiredToken",
      message: "The security token included in the request is expired",
    });
  });
});

describe("a presigned URL", () => {
  test("is accepted for as long as it says", async () => {
    const { clock } = frozenClock();
    const sandbox = await sandboxForTest({ clock });
    const url = presignedUrl(sandbox, { expiresInSeconds: 60 });
    expect((await fetch(url)).status).toBe(200);
    clock.advance(58_000);
    expect((await fetch(url)).status).toBe(200);
    clock.advance(4000);
    const answer = await answerTo(await fetch(url));
    expect([answer.status, answer.code]).toEqual([403, "SignatureDoesNotMatch"]);
    expect(answer.message).toContain("Signature expired");
  });

  test("carries the session token of temporary keys", async () => {
    const sandbox = await sandboxForTest();
    const document = trust({ AWS: HOME });
    await iam(sandbox).send(new CreateRoleCommand({ RoleName: "R", AssumeRolePolicyDocument: document }));
    const { Credentials } = await sts(sandbox).send(
      new AssumeRoleCommand({ RoleArn: roleArn("R"), RoleSessionName: "me" }),
    );
    const response = await fetch(presignedUrl(sandbox, { keys: keysOf(Credentials) }));
    expect(await response.text()).toContain(`assumed-role/R/me</Arn>`);
  });

  test("that was changed is a SignatureDoesNotMatch", async () => {
    const sandbox = await sandboxForTest();
    const url = presignedUrl(sandbox).replace("X-Amz-Expires=60", "X-Amz-Expires=600");
    expect((await answerTo(await fetch(url))).code).toBe("SignatureDoesNotMatch");
  });

  test.each(["0", "604801", "soon"])("for %s seconds is an IncompleteSignature", async (seconds) => {
    const sandbox = await sandboxForTest();
    const url = presignedUrl(sandbox).replace("X-Amz-Expires=60", `X-Amz-Expires=${seconds}`);
    expect((await answerTo(await fetch(url))).code).toBe("IncompleteSignature");
  });
});
