const goesOn =
  "A rule of this SDK: where IMDS fails, it takes the keys that it has for valid for 5 to 15 minutes more. After an outage that outlasted the session it signs with ended keys until then. While the session lives, no call fails: see STS outage.";
const asksOnce =
  "Asks for credentials at each command, once: a command that asks while nobody listens fails, and the next one succeeds. With [socket activation](systemd.md) somebody always listens.";
const keepsTheLast =
  "By chance: who asks in the last second of a session gets it, and this SDK takes what ends within a second for valid for 1 to 10 minutes more. After an outage that outlasted the session it signs with ended keys until then.";

/** Red cells of docs/compatibility.md, each with its cause. */
export const knownLimits: ReadonlyMap<string, string> = new Map([
  ["AWS SDK for Go v2, imds: recovery", goesOn],
  ["Terraform's AWS provider (aws-sdk-go-base), imds: recovery", goesOn],
  ["AWS SDK for Java v2, imds: recovery", keepsTheLast],
  ["AWS CLI v1, imds: restart, doors shut", asksOnce],
  ["AWS CLI v2, imds: restart, doors shut", asksOnce],
  ["curl, container: restart, doors shut", asksOnce],
  ["curl, imds: restart, doors shut", asksOnce],
]);

/** Those that are red in one run and green in the next. */
export const limitsByChance: ReadonlySet<string> = new Set(["AWS SDK for Java v2, imds: recovery"]);
