import { AwsError } from "../aws-error.ts";
import {
  duplicateTagKey,
  mergeTags,
  reservedTagKey,
  tagList,
  tagsFrom,
  type Tag,
  type Tags,
} from "../tags.ts";
import type { XmlObject } from "../xml.ts";
import { limitExceeded } from "./entities.ts";

const maxTags = 50;

/** The tags of a role or user after `added`; throws `InvalidInput` or `LimitExceeded`. */
export function addTags(current: Tags, added: readonly Tag[], kind: "Role" | "User" | "OIDCProvider"): Tags {
  if (duplicateTagKey(added) !== undefined) {
    throw new AwsError(
      "InvalidInput",
      "Duplicate tag keys found. Please note that Tag keys are case insensitive.",
    );
  }
  const reserved = reservedTagKey(added);
  if (reserved !== undefined) {
    throw new AwsError("InvalidInput", `Tag key "${reserved}" begins with aws:, which is reserved for AWS.`);
  }
  const tags = mergeTags(current, tagsFrom(added));
  if (Object.keys(tags).length > maxTags) throw limitExceeded(`TagsPer${kind}`, maxTags);
  return tags;
}

/** Left out where there are none, as in AWS. */
export function tagsXml(tags: Tags): XmlObject | undefined {
  const member = tagList(tags);
  return member.length === 0 ? undefined : { member };
}
