const word = /(?:[^\s"'\\]|\\.|'[^']*'|"(?:[^"\\]|\\.)*")+/gsu;
const part = /\\(.)|'([^']*)'|"((?:[^"\\]|\\.)*)"|([^\s"'\\]+)/gsu;

/**
 * The words of a command line as botocore splits `credential_process`: like a POSIX shell, with quotes and
 * backslashes, but without variables, `~`, pipes or anything else that a shell would run. `undefined` where a quote
 * or a backslash is left open.
 *
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html
 */
export function splitCommand(command: string): string[] | undefined {
  if (command.replaceAll(word, "").trim() !== "") return undefined;
  return [...command.matchAll(word)].map(([text]) => text.replaceAll(part, unquoted));
}

function unquoted(_all: string, escaped?: string, single?: string, double?: string, plain?: string): string {
  return escaped ?? single ?? double?.replaceAll(/\\(["\\])/g, "$1") ?? plain ?? "";
}
