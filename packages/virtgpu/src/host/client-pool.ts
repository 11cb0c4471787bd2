/**
 * Keeps warmed client processes ahead of the clients. A client gets a ready spare, else one that is still starting, else a
 * new one; so a burst of n clients starts n processes at once. New spares are started only when no client waits for a
 * start, so that they do not take the processor from it.
 */
import { closeSync } from "node:fs";
import { HostError } from "@virtgpu/core/base";
import { addTotals, NO_TOTALS, type PeerCredentials, type Totals } from "./child-messages.js";
import type { ChildSettings } from "./child-settings.js";
import { clientEntry } from "./client-entry.js";
import { ClientProcess, type ClientProcessEvents } from "./client-process.js";
import { collectGarbage } from "./collect-garbage.js";
import type { ScopedLogger } from "./log.js";

export interface ClientPoolOptions {
  readonly child: ChildSettings;
  readonly spares: number;
  readonly log: ScopedLogger;
}

/** Without a client for this long, the server tidies up once. */
const IDLE_MS = 500;
/** How many clients come and go between two collections of what they left in this process. */
const CLIENTS_PER_COLLECTION = 8;
/** After a client is handed over, its first reply goes before the next spare's start. */
const REFILL_DELAY_MS = 30;
/** Processes that a connection is given to, one after the other, when they die before they have it. */
const MAX_ATTEMPTS = 3;
/** A child that cannot start (driver gone) is tried again after this long, doubling up to the longest. */
const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 30_000;

export class ClientPool implements ClientProcessEvents {
  readonly #options: ClientPoolOptions;
  readonly #log: ScopedLogger;
  readonly #spares = new Set<ClientProcess>();
  readonly #clients = new Set<ClientProcess>();
  readonly #spawn: (pool: ClientPool) => ClientProcess;
  #lastClient = 0;
  #totals: Totals = NO_TOTALS;
  #crashes = 0;
  #served = 0;
  #refillTimer: NodeJS.Timeout | null = null;
  #idleTimer: NodeJS.Timeout | null = null;
  #retryMs = FIRST_RETRY_MS;
  #closed = false;
  #firstStart: { resolve: (child: ClientProcess) => void; reject: (error: Error) => void } | null = null;
  #idleWaiters: (() => void)[] = [];
  #endWaiters: (() => void)[] = [];

  constructor(options: ClientPoolOptions) {
    this.#options = options;
    this.#log = options.log;
    const entry = clientEntry();
    this.#log.debug("client processes run", { entry });
    this.#spawn = (pool) => new ClientProcess(entry, options.child, options.log, pool);
  }

  /**
   * Starts the first process, which also proves that this host can render. Resolves with it when it is warm.
   * @throws {HostError} with the child's own reason and cure.
   */
  async start(): Promise<ClientProcess> {
    const child = this.#spawn(this);
    this.#spares.add(child);
    const warm = await new Promise<ClientProcess>((resolve, reject) => {
      this.#firstStart = { resolve, reject };
    });
    this.#firstStart = null;
    collectGarbage();
    this.#trim();
    this.#refillSoon(0);
    return warm;
  }

  get clients(): ReadonlySet<ClientProcess> {
    return this.#clients;
  }

  get spares(): ReadonlySet<ClientProcess> {
    return this.#spares;
  }

  /** Sums over the clients that ended. */
  get endedTotals(): Totals {
    return this.#totals;
  }

  get crashes(): number {
    return this.#crashes;
  }

  get served(): number {
    return this.#served;
  }

