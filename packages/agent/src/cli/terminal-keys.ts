const interrupt = "\u0003";
const endOfInput = "\u0004";

/** Whether a person sits in front of both standard input and standard output. */
export function isInteractive(): boolean {
  return process.stdin.isTTY && process.stdout.isTTY;
}

/**
 * Calls back with each key that is pressed on the terminal, which is not shown. Ctrl-C and Ctrl-D end the process as ever.
 * Answers how to hear of keys no more.
 */
export function listenToKeys(onKey: (key: string) => void): () => void {
  const { stdin } = process;
  const onData = (text: string): void => {
    for (const key of text) {
      if (key === interrupt || key === endOfInput) process.exit(130);
      onKey(key);
    }
  };
  stdin.setRawMode(true).setEncoding("utf8").on("data", onData);
  return () => {
    stdin.off("data", onData).setRawMode(false).pause();
  };
}
