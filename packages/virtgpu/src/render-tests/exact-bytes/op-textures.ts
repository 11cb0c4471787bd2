/** Textures for the ops alone, and what should be in them. For tests. */
import { GL, type GlCaps, type GlEncoder } from "@virtgpu/core/gl";

/** A format whose texels come back bit by bit through a read that every host has, or as blocks through glCopyImageSubData. */
export interface OpFormat {
  readonly name: string;
  readonly internalFormat: number;
  /** 0: compressed. */
  readonly format: number;
  readonly type: number;
  /** Of a texel; compressed: of a block. */
  readonly bytes: number;
  readonly components: number;
  /** Texels; 1 where nothing is compressed. */
  readonly block: number;
}

function texels(name: string, internalFormat: number, format: number, type: number, bytes: number, components: number) {
  return { name, internalFormat, format, type, bytes, components, block: 1 };
}

const FORMATS: readonly OpFormat[] = [
  texels("R8UI", GL.R8UI, GL.RED_INTEGER, GL.UNSIGNED_BYTE, 1, 1),
  texels("RG8UI", GL.RG8UI, GL.RG_INTEGER, GL.UNSIGNED_BYTE, 2, 2),
  texels("R16UI", GL.R16UI, GL.RED_INTEGER, GL.UNSIGNED_SHORT, 2, 1),
  texels("RGB8", GL.RGB8, GL.RGB, GL.UNSIGNED_BYTE, 3, 3),
  texels("RGBA8", GL.RGBA8, GL.RGBA, GL.UNSIGNED_BYTE, 4, 4),
  texels("RGBA8UI", GL.RGBA8UI, GL.RGBA_INTEGER, GL.UNSIGNED_BYTE, 4, 4),
  texels("RG32UI", GL.RG32UI, GL.RG_INTEGER, GL.UNSIGNED_INT, 8, 2),
  texels("RGBA16UI", GL.RGBA16UI, GL.RGBA_INTEGER, GL.UNSIGNED_SHORT, 8, 4),
  texels("RGBA32UI", GL.RGBA32UI, GL.RGBA_INTEGER, GL.UNSIGNED_INT, 16, 4),
];

const DXT1: OpFormat = { ...texels("DXT1", 0x83f1, 0, 0, 8, 0), block: 4 };
const BPTC: OpFormat = { ...texels("BPTC", 0x8e8c, 0, 0, 16, 0), block: 4 };

/** What this host has of them. */
export function opFormats({ features }: GlCaps): OpFormat[] {
  const formats = [...FORMATS];
  if (features.copyImage && features.textureCompressionS3tc) formats.push(DXT1);
  if (features.copyImage && features.textureCompressionBptc) formats.push(BPTC);
  return formats;
}

export function isCompressed(format: OpFormat): boolean {
  return format.format === 0;
}

/** Width, height and layers: single rows, single columns, single texels, odd sizes. */
export const SIZES: readonly (readonly [number, number, number])[] = [
  [16, 1, 9],
  [7, 5, 3],
  [1, 1, 5],
  [1, 9, 2],
  [13, 1, 1],
  [24, 10, 4],
];
export const LEVELS = 3;

/** One texture, and the bytes that each of its levels should hold: layers of tight rows. */
export class OpTexture {
  readonly name: number;
  readonly format: OpFormat;
  readonly target: number;
  readonly levels: number;
  readonly contents: Uint8Array[] = [];
  readonly #size: readonly [number, number, number];

  constructor(encoder: GlEncoder, format: OpFormat, target: number, size: readonly [number, number, number]) {
    this.format = format;
    this.target = target;
    this.#size = target === GL.TEXTURE_2D ? [size[0], size[1], 1] : size;
    this.name = encoder.names.texture.allocate();
    const [width, height, layers] = this.#size;
    this.levels = Math.min(LEVELS, 32 - Math.clz32(Math.max(width, height, target === GL.TEXTURE_3D ? layers : 1)));
    encoder.createTexture(this.name);
    encoder.bindTexture(target, this.name);
    if (target === GL.TEXTURE_2D) encoder.texStorage2D(target, this.levels, format.internalFormat, width, height);
    else encoder.texStorage3D(target, this.levels, format.internalFormat, width, height, layers);
    for (let level = 0; level < this.levels; level++) this.#zero(encoder, level);
  }

