/**
 * Shows scanouts in the front-end's window over the vhost-user-gpu socket. Source: QEMU `docs/interop/vhost-user-gpu.rst`.
 *
 * Nothing waits for the front-end: what it has not taken yet is kept as state (which image, which damage, which cursor) and sent
 * when there is room, newest contents first and last. A frame is read when its first byte can go, so a slow front-end costs the
 * device neither time nor more than one frame of memory; what it misses is counted as merged.
 */
import { GuestError, HostError } from "@virtgpu/core/base";
import type { ScanoutBuffer } from "@virtgpu/core/renderer";
import {
  type CursorState,
  type DisplayListener,
  type DisplayMode,
  type Rect,
  type ScanoutImage,
  VIRTIO_GPU_MAX_SCANOUTS,
} from "@virtgpu/core/virtio-gpu";
import type { PrivateMemory } from "@virtgpu/core/vtest";
import { Poll } from "../native/events.js";
import { type DisplayParts, type HostDisplay, newDisplayCounters } from "./display.js";
import { type GpuReply, GpuSocketChannel } from "./gpu-socket-channel.js";
import {
  DISPLAY_INFO_BYTES,
  EDID_REPLY_BYTES,
  GPU_FLAG_REPLY,
  GPU_HEADER_BYTES,
  GPU_PROTOCOL_F_DMABUF2,
  GPU_PROTOCOL_F_EDID,
  GpuRequest,
  readDisplayInfo,
  readEdidReply,
  WINDOW_REFRESH,
} from "./gpu-socket-protocol.js";
import { SocketHead } from "./socket-head.js";
import { BYTES_PER_PIXEL, UpdateFrame } from "./update-frame.js";

/**
 * What frames are handed on as. `dma-buf`: as buffers where the memory can be had as one; the VMM's display must have GL (the
 * protocol does not tell). `shared-memory`: also as memfds, for front-ends that map them. `none`: not at all, for a window that nobody
 * looks at beside a display of our own; modes and cursors go their way.
 */
export const GPU_SOCKET_FRAMES = ["pixels", "dma-buf", "shared-memory", "none"] as const;
export type GpuSocketFrames = (typeof GPU_SOCKET_FRAMES)[number];

const CURSOR_SIDE = 64;
const CURSOR_BYTES = CURSOR_SIDE * CURSOR_SIDE * BYTES_PER_PIXEL;
const CURSOR_WORDS = 5;
const DMABUF_LINEAR = 0n;
/** In DMABUF_SCANOUT's flags: the first row in memory is the top one (VIRTIO_GPU_RESOURCE_FLAG_Y_0_TOP). */
const DMABUF_Y_0_TOP = 1;
/** How long a guest's question for modes waits for the front-end. */
const QUESTION_MS = 1_000;

export class GpuSocketDisplay implements HostDisplay {
  readonly name = "gpu socket";
  readonly counters = newDisplayCounters();
  readonly #parts: DisplayParts;
  readonly #frames: GpuSocketFrames;
  readonly #frame: UpdateFrame;
  readonly #heads = Array.from({ length: VIRTIO_GPU_MAX_SCANOUTS }, (_, i) => new SocketHead(i));
  readonly #edids = new Array<Uint8Array | null>(VIRTIO_GPU_MAX_SCANOUTS).fill(null);
  #channel: GpuSocketChannel | null = null;
  #listener: DisplayListener | null = null;
  #cursorMemory: PrivateMemory | null = null;
  #features = 0;
  #modes: readonly (DisplayMode | null)[] = firstModes();
  /** Small messages that wait for room. */
  #questions: Uint8Array[] = [];
  /** The scanouts whose EDIDs were asked for: answers come in the order of the questions. */
  #edidOrder: number[] = [];
  /** Answers to be had before `#waiting` is told. */
  #awaited = 0;
  #waiting: (() => void)[] = [];
  /** Asked after the question was: what its answer says may be older. They get the next one together. */
  #late: (() => void)[] = [];
  /** Heads whose DMABUF_UPDATE is not answered yet, oldest first. */
  #unanswered: SocketHead[] = [];
  #announceCount = 0;
  /** Goes up with the connection: late completions of the GPU belong to an old one. */
  #connection = 0;
  deadlineMs = Infinity;

