/** Adds to a map that forgets its oldest entry when full: what a long test run leaves behind stays bounded. */
export function remember<K, V>(map: Map<K, V>, key: K, value: V, limit: number): void {
  map.delete(key);
  map.set(key, value);
  if (map.size > limit) {
    for (const oldest of map.keys()) {
      map.delete(oldest);
      break;
    }
  }
}

/** Appends to an array that holds `limit` items at most, the oldest going first. */
export function append<T>(array: T[], item: T, limit: number): void {
  array.push(item);
  if (array.length > limit) array.splice(0, array.length - limit);
}
