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
/** Transfers of one batch. */
const MOST_AT_ONCE = 4;
/** Resources that COPY_TRANSFER3D goes through, one for each transfer of a batch. */
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
const THROUGH_OTHERS = WAYS.filter((way) => !usesOwnBacking(way));

/** The resource's own guest memory. */
function usesOwnBacking(way: Way): boolean {
  return way.startsWith("TRANSFER");
}

function isToHost(way: Way): boolean {
  return way === "vtest PUT" || way === "RESOURCE_INLINE_WRITE" || way.includes("TO_HOST") || way.endsWith("to host");
}

interface ExpectedBytes {
  /** In the guest memory. */
  readonly at: number;
  readonly bytes: Uint8Array;
}

/** One transfer, and what must come of it. */
interface Case {
  /** In its batch. */
  readonly index: number;
  readonly way: Way;
  readonly model: ModelResource;
  readonly numbers: Numbers;
  readonly memory: GuestMemory;
  /** Of the memory: what an inline write sends. */
  readonly dataBytes: number;
  /** It must be done, not refused. */
  readonly isDone: boolean;
  /** What must be in the guest memory afterwards. */
  readonly expected: readonly ExpectedBytes[];
  /** For people. */
  readonly text: string;
  /** This host cannot do it. */
  isLeftOut: boolean;
}

