import * as v from "valibot";
import { RoleAgentError } from "@role-agent/provider/errors";
import { accessKeySchema, type AccessKey } from "../issuer/key-errand.ts";

const accessKey = v.object({
  AccessKeyId: v.string(),
  SecretAccessKey: v.string(),
  SessionToken: v.nullish(v.string()),
});
/** What `aws configure export-credentials` and `aws iam create-access-key` print. */
const document = v.pipe(
  v.string(),
  v.parseJson(),
  v.union([
    accessKey,
    v.pipe(
      v.object({ AccessKey: accessKey }),
      v.transform(({ AccessKey: key }) => key),
    ),
  ]),
);

/**
 * The access key in what somebody typed or piped: its id and its secret on two lines, or the JSON of the AWS CLI. No
 * part of it is in an error, since the lines may be the other way round. Throws `InvalidConfiguration`.
 */
export function parseAccessKey(text: string): AccessKey {
  const key = text.trimStart().startsWith("{") ? fromJson(text) : fromLines(text);
  if (key.accessKeyId.startsWith("ASIA")) throw temporary();
  if (!/^\w{16,128}$/.test(key.accessKeyId)) {
    throw wrong(
      "the access key id is malformed",
      "it starts with AKIA and has 16 letters and digits or more",
    );
  }
  if (!v.is(accessKeySchema, key))
    throw wrong("the secret access key is malformed", "it has 40 characters, none of them a blank");
  return key;
}

function fromLines(text: string): AccessKey {
  const [accessKeyId = "", secretAccessKey, ...more] = text.trimEnd().split(/\r?\n/);
  if (secretAccessKey === undefined || more.length > 0) {
    throw wrong(
      "that is no access key",
      "give two lines, the access key id and the secret, or the JSON that the AWS CLI prints",
    );
  }
  return { accessKeyId: accessKeyId.trim(), secretAccessKey: secretAccessKey.trim() };
}

function fromJson(text: string): AccessKey {
  const result = v.safeParse(document, text);
  if (!result.success)
    throw wrong("that JSON is no access key", "give what aws iam create-access-key prints");
  const { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, SessionToken: token } = result.output;
  if (token) throw temporary();
  return { accessKeyId, secretAccessKey };
}

function temporary(): RoleAgentError {
  return wrong(
    "these are the keys of a session",
    "only long-term keys, AKIA…, are kept: a session ends by itself",
  );
}

function wrong(message: string, hint: string): RoleAgentError {
  return new RoleAgentError("InvalidConfiguration", message, { hint });
}
