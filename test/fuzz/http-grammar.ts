import * as fc from "fast-check";
import { bodies, hosts, lines, methods, strangeTargets, versions, words } from "./http-words.ts";
import { mutated } from "./mutate.ts";

/** What is sent on one connection, and how that goes on. */
export interface HostileCall {
  /** Written one after the other; every character is a byte. */
  readonly parts: readonly string[];
  /** Whether the client then closes its side, cuts the connection, or listens for a moment. */
  readonly ending: "close" | "cut" | "listen";
}

/** A door as a hostile client knows it. */
export interface KnownDoor {
  readonly host: string;
  /** Request targets, among them those that are answered. */
  readonly targets: readonly string[];
  /** A header line that opens the door, or nearly. */
  readonly tokens: readonly string[];
}

/** What a hostile client sends to a door: requests by the grammar, changed or not, one after the other, or any bytes. */
export function hostileCalls(door: KnownDoor): fc.Arbitrary<HostileCall> {
  const request = fc.oneof(
    { weight: 2, arbitrary: requests(door) },
    { weight: 1, arbitrary: mutated(requests(door), words) },
  );
  const bytes = fc.oneof(
    { weight: 12, arbitrary: request },
    { weight: 3, arbitrary: fc.array(request, { minLength: 2, maxLength: 5 }).map((all) => all.join("")) },
    { weight: 1, arbitrary: requests(door).map((each) => each.repeat(40)) },
    {
      weight: 1,
      arbitrary: fc.uint8Array({ maxLength: 300 }).map((each) => Buffer.from(each).toString("latin1")),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        "\x16\x03\x01\x02\x00\x01\x00",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "\r\n\r\n",
        "",
      ),
    },
  );
  return fc.record({
    parts: fc.oneof(
      { weight: 4, arbitrary: bytes.map((text) => [text]) },
      {
        weight: 1,
        arbitrary: fc
          .tuple(bytes, fc.double({ min: 0, max: 1, noNaN: true }))
          .map(([text, at]) => halves(text, at)),
      },
    ),
    ending: fc.oneof(
      { weight: 16, arbitrary: fc.constant("close" as const) },
      { weight: 3, arbitrary: fc.constant("cut" as const) },
      { weight: 1, arbitrary: fc.constant("listen" as const) },
    ),
  });
}

function requests({ host, targets, tokens }: KnownDoor): fc.Arbitrary<string> {
  const mostly = <Value>(usual: fc.Arbitrary<Value>, other: fc.Arbitrary<Value>): fc.Arbitrary<Value> =>
    fc.oneof({ weight: 9, arbitrary: usual }, { weight: 1, arbitrary: other });
  const target = mostly(
    fc.constantFrom(...targets),
    fc.oneof(
      fc.constantFrom(...strangeTargets),
      mutated(fc.constantFrom(...targets), words, 2),
      fc.constantFrom(...targets).map((each) => `http://${host}${each}`),
    ),
  );
  const hostLine = mostly<readonly string[]>(
    fc.constant([`Host: ${host}`]),
    fc.oneof<fc.Arbitrary<readonly string[]>[]>(
      fc.constantFrom(...hosts).map((name) => [`Host: ${name}`]),
      fc.constant([]),
      fc.constant([`Host: ${host}`, `host: ${host}`]),
    ),
  );
  const line = fc.oneof(
    { weight: 2, arbitrary: fc.constantFrom(...lines) },
    { weight: 3, arbitrary: fc.constantFrom("Accept: */*", ...tokens) },
    { weight: 1, arbitrary: mutated(fc.constantFrom(...tokens), words, 2) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(fc.string({ maxLength: 12 }), fc.string({ maxLength: 30 }))
        .map((pair) => pair.join(": ")),
    },
  );
  return fc
    .record({
      method: fc.oneof(
        { weight: 3, arbitrary: fc.constant("GET") },
        { weight: 1, arbitrary: fc.constantFrom(...methods) },
        { weight: 1, arbitrary: fc.constantFrom("POST", "PUT") },
      ),
      target,
      version: fc.oneof(
        { weight: 12, arbitrary: fc.constant("HTTP/1.1") },
        { weight: 1, arbitrary: fc.constantFrom(...versions) },
      ),
      hostLine,
      headers: fc.array(line, { maxLength: 3 }),
      body: mostly(fc.constant(undefined), fc.tuple(fc.constantFrom(...bodies), fc.boolean())),
      end: fc.oneof(
        { weight: 12, arbitrary: fc.constant("\r\n") },
        { weight: 1, arbitrary: fc.constantFrom("\n", "\r") },
      ),
    })
    .map(({ method, target: path, version, hostLine: named, headers, body, end }) => {
      const [text, isMeasured] = body ?? ["", false];
      const length = isMeasured ? [`Content-Length: ${text.length}`] : [];
      return [`${method} ${path} ${version}`, ...named, ...headers, ...length, "", text].join(end);
    });
}

function halves(text: string, at: number): readonly string[] {
  const middle = Math.floor(at * text.length);
  return [text.slice(0, middle), text.slice(middle)];
}
