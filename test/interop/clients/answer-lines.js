import { createInterface } from "node:readline";

/** For each line of standard input, prints on a line of JSON what `whoami` finds, or why it doesn't. */
export async function answerLines(whoami) {
  for await (const _ of createInterface({ input: process.stdin })) {
    const answer = await whoami().catch((error) => ({ error: `${error.name}: ${error.message}` }));
    console.log(JSON.stringify(answer));
  }
}
