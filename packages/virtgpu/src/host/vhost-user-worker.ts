/**
 * The device thread of a vhost-user process: opens the renderer, then serves one front-end after another, blocking in the
 * kernel between events. Design decision: `docs/decisions/` (device thread). Messages to the main thread are log records and ends.
 */
import { randomBytes } from "node:crypto";
import { parentPort, workerData } from "node:worker_threads";
import { HostError, LatencyHistogram, type Logger, type LogFields } from "@virtgpu/core/base";
import { CopyLedger } from "@virtgpu/core/memory";
import { Software2dRenderer, type Introspection } from "@virtgpu/core/renderer";
import { createDisplay, type DisplaySettings } from "../display/create-display.js";
import type { HostDisplay } from "../display/display.js";
import type { GpuSocketFrames } from "../display/gpu-socket-display.js";
import { drainEventFd, Poll, pollFds } from "../native/events.js";
import { mapBlocksFrom } from "../native/memory.js";
import { openImportsWithoutGl, type ImportSettings } from "../import/index.js";
import type { DriverSettings } from "./driver.js";
import { makeReport, type DeviceReport, type ReportSources } from "./device-report.js";
import { GlesDevice, rendererCounts, reportDevice } from "./gles-device.js";
import { limitedLogger } from "./limited-logger.js";
import { ConnectionAcceptor } from "../transport/connection-acceptor.js";
import { NativeSessionMemory, PlainRegistry } from "../transport/session-memory.js";
import { FenceClock } from "../transport/vhost-user/fence-clock.js";
import { type BackEndEnd, type BackEndParts, VhostUserBackEnd } from "../transport/vhost-user/back-end.js";

/** How a VM is shown. */
export interface VhostUserDisplays {
  /** The display of our own. */
  readonly display: DisplaySettings;
  /** What the front-end's window gets. */
  readonly gpuSocketFrames: GpuSocketFrames;
  /** What the bytes of a row must be a multiple of in the modes that are offered; 1: all modes. */
  readonly strideMultipleBytes: number;
}

/** What the main thread tells its worker. */
export interface VhostUserWorkerData extends VhostUserDisplays {
  /** A connected socket, or -1. */
  readonly connectedFd: number;
  /** A listening socket, or -1. */
  readonly listenFd: number;
  /** Readable when the thread shall end. */
  readonly stopFd: number;
  /** Readable when the main thread wants a report. */
  readonly askFd: number;
  /** How to open the GL driver for 3D; null: 2D only. */
  readonly driver: DriverSettings | null;
  /** What guest memory may become where there is no driver. */
  readonly imports?: ImportSettings;
}

export type VhostUserWorkerMessage =
  | { readonly type: "log"; readonly level: keyof Logger; readonly message: string; readonly fields: LogFields }
  | { readonly type: "report"; readonly report: DeviceReport }
  | { readonly type: "ended"; readonly reason: BackEndEnd }
  /** A `HostError` before or between connections: the host cannot. */
  | { readonly type: "failed"; readonly code: string; readonly message: string; readonly cure: string | null };

const port = parentPort!;
const data = workerData as VhostUserWorkerData;

function post(message: VhostUserWorkerMessage): void {
  port.postMessage(message);
}

const record =
  (level: keyof Logger) =>
  (message: string, fields: LogFields = {}): void =>
    post({ type: "log", level, message, fields });
const logger = limitedLogger({
  debug: record("debug"),
  info: record("info"),
  warn: record("warn"),
  error: record("error"),
});

/** What is as large as a picture: nothing that a frame takes and gives back is, measured. */
const PICTURE_BYTES = 1 << 20;
/** Resources that `explain` lists. */
const LISTED_RESOURCES = 256;
/** The connection that is served; null: none. */
let current: VhostUserBackEnd | null = null;

