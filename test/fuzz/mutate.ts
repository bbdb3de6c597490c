import * as fc from "fast-check";

/** Where an edit applies, as a part of the text's length. */
const place = fc.double({ min: 0, max: 1, noNaN: true });

type Edit = (text: string) => string;

/**
 * A text with none or some of its characters changed, lost, doubled or replaced by one of `words`, which are those that
 * mean something to its reader. Shrinks to the text as it was.
 */
export function mutated(
  text: fc.Arbitrary<string>,
  words: readonly string[],
  maxEdits = 4,
): fc.Arbitrary<string> {
  return fc
    .tuple(text, fc.array(edit(words), { maxLength: maxEdits }))
    .map(([base, edits]) => edits.reduce((changed, apply) => apply(changed), base));
}

function edit(words: readonly string[]): fc.Arbitrary<Edit> {
  const at = (text: string, where: number): number => Math.floor(where * text.length);
  const inserted = fc.oneof(
    fc.constantFrom(...words),
    fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)),
  );
  const span = fc.nat({ max: 40 });
  return fc.oneof(
    fc.tuple(place, inserted).map(([where, what]): Edit => {
      return (text) => text.slice(0, at(text, where)) + what + text.slice(at(text, where));
    }),
    fc.tuple(place, inserted, span).map(([where, what, length]): Edit => {
      return (text) => text.slice(0, at(text, where)) + what + text.slice(at(text, where) + length);
    }),
    fc.tuple(place, span).map(([where, length]): Edit => {
      return (text) => text.slice(0, at(text, where)) + text.slice(at(text, where) + length);
    }),
    fc.tuple(place, span, fc.constantFrom(1, 2, 50)).map(([where, length, times]): Edit => {
      return (text) => {
        const from = at(text, where);
        const part = text.slice(from, from + length);
        return text.slice(0, from) + part.repeat(times) + text.slice(from);
      };
    }),
    fc.tuple(place).map(
      ([where]): Edit =>
        (text) =>
          text.slice(0, at(text, where)),
    ),
  );
}
