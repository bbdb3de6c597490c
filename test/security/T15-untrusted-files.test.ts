import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { AgentProcess, roleAgentProgram } from "../support/agent-process.ts";
import { runningAgentIn, startedIn } from "../support/working-directory.ts";
import { createWorld, deployConfig, type World } from "../support/world.ts";
