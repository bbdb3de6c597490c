import { expect, it } from "vitest";
import { OpenPrompts } from "../../../packages/agent/src/core/open-prompts.ts";

const code = "role-agent mfa deploy";
const login = "role-agent login corp";

it("one prompt is enough for all roles that wait for the same", () => {
  const prompts = new OpenPrompts();
  expect(["deploy", "audit", "deploy"].map((role) => prompts.open(role, code))).toEqual([true, false, false]);
});

it("what is waited for by another command is a prompt of its own", () => {
  const prompts = new OpenPrompts();
  expect([prompts.open("deploy", code), prompts.open("reports", login)]).toEqual([true, true]);
});

it("a session of any of the roles closes their prompt, so that the next day has one again", () => {
  const prompts = new OpenPrompts();
  prompts.open("deploy", code);
  prompts.open("audit", code);
  prompts.open("reports", login);
  prompts.close("audit");
  expect([prompts.open("deploy", code), prompts.open("reports", login)]).toEqual([true, false]);
});

it("a role that turns out to fail otherwise leaves the prompt to those that wait on", () => {
  const prompts = new OpenPrompts();
  prompts.open("deploy", code);
  prompts.open("audit", code);
  prompts.withdraw("deploy");
  expect(prompts.open("deploy", code)).toBe(false);
  expect(prompts.waiting()).toEqual(["audit", "deploy"]);
  prompts.withdraw("audit");
  prompts.withdraw("deploy");
  expect(prompts.open("deploy", code)).toBe(true);
});

it("a session of a role that waits for nothing closes no prompt", () => {
  const prompts = new OpenPrompts();
  prompts.open("deploy", code);
  prompts.close("other");
  expect(prompts.open("deploy", code)).toBe(false);
});
