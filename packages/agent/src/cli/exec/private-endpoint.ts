import { randomBytes } from "node:crypto";
import { once } from "node:events";
import type { Server } from "node:http";
import type { SessionCache } from "@role-agent/provider/role-sessions";
import { containerEndpoint, containerPath } from "../../endpoints/container.ts";
import type { CredentialSupply } from "../../endpoints/credential-supply.ts";
import { hostsOf } from "../../endpoints/door-guard.ts";
import { roleOfToken } from "../../endpoints/role-tokens.ts";
import { eachDoorsShare } from "../../core/connection-shares.ts";
import { Connections } from "../../system/connections.ts";
import { descriptorLimit } from "../../system/descriptor-limit.ts";
import { httpServer } from "../../system/http-server.ts";
import { systemClock } from "../../system/system-clock.ts";

const address = "127.0.0.1";

/** A container credentials endpoint of one command. */
export interface PrivateEndpoint {
  /** `AWS_CONTAINER_CREDENTIALS_FULL_URI` */
  readonly uri: string;
  /** `AWS_CONTAINER_AUTHORIZATION_TOKEN` */
  readonly token: string;
  /** Ends it at once, with the answers under way. */
  readonly close: () => void;
}

/** Serves the sessions of a role on a free port of the loopback interface, to whoever has the token. */
export async function openPrivateEndpoint(role: string, sessions: SessionCache): Promise<PrivateEndpoint> {
  const token = randomBytes(32).toString("base64url");
  const hosts: string[] = [];
  const roleOf = roleOfToken(new Map([[role, token]]));
  const endpoint = containerEndpoint({ hosts, roleOf, supply: supplyOf(sessions), clock: systemClock });
  const server = httpServer(endpoint);
  // Whoever can reach the port may connect, with the token or without.
  new Connections(server).keepAtMost(eachDoorsShare(descriptorLimit(), 1), () => undefined);
  server.listen(0, address);
  await once(server, "listening");
  const port = portOf(server.address());
  hosts.push(...hostsOf({ host: address, port }));
  return {
    uri: `http://${address}:${port}${containerPath}`,
    token,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** The agent is asked each time, so that `role-agent lock` is for this endpoint, too. */
function supplyOf(sessions: SessionCache): CredentialSupply {
  return { peek: () => undefined, session: async () => JSON.stringify(await sessions.get(true)) };
}

function portOf(bound: ReturnType<Server["address"]>): number {
  return typeof bound === "object" && bound !== null ? bound.port : 0;
}
