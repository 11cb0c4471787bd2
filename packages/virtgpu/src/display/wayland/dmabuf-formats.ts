/**
 * The pixel formats and memory layouts in which a compositor takes dma-bufs. Source: linux-dmabuf-unstable-v1, version 3 (`modifier`
 * events) and version 4 (feedback: a table of 16-byte rows, and tranches of indices into it).
 */
import { readSync } from "node:fs";
import { closeFd } from "../../native/memory.js";
import type { WaylandConnection } from "./connection.js";
import { zwp_linux_dmabuf_feedback_v1, zwp_linux_dmabuf_v1 } from "./generated/protocol.js";

/** `drm_fourcc.h`. */
export const DRM_FORMAT_MOD_LINEAR = 0n;
export const DRM_FORMAT_MOD_INVALID = 0x00ff_ffff_ffff_ffffn;

/** Four characters as `drm_fourcc.h` packs them. */
export function fourcc(code: string): number {
  return (
    (code.charCodeAt(0) | (code.charCodeAt(1) << 8) | (code.charCodeAt(2) << 16) | (code.charCodeAt(3) << 24)) >>> 0
  );
}

/** The four characters of a format. */
export function fourccName(format: number): string {
  return String.fromCharCode(format & 0xff, (format >> 8) & 0xff, (format >> 16) & 0xff, format >>> 24);
}

/** The same bytes without alpha: a scanout covers what is below it, whatever its fourth byte holds. */
const OPAQUE = new Map(
  [
    ["AR24", "XR24"],
    ["AB24", "XB24"],
    ["BA24", "BX24"],
    ["RA24", "RX24"],
  ].map(([alpha, opaque]) => [fourcc(alpha!), fourcc(opaque!)]),
);

const TABLE_ROW_BYTES = 16;
/** Indices have 16 bits. */
const MAX_TABLE_BYTES = 0x1_0000 * TABLE_ROW_BYTES;

export class DmabufFormats {
  readonly #modifiers = new Map<number, Set<bigint>>();
  #table = new DataView(new ArrayBuffer(0));

  /** How many formats there are. */
  get size(): number {
    return this.#modifiers.size;
  }

  /** Binds the interface, and asks for feedback where it is offered. The formats are there after the next round trip. */
  static bind(
    connection: WaylandConnection,
    bind: (handlers: Parameters<typeof connection.adopt<typeof zwp_linux_dmabuf_v1>>[2]) => number,
    version: number,
  ): { id: number; formats: DmabufFormats } {
    const formats = new DmabufFormats();
    const id = bind({
      modifier: (format, high, low) => formats.add(format, (BigInt(high) << 32n) | BigInt(low)),
    });
    if (version >= 4) {
      const feedback = connection.create(zwp_linux_dmabuf_feedback_v1, {
        format_table: (fd, sizeBytes) => formats.readTable(fd, sizeBytes),
        tranche_formats: (indices) => formats.addRows(indices),
      });
      connection.send(id, zwp_linux_dmabuf_v1.requests.get_default_feedback, feedback);
    }
    return { id, formats };
  }

  add(format: number, modifier: bigint): void {
    const set = this.#modifiers.get(format);
    if (set === undefined) this.#modifiers.set(format, new Set([modifier]));
    else set.add(modifier);
  }

  /** Takes the descriptor over. A table that cannot be read is empty: then nothing is offered, and frames are copied. */
  readTable(fd: number, sizeBytes: number): void {
    try {
      const bytes = new Uint8Array(Math.min(sizeBytes, MAX_TABLE_BYTES));
      // At a position: the file offset is shared with the compositor's other clients.
      const read = readSync(fd, bytes, 0, bytes.length, 0);
      this.#table = new DataView(bytes.buffer, 0, read);
      // A new table means that all tranches follow anew.
      this.#modifiers.clear();
    } catch {
      this.#table = new DataView(new ArrayBuffer(0));
    } finally {
      closeFd(fd);
    }
  }

  /** 16-bit indices into the table, native byte order. Those outside it are passed over. */
  addRows(indices: Uint8Array): void {
    const list = new Uint16Array(indices.buffer, indices.byteOffset, indices.length >>> 1);
    for (const index of list) {
      const at = index * TABLE_ROW_BYTES;
      if (at + TABLE_ROW_BYTES > this.#table.byteLength) continue;
      this.add(this.#table.getUint32(at, isLittleEndian), this.#table.getBigUint64(at + 8, isLittleEndian));
    }
  }

  /**
   * How to hand in an image of this format and layout: its opaque twin where the compositor has it; LINEAR without a modifier where
   * the compositor knows no modifiers. Null: it is not taken.
   */
  choose(format: number, modifier: bigint): { format: number; modifier: bigint } | null {
    for (const candidate of [OPAQUE.get(format) ?? format, format]) {
      const modifiers = this.#modifiers.get(candidate);
      if (modifiers === undefined) continue;
      if (modifiers.has(modifier)) return { format: candidate, modifier };
      if (modifier === DRM_FORMAT_MOD_LINEAR && modifiers.has(DRM_FORMAT_MOD_INVALID))
        return { format: candidate, modifier: DRM_FORMAT_MOD_INVALID };
    }
    return null;
  }
}

const isLittleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;
