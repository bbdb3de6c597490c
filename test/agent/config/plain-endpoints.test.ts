import { expect, test } from "vitest";
import { plainEndpointWarnings } from "../../../packages/agent/src/config/plain-endpoints.ts";
import { TempHome } from "./temp-home.ts";

const warning = (where: string): string =>
  `${where} is http to another machine: credentials cross the network unencrypted`;

test.each([
  ["http://sts.example.com", true],
  ["HTTP://10.0.0.5:4566/x", true],
  ["http://127.0.0.1.example.com", true],
  ["http://127.0.0.1:4566", false],
  ["http://localhost:4566", false],
  ["http://[::1]:4566", false],
  ["https://sts.example.com", false],
  ["sts.example.com", false],
  ["", false],
])("an endpoint %s is warned about: %s", (url, isWarnedAbout) => {
  const expected = isWarnedAbout ? [warning("AWS_ENDPOINT_URL_STS")] : [];
  expect(plainEndpointWarnings({ AWS_ENDPOINT_URL_STS: url }, [], [])).toEqual(expected);
});

test("a variable of any service counts, and no other variable", () => {
  const url = "http://aws.example.com";
  const env = { AWS_ENDPOINT_URL: url, AWS_ENDPOINT_URL_SSO_OIDC: url, MY_AWS_ENDPOINT_URL: url };
  expect(plainEndpointWarnings(env, [], [])).toEqual(
    ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_SSO_OIDC"].map(warning),
  );
});

test("a profile's endpoint counts", () => {
  const home = new TempHome();
  home.write(
    ".aws/config",
    "[profile lab]\nendpoint_url = http://lab.example.com\n[profile own]\nendpoint_url = http://localhost:1\n",
  );
  expect(home.load().warnings).toEqual([warning("endpoint_url of profile lab")]);
});

test("an endpoint of a single service counts", () => {
  const home = new TempHome();
  home.write(
    ".aws/config",
    [
      "[profile lab]\nservices = lab",
      "[services lab]\nsts =\n  endpoint_url = http://sts.example.com\ns3 =\n\tendpoint_url=http://localhost:1",
      "[ services two ]\r\nsso =\r\n  endpoint_url = http://sso.example.com\r",
      "[profile other]\ns3 =\n  endpoint_url = http://not-read.example.com\n",
    ].join("\n"),
  );
  expect(home.load().warnings).toEqual([
    warning("endpoint_url in [services lab]"),
    warning("endpoint_url in [services two]"),
  ]);
});
