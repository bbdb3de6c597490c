// Puts back the variables that the launcher's shell has not passed on: `NAME=value`, each with a NUL after it, in base64.
const lost: string = Buffer.from(process.env["ROLE_AGENT_LOST_VARIABLES"] ?? "", "base64").toString();
for (const variable of lost.split("\0")) {
  const nameEnd = variable.indexOf("=");
  if (nameEnd > 0) process.env[variable.slice(0, nameEnd)] ??= variable.slice(nameEnd + 1);
}
