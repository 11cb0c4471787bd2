/**
 * The ops alone, as if TypeScript had checked nothing: every op that takes memory gets random numbers, and memory that ends at a guard.
 * What C must accept, what it must refuse, and which bytes GL then reads or writes are said here once more, in plain arithmetic.
 */
import { InternalError } from "@virtgpu/core/base";
import { GL, GlCompletion, GlEncoder } from "@virtgpu/core/gl";
import { Random } from "@virtgpu/core/testing";
import { NativeGl } from "../../native/index.js";
import { BufferOps } from "./buffer-ops.js";
import { GuardedMemory } from "./guarded-memory.js";
import type { Journal } from "./journal.js";
import { isCompressed, opFormats, OpReader, OpTexture, SIZES, type OpFormat } from "./op-textures.js";
import { randomLayerStride, randomLength, randomStride } from "./strides.js";

const TARGETS = [GL.TEXTURE_2D, GL.TEXTURE_2D_ARRAY, GL.TEXTURE_3D];
const LIMIT = 1 << 18;
const POISON = 0xee;
const CANARY = 0x5a;

/** A box of a level, in texels, with where its rows lie in memory. */
interface OpBox {
  readonly level: number;
  readonly x: number;
  readonly y: number;
  readonly z: number;
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  readonly strideBytes: number;
  readonly layerStrideBytes: number;
}

/** What the numbers of a box mean in memory. */
interface Placed {
  readonly isAccepted: boolean;
  readonly rows: number;
  readonly rowBytes: number;
  readonly strideBytes: number;
  readonly layerStrideBytes: number;
}

export interface OpReport {
  readonly cases: number;
  readonly accepted: number;
  readonly refused: number;
  /** By op. */
  readonly ops: Readonly<Record<string, number>>;
  readonly formats: readonly string[];
}

/** Runs cases of one seed on one context. A finding is thrown; one byte too many ends the process. */
export class OpCheck {
  readonly #gl: NativeGl;
  readonly #encoder: GlEncoder;
  readonly #random: Random;
  readonly #journal: Journal;
  readonly #memory = new GuardedMemory(LIMIT + 4096);
  readonly #reader: OpReader;
  readonly #buffers: BufferOps;
  readonly #formats: readonly OpFormat[];
  readonly #textures = new Map<string, OpTexture>();
  readonly #ops: Record<string, number> = {};
  readonly #completions = new Int32Array(256);
  #cases = 0;
  #accepted = 0;

  constructor(api: "gles" | "gl", seed: number, journal: Journal) {
    this.#gl = NativeGl.open({ api });
    this.#encoder = new GlEncoder(this.#gl);
    this.#random = new Random(seed);
    this.#journal = journal;
    this.#reader = new OpReader(this.#encoder);
    this.#buffers = new BufferOps(this.#encoder, this.#random, new GuardedMemory(LIMIT), this.#memory);
    this.#formats = opFormats(this.#gl.caps);
    this.#encoder.flush();
    this.#expectErrors("the set-up");
  }

  /** One random case. @throws {Error} what was wrong with it */
  step(): void {
    this.#cases++;
    switch (this.#random.below(8)) {
      case 0:
      case 1:
        return this.#readPixels();
      case 2:
        return this.#withoutShape();
      default:
        return this.#upload();
    }
  }