/** The parts of the device: on the GL driver, or 2D in software. @throws {HostError} when the driver cannot be opened */
function build(): BackEndParts {
  const { stopFd, askFd, gpuSocketFrames, strideMultipleBytes } = data;
  const common = { logger, stopFd, askFd, gpuSocketFrames, strideMultipleBytes, uuidBase: () => randomBytes(16) };
  if (data.driver !== null) {
    const device = GlesDevice.open(data.driver, logger, { hasHostBlobs: true });
    logger.info("3D is drawn by the host's driver", { renderer: device.renderer, version: device.version });
    const { gles: renderer, memory, ledger, registry, fenceFd, importer } = device;
    const exporter = renderer;
    const display = createDisplay(data.display, { reader: renderer, exporter, memory, ledger, logger });
    const onAsk = (): void => {
      const driven = { ...driverFacts(display), ...rendererCounts(device) };
      post({ type: "report", report: reportDevice(device, driven, LISTED_RESOURCES) });
    };
    const fenceClock = new FenceClock(renderer, device.fenceLatency);
    const driven = { renderer, exporter, display, memory, importer, ledger, registry, fenceFd, fenceClock, onAsk };
    return { ...common, ...driven };
  }
  const registry = new PlainRegistry();
  const ledger = new CopyLedger();
  const renderer = new Software2dRenderer(ledger, openImportsWithoutGl(registry, data.imports));
  const exporter = renderer;
  const memory = new NativeSessionMemory(registry);
  const display = createDisplay(data.display, { reader: renderer, exporter, memory, ledger, logger });
  const onAsk = (): void => post({ type: "report", report: reportWithoutGl(ledger, renderer, display) });
  return { ...common, renderer, exporter, display, memory, ledger, registry, importer: null, ...noFence, onAsk };
}

const noFence = { fenceFd: -1, fenceClock: null };
/** Everything completes at once where there is no GL: fences take no time. */
const noFences = new LatencyHistogram();

function reportWithoutGl(ledger: CopyLedger, introspection: Introspection, display: HostDisplay): DeviceReport {
  const common = { renderer: "", glVersion: "", errors: {}, activity: {}, fences: noFences };
  return makeReport({ ...common, ...driverFacts(display), ledger, introspection }, LISTED_RESOURCES);
}

/** What is known of the guest and its displays. `own`: the display that is there without a guest too. */
function driverFacts(own: HostDisplay): Pick<ReportSources, "name" | "guestMemoryBytes" | "displays"> {
  if (current === null) return { name: "", guestMemoryBytes: 0, displays: [own] };
  return { name: "", guestMemoryBytes: current.guestMemoryBytes, displays: current.displays };
}

function serve(): BackEndEnd {
  mapBlocksFrom(PICTURE_BYTES);
  const parts = build();
  try {
    return serveAll(parts);
  } finally {
    parts.display.close();
  }
}

function serveAll(parts: BackEndParts): BackEndEnd {
  if (data.connectedFd >= 0) return serveFrontEnd(data.connectedFd, parts);
  const acceptor = new ConnectionAcceptor(data.listenFd, logger);
  for (;;) {
    const fd = waitForClient(parts, acceptor);
    if (fd < 0) return "stopped";
    logger.info("a front-end connected");
    const end = serveFrontEnd(fd, parts);
    if (end === "stopped") return end;
    logger.info("the front-end is gone; waiting for the next", { reason: end });
  }
}

function serveFrontEnd(fd: number, parts: BackEndParts): BackEndEnd {
  current = new VhostUserBackEnd(fd, parts);
  const end = current.run();
  current = null;
  return end;
}

/** Meanwhile the display is served: a compositor wants to know that we live. @returns a connected socket, or -1 when the thread shall end. */
function waitForClient({ onAsk, display }: BackEndParts, acceptor: ConnectionAcceptor): number {
  const fds = Int32Array.of(-1, data.stopFd, data.askFd, -1);
  const events = new Int16Array(fds.length).fill(Poll.IN);
  const revents = new Int16Array(fds.length);
  for (;;) {
    fds[0] = acceptor.pollFd;
    fds[3] = display.fd;
    events[3] = display.wantedEvents;
    const deadlineMs = Math.min(display.deadlineMs, acceptor.deadlineMs);
    pollFds(fds, events, revents, deadlineMs === Infinity ? -1 : Math.max(0, deadlineMs - performance.now()) * 1000);
    if (revents[3] !== 0 || performance.now() >= display.deadlineMs) display.serve(revents[3]!);
    if (revents[1] !== 0) return -1;
    if (revents[2] !== 0) {
      drainEventFd(data.askFd);
      onAsk();
    }
    const fd = acceptor.accept();
    if (fd >= 0) return fd;
  }
}

try {
  post({ type: "ended", reason: serve() });
} catch (error) {
  if (!(error instanceof HostError)) throw error;
  post({ type: "failed", code: error.code, message: error.message, cure: error.cure ?? null });
}
