import * as fc from "fast-check";

/** What is to be shown of whatever the generator comes up with. */
export interface Fuzzed<Case> {
  /** As `npm run fuzz -- --only` takes it: the file of the fuzzer, and the part of it. */
  readonly name: `${string}:${string}`;
  readonly cases: fc.Arbitrary<Case>;
  /** Rejects or throws where the case is a crash. */
  readonly check: (each: Case) => void | Promise<void>;
  /** How many cases a run without `npm run fuzz` takes. */
  readonly shortly: number;
  /** The part of the fuzzer's time that this takes; all of it where absent. */
  readonly share?: number;
}

/** How far a fuzzer came. */
export interface FuzzFigures {
  readonly cases: number;
  readonly seconds: number;
}

const roundCases = 500;
const fixedSeed = 1;

/**
 * Checks a property in rounds of one seed each: a few cases of a fixed seed, or as many as the time has room for that
 * `npm run fuzz` gives; none where it asks for another part. Throws with the shrunken counterexample and the command that
 * repeats it.
 */
export async function fuzz<Case>(fuzzed: Fuzzed<Case>): Promise<FuzzFigures> {
  const { name, cases, check, shortly, share = 1 } = fuzzed;
  const { FUZZ_SECONDS: allSeconds, FUZZ_SEED: seed, FUZZ_PATH: path, FUZZ_PART: part } = process.env;
  const started = performance.now();
  const secondsSince = (): number => (performance.now() - started) / 1000;
  if (part !== undefined && name.split(":")[1] !== part) return { cases: 0, seconds: 0 };
  const seconds = allSeconds === undefined ? 0 : Number(allSeconds) * (part === undefined ? share : 1);
  const property = fc.asyncProperty(cases, async (each) => check(each));
  let done = 0;
  for (let round = 0; ; round += 1) {
    const result = await fc.check(property, {
      seed: Number(seed ?? fixedSeed) + round,
      numRuns: allSeconds === undefined ? shortly : roundCases,
      ...(path !== undefined && { path }),
    });
    if (result.failed) throw crash(name, result);
    done += result.numRuns;
    if (path !== undefined || secondsSince() >= seconds) return { cases: done, seconds: secondsSince() };
  }
}

/** Says how far a fuzzer came, under `npm run fuzz` alone. */
export function report(name: string, { cases, seconds }: FuzzFigures, more = ""): void {
  if (process.env["FUZZ_SECONDS"] === undefined || cases === 0) return;
  console.log(`fuzz ${name}: ${cases} cases in ${seconds.toFixed(1)} s${more}`);
}

function crash<Case>(name: string, details: fc.RunDetails<Case>): Error {
  const { seed, counterexample, counterexamplePath, errorInstance } = details;
  const why = errorInstance instanceof Error ? errorInstance.message : String(errorInstance);
  const message = [
    `${name} fails on a case of the seed ${seed}: ${why}`,
    `case: ${fc.stringify(counterexample)}`,
    `repeat it: npm run fuzz -- --only ${name} --seed ${seed} --path ${counterexamplePath ?? ""}`,
  ].join("\n");
  return new Error(message, { cause: errorInstance });
}
