/** Ends the process where nobody takes what it prints: quietly where the reader has gone, as `head` does, else with 1. */
export function endOnBrokenOutput(): void {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit();
    process.stderr.write(`role-agent: the output can't be written: ${error.code ?? error.message}\n`);
    process.exit(1);
  });
}
