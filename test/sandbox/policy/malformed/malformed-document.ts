/** A document that is refused, and the message: it begins with the place of the mistake. */
export type MalformedDocument = readonly [mistake: string, text: string, message: string];
