import * as v from "valibot";
import { choice, kindOf } from "../words.ts";

/** A table that is checked by its schema and must have no other key. */
export interface TableSchema<Output> {
  readonly schema: v.GenericSchema<unknown, Output>;
  readonly keys: readonly string[];
}

/** Words the issue of a value of another kind. */
export function mustBe(expected: string): (issue: { readonly input: unknown }) => string {
  return ({ input }) => `must be ${expected}, not ${kindOf(input)}`;
}

/** Any text. */
export const text: v.GenericSchema<unknown, string> = v.string(mustBe("text in quotes"));

/** A name or a path: control characters would reach terminals and logs. */
export const name: v.GenericSchema<unknown, string> = v.pipe(
  text,
  v.regex(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+$/u, "must be a name: not empty, and without control characters"),
);

/** A list of any texts. */
export const texts: v.GenericSchema<unknown, string[]> = v.array(text, mustBe("a list of texts"));

/** Yes or no. */
export const flag: v.GenericSchema<unknown, boolean> = v.boolean(mustBe("true or false, without quotes"));

/** One of a few words. */
export function oneOf<const Words extends readonly string[]>(
  ...words: Words
): v.GenericSchema<unknown, Words[number]> {
  return v.picklist(words, `must be ${choice(words)}`);
}

/** A check by a function that says what is wrong with a value, or nothing. */
export function rule<Value>(problemOf: (value: Value) => string | undefined): v.RawCheckAction<Value> {
  return v.rawCheck(({ dataset, addIssue }) => {
    const message = dataset.typed ? problemOf(dataset.value) : undefined;
    if (message !== undefined) addIssue({ message });
  });
}
