import * as fc from "fast-check";
import { bodies, documents, mostly, type Service } from "./answer-documents.ts";
import { mutated } from "./mutate.ts";

const refusals = [
  "400 Bad Request",
  "403 Forbidden",
  "401 x",
  "500 Oops",
  "503 Slow Down",
  "429 Too Many",
] as const;
const oddities = ["302 Found", "204 No Content", "101 Switching Protocols", "999 x", "x"] as const;
const headers = [
  "Date: Tue, 24 Nov 2026 12:00:00 GMT",
  "Date: yesterday",
  "Date: Thu, 01 Jan 1970 00:00:00 GMT",
  "Retry-After: 99999",
  "Retry-After: -1",
  "Retry-After: Tue, 24 Nov 2026 12:00:00 GMT",
  "Location: /",
  "Content-Encoding: gzip",
  "Content-Type: text/xml",
  "Content-Type: application/json",
  "x-amzn-errortype: AccessDeniedException:http://internal/",
  "x-amzn-errortype: __proto__",
  "x-amzn-RequestId: \xff",
  "Transfer-Encoding: chunked",
  "Set-Cookie: a=b",
  "no colon",
];

function answersWith(body: fc.Arbitrary<string>, status: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc
    .record({
      status,
      lines: fc.array(fc.constantFrom(...headers), { maxLength: 2 }),
      body: body.map((text) => Buffer.from(text).toString("latin1")),
      surplus: fc.oneof(
        { weight: 9, arbitrary: fc.constant(0) },
        { weight: 1, arbitrary: fc.constantFrom(-3, 3, 5_000_000) },
      ),
    })
    .map(({ status: line, lines, body: text, surplus }) => {
      const length = Math.max(0, text.length + surplus);
      return [`HTTP/1.1 ${line}`, ...lines, `Content-Length: ${length}`, "", text].join("\r\n");
    });
}

/** Whole answers of a service, every character a byte: HTTP more or less, around its documents. */
export function fakeAnswers(service: Service): fc.Arbitrary<string> {
  const { given, refused } = bodies[service];
  const whole = fc.oneof(
    { weight: 2, arbitrary: answersWith(documents(given), mostly("200 OK", ...oddities, ...refusals)) },
    { weight: 1, arbitrary: answersWith(documents(refused), fc.constantFrom(...refusals, "200 OK")) },
  );
  return fc.oneof(
    { weight: 8, arbitrary: whole },
    { weight: 1, arbitrary: mutated(whole, ["\r\n", "\n", "\0", "HTTP/1.1 100 Continue\r\n\r\n"], 2) },
  );
}
