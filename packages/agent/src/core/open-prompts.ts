/**
 * What people are waited for, by the command that helps. Roles that share a device or a login wait for the same, so
 * that one prompt is enough for all of them.
 */
export class OpenPrompts {
  readonly #waiting = new Map<string, Set<string>>();

  /** A role needs a person now. Answers whether nobody was told of this command yet. */
  open(role: string, command: string): boolean {
    const roles = this.#waiting.get(command);
    if (roles === undefined) this.#waiting.set(command, new Set([role]));
    else roles.add(role);
    return roles === undefined;
  }

  /** A role waits for nobody any more, though nothing was done: something else is wrong with it, or it is gone. */
  withdraw(role: string): void {
    for (const [command, roles] of this.#waiting) {
      if (roles.delete(role) && roles.size === 0) this.#waiting.delete(command);
    }
  }

  /** The roles that wait for somebody. */
  waiting(): readonly string[] {
    return [...this.#waiting.values()].flatMap((roles) => Array.from(roles));
  }

  /** A role has a session: what it waited for was done, for the others too. */
  close(role: string): void {
    for (const [command, roles] of this.#waiting) if (roles.has(role)) this.#waiting.delete(command);
  }
}
