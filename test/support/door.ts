import type { CredentialSupply } from "../../packages/agent/src/endpoints/credential-supply.ts";
import type { Endpoint, EndpointResponse } from "../../packages/agent/src/endpoints/endpoint.ts";
import { credentialsDocument } from "../../packages/agent/src/core/session.ts";
import { fakeIssued } from "./fake-session.ts";

/** Asks an endpoint without a socket; `headers` are names and values in turn. */
export async function ask(
  endpoint: Endpoint,
  target: string,
  headers: readonly string[] = [],
  method = "GET",
): Promise<EndpointResponse> {
  return endpoint({ method, target, rawHeaders: headers, body: "" });
}

/** The value of a header of an answer. */
export function headerIn({ headers }: EndpointResponse, name: string): string | undefined {
  const at = headers.findIndex((word, index) => index % 2 === 0 && word.toLowerCase() === name);
  return at < 0 ? undefined : headers[at + 1];
}

/** When the sessions of {@link heldBy} came. */
export const receivedAt: number = Date.parse("2026-11-24T12:00:00Z");

/** A supply that holds a session of an hour for each of these roles, the first of them the session number 1. */
export function heldBy(...roles: readonly string[]): CredentialSupply {
  const documents = new Map(
    roles.map((role, index) => [
      role,
      JSON.stringify(credentialsDocument(fakeIssued(index + 1, receivedAt, 3_600_000))),
    ]),
  );
  return {
    peek: (role) => documents.get(role),
    session: async (role) => Promise.reject(new Error(`nobody issues ${role}`)),
  };
}
