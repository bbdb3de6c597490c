import { kindOf } from "./words.ts";

const longest = 2048;

/**
 * What is wrong with the text of an inline session policy, or undefined. Only what is certain to be refused:
 * whether the statements make sense is for AWS to say.
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html Policy
 */
export function policyProblem(text: string): string | undefined {
  if (text.length > longest) return `has ${text.length} characters; AWS takes ${longest} at most`;
  if (!/^[\t\n\r\x20-\xff]*$/.test(text))
    return "has characters that AWS doesn't take in a policy (above \\u00FF)";
  try {
    const policy: unknown = JSON.parse(text);
    const isObject = typeof policy === "object" && policy !== null && !Array.isArray(policy);
    return isObject ? undefined : `must be a JSON object, not ${policy === null ? "null" : kindOf(policy)}`;
  } catch (error) {
    return syntaxProblem(text, error instanceof Error ? error.message : "");
  }
}

/**
 * V8 says where it stopped, or else quotes the text. The file may be another than meant, and hold a secret: so
 * a quote is left out.
 */
function syntaxProblem(text: string, message: string): string {
  const [, reason = "", position] = /^(.*?) (?:in|after) JSON at position (\d+)/.exec(message) ?? [];
  if (position === undefined) return "isn't JSON";
  const line = text.slice(0, Number(position)).split("\n").length;
  return `isn't JSON: line ${line}: ${reason.charAt(0).toLowerCase()}${reason.slice(1)}`;
}