/** An error would end the stream, and only compressed formats are left out by hosts. */
function canShareStream({ way, isDone, model }: Case): boolean {
  const isCommand = way === "RESOURCE_INLINE_WRITE" || way.includes("TRANSFER3D");
  return isCommand && isDone && (model.isBuffer || !model.row.isCompressed);
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
  readonly #memories = Array.from(
    { length: MOST_AT_ONCE },
    () => [new GuardedMemory(LIMIT + 4096), new GuardedMemory(LIMIT + 4096)] as const,
  );
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
    for (let i = 0; i < MOST_AT_ONCE; i++) {
      const code = this.#fixture.texture(STAGING + i, { ...staging, width: STAGING_BYTES, height: 1 }, []);
      if (code !== GuestError.NONE) throw new Error(`no staging resource: ${guestErrorName(code)}`);
    }
  }

  /** A few random transfers, of which the ops of several run together. @throws {Error} what was wrong with one of them */
  step(): void {
    const random = this.#random;
    const count = random.oneIn(3) ? 1 : 2 + random.below(MOST_AT_ONCE - 1);
    const batch: Case[] = [];
    for (let i = 0; i < count; i++) batch.push(this.#prepare(i, batch));
    this.#cases += count;
    const texts = batch.map(({ text }, i) => `${i + 1} of ${count}: ${text}`);
    this.#journal.write(texts.join("\n"));
    try {
      this.#run(batch);
      for (const { memory, expected, isLeftOut, model } of batch) {
        if (!isLeftOut) for (const { at, bytes } of expected) memory.expect(at, bytes, model.mask);
      }
      batch.forEach(({ memory }, i) => {
        const wrong = memory.difference();
        if (wrong !== "") throw new Error(`guest memory of ${i + 1}: ${wrong}`);
      });
      for (const { model, numbers, way, isDone } of batch)
        if ((isToHost(way) && isDone) || random.oneIn(8)) this.#compare(model, numbers.level);
      if (this.#cases % 64 < count) this.#expectNoErrors();
    } catch (error) {
      throw new Error(`${error instanceof Error ? error.message : String(error)}\n${texts.join("\n")}`, {
        cause: error,
      });
    }
    for (const { memory } of batch) memory.release();
  }

  /** Chooses a transfer; `before` come earlier in the same batch. What it writes is in the model from now on. */
  #prepare(index: number, before: readonly Case[]): Case {
    const random = this.#random;
    const model = this.#model();
    const isAttached = before.some((other) => other.model === model && usesOwnBacking(other.way));
    const way = random.pick(model.isHostless || isAttached ? THROUGH_OTHERS : WAYS);
    this.#ways[way] = (this.#ways[way] ?? 0) + 1;
    const numbers = this.#numbers(model, way);
    const placed = model.place(numbers);
    const isEmpty = numbers.width === 0 || numbers.height === 0 || numbers.depth === 0;
    const needed = numbers.offsetBytes + (placed?.spanBytes ?? random.below(4096));
    const size = Math.max(1, randomLength(random, isEmpty ? 0 : Math.max(0, needed), LIMIT));
    const fill = isToHost(way) ? POISON : CANARY;
    const memory = new GuestMemory(this.#fixture.encoder, random, this.#memories[index]!, size, fill);
    // Inline data come in whole dwords.
    const dataBytes = way === "RESOURCE_INLINE_WRITE" ? Math.floor(size / 4) * 4 : size;
    const isDone = placed !== null && (isEmpty || needed <= dataBytes);
    const { row, shape } = model;
    const text = `${way} ${model.isBuffer ? "buffer" : row.name} of ${shape.width}x${shape.height}x${shape.depth}x${shape.arraySize} (target ${shape.target}): ${JSON.stringify(numbers)}, ${size} bytes, ${memory.form}`;
    const expected: ExpectedBytes[] = [];
    if (isDone && !isEmpty) {
      model.forEachRow(numbers, placed, (from, contents) => {
        const at = numbers.offsetBytes + from;
        if (isToHost(way)) {
          model.fill(random, contents);
          memory.write(at, contents);
        } else {
          expected.push({ at, bytes: contents.slice() });
        }
      });
    }
    return { index, way, model, numbers, memory, dataBytes, isDone, expected, text, isLeftOut: false };
  }

  #run(batch: readonly Case[]): void {
    const { renderer, encoder } = this.#fixture;
    for (let i = 0; i < batch.length;) {
      // Commands that are legal can share a stream.
      let count = 1;
      if (canShareStream(batch[i]!)) while (i + count < batch.length && canShareStream(batch[i + count]!)) count++;
      const group = batch.slice(i, i + count);
      const failures = renderer.counters.hostFailures;
      const code = this.#transfer(group);
      const [first] = group as [Case];
      if (renderer.counters.hostFailures > failures) {
        first.isLeftOut = true;
        this.#unread.add(first.model.row.name);
      }
      if (first.isDone && code !== GuestError.NONE) throw new Error(`${first.index + 1} got ${guestErrorName(code)}`);
      if (!first.isDone && code === GuestError.NONE) {
        const foreign = isToHost(first.way) ? this.#foreignBytes(first.model, first.numbers.level) : "";
        throw new Error(`${first.index + 1} was done, must be refused${foreign}`);
      }
      if (first.isDone) this.#moved += count;
      i += count;
    }
    encoder.flush();
    for (const { way, model, index } of batch) {
      const id = way.startsWith("COPY_TRANSFER3D") ? STAGING + index : usesOwnBacking(way) ? model.id : 0;
      if (id !== 0 && renderer.detachBacking(id) !== GuestError.NONE) throw new Error(`the backing of ${id} stays`);
    }
  }

  report(): TransferReport {
    this.#expectNoErrors();
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

  /** @returns the device's answer to one case, or to several that share a stream */
  #transfer(group: readonly Case[]): number {
    const { renderer } = this.#fixture;
    const [{ way, model, numbers, memory }] = group as [Case];
    const { backing } = memory;
    if (way === "vtest PUT" || way === "vtest GET")
      return renderer.transferThrough(1, model.id, numbers, backing, way === "vtest PUT" ? "to-host" : "from-host");
    if (way === "TRANSFER_TO_HOST_3D" || way.startsWith("TRANSFER_FROM_HOST_3D")) {
      this.#attach(model.id, backing);
      if (way === "TRANSFER_TO_HOST_3D") return renderer.transferToHost3d(1, model.id, numbers);
      return renderer.transferFromHost3d(1, model.id, numbers, way.endsWith("now"));
    }
    const stream = new StreamBuilder();
    const resources = new Set<number>();
    for (const one of group) this.#append(stream, one, resources);
    return this.#submit(stream, [...resources]);
  }

  /** The command of a way that goes through a stream. */
  #append(
    stream: StreamBuilder,
    { way, model, numbers, memory, dataBytes, index }: Case,
    resources: Set<number>,
  ): void {
    const box = [numbers.x, numbers.y, numbers.z, numbers.width, numbers.height, numbers.depth] as const;
    const { level, strideBytes: stride, layerStrideBytes: layerStride, offsetBytes } = numbers;
    const parameters = { resource: model.id, level, stride, layerStride, box };
    const toHost = isToHost(way);
    resources.add(model.id);
    if (way === "RESOURCE_INLINE_WRITE") {
      stream.inlineWrite(parameters, new Uint32Array(memory.read(dataBytes).buffer));
    } else if (way.startsWith("COPY_TRANSFER3D")) {
      this.#attach(STAGING + index, memory.backing);
      resources.add(STAGING + index);
      const flags = toHost ? 0 : v.VIRGL_COPY_TRANSFER3D_FLAGS_READ_FROM_HOST;
      stream.copyTransfer(parameters, STAGING + index, offsetBytes, flags);
    } else {
      this.#attach(model.id, memory.backing);
      stream.transfer(parameters, offsetBytes, toHost ? v.VIRGL_TRANSFER_TO_HOST : v.VIRGL_TRANSFER_FROM_HOST);
    }
  }

  #attach(id: number, backing: Backing): void {
    const code = this.#fixture.renderer.attachBacking(id, backing);
    if (code !== GuestError.NONE) throw new Error(`no backing: ${guestErrorName(code)}`);
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
  #compare(model: ModelResource, level: number): void {
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
      throw new Error(`in the resource of ${model.row.name}, byte ${at} of row ${row} is ${got[i]}, not ${want[i]}`);
    }
  }

  #expectNoErrors(): void {
    this.#fixture.settle();
    const { glErrors } = this.#fixture.renderer.counters;
    if (glErrors > 0) throw new Error(`${glErrors} GL errors: ${this.#fixture.log.at(-1)}`);
  }
}
