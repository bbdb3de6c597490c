import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { isErrorCode, RoleAgentError } from "@role-agent/provider/errors";
import * as fc from "fast-check";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { hold, sealed } from "../../packages/agent/src/core/session.ts";
import { checkedSession } from "../../packages/agent/src/issuer/child/checked-session.ts";
import { temporaryDirectory } from "../support/temporary.ts";
import { answeredSecret, printedDocuments } from "./answer-documents.ts";
import { fakeAnswers } from "./answer-grammar.ts";
import { askProcess, askSignin, askSso, askSts, type Ask } from "./answer-roles.ts";
import { startFakeEndpoint } from "./fake-endpoint.ts";
import { fuzz, report } from "./fuzz.ts";

const deadlineMs = 3000;
const graceMs = 500;

interface AnswerCase {
  readonly answer: string;
  readonly printed: string;
}

interface Answerer {
  readonly name: string;
  readonly cases: fc.Arbitrary<AnswerCase>;
  readonly ask: (directory: string) => Ask;
}

const answers = (service: Parameters<typeof fakeAnswers>[0]): fc.Arbitrary<AnswerCase> =>
  fc.record({ answer: fakeAnswers(service), printed: fc.constant("") });

const answerers: readonly Answerer[] = [
  { name: "sts", cases: answers("sts"), ask: () => askSts },
  { name: "sso", cases: answers("sso"), ask: (directory) => askSso(directory, 600) },
  { name: "oidc", cases: answers("oidc"), ask: (directory) => askSso(directory, -10) },
  { name: "signin", cases: answers("signin"), ask: askSignin },
  {
    name: "process",
    cases: fc.record({ answer: fakeAnswers("exchange"), printed: printedDocuments }),
    ask: (directory) => askProcess(join(directory, "printed")),
  },
];

/** What came of it: a session that the agent can hold, or one of our errors that tells no secret. Throws otherwise. */
async function outcomeOf(ask: Ask, round: number): Promise<string> {
  try {
    const session = checkedSession(await ask(round, AbortSignal.timeout(deadlineMs)));
    hold(sealed(session), { wall: Date.now(), mono: performance.now() });
    return "session";
  } catch (error) {
    if (!(error instanceof RoleAgentError) || !isErrorCode(error.code)) throw error;
    if (`${error.message} ${error.hint}`.includes(answeredSecret))
      throw new Error("the error tells a secret", { cause: error });
    return error.code;
  }
}

describe.each(answerers)("whatever is answered ($name)", ({ name, cases, ask }) => {
  it("is a session or one of our errors, in time, and no secret is told", async () => {
    const endpoint = await startFakeEndpoint();
    const directory = temporaryDirectory();
    vi.stubEnv("AWS_ENDPOINT_URL", endpoint.url);
    vi.stubEnv("AWS_CONFIG_FILE", join(directory, "no-config"));
    vi.stubEnv("AWS_SHARED_CREDENTIALS_FILE", join(directory, "no-credentials"));
    onTestFinished(() => void vi.unstubAllEnvs());
    const asked = ask(directory);
    const outcomes = new Map<string, number>();
    let round = 0;
    const figures = await fuzz<AnswerCase>({
      name: `answers:${name}`,
      cases,
      check: async ({ answer, printed }) => {
        endpoint.answer = answer;
        writeFileSync(join(directory, "printed"), printed);
        round += 1;
        const started = performance.now();
        const outcome = await outcomeOf(asked, round);
        if (performance.now() - started > deadlineMs + graceMs)
          throw new Error("it takes longer than its deadline");
        outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
      },
      shortly: 30,
      share: 1 / answerers.length,
    });
    report(`answers:${name}`, figures, `; ${[...outcomes].map((pair) => pair.join(": ")).join(", ")}`);
    // A renewed sign-in is used at once, and the same answer is no session for it.
    if (figures.cases > 0)
      expect([...outcomes.keys()]).toContain(name === "oidc" ? "SourceUnavailable" : "session");
  });
});
