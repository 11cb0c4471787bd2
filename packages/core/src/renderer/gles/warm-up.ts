import { GuestError } from "../../base/index.js";
import type { GlEncoder } from "../../gl/index.js";
import { Backing, type CopyLedger, type Segment, type SegmentId } from "../../memory/index.js";
import * as v from "../../virgl/index.js";
import type { GlesRenderer } from "./gles-renderer.js";

/** Ids that no guest of the same process has yet: warm-up comes before guests. */
const CONTEXT = 0xfffffff0;
const COLOR = 0xfffffff0;
const DEPTH = 0xfffffff1;
const TEXTURE = 0xfffffff2;
const VERTICES = 0xfffffff3;
const INDICES = 0xfffffff4;
const SIZE = 16;
const TEXTURE_BYTES = SIZE * SIZE * 4;
const FRAMES = 60;
const DRAWS_PER_FRAME = 12;
const STREAM_DWORDS = 8192;

const VERTEX_SHADER = `VERT
DCL IN[0]
DCL IN[1]
DCL OUT[0], POSITION
DCL OUT[1].xy, GENERIC[0]
DCL CONST[0..5]
DCL TEMP[0..3]
IMM[0] FLT32 {0x00000000, 0x3f800000, 0x3e4ccccd, 0x40000000}
  0: MUL TEMP[0], CONST[0], IN[0].xxxx
  1: MAD TEMP[0], CONST[1], IN[0].yyyy, TEMP[0]
  2: MAD TEMP[0], CONST[2], IN[0].zzzz, TEMP[0]
  3: ADD OUT[0], TEMP[0], CONST[3]
  4: DP3 TEMP[1].x, IN[1].xyzx, CONST[4].xyzx
  5: MAX TEMP[1].x, TEMP[1].xxxx, IMM[0].xxxx
  6: ADD TEMP[2].xy, IN[1].xyyy, TEMP[1].xxxx
  7: MOV OUT[1].xy, TEMP[2].xyyy
  8: END
`;
const FRAGMENT_SHADER = `FRAG
PROPERTY FS_COLOR0_WRITES_ALL_CBUFS 1
DCL IN[0].xy, GENERIC[0], PERSPECTIVE
DCL OUT[0], COLOR
DCL SAMP[0]
DCL SVIEW[0], 2D, FLOAT
DCL CONST[0..1]
DCL TEMP[0..1]
IMM[0] FLT32 {0x3f000000, 0x3f800000, 0x00000000, 0x00000000}
  0: MOV TEMP[0].xy, IN[0].xyyy
  1: TEX TEMP[0], TEMP[0], SAMP[0], 2D
  2: FSLT TEMP[1].x, TEMP[0].xxxx, IMM[0].xxxx
  3: UIF TEMP[1].xxxx :5
  4:   MUL TEMP[0], TEMP[0], CONST[0]
  5: ENDIF
  6: MAD OUT[0], TEMP[0], CONST[0], CONST[1]
  7: END
`;

const VERTEX_ELEMENTS = [0, 0, 0, v.VirglFormat.R32G32B32_FLOAT, 12, 0, 0, v.VirglFormat.R32G32B32_FLOAT];
const IDENTITY_SWIZZLE = 0 | (1 << 3) | (2 << 6) | (3 << 9);

/** Appends virgl commands to private memory. */
class Words {
  readonly dw: Uint32Array;
  readonly #floats: Float32Array;
  count = 0;

  constructor(bytes: Uint8Array) {
    this.dw = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length >>> 2);
    this.#floats = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length >>> 2);
  }

  add(command: number, type: number, ...payload: number[]): void {
    this.dw[this.count++] = v.VIRGL_CMD0(command, type, payload.length);
    for (const word of payload) this.dw[this.count++] = word;
  }

  /** The command's payload ends with floats. */
  addFloats(command: number, head: readonly number[], values: readonly number[]): void {
    this.add(command, 0, ...head, ...values);
    this.#floats.set(values, this.count - values.length);
  }

  shader(handle: number, stage: number, text: string): void {
    const words = (text.length + 4) >>> 2;
    this.dw[this.count++] = v.VIRGL_CMD0(v.VIRGL_CCMD_CREATE_OBJECT, v.VIRGL_OBJECT_SHADER, 5 + words);
    for (const word of [handle, stage, text.length + 1, 100, 0]) this.dw[this.count++] = word;
    this.dw.fill(0, this.count, this.count + words);
    for (let i = 0; i < text.length; i++) this.dw[this.count + (i >>> 2)]! |= text.charCodeAt(i) << ((i & 3) * 8);
    this.count += words;
  }
}

/**
 * Draws a small scene again and again, so that a process that waits for its guest has the decoder, the renderer and the
 * shader translator compiled when the guest comes. Leaves no context, resource or count behind. Call `step` while there is
 * nothing else to do, then `end` (early too).
 */
export class RendererWarmUp {
  readonly #renderer: GlesRenderer;
  readonly #encoder: GlEncoder;
  readonly #ledger: CopyLedger;
  readonly #segments: Segment[] = [];
  readonly #stream: Segment;
  readonly #pixels: Segment;
  #frame = 0;
  #ended = false;

