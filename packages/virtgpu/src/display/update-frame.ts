import { GuestError } from "@virtgpu/core/base";
import { CopyReason, type CopyLedger } from "@virtgpu/core/memory";
import type { ScanoutReader } from "@virtgpu/core/renderer";
import type { Rect, ScanoutImage } from "@virtgpu/core/virtio-gpu";
import type { PrivateMemory, SessionMemory } from "@virtgpu/core/vtest";
import { GPU_HEADER_BYTES, GPU_UPDATE_WORDS, GpuRequest } from "./gpu-socket-protocol.js";

export const BYTES_PER_PIXEL = 4;
const HEAD_BYTES = GPU_HEADER_BYTES + 4 * GPU_UPDATE_WORDS;
/** Pixels of one UPDATE: the front-end's loop reads a message in one go. */
const BAND_BYTES = 1 << 20;
/** Most memory for one frame: an 8K screen goes in two. */
const FRAME_BYTES = 80 << 20;

/** One frame's damage as the UPDATE messages that carry it, in one piece of memory that is used again. */
export class UpdateFrame {
  readonly #reader: ScanoutReader;
  readonly #memory: Pick<SessionMemory, "createPrivate">;
  readonly #ledger: CopyLedger;
  #buffer: PrivateMemory | null = null;
  lengthBytes = 0;

  constructor(reader: ScanoutReader, memory: Pick<SessionMemory, "createPrivate">, ledger: CopyLedger) {
    this.#reader = reader;
    this.#memory = memory;
    this.#ledger = ledger;
  }

  get bytes(): Uint8Array {
    return this.#buffer!.segment.bytes;
  }

  /** How many rows of the damage fit into one frame: at least 1. */
  static rowsAtOnce(width: number): number {
    return Math.max(1, Math.floor(FRAME_BYTES / (width * BYTES_PER_PIXEL)));
  }

  /** Reads `damage` of what a scanout shows. @returns false when it cannot be read, or there is no memory */
  take(scanoutId: number, image: ScanoutImage, damage: Rect): boolean {
    const strideBytes = damage.width * BYTES_PER_PIXEL;
    const bandRows = Math.max(1, Math.floor(BAND_BYTES / strideBytes));
    const bands = Math.ceil(damage.height / bandRows);
    if (!this.#reserve(bands * HEAD_BYTES + strideBytes * damage.height)) return false;
    const { segment } = this.#buffer!;
    const view = new DataView(segment.bytes.buffer, segment.bytes.byteOffset);
    let at = 0;
    for (let row = 0; row < damage.height; row += bandRows) {
      const height = Math.min(bandRows, damage.height - row);
      const y = damage.y + row;
      const { x, width } = damage;
      const { resourceId, rect } = image;
      const from = at + HEAD_BYTES;
      const code = this.#reader.readScanout(
        resourceId,
        rect.x + x,
        rect.y + y,
        width,
        height,
        segment,
        from,
        strideBytes,
        image.layout,
      );
      if (code !== GuestError.NONE) return false;
      const sizeBytes = strideBytes * height;
      writeWords(view, at, [GpuRequest.UPDATE, 0, 4 * GPU_UPDATE_WORDS + sizeBytes, scanoutId, x, y, width, height]);
      this.#ledger.count(CopyReason.DISPLAY, sizeBytes, resourceId);
      at = from + sizeBytes;
    }
    this.lengthBytes = at;
    return true;
  }

  /** Gives the memory back. Only while nothing of it is being sent. */
  release(): void {
    this.#buffer?.release();
    this.#buffer = null;
    this.lengthBytes = 0;
  }

  #reserve(sizeBytes: number): boolean {
    if (this.#buffer !== null && this.#buffer.segment.bytes.length >= sizeBytes) return true;
    this.release();
    this.#buffer = this.#memory.createPrivate(sizeBytes, true);
    return this.#buffer !== null;
  }
}

function writeWords(view: DataView, at: number, words: readonly number[]): void {
  for (let i = 0; i < words.length; i++) view.setUint32(at + 4 * i, words[i]!, true);
}