  constructor(parts: DisplayParts, frames: GpuSocketFrames = "pixels") {
    this.#parts = parts;
    this.#frames = frames;
    this.#frame = new UpdateFrame(parts.reader, parts.memory, parts.ledger);
  }

  get fd(): number {
    return this.#channel?.fd ?? -1;
  }

  get isConnected(): boolean {
    return this.#channel !== null;
  }

  get wantedEvents(): number {
    const hasRoom = this.#channel === null || (this.#channel.isIdle && this.#questions.length === 0);
    return hasRoom ? Poll.IN : Poll.IN | Poll.OUT;
  }

  /** Takes the socket over, and shows there what is shown already. */
  connect(fd: number): void {
    this.#disconnect();
    this.#channel = new GpuSocketChannel(fd);
    this.#connection++;
    this.#ask(GpuRequest.GET_PROTOCOL_FEATURES, []);
    for (const head of this.#heads) {
      if (head.image === null) continue;
      this.#announce(head);
      if (this.#frames !== "none") head.damage.add({ ...head.image.rect, x: 0, y: 0 });
    }
    this.#pump();
  }

  listen(listener: DisplayListener | null): void {
    this.#listener = listener;
  }

  close(): void {
    this.#disconnect();
    this.#cursorMemory?.release();
    this.#cursorMemory = null;
    this.#frame.release();
  }

  reset(): void {
    for (const head of this.#heads) {
      if (head.image !== null) this.setScanout(head.id, null);
      head.cursor = null;
      head.isCursorMoved = false;
    }
  }

  modes(): readonly (DisplayMode | null)[] {
    return this.#modes;
  }

  edid(scanoutId: number): Uint8Array | null {
    return this.#edids[scanoutId] ?? null;
  }

  refreshModes(done: () => void): void {
    if (this.#channel === null) {
      done();
      return;
    }
    if (this.#waiting.length > 0) {
      this.#late.push(done);
      return;
    }
    this.#waiting.push(done);
    this.#askModes();
    this.#pump();
  }

  #askModes(): void {
    this.deadlineMs = performance.now() + QUESTION_MS;
    this.#awaited = 1;
    this.#ask(GpuRequest.GET_DISPLAY_INFO, []);
  }

  setScanout(scanoutId: number, image: ScanoutImage | null): void {
    const head = this.#heads[scanoutId]!;
    this.counters.dropped += head.drop();
    head.image = image;
    // The window keeps its picture until the next flush: a flip from one buffer to another of the same size needs no word.
    const { width, height } = image?.rect ?? { width: 0, height: 0 };
    const isShown = head.announceOrder === 0 && head.shownWidth === width && head.shownHeight === height;
    if (!isShown) this.#announce(head);
    this.#pump();
  }

  flush(scanoutId: number, image: ScanoutImage, damage: Rect): void {
    const head = this.#heads[scanoutId]!;
    this.counters.flushes++;
    head.image = image;
    if (this.#channel === null || this.#frames === "none") {
      this.counters.dropped++;
      return;
    }
    if (head.flushes > 0) this.counters.merged++;
    head.flushes++;
    head.damage.add(damage);
    this.#awaitGpu(head, image);
    this.#pump();
  }

  updateCursor(cursor: CursorState): void {
    const head = this.#heads[cursor.scanoutId]!;
    head.cursor = cursor;
    head.isCursorMoved = false;
    this.#pump();
  }

  moveCursor(scanoutId: number, x: number, y: number): void {
    const head = this.#heads[scanoutId]!;
    head.cursorX = x;
    head.cursorY = y;
    head.isCursorMoved = true;
    this.#pump();
  }

