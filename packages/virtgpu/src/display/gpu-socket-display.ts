/**
 * Shows scanouts in the front-end's window over the vhost-user-gpu socket. Source: QEMU `docs/interop/vhost-user-gpu.rst`.
 * Messages: request u32, flags u32, payload size u32, payload; native byte order. We ask, the front-end answers; we never wait for
 * an answer, only the guest's own request does.
 */
import { GuestError, HostError, type Logger } from "@virtgpu/core/base";
import { CopyReason, type CopyLedger } from "@virtgpu/core/memory";
import type { ScanoutReader } from "@virtgpu/core/renderer";
import type { CursorState, Display, DisplayMode, Rect, ScanoutImage } from "@virtgpu/core/virtio-gpu";
import type { PrivateMemory, SessionMemory } from "@virtgpu/core/vtest";
import { closeFd } from "../native/memory.js";
import { readExact, writeFrom } from "../native/socket.js";

const GpuRequest = {
  GET_PROTOCOL_FEATURES: 1,
  SET_PROTOCOL_FEATURES: 2,
  GET_DISPLAY_INFO: 3,
  CURSOR_POS: 4,
  CURSOR_POS_HIDE: 5,
  CURSOR_UPDATE: 6,
  SCANOUT: 7,
  UPDATE: 8,
} as const;

const HEADER_BYTES = 12;
const FLAG_REPLY = 1 << 2;
/** The header of a virtio-gpu response, before the 16 entries of GET_DISPLAY_INFO's reply. */
const RESPONSE_HEADER_BYTES = 24;
const DISPLAY_ENTRY_BYTES = 24;
const MAX_SCANOUTS = 16;
const DISPLAY_INFO_BYTES = RESPONSE_HEADER_BYTES + MAX_SCANOUTS * DISPLAY_ENTRY_BYTES;
const CURSOR_SIDE = 64;
/** Refresh rate of a window; the protocol does not tell one. */
const REFRESH = 60;
/** Pixels of one UPDATE: larger damage is sent in bands, so that the buffer stays small. */
const BAND_BYTES = 1 << 20;
const BYTES_PER_PIXEL = 4;

