import type { Server, Socket } from "node:net";
import { BlockList } from "node:net";
import { networkInterfaces, type NetworkInterfaceInfo } from "node:os";

type Interfaces = NodeJS.Dict<NetworkInterfaceInfo[]>;

/**
 * Cuts every connection to `host` that comes from outside of its network. Linux answers at any address of the machine on
 * each of its interfaces: a neighbour with a route to 169.254.169.254 reaches it though it lies on `lo`.
 */
export function admitNeighboursOnly(server: Server, host: string): void {
  const network = networkOf(host, networkInterfaces());
  server.prependListener("connection", (socket: Socket) => {
    const { remoteAddress = "", remoteFamily } = socket;
    if (!network.check(remoteAddress, remoteFamily === "IPv6" ? "ipv6" : "ipv4")) socket.destroy();
  });
}

/**
 * What is on the same network as an address of this machine, by the netmask of its interface: of `169.254.169.254/32`
 * the address itself, which is also the one that local programs come from; of `169.254.169.254/24` its 254.
 */
export function networkOf(host: string, interfaces: Interfaces): BlockList {
  const network = new BlockList();
  for (const { address, cidr, family } of Object.values(interfaces).flatMap((each) => each ?? [])) {
    const [, bits] = cidr?.split("/") ?? [];
    if (address === host && bits !== undefined)
      network.addSubnet(address, Number(bits), family === "IPv6" ? "ipv6" : "ipv4");
  }
  return network;
}
