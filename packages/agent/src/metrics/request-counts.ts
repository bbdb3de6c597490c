import type { Endpoint, EndpointResponse } from "../endpoints/endpoint.ts";
import type { PeerIdentity } from "../endpoints/peer-identity.ts";

/** How the requests through one kind of door went. A request costs it one addition. */
export class RequestCounts {
  /** Answered as asked. */
  served = 0;
  /** Answered with an error that is not the client's doing: AWS, a person's turn, the configuration. */
  failed = 0;
  /** There is no such role; at IMDS also paths that SDKs try before others. */
  notFound = 0;
  /** A token was missing or wrong. */
  unauthorized = 0;
  /** Not looked at: a browser's or a proxy's request, a malformed one, one too many or too late. */
  refused = 0;
  /** Connections that were closed since there were too many. */
  dropped = 0;

  readonly #onRefusal: OnRefusal;

  constructor(onRefusal: OnRefusal = () => undefined) {
    this.#onRefusal = onRefusal;
  }

  count(answer: EndpointResponse, peer?: PeerIdentity): void {
    const { status, close } = answer;
    if (status < 300) this.served += 1;
    else if (close === true || status === 401) {
      if (status === 401) this.unauthorized += 1;
      else this.refused += 1;
      this.#onRefusal(answer, peer);
    } else if (status === 404) this.notFound += 1;
    else this.failed += 1;
  }
}

/** Told of each request that is turned away for its form or its token. */
export type OnRefusal = (answer: EndpointResponse, peer: PeerIdentity | undefined) => void;

/** The same endpoint, counted. */
export function counted(endpoint: Endpoint, counts: RequestCounts): Endpoint {
  return (request) => {
    const answer = endpoint(request);
    if (answer instanceof Promise) return answer.then((late) => withCount(late, counts, request.peer));
    counts.count(answer, request.peer);
    return answer;
  };
}

function withCount(
  answer: EndpointResponse,
  counts: RequestCounts,
  peer: PeerIdentity | undefined,
): EndpointResponse {
  counts.count(answer, peer);
  return answer;
}
