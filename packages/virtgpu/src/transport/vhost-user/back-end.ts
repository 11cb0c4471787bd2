/** One vhost-user connection with the virtio-gpu device behind it: waits, dispatches, answers. Blocks its thread. */
import { HostError, type Logger } from "@virtgpu/core/base";
import { type CopyLedger, GuestMemory } from "@virtgpu/core/memory";
import type { Renderer, ScanoutExporter, ScanoutReader } from "@virtgpu/core/renderer";
import {
  type Fd,
  type SharedMemoryRegion,
  type VhostUserDevice,
  VhostUserSession,
  type VringState,
} from "@virtgpu/core/vhost-user";
import {
  HOLD_LIMIT_MS,
  VIRTIO_GPU_F_RESOURCE_BLOB,
  VIRTIO_GPU_F_VIRGL,
  VIRTIO_GPU_SHM_ID_HOST_VISIBLE,
  VirtioGpuDevice,
} from "@virtgpu/core/virtio-gpu";
import type { HostDisplay } from "../../display/display.js";
import { DisplaySet } from "../../display/display-set.js";
import { GpuSocketDisplay, type GpuSocketFrames } from "../../display/gpu-socket-display.js";
import { drainEventFd, Poll, pollFds } from "../../native/events.js";
import { trimHeap } from "../../native/memory.js";
import type { SessionMemory } from "@virtgpu/core/vtest";
import type { NativeImporter } from "../../import/native-importer.js";
import type { SegmentRegistry } from "../session-memory.js";
import { BackEndSocket } from "./back-end-socket.js";
import { DeviceQueue } from "./device-queue.js";
import type { FenceClock } from "./fence-clock.js";
import { HOST_VISIBLE_BYTES, HostBuffers } from "./host-buffers.js";
import { MessageSocket } from "./message-socket.js";
import { RegionMapper } from "./region-mapper.js";

/** What one connection is made of. */
export interface BackEndParts {
  readonly renderer: Renderer & ScanoutReader;
  /** Scanouts' memory as buffers; null: frames go as pixels. */
  readonly exporter: ScanoutExporter | null;
  /** The display of our own; lives on when the connection ends. */
  readonly display: HostDisplay;
  /** What the front-end's window gets. */
  readonly gpuSocketFrames: GpuSocketFrames;
  /** Modes are offered only when their rows are multiples of it; 1: all. */
  readonly strideMultipleBytes: number;
  readonly registry: SegmentRegistry;
  readonly memory: Pick<SessionMemory, "createPrivate" | "createShared">;
  /** How memory reaches the GPU, and where host blobs come from; null: nothing is imported. */
  readonly importer: NativeImporter | null;
  readonly ledger: CopyLedger;
  readonly logger: Logger;
  /** Readable when fences have signalled; -1 when everything completes at once. */
  readonly fenceFd: number;
  /** Measures how long answers wait after their fence; null: fences are not measured. */
  readonly fenceClock: FenceClock | null;
  /** Readable when the thread shall end; -1: never. */
  readonly stopFd: number;
  /** Readable when somebody wants to know how the device is: then `onAsk` is called between two requests. -1: nobody does. */
  readonly askFd: number;
  readonly onAsk: () => void;
  /** 16 random bytes, others for each connection. */
  readonly uuidBase: () => Uint8Array;
}

/** Why a connection ended. */
export type BackEndEnd = "front-end closed" | "protocol error" | "stopped";

/** Slots of the poll set. */
const SOCKET = 0;
const STOP = 1;
const FENCE = 2;
/** One for each display of a `DisplaySet`. */
const FIRST_DISPLAY = 3;
const FIRST_QUEUE = 5;
const CHANNEL = 7;
const ASK = 8;
const SLOTS = 9;

const QUEUE_NAMES = ["control", "cursor"] as const;
/** `struct virtio_gpu_config`. */
const CONFIG_BYTES = 16;
const EVENTS_CLEAR_OFFSET = 4;
const FIRST_STREAM_BYTES = 1 << 20;

export class VhostUserBackEnd implements VhostUserDevice {
  readonly queueCount = QUEUE_NAMES.length;
  readonly #parts: BackEndParts;
  readonly #memory = new GuestMemory();
  readonly #socket: MessageSocket;
  readonly #session: VhostUserSession;
  readonly #device: VirtioGpuDevice;
  readonly #display: DisplaySet;
  readonly #queues: readonly DeviceQueue[];
  readonly #mapper: RegionMapper;
  readonly #channel: BackEndSocket;
  readonly #hostBuffers: HostBuffers;
  readonly #fds = new Int32Array(SLOTS).fill(-1);
  readonly #events = new Int16Array(this.#fds.length).fill(Poll.IN);
  readonly #revents = new Int16Array(this.#fds.length);
  /** The front-end is gone: there is nobody to answer. */
  #isClosing = false;
  /** A queue was left before it was empty. */
  #hasMore = false;
  /** A display has let go of a buffer. */
  #hasReleased = false;
  /** When a request that waits for a held buffer has waited long enough. */
  #stallEndMs = Infinity;
  /** Answers that are given now waited for a fence. */
  #isReportingFences = false;
  #stream: ReturnType<SessionMemory["createPrivate"]> = null;

