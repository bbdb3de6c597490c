export { authorizeAssumeRole, type AssumeRoleInput } from "./assume-role.ts";
export {
  evaluateIdentityPolicies,
  evaluateTrustPolicy,
  type Decision,
  type NamedPolicy,
} from "./policy-decision.ts";
