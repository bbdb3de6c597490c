import type { Call } from "../call.ts";
import { identityOf } from "../principal.ts";
import type { XmlObject } from "../xml.ts";

/**
 * Needs no permission: whoever can sign may ask.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
 */
export function getCallerIdentity({ principal }: Call): XmlObject {
  const { arn, userId } = identityOf(principal);
  return { UserId: userId, Account: principal.accountId, Arn: arn };
}