  /**
   * Gives the connection `fd`, which the pool owns from now on, to a process.
   * @throws {HostError} when no process can be had (no descriptors, no memory); the connection is closed then.
   */
  assign(fd: number, peer: PeerCredentials): ClientProcess {
    this.#lastClient += 1;
    const child = this.#handOver(this.#lastClient, fd, peer);
    this.#log.info("client connected", {
      client: this.#lastClient,
      pid: peer.pid,
      uid: peer.uid,
      process: child.pid,
      warm: child.state === "serving",
    });
    this.#refillSoon(REFILL_DELAY_MS);
    return child;
  }

  /** Stops making spares and ends those there are. */
  close(): void {
    this.#closed = true;
    if (this.#refillTimer !== null) clearTimeout(this.#refillTimer);
    if (this.#idleTimer !== null) clearTimeout(this.#idleTimer);
    for (const child of this.#spares) child.dismiss();
  }

  /** Ends every client at once. */
  killClients(): void {
    for (const child of this.#clients) child.kill();
  }

  /** Resolves when no process is left. Call `close` first. */
  async whenEmpty(): Promise<void> {
    if (this.#isEmpty()) return;
    await new Promise<void>((resolve) => this.#idleWaiters.push(resolve));
  }

  /** Resolves when `count` clients have ended. */
  async whenServed(count: number): Promise<void> {
    while (this.#served < count) await new Promise<void>((resolve) => this.#endWaiters.push(resolve));
  }

  onReady(child: ClientProcess): void {
    this.#retryMs = FIRST_RETRY_MS;
    this.#log.debug("client process is warm", {
      process: child.pid,
      startMs: child.startMs,
      rssBytes: child.rssBytes(),
    });
    this.#firstStart?.resolve(child);
    this.#refillSoon(REFILL_DELAY_MS);
  }

  onEnd(child: ClientProcess): void {
    this.#spares.delete(child);
    this.#clients.delete(child);
    this.#totals = addTotals(this.#totals, child.totals);
    if (child.client === 0) this.#onSpareEnd(child);
    else this.#onClientEnd(child);
    for (const waiter of this.#endWaiters.splice(0)) waiter();
    if (!this.#isEmpty()) return;
    for (const waiter of this.#idleWaiters.splice(0)) waiter();
  }

  /** A spare may have died a moment ago: then the next one, in the end a new one, is asked. */
  #handOver(client: number, fd: number, peer: PeerCredentials, attempt = 1): ClientProcess {
    for (;;) {
      const spare = this.#takeSpare();
      try {
        const child = spare ?? this.#spawn(this);
        child.serve(client, peer, fd);
        child.attempt = attempt;
        this.#clients.add(child);
        return child;
      } catch (error) {
        spare?.kill();
        if (spare !== null) continue;
        closeSync(fd);
        throw error;
      }
    }
  }

  /** A process died before it had its client's socket: another one gets it. False: no use in trying again. */
  #handOverAgain(child: ClientProcess, fd: number): boolean {
    if (this.#closed || child.peer === null || child.attempt >= MAX_ATTEMPTS) {
      closeSync(fd);
      return false;
    }
    this.#log.warn("a client process died before it had its client; another one takes it", {
      client: child.client,
      process: child.pid,
      reason: child.failure?.message ?? describeExit(child),
    });
    try {
      this.#handOver(child.client, fd, child.peer, child.attempt + 1);
      return true;
    } catch {
      return false;
    }
  }

  #isEmpty(): boolean {
    return this.#clients.size + this.#spares.size === 0;
  }

  #onSpareEnd(child: ClientProcess): void {
    if (child.endedWell) return;
    const reason = child.failure?.message ?? `it ended with ${describeExit(child)}`;
    if (this.#firstStart !== null) {
      const cure = child.failure?.cure;
      this.#firstStart.reject(
        new HostError(child.failure?.code ?? "HOST_CHILD_FAILED", reason, cure === undefined ? {} : { cure }),
      );
      return;
    }
    this.#log.error("a spare client process could not start", { process: child.pid, reason, retryMs: this.#retryMs });
    this.#refillSoon(this.#retryMs);
    this.#retryMs = Math.min(this.#retryMs * 2, LONGEST_RETRY_MS);
  }

  #onClientEnd(child: ClientProcess): void {
    const unserved = child.takeUnserved();
    if (unserved >= 0 && this.#handOverAgain(child, unserved)) return;
    this.#served += 1;
    this.#collectSoon();
    const who = { name: child.clientName, pid: child.peer?.pid, uid: child.peer?.uid };
    if (child.endedWell) {
      const { activity, errors, bytes } = child.totals;
      this.#log.report("client finished", {
        client: child.client,
        ...who,
        ...activity,
        counters: errors,
        copiedBytes: bytes,
        peakRssBytes: child.peakRssBytes,
        cpuMs: Math.round(child.cpuMs),
      });
      return;
    }
    this.#crashes += 1;
    const reason = child.failure?.message;
    this.#log.error("client process crashed", {
      client: child.client,
      ...who,
      process: child.pid,
      exitCode: child.exitCode ?? undefined,
      signal: child.exitSignal ?? undefined,
      reason,
    });
    this.#refillSoon(REFILL_DELAY_MS);
  }

  /** Every few clients, and when there is nothing else to do. */
  #collectSoon(): void {
    if (this.#idleTimer !== null) clearTimeout(this.#idleTimer);
    this.#idleTimer = null;
    if (this.#served % CLIENTS_PER_COLLECTION === 0) setImmediate(collectGarbage);
    else if (this.#clients.size === 0 && !this.#closed) this.#idleTimer = setTimeout(collectGarbage, IDLE_MS);
  }

  #takeSpare(): ClientProcess | null {
    let starting: ClientProcess | null = null;
    for (const child of this.#spares) {
      if (child.state === "ready") {
        this.#spares.delete(child);
        return child;
      }
      if (child.state === "starting") starting ??= child;
    }
    if (starting !== null) this.#spares.delete(starting);
    return starting;
  }

  /** The first process is started even with `spares: 0`, as a proof; it is not kept then. */
  #trim(): void {
    for (const child of this.#spares)
      if (this.#spares.size > this.#options.spares) {
        this.#spares.delete(child);
        child.dismiss();
      }
  }

  #refillSoon(delayMs: number): void {
    if (this.#closed || this.#refillTimer !== null) return;
    this.#refillTimer = setTimeout(() => {
      this.#refillTimer = null;
      this.#refill();
    }, delayMs);
  }

  #refill(): void {
    if (this.#closed || this.#firstStart !== null) return;
    for (const child of this.#clients) if (child.state === "starting") return;
    try {
      while (this.#spares.size < this.#options.spares) this.#spares.add(this.#spawn(this));
    } catch (error) {
      this.#log.error("a spare client process could not be started", { reason: String(error), retryMs: this.#retryMs });
      this.#refillSoon(this.#retryMs);
      this.#retryMs = Math.min(this.#retryMs * 2, LONGEST_RETRY_MS);
    }
  }
}

function describeExit(child: ClientProcess): string {
  return child.exitSignal === null ? `status ${child.exitCode ?? "unknown"}` : `signal ${child.exitSignal}`;
}
