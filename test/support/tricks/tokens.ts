import { otherRole as other, otherTarget, request, type Trick, type TrickDoor } from "./trick.ts";

/** Tokens that are not the other role's, but could be taken for it, each sent for the other role by its path. */
export function tokenTricks(door: TrickDoor): readonly Trick[] {
  const { tokenHeader, token, otherToken, own } = door;
  const whole = otherTarget(door);
  const half = otherToken.slice(0, otherToken.length / 2);
  const base64 = (text: string): string => Buffer.from(text).toString("base64");
  const tokens = [
    "",
    " ",
    "*",
    "null",
    "undefined",
    "true",
    "[object Object]",
    other,
    half,
    otherToken.slice(0, -1),
    otherToken.slice(1),
    `${otherToken}${otherToken}`,
    `${otherToken}, ${otherToken}`,
    `${token},${otherToken}`,
    `${token} ${otherToken}`,
    `${token};${otherToken}`,
    `${otherToken}.`,
    `${otherToken}=`,
    `${otherToken}\0`,
    `${otherToken}%20`,
    `"${otherToken}"`,
    `${half} ${otherToken.slice(half.length)}`,
    `${half}\t${otherToken.slice(half.length)}`,
    `${half}\r\n ${otherToken.slice(half.length)}`,
    `${half}\n${otherToken.slice(half.length)}`,
    swapCase(otherToken),
    otherToken.toUpperCase(),
    otherToken.toLowerCase(),
    otherToken.split("").toReversed().join(""),
    `Bearer Bearer ${otherToken}`,
    `Bearer  ${otherToken}`,
    `Bearer\t${otherToken}`,
    `Bearer`,
    `Bearer:${otherToken}`,
    `Token ${otherToken}`,
    `Digest username="${other}"`,
    `Basic ${base64(`${other}:${otherToken}`)}`,
    `Basic ${base64(`${other}:${token}`)}`,
    `Basic ${base64(`:${otherToken}`)}`,
    `AWS4-HMAC-SHA256 Credential=${other}`,
    base64(otherToken),
    encodeURIComponent(`${otherToken}/`),
    `\u00ef\u00bb\u00bf${otherToken}`,
    "x".repeat(7000),
    `${otherToken}${" x".repeat(3000)}`,
  ];
  const twice = (first: string, second: string): string =>
    request(door, whole, [`${tokenHeader}: ${second}`], { token: first });
  return [
    ...tokens.flatMap((each): Trick[] => [
      [`token ${JSON.stringify(each)} for the other path`, [request(door, whole, [], { token: each })]],
      [`token ${JSON.stringify(each)} for the own path`, [request(door, own, [], { token: each })]],
    ]),
    ["the own token twice", [twice(token, token)]],
    ["a half token of the other after the own", [twice(token, half)]],
    ["a half token of the other before the own", [twice(half, token)]],
    [
      "the other's token by an underscore",
      [request(door, whole, [`${tokenHeader.replace(/-?$/, "_")}: ${half}`])],
    ],
    ["the other's token in a query", [request(door, `${whole}?token=${otherToken}`)]],
    ["the other's token in a query of the own", [request(door, `${own}?Authorization=${otherToken}`)]],
    ["the other's token in a cookie", [request(door, whole, [`Cookie: Authorization=${otherToken}`])]],
    ["the other's token by another name", [request(door, whole, [`Proxy-Authorization: ${otherToken}`])]],
    ["the other's token by EKS's name", [request(door, whole, [`X-Authorization: ${otherToken}`])]],
    ["the other's token as user of the URL", [request(door, `http://${otherToken}@${door.host}${whole}`)]],
    ["the other's token in a body", [request(door, whole, ["Content-Length: 43"], { body: otherToken })]],
  ];
}

function swapCase(text: string): string {
  return text.replaceAll(/[a-z]/gi, (each) =>
    each === each.toLowerCase() ? each.toUpperCase() : each.toLowerCase(),
  );
}
