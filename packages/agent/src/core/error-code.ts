/**
 * The code of an error of the operating system or of Node, such as `ENOENT`; `unknown error` where there is none.
 * @see https://nodejs.org/api/errors.html#errorcode
 */
export function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "unknown error";
}
