import { durationText } from "../config/duration.ts";

/** When an agent locks itself, in words; undefined where it does not. */
export function lockPlanText(whenIdleSeconds: number | null, withScreen: boolean): string | undefined {
  const whens = [
    ...(whenIdleSeconds === null ? [] : [`after ${durationText(whenIdleSeconds)} without a request`]),
    ...(withScreen ? ["with the screen"] : []),
  ];
  return whens.length === 0 ? undefined : `locks itself ${whens.join(" and ")}`;
}
