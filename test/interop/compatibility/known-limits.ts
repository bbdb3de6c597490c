const invents =
  "Takes keys of IMDS that end within 15 minutes to be valid for 17 to 25 more. Sessions of an hour, which the agent renews with 27 minutes left, are never that short; the seconds of this test are.";
const goesOn =
  "After an outage that outlasted the session: signs with what has ended for 5 to 15 minutes more, since that is what it makes of an IMDS that fails.";
const asksOnce =
  "Asks for credentials at each command, once: a command that asks while no agent is there fails. The next one succeeds.";

/** Red cells of docs/compatibility.md, each with its cause. */
export const knownLimits: ReadonlyMap<string, string> = new Map([
  ["boto3, imds: two renewals", invents],
  ["boto3, imds: STS outage", invents],
  ["boto3, imds: recovery", invents],
  ["AWS SDK for Go v2, imds: recovery", goesOn],
  ["Terraform's AWS provider (aws-sdk-go-base), imds: recovery", goesOn],
  ["AWS CLI v1, imds: agent restart", asksOnce],
  ["AWS CLI v2, imds: agent restart", asksOnce],
  ["curl, container: agent restart", asksOnce],
  ["curl, imds: agent restart", asksOnce],
]);

/** Whether a cell is known to be red in a scenario. */
export function isKnown(cellName: string, scenario: string): boolean {
  return knownLimits.has(`${cellName}: ${scenario}`);
}
