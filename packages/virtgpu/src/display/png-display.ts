import { join } from "node:path";
import { GuestError } from "@virtgpu/core/base";
import { CopyReason } from "@virtgpu/core/memory";
import type { Rect, ScanoutImage } from "@virtgpu/core/virtio-gpu";
import type { PrivateMemory } from "@virtgpu/core/vtest";
import { makeOutputFolder } from "../native/make-folder.js";
import { writePng } from "./png.js";
import type { DisplayParts } from "./display.js";
import { NoneDisplay } from "./none-display.js";
import type { OwnModes } from "./own-modes.js";

export interface PngSettings extends OwnModes {
  readonly folder: string;
  /** Every frame (1), every second, … of each scanout. */
  readonly every: number;
}

const BYTES_PER_PIXEL = 4;
/** A guest chooses the size of its scanouts: larger ones are told of, not written. */
const MAX_BYTES = 256 << 20;

/** The whole picture of a scanout: damage is read into it. */
interface Canvas {
  readonly memory: PrivateMemory;
  readonly width: number;
  readonly height: number;
}

/**
 * Writes what scanouts show to `FOLDER/scanoutN-000000.png`, one file per flush (or per Nth), without the cursor. Files are written
 * on the device thread: a guest that is watched so is slower, and no frame is missed.
 */
export class PngDisplay extends NoneDisplay {
  override readonly name = "png";
  readonly #parts: DisplayParts;
  readonly #settings: PngSettings;
  readonly #canvases = new Map<number, Canvas>();
  readonly #counts: number[] = [];
  #isTroubleTold = false;

  /** @throws {HostError} FOLDER_UNUSABLE when the folder cannot be made or takes no files */
  constructor(parts: DisplayParts, settings: PngSettings) {
    super(settings);
    this.#parts = parts;
    this.#settings = settings;
    makeOutputFolder(settings.folder, "--display=png");
  }

  override setScanout(scanoutId: number, image: ScanoutImage | null): void {
    const canvas = this.#canvases.get(scanoutId);
    const isSame = canvas?.width === image?.rect.width && canvas?.height === image?.rect.height;
    if (canvas === undefined || isSame) return;
    canvas.memory.release();
    this.#canvases.delete(scanoutId);
  }

  override flush(scanoutId: number, image: ScanoutImage, damage: Rect): void {
    this.counters.flushes++;
    const known = this.#canvases.get(scanoutId);
    const canvas = known ?? this.#newCanvas(scanoutId, image);
    // The first flush of a size may be partial: what lies around it is shown as well.
    const part = known === undefined ? { ...image.rect, x: 0, y: 0 } : damage;
    if (canvas === null || !this.#read(canvas, image, part)) {
      this.counters.dropped++;
      return;
    }
    const count = this.#counts[scanoutId] ?? 0;
    this.#counts[scanoutId] = count + 1;
    if (count % this.#settings.every === 0) this.#write(scanoutId, canvas, count);
  }

  override close(): void {
    for (const { memory } of this.#canvases.values()) memory.release();
    this.#canvases.clear();
  }

  override reset(): void {
    this.close();
  }

  #newCanvas(scanoutId: number, image: ScanoutImage): Canvas | null {
    const { width, height } = image.rect;
    const sizeBytes = width * height * BYTES_PER_PIXEL;
    const memory = sizeBytes > MAX_BYTES ? null : this.#parts.memory.createPrivate(sizeBytes, true);
    if (memory === null) {
      this.#tell(`a scanout of ${width} × ${height} pixels is too large`);
      return null;
    }
    const canvas = { memory, width, height };
    this.#canvases.set(scanoutId, canvas);
    return canvas;
  }

  #read(canvas: Canvas, image: ScanoutImage, part: Rect): boolean {
    const { x, y, width, height } = part;
    if (x + width > canvas.width || y + height > canvas.height) return false;
    const strideBytes = canvas.width * BYTES_PER_PIXEL;
    const at = y * strideBytes + x * BYTES_PER_PIXEL;
    const { reader, ledger } = this.#parts;
    const { resourceId, rect } = image;
    const { segment } = canvas.memory;
    const code = reader.readScanout(
      resourceId,
      rect.x + x,
      rect.y + y,
      width,
      height,
      segment,
      at,
      strideBytes,
      image.layout,
    );
    if (code !== GuestError.NONE) return false;
    ledger.count(CopyReason.DISPLAY, width * height * BYTES_PER_PIXEL, resourceId);
    return true;
  }

  #write(scanoutId: number, canvas: Canvas, count: number): void {
    const { width, height, memory } = canvas;
    const path = join(this.#settings.folder, `scanout${scanoutId}-${String(count).padStart(6, "0")}.png`);
    try {
      writePng(path, { width, height, rgba: toRgba(memory.segment.bytes, width * height * BYTES_PER_PIXEL) });
      this.counters.presented++;
    } catch (error) {
      this.counters.dropped++;
      this.#tell(String(error));
    }
  }

  /** A full disk is no reason to end the guest. */
  #tell(reason: string): void {
    if (this.#isTroubleTold) return;
    this.#isTroubleTold = true;
    this.#parts.logger.error(`--display=png: a frame is not written: ${reason}.`);
  }
}

/** B8G8R8X8 to opaque R8G8B8A8. */
function toRgba(bytes: Uint8Array, lengthBytes: number): Uint8Array {
  const rgba = new Uint8Array(lengthBytes);
  for (let at = 0; at < lengthBytes; at += BYTES_PER_PIXEL) {
    rgba[at] = bytes[at + 2]!;
    rgba[at + 1] = bytes[at + 1]!;
    rgba[at + 2] = bytes[at]!;
    rgba[at + 3] = 255;
  }
  return rgba;
}