  width(level: number): number {
    return Math.max(1, this.#size[0] >> level);
  }

  height(level: number): number {
    return Math.max(1, this.#size[1] >> level);
  }

  layers(level: number): number {
    return this.target === GL.TEXTURE_3D ? Math.max(1, this.#size[2] >> level) : this.#size[2];
  }

  rowBytes(level: number): number {
    return Math.ceil(this.width(level) / this.format.block) * this.format.bytes;
  }

  rows(level: number): number {
    return Math.ceil(this.height(level) / this.format.block);
  }

  /** Writes bytes of a row (of blocks) of a box into what should be there. */
  expect(level: number, layer: number, row: number, atBytes: number, bytes: Uint8Array): void {
    this.contents[level]!.set(bytes, (layer * this.rows(level) + row) * this.rowBytes(level) + atBytes);
  }

  #zero(encoder: GlEncoder, level: number): void {
    const { format, target } = this;
    const bytes = new Uint8Array(this.layers(level) * this.rows(level) * this.rowBytes(level));
    this.contents.push(bytes);
    const at = encoder.stage(bytes.length);
    encoder.staging.fill(0, at, at + bytes.length);
    const data = [encoder.stagingSegment, at, bytes.length] as const;
    const [w, h, d] = [this.width(level), this.height(level), this.layers(level)];
    const { internalFormat, block } = format;
    const isFlat = target === GL.TEXTURE_2D;
    if (isCompressed(format)) {
      const blocks = [internalFormat, block, block, format.bytes, 0] as const;
      if (isFlat) encoder.compressedTexSubImage2D(target, level, 0, 0, w, h, ...blocks, ...data);
      else encoder.compressedTexSubImage3D(target, level, 0, 0, 0, w, h, d, ...blocks, 0, ...data);
    } else if (isFlat) {
      encoder.texSubImage2D(target, level, 0, 0, w, h, format.format, format.type, 0, ...data);
    } else {
      encoder.texSubImage3D(target, level, 0, 0, 0, w, h, d, format.format, format.type, 0, 0, ...data);
    }
  }
}

/** Reads textures back, texel by texel through 4 components of every host, so that it needs no stride of its own. */
export class OpReader {
  readonly #encoder: GlEncoder;
  readonly #framebuffer: number;
  readonly #bytes = new Uint8Array(16 * 64 * 64);
  readonly #words = new Uint32Array(this.#bytes.buffer);
  readonly #segment: number;

  constructor(encoder: GlEncoder) {
    this.#encoder = encoder;
    this.#framebuffer = encoder.names.framebuffer.allocate();
    encoder.createFramebuffer(this.#framebuffer);
    this.#segment = encoder.registerSegment(this.#bytes);
  }

  /** Binds a framebuffer with this layer, for reads. */
  attach(texture: OpTexture, level: number, layer: number): void {
    const encoder = this.#encoder;
    encoder.bindFramebuffer(GL.READ_FRAMEBUFFER, this.#framebuffer);
    const { target, name } = texture;
    if (target === GL.TEXTURE_2D)
      encoder.framebufferTexture2D(GL.READ_FRAMEBUFFER, GL.COLOR_ATTACHMENT0, target, name, level);
    else encoder.framebufferTextureLayer(GL.READ_FRAMEBUFFER, GL.COLOR_ATTACHMENT0, name, level, layer);
  }

  /** @returns "", or where a level differs from what should be in it */
  difference(texture: OpTexture, level: number): string {
    const want = texture.contents[level]!;
    const layerBytes = texture.rows(level) * texture.rowBytes(level);
    for (let layer = 0; layer < texture.layers(level); layer++) {
      const got = isCompressed(texture.format)
        ? this.#blocks(texture, level, layer)
        : this.#texels(texture, level, layer);
      for (let i = 0; i < layerBytes; i++) {
        const wanted = want[layer * layerBytes + i];
        if (got[i] !== wanted) {
          const row = Math.floor(i / texture.rowBytes(level));
          return `level ${level} layer ${layer} row ${row} byte ${i % texture.rowBytes(level)} is ${got[i]}, not ${wanted}`;
        }
      }
    }
    return "";
  }

  #read(width: number, height: number, format: number, type: number, bytes: number): void {
    const length = width * height * bytes;
    this.#encoder.readPixels(0, 0, width, height, format, type, width * bytes, this.#segment, 0, length);
    this.#encoder.flush();
  }

  #texels(texture: OpTexture, level: number, layer: number): Uint8Array {
    const { format } = texture;
    const [width, height] = [texture.width(level), texture.height(level)];
    this.attach(texture, level, layer);
    const isNormalized = format.format === GL.RGB || format.format === GL.RGBA;
    if (isNormalized) this.#read(width, height, GL.RGBA, GL.UNSIGNED_BYTE, 4);
    else this.#read(width, height, GL.RGBA_INTEGER, GL.UNSIGNED_INT, 16);
    const out = new Uint8Array(width * height * format.bytes);
    const view = new DataView(out.buffer);
    const size = format.bytes / format.components;
    for (let i = 0; i < width * height * format.components; i++) {
      const from = Math.floor(i / format.components) * 4 + (i % format.components);
      const value = isNormalized ? this.#bytes[from]! : this.#words[from]!;
      if (size === 1) out[i] = value;
      else if (size === 2) view.setUint16(i * 2, value, true);
      else view.setUint32(i * 4, value, true);
    }
    return out;
  }

  #blocks(texture: OpTexture, level: number, layer: number): Uint8Array {
    const encoder = this.#encoder;
    const { format, target } = texture;
    const [width, height] = [Math.ceil(texture.width(level) / format.block), texture.rows(level)];
    const copy = encoder.names.texture.allocate();
    encoder.createTexture(copy);
    encoder.bindTexture(GL.TEXTURE_2D, copy);
    encoder.texStorage2D(GL.TEXTURE_2D, 1, format.bytes === 8 ? GL.RG32UI : GL.RGBA32UI, width, height);
    const size = [texture.width(level), texture.height(level), 1] as const;
    const to = [copy, GL.TEXTURE_2D, 0, 0, 0, 0] as const;
    encoder.copyTextureSubData(texture.name, target, level, 0, 0, layer, ...to, ...size);
    encoder.bindFramebuffer(GL.READ_FRAMEBUFFER, this.#framebuffer);
    encoder.framebufferTexture2D(GL.READ_FRAMEBUFFER, GL.COLOR_ATTACHMENT0, GL.TEXTURE_2D, copy, 0);
    this.#read(width, height, GL.RGBA_INTEGER, GL.UNSIGNED_INT, 16);
    encoder.deleteTexture(copy);
    encoder.names.texture.free(copy);
    const out = new Uint8Array(width * height * format.bytes);
    for (let i = 0; i < width * height; i++)
      out.set(this.#bytes.subarray(i * 16, i * 16 + format.bytes), i * format.bytes);
    return out;
  }
}
