/** `endpoint_url` of one service, in a `[services NAME]` that profiles refer to. */
export interface ServiceEndpoint {
  readonly services: string;
  readonly url: string;
}

const endpointName = Buffer.from("endpoint_url");
const newline = "\n".charCodeAt(0);
const bracket = "[".charCodeAt(0);
const blanks = new Set<number | undefined>([" ", "\t"].map((blank) => blank.charCodeAt(0)));

/**
 * The endpoints of single services in the AWS config file. Of its lines only sections and these become strings, so that
 * no key does.
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
 */
export function serviceEndpoints(config: Buffer): ServiceEndpoint[] {
  const endpoints: ServiceEndpoint[] = [];
  let services: string | undefined;
  for (let start = 0; start < config.length;) {
    const end = endOfLine(config, start);
    while (start < end && blanks.has(config[start])) start++;
    const line = config.subarray(start, end);
    if (line[0] === bracket) services = /^\[\s*services\s+([^\]]+)\]/.exec(line.toString())?.[1]?.trim();
    else if (services !== undefined && line.subarray(0, endpointName.length).equals(endpointName)) {
      const url = /^endpoint_url\s*[=:]\s*(\S+)/.exec(line.toString())?.[1];
      if (url !== undefined) endpoints.push({ services, url });
    }
    start = end + 1;
  }
  return endpoints;
}

function endOfLine(bytes: Buffer, start: number): number {
  const end = bytes.indexOf(newline, start);
  return end < 0 ? bytes.length : end;
}
