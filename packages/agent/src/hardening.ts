// The first import of every process. Else this signal opens the inspector on a TCP port, and with it every secret
// to all users of the machine.
process.on("SIGUSR1", () => undefined);
