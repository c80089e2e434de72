/** The filters that messages of a subscription may come by: what was asked for, and that without a prefix for the server. */
export function filterForms(filter: string, prefixes: readonly string[]): readonly string[] {
  const bare = prefixes
    .filter((prefix) => filter.startsWith(prefix) && filter.length > prefix.length)
    .map((prefix) => filter.slice(prefix.length));
  // As it stands as well: to a server that does not know the prefix it is a level like any other.
  return [filter, ...bare];
}
