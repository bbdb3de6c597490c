import { integer, list, structure, text, type Parameter } from "./input.ts";
import type { Tag } from "./tags.ts";

/*
 * The lengths, patterns and counts of STS and IAM, from the service models that the SDKs are generated from:
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html and
 * https://docs.aws.amazon.com/IAM/latest/APIReference/welcome.html.
 */

const name = String.raw`[\w+=,.@-]+`;
const policyText = String.raw`[\u0009\u000A\u000D\u0020-\u00FF]+`;
const tagCharacter = String.raw`[\p{L}\p{Z}\p{N}_.:/=+\-@]`;

export const maxSessionSeconds = 43_200;
export const maxUserSessionSeconds = 129_600;
export const maxChainedSessionSeconds = 3600;
export const shortestSessionSeconds = 900;

/** Of GetScopedCredentials, in one session. */
export const maxScopePolicies = 3;

/**
 * Characters of inline session policy, managed session policies' ARNs and session tags that fit one session.
 */
export const maxPackedCharacters = 2048;

export const arn: Parameter<string> = text({ min: 20, max: 2048 });
export const roleName: Parameter<string> = text({ min: 1, max: 64, pattern: name });
export const newUserName: Parameter<string> = text({ min: 1, max: 64, pattern: name });
export const userName: Parameter<string> = text({ min: 1, max: 128, pattern: name });
export const policyName: Parameter<string> = text({ min: 1, max: 128, pattern: name });
export const policyDocument: Parameter<string> = text({ min: 1, max: 131_072, pattern: policyText });
export const sessionPolicy: Parameter<string> = text({ min: 1, pattern: policyText });
export const federatedSessionPolicy: Parameter<string> = text({ min: 1, max: 2048, pattern: policyText });
export const samlAssertion: Parameter<string> = text({ min: 4, max: 100_000 });
export const samlProviderName: Parameter<string> = text({ min: 1, max: 128, pattern: String.raw`[\w._-]+` });
export const samlMetadata: Parameter<string> = text({ min: 1000, max: 10_000_000 });
export const accessKeyId: Parameter<string> = text({ min: 16, max: 128, pattern: String.raw`[\w]+` });
export const path: Parameter<string> = text({
  min: 1,
  max: 512,
  pattern: String.raw`(\u002F)|(\u002F[\u0021-\u007E]+\u002F)`,
});
export const pathPrefix: Parameter<string> = text({
  min: 1,
  max: 512,
  pattern: String.raw`\u002F[\u0021-\u007F]*`,
});
export const policyPathPrefix: Parameter<string> = text({
  min: 1,
  max: 512,
  pattern: String.raw`((/[A-Za-z0-9\.,\+@=_\-]+)*)/`,
});
export const description: Parameter<string> = text({
  max: 1000,
  pattern: String.raw`[\u0009\u000A\u000D\u0020-\u007E\u00A1-\u00FF]*`,
});
export const marker: Parameter<string> = text({ min: 1, max: 320, pattern: String.raw`[\u0020-\u00FF]+` });
export const maxItems: Parameter<number> = integer(1, 1000);
export const maxSessionDuration: Parameter<number> = integer(3600, maxSessionSeconds);

export const sessionName: Parameter<string> = text({ min: 2, max: 64, pattern: String.raw`[\w+=,.@-]*` });
export const sourceIdentity: Parameter<string> = sessionName;
export const externalId: Parameter<string> = text({ min: 2, max: 1224, pattern: String.raw`[\w+=,.@:\/-]*` });
export const mfaSerialNumber: Parameter<string> = text({
  min: 9,
  max: 256,
  pattern: String.raw`[\w+=/:,.@-]*`,
});
export const mfaDeviceName: Parameter<string> = text({ min: 1, max: 226, pattern: name });
export const mfaAssignmentStatus: Parameter<string> = text({ pattern: "Assigned|Unassigned|Any" });
export const mfaTokenCode: Parameter<string> = text({ min: 6, max: 6, pattern: String.raw`[\d]*` });
export const sessionTokenSize: Parameter<number> = integer(0, 4096);
export const sessionDescription: Parameter<string> = text({ max: 256 });
export const policyArns: Parameter<{ arn: string }[]> = list(structure({ arn }), 10);

export const webIdentityToken: Parameter<string> = text({ min: 4, max: 20_000 });
export const oidcProviderUrl: Parameter<string> = text({ min: 1, max: 255 });
export const clientIds: Parameter<string[]> = list(text({ min: 1, max: 255 }), 100);
export const thumbprints: Parameter<string[]> = list(text({ min: 40, max: 40 }), 5);

const tagKey: Parameter<string> = text({ min: 1, max: 128, pattern: `${tagCharacter}+` });
const tagValue: Parameter<string> = text({ max: 256, pattern: `${tagCharacter}*` });
export const tags: Parameter<Tag[]> = list(structure({ Key: tagKey, Value: tagValue }), 50);
export const tagKeys: Parameter<string[]> = list(tagKey, 50);