  constructor(renderer: GlesRenderer, encoder: GlEncoder, ledger: CopyLedger) {
    this.#renderer = renderer;
    this.#encoder = encoder;
    this.#ledger = ledger;
    this.#stream = this.#segment(STREAM_DWORDS * 4);
    this.#pixels = this.#segment(TEXTURE_BYTES);
    renderer.createContext(CONTEXT, v.VIRGL_CAPSET_VIRGL2, "warm-up");
    this.#resources();
    this.#submit(setUp);
  }

  #segment(bytes: number): Segment {
    const memory = new Uint8Array(bytes);
    const segment = { id: this.#encoder.registerSegment(memory) as SegmentId, bytes: memory };
    this.#segments.push(segment);
    return segment;
  }

  #resources(): void {
    const { VirglFormat } = v;
    const render = v.VIRGL_BIND_RENDER_TARGET | v.VIRGL_BIND_SAMPLER_VIEW;
    this.#create(COLOR, v.PIPE_TEXTURE_2D, VirglFormat.B8G8R8A8_UNORM, render, SIZE, SIZE);
    this.#create(DEPTH, v.PIPE_TEXTURE_2D, VirglFormat.Z24X8_UNORM, v.VIRGL_BIND_DEPTH_STENCIL, SIZE, SIZE);
    this.#create(TEXTURE, v.PIPE_TEXTURE_2D, VirglFormat.R8G8B8A8_UNORM, v.VIRGL_BIND_SAMPLER_VIEW, SIZE, SIZE);
    this.#create(VERTICES, v.PIPE_BUFFER, VirglFormat.R8_UNORM, v.VIRGL_BIND_VERTEX_BUFFER, TEXTURE_BYTES, 1);
    this.#create(INDICES, v.PIPE_BUFFER, VirglFormat.R8_UNORM, v.VIRGL_BIND_INDEX_BUFFER, TEXTURE_BYTES, 1);
  }

  #create(id: number, target: number, format: number, bind: number, width: number, height: number): void {
    const shape = { target, format, bind, width, height, depth: 1, arraySize: 1, lastLevel: 0, samples: 0, flags: 0 };
    this.#renderer.createResource3d(id, shape);
    this.#renderer.attachResource(CONTEXT, id);
    const span = { segment: this.#pixels, offsetBytes: 0, lengthBytes: TEXTURE_BYTES };
    this.#renderer.attachBacking(id, new Backing([span]));
  }

  #submit(write: (words: Words) => void): boolean {
    const words = new Words(this.#stream.bytes);
    write(words);
    return this.#renderer.submit3d(CONTEXT, this.#stream, 0, words.count) === GuestError.NONE;
  }

  /** One frame, about a millisecond. @returns false when there is nothing left to gain. */
  step(): boolean {
    if (this.#ended || this.#frame >= FRAMES) return false;
    this.#frame++;
    const frame = this.#frame;
    if (!this.#submit((words) => drawFrame(words, frame))) return false;
    const box = { level: 0, x: 0, y: 0, z: 0, width: SIZE, height: SIZE, depth: 1 };
    const transfer = { ...box, offsetBytes: 0, strideBytes: 0, layerStrideBytes: 0 };
    this.#renderer.transferFromHost3d(CONTEXT, COLOR, transfer, true);
    this.#renderer.poll({ fenceSignalled() {} });
    return true;
  }

  /** Removes everything again. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    const renderer = this.#renderer;
    renderer.destroyContext(CONTEXT);
    for (const id of [COLOR, DEPTH, TEXTURE, VERTICES, INDICES]) renderer.unrefResource(id);
    renderer.finish();
    renderer.poll({ fenceSignalled() {} });
    for (const segment of this.#segments) this.#encoder.unregisterSegment(segment.id);
    renderer.counters.reset();
    this.#ledger.reset();
  }
}

function setUp(words: Words): void {
  const create = v.VIRGL_CCMD_CREATE_OBJECT;
  const { VirglFormat } = v;
  words.add(v.VIRGL_CCMD_CREATE_SUB_CTX, 0, 1);
  words.add(v.VIRGL_CCMD_SET_SUB_CTX, 0, 1);
  words.add(create, v.VIRGL_OBJECT_SURFACE, 1, COLOR, VirglFormat.B8G8R8A8_UNORM, 0, 0);
  words.add(create, v.VIRGL_OBJECT_SURFACE, 2, DEPTH, VirglFormat.Z24X8_UNORM, 0, 0);
  words.add(v.VIRGL_CCMD_SET_FRAMEBUFFER_STATE, 0, 1, 2, 1);
  const opaque = (v.PIPE_MASK_RGBA << 27) >>> 0;
  const blended = (opaque | 1 | (3 << 4) | (0x13 << 9) | (3 << 17) | (0x13 << 22)) >>> 0;
  words.add(create, v.VIRGL_OBJECT_BLEND, 3, 0, 0, ...new Array<number>(8).fill(opaque));
  words.add(create, v.VIRGL_OBJECT_BLEND, 4, 0, 0, ...new Array<number>(8).fill(blended));
  for (const [handle, cull] of [
    [5, 0],
    [6, 1 << 9],
  ] as const) {
    words.add(
      create,
      v.VIRGL_OBJECT_RASTERIZER,
      handle,
      (1 << 1) | (1 << 29) | cull,
      0x3f800000,
      0,
      0,
      0x3f800000,
      0,
      0,
      0,
    );
  }
  words.add(create, v.VIRGL_OBJECT_DSA, 7, 0, 0, 0, 0);
  words.add(create, v.VIRGL_OBJECT_DSA, 8, 3 | (1 << 2), 0, 0, 0);
  words.add(create, v.VIRGL_OBJECT_VERTEX_ELEMENTS, 9, ...VERTEX_ELEMENTS);
  words.add(create, v.VIRGL_OBJECT_SAMPLER_VIEW, 10, TEXTURE, VirglFormat.R8G8B8A8_UNORM, 0, 0, IDENTITY_SWIZZLE);
  words.add(create, v.VIRGL_OBJECT_SAMPLER_STATE, 11, 0x92 | (2 << 11), 0, 0, 0, 0, 0, 0, 0);
  words.add(v.VIRGL_CCMD_BIND_OBJECT, v.VIRGL_OBJECT_VERTEX_ELEMENTS, 9);
  words.shader(12, v.PIPE_SHADER_VERTEX, VERTEX_SHADER);
  words.shader(13, v.PIPE_SHADER_FRAGMENT, FRAGMENT_SHADER);
  words.shader(14, v.PIPE_SHADER_FRAGMENT, FRAGMENT_SHADER);
}

/** A transfer, a clear, and draws that change every kind of state now and then, as applications do. */
function drawFrame(words: Words, frame: number): void {
  words.add(
    v.VIRGL_CCMD_TRANSFER3D,
    0,
    VERTICES,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    TEXTURE_BYTES,
    1,
    1,
    0,
    v.VIRGL_TRANSFER_TO_HOST,
  );
  words.add(v.VIRGL_CCMD_TRANSFER3D, 0, TEXTURE, 0, 0, 0, 0, 0, 0, 0, SIZE, SIZE, 1, 0, v.VIRGL_TRANSFER_TO_HOST);
  words.add(v.VIRGL_CCMD_END_TRANSFERS, 0, 0);
  words.add(v.VIRGL_CCMD_SET_SUB_CTX, 0, 1);
  words.add(v.VIRGL_CCMD_CLEAR, 0, v.PIPE_CLEAR_COLOR0 | v.PIPE_CLEAR_DEPTH, 0, 0, 0, 0, 0, 0x3ff00000, 0);
  words.add(v.VIRGL_CCMD_BIND_SHADER, 0, 12, v.PIPE_SHADER_VERTEX);
  words.add(v.VIRGL_CCMD_SET_SAMPLER_VIEWS, 0, v.PIPE_SHADER_FRAGMENT, 0, 10);
  words.add(v.VIRGL_CCMD_BIND_SAMPLER_STATES, 0, v.PIPE_SHADER_FRAGMENT, 0, 11);
  const half = SIZE / 2;
  for (let draw = 0; draw < DRAWS_PER_FRAME; draw++) {
    const odd = (draw + frame) & 1;
    words.add(v.VIRGL_CCMD_BIND_SHADER, 0, 13 + odd, v.PIPE_SHADER_FRAGMENT);
    words.add(v.VIRGL_CCMD_BIND_OBJECT, v.VIRGL_OBJECT_BLEND, 3 + odd);
    words.add(v.VIRGL_CCMD_BIND_OBJECT, v.VIRGL_OBJECT_RASTERIZER, 5 + odd);
    words.add(v.VIRGL_CCMD_BIND_OBJECT, v.VIRGL_OBJECT_DSA, 7 + odd);
    words.addFloats(v.VIRGL_CCMD_SET_VIEWPORT_STATE, [0], [half, odd === 0 ? half : -half, 0.5, half, half, 0.5]);
    words.add(v.VIRGL_CCMD_SET_SCISSOR_STATE, 0, 0, 0, SIZE | (SIZE << 16));
    words.addFloats(v.VIRGL_CCMD_SET_CONSTANT_BUFFER, [v.PIPE_SHADER_VERTEX, 0], new Array<number>(24).fill(draw));
    words.addFloats(v.VIRGL_CCMD_SET_CONSTANT_BUFFER, [v.PIPE_SHADER_FRAGMENT, 0], new Array<number>(8).fill(1));
    words.add(v.VIRGL_CCMD_SET_VERTEX_BUFFERS, 0, 24, draw * 24, VERTICES);
    words.add(v.VIRGL_CCMD_SET_INDEX_BUFFER, 0, INDICES, 2, 0);
    words.add(v.VIRGL_CCMD_DRAW_VBO, 0, 0, 3, v.PIPE_PRIM_TRIANGLES, odd, 1, 0, 0, 0, 0, 0, 3, 0);
  }
}
