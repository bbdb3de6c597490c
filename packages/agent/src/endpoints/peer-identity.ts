/**
 * The process at the other end of a connection, as the system tells it. It is who connected: a connection can be handed
 * on, so that nothing but the uid may decide over access.
 */
export interface PeerIdentity {
  readonly pid: number;
  readonly uid: number;
  /** Absolute path of its program, with ` (deleted)` where that has been replaced since; that of others is not told. */
  readonly executable?: string | undefined;
  /** The same for all connections of one process, and another for each process: a pid is used again. */
  readonly id: string;
}
