/** A stage of a Dockerfile, as BuildKit parses it. */
export interface Stage {
  readonly name: string;
  readonly base: string;
  readonly instructions: readonly Instruction[];
  /** Of BuildKit's linter. */
  readonly warnings: readonly string[];
}

interface Instruction {
  readonly name: string;
  readonly content: {
    readonly CmdLine?: readonly string[];
    readonly User?: string;
    readonly Env?: readonly { readonly Key: string; readonly Value: string }[];
    readonly Health?: { readonly Test: readonly string[] };
  };
}

/** What the last stage of a Dockerfile tells the runtime. */
export interface ImageConfig {
  readonly user: string;
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** The command without `CMD`; empty where there is none. */
  readonly healthCheck: readonly string[];
}

/** What the last stage of a Dockerfile tells the runtime. */
export function imageConfig(stages: readonly Stage[]): ImageConfig {
  const instructions = stages.at(-1)?.instructions ?? [];
  const last = (name: string): Instruction["content"] =>
    instructions.findLast((instruction) => instruction.name === name)?.content ?? {};
  return {
    user: last("USER").User ?? "0",
    entrypoint: last("ENTRYPOINT").CmdLine ?? [],
    command: last("CMD").CmdLine ?? [],
    environment: Object.fromEntries(
      instructions.flatMap(({ content }) => content.Env?.map(({ Key, Value }) => [Key, Value]) ?? []),
    ),
    healthCheck: last("HEALTHCHECK").Health?.Test.slice(1) ?? [],
  };
}
