/** Of a user whom nobody is. */
export const otherUid = 65_533;

/** Ends the test, saying so, where it can't be done. */
export function requireRoot(): void {
  if (process.geteuid?.() !== 0) throw new Error("other users need root: sudo npm run test:interop");
}
