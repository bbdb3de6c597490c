import { request } from "node:http";
import { describe, expect, it, onTestFinished } from "vitest";
import {
  listenForCallback,
  type CallbackListener,
} from "../../../../packages/agent/src/issuer/child/login/callback-listener.ts";
import { callbackAnswer } from "../../../../packages/agent/src/issuer/child/login/callback-page.ts";

const state = "00000000-0000-4000-8000-000000000000";

async function listen(): Promise<CallbackListener> {
  const listener = await listenForCallback(state);
  onTestFinished(() => listener.close());
  return listener;
}

/** The status of the answer to a request, with this query after the redirect URI. */
async function visit(
  { redirectUri }: CallbackListener,
  query: string,
  options: { readonly method?: string; readonly path?: string; readonly host?: string } = {},
): Promise<number> {
  const url = new URL(options.path ?? redirectUri, redirectUri);
  url.search = query;
  return new Promise((resolve, reject) => {
    const headers = options.host === undefined ? {} : { host: options.host };
    const sent = request(url, { method: options.method ?? "GET", headers, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    sent.once("error", reject).end();
  });
}

it.each(["//[", "http://[", ""])("a request for %j finds nothing", (target) => {
  const host = "127.0.0.1:1";
  expect(callbackAnswer({ method: "GET", host, target }, { host, state })).toMatchObject({ status: 404 });
});

describe("the listener for the browser's answer", () => {
  it("listens on the loopback address alone, at the path that was registered", async () => {
    expect((await listen()).redirectUri).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/oauth\/callback$/);
  });

  it("takes the code of the answer that knows the state", async () => {
    const listener = await listen();
    expect(await visit(listener, `code=abc&state=${state}`)).toBe(200);
    expect(await listener.outcome(new AbortController().signal)).toEqual({ code: "abc" });
  });

  it("takes a refusal that knows the state", async () => {
    const listener = await listen();
    expect(await visit(listener, `error=access_denied&state=${state}`)).toBe(200);
    expect(await listener.outcome(new AbortController().signal)).toEqual({ denial: "access_denied" });
  });

  it.each([
    ["another state", "code=evil&state=other", {}, 400],
    ["no state", "code=evil", {}, 400],
    ["the state twice", `code=evil&state=${state}&state=other`, {}, 400],
    ["a refusal of another state", "error=access_denied&state=other", {}, 400],
    ["no code", `state=${state}`, {}, 400],
    ["two codes", `state=${state}&code=evil&code=abc`, {}, 400],
    ["another host", `code=evil&state=${state}`, { host: "evil.example.com" }, 403],
    ["another port of the host", `code=evil&state=${state}`, { host: "127.0.0.1:1" }, 403],
    ["POST", `code=evil&state=${state}`, { method: "POST" }, 405],
    ["the browser's favicon.ico", "", { path: "/favicon.ico" }, 404],
  ])("answers a request with %s, and goes on waiting", async (_name, query, options, status) => {
    const listener = await listen();
    expect(await visit(listener, query, options)).toBe(status);
    await visit(listener, `code=abc&state=${state}`);
    expect(await listener.outcome(new AbortController().signal)).toEqual({ code: "abc" });
  });

  it("takes only the first of two answers", async () => {
    const listener = await listen();
    await visit(listener, `code=first&state=${state}`);
    expect(await visit(listener, `code=second&state=${state}`)).toBe(410);
    expect(await listener.outcome(new AbortController().signal)).toEqual({ code: "first" });
  });

  it("is waited for as long as the signal says", async () => {
    const reason = new Error("too late");
    await expect((await listen()).outcome(AbortSignal.abort(reason))).rejects.toBe(reason);
  });
});
