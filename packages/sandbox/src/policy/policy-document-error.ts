/** A policy document that AWS would refuse as `MalformedPolicyDocument`. The message begins with the place of the mistake. */
export class PolicyDocumentError extends Error {
  override readonly name = "PolicyDocumentError";
}
