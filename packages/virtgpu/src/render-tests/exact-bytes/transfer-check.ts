/**
 * Transfers as a guest asks for them: every way, format, shape and level, with random numbers. Legal ones move exactly the bytes that they
 * name; the others move nothing and get an error.
 */
import { GuestError, guestErrorName } from "@virtgpu/core/base";
import { GL } from "@virtgpu/core/gl";
import { Backing, type Segment, type SegmentId } from "@virtgpu/core/memory";
import { FORMAT_ROWS, FormatSupport, FormatUse, type FormatRow } from "@virtgpu/core/renderer/gles";
import { Random, StreamBuilder } from "@virtgpu/core/testing";
import * as v from "@virtgpu/core/virgl";
import { RenderFixture } from "../render-fixture.js";
import { GuardedMemory } from "./guarded-memory.js";
import { GuestMemory } from "./guest-memory.js";
import type { Journal } from "./journal.js";
import { randomLayerStride, randomLength, randomStride } from "./strides.js";
import {
  BUFFER_BYTES,
  createModel,
  SHAPES,
  type ModelResource,
  type ModelShape,
  type Numbers,
} from "./transfer-model.js";

const LIMIT = 1 << 18;
const POISON = 0xee;
const CANARY = 0x5a;
const CONTEXT = 2;
const STAGING = 3;
const STAGING_BYTES = 1 << 20;
const BUFFER: ModelShape = {
  target: v.PIPE_BUFFER,
  width: BUFFER_BYTES,
  height: 1,
  depth: 1,
  arraySize: 1,
  lastLevel: 0,
};

/** How a transfer comes to the renderer. */
const WAYS = [
  "TRANSFER_TO_HOST_3D",
  "TRANSFER_FROM_HOST_3D now",
  "TRANSFER_FROM_HOST_3D",
  "vtest PUT",
  "vtest GET",
  "TRANSFER3D to host",
  "TRANSFER3D from host",
  "RESOURCE_INLINE_WRITE",
  "COPY_TRANSFER3D to host",
  "COPY_TRANSFER3D from host",
] as const;
type Way = (typeof WAYS)[number];
/** Those that do not use the resource's own guest memory. */
const THROUGH_OTHERS = WAYS.filter((way) => !way.startsWith("TRANSFER"));

function isToHost(way: Way): boolean {
  return way === "vtest PUT" || way === "RESOURCE_INLINE_WRITE" || way.includes("TO_HOST") || way.endsWith("to host");
}

export interface TransferReport {
  readonly cases: number;
  /** Transfers that had to be done, and were. */
  readonly moved: number;
  readonly refused: number;
  readonly ways: Readonly<Record<string, number>>;
  readonly formats: number;
  /** Formats whose contents this host cannot bring back: what was uploaded is not compared. */
  readonly unread: readonly string[];
}

/** Runs cases of one seed on one renderer. A finding is thrown; one byte too many ends the process. */
export class TransferCheck {
  readonly #fixture: RenderFixture;
  readonly #support: FormatSupport;
  readonly #rows: readonly FormatRow[];
  readonly #random: Random;
  readonly #journal: Journal;
  readonly #memories = [new GuardedMemory(LIMIT + 4096), new GuardedMemory(LIMIT + 4096)] as const;
  readonly #streamMemory = new GuardedMemory(LIMIT + 4096);
  readonly #scratch: Segment;
  readonly #models = new Map<string, ModelResource | null>();
  readonly #ways: Record<string, number> = {};
  readonly #unread = new Set<string>();
  #nextId = 10;
  #cases = 0;
  #moved = 0;

