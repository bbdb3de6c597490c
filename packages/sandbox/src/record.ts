/** An empty record without a prototype, where `constructor` and `__proto__` are names like any other. */
export function record<T>(): Record<string, T> {
  return Object.create(null);
}
