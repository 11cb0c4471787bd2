import { silentLogger } from "../base/index.js";
import {
  CopyLedger,
  GuestMemory,
  type MemoryRegion,
  type Segment,
  type SegmentId,
  type SharedFile,
} from "../memory/index.js";
import { type Renderer, Software2dRenderer } from "../renderer/index.js";
import {
  type CursorState,
  type DeviceParts,
  type Display,
  type Rect,
  type ScanoutImage,
  VIRTIO_GPU_CTRL_HDR_BYTES as HEADER,
  VirtioGpuDevice,
} from "../virtio-gpu/index.js";
import { SplitQueue } from "../virtqueue/index.js";
import { VirtqueueDriver, testSegment } from "./virtqueue-driver.js";

const RAM_BYTES = 1 << 20;
const REQUEST = 0x1_0000;
const ANSWER = 0x2_0000;
const ANSWER_BYTES = 2048;
/** What the guest's memory is a mapping of. The descriptor is nobody's. */
const RAM_FILE: SharedFile = {
  ...{ fd: 40, offsetBytes: 0, sizeBytes: RAM_BYTES, isSealed: true, isWriteSealed: false, pageBytes: 4096 },
  identity: "guest memory",
};
/** First guest address that the fixture does not use. */
export const PIXELS = 0x4_0000;

/** Notes what it is told, one line each. */
export class NotingDisplay implements Display {
  /** Resources whose memory somebody reads. */
  readonly held = new Set<number>();
  /** Scanouts whose last flush is still to be read. */
  readonly reading = new Set<number>();
  readonly events: string[] = [];
  /** While set, questions for modes wait here. */
  waiting: (() => void)[] | null = null;
  lastImage: ScanoutImage | null = null;
  lastCursor: CursorState | null = null;
  size = { width: 1024, height: 768 };

  modes() {
    return [{ ...this.size, refresh: 60 }, null];
  }

  edid(): null {
    return null;
  }

  refreshModes(done: () => void): void {
    if (this.waiting === null) done();
    else this.waiting.push(done);
  }

  setScanout(scanoutId: number, image: ScanoutImage | null): void {
    this.lastImage = image;
    this.events.push(`scanout ${scanoutId} ${image === null ? "off" : `shows ${image.resourceId}`}`);
  }

  flush(scanoutId: number, image: ScanoutImage, damage: Rect): void {
    this.events.push(
      `flush ${scanoutId} of ${image.resourceId}: ${damage.x},${damage.y} ${damage.width}x${damage.height}`,
    );
  }

  updateCursor(cursor: CursorState): void {
    this.lastCursor = cursor;
    this.events.push(`cursor ${cursor.resourceId} at ${cursor.x},${cursor.y}`);
  }

  moveCursor(scanoutId: number, x: number, y: number): void {
    this.events.push(`cursor of ${scanoutId} to ${x},${y}`);
  }

  get holdsAny(): boolean {
    return this.held.size > 0;
  }

  holds(resourceId: number): boolean {
    return this.held.has(resourceId);
  }

  isReading(scanoutId: number): boolean {
    return this.reading.has(scanoutId);
  }

  forgetBuffer(resourceId: number): void {
    this.events.push(`forget ${resourceId}`);
  }
}

/** What a request carries beside its type and words. */
export interface RequestOptions {
  readonly flags?: number;
  readonly fenceId?: number;
  readonly contextId?: number;
  readonly ringIndex?: number;
  readonly on?: "control" | "cursor";
  /** Bytes of the request to offer, instead of all. */
  readonly cut?: number;
}

/** A virtio-gpu device on a real queue in test memory, driven as a Linux driver would: for tests without a process. */
export class DeviceOnQueue<R extends Renderer = Software2dRenderer> {
  readonly memory = new GuestMemory();
  readonly segment: Segment = { ...testSegment(1, RAM_BYTES), file: RAM_FILE };
  readonly driver: VirtqueueDriver;
  readonly queue: SplitQueue;
  readonly display = new NotingDisplay();
  readonly renderer: R;
  readonly ledger: CopyLedger;
  readonly device: VirtioGpuDevice;
  #answerAt = ANSWER;
  #segmentIds = 1000;

