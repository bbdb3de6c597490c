import { AwsError } from "./aws-error.ts";
import { PolicyDocumentError, type PolicyDocument } from "./policy/document.ts";

/**
 * Parses a policy that a caller sent; throws `MalformedPolicyDocument`, whose message names the place of the
 * mistake.
 */
export function parseSentPolicy(parse: (text: string) => PolicyDocument, text: string): PolicyDocument {
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof PolicyDocumentError) throw new AwsError("MalformedPolicyDocument", error.message);
    throw error;
  }
}
