/** A door as somebody sees it who may have one role of it and wants another. */
export interface TrickDoor {
  /** Value of `Host`. */
  readonly host: string;
  /** What the names of roles are appended to. */
  readonly base: string;
  /** The request target that brings the own role. */
  readonly own: string;
  /** Name of the header with the token; a door without tokens gets it all the same. */
  readonly tokenHeader: string;
  /** For the own role. */
  readonly token: string;
  /** A token of the other role at the container door, which a client can't have whole. */
  readonly otherToken: string;
}

/** One way to ask for the other role: what it is, and what is sent, as for `exchange`. */
export type Trick = readonly [name: string, parts: readonly string[]];

/** The role that is asked for. Its name occurs in no answer but by a leak. */
export const otherRole = "zebra";

/** A whole request with the own token, after which the connection may go on. */
export function request(
  door: TrickDoor,
  target: string,
  lines: readonly string[] = [],
  { method = "GET", body = "", token = door.token }: { method?: string; body?: string; token?: string } = {},
): string {
  return `${[`${method} ${target} HTTP/1.1`, `Host: ${door.host}`, `${door.tokenHeader}: ${token}`, ...lines].join("\r\n")}\r\n\r\n${body}`;
}

/** The target that would bring the other role to whoever may have it. */
export function otherTarget({ base }: TrickDoor): string {
  return `${base}/${otherRole}`;
}
