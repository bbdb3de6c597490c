import { request } from "node:http";

/** An answer of the agent, whole. */
export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

/** Asks on the agent socket for a path that our client has no method for. */
export async function getOnSocket(
  { socketPath }: { readonly socketPath: string },
  path: string,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const call = request({ socketPath, path, headers: { host: "role-agent" } }, (response) => {
      const { statusCode: status = 0, headers } = response;
      response
        .setEncoding("utf8")
        .toArray()
        .then(
          (chunks) => resolve({ status, type: headers["content-type"] ?? "", body: chunks.join("") }),
          reject,
        );
    });
    call.on("error", reject).end();
  });
}
