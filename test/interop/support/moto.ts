import { cleanRoom } from "./clean-room.ts";
import { serve } from "./server.ts";

const ready = /Running on (http:\/\/127\.0\.0\.1:\d+)\n/;

/** Starts moto_server on a free port; answers its URL. */
export async function startMoto(): Promise<string> {
  const { stderr } = await serve(cleanRoom(), ready, "moto_server", "-H", "127.0.0.1", "-p", "0");
  return ready.exec(stderr)?.[1] ?? "";
}
