import { RoleAgentError } from "@role-agent/provider/errors";
import { FileError, readAnyFile, readPrivateFile } from "../../config/trusted-file.ts";

/** No certificate chain, key or passphrase comes near this. */
const maxBytes = 256 * 1024;

/**
 * Reads a whole regular file; never waits for a pipe or a device. Rejects with `InvalidConfiguration`.
 *
 * @param what - for messages: `certificate`
 */
export async function readSmallFile(path: string, what: string): Promise<Buffer> {
  return contentOf(path, what, readAnyFile);
}

/** The same for a secret: nobody but the file's owner may read or write it. */
export async function readSecretFile(path: string, what: string): Promise<Buffer> {
  return contentOf(path, what, readPrivateFile);
}

function contentOf(path: string, what: string, read: typeof readAnyFile): Buffer {
  try {
    const bytes = read(path, maxBytes);
    if (bytes.length > 0) return bytes;
    throw new FileError("is empty", "write it anew");
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    const { message, hint } = error;
    throw new RoleAgentError("InvalidConfiguration", `${what} ${path} ${message}`, { hint, cause: error });
  }
}
