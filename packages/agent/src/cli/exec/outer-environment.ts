/** What `exec` sets for its command, and what is no secret: credentials that it takes away are not kept anywhere. */
const replaced = [
  "AWS_CONFIG_FILE",
  "AWS_SHARED_CREDENTIALS_FILE",
  "AWS_CREDENTIAL_PROFILES_FILE",
  "AWS_REGION",
  "AWS_DEFAULT_REGION",
  "BOTO_CONFIG",
  "NO_PROXY",
  "no_proxy",
] as const;

/** What `exec` gives its command credentials by. */
const given = [
  "AWS_CONTAINER_CREDENTIALS_FULL_URI",
  "AWS_CONTAINER_AUTHORIZATION_TOKEN",
  "AWS_ACCESS_KEY_ID",
  "AWS_SECRET_ACCESS_KEY",
  "AWS_SESSION_TOKEN",
  "AWS_CREDENTIAL_EXPIRATION",
] as const;

const variable = "ROLE_AGENT_OUTER_ENV";

/**
 * Tells a command of `exec` which values its own variables took the place of, also where one `exec` runs in another;
 * and the region that it has from its role, if it has it from there.
 */
export function outerVariable(
  env: NodeJS.ProcessEnv,
  roleRegion: string | undefined,
): Record<string, string> {
  const outer = env[variable];
  const values = outer === undefined ? valuesOf(env) : valuesIn(outer);
  return { [variable]: JSON.stringify({ ...values, roleRegion }) };
}

/** The region that the `exec` around this process has from its role; `undefined` where somebody has chosen it. */
export function outerRoleRegion(env: NodeJS.ProcessEnv): string | undefined {
  const { roleRegion } = record(env[variable] ?? "");
  return typeof roleRegion === "string" ? roleRegion : undefined;
}

/**
 * The environment outside of `exec`, for an agent that is started in it and outlives it: without its endpoint, and with
 * the AWS files that were there before. The same environment where there is no `exec`.
 */
export function outerEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const text = env[variable];
  if (text === undefined) return env;
  const rest = { ...env };
  for (const name of [...replaced, ...given, variable]) delete rest[name];
  return { ...rest, ...valuesIn(text) };
}

function valuesOf(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(replaced.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])));
}

function valuesIn(text: string): NodeJS.ProcessEnv {
  const known: readonly string[] = replaced;
  return Object.fromEntries(
    Object.entries(record(text)).flatMap(([name, value]) =>
      known.includes(name) && typeof value === "string" ? [[name, value]] : [],
    ),
  );
}

/** Empty for what is no JSON object. */
function record(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
