/** A tag as the query protocol carries it. */
export type Tag = { Key: string; Value: string };

/** Tags by key. Keys differ by more than case, as in AWS. */
export type Tags = Record<string, string>;

/** The tags of `base` under those of `added`, which replace tags whose keys differ in case alone. */
export function mergeTags(base: Tags, added: Tags): Tags {
  const replaced = new Set(Object.keys(added).map((key) => key.toLowerCase()));
  const kept = Object.entries(base).filter(([key]) => !replaced.has(key.toLowerCase()));
  return Object.fromEntries([...kept, ...Object.entries(added)]);
}

export function tagsFrom(list: readonly Tag[]): Tags {
  return Object.fromEntries(list.map(({ Key, Value }) => [Key, Value]));
}

export function tagList(tags: Tags): Tag[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

/** A key that stands twice in the list, whatever its case. */
export function duplicateTagKey(list: readonly Tag[]): string | undefined {
  const seen = new Set<string>();
  for (const { Key } of list) {
    if (seen.has(Key.toLowerCase())) return Key;
    seen.add(Key.toLowerCase());
  }
  return undefined;
}

/** A key of the `aws:` namespace, which AWS keeps for itself. */
export function reservedTagKey(list: readonly Tag[]): string | undefined {
  return list.find(({ Key }) => Key.toLowerCase().startsWith("aws:"))?.Key;
}