  constructor(api: "gles" | "gl", seed: number, journal: Journal) {
    this.#fixture = new RenderFixture({ api });
    this.#support = new FormatSupport(this.#fixture.gl.caps);
    // 32-bit fixed-point depth is not offered: it is kept in 24 bits.
    this.#rows = FORMAT_ROWS.filter(
      ({ virglFormat, name }) => this.#support.can(virglFormat, FormatUse.SAMPLE) && name !== "Z32_UNORM",
    );
    this.#random = new Random(seed);
    this.#journal = journal;
    this.#scratch = this.#fixture.segment(LIMIT);
    const staging = { target: v.PIPE_BUFFER, format: v.VirglFormat.R8_UNORM, bind: v.VIRGL_BIND_STAGING };
    const code = this.#fixture.texture(STAGING, { ...staging, width: STAGING_BYTES, height: 1 }, []);
    if (code !== GuestError.NONE) throw new Error(`no staging resource: ${guestErrorName(code)}`);
  }

  /** One random case. @throws {Error} what was wrong with it */
  step(): void {
    const random = this.#random;
    this.#cases++;
    const model = this.#model();
    const way = random.pick(model.isHostless ? THROUGH_OTHERS : WAYS);
    this.#ways[way] = (this.#ways[way] ?? 0) + 1;
    const numbers = this.#numbers(model, way);
    const placed = model.place(numbers);
    const isEmpty = numbers.width === 0 || numbers.height === 0 || numbers.depth === 0;
    const needed = numbers.offsetBytes + (placed?.spanBytes ?? random.below(4096));
    const size = Math.max(1, randomLength(random, isEmpty ? 0 : Math.max(0, needed), LIMIT));
    const memory = new GuestMemory(
      this.#fixture.encoder,
      random,
      this.#memories,
      size,
      isToHost(way) ? POISON : CANARY,
    );
    // Inline data come in whole dwords.
    const dataBytes = way === "RESOURCE_INLINE_WRITE" ? Math.floor(size / 4) * 4 : size;
    const isDone = placed !== null && (isEmpty || needed <= dataBytes);
    const { row, shape } = model;
    const text = `${way} ${model.isBuffer ? "buffer" : row.name} of ${shape.width}x${shape.height}x${shape.depth}x${shape.arraySize} (target ${shape.target}): ${JSON.stringify(numbers)}, ${size} bytes, ${memory.form}`;
    this.#journal.write(text);
    if (isToHost(way) && isDone && !isEmpty) {
      model.forEachRow(numbers, placed, (at, contents) => {
        model.fill(random, contents);
        memory.write(numbers.offsetBytes + at, contents);
      });
    }
    const failures = this.#fixture.renderer.counters.hostFailures;
    const code = this.#transfer(way, model, numbers, memory, dataBytes);
    const isLeftOut = this.#fixture.renderer.counters.hostFailures > failures;
    if (isLeftOut) this.#unread.add(row.name);
    if (isDone && code !== GuestError.NONE) throw new Error(`${text}: got ${guestErrorName(code)}`);
    if (!isDone && code === GuestError.NONE) {
      const foreign = isToHost(way) ? this.#foreignBytes(model, numbers.level) : "";
      throw new Error(`${text}: was done, must be refused${foreign}`);
    }
    if (isDone) this.#moved++;
    if (!isToHost(way) && isDone && !isEmpty && !isLeftOut) {
      model.forEachRow(numbers, placed, (at, contents) =>
        memory.expect(numbers.offsetBytes + at, contents, model.mask),
      );
    }
    const wrong = memory.difference();
    if (wrong !== "") throw new Error(`${text}: guest memory: ${wrong}`);
    memory.release();
    if ((isToHost(way) && isDone) || random.oneIn(8)) this.#compare(model, numbers.level, text);
    if (this.#cases % 64 === 0) this.#expectNoErrors(text);
  }

  report(): TransferReport {
    this.#expectNoErrors("the end");
    return {
      cases: this.#cases,
      moved: this.#moved,
      refused: this.#cases - this.#moved,
      ways: this.#ways,
      formats: this.#rows.length,
      unread: [...this.#unread].sort(),
    };
  }

  destroy(): void {
    this.#fixture[Symbol.dispose]();
  }

  #model(): ModelResource {
    const random = this.#random;
    for (;;) {
      const isBuffer = random.oneIn(12);
      const row = random.pick(this.#rows);
      const index = random.below(SHAPES.length);
      const key = isBuffer ? `buffer ${random.below(2)}` : `${row.virglFormat} ${index}`;
      let model = this.#models.get(key);
      if (model === undefined) {
        const shapeOf = isBuffer ? BUFFER : SHAPES[index]!;
        model = createModel(this.#fixture, this.#support, random, this.#nextId, row, shapeOf, this.#scratch);
        this.#nextId++;
        this.#models.set(key, model);
      }
      if (model !== null) return model;
    }
  }

  #numbers(model: ModelResource, way: Way): Numbers {
    const random = this.#random;
    const level = random.below(model.shape.lastLevel + 1);
    const { blockWidth, blockHeight, blockBytes } = model;
    const span = (size: number, block: number): [number, number] => {
      const blocks = Math.ceil(size / block);
      const first = random.oneIn(2) ? 0 : random.below(blocks);
      const count = random.oneIn(2) ? blocks - first : 1 + random.below(blocks - first);
      return [first * block, Math.min(count * block, size - first * block)];
    };
    const [x, width] = span(model.width(level), blockWidth);
    const [y, height] = span(model.height(level), blockHeight);
    const [z, depth] = span(model.layers(level), 1);
    const rowBytes = Math.ceil(width / blockWidth) * blockBytes;
    const rows = Math.ceil(height / blockHeight);
    const strideBytes = randomStride(random, blockBytes, rowBytes);
    const layerStrideBytes = randomLayerStride(
      random,
      strideBytes === 0 ? model.rowBytes(level) : strideBytes,
      rows,
      rowBytes,
    );
    const isInline = way === "RESOURCE_INLINE_WRITE";
    const offsetBytes = isInline || random.oneIn(2) ? 0 : random.below(random.oneIn(4) ? 0x8000 : 64);
    const numbers = { level, x, y, z, width, height, depth, offsetBytes, strideBytes, layerStrideBytes };
    if (!random.oneIn(10)) return numbers;
    // One number that does not belong there: mostly outside the level, or no whole blocks.
    const name = random.pick(["level", "x", "y", "z", "width", "height", "depth"] as const);
    const value = random.pick([0, 1, 2, 3, numbers[name] + 1, numbers[name] + blockWidth, 0x7fffffff, 0xffffffff]);
    const changed = { ...numbers, [name]: value };
    const isEmpty = changed.width === 0 || changed.height === 0 || changed.depth === 0;
    return isEmpty ? { ...changed, strideBytes: 0, layerStrideBytes: 0 } : changed;
  }

  #transfer(way: Way, model: ModelResource, n: Numbers, memory: GuestMemory, dataBytes: number): number {
    const { renderer } = this.#fixture;
    const { backing } = memory;
    switch (way) {
      case "vtest PUT":
      case "vtest GET":
        return renderer.transferThrough(1, model.id, n, backing, way === "vtest PUT" ? "to-host" : "from-host");
      case "RESOURCE_INLINE_WRITE": {
        const bytes = new Uint8Array(dataBytes);
        let done = 0;
        for (const { segment, offsetBytes, lengthBytes } of backing.spans) {
          const count = Math.min(lengthBytes, dataBytes - done);
          bytes.set(segment.bytes.subarray(offsetBytes, offsetBytes + count), done);
          done += count;
        }
        const data = new Uint32Array(bytes.buffer);
        return this.#submit(new StreamBuilder().inlineWrite(parameters(model, n), data), [model.id]);
      }
      case "COPY_TRANSFER3D to host":
      case "COPY_TRANSFER3D from host": {
        const flags = way.endsWith("to host") ? 0 : v.VIRGL_COPY_TRANSFER3D_FLAGS_READ_FROM_HOST;
        const stream = new StreamBuilder().copyTransfer(parameters(model, n), STAGING, n.offsetBytes, flags);
        return this.#withBacking(STAGING, backing, () => this.#submit(stream, [model.id, STAGING]));
      }
      case "TRANSFER3D to host":
      case "TRANSFER3D from host": {
        const direction = way.endsWith("to host") ? v.VIRGL_TRANSFER_TO_HOST : v.VIRGL_TRANSFER_FROM_HOST;
        const stream = new StreamBuilder().transfer(parameters(model, n), n.offsetBytes, direction);
        return this.#withBacking(model.id, backing, () => this.#submit(stream, [model.id]));
      }
      case "TRANSFER_TO_HOST_3D":
        return this.#withBacking(model.id, backing, () => renderer.transferToHost3d(1, model.id, n));
      default: {
        const now = way.endsWith("now");
        return this.#withBacking(model.id, backing, () => renderer.transferFromHost3d(1, model.id, n, now));
      }
    }
  }

  /** The transfer is executed when this returns. */
  #withBacking(id: number, backing: Backing, run: () => number): number {
    const { renderer, encoder } = this.#fixture;
    const attached = renderer.attachBacking(id, backing);
    if (attached !== GuestError.NONE) throw new Error(`no backing: ${guestErrorName(attached)}`);
    const code = run();
    encoder.flush();
    const detached = renderer.detachBacking(id);
    if (detached !== GuestError.NONE) throw new Error(`the backing stays: ${guestErrorName(detached)}`);
    return code;
  }

  /** In a context of its own, as an error ends it; the stream ends at a guard. */
  #submit(builder: StreamBuilder, resources: readonly number[]): number {
    const { renderer, encoder } = this.#fixture;
    this.#fixture.context(CONTEXT);
    for (const id of resources) renderer.attachResource(CONTEXT, id);
    const words = builder.build();
    const bytes = this.#streamMemory.piece(words.length * 4, "behind");
    new Uint32Array(bytes.buffer, bytes.byteOffset, words.length).set(words);
    const segment = { id: encoder.registerSegment(bytes) as SegmentId, bytes };
    const code = renderer.submit3d(CONTEXT, segment, 0, words.length);
    encoder.unregisterSegment(segment.id);
    renderer.destroyContext(CONTEXT);
    return code;
  }

  /** Of an upload that had to be refused: all that the guest had to give was poison. Texels of bytes tell whether others came. */
  #foreignBytes(model: ModelResource, level: number): string {
    const { row, contents } = model;
    if (row.type !== GL.UNSIGNED_BYTE || row.isDepth || row.isStencil || level >= contents.length) return "";
    const old = contents[level]!;
    const got = this.#readLevel(model, level);
    const foreign = got.reduce((sum, byte, i) => sum + (byte !== POISON && byte !== old[i] ? 1 : 0), 0);
    return foreign === 0 ? "" : `; it brought ${foreign} bytes that are not the guest's`;
  }

  /** A level as a whole, tight. What the host cannot bring back stays 0x33, and counts as a host failure. */
  #readLevel(model: ModelResource, level: number): Uint8Array {
    const { renderer } = this.#fixture;
    const lengthBytes = model.contents[level]!.length;
    const got = this.#scratch.bytes.subarray(0, lengthBytes).fill(0x33);
    const backing = new Backing([{ segment: this.#scratch, offsetBytes: 0, lengthBytes }]);
    const code = renderer.transferThrough(1, model.id, model.whole(level), backing, "from-host");
    if (code !== GuestError.NONE) throw new Error(`a level cannot be read: ${guestErrorName(code)}`);
    return got;
  }

  /** Reads a level back as a whole and compares. */
  #compare(model: ModelResource, level: number, text: string): void {
    if (level > model.shape.lastLevel || !model.isReadable || this.#unread.has(model.row.name)) return;
    const { counters } = this.#fixture.renderer;
    const want = model.contents[level]!;
    const failures = counters.hostFailures;
    const got = this.#readLevel(model, level);
    if (counters.hostFailures > failures) {
      this.#unread.add(model.row.name);
      return;
    }
    for (let i = 0; i < want.length; i++) {
      const bits = model.mask[i % model.mask.length]!;
      if ((got[i]! & bits) === (want[i]! & bits)) continue;
      const row = Math.floor(i / model.rowBytes(level));
      const at = i % model.rowBytes(level);
      throw new Error(`${text}: in the resource, byte ${at} of row ${row} is ${got[i]}, not ${want[i]}`);
    }
  }

  #expectNoErrors(text: string): void {
    this.#fixture.settle();
    const { glErrors } = this.#fixture.renderer.counters;
    if (glErrors > 0) throw new Error(`${text}: ${glErrors} GL errors: ${this.#fixture.log.at(-1)}`);
  }
}

function parameters(model: ModelResource, n: Numbers) {
  const box = [n.x, n.y, n.z, n.width, n.height, n.depth] as const;
  return { resource: model.id, level: n.level, stride: n.strideBytes, layerStride: n.layerStrideBytes, box };
}
