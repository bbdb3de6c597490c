import * as v from "valibot";
import type { AgentSettings } from "../config.ts";
import { durationForm, durationMs, durationPattern } from "../duration.ts";
import { flag, mustBe, name, texts, oneOf, type TableSchema } from "./values.ts";

const agentEntries = {
  profiles: v.exactOptional(flag, true),
  prefetch: v.exactOptional(texts, []),
  idle_timeout: v.exactOptional(
    v.pipe(
      v.string(mustBe('a duration in quotes, such as "12h"')),
      v.regex(durationPattern, durationForm),
      v.transform(durationMs),
    ),
    "12h",
  ),
  key_store: v.exactOptional(oneOf("keychain", "file"), "keychain"),
  session_cache: v.exactOptional(flag, false),
  audit_log: v.exactOptional(
    v.union([name, v.literal(false)], "must be the path of a file in quotes, or false"),
  ),
  log_level: v.exactOptional(oneOf("debug", "info", "warn", "error"), "info"),
};

/** `[agent]`: a duration is a whole number and s, m, h or d. */
export const agentTable: TableSchema<AgentSettings> = {
  schema: v.pipe(
    v.object(agentEntries),
    v.transform(
      ({
        idle_timeout: idleTimeoutMs,
        key_store: keyStore,
        session_cache: sessionCache,
        audit_log: auditLog,
        log_level: logLevel,
        ...same
      }) => ({
        ...same,
        idleTimeoutMs,
        keyStore,
        sessionCache,
        ...(auditLog !== undefined && { auditLog }),
        logLevel,
      }),
    ),
  ),
  keys: Object.keys(agentEntries),
};
