import * as v from "valibot";
import { clientCidrProblem } from "../client-cidr.ts";
import type { EndpointConfig, ListenAddress } from "../endpoint-config.ts";
import { listenProblem, parseListen } from "../listen-address.ts";
import { tokenFileProblem } from "../token-file-template.ts";
import { flag, mustBe, name, texts, oneOf, rule, text, type TableSchema } from "./values.ts";

/** A `[[endpoints]]` table. Which keys go together depends on `type`. */
export interface EndpointTable {
  type?: EndpointConfig["type"];
  listen?: ListenAddress | undefined;
  client_cidrs?: string[];
  /** Of a socket: relative to config.toml. */
  path?: string;
  roles?: string[];
  /** Relative to config.toml; `{role}` is the role's name. */
  token_file?: string;
  v1?: boolean;
}

const endpointEntries = {
  type: v.exactOptional(oneOf("container", "imds", "socket", "metrics")),
  listen: v.exactOptional(v.pipe(text, rule(listenProblem), v.transform(parseListen))),
  client_cidrs: v.exactOptional(v.array(v.pipe(text, rule(clientCidrProblem)), mustBe("a list of networks"))),
  path: v.exactOptional(name),
  roles: v.exactOptional(texts),
  token_file: v.exactOptional(v.pipe(name, rule(tokenFileProblem))),
  v1: v.exactOptional(flag),
};

/** `[[endpoints]]` */
export const endpointTable: TableSchema<EndpointTable> = {
  schema: v.object(endpointEntries),
  keys: Object.keys(endpointEntries),
};
