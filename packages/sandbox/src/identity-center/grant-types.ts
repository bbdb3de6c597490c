export const authorizationCodeGrant = "authorization_code";
export const deviceCodeGrant = "urn:ietf:params:oauth:grant-type:device_code";
export const refreshTokenGrant = "refresh_token";

export const grantTypes: readonly string[] = [authorizationCodeGrant, deviceCodeGrant, refreshTokenGrant];
