import * as v from "valibot";
import { hasDesktop } from "./has-desktop.ts";

const words = v.tupleWithRest([v.pipe(v.string(), v.nonEmpty())], v.string());

/** What the child that asks a person is told. */
export const questionJob: v.GenericSchema<unknown, QuestionJob> = v.object({
  programs: v.array(
    v.object({ words, answers: v.picklist(["askpass", "dialog"]), env: v.record(v.string(), v.string()) }),
  ),
});

/** A question, by the programs that can show it: the first that is there does. */
export interface QuestionJob {
  readonly programs: readonly QuestionProgram[];
}

/** One program that shows a question and ends with the answer. */
export interface QuestionProgram {
  readonly words: readonly [program: string, ...args: string[]];
  /**
   * `dialog`: 0 is a yes, 1 a no, and anything else no answer. `askpass`: 0 is a yes, unless it prints anything but
   * "yes"; and anything else a no.
   */
  readonly answers: "askpass" | "dialog";
  /** On top of the environment of the child. */
  readonly env: Readonly<Record<string, string>>;
}

/** The answer, null where nobody could be asked. */
export const questionAnswer: v.GenericSchema<unknown, boolean | null> = v.nullable(v.boolean());

const title = "role-agent";
const yes = "Allow";
const no = "Refuse";
/** The text is an argument, never part of the script. Return refuses, and closing the dialog, too. */
const appleScript = `on run argv
display dialog (item 1 of argv) with title "${title}" buttons {"${yes}", "${no}"} default button "${no}" cancel button "${no}" with icon caution
end run`;

/** What desktop programs of Qt, KDE and GTK look for, and the issuer does not. */
const desktopVariables = /^(?:QT|KDE|GTK|GDK|GNOME|DESKTOP)_/;

/**
 * The programs that can ask a person at this desktop, the best first; none where there is no desktop. As with ssh-add
 * -c, `SSH_ASKPASS` names one, here after `ROLE_AGENT_ASKPASS`, and `SSH_ASKPASS_REQUIRE` says whether it needs a
 * desktop.
 *
 * @see https://man.openbsd.org/ssh-add.1#ENVIRONMENT
 */
export function questionPrograms(
  env: NodeJS.ProcessEnv,
  platform: NodeJS.Platform,
  text: string,
): readonly QuestionProgram[] {
  const { SSH_ASKPASS_REQUIRE: require } = env;
  const askpass = env["ROLE_AGENT_ASKPASS"] || env["SSH_ASKPASS"];
  const isDesktop = hasDesktop(env, platform);
  const programs: QuestionProgram[] = [];
  const own = Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => desktopVariables.test(entry[0])),
  );
  if (askpass && require !== "never" && (isDesktop || require === "force"))
    programs.push({
      words: [askpass, text],
      answers: "askpass",
      env: { ...own, SSH_ASKPASS_PROMPT: "confirm" },
    });
  if (!isDesktop) return programs;
  const dialogs = platform === "darwin" ? [osascript(text)] : linuxDialogs(env, text);
  return [...programs, ...dialogs.map((each) => ({ words: each, answers: "dialog" as const, env: own }))];
}

function osascript(text: string): QuestionProgram["words"] {
  return ["osascript", "-e", appleScript, text];
}

function linuxDialogs(
  { XDG_CURRENT_DESKTOP: desktop = "" }: NodeJS.ProcessEnv,
  text: string,
): readonly QuestionProgram["words"][] {
  const zenity: QuestionProgram["words"] = [
    "zenity",
    "--question",
    `--title=${title}`,
    "--no-markup",
    "--default-cancel",
    `--ok-label=${yes}`,
    `--cancel-label=${no}`,
    `--text=${text}`,
  ];
  const kdialog: QuestionProgram["words"] = [
    "kdialog",
    `--title=${title}`,
    `--yes-label=${yes}`,
    `--no-label=${no}`,
    // Qt takes text with a tag in it for HTML.
    `--warningyesno=${text.replaceAll("<", "‹")}`,
  ];
  return /\bKDE\b/.test(desktop) ? [kdialog, zenity] : [zenity, kdialog];
}