  holds(resourceId: number): boolean {
    return this.#unanswered.some((head) => head.heldResource === resourceId && head.keepsGuest);
  }

  get holdsAny(): boolean {
    return this.#unanswered.some((head) => head.keepsGuest);
  }

  isReading(scanoutId: number): boolean {
    const head = this.#heads[scanoutId]!;
    return this.#channel !== null && (head.flushes > 0 || !head.damage.isEmpty || head.heldResource !== 0);
  }

  /** The front-end gets the pixels instead, read now: it may look into the buffer whenever its window is uncovered. */
  forgetBuffer(resourceId: number): void {
    for (const head of this.#heads) {
      if (head.heldResource === resourceId) head.keepsGuest = true;
      if (head.shownSerial === 0 || head.image?.resourceId !== resourceId) continue;
      head.forgottenSerial = head.shownSerial;
      this.#announce(head);
      head.damage.add({ ...head.image.rect, x: 0, y: 0 });
    }
    this.#pump();
  }

  serve(revents: number): void {
    if (performance.now() >= this.deadlineMs) {
      this.#parts.logger.warn("The front-end did not answer the question for its displays in time.", {});
      this.#release();
    }
    const channel = this.#channel;
    if (channel === null || revents === 0) return;
    try {
      if ((revents & ~Poll.OUT) !== 0) {
        const reply = channel.receive();
        if (reply !== null) this.#take(reply);
      }
    } catch (error) {
      this.#fail(error);
    }
    this.#pump();
  }

