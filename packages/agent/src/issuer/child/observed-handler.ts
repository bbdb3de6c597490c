import { UndiciHttpHandler } from "@smithy/undici-http-handler";
import type { IssuedSession } from "../../core/session.ts";
import { outboundAgent } from "./outbound.ts";
import { serverNow } from "./server-clock.ts";
import { askAgain, waitedFor } from "./waited-for.ts";

/** When a session came and when it ends. */
export type Lifetime = Pick<IssuedSession, "expiresAt" | "receivedAt" | "lifetimeMs">;

type Handle = UndiciHttpHandler["handle"];

/** The way out for one client, which remembers what its newest call showed of the other side. */
export class ObservedHandler extends UndiciHttpHandler {
  #address: URL | undefined;
  #sample = { date: Number.NaN, sentAt: 0, receivedAt: 0 };

  constructor() {
    super({ dispatcher: outboundAgent() });
  }

  /** Where the newest call went, without path. */
  get address(): URL | undefined {
    return this.#address;
  }

  override async handle(...[request, options]: Parameters<Handle>): ReturnType<Handle> {
    const { protocol, hostname, port } = request;
    this.#address = new URL(`${protocol}//${hostname}${port === undefined ? "" : `:${port}`}`);
    const sentAt = Date.now();
    const { abortSignal } = options ?? {};
    const output =
      waitedFor.getStore() === true && abortSignal instanceof AbortSignal
        ? await askAgain(
            async (signal) => super.handle(request, { ...options, abortSignal: signal }),
            abortSignal,
          )
        : await super.handle(request, options);
    const date = Date.parse(output.response.headers["date"] ?? "");
    this.#sample = { date, sentAt, receivedAt: Date.now() };
    return output;
  }

  /** How long credentials live that the newest answer brought, by AWS's clock; NaN where it named no end. */
  lifetimeUntil(expiration: Date | undefined): Lifetime {
    const expiresAt = expiration?.getTime() ?? Number.NaN;
    const { date, sentAt, receivedAt } = this.#sample;
    return { expiresAt, receivedAt, lifetimeMs: expiresAt - serverNow(date, sentAt, receivedAt) };
  }
}
