import { BlockList, type Socket } from "node:net";
import { networkInterfaces } from "node:os";

/** The two ends of a connection. */
export type Ends = Pick<Socket, "localAddress" | "remoteAddress">;

/** Whether a client may have its connection. */
export type AdmitsClient = (connection: Ends) => boolean;

/**
 * Admits this machine's own programs, and clients of these IPv4 networks.
 *
 * An address says nothing of who reaches it: Linux takes packets for a link-local address of `lo` from every interface,
 * so that a neighbour needs one route to get there. For 127.0.0.0/8 the kernel does so where `route_localnet` is set, as
 * Docker and Kubernetes may.
 *
 * @see https://nvd.nist.gov/vuln/detail/CVE-2020-8558
 */
export function ownMachineAnd(
  cidrs: readonly string[],
  ownAddresses: () => ReadonlySet<string> = addressesOfThisMachine,
): AdmitsClient {
  const networks = new BlockList();
  networks.addSubnet("127.0.0.0", 8);
  for (const cidr of cidrs) {
    const [network = "", bits] = cidr.split("/");
    networks.addSubnet(network, Number(bits));
  }
  return ({ localAddress, remoteAddress }) =>
    remoteAddress !== undefined &&
    // The source of local packets is their destination, unless a program chooses another of the machine's addresses.
    (remoteAddress === localAddress || networks.check(remoteAddress) || ownAddresses().has(remoteAddress));
}

function addressesOfThisMachine(): ReadonlySet<string> {
  const interfaces = Object.values(networkInterfaces());
  return new Set(interfaces.flatMap((each) => each ?? []).map(({ address }) => address));
}