export class GpuSocketDisplay implements Display {
  /** Connected, or -1. */
  fd = -1;
  readonly #reader: ScanoutReader;
  readonly #logger: Logger;
  readonly #ledger: CopyLedger;
  readonly #buffer: PrivateMemory | null;
  #modes: (DisplayMode | null)[] = [
    { width: 1280, height: 800, refresh: REFRESH },
    ...new Array<null>(MAX_SCANOUTS - 1).fill(null),
  ];
  #waiting: (() => void)[] = [];

  constructor(reader: ScanoutReader, memory: Pick<SessionMemory, "createPrivate">, ledger: CopyLedger, logger: Logger) {
    this.#reader = reader;
    this.#logger = logger;
    this.#ledger = ledger;
    this.#buffer = memory.createPrivate(HEADER_BYTES + 20 + BAND_BYTES);
  }

  /** Takes the socket over. */
  connect(fd: number): void {
    this.close();
    this.fd = fd;
    this.#send(GpuRequest.GET_PROTOCOL_FEATURES, []);
  }

  close(): void {
    if (this.fd >= 0) closeFd(this.fd);
    this.fd = -1;
    this.#release();
  }

  modes(): readonly (DisplayMode | null)[] {
    return this.#modes;
  }

  edid(): null {
    return null;
  }

  holds(): boolean {
    return false;
  }

  forgetBuffer(): void {}

  refreshModes(done: () => void): void {
    if (this.fd < 0) {
      done();
      return;
    }
    this.#waiting.push(done);
    if (this.#waiting.length === 1) this.#send(GpuRequest.GET_DISPLAY_INFO, []);
  }

  setScanout(scanoutId: number, image: ScanoutImage | null): void {
    const { width, height } = image?.rect ?? { width: 0, height: 0 };
    this.#send(GpuRequest.SCANOUT, [scanoutId, width, height]);
  }

  flush(scanoutId: number, image: ScanoutImage, damage: Rect): void {
    if (this.fd < 0 || this.#buffer === null) return;
    const strideBytes = damage.width * BYTES_PER_PIXEL;
    const bandRows = Math.max(1, Math.floor(BAND_BYTES / strideBytes));
    for (let row = 0; row < damage.height; row += bandRows) {
      const band = { ...damage, y: damage.y + row, height: Math.min(bandRows, damage.height - row) };
      if (!this.#sendBand(scanoutId, image, band, strideBytes)) return;
    }
  }

  updateCursor(cursor: CursorState): void {
    const words = [cursor.scanoutId, cursor.x, cursor.y];
    if (cursor.resourceId === 0) {
      this.#send(GpuRequest.CURSOR_POS_HIDE, words);
      return;
    }
    const buffer = this.#buffer;
    if (buffer === null || this.fd < 0) return;
    const sizeBytes = CURSOR_SIDE * CURSOR_SIDE * BYTES_PER_PIXEL;
    const at = HEADER_BYTES + 20;
    const stride = CURSOR_SIDE * BYTES_PER_PIXEL;
    const code = this.#reader.readScanout(
      cursor.resourceId,
      0,
      0,
      CURSOR_SIDE,
      CURSOR_SIDE,
      buffer.segment,
      at,
      stride,
    );
    if (code !== GuestError.NONE) {
      this.#logger.warn("The cursor's resource is not 64 × 64 pixels.", { resourceId: cursor.resourceId });
      return;
    }
    this.#writeHead(GpuRequest.CURSOR_UPDATE, [...words, cursor.hotX, cursor.hotY], sizeBytes);
    this.#write(buffer.segment.bytes, at + sizeBytes);
    this.#ledger.count(CopyReason.DISPLAY, sizeBytes, cursor.resourceId);
  }

  moveCursor(scanoutId: number, x: number, y: number): void {
    this.#send(GpuRequest.CURSOR_POS, [scanoutId, x, y]);
  }

  /** Reads one answer of the front-end. The descriptor must be readable. */
  receive(): void {
    const header = new Uint8Array(HEADER_BYTES);
    if (readExact(this.fd, header, 0, HEADER_BYTES) !== HEADER_BYTES) {
      this.#logger.info("The front-end closed the GPU socket: nothing is shown any more.");
      this.close();
      return;
    }
    const view = new DataView(header.buffer);
    const request = view.getUint32(0, true);
    const sizeBytes = view.getUint32(8, true);
    const payload = new Uint8Array(Math.min(sizeBytes, DISPLAY_INFO_BYTES));
    const isWhole = sizeBytes === payload.length && readExact(this.fd, payload, 0, sizeBytes) === sizeBytes;
    if (!isWhole || (view.getUint32(4, true) & FLAG_REPLY) === 0) {
      this.#logger.error("The front-end broke the protocol of the GPU socket: nothing is shown any more.", {
        request,
        sizeBytes,
      });
      this.close();
      return;
    }
    // No protocol feature is used: EDIDs are our own, and dma-bufs are not exported yet.
    if (request === GpuRequest.GET_PROTOCOL_FEATURES) this.#send(GpuRequest.SET_PROTOCOL_FEATURES, [0, 0]);
    if (request === GpuRequest.GET_DISPLAY_INFO && sizeBytes === DISPLAY_INFO_BYTES) {
      this.#modes = readModes(new DataView(payload.buffer));
      this.#release();
    }
  }

  #release(): void {
    for (const done of this.#waiting.splice(0)) done();
  }

  #sendBand(scanoutId: number, image: ScanoutImage, band: Rect, strideBytes: number): boolean {
    const { segment } = this.#buffer!;
    const { x, y, width, height } = band;
    const at = HEADER_BYTES + 20;
    const code = this.#reader.readScanout(
      image.resourceId,
      image.rect.x + x,
      image.rect.y + y,
      width,
      height,
      segment,
      at,
      strideBytes,
    );
    if (code !== GuestError.NONE) return false;
    const sizeBytes = strideBytes * height;
    this.#writeHead(GpuRequest.UPDATE, [scanoutId, x, y, width, height], sizeBytes);
    this.#write(segment.bytes, at + sizeBytes);
    this.#ledger.count(CopyReason.DISPLAY, sizeBytes, image.resourceId);
    return this.fd >= 0;
  }

  /** Header and words at the start of the buffer, for a message with `dataBytes` more. */
  #writeHead(request: number, words: readonly number[], dataBytes: number): void {
    const { bytes } = this.#buffer!.segment;
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    [request, 0, words.length * 4 + dataBytes, ...words].forEach((word, i) => view.setUint32(4 * i, word, true));
  }

  #send(request: number, words: readonly number[]): void {
    const message = Uint32Array.from([request, 0, words.length * 4, ...words]);
    this.#write(new Uint8Array(message.buffer), message.byteLength);
  }

  /** A window that is gone must not end the device: the guest goes on unseen. */
  #write(bytes: Uint8Array, lengthBytes: number): void {
    if (this.fd < 0) return;
    try {
      writeFrom(this.fd, bytes, 0, lengthBytes);
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      this.#logger.info("The front-end closed the GPU socket: nothing is shown any more.", { code: error.code });
      this.close();
    }
  }
}

/** `struct virtio_gpu_resp_display_info`: what is not enabled is off; sizes of 0 and beyond an EDID are not taken. */
function readModes(view: DataView): (DisplayMode | null)[] {
  return Array.from({ length: MAX_SCANOUTS }, (_, i) => {
    const at = RESPONSE_HEADER_BYTES + i * DISPLAY_ENTRY_BYTES;
    const width = view.getUint32(at + 8, true);
    const height = view.getUint32(at + 12, true);
    const isEnabled = view.getUint32(at + 16, true) !== 0 && width > 0 && height > 0;
    return isEnabled ? { width, height, refresh: REFRESH } : null;
  });
}
