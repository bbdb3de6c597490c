/** A setting of Node's that lets others see, or run with, what an agent holds. */
export interface UnsafeSetting {
  /** As it was given: `NODE_OPTIONS --inspect`. */
  readonly name: string;
  /** What it does, to go on after `it `. */
  readonly does: string;
}

/** Options of Node by what they do; all others are the user's business. */
const unsafeOptions: readonly (readonly [RegExp, string])[] = [
  [/^--(inspect|debug-port)/, "opens a debugger to every user of the machine"],
  [
    /^(-r|--(require|import|(experimental-)?loader|snapshot-blob|openssl-config|experimental-(default-)?config-file))$/,
    "runs code in the agent that is not its own",
  ],
  [
    /^--(report-on-|report-uncaught|heapsnapshot-|abort-on-uncaught|unhandled-rejections)/,
    "writes what the agent holds to a file or its log",
  ],
];

/**
 * What the environment and the options of this process say that an agent is not to run with.
 * @see https://nodejs.org/api/cli.html
 */
export function unsafeSettings(env: NodeJS.ProcessEnv, execArgv: readonly string[]): UnsafeSetting[] {
  return [
    ...unsafeVariables(env),
    ...optionsIn(execArgv).map(({ name, does }) => ({ name: `node ${name}`, does })),
    ...optionsIn(wordsOf(env["NODE_OPTIONS"])).map(({ name, does }) => ({
      name: `NODE_OPTIONS ${name}`,
      does,
    })),
  ];
}

/** The same environment without them: a debugger of somebody's shell is not meant for the agent that it starts. */
export function withoutUnsafeSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const safe = { ...env };
  for (const { name } of unsafeVariables(env)) delete safe[name];
  const words = wordsOf(env["NODE_OPTIONS"]);
  if (optionsIn(words).length === 0) return safe;
  let isDropping = false;
  const kept = words.filter((word) => {
    // What is no option is the value of the one before it.
    if (word.startsWith("-")) isDropping = whatItDoes(word) !== undefined;
    return !isDropping;
  });
  if (kept.length === 0) delete safe["NODE_OPTIONS"];
  else safe["NODE_OPTIONS"] = kept.map(quoted).join(" ");
  return safe;
}

function unsafeVariables(env: NodeJS.ProcessEnv): UnsafeSetting[] {
  const found = ["NODE_DEBUG", "NODE_DEBUG_NATIVE"]
    .filter((name) => env[name])
    .map((name) => ({ name, does: "prints the tokens and keys of requests" }));
  const name = "NODE_TLS_REJECT_UNAUTHORIZED";
  return env[name] === "0" ? [...found, { name, does: "lets anybody answer in the name of AWS" }] : found;
}

function optionsIn(words: readonly string[]): UnsafeSetting[] {
  return words.flatMap((word) => {
    const does = whatItDoes(word);
    return does === undefined ? [] : [{ name: nameOf(word), does }];
  });
}

function whatItDoes(word: string): string | undefined {
  return unsafeOptions.find(([pattern]) => pattern.test(nameOf(word)))?.[1];
}

/** Node takes `_` for `-` in them. */
function nameOf(word: string): string {
  return (word.split("=", 1)[0] ?? "").replaceAll("_", "-");
}

/** As Node splits its variable: at spaces, but for those within double quotes, where `\` quotes one more. */
function wordsOf(text = ""): string[] {
  const words: string[] = [];
  for (const [part] of text.matchAll(/(?:"(?:\\.|[^"\\])*"?|[^ "])+/gs))
    words.push(
      part.replaceAll(/"((?:\\.|[^"\\])*)"?/gs, (_, inner: string) => inner.replaceAll(/\\(.)/gs, "$1")),
    );
  return words;
}

function quoted(word: string): string {
  return /[ "]/.test(word) ? `"${word.replaceAll(/["\\]/g, String.raw`\$&`)}"` : word;
}