  /** Takes the connected socket over. */
  constructor(socketFd: number, parts: BackEndParts) {
    this.#parts = parts;
    const { logger, renderer } = parts;
    this.#socket = new MessageSocket(socketFd);
    const { exporter, memory, ledger } = parts;
    const socketDisplay = new GpuSocketDisplay(
      { reader: renderer, exporter, memory, ledger, logger },
      parts.gpuSocketFrames,
    );
    this.#display = new DisplaySet(socketDisplay, parts.display);
    this.#queues = QUEUE_NAMES.map((name) => new DeviceQueue(name, logger));
    this.#channel = new BackEndSocket((bit) => this.#session.hasProtocolFeature(bit), logger);
    const { importer } = parts;
    this.#hostBuffers = new HostBuffers({ memory, importer, logger }, () => this.#channel.channel);
    if (importer !== null) importer.askFrontEnd = () => this.#hostBuffers.windowBytes > 0;
    this.#device = new VirtioGpuDevice(
      {
        renderer,
        memory: this.#memory,
        display: this.#display,
        logger,
        streamMemory: (sizeBytes) => this.#streamMemory(sizeBytes),
        uuidBase: parts.uuidBase(),
        hostMemory: this.#hostBuffers,
        sharedObjects: {
          add: (uuid) => this.#channel.channel?.addObject(uuid),
          remove: (uuid) => this.#channel.channel?.removeObject(uuid),
        },
        strideMultipleBytes: parts.strideMultipleBytes,
        ledger: parts.ledger,
        clockMs: () => performance.now(),
      },
      { done: (queue, head, written) => this.#done(queue === "control" ? 0 : 1, head, written) },
    );
    this.#display.listen({
      modesChanged: () => {
        this.#device.displayChanged();
        this.#channel.channel?.configChanged();
      },
      presented: () => {},
      // Later: a display may notice it while the device calls it.
      released: () => (this.#hasReleased = true),
    });
    this.#mapper = new RegionMapper(parts.registry, logger);
    this.#session = new VhostUserSession(this.#memory, this, this.#mapper, logger, (message, fds) =>
      this.#socket.send(message, fds),
    );
  }

  #done(queueIndex: number, head: number, writtenBytes: number): void {
    const queue = this.#queues[queueIndex]!;
    queue.push(head, writtenBytes);
    if (this.#isReportingFences) this.#parts.fenceClock?.answered();
    queue.notify();
  }

  get deviceFeatures(): bigint {
    return this.#device.offeredFeatures;
  }

  get sharedMemory(): readonly SharedMemoryRegion[] {
    return this.#hasHostBlobs ? [{ shmId: VIRTIO_GPU_SHM_ID_HOST_VISIBLE, sizeBytes: HOST_VISIBLE_BYTES }] : [];
  }

  get sharesObjects(): boolean {
    return this.#hasHostBlobs;
  }

  sharedObject(uuid: Uint8Array): Fd | null {
    const buffer = this.#device.sharedBuffer(uuid);
    return buffer === null ? null : (this.#hostBuffers.objectFd(buffer) as Fd | null);
  }

  /** Memory of the guest that is mapped. */
  get guestMemoryBytes(): number {
    return this.#memory.regions.reduce((sum, region) => sum + region.sizeBytes, 0);
  }

  /** The front-end's window and our own display. */
  get displays(): readonly HostDisplay[] {
    return this.#display.all;
  }

  /** Memory of ours can be mapped and shared where guests can make resources of it. */
  get #hasHostBlobs(): boolean {
    const needed = (1n << BigInt(VIRTIO_GPU_F_RESOURCE_BLOB)) | (1n << BigInt(VIRTIO_GPU_F_VIRGL));
    return (this.#device.offeredFeatures & needed) === needed;
  }

  /** Serves the front-end until it goes, breaks the protocol or the thread is told to stop; then releases everything. */
  run(): BackEndEnd {
    try {
      for (;;) {
        const end = this.#turn();
        if (end !== null) return end;
      }
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      this.#parts.logger.error(error.message, { code: error.code });
      return "protocol error";
    } finally {
      this.#isClosing = true;
      this.#channel.close();
      this.#session.close();
      this.#display.listen(null);
      this.#display.reset();
      this.#display.socket.close();
      this.#stream?.release();
      this.#socket.close();
    }
  }

  readConfig(): Uint8Array {
    const bytes = new Uint8Array(CONFIG_BYTES);
    const view = new DataView(bytes.buffer);
    const { events, scanouts, capsets } = this.#device.config;
    view.setUint32(0, events, true);
    view.setUint32(8, scanouts, true);
    view.setUint32(12, capsets, true);
    return bytes;
  }

  /** Only events_clear can be written. QEMU keeps the events itself. */
  writeConfig(offsetBytes: number, bytes: Uint8Array): void {
    if (offsetBytes !== EVENTS_CLEAR_OFFSET || bytes.length < 4) return;
    this.#device.clearEvents(new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true));
  }

  setFeatures(features: bigint): void {
    this.#device.setFeatures(features);
  }

  updateVring(index: number, vring: VringState): void {
    this.#queues[index]!.update(this.#memory, vring, this.#session.features);
  }

  stopVring(index: number): number {
    // Source: Ring states: nothing may be under way when GET_VRING_BASE is answered.
    if (index === 0 && !this.#isClosing) this.#device.settle();
    return this.#queues[index]!.stop();
  }

  memoryChanges(next: GuestMemory): void {
    this.#device.memoryChanges(next);
    for (const queue of this.#queues) queue.forgetMemory();
  }

  setGpuSocket(fd: Fd): void {
    this.#display.socket.connect(fd);
  }

  setBackendChannel(fd: Fd): void {
    this.#channel.connect(fd);
  }

  reset(): void {
    this.#device.reset();
    this.#display.reset();
    // A driver goes: what it had is free, and the next one may want less.
    trimHeap();
  }

  /** Waits once and serves what came. @returns why the connection ends, or null */
  #turn(): BackEndEnd | null {
    const fds = this.#fds;
    fds[SOCKET] = this.#socket.fd;
    fds[STOP] = this.#parts.stopFd;
    fds[FENCE] = this.#parts.fenceFd;
    this.#display.all.forEach((display, i) => {
      fds[FIRST_DISPLAY + i] = display.fd;
      this.#events[FIRST_DISPLAY + i] = display.wantedEvents;
    });
    this.#queues.forEach((queue, i) => (fds[FIRST_QUEUE + i] = queue.kickFd));
    fds[CHANNEL] = this.#channel.fd;
    fds[ASK] = this.#parts.askFd;
    pollFds(fds, this.#events, this.#revents, this.#timeoutUs());
    const revents = this.#revents;
    if (revents[STOP] !== 0) return "stopped";
    if (revents[SOCKET] !== 0) {
      const message = this.#socket.receive();
      if (message === null) return "front-end closed";
      if (!this.#session.handle(message.request, message.flags, message.payload, message.fds).ok)
        return "protocol error";
    }
    this.#display.all.forEach((display, i) => {
      // A message may have given it another socket meanwhile.
      const events = fds[FIRST_DISPLAY + i] === display.fd ? revents[FIRST_DISPLAY + i]! : 0;
      if (events !== 0 || performance.now() >= display.deadlineMs) display.serve(events);
    });
    // A message may have replaced the channel meanwhile.
    if (revents[CHANNEL] !== 0 && fds[CHANNEL] === this.#channel.fd) this.#channel.receive();
    if (revents[FENCE] !== 0) drainEventFd(this.#parts.fenceFd);
    this.#queues.forEach((queue, i) => {
      if (revents[FIRST_QUEUE + i] !== 0) queue.drainKick();
    });
    this.#serveQueues();
    if (revents[ASK] !== 0) {
      drainEventFd(this.#parts.askFd);
      this.#parts.onAsk();
    }
    if (this.#mapper.isDamaged) {
      this.#parts.logger.error(
        "The front-end shrank its memory file under the device: the guest's memory is gone. The session ends.",
      );
      return "protocol error";
    }
    return null;
  }

  /** How long the next wait may take; -1: for ever. */
  #timeoutUs(): number {
    if (this.#hasMore) return 0;
    const deadlineMs = Math.min(this.#display.deadlineMs, this.#stallEndMs, this.#device.flushDeadlineMs);
    return deadlineMs === Infinity ? -1 : Math.max(0, (deadlineMs - performance.now()) * 1000);
  }

  #serveQueues(): void {
    const device = this.#device;
    const isLate = performance.now() >= this.#stallEndMs;
    if (isLate || this.#hasReleased) {
      this.#hasReleased = false;
      if (isLate) for (const display of this.#display.all) if (display.holdsAny) display.counters.lateReleases++;
      device.unstall(isLate);
    }
    const hasMoreCursors = this.#queues[1]!.serve(
      () => device.takeChain(),
      (chain) => device.cursor(chain),
    );
    const hasMore = this.#queues[0]!.serve(
      () => (device.isStalled || device.isFull ? null : device.takeChain()),
      (chain) => device.control(chain),
    );
    const wasFull = device.isFull;
    device.answerFlushes();
    if (!device.isStalled) this.#stallEndMs = Infinity;
    else if (this.#stallEndMs === Infinity) this.#stallEndMs = performance.now() + HOLD_LIMIT_MS;
    this.#parts.renderer.flush();
    this.#isReportingFences = true;
    device.poll();
    this.#isReportingFences = false;
    // The driver was not told to kick for what the queue was left with.
    const hasRoom = wasFull && !device.isFull;
    this.#hasMore = hasMore || hasMoreCursors || hasRoom;
  }

  #streamMemory(sizeBytes: number) {
    if (this.#stream === null || this.#stream.segment.bytes.length < sizeBytes) {
      this.#stream?.release();
      this.#stream = this.#parts.memory.createPrivate(Math.max(FIRST_STREAM_BYTES, sizeBytes));
    }
    if (this.#stream === null) throw new HostError("NO_MEMORY", `no ${sizeBytes} bytes of memory for a command stream`);
    return this.#stream.segment;
  }
}
