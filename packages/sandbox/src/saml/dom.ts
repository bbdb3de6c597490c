import { DOMParser } from "@xmldom/xmldom";

const elementNode = 1;

/**
 * The root element of a document. Throws where it is not well formed, or has a document type: a SAML message has
 * none, and entities are defined there.
 */
export function parseXml(xml: string): Element {
  if (/<!doctype/i.test(xml)) throw new SyntaxError("a document type is not allowed");
  const fail = (message: unknown): never => {
    throw new SyntaxError(String(message));
  };
  const errorHandler = { warning: fail, error: fail, fatalError: fail };
  return new DOMParser({ errorHandler }).parseFromString(xml, "text/xml").documentElement;
}

export function isNamed(element: Element, namespace: string, name: string): boolean {
  return element.namespaceURI === namespace && element.localName === name;
}

/** The elements of one namespace at the end of a path of names. */
export function within(element: Element, namespace: string, ...path: readonly string[]): Element[] {
  return path.reduce<Element[]>(
    (elements, name) =>
      elements.flatMap((parent) =>
        Array.from(parent.childNodes)
          .filter(isElement)
          .filter((child) => isNamed(child, namespace, name)),
      ),
    [element],
  );
}

/** Its text without the white space around it. */
export function textOf(element: Element | undefined): string {
  return element?.textContent?.trim() ?? "";
}

/** Its attribute; undefined where it has none of that name. */
export function attributeOf(element: Element | undefined, name: string): string | undefined {
  return element?.getAttributeNode(name)?.value;
}

function isElement(node: Node): node is Element {
  return node.nodeType === elementNode;
}
