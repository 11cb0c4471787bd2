/**
 * The device thread of a vhost-user process: opens the renderer, then serves one front-end after another, blocking in the
 * kernel between events. Design decision: `docs/decisions/` (device thread). Messages to the main thread are log records and ends.
 */
import { randomBytes } from "node:crypto";
import { parentPort, workerData } from "node:worker_threads";
import { HostError, type Logger, type LogFields } from "@virtgpu/core/base";
import { CopyLedger } from "@virtgpu/core/memory";
import { Software2dRenderer } from "@virtgpu/core/renderer";
import { Poll, pollFds } from "../native/events.js";
import { acceptUnix } from "../native/socket.js";
import { type SegmentRegistry, NativeSessionMemory } from "../transport/session-memory.js";
import { type BackEndEnd, type BackEndParts, VhostUserBackEnd } from "../transport/vhost-user/back-end.js";

/** What the main thread tells its worker. */
export interface VhostUserWorkerData {
  /** A connected socket, or -1. */
  readonly connectedFd: number;
  /** A listening socket, or -1. */
  readonly listenFd: number;
  /** Readable when the thread shall end. */
  readonly stopFd: number;
}

export type VhostUserWorkerMessage =
  | { readonly type: "log"; readonly level: keyof Logger; readonly message: string; readonly fields: LogFields }
  | { readonly type: "ended"; readonly reason: BackEndEnd };

const port = parentPort!;
const data = workerData as VhostUserWorkerData;

function post(message: VhostUserWorkerMessage): void {
  port.postMessage(message);
}

const record =
  (level: keyof Logger) =>
  (message: string, fields: LogFields = {}): void =>
    post({ type: "log", level, message, fields });
const logger: Logger = { debug: record("debug"), info: record("info"), warn: record("warn"), error: record("error") };

/** Segment ids without a GL back end: nothing but the count matters. */
class PlainRegistry implements SegmentRegistry {
  #next = 1;

  registerSegment(): number {
    return this.#next++;
  }

  unregisterSegment(): void {}
}

function serve(): BackEndEnd {
  const registry = new PlainRegistry();
  const memory = new NativeSessionMemory(registry);
  const renderer = new Software2dRenderer(new CopyLedger());
  const parts: BackEndParts = {
    renderer,
    registry,
    memory,
    logger,
    fenceFd: -1,
    stopFd: data.stopFd,
    uuidBase: randomBytes(16),
  };
  if (data.connectedFd >= 0) return new VhostUserBackEnd(data.connectedFd, parts).run();
  for (;;) {
    const fd = waitForClient();
    if (fd < 0) return "stopped";
    logger.info("a front-end connected");
    const end = new VhostUserBackEnd(fd, parts).run();
    if (end === "stopped") return end;
    logger.info("the front-end is gone; waiting for the next", { reason: end });
  }
}

/** @returns a connected socket, or -1 when the thread shall end. */
function waitForClient(): number {
  const fds = Int32Array.of(data.listenFd, data.stopFd);
  const events = Int16Array.of(Poll.IN, Poll.IN);
  const revents = new Int16Array(2);
  for (;;) {
    pollFds(fds, events, revents, -1);
    if (revents[1] !== 0) return -1;
    const fd = acceptUnix(data.listenFd);
    if (fd >= 0) return fd;
  }
}

try {
  post({ type: "ended", reason: serve() });
} catch (error) {
  if (!(error instanceof HostError)) throw error;
  logger.error(error.message, { code: error.code, cure: error.cure });
  post({ type: "ended", reason: "protocol error" });
}
