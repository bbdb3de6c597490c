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
