import { RoleAgentError } from "@role-agent/provider/errors";
import type { Clock } from "../core/clock.ts";
import { utcSeconds } from "../core/session.ts";
import { promptSession, untilSession, type CredentialSupply } from "./credential-supply.ts";
import { headerOf, refuseAtDoor } from "./door-guard.ts";
import {
  errorResponse,
  jsonText,
  plainText,
  type Endpoint,
  type EndpointRequest,
  type EndpointResponse,
} from "./endpoint.ts";
import { refusal } from "./guards.ts";
import type { ImdsTokens } from "./imds-tokens.ts";

/** What an IMDS endpoint is made of. It serves one role, since SDKs drop every path that tells roles apart. */
export interface ImdsOptions {
  /** Values of `Host` that are accepted: exactly these. */
  readonly hosts: readonly string[];
  /** Of `[\w+=,.@-]`, as every role name in the list of an instance. */
  readonly role: string;
  /** Answered as the instance's; its paths are not there where absent. */
  readonly region: string | undefined;
  /** Whether requests without a token are answered, as IMDSv1 does. */
  readonly isV1Served: boolean;
  readonly tokens: ImdsTokens;
  readonly supply: CredentialSupply;
  readonly clock: Clock;
}

const tokenPath = "/latest/api/token";
const rolesPath = "/latest/meta-data/iam/security-credentials/";
const zonePath = "/latest/meta-data/placement/availability-zone";
const ttlHeader = "x-aws-ec2-metadata-token-ttl-seconds";
const tokenHeader = "x-aws-ec2-metadata-token";
const mostTtlSeconds = 21_600;

/**
 * The Instance Metadata Service: a token first, then the name of the role, its credentials, and where the instance is.
 * `security-credentials-extended`, which new SDKs try first, is not there: they fall back on 404, and on nothing else.
 *
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html
 */
export function imdsEndpoint(options: ImdsOptions): Endpoint {
  const { hosts, role, region, isV1Served, tokens, supply, clock } = options;
  const documentOf = rememberLast((body) => roleDocument(body, utcSeconds(clock.now().wall)));
  const credentials: Endpoint = ({ peer }) => {
    const held = supply.peek(role, peer);
    if (held !== undefined) return jsonText(documentOf(held));
    return promptSession(supply, role, clock, peer).then((body) => jsonText(documentOf(body)), errorResponse);
  };
  // Many a client asks for each of the three once, for a second: one that finds a new agent waits at two of them.
  const list: Endpoint = async () => {
    await untilSession(supply, role, clock);
    return plainText(role);
  };
  const routes: Readonly<Record<string, Endpoint>> = {
    [rolesPath]: list,
    [rolesPath.slice(0, -1)]: list,
    [rolesPath + role]: credentials,
    ...(region !== undefined && placementRoutes(region)),
  };
  return (received) => {
    // The Java SDK doubles the first slash where the endpoint it is given ends with one.
    const target = received.target.replace(/^\/\/latest\//, "/latest/");
    const request = { ...received, target };
    if (target === tokenPath) return refuseAtDoor(request, hosts, ["PUT"]) ?? newToken(request, role, tokens);
    const refused = refuseAtDoor(request, hosts);
    if (refused !== undefined) return refused;
    const token = headerOf(request, tokenHeader);
    if (token === undefined ? !isV1Served : !tokens.isValid(role, token)) return unauthorized(token);
    const route = Object.hasOwn(routes, target) ? routes[target] : undefined;
    return route === undefined ? errorAt(404, "there is nothing at this path") : route(request);
  };
}

function placementRoutes(region: string): Readonly<Record<string, Endpoint>> {
  const zone = `${region}a`;
  return {
    "/latest/meta-data/placement/region": () => plainText(region),
    [zonePath]: () => plainText(zone),
    // As botocore asks.
    [`${zonePath}/`]: () => plainText(zone),
    "/latest/dynamic/instance-identity/document": () =>
      jsonText(JSON.stringify({ region, availabilityZone: zone })),
  };
}

function newToken(request: EndpointRequest, role: string, tokens: ImdsTokens): EndpointResponse {
  const ttl = headerOf(request, ttlHeader) ?? "";
  if (!/^[1-9]\d{0,4}$/.test(ttl) || Number(ttl) > mostTtlSeconds)
    return refusal(400, `header ${ttlHeader} must be a whole number from 1 to ${mostTtlSeconds}`);
  return plainText(tokens.issue(role, Number(ttl)), [ttlHeader, ttl]);
}

function unauthorized(token: string | undefined): EndpointResponse {
  const message = token === undefined ? "a token is missing" : "the token is unknown or has ended";
  const hint = `get one: PUT ${tokenPath} with ${ttlHeader}`;
  return { ...errorResponse(new RoleAgentError("Unauthorized", message, { hint })), close: true };
}

/** The connection goes on: asking for what is not there is how SDKs find out. */
function errorAt(status: number, message: string): EndpointResponse {
  return errorResponse(new RoleAgentError("InvalidRequest", message), status);
}

/** The form of IMDS. The session token goes by the one name that its clients read. */
function roleDocument(credentials: string, lastUpdated: string): string {
  const { AccessKeyId, SecretAccessKey, Token, Expiration, AccountId } = JSON.parse(credentials);
  return JSON.stringify({
    Code: "Success",
    LastUpdated: lastUpdated,
    Type: "AWS-HMAC",
    AccessKeyId,
    SecretAccessKey,
    Token,
    Expiration,
    AccountId,
  });
}

function rememberLast(make: (body: string) => string): (body: string) => string {
  let last: { readonly from: string; readonly made: string } | undefined;
  return (body) => {
    if (last?.from !== body) last = { from: body, made: make(body) };
    return last.made;
  };
}
