import { allClients } from "../support/all-clients.ts";
import type { SdkClient, Shape } from "../support/sdk-client.ts";

/** One client by one way to get a role: a row of docs/compatibility.md. */
export interface Cell {
  readonly name: string;
  readonly client: SdkClient;
  readonly shape: Shape;
}

/** Every client by every shape that it knows; `COMPATIBILITY_ONLY` narrows them to the names that hold its text. */
export const allCells: readonly Cell[] = allClients
  .flatMap((client) => client.shapes.map((shape) => ({ name: `${client.sdk}, ${shape}`, client, shape })))
  .filter(({ name }) => name.includes(process.env["COMPATIBILITY_ONLY"] ?? ""));

/**
 * botocore takes keys of IMDS that end within 15 minutes for valid for 17 to 25 more, so that sessions of seconds can't
 * show what it does. Those of an hour, which the agent renews with 27 minutes left, are never that short.
 */
export function invents({ client, shape }: Cell): boolean {
  return client.sdk === "boto3" && shape === "imds";
}
