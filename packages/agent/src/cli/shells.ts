import { basename } from "node:path";

/** How a shell sets and unsets variables of its environment; the value is taken as it is, whatever is in it. */
export interface Shell {
  readonly set: (name: string, value: string) => string;
  readonly unset: (name: string) => string;
}

/** The shells that `role-agent env` writes for, by the name that `--shell` takes. */
export const shells: Readonly<Record<"sh" | "fish" | "powershell", Shell>> = {
  sh: {
    set: (name, value) => `export ${name}='${value.replaceAll("'", String.raw`'\''`)}'\n`,
    unset: (name) => `unset ${name}\n`,
  },
  fish: {
    set: (name, value) => `set -gx ${name} '${value.replaceAll(/[\\']/g, String.raw`\$&`)}'\n`,
    unset: (name) => `set -e ${name}\n`,
  },
  powershell: {
    // PowerShell takes four typographic quotes for the plain one.
    set: (name, value) => `$env:${name} = '${value.replaceAll(/['\u2018-\u201B]/g, "$&$&")}'\n`,
    unset: (name) => `Remove-Item -ErrorAction Ignore Env:${name}\n`,
  },
};

/** Whether `--shell` takes this name. */
export function isShell(name: string): name is keyof typeof shells {
  return Object.hasOwn(shells, name);
}

/** The shell that the person works in, as `SHELL` has it; `sh` for every one that reads its language. */
export function loginShell({ SHELL: path = "" }: NodeJS.ProcessEnv): keyof typeof shells {
  const name = basename(path);
  if (name === "fish") return "fish";
  return name === "pwsh" ? "powershell" : "sh";
}
