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
  "sso_account_id",
  "login_session",
] as const;

/** A profile of the AWS shared config, both files merged. */
export interface AwsProfile {
  readonly name: string;
  /** Whether it has long-term keys (or a session pasted in). Their values are never read. */
  readonly hasStaticKeys: boolean;
  /** Whether these are in `credentials`: the AWS CLI takes them before a `login_session`, those of `config` after it. */
  readonly hasKeysInCredentials: boolean;
  /** As written. An empty setting counts as absent. */
  readonly settings: Readonly<Partial<Record<(typeof settingNames)[number], string>>>;
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
  readonly warnings: readonly string[];
}

/**
 * Reads the files as the AWS CLI does: in `config` a profile is `[default]` or `[profile NAME]`, in
 * `credentials` it is `[NAME]`; the same setting in a later file wins; a line that is indented deeper than the
 * setting above is a part of that. The values of keys never become strings, so that the agent holds none.
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html
 */
export function parseAwsProfiles(files: readonly AwsFile[]): AwsProfiles {
  const profiles = new Map<string, DraftProfile>();
  const warnings: string[] = [];
  for (const file of files) new ProfileReader(file, profiles, warnings).read();
  return { profiles, warnings };
}

interface DraftProfile extends AwsProfile {
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

class ProfileReader {
  readonly #file: AwsFile;
  readonly #profiles: Map<string, DraftProfile>;
  readonly #warnings: string[];
  readonly #seen = new Set<string>();
  readonly #reported = new Set<string>();
  #profile: DraftProfile | undefined;
  /** The setting that deeper lines continue. */
  #above: { indent: number; isEmpty: boolean } | undefined;
  #line = 0;

  constructor(file: AwsFile, profiles: Map<string, DraftProfile>, warnings: string[]) {
    this.#file = file;
    this.#profiles = profiles;
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
    this.#profile = undefined;
    const section = /^\[([^\]]+)\](?:\s*[#;].*)?$/.exec(line)?.[1]?.trim();
    if (section === undefined) return this.#warn("isn't a section: it must be a name in [ ]");
    if (this.#file.kind === "config" && !/^(?:default$|profile\s)/.test(section)) return;
    const name = this.#file.kind === "config" ? nameInConfig(section) : section;
    if (name === undefined) return this.#warn("isn't [profile NAME]; a name with spaces needs quotes");
    if (/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(name)) return this.#warn("has control characters in its name");
    if (name.startsWith(profilePrefix)) {
      const own = printable(name.slice(profilePrefix.length));
      return this.#warn(`is no profile of this file; write [${own}]`);
    }
    this.#profile = this.#profiles.get(name) ?? {
      name,
      hasStaticKeys: false,
      hasKeysInCredentials: false,
      settings: {},
    };
    this.#profiles.set(name, this.#profile);
    if (this.#seen.has(name)) this.#warn("is there twice, which the AWS CLI refuses; later settings win");
    this.#seen.add(name);
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
    if (this.#profile === undefined || keyEnd - start > longestKey) return;
    const key = bytes.toString("latin1", start, keyEnd).toLowerCase();
    if (staticKeys.has(key)) {
      this.#profile.hasStaticKeys = true;
      this.#profile.hasKeysInCredentials ||= this.#file.kind === "credentials";
    }
    const setting = wanted.get(key);
    if (setting === undefined) return;
    const value = bytes
      .toString("utf8", valueStart, valueEnd)
      .replace(/(?:^|\s)[#;].*$/, "")
      .trimEnd();
    if (/\p{Cc}/u.test(value)) return this.#warn(`has control characters in ${key}`);
    if (value !== "") this.#profile.settings[setting] = value;
  }

  /** One warning for each profile and file is enough, and keeps a broken file from flooding the log. */
  #warn(message: string): void {
    const name = this.#profile?.name;
    const key = name === undefined ? "" : `profile ${quoted(name)}`;
    if (this.#reported.has(key)) return;
    this.#reported.add(key);
    const { path } = this.#file;
    this.#warnings.push(formatProblem({ file: path, line: this.#line, message, ...(key !== "" && { key }) }));
  }
}

/** The name in `default`, `profile NAME`, `profile "NAME"`. */
function nameInConfig(section: string): string | undefined {
  if (section === "default") return section;
  const [, double, single, bare] = /^profile\s+(?:"([^"]+)"|'([^']+)'|([^\s"']+))$/.exec(section) ?? [];
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
