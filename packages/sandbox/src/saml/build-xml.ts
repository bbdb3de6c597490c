import { XMLBuilder } from "fast-xml-parser";
import type { XmlObject } from "../xml.ts";

const builder = new XMLBuilder({
  ignoreAttributes: false,
  attributeNamePrefix: "@",
  suppressBooleanAttributes: false,
  suppressEmptyNode: true,
});

/** A document of plain data; `@` marks attributes, `#text` is text beside them. */
export function buildXml(content: XmlObject): string {
  return builder.build(content);
}