  #take(reply: GpuReply): void {
    const { request, payload } = reply;
    const sizeBytes = payload.length;
    const isReply = (reply.flags & GPU_FLAG_REPLY) !== 0;
    if (isReply && request === GpuRequest.GET_PROTOCOL_FEATURES && sizeBytes === 8) this.#negotiate(payload);
    else if (isReply && request === GpuRequest.GET_DISPLAY_INFO && sizeBytes === DISPLAY_INFO_BYTES)
      this.#takeModes(payload);
    else if (isReply && request === GpuRequest.GET_EDID && sizeBytes === EDID_REPLY_BYTES) this.#takeEdid(payload);
    else if (isReply && request === GpuRequest.DMABUF_UPDATE && sizeBytes === 0) this.#takeRelease();
    else throw new HostError("GPU_SOCKET_MESSAGE", `an answer that nobody asked for: ${request}, ${sizeBytes} bytes`);
  }

  #negotiate(payload: Uint8Array): void {
    const offered = new DataView(payload.buffer, payload.byteOffset).getUint32(0, true);
    const wanted = GPU_PROTOCOL_F_EDID | (this.#frames === "pixels" ? 0 : GPU_PROTOCOL_F_DMABUF2);
    this.#features = offered & wanted;
    this.#ask(GpuRequest.SET_PROTOCOL_FEATURES, [this.#features, 0]);
  }

  #takeModes(payload: Uint8Array): void {
    const modes = readDisplayInfo(payload);
    this.#modes = modes;
    if ((this.#features & GPU_PROTOCOL_F_EDID) !== 0) {
      modes.forEach((mode, i) => {
        this.#edids[i] = null;
        if (mode === null) return;
        this.#edidOrder.push(i);
        this.#awaited++;
        this.#ask(GpuRequest.GET_EDID, [i]);
      });
    }
    this.#answered();
  }

  #takeEdid(payload: Uint8Array): void {
    const scanoutId = this.#edidOrder.shift();
    if (scanoutId === undefined)
      throw new HostError("GPU_SOCKET_MESSAGE", "an EDID that nobody asked for on the GPU socket");
    this.#edids[scanoutId] = readEdidReply(payload);
    this.#answered();
  }

  #answered(): void {
    this.#awaited = Math.max(0, this.#awaited - 1);
    if (this.#awaited === 0) this.#release();
  }

  #release(): void {
    this.deadlineMs = Infinity;
    const told = this.#waiting;
    this.#waiting = this.#late;
    this.#late = [];
    if (this.#channel === null) told.push(...this.#waiting.splice(0));
    else if (this.#waiting.length > 0) this.#askModes();
    for (const done of told) done();
  }

  #takeRelease(): void {
    const head = this.#unanswered.shift();
    if (head === undefined) return;
    const resourceId = head.heldResource;
    head.heldResource = 0;
    this.#listener?.presented(head.id);
    if (!this.holds(resourceId)) this.#listener?.released(resourceId);
  }

  #announce(head: SocketHead): void {
    if (head.announceOrder === 0) head.announceOrder = ++this.#announceCount;
  }

  #ask(request: number, words: readonly number[]): void {
    this.#questions.push(message(request, words));
  }

  /** Sends what waits, as far as there is room. A window that is gone must not end the device: the guest goes on unseen. */
  #pump(): void {
    const channel = this.#channel;
    if (channel === null) return;
    try {
      channel.pump();
      while (channel.isIdle && this.#sendNext(channel)) channel.pump();
    } catch (error) {
      this.#fail(error);
    }
  }

  /** @returns false when nothing can be sent now */
  #sendNext(channel: GpuSocketChannel): boolean {
    const question = this.#questions.shift();
    if (question !== undefined) return channel.send(question, question.length);
    const announced = this.#nextAnnounced();
    if (announced !== null) return this.#sendScanout(channel, announced);
    for (const head of this.#heads) {
      if (head.cursor !== null) return this.#sendCursor(channel, head, head.cursor);
      if (head.isCursorMoved) {
        head.isCursorMoved = false;
        return this.#sendWords(channel, GpuRequest.CURSOR_POS, [head.id, head.cursorX, head.cursorY]);
      }
    }
    for (const head of this.#heads) if (this.#sendFrame(channel, head)) return true;
    return false;
  }

  #nextAnnounced(): SocketHead | null {
    let first: SocketHead | null = null;
    for (const head of this.#heads) {
      if (head.announceOrder !== 0 && (first === null || head.announceOrder < first.announceOrder)) first = head;
    }
    return first;
  }

  /** SCANOUT for pixels. A scanout that will be shown as a buffer is announced with its first frame. */
  #sendScanout(channel: GpuSocketChannel, head: SocketHead): boolean {
    if (head.shownSerial !== 0 && (head.image === null || this.#buffer(head) === null)) {
      // Without a descriptor it means: no buffer any more.
      head.shownSerial = 0;
      return this.#sendWords(channel, GpuRequest.DMABUF_SCANOUT, [head.id, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    }
    head.announceOrder = 0;
    const { width, height } = head.image?.rect ?? { width: 0, height: 0 };
    head.shownWidth = width;
    head.shownHeight = height;
    if (head.image !== null && this.#buffer(head) !== null) return true;
    if (this.#heads.every(({ image }) => image === null)) this.#frame.release();
    return this.#sendWords(channel, GpuRequest.SCANOUT, [head.id, width, height]);
  }

  #sendCursor(channel: GpuSocketChannel, head: SocketHead, cursor: CursorState): boolean {
    head.cursor = null;
    const words = [cursor.scanoutId, cursor.x, cursor.y];
    if (cursor.resourceId === 0) return this.#sendWords(channel, GpuRequest.CURSOR_POS_HIDE, words);
    const at = GPU_HEADER_BYTES + 4 * CURSOR_WORDS;
    this.#cursorMemory ??= this.#parts.memory.createPrivate(at + CURSOR_BYTES);
    if (this.#cursorMemory === null) return true;
    const { segment } = this.#cursorMemory;
    const stride = CURSOR_SIDE * BYTES_PER_PIXEL;
    const { reader, logger } = this.#parts;
    const code = reader.readScanout(
      cursor.resourceId,
      0,
      0,
      CURSOR_SIDE,
      CURSOR_SIDE,
      segment,
      at,
      stride,
      cursor.layout,
    );
    if (code !== GuestError.NONE) {
      logger.warn("The cursor's resource is not 64 × 64 pixels.", { resourceId: cursor.resourceId });
      return true;
    }
    const head32 = message(GpuRequest.CURSOR_UPDATE, [...words, cursor.hotX, cursor.hotY], CURSOR_BYTES);
    segment.bytes.set(head32);
    return channel.send(segment.bytes, at + CURSOR_BYTES);
  }

  /** @returns whether something was sent for the head */
  #sendFrame(channel: GpuSocketChannel, head: SocketHead): boolean {
    if (head.flushes === 0 && head.damage.isEmpty) return false;
    if (head.image === null) {
      this.counters.dropped += head.drop();
      return false;
    }
    const buffer = this.#buffer(head);
    if (buffer !== null) return this.#sendBuffer(channel, head, buffer);
    if (head.shownSerial !== 0) {
      // The window shows a buffer that is none any more: all of the picture must come as pixels.
      this.#announce(head);
      head.damage.add({ ...head.image.rect, x: 0, y: 0 });
      return true;
    }
    return this.#sendPixels(channel, head, head.image);
  }

  #sendPixels(channel: GpuSocketChannel, head: SocketHead, image: ScanoutImage): boolean {
    const damage = head.damage.take()!;
    const rows = UpdateFrame.rowsAtOnce(damage.width);
    const part = rows < damage.height ? { ...damage, height: rows } : damage;
    if (!this.#frame.take(head.id, image, part)) {
      this.counters.dropped += head.drop();
      return false;
    }
    if (part !== damage) head.damage.add({ ...damage, y: damage.y + rows, height: damage.height - rows });
    else head.flushes = 0;
    this.counters.presented++;
    return channel.send(this.#frame.bytes, this.#frame.lengthBytes);
  }

  /** The buffer behind the head's image, when frames may go as buffers and this one can be described in a message. */
  #buffer(head: SocketHead): ScanoutBuffer | null {
    const { exporter } = this.#parts;
    if (exporter === null || this.#frames === "pixels" || head.image === null) return null;
    const buffer = exporter.scanoutBuffer(head.image.resourceId, head.image.layout);
    if (
      buffer === null ||
      buffer.serial === head.forgottenSerial ||
      (!buffer.isDmaBuf && this.#frames !== "shared-memory")
    )
      return null;
    // The message has no place for an offset, and one for a modifier only in its second form.
    const hasModifier = (this.#features & GPU_PROTOCOL_F_DMABUF2) !== 0;
    return buffer.offsetBytes === 0 && (hasModifier || buffer.modifier === DMABUF_LINEAR) ? buffer : null;
  }

  #sendBuffer(channel: GpuSocketChannel, head: SocketHead, buffer: ScanoutBuffer): boolean {
    // One frame at a time: the answer to DMABUF_UPDATE is the flow control.
    if (this.#unanswered.length > 0 || !head.isDrawn) return false;
    const { rect, resourceId } = head.image!;
    if (head.shownSerial !== buffer.serial || !isSame(head.shownRect, rect)) {
      const sent = channel.send(this.#bufferMessage(head, buffer), this.#bufferMessageBytes, Int32Array.of(buffer.fd));
      if (!sent) return false;
      head.shownSerial = buffer.serial;
      head.shownRect = rect;
      return true;
    }
    const damage = head.damage.take()!;
    head.flushes = 0;
    head.heldResource = resourceId;
    // Nothing can keep a guest's CPU from drawing on.
    head.keepsGuest = !buffer.isGuestDrawn;
    this.#unanswered.push(head);
    this.counters.presented++;
    this.counters.buffers++;
    const { x, y, width, height } = damage;
    return this.#sendWords(channel, GpuRequest.DMABUF_UPDATE, [head.id, x, y, width, height]);
  }

  /** A buffer that the GPU draws goes out when it has: the reader knows no fences. */
  #awaitGpu(head: SocketHead, image: ScanoutImage): void {
    const buffer = this.#buffer(head);
    head.isDrawn = buffer === null || buffer.isGuestDrawn;
    if (head.isDrawn) return;
    const connection = this.#connection;
    let isNow = true;
    this.#parts.exporter!.whenRendered(() => {
      if (connection !== this.#connection || head.image?.resourceId !== image.resourceId) return;
      head.isDrawn = true;
      if (!isNow) this.#pump();
    });
    isNow = false;
  }

  get #bufferMessageBytes(): number {
    const words = (this.#features & GPU_PROTOCOL_F_DMABUF2) !== 0 ? 12 : 10;
    return GPU_HEADER_BYTES + 4 * words;
  }

  /** DMABUF_SCANOUT, or DMABUF_SCANOUT2 with its modifier. */
  #bufferMessage(head: SocketHead, buffer: ScanoutBuffer): Uint8Array {
    const { x, y, width, height } = head.image!.rect;
    const { width: fdWidth, height: fdHeight, strideBytes, fourcc, modifier } = buffer;
    const flags = buffer.isYInverted ? 0 : DMABUF_Y_0_TOP;
    const words = [head.id, x, y, width, height, fdWidth, fdHeight, strideBytes, flags, fourcc];
    if ((this.#features & GPU_PROTOCOL_F_DMABUF2) === 0) return message(GpuRequest.DMABUF_SCANOUT, words);
    const low = Number(modifier & 0xffff_ffffn);
    return message(GpuRequest.DMABUF_SCANOUT2, [...words, low, Number(modifier >> 32n)]);
  }

  #sendWords(channel: GpuSocketChannel, request: number, words: readonly number[]): boolean {
    const bytes = message(request, words);
    return channel.send(bytes, bytes.length);
  }

  #fail(error: unknown): void {
    if (!(error instanceof HostError)) throw error;
    const { logger } = this.#parts;
    if (error.code === "GPU_SOCKET_MESSAGE") {
      logger.error(`The front-end broke the protocol of the GPU socket: ${error.message}. Nothing is shown any more.`);
    } else {
      logger.info("The front-end closed the GPU socket: nothing is shown any more.", { code: error.code });
    }
    this.#disconnect();
  }

  #disconnect(): void {
    this.#channel?.close();
    this.#channel = null;
    this.#frame.release();
    this.#connection++;
    this.#features = 0;
    this.#questions = [];
    this.#edidOrder = [];
    this.#awaited = 0;
    const held = this.#unanswered.splice(0).map((head) => head.heldResource);
    for (const head of this.#heads) {
      this.counters.dropped += head.drop();
      head.shownWidth = head.shownHeight = head.shownSerial = head.heldResource = head.announceOrder = 0;
      head.shownRect = head.cursor = null;
      head.isCursorMoved = false;
    }
    this.#release();
    for (const resourceId of held) this.#listener?.released(resourceId);
  }
}

/** Until the front-end has answered. */
function firstModes(): readonly (DisplayMode | null)[] {
  const off = new Array<null>(VIRTIO_GPU_MAX_SCANOUTS - 1).fill(null);
  return [{ width: 1280, height: 800, refresh: WINDOW_REFRESH }, ...off];
}

function isSame(a: Rect | null, b: Rect): boolean {
  return a !== null && a.x === b.x && a.y === b.y && a.width === b.width && a.height === b.height;
}

/** Header and words; `dataBytes` more follow. */
function message(request: number, words: readonly number[], dataBytes = 0): Uint8Array {
  return new Uint8Array(Uint32Array.of(request, 0, words.length * 4 + dataBytes, ...words).buffer);
}
