/**
 * The vtest server: accepts connections at a path and gives each to a client process. Knows nothing of the protocol;
 * that is spoken by the client process (`client-main.ts`).
 */
import { cancelWait } from "../native/events.js";
import { peerCredentials } from "../native/socket.js";
import { ConnectionAcceptor } from "../transport/connection-acceptor.js";
import { listenAtPath, type ListeningSocket, type SocketPathOptions } from "../transport/socket-path.js";
import { addTotals, type Totals } from "./child-messages.js";
import { ClientPool } from "./client-pool.js";
import type { ClientProcess } from "./client-process.js";
import type { ChildSettings } from "./child-settings.js";
import type { Explanation, ExplainedProcess } from "./explanation.js";
import { processMemory } from "./process-memory.js";
import type { ScopedLogger } from "./log.js";

/** As the flags of `virtgpu serve`; all of them given. */
export interface VtestServerOptions {
  readonly socket: SocketPathOptions;
  readonly child: ChildSettings;
  /** Warmed client processes kept ready. */
  readonly spares: number;
  /** Clients served at once; more wait in the socket's backlog. */
  readonly maxClients: number;
  readonly log: ScopedLogger;
}

/** What `status` on the control socket answers. Sizes in bytes, times in milliseconds. */
export interface ServerStatus {
  readonly pid: number;
  readonly socket: string;
  readonly renderer: string;
  readonly glVersion: string;
  readonly uptimeMs: number;
  readonly rssBytes: number;
  readonly clients: readonly {
    client: number;
    name: string;
    pid: number;
    uid: number;
    process: number;
    rssBytes: number;
  }[];
  readonly spares: readonly { process: number; state: string; rssBytes: number; startMs: number }[];
  readonly served: number;
  readonly crashes: number;
  readonly totals: Totals;
}

/** At the limit of clients, how long until the next look whether one has gone. */
const FULL_WAIT_MS = 50;
/** A client that draws answers when it next reads its socket; `status` does not wait longer for it. */
const STATUS_WAIT_MS = 200;
/** Resources of one client that `explain` lists. */
const LISTED_RESOURCES = 64;

/** One listening socket with its client processes. Must be ended: by `drain`, or by `kill`. */
export class VtestServer {
  readonly #options: VtestServerOptions;
  readonly #pool: ClientPool;
  readonly #listener: ListeningSocket;
  readonly #startedAt = Date.now();
  #renderer = "";
  #version = "";
  #closing = false;
  #accepting: Promise<void> = Promise.resolve();

  private constructor(options: VtestServerOptions, listener: ListeningSocket) {
    this.#options = options;
    this.#listener = listener;
    this.#pool = new ClientPool({ child: options.child, spares: options.spares, log: options.log });
  }

  /**
   * Claims the path, proves that this host can render, then accepts.
   * @throws {HostError} when the path cannot be had or the host cannot render.
   */
  static async start(options: VtestServerOptions): Promise<VtestServer> {
    const server = new VtestServer(options, listenAtPath(options.socket));
    try {
      const first = await server.#pool.start();
      server.#renderer = first.renderer;
      server.#version = first.version;
      options.log.info("vtest server is ready", {
        socket: options.socket.path,
        renderer: first.renderer,
        glVersion: first.version,
        spares: options.spares,
        spareRssBytes: options.spares === 0 ? 0 : first.rssBytes(),
        startMs: first.startMs,
      });
    } catch (error) {
      server.#listener.close();
      server.#pool.close();
      throw error;
    }
    server.#accepting = server.#acceptLoop();
    return server;
  }

  /** Path of the socket. */
  get path(): string {
    return this.#options.socket.path;
  }

  async status(): Promise<ServerStatus> {
    const clients = [...this.#pool.clients];
    const live = await Promise.all(clients.map((child) => child.refreshTotals(STATUS_WAIT_MS)));
    return {
      pid: process.pid,
      socket: this.path,
      renderer: this.#renderer,
      glVersion: this.#version,
      uptimeMs: Date.now() - this.#startedAt,
      rssBytes: process.memoryUsage.rss(),
      clients: clients.map((c) => ({
        client: c.client,
        name: c.clientName,
        pid: c.peer?.pid ?? 0,
        uid: c.peer?.uid ?? 0,
        process: c.pid,
        rssBytes: c.rssBytes(),
      })),
      spares: [...this.#pool.spares].map((c) => ({
        process: c.pid,
        state: c.state,
        rssBytes: c.rssBytes(),
        startMs: c.startMs,
      })),
      served: this.#pool.served,
      crashes: this.#pool.crashes,
      totals: live.reduce(addTotals, this.#pool.endedTotals),
    };
  }

  /** Every client's device, as it tells of itself; clients that are busy are shown as they last were. */
  async explain(name: string): Promise<Explanation> {
    const asked = [...this.#pool.clients];
    const answers = await Promise.all(asked.map((child) => explainClient(child)));
    // Who has gone meanwhile is in the sums of those who have.
    const processes = answers.filter((_, i) => this.#pool.clients.has(asked[i]!));
    const { bytes, ...ended } = this.#pool.endedTotals;
    return {
      version: 1,
      device: name,
      kind: "vtest",
      pid: process.pid,
      uptimeMs: Date.now() - this.#startedAt,
      renderer: this.#renderer,
      socket: this.path,
      ended: { ...ended, clients: this.#pool.served, frames: ended.activity["frames"] ?? 0, movedBytes: bytes },
      processes,
    };
  }

  /** Stops accepting, lets the clients finish, resolves when all processes are gone. */
  async drain(): Promise<void> {
    if (!this.#closing) {
      this.#closing = true;
      cancelWait(this.#listener.fd);
      this.#listener.close();
      this.#pool.close();
      const waiting = this.#pool.clients.size;
      if (waiting !== 0) this.#options.log.info("waiting for the clients to finish", { clients: waiting });
    }
    await this.#accepting;
    await this.#pool.whenEmpty();
  }

  /** Resolves when `count` clients have come and gone. */
  async whenServed(count: number): Promise<void> {
    await this.#pool.whenServed(count);
  }

  /** Ends the clients too. */
  async kill(): Promise<void> {
    this.#pool.killClients();
    await this.drain();
  }

  async #acceptLoop(): Promise<void> {
    const acceptor = new ConnectionAcceptor(this.#listener.fd, this.#options.log);
    while (!this.#closing) {
      if (this.#pool.clients.size >= this.#options.maxClients) {
        await new Promise((resolve) => setTimeout(resolve, FULL_WAIT_MS));
        continue;
      }
      const fd = acceptor.accept();
      if (fd >= 0) this.#give(fd);
      else await acceptor.wait();
    }
  }

  #give(fd: number): void {
    try {
      const peer = peerCredentials(fd);
      this.#pool.assign(fd, peer);
    } catch (error) {
      this.#options.log.error("a connection could not be handed to a client process", { reason: String(error) });
    }
  }
}

async function explainClient(child: ClientProcess): Promise<ExplainedProcess> {
  const { report, isOld } = await child.requestReport(LISTED_RESOURCES, STATUS_WAIT_MS);
  return {
    role: `client ${child.client}`,
    pid: child.pid,
    clientPid: child.peer?.pid ?? 0,
    memory: processMemory(child.pid),
    report,
    isOld,
  };
}
