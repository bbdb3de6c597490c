import type { Call } from "../call.ts";
import { integer, optional, readInput } from "../input.ts";
import * as limits from "../limits.ts";
import type { Tag } from "../tags.ts";

/** The parameters of AssumeRole, each within its limits. */
export interface AssumeRoleInput {
  RoleArn: string;
  RoleSessionName: string;
  DurationSeconds: number | undefined;
  ExternalId: string | undefined;
  SourceIdentity: string | undefined;
  Tags: Tag[];
  TransitiveTagKeys: string[];
  Policy: string | undefined;
  PolicyArns: { arn: string }[];
  SerialNumber: string | undefined;
  TokenCode: string | undefined;
}

export function readAssumeRoleInput({ request, settings }: Call): AssumeRoleInput {
  return readInput(request.params, {
    RoleArn: limits.arn,
    RoleSessionName: limits.sessionName,
    DurationSeconds: optional(integer(settings.minSessionSeconds, limits.maxSessionSeconds)),
    ExternalId: optional(limits.externalId),
    SourceIdentity: optional(limits.sourceIdentity),
    Tags: limits.tags,
    TransitiveTagKeys: limits.tagKeys,
    Policy: optional(limits.sessionPolicy),
    PolicyArns: limits.policyArns,
    SerialNumber: optional(limits.mfaSerialNumber),
    TokenCode: optional(limits.mfaTokenCode),
  });
}
