/** An answer of an AWS service that is asked without the SDK, read whole. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Parsed JSON; undefined where it was none. */
  readonly body: unknown;
}

/** `AccessDeniedException:http://internal…` and `com.amazon…#AccessDeniedException` name the same. */
export function errorName(type: string): string {
  return type.replace(/:.*$/s, "").replace(/^.*#/s, "");
}
