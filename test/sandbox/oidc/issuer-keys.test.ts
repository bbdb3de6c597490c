import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import { createOidcIssuer } from "@role-agent/sandbox";
import { CreateOpenIDConnectProviderCommand, CreateRoleCommand } from "@aws-sdk/client-iam";
import { expect, onTestFinished, test } from "vitest";
import { iam, refusal, sandboxForTest } from "../support.ts";
import { assumeWithToken, AUDIENCE, trustIssuer } from "./web-identity.ts";

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const address = server.address();
  return `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
}

/** An issuer on this machine whose keys `answer` may withhold; returns a call that presents its token. */
async function localIssuer(
  answer: (path: string, url: string) => object | number | undefined,
): Promise<() => Promise<unknown>> {
  const sandbox = await sandboxForTest();
  let jwks: object = {};
  const url = await serve(({ url: path = "" }, response) => {
    const discovery = { issuer: url, jwks_uri: `${url}/keys` };
    const body = answer(path, url) ?? (path === "/keys" ? jwks : discovery);
    if (typeof body === "number") response.writeHead(body).end();
    else response.end(JSON.stringify(body));
  });
  const issuer = await createOidcIssuer({ url });
  jwks = issuer.jwks;
  const create = new CreateOpenIDConnectProviderCommand({ Url: url, ClientIDList: [AUDIENCE] });
  const { OpenIDConnectProviderArn: arn = "" } = await iam(sandbox).send(create);
  await iam(sandbox).send(
    new CreateRoleCommand({
      RoleName: "Ci",
      AssumeRolePolicyDocument: trustIssuer(arn, { StringEquals: { [`${url.slice(7)}:sub`]: "me" } }),
    }),
  );
  const token = await issuer.sign({ sub: "me", aud: AUDIENCE });
  return () => assumeWithToken(sandbox, token);
}

test("the keys of an issuer on this machine are fetched where its discovery document says", async () => {
  const assume = await localIssuer(() => undefined);
  await expect(assume()).resolves.toMatchObject({ SubjectFromWebIdentityToken: "me" });
});

test.each([
  ["fails", () => 503, "IDPCommunicationError"],
  ["has no discovery document", () => 404, "InvalidIdentityToken"],
  ["names another issuer", () => ({ issuer: "https://other.example.com" }), "InvalidIdentityToken"],
  [
    "leads elsewhere for its keys",
    (path: string, issuer: string) =>
      path === "/keys" ? undefined : { issuer, jwks_uri: "https://other.example.com/keys" },
    "InvalidIdentityToken",
  ],
  ["has no keys", (path: string) => (path === "/keys" ? {} : undefined), "InvalidIdentityToken"],
])("an issuer that %s is no issuer", async (_, answer, code) => {
  const assume = await localIssuer(answer);
  expect((await refusal(assume())).code).toBe(code);
});
