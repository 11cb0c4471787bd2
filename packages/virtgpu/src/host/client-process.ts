/**
 * The server's view of one client process: spawned ahead as a spare, given one client's socket, watched until it ends.
 * A child's crash is only told; nothing of it reaches other clients.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { closeSync, readFileSync } from "node:fs";
import { Socket } from "node:net";
import type { Logger } from "@virtgpu/core/base";
import { sendFds, socketPair } from "../native/socket.js";
import {
  LineSplitter,
  NO_TOTALS,
  type ChildMessage,
  type ClientReport,
  type PeerCredentials,
  type ServerMessage,
  type Totals,
} from "./child-messages.js";
import { parseChildMessage } from "./child-message-schema.js";
import type { ChildSettings } from "./child-settings.js";
import type { DeviceReport } from "./device-report.js";
import { limitedLogger } from "./limited-logger.js";
import type { ScopedLogger } from "./log.js";

/** `starting` → `ready` (warmed) → `serving` → `ended`; a client may be given while still starting. */
export type ChildState = "starting" | "ready" | "serving" | "ended";

export interface ClientProcessEvents {
  /** The child has Node, modules, EGL and caps ready. */
  onReady(child: ClientProcess): void;
  /** The process is gone and all its messages were read. Called once. */
  onEnd(child: ClientProcess): void;
}

/**
 * Node 20 only, where measured: functions are compiled without optimisation at once, and optimised when they have run some
 * four times as much as V8 would wait for. Most of a client's first thousand frames is spent in the driver and in system
 * calls, and V8's optimising thread took half as much processor time as those for code that did not matter.
 */
const COMPILER_FLAGS = process.versions.node.startsWith("20.")
  ? ["--interrupt-budget=500000", "--always-sparkplug"]
  : [];
/** Ours, less the single malloc arena that the launcher asks for: a software GL driver allocates on many threads. */
function clientEnvironment(): NodeJS.ProcessEnv {
  const { MALLOC_ARENA_MAX: arenas, ...rest } = process.env;
  return arenas === undefined || arenas === "1" ? rest : { ...rest, MALLOC_ARENA_MAX: arenas };
}

/** Node flags of a child. One helper thread for V8 is enough. */
const CHILD_NODE_FLAGS = ["--no-warnings", "--v8-pool-size=1", ...COMPILER_FLAGS];
/** More of them, for developers: `--cpu-prof --cpu-prof-dir=DIR` profiles every client. */
const EXTRA_NODE_FLAGS = (process.env["VIRTGPU_CLIENT_NODE_FLAGS"] ?? "").split(" ").filter((flag) => flag !== "");
/** V8 writes its traces to stdout; otherwise nothing comes there. */
const CHILD_STDOUT = EXTRA_NODE_FLAGS.length === 0 ? "ignore" : 2;

export class ClientProcess {
  readonly pid: number;
  state: ChildState = "starting";
  /** GL renderer and version as the child told, empty before it is ready. */
  renderer = "";
  version = "";
  startMs = 0;
  /** Client number, 0 while a spare. */
  client = 0;
  peer: PeerCredentials | null = null;
  /** How many processes its client was given to, this one included. */
  attempt = 0;
  clientName = "";
  totals: Totals = NO_TOTALS;
  /** Why it never became ready, if it said so. */
  failure: { code: string; message: string; cure?: string } | null = null;
  /** True once the child reported its end by itself: anything else is a crash. */
  endedWell = false;
  peakRssBytes = 0;
  /** Processor time for its client, in milliseconds. */
  cpuMs = 0;
  exitCode: number | null = null;
  exitSignal: string | null = null;

  readonly #process: ChildProcess;
  readonly #fd: number;
  readonly #socket: Socket;
  readonly #events: ClientProcessEvents;
  #log: ScopedLogger;
  /** For what the process says: however much that is, the log stays readable. */
  #childLog: Logger;
  #open = 2;
  #handedFd = -1;
  #isStatusAsked = false;
  readonly #statusWaiters = new Set<() => void>();
  #report: DeviceReport | null = null;
  #isReportAsked = false;
  readonly #reportWaiters = new Set<() => void>();

