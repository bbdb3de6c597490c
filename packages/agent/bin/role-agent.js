#!/usr/bin/env node
// CommonJS, and so is all that `role-agent credentials ROLE` loads: the AWS CLI may run that for each of its commands,
// and Node's loader of ES modules alone costs more than the answer of the agent.
require("../commonjs/hardening.js");
if (process.env.ROLE_AGENT_LOST_VARIABLES) require("../commonjs/lost-variables.js");
delete process.env.ROLE_AGENT_LOST_VARIABLES;
const { printHeld } = require("../commonjs/cli/print-held.js");

void printHeld(process.argv.slice(2)).then((isDone) => isDone || import("../dist/main.js"));
