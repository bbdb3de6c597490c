import type { Server } from "node:http";
import { RoleAgentError } from "@role-agent/provider/errors";
import { codeOf } from "../core/error-code.ts";
import { addressText, type ListenAddress } from "../config/endpoint-config.ts";

/** The port that a server listens on. */
export function portOf(server: Server): number | undefined {
  const bound = server.address();
  return typeof bound === "object" && bound !== null ? bound.port : undefined;
}

/** Listens at an address and answers with the port. Rejects with a RoleAgentError that names what is in the way. */
export async function listenOnTcp(server: Server, address: ListenAddress): Promise<number> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error): void => reject(explained(error, address));
    server.once("error", fail);
    server.listen({ ...address, exclusive: true }, () => {
      server.off("error", fail);
      resolve(portOf(server) ?? address.port);
    });
  });
}

function explained(error: Error, address: ListenAddress): RoleAgentError {
  const place = addressText(address);
  const code = codeOf(error);
  const [why, hint] = reason(code, address) ?? [error.message, "choose another address or port"];
  return new RoleAgentError("InvalidConfiguration", `can't listen at ${place}: ${why}`, {
    hint,
    cause: error,
  });
}

function reason(code: unknown, { host, port }: ListenAddress): readonly [string, string] | undefined {
  switch (code) {
    case "EADDRINUSE":
      return [
        "another program does",
        `choose another port, or end that program: ss -ltnp 'sport = :${port}'`,
      ];
    case "EADDRNOTAVAIL":
      return [
        "no interface of this machine has the address",
        host === "::1"
          ? "use 127.0.0.1: IPv6 is off"
          : `give it to one: sudo ip address add ${host}/32 dev lo`,
      ];
    case "EACCES":
      return [
        `ports below 1024 are not for everybody`,
        "choose a higher port, or run: sudo sysctl net.ipv4.ip_unprivileged_port_start=80",
      ];
    default:
      return undefined;
  }
}