  /** @param entry the script that it runs: see `clientEntry`. */
  constructor(entry: string, settings: ChildSettings, log: ScopedLogger, events: ClientProcessEvents) {
    this.#events = events;
    this.#log = log;
    this.#childLog = limitedLogger(log);
    const [ours, theirs] = socketPair();
    this.#process = spawn(
      process.execPath,
      [...CHILD_NODE_FLAGS, ...EXTRA_NODE_FLAGS, entry, JSON.stringify(settings)],
      {
        env: clientEnvironment(),
        // The fourth is CHILD_SOCKET_FD.
        stdio: ["ignore", CHILD_STDOUT, "pipe", theirs],
        // Its own process group: a Ctrl-C at the terminal is the server's to handle.
        detached: true,
      },
    );
    closeSync(theirs);
    this.#fd = ours;
    this.pid = this.#process.pid ?? 0;
    this.#socket = new Socket({ fd: ours, readable: true, writable: true });
    this.#watch();
  }

  /**
   * Hands over the client's socket. `fd` belongs to this object from now on, unless this throws: it is kept open until the
   * child has it, so that another child can have it if this one dies first. The child may still be starting.
   * @throws {HostError} when the child is gone already.
   */
  serve(client: number, peer: PeerCredentials, fd: number): void {
    const message: ServerMessage = { type: "serve", client, peer };
    const line = new TextEncoder().encode(`${JSON.stringify(message)}\n`);
    sendFds(this.#fd, line, 0, line.length, [fd]);
    this.client = client;
    this.peer = peer;
    this.#log = this.#log.scoped({ client });
    this.#childLog = limitedLogger(this.#log);
    this.#handedFd = fd;
    if (this.state === "ready") this.state = "serving";
  }

  /** After the end: the client's socket if the child never had it, else -1. The caller owns it. */
  takeUnserved(): number {
    const fd = this.#handedFd;
    this.#handedFd = -1;
    return fd;
  }

  /** Asks the child for its totals so far; the last known ones if it does not answer within `timeoutMs` (it is drawing). */
  async refreshTotals(timeoutMs: number): Promise<Totals> {
    if (this.state !== "serving") return this.totals;
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#statusWaiters.delete(finish);
        resolve(this.totals);
      }, timeoutMs);
      const finish = (): void => {
        clearTimeout(timer);
        resolve(this.totals);
      };
      this.#statusWaiters.add(finish);
      // One question at a time: a child that is busy must not find a heap of them.
      if (this.#isStatusAsked) return;
      this.#isStatusAsked = true;
      this.#socket.write(`${JSON.stringify({ type: "status" } satisfies ServerMessage)}\n`);
    });
  }

  /**
   * Asks the child what it knows of itself; the last known report, or null, if it does not answer in time.
   * Who asks while another waits gets the same answer.
   */
  async requestReport(maxListed: number, timeoutMs: number): Promise<{ report: DeviceReport | null; isOld: boolean }> {
    if (this.state !== "serving") return { report: this.#report, isOld: true };
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#reportWaiters.delete(finish);
        resolve({ report: this.#report, isOld: true });
      }, timeoutMs);
      const finish = (): void => {
        clearTimeout(timer);
        resolve({ report: this.#report, isOld: this.state === "ended" });
      };
      this.#reportWaiters.add(finish);
      // One question at a time: a child that is busy must not find a heap of them.
      if (this.#isReportAsked) return;
      this.#isReportAsked = true;
      this.#socket.write(`${JSON.stringify({ type: "report", maxListed } satisfies ServerMessage)}\n`);
    });
  }

  /** Resident memory now, in bytes; 0 when it is gone. */
  rssBytes(): number {
    return residentBytes(this.pid);
  }

  /** Ends a spare: the child sees the end of its socket and exits. */
  dismiss(): void {
    this.endedWell = true;
    this.#socket.destroy();
    // A child that hangs in a driver call does not read its socket; it has no client, so nothing is lost.
    if (this.state !== "ended") this.#process.kill("SIGKILL");
  }

  kill(): void {
    this.#process.kill("SIGKILL");
  }

  #watch(): void {
    const lines = new LineSplitter();
    this.#socket.on("data", (bytes) => this.#onBytes(lines, bytes));
    this.#socket.on("error", () => {});
    this.#socket.on("close", () => this.#oneClosed());
    const stderr = new LineSplitter();
    this.#process.stderr?.on("data", (bytes: Buffer) => this.#onStderr(stderr, bytes));
    this.#process.on("error", (error) => {
      this.failure = { code: "HOST_SPAWN_FAILED", message: error.message };
      this.#socket.destroy();
      this.#oneClosed();
    });
    // "close" comes after the stderr pipe is drained, unlike "exit".
    this.#process.on("close", (code, signal) => {
      this.exitCode = code;
      this.exitSignal = signal;
      this.#oneClosed();
    });
  }

  #oneClosed(): void {
    this.#open -= 1;
    if (this.#open !== 0) return;
    this.state = "ended";
    this.#answerStatus();
    this.#answerReports();
    this.#events.onEnd(this);
  }

  #onBytes(lines: LineSplitter, bytes: Uint8Array): void {
    try {
      for (const line of lines.push(bytes)) this.#onMessage(parseChildMessage(line));
    } catch (error) {
      this.#log.error("client process sent nonsense and is ended", { pid: this.pid, reason: String(error) });
      this.kill();
      this.#socket.destroy();
    }
  }

  #onStderr(lines: LineSplitter, bytes: Uint8Array): void {
    try {
      for (const line of lines.push(bytes))
        if (line !== "") this.#childLog.warn("client process says", { pid: this.pid, line });
    } catch {
      this.kill();
    }
  }

  #onMessage(message: ChildMessage): void {
    switch (message.type) {
      case "ready":
        if (this.state !== "starting") break;
        this.renderer = message.renderer;
        this.version = message.version;
        this.startMs = message.startMs;
        this.state = this.client === 0 ? "ready" : "serving";
        this.#events.onReady(this);
        break;
      case "serving": {
        const fd = this.takeUnserved();
        if (fd >= 0) closeSync(fd);
        break;
      }
      case "failed":
        this.failure = message;
        break;
      case "log":
        this.#childLog[message.level](message.message, message.fields);
        break;
      case "status":
        this.#takeReport(message);
        this.#isStatusAsked = false;
        this.#answerStatus();
        break;
      case "report":
        this.#report = message.report;
        this.#takeTotals(message.report);
        this.#isReportAsked = false;
        this.#answerReports();
        break;
      case "end":
        this.#takeReport(message);
        this.endedWell = true;
        break;
    }
  }

  /** What it told last counts if it crashes. */
  #takeTotals({ movedBytes, copies, errors, activity, fences }: DeviceReport): void {
    this.totals = { bytes: movedBytes, copies, errors, activity, fences };
  }

  #answerStatus(): void {
    for (const finish of this.#statusWaiters) finish();
    this.#statusWaiters.clear();
  }

  #answerReports(): void {
    for (const finish of this.#reportWaiters) finish();
    this.#reportWaiters.clear();
  }

  #takeReport(report: ClientReport): void {
    this.clientName = report.name;
    this.totals = report.totals;
    this.peakRssBytes = report.peakRssBytes;
    this.cpuMs = report.cpuMs;
  }
}

/** Resident memory of a process in bytes, 0 if it is gone. */
export function residentBytes(pid: number): number {
  try {
    const match = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "latin1"));
    return Number(match?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}
