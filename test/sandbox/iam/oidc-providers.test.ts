import {
  CreateOpenIDConnectProviderCommand,
  DeleteOpenIDConnectProviderCommand,
  GetOpenIDConnectProviderCommand,
  ListOpenIDConnectProvidersCommand,
  PutUserPolicyCommand,
  CreateUserCommand,
  CreateAccessKeyCommand,
} from "@aws-sdk/client-iam";
import { describe, expect, test } from "vitest";
import { frozenClock, HOME, iam, policy, refusal, sandboxForTest } from "../support.ts";

const Url = "https://token.actions.githubusercontent.com";
const arn = `arn:aws:iam::${HOME}:oidc-provider/token.actions.githubusercontent.com`;
const create = (url: string = Url): CreateOpenIDConnectProviderCommand =>
  new CreateOpenIDConnectProviderCommand({
    Url: url,
    ClientIDList: ["sts.amazonaws.com"],
    ThumbprintList: ["6938fd4d98bab03faadb97b34396831e3780aea1"],
    Tags: [{ Key: "team", Value: "core" }],
  });

describe("OIDC providers", () => {
  test("are created, shown, listed and deleted", async () => {
    const { clock } = frozenClock();
    const client = iam(await sandboxForTest({ clock }));
    expect((await client.send(create())).OpenIDConnectProviderArn).toBe(arn);
    expect(await client.send(new ListOpenIDConnectProvidersCommand())).toMatchObject({
      OpenIDConnectProviderList: [{ Arn: arn }],
    });
    const get = new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: arn });
    expect(await client.send(get)).toMatchObject({
      Url: "token.actions.githubusercontent.com",
      ClientIDList: ["sts.amazonaws.com"],
      ThumbprintList: ["6938fd4d98bab03faadb97b34396831e3780aea1"],
      CreateDate: new Date(Math.floor(clock.now() / 1000) * 1000),
      Tags: [{ Key: "team", Value: "core" }],
    });
    const remove = new DeleteOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: arn });
    await client.send(remove);
    expect(await refusal(client.send(get))).toMatchObject({ code: "NoSuchEntity", status: 404 });
    await client.send(remove);
    expect(
      (await client.send(new ListOpenIDConnectProvidersCommand())).OpenIDConnectProviderList ?? [],
    ).toEqual([]);
  });

  test("exist once for a URL", async () => {
    const client = iam(await sandboxForTest());
    await client.send(create());
    expect(await refusal(client.send(create()))).toMatchObject({ code: "EntityAlreadyExists", status: 409 });
  });

  test.each([
    "http://issuer.example.com",
    "https://issuer.example.com:8443",
    "https://issuer.example.com/?tenant=1",
    "issuer.example.com",
  ])("have no such URL: %s", async (url) => {
    const client = iam(await sandboxForTest());
    expect(await refusal(client.send(create(url)))).toMatchObject({ code: "InvalidInput", status: 400 });
  });

  test("need the permission of each action", async () => {
    const sandbox = await sandboxForTest();
    const administrator = iam(sandbox);
    await administrator.send(new CreateUserCommand({ UserName: "reader" }));
    await administrator.send(
      new PutUserPolicyCommand({
        UserName: "reader",
        PolicyName: "read",
        PolicyDocument: policy(["iam:Get*", "iam:List*"]),
      }),
    );
    const { AccessKey } = await administrator.send(new CreateAccessKeyCommand({ UserName: "reader" }));
    const reader = iam(sandbox, {
      accessKeyId: AccessKey?.AccessKeyId ?? "",
      secretAccessKey: AccessKey?.SecretAccessKey ?? "",
    });
    await administrator.send(create());
    await reader.send(new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: arn }));
    await reader.send(new ListOpenIDConnectProvidersCommand());
    for (const call of [
      reader.send(create("https://other.example.com")),
      reader.send(new DeleteOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: arn })),
    ]) {
      expect(await refusal(call)).toMatchObject({ code: "AccessDenied", status: 403 });
    }
  });
});
