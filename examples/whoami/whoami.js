// Asks AWS who it is, again and again, as a program that runs for days does.
//
//   ROLE_AGENT_ROLE=deploy node whoami.js [PAUSE_MS]
//
// One line a call: the time, the identity, and the access key that signed it.
import { setTimeout as sleep } from "node:timers/promises";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { fromRoleAgent } from "@role-agent/provider";

const pauseMs = Number(process.argv[2] ?? 1000);
const sts = new STSClient({ credentials: fromRoleAgent() });

for (;;) {
  const { Arn } = await sts.send(new GetCallerIdentityCommand({}));
  const { accessKeyId } = await sts.config.credentials();
  console.log(new Date().toISOString(), Arn, accessKeyId);
  await sleep(pauseMs);
}
