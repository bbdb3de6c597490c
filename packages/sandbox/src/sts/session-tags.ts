import { AwsError } from "../aws-error.ts";
import type { RoleSession } from "../state.ts";
import { duplicateTagKey, reservedTagKey, tagsFrom, type Tag, type Tags } from "../tags.ts";

export interface SessionTags {
  tags: Tags;
  transitiveTagKeys: string[];
}

/**
 * The tags of a new role session: those that the request passes, and the transitive ones of the calling
 * session, which it may not replace. Throws `InvalidParameterValue`.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html
 */
export function sessionTags(
  requested: readonly Tag[],
  transitiveKeys: readonly string[],
  calling: RoleSession | undefined,
): SessionTags {
  const inherited = inheritedTags(calling);
  checkRequested(requested, transitiveKeys, inherited);
  return {
    tags: { ...inherited, ...tagsFrom(requested) },
    transitiveTagKeys: [...Object.keys(inherited), ...transitiveKeys],
  };
}

export function inheritedTags(calling: RoleSession | undefined): Tags {
  if (calling === undefined) return {};
  const transitive = lowerCased(calling.transitiveTagKeys);
  return Object.fromEntries(
    Object.entries(calling.tags).filter(([key]) => transitive.has(key.toLowerCase())),
  );
}

function checkRequested(requested: readonly Tag[], transitiveKeys: readonly string[], inherited: Tags): void {
  const duplicate = duplicateTagKey(requested);
  if (duplicate !== undefined) {
    invalid(
      `Duplicate tag keys found: "${duplicate}" stands twice. Please note that Tag keys are case insensitive.`,
    );
  }
  const reserved = reservedTagKey(requested);
  if (reserved !== undefined) invalid(`Tag key "${reserved}" begins with aws:, which is reserved for AWS.`);

  const requestedKeys = lowerCased(requested.map(({ Key }) => Key));
  const unknown = transitiveKeys.find((key) => !requestedKeys.has(key.toLowerCase()));
  if (unknown !== undefined) {
    invalid(`The specified transitive tag key "${unknown}" must be included in the requested tags.`);
  }
  const conflict = Object.keys(inherited).find((key) => requestedKeys.has(key.toLowerCase()));
  if (conflict !== undefined) {
    invalid(
      `One of the specified tag keys can't be set because it conflicts with the transitive tag key "${conflict}" from the calling session.`,
    );
  }
}

function lowerCased(keys: readonly string[]): Set<string> {
  return new Set(keys.map((key) => key.toLowerCase()));
}

function invalid(message: string): never {
  throw new AwsError("InvalidParameterValue", message);
}
