/** What is wrong with the name of a role, or undefined. A client asks for it as one segment of a URL's path. */
export function roleNameProblem(name: string): string | undefined {
  if (name === "") return "a role needs a name";
  if (/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}/]/u.test(name)) return 'a role\'s name has no "/" and no control characters';
  if (name.startsWith(profilePrefix)) return 'names that start with "profile " are kept for AWS profiles';
  return undefined;
}

/** Before the name of a profile whose own name is taken by a role of config.toml. */
export const profilePrefix = "profile ";