  private constructor(renderer: R, ledger: CopyLedger, parts: Partial<DeviceParts>) {
    this.memory.replace([this.region(0, RAM_BYTES)]);
    this.driver = new VirtqueueDriver(this.memory, 0x1000, 16);
    this.queue = new SplitQueue(this.memory, this.driver.config());
    this.renderer = renderer;
    this.ledger = ledger;
    const all: DeviceParts = {
      renderer,
      memory: this.memory,
      display: this.display,
      logger: silentLogger,
      streamMemory: (sizeBytes) => testSegment(9, sizeBytes),
      uuidBase: new Uint8Array(16).fill(7),
      ...parts,
    };
    this.device = new VirtioGpuDevice(all, { done: (_queue, head, written) => this.queue.push(head, written) });
    this.device.setFeatures(this.device.offeredFeatures);
  }

  /** On the software 2D renderer. */
  static create2d(parts: Partial<DeviceParts> = {}): DeviceOnQueue {
    const ledger = new CopyLedger();
    return new DeviceOnQueue(new Software2dRenderer(ledger), ledger, parts);
  }

  static create<R extends Renderer>(renderer: R, parts: Partial<DeviceParts> = {}): DeviceOnQueue<R> {
    return new DeviceOnQueue(renderer, new CopyLedger(), parts);
  }

  get ram(): Uint8Array {
    return this.segment.bytes;
  }

  /** The region [from, to) of guest memory. @param segment another mapping of it, where it is mapped anew */
  region(from: number, to: number, segment = this.segment): MemoryRegion {
    return { guestAddress: from, sizeBytes: to - from, userAddress: from, segment, segmentOffsetBytes: from };
  }

  /** Guest memory in a new mapping: the same bytes of the same file. */
  remapped(): Segment {
    const { bytes, file } = this.segment;
    return { id: ++this.#segmentIds as SegmentId, bytes, file: file! };
  }

  /** These regions are all of guest memory from now on, told as a transport does. */
  changeMemory(...regions: readonly MemoryRegion[]): void {
    const next = new GuestMemory();
    if (!next.replace(regions)) throw new Error("the regions overlap");
    this.device.memoryChanges(next);
    this.memory.replace(regions);
  }

  /** Offers a request of little-endian u32s after a header, without waiting for its answer. Several may be in flight. */
  submit(type: number, words: readonly number[], options: RequestOptions = {}): { head: number; answerAt: number } {
    const view = new DataView(this.ram.buffer);
    const answerAt = this.#answerAt;
    this.#answerAt = answerAt + 2 * ANSWER_BYTES > PIXELS ? ANSWER : answerAt + ANSWER_BYTES;
    this.ram.fill(0, REQUEST, REQUEST + HEADER);
    this.ram.fill(0, answerAt, answerAt + ANSWER_BYTES);
    view.setUint32(REQUEST, type, true);
    view.setUint32(REQUEST + 4, options.flags ?? 0, true);
    view.setUint32(REQUEST + 8, options.fenceId ?? 0x1234, true);
    view.setUint32(REQUEST + 16, options.contextId ?? 0, true);
    view.setUint8(REQUEST + 20, options.ringIndex ?? 0);
    words.forEach((word, i) => view.setUint32(REQUEST + HEADER + 4 * i, word, true));
    const head = this.driver.offer([
      { address: REQUEST, lengthBytes: options.cut ?? HEADER + 4 * words.length, isWritable: false },
      { address: answerAt, lengthBytes: ANSWER_BYTES, isWritable: true },
    ]);
    const chain = this.device.takeChain();
    if (!this.queue.pop(chain)) throw new Error(this.queue.fault ?? "nothing to pop");
    if (options.on === "cursor") this.device.cursor(chain);
    else this.device.control(chain);
    return { head, answerAt };
  }

  /** Sends a request. @returns the bytes of its answer */
  send(type: number, words: readonly number[] = [], options: RequestOptions = {}): DataView {
    const { answerAt } = this.submit(type, words, options);
    this.device.poll();
    const used = this.driver.takeUsed();
    if (used === null) throw new Error("the request was not answered");
    return this.answer(answerAt, used.writtenBytes);
  }

  /** Sends a request. @returns the type of its answer */
  type(type: number, words: readonly number[] = [], options: RequestOptions = {}): number {
    return this.send(type, words, options).getUint32(0, true);
  }

  /** A copy of an answer. */
  answer(answerAt: number, lengthBytes = ANSWER_BYTES): DataView {
    return new DataView(this.ram.buffer.slice(answerAt, answerAt + lengthBytes));
  }
}
