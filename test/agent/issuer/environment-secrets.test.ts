import { expect, it } from "vitest";
import { revealSecrets, takeSecrets } from "../../../packages/agent/src/issuer/environment-secrets.ts";

it("secrets of the environment are taken out of it, and revealed to who needs them", () => {
  const secret = {
    AWS_SECRET_ACCESS_KEY: "wJalrXUtnFEMI",
    AWS_SESSION_TOKEN: "IQoJb3JpZ2lu",
    AWS_CONTAINER_AUTHORIZATION_TOKEN: "token",
    https_proxy: "http://alice:password@proxy.example.com:3128",
  };
  const rest = {
    AWS_ACCESS_KEY_ID: "AKIAIOSFODNN7EXAMPLE",
    HTTP_PROXY: "http://proxy.example.com:3128",
    NO_PROXY: "localhost",
    HOME: "/home/alice",
  };
  const env = { ...rest, ...secret };
  const taken = takeSecrets(env);
  expect(env).toEqual(rest);
  expect(revealSecrets(taken)).toEqual(secret);
  expect(JSON.stringify([...taken])).not.toMatch(/wJalr|IQoJ|password|"token"/);
});
