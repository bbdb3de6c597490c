import type { AgentEvent } from "@role-agent/provider/protocol";
import type { EndpointResponse } from "./endpoint.ts";

/** Where events come from. */
export interface EventSource {
  subscribe(listener: { next: (event: AgentEvent) => void; end: () => void }): () => void;
}

/**
 * `GET /v1/events`: what happens to the roles, as it happens.
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
export function eventsRoute(events: EventSource): EndpointResponse {
  return {
    status: 200,
    headers: ["Content-Type", "text/event-stream", "Cache-Control", "no-store"],
    body: ": events of the roles from now on\n\n",
    stream: ({ send, end }) => events.subscribe({ next: (event) => send(eventText(event)), end }),
  };
}

function eventText(event: AgentEvent): string {
  return `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
}
