import { join } from "node:path";
import type { Issued } from "./pki.ts";
import { createAnywhere, serverArn, type Anywhere, type AnywhereOptions } from "./roles-anywhere.ts";
import { createWorld, deployConfig, type World } from "./world.ts";

/** A world with Roles Anywhere. */
export interface AnywhereWorld extends World, Anywhere {
  /** What config.toml names: `server.pem` and `server.key`. */
  readonly server: Issued;
}

/** A world whose config.toml has the roles `server`, of a certificate beside it, and `deploy`. */
export async function anywhereWorld(
  more = "",
  { sessionSeconds, ...options }: AnywhereOptions & { sessionSeconds?: number } = {},
): Promise<AnywhereWorld> {
  const world = await createWorld(sessionSeconds === undefined ? {} : { sessionSeconds });
  const directory = join(world.home, ".config", "role-agent");
  const anywhere = await createAnywhere(world.sandbox, directory, options);
  world.env["AWS_ENDPOINT_URL_ROLESANYWHERE"] = world.sandbox.url;
  world.configure(`${deployConfig}
[roles.server]
role_arn = "${serverArn}"
trust_anchor_arn = "${anywhere.anchor.trustAnchorArn}"
profile_arn = "${anywhere.profile.profileArn}"
certificate = "server.pem"
private_key = "~/.config/role-agent/server.key"
${more}
`);
  return { ...world, ...anywhere, server: anywhere.authority.issue("server") };
}

/** The sandbox's session behind the credentials of `server`. */
export async function sessionOf(world: World): Promise<object | undefined> {
  const { AccessKeyId } = await world.client.credentials("server");
  return world.sandbox.state.sessions[AccessKeyId];
}
