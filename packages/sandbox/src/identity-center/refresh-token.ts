import { invalidGrant, type Grant } from "./grant.ts";

/** A refresh token is good once: its answer has the next one. */
export const exchangeRefreshToken: Grant = (body, { clientId, identityCenter, now }) => {
  const refreshToken = body.text("refreshToken");
  const granted = identityCenter.refreshTokens[refreshToken];
  if (granted?.clientId !== clientId || now >= granted.sessionEndsAt) {
    throw invalidGrant("Invalid refresh token provided");
  }
  delete identityCenter.refreshTokens[refreshToken];
  return granted;
};
