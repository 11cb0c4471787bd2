import { randomBytes } from "node:crypto";
import { type Logger, silentLogger } from "@virtgpu/core/base";
import { CopyLedger } from "@virtgpu/core/memory";
import type { Renderer, ScanoutReader } from "@virtgpu/core/renderer";
import type { HostDisplay } from "../../display/display.js";
import { NoneDisplay } from "../../display/none-display.js";
import { NativeSessionMemory, PlainRegistry } from "../session-memory.js";
import { type BackEndEnd, VhostUserBackEnd } from "./back-end.js";

/** Parts that have a default. */
export interface ServeFrontEndOptions {
  readonly logger?: Logger;
  /** Counts what is moved; the renderer should have the same. */
  readonly ledger?: CopyLedger;
  /** Where scanouts are shown beside the front-end's window. Default: nowhere, one monitor of 1280 × 800. */
  readonly display?: HostDisplay;
  /** Readable when serving shall end. Default: never. */
  readonly stopFd?: number;
}

/**
 * The virtio-gpu device on a renderer of your own, for one vhost-user front-end: blocks the calling thread until the front-end goes.
 * For renderers without GL: the `NullRenderer` and `Software2dRenderer` of core, or what you write. The socket is taken over.
 */
export function serveFrontEnd(
  socketFd: number,
  renderer: Renderer & ScanoutReader,
  options: ServeFrontEndOptions = {},
): BackEndEnd {
  const registry = new PlainRegistry();
  const display = options.display ?? new NoneDisplay({ heads: 1, mode: { width: 1280, height: 800, refresh: 60 } });
  return new VhostUserBackEnd(socketFd, {
    renderer,
    exporter: null,
    display,
    gpuSocketFrames: "pixels",
    strideMultipleBytes: 1,
    registry,
    memory: new NativeSessionMemory(registry),
    importer: null,
    ledger: options.ledger ?? new CopyLedger(),
    logger: options.logger ?? silentLogger,
    fenceFd: -1,
    fenceClock: null,
    stopFd: options.stopFd ?? -1,
    askFd: -1,
    onAsk: () => {},
    uuidBase: () => randomBytes(16),
  }).run();
}
