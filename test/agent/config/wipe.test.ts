import { expect, test, vi } from "vitest";
import type * as trustedFile from "../../../packages/agent/src/config/trusted-file.ts";
import { TempHome } from "./temp-home.ts";

const read = vi.hoisted(() => new Array<Buffer>());

vi.mock("../../../packages/agent/src/config/trusted-file.ts", async (original) => {
  const module = await original<typeof trustedFile>();
  return {
    ...module,
    readSharedFile: (...file: Parameters<typeof module.readSharedFile>): trustedFile.SharedText => {
      const text = module.readSharedFile(...file);
      read.push(text.bytes);
      return text;
    },
  };
});

test("the bytes of the AWS files are wiped once they are read", () => {
  const home = new TempHome();
  home.write(".aws/config", "[profile a]\nregion = eu-west-1\n");
  home.write(".aws/credentials", "[a]\naws_secret_access_key = EXAMPLEKEY\n");
  expect(home.load().roles.get("a")).toMatchObject({ region: "eu-west-1" });
  expect(read.map((bytes) => bytes.length)).toEqual([31, 39]);
  expect(Buffer.concat(read).every((byte) => byte === 0)).toBe(true);
});
