/** Of more clients at one door than this, the one that came first counts as new again. */
const mostClients = 1000;

/** Tells which use of a session is a client's first, and forgets sessions when nobody holds them any more. */
export class FirstUses {
  readonly #doors = new WeakMap<object, Map<string, Set<string>>>();

  /**
   * Whether this client had not used this session through this door. Costs two look-ups where it had.
   *
   * @param client - empty for clients that can't be told apart
   */
  isFirst(session: object, door: string, client: string): boolean {
    const clients = this.#doors.get(session)?.get(door);
    if (clients?.has(client) === true) return false;
    this.#remember(session, door, client);
    return true;
  }

  #remember(session: object, door: string, client: string): void {
    const doors = this.#doors.get(session) ?? new Map<string, Set<string>>();
    const clients = doors.get(door) ?? new Set();
    this.#doors.set(session, doors.set(door, clients.add(client)));
    const [oldest] = clients;
    if (clients.size > mostClients && oldest !== undefined) clients.delete(oldest);
  }
}