  report(): OpReport {
    const refused = this.#cases - this.#accepted;
    const formats = this.#formats.map(({ name }) => name);
    return { cases: this.#cases, accepted: this.#accepted, refused, ops: this.#ops, formats };
  }

  destroy(): void {
    this.#gl.destroy();
  }

  #texture(): OpTexture {
    const format = this.#random.pick(this.#formats);
    // GL has no flat compressed blocks in 3D textures but BPTC's.
    const targets = format.name === "DXT1" ? TARGETS.slice(0, 2) : TARGETS;
    const [target, size] = [this.#random.pick(targets), this.#random.pick(SIZES)];
    const key = `${format.name} ${target} ${size.join("x")}`;
    let texture = this.#textures.get(key);
    if (texture === undefined) {
      texture = new OpTexture(this.#encoder, format, target, size);
      this.#textures.set(key, texture);
    }
    return texture;
  }

  /** Inside the level, whole blocks or up to its edge. */
  #box(texture: OpTexture): OpBox {
    const random = this.#random;
    const level = random.below(texture.levels);
    const { block, bytes } = texture.format;
    const span = (blocks: number, size: number): [number, number] => {
      const first = random.oneIn(2) ? 0 : random.below(blocks);
      const count = random.oneIn(2) ? blocks - first : 1 + random.below(blocks - first);
      return [first * block, Math.min(count * block, size - first * block)];
    };
    const [x, width] = span(Math.ceil(texture.width(level) / block), texture.width(level));
    const [y, height] = span(texture.rows(level), texture.height(level));
    const z = random.oneIn(2) ? 0 : random.below(texture.layers(level));
    const depth = random.oneIn(2) ? texture.layers(level) - z : 1 + random.below(texture.layers(level) - z);
    const rowBytes = Math.ceil(width / block) * bytes;
    const rows = Math.ceil(height / block);
    const strideBytes = randomStride(random, bytes, rowBytes);
    const layerStrideBytes = randomLayerStride(random, strideBytes === 0 ? rowBytes : strideBytes, rows, rowBytes);
    const isFlat = texture.target === GL.TEXTURE_2D;
    return { level, x, y, z, width, height, depth, strideBytes, layerStrideBytes: isFlat ? 0 : layerStrideBytes };
  }

  /** Buffers, copies, uniforms, pieces of the ring. */
  #withoutShape(): void {
    const next = this.#buffers.next();
    const text = `${next.op} ${next.text}`;
    this.#count(next.op, next.isAccepted);
    this.#journal.write(text);
    this.#encoder.flush();
    const wasAccepted = this.#attempt(() => {
      next.run();
      this.#encoder.flush();
    });
    this.#demand(wasAccepted, next.isAccepted, text);
    const wrong = wasAccepted ? this.#buffers.difference() : "";
    if (wrong !== "") throw new Error(`${text}: ${wrong}`);
    this.#expectErrors(text);
  }

  #upload(): void {
    const random = this.#random;
    const texture = this.#texture();
    const { format, target } = texture;
    const box = this.#box(texture);
    const placed = place(format, box);
    const length = randomLength(random, placed.neededBytes, LIMIT);
    const lead = random.oneIn(2) ? 0 : random.below(40);
    const side = random.oneIn(4) ? "before" : "behind";
    const memory = this.#memory.piece(lead + length, side);
    memory.fill(POISON);
    const isAccepted = placed.isAccepted && placed.neededBytes <= length;
    if (isAccepted) {
      forEachRow(placed, box.depth, (at) =>
        fillRandom(random, memory.subarray(lead + at, lead + at + placed.rowBytes)),
      );
    }
    const op = `${isCompressed(format) ? "compressedTexSubImage" : "texSubImage"}${target === GL.TEXTURE_2D ? "2D" : "3D"}`;
    const text = `${op} ${format.name} of ${texture.width(0)}x${texture.height(0)}x${texture.layers(0)}: ${JSON.stringify(box)} data ${length} lead ${lead} guard ${side}`;
    this.#count(op, isAccepted);
    this.#journal.write(text);
    const wasAccepted = this.#withSegment(memory, (segment) => this.#encodeUpload(texture, box, segment, lead, length));
    this.#demand(wasAccepted, isAccepted, text);
    if (isAccepted) {
      const atBytes = (box.x / format.block) * format.bytes;
      forEachRow(placed, box.depth, (at, layer, row) => {
        const bytes = memory.subarray(lead + at, lead + at + placed.rowBytes);
        texture.expect(box.level, box.z + layer, box.y / format.block + row, atBytes, bytes);
      });
    }
    if (isAccepted || random.oneIn(8)) {
      const wrong = this.#reader.difference(texture, box.level);
      if (wrong !== "") throw new Error(`${text}: ${wrong}`);
    }
    this.#expectErrors(text);
  }

  #encodeUpload(texture: OpTexture, box: OpBox, segment: number, lead: number, length: number): void {
    const encoder = this.#encoder;
    const { format, target } = texture;
    const { level, x, y, z, width, height, depth, strideBytes, layerStrideBytes } = box;
    const data = [segment, lead, length] as const;
    const isFlat = target === GL.TEXTURE_2D;
    encoder.bindTexture(target, texture.name);
    if (isCompressed(format)) {
      const { internalFormat, block, bytes } = format;
      const blocks = [internalFormat, block, block, bytes, strideBytes] as const;
      if (isFlat) encoder.compressedTexSubImage2D(target, level, x, y, width, height, ...blocks, ...data);
      else
        encoder.compressedTexSubImage3D(
          ...[target, level, x, y, z, width, height, depth],
          ...blocks,
          layerStrideBytes,
          ...data,
        );
      return;
    }
    const kind = [format.format, format.type, strideBytes] as const;
    if (isFlat) encoder.texSubImage2D(target, level, x, y, width, height, ...kind, ...data);
    else encoder.texSubImage3D(...[target, level, x, y, z, width, height, depth], ...kind, layerStrideBytes, ...data);
  }

  /** One layer of a texture whose contents are known into memory with canaries between the rows. */
  #readPixels(): void {
    const random = this.#random;
    let texture = this.#texture();
    while (!this.#isReadable(texture.format)) texture = this.#texture();
    const { format } = texture;
    const box = { ...this.#box(texture), depth: 1, layerStrideBytes: 0 };
    const placed = place(format, box);
    const length = randomLength(random, placed.neededBytes, LIMIT);
    const lead = random.oneIn(2) ? 0 : random.below(40);
    const side = random.oneIn(4) ? "before" : "behind";
    const memory = this.#memory.piece(lead + length, side);
    memory.fill(CANARY);
    const isAccepted = placed.isAccepted && placed.neededBytes <= length;
    const text = `readPixels ${format.name} of ${texture.width(0)}x${texture.height(0)}x${texture.layers(0)}: ${JSON.stringify(box)} data ${length} lead ${lead} guard ${side}`;
    this.#count("readPixels", isAccepted);
    this.#journal.write(text);
    this.#reader.attach(texture, box.level, box.z);
    const { x, y, width, height, strideBytes } = box;
    const wasAccepted = this.#withSegment(memory, (segment) =>
      this.#encoder.readPixels(
        ...[x, y, width, height, format.format, format.type, strideBytes, segment],
        ...[lead, length],
      ),
    );
    this.#demand(wasAccepted, isAccepted, text);
    const want = new Uint8Array(memory.length).fill(CANARY);
    if (isAccepted) {
      const contents = texture.contents[box.level]!;
      const [rowBytes, rows] = [texture.rowBytes(box.level), texture.rows(box.level)];
      forEachRow(placed, 1, (at, _layer, row) => {
        const from = (box.z * rows + y + row) * rowBytes + x * format.bytes;
        want.set(contents.subarray(from, from + placed.rowBytes), lead + at);
      });
    }
    const wrong = want.findIndex((byte, index) => memory[index] !== byte);
    if (wrong >= 0) throw new Error(`${text}: byte ${wrong - lead} is ${memory[wrong]}, not ${want[wrong]}`);
    this.#expectErrors(text);
  }

  /** Formats that this host's glReadPixels gives as they are. */
  #isReadable(format: OpFormat): boolean {
    if (isCompressed(format)) return false;
    const { caps } = this.#gl;
    if (!caps.isGles || format.name === "RGBA8" || format.name === "RGBA32UI") return true;
    const probed = caps.formats.get(format.internalFormat);
    return probed?.readFormat === format.format && probed.readType === format.type;
  }

  /** @returns whether the back end took the ops */
  #withSegment(memory: Uint8Array, encode: (segment: number) => void): boolean {
    this.#encoder.flush();
    const segment = this.#encoder.registerSegment(memory);
    const wasAccepted = this.#attempt(() => {
      encode(segment);
      this.#encoder.flush();
    });
    this.#encoder.unregisterSegment(segment);
    return wasAccepted;
  }

  #attempt(run: () => void): boolean {
    try {
      run();
      return true;
    } catch (error) {
      if (!(error instanceof InternalError) || !error.message.includes("the GL back end refused")) throw error;
      return false;
    }
  }

  #count(op: string, isAccepted: boolean): void {
    this.#ops[op] = (this.#ops[op] ?? 0) + 1;
    if (isAccepted) this.#accepted++;
  }

  #demand(wasAccepted: boolean, isAccepted: boolean, text: string): void {
    if (wasAccepted === isAccepted) return;
    throw new Error(`${text}: was ${wasAccepted ? "accepted, must be refused" : "refused, must be accepted"}`);
  }

  #expectErrors(text: string): void {
    const count = this.#gl.poll(this.#completions);
    for (let i = 0; i < count; i++) {
      if (this.#completions[i * 4] !== GlCompletion.ERRORS) continue;
      throw new Error(`${text}: GL error 0x${this.#completions[i * 4 + 2]!.toString(16)}`);
    }
  }
}

