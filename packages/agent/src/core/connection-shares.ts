/** For the agent's own work: its files, the channel to the issuer, the sockets it listens on. */
const mostReserved = 64;
const mostForDoors = 512;

/**
 * How many clients each of the doors beside the agent socket may have, where the process may have so many descriptors
 * open. All of them together leave at least as many to the agent socket.
 */
export function eachDoorsShare(descriptors: number, doors: number): number {
  return Math.max(1, Math.floor(doorsShare(descriptors) / Math.max(1, doors)));
}

/** How many clients the agent socket may have; no door can take them from it. */
export function agentSocketShare(descriptors: number): number {
  return shared(descriptors) - doorsShare(descriptors);
}

function doorsShare(descriptors: number): number {
  return Math.min(mostForDoors, Math.floor(shared(descriptors) / 2));
}

function shared(descriptors: number): number {
  return descriptors - Math.min(mostReserved, Math.floor(descriptors / 2));
}
