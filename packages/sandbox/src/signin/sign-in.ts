import { generateKeyPairSync } from "node:crypto";
import { calculateJwkThumbprint } from "jose";
import { isoSeconds } from "../clock.ts";
import type { World } from "../dispatch.ts";
import { administrators } from "../initial-state.ts";
import { idToken } from "./id-token.ts";
import { issue, openLogin } from "./login.ts";

/**
 * What `aws login` keeps in `~/.aws/login/cache/NAME.json`, where NAME is the SHA-256 of the login session in
 * hexadecimal.
 */
export interface LoginDocument {
  accessToken: {
    accessKeyId: string;
    secretAccessKey: string;
    sessionToken: string;
    accountId: string;
    expiresAt: string;
  };
  tokenType: string;
  clientId: string;
  refreshToken: string;
  idToken: string;
  /** The key that the login is bound to: PEM, SEC 1. */
  dpopKey: string;
}

const clientId = "arn:aws:signin:::devtools/same-device";
const administrator = `arn:aws:iam::${administrators[0].id}:user/Administrator`;

/** Signs somebody in, as the AWS CLI does by a browser. Rejects with a RangeError for an unknown identity. */
export async function signIn(world: World, loginSession: string = administrator): Promise<LoginDocument> {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const keyThumbprint = await calculateJwkThumbprint(publicKey.export({ format: "jwk" }));
  const login = openLogin(world, { loginSession, clientId, keyThumbprint });
  const { session, refreshToken } = issue(login, world);
  const { accessKeyId, secretAccessKey, sessionToken, accountId, expiresAt } = session;
  return {
    accessToken: {
      accessKeyId,
      secretAccessKey,
      sessionToken,
      accountId,
      expiresAt: isoSeconds(expiresAt),
    },
    tokenType: "aws_sigv4",
    clientId,
    refreshToken,
    idToken: await idToken(login, world.clock.now()),
    dpopKey: String(privateKey.export({ format: "pem", type: "sec1" })),
  };
}
