import {
  CreateRoleCommand,
  type CreateRoleCommandInput,
  CreateUserCommand,
  GetRoleCommand,
  ListRolesCommand,
  paginateListRoles,
} from "@aws-sdk/client-iam";
import { describe, expect, test } from "vitest";
import {
  frozenClock,
  HOME,
  iam,
  PARTNER,
  policy,
  refusal,
  roleArn,
  sandboxForTest,
  trust,
} from "../support.ts";

const ec2 = trust({ Service: "ec2.amazonaws.com" });
const create = (more: Partial<CreateRoleCommandInput> = {}): CreateRoleCommand =>
  new CreateRoleCommand({ RoleName: "Deploy", AssumeRolePolicyDocument: ec2, ...more });

describe("CreateRole and GetRole", () => {
  test("answer the same role, its trust policy URL-encoded", async () => {
    const { clock } = frozenClock();
    const client = iam(await sandboxForTest({ clock }));
    const created = await client.send(
      create({
        Path: "/team/",
        Description: 'Deploys <it> &\r\n"more" é',
        MaxSessionDuration: 7200,
        Tags: [{ Key: "team", Value: "core" }],
      }),
    );
    expect(created.Role).toMatchObject({
      Path: "/team/",
      RoleName: "Deploy",
      Arn: roleArn("team/Deploy"),
      CreateDate: new Date(Math.floor(clock.now() / 1000) * 1000),
      Description: 'Deploys <it> &\r\n"more" é',
      MaxSessionDuration: 7200,
      Tags: [{ Key: "team", Value: "core" }],
    });
    expect(created.Role?.RoleId).toMatch(/^AROA[A-Z2-7]{17}$/);
    expect(decodeURIComponent(created.Role?.AssumeRolePolicyDocument ?? "")).toBe(ec2);
    const got = await client.send(new GetRoleCommand({ RoleName: "Deploy" }));
    expect(got.Role).toEqual(created.Role);
  });

  test("a name that exists is taken, in any case", async () => {
    const client = iam(await sandboxForTest());
    await client.send(create());
    for (const RoleName of ["Deploy", "DEPLOY"]) {
      const { code, status, message } = await refusal(client.send(create({ RoleName })));
      expect([code, status]).toEqual(["EntityAlreadyExists", 409]);
      expect(message).toBe(`Role with name ${RoleName} already exists.`);
    }
  });

  test("names that mean something to JavaScript are names like any other", async () => {
    const client = iam(await sandboxForTest());
    for (const RoleName of ["__proto__", "constructor", "toString"]) {
      expect((await refusal(client.send(new GetRoleCommand({ RoleName })))).code).toBe("NoSuchEntity");
      await client.send(create({ RoleName }));
      expect((await client.send(new GetRoleCommand({ RoleName }))).Role?.RoleName).toBe(RoleName);
    }
  });

  test.each<[string, Partial<CreateRoleCommandInput>, string]>([
    ["name of 65", { RoleName: "a".repeat(65) }, "'roleName'"],
    ["name with a slash", { RoleName: "a/b" }, "'roleName'"],
    ["empty name", { RoleName: "" }, "'roleName'"],
    ["path without slashes", { Path: "team" }, "'path'"],
    ["description of 1001", { Description: "x".repeat(1001) }, "'description'"],
    ["duration of 3599", { MaxSessionDuration: 3599 }, "'maxSessionDuration'"],
    ["duration of 43201", { MaxSessionDuration: 43_201 }, "'maxSessionDuration'"],
    ["tag without a key", { Tags: [{ Key: "", Value: "" }] }, "'tags.1.member.key'"],
    ["empty document", { AssumeRolePolicyDocument: "" }, "'assumeRolePolicyDocument'"],
  ])("%s is a ValidationError", async (_case, more, place) => {
    const { code, status, message } = await refusal(iam(await sandboxForTest()).send(create(more)));
    expect([code, status]).toEqual(["ValidationError", 400]);
    expect(message).toContain(place);
  });

  test.each([
    ["a missing comma", '{\n  "Version": "2012-10-17"\n  "Statement": []\n}', "line 3, column 3"],
    ["a resource", trust({ AWS: HOME }, { Resource: "*" }), "Statement[0].Resource"],
    ["an action of another service", trust({ AWS: HOME }, { Action: "s3:GetObject" }), "Statement[0].Action"],
    ["no principal", policy("sts:AssumeRole", { Resource: undefined }), "Statement[0]"],
  ])("a trust policy with %s is refused with the place of the mistake", async (_case, document, place) => {
    const client = iam(await sandboxForTest());
    const { code, status, message } = await refusal(
      client.send(create({ AssumeRolePolicyDocument: document })),
    );
    expect([code, status]).toEqual(["MalformedPolicyDocument", 400]);
    expect(message).toContain(place);
    expect((await client.send(new ListRolesCommand({}))).Roles).toEqual([]);
  });

  test.each([
    `arn:aws:iam::${HOME}:role/Nobody`,
    `arn:aws:iam::${HOME}:user/nobody`,
    `arn:aws:iam::${HOME}:role/team/Known`,
    `arn:aws:sts::${HOME}:assumed-role/Nobody/me`,
    "arn:aws:iam::999999999999:role/Known",
    `arn:aws-cn:iam::${HOME}:role/Known`,
  ])("a trust policy can't name %s, which doesn't exist", async (principal) => {
    const client = iam(await sandboxForTest());
    await client.send(create({ RoleName: "Known" }));
    const document = trust({ AWS: [HOME, principal] });
    const { code, message } = await refusal(client.send(create({ AssumeRolePolicyDocument: document })));
    expect(code).toBe("MalformedPolicyDocument");
    expect(message).toContain(`Invalid principal in policy: "AWS":"${principal}"`);
  });

  test("a trust policy may name accounts, users, roles and sessions that do", async () => {
    const client = iam(await sandboxForTest());
    await client.send(create({ RoleName: "Known", Path: "/team/" }));
    await client.send(new CreateUserCommand({ UserName: "bob" }));
    const AWS = [
      "*",
      PARTNER,
      "arn:aws:iam::999999999999:root",
      `arn:aws:iam::${HOME}:role/team/Known`,
      `arn:aws:iam::${HOME}:user/bob`,
      `arn:aws:sts::${HOME}:assumed-role/Known/me`,
    ];
    const { Role } = await client.send(create({ AssumeRolePolicyDocument: trust({ AWS }) }));
    expect(Role?.RoleName).toBe("Deploy");
  });

  test("a trust policy has 2,048 characters at most, white space aside", async () => {
    const client = iam(await sandboxForTest());
    const sized = (length: number): string => trust({ AWS: HOME }, { Sid: "x".repeat(length) });
    const room = 2048 - sized(0).length;
    await client.send(create({ AssumeRolePolicyDocument: `${sized(room)}${" ".repeat(500)}` }));
    const { code, status } = await refusal(
      client.send(create({ RoleName: "Long", AssumeRolePolicyDocument: sized(room + 1) })),
    );
    expect([code, status]).toEqual(["LimitExceeded", 409]);
  });

  test("a permissions boundary, which would not be enforced, is refused", async () => {
    const boundary = { PermissionsBoundary: "arn:aws:iam::aws:policy/ReadOnlyAccess" };
    const { code } = await refusal(iam(await sandboxForTest()).send(create(boundary)));
    expect(code).toBe("InvalidInput");
  });
});

