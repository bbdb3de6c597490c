// Runs `role-agent` as far as it can tell on Windows: for what it does there before it touches anything.
Object.defineProperty(process, "platform", { value: "win32" });
process.argv.splice(1, 1);
require(process.argv[1]);
