import { expect, test, vi } from "vitest";
import type * as trustedFile from "../../../packages/agent/src/config/trusted-file.ts";
import { TempHome } from "./temp-home.ts";

const read = vi.hoisted(() => new Array<Buffer>());

vi.mock("../../../packages/agent/src/config/trusted-file.ts", async (original) => {
  const module = await original<typeof trustedFile>();
  return {
    ...module,
    readTextFile: (path: string, maxBytes: number): Buffer => {
      const bytes = module.readTextFile(path, maxBytes);
      read.push(bytes);
      return bytes;
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
