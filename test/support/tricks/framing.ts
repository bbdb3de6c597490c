import { otherTarget, request, type Trick, type TrickDoor } from "./trick.ts";

/** A request for the other role hidden in, or behind, one that is refused or answered. */
export function framingTricks(door: TrickDoor): readonly Trick[] {
  const { own } = door;
  const whole = otherTarget(door);
  const hidden = request(door, whole);
  const chunk = `${hidden.length.toString(16)}\r\n${hidden}\r\n0\r\n\r\n`;
  const post = (lines: readonly string[], body: string, target = own): string =>
    request(door, target, lines, { method: "POST", body });
  const get = (lines: readonly string[], body: string): string => request(door, own, lines, { body });
  const length = `Content-Length: ${hidden.length}`;
  const bodies: readonly (readonly [string, string])[] = [
    ["in the body of a GET", get([length], hidden)],
    ["in the body of a POST", post([length], hidden)],
    ["in the body of a PUT", request(door, own, [length], { method: "PUT", body: hidden })],
    ["behind a length of 0", post(["Content-Length: 0"], hidden)],
    ["behind a length that is too small", post(["Content-Length: 1"], hidden)],
    ["behind a negative length", post(["Content-Length: -1"], hidden)],
    ["behind a length of +0", post(["Content-Length: +0"], hidden)],
    ["behind a length of 0x0", post(["Content-Length: 0x0"], hidden)],
    ["behind a length in two parts", post(["Content-Length: 0, 0"], hidden)],
    ["behind a huge length", post(["Content-Length: 18446744073709551616"], hidden)],
    ["behind two lengths", post(["Content-Length: 0", length], hidden)],
    ["behind two equal lengths", post(["Content-Length: 0", "Content-Length: 0"], hidden)],
    ["by length and chunks", post([length, "Transfer-Encoding: chunked"], `0\r\n\r\n${hidden}`)],
    ["by chunks and length", post(["Transfer-Encoding: chunked", "Content-Length: 0"], `0\r\n\r\n${hidden}`)],
    ["behind no chunk", post(["Transfer-Encoding: chunked"], `0\r\n\r\n${hidden}`)],
    ["in a chunk", post(["Transfer-Encoding: chunked"], chunk)],
    ["in a chunk of a GET", get(["Transfer-Encoding: chunked"], chunk)],
    ["behind a chunk's extension", post(["Transfer-Encoding: chunked"], `0;x=\n\r\n\r\n${hidden}`)],
    ["behind a malformed chunk", post(["Transfer-Encoding: chunked"], `0x0\r\n\r\n${hidden}`)],
    [
      "in a trailer",
      post(["Transfer-Encoding: chunked", "Trailer: X"], `0\r\nX-Original-URL: ${whole}\r\n\r\n`),
    ],
    ["behind a trailer", post(["Transfer-Encoding: chunked"], `0\r\nHost: x\r\n\r\n${hidden}`)],
    ["by an obscure coding", post(["Transfer-Encoding: xchunked"], `0\r\n\r\n${hidden}`)],
    ["by two codings", post(["Transfer-Encoding: chunked, identity"], `0\r\n\r\n${hidden}`)],
    ["by a coding twice", post(["Transfer-Encoding: chunked", "Transfer-Encoding: x"], `0\r\n\r\n${hidden}`)],
    ["by a coding with a tab", post(["Transfer-Encoding:\tchunked"], `0\r\n\r\n${hidden}`)],
    [
      "by a coding with a space before its colon",
      post(["Transfer-Encoding : chunked"], `0\r\n\r\n${hidden}`),
    ],
    ["by a folded coding", post(["Transfer-Encoding:\r\n chunked"], `0\r\n\r\n${hidden}`)],
    ["by a coding with a bare line feed", post(["X: y\nTransfer-Encoding: chunked"], `0\r\n\r\n${hidden}`)],
    ["behind an expectation", post(["Expect: 100-continue", length], hidden)],
    ["behind an upgrade", request(door, own, ["Connection: Upgrade", "Upgrade: h2c"], { body: hidden })],
    ["behind empty lines", `\r\n\r\n${hidden}`],
    ["behind a header that has no end", `GET ${own} HTTP/1.1\r\nX: ${hidden}`],
    ["behind bare line feeds", `${request(door, own).replaceAll("\r\n", "\n")}${hidden}`],
    ["behind bare carriage returns", `${request(door, own).replaceAll("\r\n", "\r")}${hidden}`],
    ["in the target, by a line break", request(door, `${own} HTTP/1.1\r\nX: y\r\n\r\nGET ${whole}`)],
  ];
  const good = request(door, own);
  const behind: readonly (readonly [string, string])[] = [
    ["a good request", good],
    ["two good requests", good + good],
    ["a closing request", request(door, own, ["Connection: close"])],
    ["a refused request", request(door, own, ["Origin: null"])],
    ["a request with a wrong token", request(door, own, [], { token: "wrong" })],
    ["a request for nothing", request(door, "/nothing")],
    ["a malformed request", "x\r\n\r\n"],
    ["a CONNECT", request(door, door.host, [], { method: "CONNECT" })],
  ];
  return [
    ...bodies.map(([name, bytes]): Trick => [name, [bytes]]),
    ...behind.flatMap(([name, bytes]): Trick[] => [
      [`pipelined behind ${name}`, [bytes + hidden]],
      [`after the answer to ${name}`, [bytes, hidden]],
      [
        `without a token, after the answer to ${name}`,
        [bytes, `GET ${whole} HTTP/1.1\r\nHost: ${door.host}\r\n\r\n`],
      ],
    ]),
  ];
}
