/** The process at the other end of a connection, as the system tells it. */
export interface PeerIdentity {
  readonly pid: number;
  readonly uid: number;
  /** Absolute path of its program. */
  readonly executable?: string;
  /** The same for all connections of one process, and another for each process: a pid is used again. */
  readonly id: string;
}