describe("ListRoles", () => {
  test("pages through the roles of the caller's account", async () => {
    const sandbox = await sandboxForTest();
    const client = iam(sandbox);
    const names = Array.from({ length: 7 }, (_, i) => `Role${i}`);
    for (const RoleName of names.toReversed()) await client.send(create({ RoleName }));
    const pages: string[][] = [];
    for await (const { Roles } of paginateListRoles({ client, pageSize: 3 }, {})) {
      pages.push((Roles ?? []).map(({ RoleName }) => RoleName ?? ""));
    }
    expect(pages.map(({ length }) => length)).toEqual([3, 3, 1]);
    expect(pages.flat()).toEqual(names);
    const { Roles, IsTruncated } = await client.send(new ListRolesCommand({}));
    expect([Roles?.length, IsTruncated]).toEqual([7, false]);
    const full = await client.send(new ListRolesCommand({ MaxItems: 7 }));
    expect([full.Roles?.length, full.IsTruncated, full.Marker]).toEqual([7, false, undefined]);
  });

  test("keeps to a path prefix", async () => {
    const client = iam(await sandboxForTest());
    await client.send(create({ RoleName: "A", Path: "/team/" }));
    await client.send(create({ RoleName: "B" }));
    const { Roles } = await client.send(new ListRolesCommand({ PathPrefix: "/team/" }));
    expect(Roles?.map(({ RoleName }) => RoleName)).toEqual(["A"]);
  });

  test.each([{ Marker: "made-up" }, { MaxItems: 0 }, { MaxItems: 1001 }, { PathPrefix: "team" }])(
    "%o is a ValidationError",
    async (input) => {
      const client = iam(await sandboxForTest());
      expect((await refusal(client.send(new ListRolesCommand(input)))).code).toBe("ValidationError");
    },
  );
});
