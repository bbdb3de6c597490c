/** What every role has. */
export interface RoleBase {
  /** The name a client asks for. */
  readonly name: string;
  /** Where it is defined, for people: `config.toml [roles.deploy]`, `profile deploy`. */
  readonly definedIn: string;
  /** Whether a person is asked before a new client process is given it. */
  readonly confirm?: true;
}
