import type { ConfigProblem } from "./config.ts";
import type { Explain } from "./explain.ts";
import type { KeyPath } from "./words.ts";

/** What is wrong with the name of a role, or undefined. A client asks for it as one segment of a URL's path. */
export function roleNameProblem(name: string): string | undefined {
  if (name === "") return "a role needs a name";
  if (/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}/]/u.test(name)) return 'a role\'s name has no "/" and no control characters';
  if (name.startsWith(profilePrefix)) return 'names that start with "profile " are kept for AWS profiles';
  return undefined;
}

/** Before the name of a profile whose own name is taken by a role of config.toml. */
export const profilePrefix = "profile ";

const sources = ["source_profile", "source_role", "credential_source"] as const;

/** What a role is follows from its keys: an alias of a profile, or one to assume. A mixture is an error. */
export function roleTableProblems(explain: Explain, path: KeyPath, table: object): ConfigProblem[] {
  const at = (key: string, message: string, hint: string) => explain([...path, key], message, hint);
  if (Object.hasOwn(table, "profile")) {
    return Object.keys(table).length === 1
      ? []
      : [
          at(
            "profile",
            "stands alone: the role is that profile",
            "remove the other keys, or use source_profile",
          ),
        ];
  }
  const problems: ConfigProblem[] = [];
  if (!Object.hasOwn(table, "role_arn")) {
    problems.push(
      explain(path, "role_arn is missing", 'add it, or only profile = "NAME" for an AWS profile'),
    );
  }
  const [source, extra] = sources.filter((key) => Object.hasOwn(table, key));
  if (source === undefined) {
    problems.push(
      explain(path, "nothing says which credentials to assume it with", `add one of ${sources.join(", ")}`),
    );
  }
  if (extra !== undefined) problems.push(at(extra, `can't stand beside ${source}`, "keep one of them"));
  if (Object.hasOwn(table, "policy") && Object.hasOwn(table, "policy_file")) {
    problems.push(at("policy_file", "can't stand beside policy", "keep one of them"));
  }
  return problems;
}
