import { formatProblem } from "./config.ts";
import { profilePrefix } from "./role-name.ts";
import { printable } from "../core/printable.ts";
import { quoted } from "./words.ts";

/** The settings that decide what a profile is. Others are for the AWS SDK to read. */
const settingNames = [
  "role_arn",
  "source_profile",
  "credential_source",
  "external_id",
  "mfa_serial",
  "duration_seconds",
  "role_session_name",
  "region",
  "web_identity_token_file",
  "sso_session",
  "sso_account_id",
  "sso_role_name",
  "sso_start_url",
  "sso_region",
  "sso_registration_scopes",
  "login_session",
  "endpoint_url",
  "credential_process",
] as const;

/** A section that isn't a profile: `[sso-session NAME]`. */
export interface AwsSection {
  readonly name: string;
  /** As written. An empty setting counts as absent. */
  readonly settings: Readonly<Partial<Record<(typeof settingNames)[number], string>>>;
}

/** A profile of the AWS shared config, both files merged. */
export interface AwsProfile extends AwsSection {
  /** Whether it has long-term keys (or a session pasted in), or one half of them. Their values are never read. */
  readonly hasStaticKeys: boolean;
  /** Whether these are in `credentials`: the AWS CLI takes them before a `login_session`, those of `config` after it. */
  readonly hasKeysInCredentials: boolean;
}

/** One of the two files; `bytes` stay the caller's, who wipes them afterwards. */
export interface AwsFile {
  readonly path: string;
  readonly kind: "config" | "credentials";
  readonly bytes: Buffer;
}

/** What the files hold; `warnings` has a line for each profile that isn't wholly readable. */
export interface AwsProfiles {
  readonly profiles: ReadonlyMap<string, AwsProfile>;
  readonly ssoSessions: ReadonlyMap<string, AwsSection>;
  readonly warnings: readonly string[];
}

/**
 * Reads the files as the AWS CLI does: in `config` a profile is `[default]` or `[profile NAME]`, in
 * `credentials` it is `[NAME]`; the same setting in a later file wins; a line that is indented deeper than the
 * setting above is a part of that; `[sso-session NAME]` is read from `config`, other sections are not. The values of keys never become strings, so that the agent holds none.
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html
 */
export function parseAwsProfiles(files: readonly AwsFile[]): AwsProfiles {
  const drafts = { profile: new Map<string, Draft>(), "sso-session": new Map<string, Draft>() };
  const warnings: string[] = [];
  for (const file of files) new SectionReader(file, drafts, warnings).read();
  return { profiles: drafts.profile, ssoSessions: drafts["sso-session"], warnings };
}

type SectionKind = "profile" | "sso-session";

interface Draft extends AwsProfile {
  hasStaticKeys: boolean;
  hasKeysInCredentials: boolean;
  readonly settings: Partial<Record<(typeof settingNames)[number], string>>;
}

const staticKeys = new Set(["aws_access_key_id", "aws_secret_access_key"]);
const wanted = new Map(settingNames.map((setting) => [setting as string, setting]));
/** What is longer is no key of ours, but maybe a broken line of a secret: it is not turned into a string. */
const longestKey = 32;

const byte = (character: string): number => character.charCodeAt(0);
const newlineByte = byte("\n");
const blanks = new Set([byte(" "), byte("\t"), byte("\r")]);
const comments = new Set([byte("#"), byte(";")]);
const separators = new Set([byte("="), byte(":")]);
const bracket = byte("[");

class SectionReader {
  readonly #file: AwsFile;
  readonly #drafts: Readonly<Record<SectionKind, Map<string, Draft>>>;
  readonly #warnings: string[];
  readonly #seen = new Set<string>();
  readonly #reported = new Set<string>();
  #kind: SectionKind = "profile";
  #section: Draft | undefined;
  /** The setting that deeper lines continue. */
  #above: { indent: number; isEmpty: boolean } | undefined;
  #line = 0;

  constructor(file: AwsFile, drafts: Readonly<Record<SectionKind, Map<string, Draft>>>, warnings: string[]) {
    this.#file = file;
    this.#drafts = drafts;
    this.#warnings = warnings;
  }

  read(): void {
    const { bytes } = this.#file;
    for (let start = hasByteOrderMark(bytes) ? 3 : 0; start < bytes.length;) {
      const newline = bytes.indexOf(newlineByte, start);
      const end = newline < 0 ? bytes.length : newline;
      this.#line++;
      this.#readLine(start, end);
      start = end + 1;
    }
  }

