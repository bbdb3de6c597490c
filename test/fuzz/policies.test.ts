import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  parseIdentityPolicy,
  parseTrustPolicy,
  PolicyDocumentError,
  type PolicyDocument,
} from "../../packages/sandbox/src/policy/document.ts";
import { evaluateIdentityPolicies, evaluateTrustPolicy } from "../../packages/sandbox/src/policy/evaluate.ts";
import { alice, bob, builder, contextOf, mayNot, deny, roleArn } from "../sandbox/policy/build.ts";
import { fuzz, report } from "./fuzz.ts";
import { mutated } from "./mutate.ts";
import {
  contexts,
  identityStatements,
  policyWords,
  trustStatements,
  type StatementDraft,
} from "./policy-grammar.ts";

interface PolicyCase {
  readonly statements: readonly StatementDraft[];
  readonly others: readonly StatementDraft[];
  readonly caller: typeof alice;
  readonly keys: Readonly<Record<string, readonly string[]>>;
}

interface Kind {
  readonly name: "trust" | "identity";
  readonly statement: fc.Arbitrary<StatementDraft>;
  readonly parse: (text: string) => PolicyDocument;
  readonly evaluate: (
    document: PolicyDocument,
    request: Parameters<typeof evaluateTrustPolicy>[1],
  ) => { readonly effect: string };
  /** Applies to everybody. */
  readonly denial: StatementDraft;
}

const kinds: readonly Kind[] = [
  {
    name: "trust",
    statement: trustStatements,
    parse: parseTrustPolicy,
    evaluate: evaluateTrustPolicy,
    denial: deny({ AWS: "*" }),
  },
  {
    name: "identity",
    statement: identityStatements,
    parse: parseIdentityPolicy,
    evaluate: (document, request) => evaluateIdentityPolicies([{ name: "p", document }], request),
    denial: mayNot(),
  },
];

const textOf = (statements: readonly StatementDraft[]): string =>
  JSON.stringify({ Version: "2012-10-17", Statement: statements });

/** The document; undefined where it is refused as it should be. */
function parsed({ parse }: Kind, text: string): PolicyDocument | undefined {
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof PolicyDocumentError) return undefined;
    throw error;
  }
}

const caller = fc.constantFrom(alice, bob, builder);
const shortly = 150;

describe.each(kinds)("a $name policy", (kind) => {
  const { name, statement, evaluate, denial } = kind;
  const request = (who: typeof alice, keys: PolicyCase["keys"]) => ({
    action: "sts:AssumeRole",
    resource: roleArn,
    caller: who,
    context: contextOf(keys),
  });

  it("decides the same in any order of its statements, and a Deny that applies wins from any place", async () => {
    const effects = new Map<string, number>();
    const figures = await fuzz<PolicyCase>({
      name: `policies:${name}-order`,
      cases: fc.array(statement, { minLength: 1, maxLength: 5 }).chain((statements) =>
        fc.record({
          statements: fc.constant(statements),
          others: fc.shuffledSubarray(statements, { minLength: statements.length }),
          caller,
          keys: contexts,
        }),
      ),
      check: ({ statements, others, caller: who, keys }) => {
        const [document, shuffled] = [parsed(kind, textOf(statements)), parsed(kind, textOf(others))];
        if (document === undefined || shuffled === undefined) {
          if (document !== shuffled) throw new Error("one order is refused, the other is not");
          return;
        }
        const { effect } = evaluate(document, request(who, keys));
        effects.set(effect, (effects.get(effect) ?? 0) + 1);
        if (evaluate(shuffled, request(who, keys)).effect !== effect) throw new Error("the order decides");
        for (const all of [
          [denial, ...statements],
          [...statements, denial],
        ]) {
          const denied = parsed(kind, textOf(all));
          if (denied === undefined || evaluate(denied, request(who, keys)).effect !== "explicit-deny")
            throw new Error("a Deny that applies does not win");
        }
      },
      shortly,
      share: 1 / 4,
    });
    report(`policies:${name}-order`, figures, `; ${[...effects].map((pair) => pair.join(": ")).join(", ")}`);
    if (figures.cases > 0)
      expect([...effects.keys()]).toEqual(expect.arrayContaining(["allow", "explicit-deny"]));
  });

  it("that is malformed in whatever way is refused by its own error, and nothing else", async () => {
    let valid = 0;
    const figures = await fuzz<readonly [string, typeof alice, PolicyCase["keys"]]>({
      name: `policies:${name}-text`,
      cases: fc.tuple(
        mutated(fc.array(statement, { maxLength: 3 }).map(textOf), policyWords, 3),
        caller,
        contexts,
      ),
      check: ([text, who, keys]) => {
        const document = parsed(kind, text);
        if (document === undefined) return;
        valid += 1;
        evaluate(document, request(who, keys));
      },
      shortly,
      share: 1 / 4,
    });
    report(`policies:${name}-text`, figures, `, ${valid} of them valid`);
    if (figures.cases > 0) expect(valid).toBeGreaterThan(0);
  });
});
