import { setTimeout as delay } from "node:timers/promises";
import { HostError, type Logger } from "@virtgpu/core/base";
import { waitReadable } from "../native/events.js";
import { acceptUnix } from "../native/socket.js";

/** How long the socket is left alone after a shortage: it stays readable, so whoever polls it would spin. */
const REST_MS = 100;
/** A shortage that comes and goes is told this often. */
const TELL_EVERY_MS = 60_000;
/** What accept(2) fails with when the process or the system has nothing left for a connection now. */
const SHORTAGES: ReadonlySet<string> = new Set(["EMFILE", "ENFILE", "ENOBUFS", "ENOMEM"]);

/**
 * Accepts connections at a listening socket. While there is no descriptor or no memory for one, those who connect wait in the socket's
 * backlog, and the socket is looked at ten times a second. The socket stays the caller's.
 */
export class ConnectionAcceptor {
  readonly #fd: number;
  readonly #logger: Logger;
  readonly #now: () => number;
  #restsUntilMs = -Infinity;
  #toldAtMs = -Infinity;

  /** @param now milliseconds of the clock of `performance.now()` */
  constructor(listenFd: number, logger: Logger, now: () => number = () => performance.now()) {
    this.#fd = listenFd;
    this.#logger = logger;
    this.#now = now;
  }

  /** What to poll for connections: the socket, or -1 while it is left alone. */
  get pollFd(): number {
    return this.#isResting ? -1 : this.#fd;
  }

  /** When to call `accept` whatever poll says; Infinity: not before poll says so. */
  get deadlineMs(): number {
    return this.#isResting ? this.#restsUntilMs : Infinity;
  }

  get #isResting(): boolean {
    return this.#now() < this.#restsUntilMs;
  }

  /** Never waits. @returns a connected, blocking socket, or -1 when there is none now. @throws {HostError} for anything but a shortage */
  accept(): number {
    if (this.#isResting) return -1;
    try {
      return acceptUnix(this.#fd);
    } catch (error) {
      if (!(error instanceof HostError) || !SHORTAGES.has(error.code)) throw error;
      this.#restsUntilMs = this.#now() + REST_MS;
      this.#tell(error.message);
      return -1;
    }
  }

  /** Resolves when `accept` may have something to give, or the wait at the socket is cancelled (`cancelWait`). */
  async wait(): Promise<void> {
    if (this.#isResting) await delay(REST_MS);
    else await waitReadable(this.#fd);
  }

  #tell(reason: string): void {
    if (this.#now() < this.#toldAtMs + TELL_EVERY_MS) return;
    this.#toldAtMs = this.#now();
    this.#logger.error("cannot accept a connection now; those who connect wait", {
      reason,
      cure: "raise the limit of open files (ulimit -n; LimitNOFILE= of a unit)",
    });
  }
}
