import { ConfigError } from "../../../packages/agent/src/config/config.ts";
import { parseConfig } from "../../../packages/agent/src/config/parse.ts";

export const ARN = "arn:aws:iam::123456789012:role/Deploy";

/** A role without fault, on lines 1 to 3. */
export const ROLE: string = `[roles.deploy]\nrole_arn = "${ARN}"\nsource_profile = "base"\n`;

/** What is wrong with a config.toml by itself. */
export function problemsOf(toml: string): string {
  try {
    parseConfig(toml, "config.toml");
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return "no problem";
}
