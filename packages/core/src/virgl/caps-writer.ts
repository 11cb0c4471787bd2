import { asciiBytes, asciiText } from "../wire/index.js";
import {
  BSET_BITS,
  CAPABILITY_BITS,
  CAPABILITY_V2_BITS,
  CAPS_FIELDS,
  VIRGL_CAPS_V1_SIZE_BYTES,
  VIRGL_CAPS_V2_SIZE_BYTES,
  type BsetName,
  type CapabilityName,
  type CapabilityV2Name,
  type CapsFieldName,
} from "./protocol/caps.js";

type NamesOfKind<Kind extends string> = {
  [Name in CapsFieldName]: (typeof CAPS_FIELDS)[Name]["kind"] extends Kind ? Name : never;
}[CapsFieldName];

export type CapsNumberField = NamesOfKind<"u32" | "i32" | "f32">;
export type CapsMaskField = NamesOfKind<"mask">;

/** Builds a capability set. Starts all zero: nothing offered. Fields have the names of virgl_hw.h. */
export class CapsWriter {
  readonly bytes = new Uint8Array(VIRGL_CAPS_V2_SIZE_BYTES);
  readonly #view = new DataView(this.bytes.buffer);

  /** @throws {RangeError} when `index` is beyond the field's array. */
  set(field: CapsNumberField, value: number, index = 0): this {
    const { offsetBytes, kind, count } = CAPS_FIELDS[field];
    if (index < 0 || index >= count) throw new RangeError(`${field}[${index}] of ${count}`);
    const at = offsetBytes + index * 4;
    if (kind === "f32") this.#view.setFloat32(at, value, true);
    else if (kind === "i32") this.#view.setInt32(at, value, true);
    else this.#view.setUint32(at, value, true);
    return this;
  }

  addFormat(field: CapsMaskField, format: number): this {
    const { offsetBytes } = CAPS_FIELDS[field];
    if (format < 0 || format >= 512) throw new RangeError(`format ${format}`);
    this.#orWord(offsetBytes + (format >>> 5) * 4, 1 << (format & 31));
    return this;
  }

  addBset(...names: readonly BsetName[]): this {
    for (const name of names) this.#orWord(CAPS_FIELDS.bset.offsetBytes, 1 << BSET_BITS[name]);
    return this;
  }

  addCapability(...names: readonly CapabilityName[]): this {
    for (const name of names) this.#orWord(CAPS_FIELDS.capability_bits.offsetBytes, 1 << CAPABILITY_BITS[name]);
    return this;
  }

  addCapabilityV2(...names: readonly CapabilityV2Name[]): this {
    for (const name of names) this.#orWord(CAPS_FIELDS.capability_bits_v2.offsetBytes, 1 << CAPABILITY_V2_BITS[name]);
    return this;
  }

  /** ASCII, cut to 63 characters; others become `?`. */
  setRenderer(text: string): this {
    const { offsetBytes, count } = CAPS_FIELDS.renderer;
    this.bytes.fill(0, offsetBytes, offsetBytes + count);
    this.bytes.set(asciiBytes(text.slice(0, count - 1)), offsetBytes);
    return this;
  }

  /** Capset 1: the first part, `max_version` 1. A copy. */
  toCapset1(): Uint8Array {
    return this.#withVersion(VIRGL_CAPS_V1_SIZE_BYTES, 1);
  }

  /** Capset 2: everything, `max_version` 2. A copy. */
  toCapset2(): Uint8Array {
    return this.#withVersion(VIRGL_CAPS_V2_SIZE_BYTES, 2);
  }

  #withVersion(sizeBytes: number, version: number): Uint8Array {
    const bytes = this.bytes.slice(0, sizeBytes);
    bytes[CAPS_FIELDS.max_version.offsetBytes] = version;
    return bytes;
  }

  #orWord(at: number, bits: number): void {
    this.#view.setUint32(at, (this.#view.getUint32(at, true) | bits) >>> 0, true);
  }
}

/** Reads a capability set; fields beyond the end of `bytes` (older, shorter sets) read as 0. */
export class CapsReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get(field: CapsNumberField, index = 0): number {
    const { offsetBytes, kind } = CAPS_FIELDS[field];
    const at = offsetBytes + index * 4;
    if (at + 4 > this.#view.byteLength) return 0;
    if (kind === "f32") return this.#view.getFloat32(at, true);
    return kind === "i32" ? this.#view.getInt32(at, true) : this.#view.getUint32(at, true);
  }

  hasFormat(field: CapsMaskField, format: number): boolean {
    return this.#bit(CAPS_FIELDS[field].offsetBytes + (format >>> 5) * 4, format & 31);
  }

  hasBset(name: BsetName): boolean {
    return this.#bit(CAPS_FIELDS.bset.offsetBytes, BSET_BITS[name]);
  }

  hasCapability(name: CapabilityName): boolean {
    return this.#bit(CAPS_FIELDS.capability_bits.offsetBytes, CAPABILITY_BITS[name]);
  }

  hasCapabilityV2(name: CapabilityV2Name): boolean {
    return this.#bit(CAPS_FIELDS.capability_bits_v2.offsetBytes, CAPABILITY_V2_BITS[name]);
  }

  get renderer(): string {
    const { offsetBytes, count } = CAPS_FIELDS.renderer;
    return asciiText(this.#bytes.subarray(offsetBytes, offsetBytes + count), count);
  }

  #bit(at: number, bit: number): boolean {
    if (at + 4 > this.#view.byteLength) return false;
    return ((this.#view.getUint32(at, true) >>> bit) & 1) === 1;
  }
}