/** Where the rows of a box lie, and whether they may lie so: a stride holds a row, a layer stride holds a layer. */
function place(format: OpFormat, box: OpBox): Placed & { readonly neededBytes: number } {
  const rowBytes = Math.ceil(box.width / format.block) * format.bytes;
  const rows = Math.ceil(box.height / format.block);
  const strideBytes = box.strideBytes === 0 ? rowBytes : box.strideBytes;
  const usedBytes = strideBytes * (rows - 1) + rowBytes;
  const layerStrideBytes = box.layerStrideBytes === 0 ? strideBytes * rows : box.layerStrideBytes;
  const isAccepted = strideBytes >= rowBytes && (box.depth === 1 || layerStrideBytes >= usedBytes);
  const neededBytes = layerStrideBytes * (box.depth - 1) + usedBytes;
  return { isAccepted, rows, rowBytes, strideBytes, layerStrideBytes, neededBytes };
}

function forEachRow(placed: Placed, depth: number, each: (at: number, layer: number, row: number) => void): void {
  for (let layer = 0; layer < depth; layer++) {
    for (let row = 0; row < placed.rows; row++)
      each(layer * placed.layerStrideBytes + row * placed.strideBytes, layer, row);
  }
}

function fillRandom(random: Random, bytes: Uint8Array): void {
  for (let i = 0; i < bytes.length; i++) bytes[i] = random.u32() >>> 7;
}
