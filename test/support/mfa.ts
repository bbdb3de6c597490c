import {
  CreateRoleCommand,
  CreateVirtualMFADeviceCommand,
  EnableMFADeviceCommand,
  IAMClient,
} from "@aws-sdk/client-iam";
import type { Sandbox } from "@role-agent/sandbox";

/** A code's time on the display. */
const stepMs = 30_000;

/** Gives the first administrator an MFA device, and answers its serial number. Its next code has not been used. */
export async function enableDevice(sandbox: Sandbox): Promise<string> {
  const iam = new IAMClient({
    region: sandbox.region,
    endpoint: sandbox.url,
    credentials: sandbox.accounts[0],
  });
  const { VirtualMFADevice } = await iam.send(
    new CreateVirtualMFADeviceCommand({ VirtualMFADeviceName: "alice" }),
  );
  const serial = VirtualMFADevice?.SerialNumber ?? "";
  const now = sandbox.clock.now();
  await iam.send(
    new EnableMFADeviceCommand({
      UserName: "Administrator",
      SerialNumber: serial,
      AuthenticationCode1: sandbox.mfaCode(serial, now - stepMs),
      AuthenticationCode2: sandbox.mfaCode(serial, now),
    }),
  );
  iam.destroy();
  sandbox.clock.advance(stepMs);
  return serial;
}

/** Creates a role in the first account that is assumed with MFA only, and answers its ARN. */
export async function createMfaRole(sandbox: Sandbox, name: string): Promise<string> {
  const [owner] = sandbox.accounts;
  const iam = new IAMClient({ region: sandbox.region, endpoint: sandbox.url, credentials: owner });
  const trust = {
    Version: "2012-10-17",
    Statement: {
      Effect: "Allow",
      Principal: { AWS: owner.id },
      Action: "sts:AssumeRole",
      Condition: { Bool: { "aws:MultiFactorAuthPresent": "true" } },
    },
  };
  const command = new CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument: JSON.stringify(trust) });
  const { Role } = await iam.send(command);
  iam.destroy();
  return Role?.Arn ?? "";
}