  #readLine(lineStart: number, lineEnd: number): void {
    const { bytes } = this.#file;
    const [start, end] = trimmed(bytes, lineStart, lineEnd);
    const first = bytes[start] ?? newlineByte;
    if (start === end || comments.has(first)) return;
    const indent = start - lineStart;
    if (this.#above !== undefined && indent > this.#above.indent) {
      if (!this.#above.isEmpty) this.#warn("is indented deeper than the setting above, and so a part of it");
    } else if (first === bracket) {
      this.#above = undefined;
      this.#openSection(bytes.toString("utf8", start, end));
    } else {
      this.#readSetting(start, end, indent);
    }
  }

  #openSection(line: string): void {
    this.#section = undefined;
    const header = /^\[([^\]]+)\](?:\s*[#;].*)?$/.exec(line)?.[1]?.trim();
    if (header === undefined) return this.#warn("isn't a section: it must be a name in [ ]");
    const isConfig = this.#file.kind === "config";
    const kind = isConfig ? kindInConfig(header) : "profile";
    if (kind === undefined) return;
    const name = isConfig ? nameInConfig(header, kind) : header;
    if (name === undefined) return this.#warn(`isn't [${kind} NAME]; a name with spaces needs quotes`);
    if (/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(name)) return this.#warn("has control characters in its name");
    if (name.startsWith(profilePrefix)) {
      const own = printable(name.slice(profilePrefix.length));
      return this.#warn(`is no profile of this file; write [${own}]`);
    }
    this.#kind = kind;
    this.#section = this.#drafts[kind].get(name) ?? {
      name,
      hasStaticKeys: false,
      hasKeysInCredentials: false,
      settings: {},
    };
    this.#drafts[kind].set(name, this.#section);
    const key = `${kind} ${name}`;
    if (this.#seen.has(key)) this.#warn("is there twice, which the AWS CLI refuses; later settings win");
    this.#seen.add(key);
  }

  #readSetting(start: number, end: number, indent: number): void {
    const { bytes } = this.#file;
    let separator = start;
    while (separator < end && !separators.has(bytes[separator] ?? newlineByte)) separator++;
    if (separator === start || separator === end) {
      this.#above = undefined;
      return this.#warn("is no setting: it must be NAME = VALUE");
    }
    const [valueStart, valueEnd] = trimmed(bytes, separator + 1, end);
    this.#above = { indent, isEmpty: valueStart === valueEnd };
    const [, keyEnd] = trimmed(bytes, start, separator);
    if (this.#section === undefined || keyEnd - start > longestKey) return;
    const key = bytes.toString("latin1", start, keyEnd).toLowerCase();
    if (staticKeys.has(key) && valueStart < valueEnd) {
      this.#section.hasStaticKeys = true;
      this.#section.hasKeysInCredentials ||= this.#file.kind === "credentials";
    }
    const setting = wanted.get(key);
    if (setting === undefined) return;
    const value = bytes
      .toString("utf8", valueStart, valueEnd)
      .replace(/(?:^|\s)[#;].*$/, "")
      .trimEnd();
    if (/\p{Cc}/u.test(value)) return this.#warn(`has control characters in ${key}`);
    if (value !== "") this.#section.settings[setting] = value;
  }

  /** One warning for each section and file is enough, and keeps a broken file from flooding the log. */
  #warn(message: string): void {
    const name = this.#section?.name;
    const key = name === undefined ? "" : `${this.#kind} ${quoted(name)}`;
    if (this.#reported.has(key)) return;
    this.#reported.add(key);
    const { path } = this.#file;
    this.#warnings.push(formatProblem({ file: path, line: this.#line, message, ...(key !== "" && { key }) }));
  }
}

/** What a section of `config` is; other kinds are for the AWS SDK to read. */
function kindInConfig(header: string): SectionKind | undefined {
  if (/^(?:default$|profile\s)/.test(header)) return "profile";
  return /^sso-session\s/.test(header) ? "sso-session" : undefined;
}

/** The name in `default`, `profile NAME`, `profile "NAME"`. */
function nameInConfig(header: string, kind: SectionKind): string | undefined {
  if (header === "default") return header;
  const [, double, single, bare] =
    /^(?:"([^"]+)"|'([^']+)'|([^\s"']+))$/.exec(header.slice(kind.length).trim()) ?? [];
  return double ?? single ?? bare;
}

function trimmed(bytes: Buffer, from: number, to: number): [start: number, end: number] {
  let [start, end] = [from, to];
  while (start < end && isBlank(bytes[start])) start++;
  while (end > start && isBlank(bytes[end - 1])) end--;
  return [start, end];
}

function isBlank(code: number | undefined): boolean {
  return code !== undefined && blanks.has(code);
}

function hasByteOrderMark(bytes: Buffer): boolean {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
}
