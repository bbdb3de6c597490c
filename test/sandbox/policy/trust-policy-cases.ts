import { actionCases } from "./cases/actions.ts";
import { crossAccountCases } from "./cases/cross-account.ts";
import { denyCases } from "./cases/denies.ts";
import { keyCases } from "./cases/keys-and-variables.ts";
import { presenceCases } from "./cases/presence.ts";
import { principalCases } from "./cases/principals.ts";
import { resourceCases } from "./cases/resources.ts";
import { sameAccountCases } from "./cases/same-account.ts";
import { setCases } from "./cases/sets.ts";
import { stringCases } from "./cases/strings.ts";
import { typedCases } from "./cases/typed.ts";
import type { TrustPolicyCase } from "./trust-policy-case.ts";

/** Every case, by theme. */
export const trustPolicyCases: Readonly<Record<string, readonly TrustPolicyCase[]>> = {
  "who is named": principalCases,
  "string operators": stringCases,
  "numbers, dates, booleans, addresses and ARNs": typedCases,
  "keys that are not there": presenceCases,
  "sets of values": setCases,
  "condition keys and policy variables": keyCases,
  "within one account": sameAccountCases,
  "across accounts": crossAccountCases,
  "resources of the caller's policy": resourceCases,
  deny: denyCases,
  actions: actionCases,
};
