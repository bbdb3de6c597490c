import type { JsonObject, JsonValue } from "./json.ts";
import { PolicyDocumentError } from "./policy-document-error.ts";

/** Where in a document something stands: `Statement[1].Condition`. The empty place is the document itself. */
export type Place = string;

export function inside(place: Place, key: string): Place {
  return place === "" ? key : `${place}.${key}`;
}

export function refuse(place: Place, problem: string): never {
  throw new PolicyDocumentError(`${place === "" ? "policy document" : place}: ${problem}`);
}

export function asObject(value: JsonValue, place: Place): JsonObject {
  return value instanceof Map ? value : refuse(place, `expected an object, found ${typeName(value)}`);
}

export function asString(value: JsonValue, place: Place): string {
  return typeof value === "string" ? value : refuse(place, `expected a string, found ${typeName(value)}`);
}

/** One string or a list of at least one. */
export function asStrings(value: JsonValue, place: Place): string[] {
  if (!Array.isArray(value)) return [asString(value, place)];
  if (value.length === 0) refuse(place, "the list is empty");
  return value.map((item: JsonValue, index) => asString(item, `${place}[${index}]`));
}

export function refuseUnknownKeys(object: JsonObject, known: readonly string[], place: Place): void {
  for (const key of object.keys()) {
    if (!known.includes(key)) refuse(inside(place, key), `unknown element${didYouMean(key, known)}`);
  }
}

/** Which of two elements that exclude each other is there; the first when neither is. */
export function oneOf<A extends string, B extends string>(
  object: JsonObject,
  element: A,
  opposite: B,
  place: Place,
): A | B {
  if (!object.has(opposite)) return element;
  if (object.has(element)) refuse(place, `${element} and ${opposite} exclude each other`);
  return opposite;
}

export function required(object: JsonObject, element: string, place: Place): JsonValue {
  const value = object.get(element);
  return value === undefined ? refuse(place, `missing required field ${element}`) : value;
}

/** ` (did you mean "X"?)` when a known name is near, else "". */
export function didYouMean(name: string, known: readonly string[]): string {
  const near = known
    .map((candidate) => ({ candidate, edits: editDistance(name.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.edits - b.edits)[0];
  return near !== undefined && near.edits <= 2 ? ` (did you mean "${near.candidate}"?)` : "";
}

/** Levenshtein's distance, of the first 64 characters: no known name is longer. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 0; i < Math.min(from.length, 64); i += 1) {
    const next = [i + 1];
    for (let j = 1; j <= to.length; j += 1) {
      const substituted = (row[j - 1] ?? 0) + (to[j - 1] === from[i] ? 0 : 1);
      next.push(Math.min(substituted, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}

export function typeName(value: JsonValue): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
