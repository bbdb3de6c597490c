import { XMLBuilder } from "fast-xml-parser";
import type { AwsError } from "./aws-error.ts";

/**
 * A result as plain data; lists are `{ member: […] }`, as the query protocol writes them, and `undefined` is
 * left out.
 */
export interface XmlObject {
  [name: string]: string | number | boolean | undefined | XmlObject | XmlObject[] | string[];
}

const builder = new XMLBuilder({ ignoreAttributes: false, attributeNamePrefix: "@" });

/** The answer to `action`; without `result` it holds the request id alone. */
export function answerDocument(
  namespace: string,
  action: string,
  result: XmlObject | undefined,
  requestId: string,
): string {
  return document({
    [`${action}Response`]: {
      "@xmlns": namespace,
      ...(result && { [`${action}Result`]: result }),
      ResponseMetadata: { RequestId: requestId },
    },
  });
}

export function errorDocument(namespace: string, error: AwsError, requestId: string): string {
  return document({
    ErrorResponse: {
      "@xmlns": namespace,
      Error: { Type: error.status < 500 ? "Sender" : "Receiver", Code: error.code, Message: error.message },
      RequestId: requestId,
    },
  });
}

// oxlint-disable-next-line no-control-regex
const notXml = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]|\p{Surrogate}/gu;

/**
 * A message may quote anything a caller sent, but XML 1.0 has no way to write most control characters, and a
 * parser would read a bare carriage return as a line feed.
 */
function document(content: XmlObject): string {
  return `${builder.build(content).replace(notXml, "\uFFFD").replaceAll("\r", "&#xD;")}\n`;
}
