/** Random streams into a real renderer: what each run does, and the checks that must hold whatever a stream says. */
import { GuestError, silentLogger, type Logger } from "@virtgpu/core/base";
import { GlEncoder } from "@virtgpu/core/gl";
import { Backing, CopyLedger, type Segment, type SegmentId } from "@virtgpu/core/memory";
import { GlesRenderer } from "@virtgpu/core/renderer/gles";
import { Random, StreamBuilder, StreamGenerator } from "@virtgpu/core/testing";
import {
  COMMAND_TABLE,
  PIPE_CLEAR_COLOR0,
  PIPE_TEXTURE_2D,
  VIRGL_BIND_RENDER_TARGET,
  VirglFormat,
} from "@virtgpu/core/virgl";
import { NativeGl, type GlApi } from "virtgpu/native";
import { appendScene, SCENE_POOLS, SCENE_RESOURCES, SCENE_VARIANTS } from "./fuzz-scene.js";

const VICTIM = 1;
const CANARY = 2;
const CANARY_RESOURCE = 1000;
const CANARY_SIZE = 4;
const STREAM_DWORDS = 1 << 16;

/** What a run saw. Everything that JSON can hold. */
export interface FuzzReport {
  readonly seed: number;
  streams: number;
  commands: number;
  /** Names of commands that no stream reached. */
  missed: string[];
  accepted: number;
  errors: Record<string, number>;
  /** At which commands streams ended with an error. */
  endedAt: Record<string, number>;
  contexts: number;
  glErrors: number;
  shaderErrors: number;
  canaryChecks: number;
  seconds: number;
  rssMegabytes: number;
  readonly isSanitized: boolean;
}

/** A renderer with a victim context, which gets the random streams, and a canary context, which must notice nothing. */
export class RendererFuzz {
  readonly #gl: NativeGl;
  readonly #encoder: GlEncoder;
  readonly #renderer: GlesRenderer;
  readonly #generator: StreamGenerator;
  readonly #random: Random;
  readonly #words = new Uint32Array(STREAM_DWORDS);
  readonly #stream: Segment;
  readonly #pixels: Segment;
  readonly #builder = new StreamBuilder();
  readonly #scenes: readonly Uint32Array[];
  readonly #seed: number;
  #contexts = 0;
  #streams = 0;
  #canaryChecks = 0;

  constructor(seed: number, logger: Logger = silentLogger, api: GlApi = "gles") {
    this.#seed = seed;
    this.#gl = NativeGl.open({ api });
    this.#encoder = new GlEncoder(this.#gl, { isChecked: true });
    this.#random = new Random(seed);
    this.#generator = new StreamGenerator(this.#random, SCENE_POOLS);
    this.#renderer = new GlesRenderer({
      gl: this.#gl,
      encoder: this.#encoder,
      ledger: new CopyLedger(),
      logger,
    });
    this.#stream = this.#segment(new Uint8Array(this.#words.buffer));
    this.#pixels = this.#segment(new Uint8Array(CANARY_SIZE * CANARY_SIZE * 4));
    this.#scenes = SCENE_VARIANTS.map((variant) => {
      appendScene(this.#builder.reset(), variant);
      return this.#builder.build();
    });
    this.#createCanary();
    this.#createVictim();
  }

  /** Whether the scenes that streams start from are themselves accepted; if not, nothing deep is tested. */
  checkScene(): number {
    for (const scene of this.#scenes) {
      this.#recreateVictim();
      const words = this.#builder.reset().append(scene).draw({ count: 3 }).build();
      const code = this.#submit(VICTIM, words, words.length);
      if (code !== GuestError.NONE) return code;
    }
    return GuestError.NONE;
  }

  /** One random stream, valid, mutated or both. */
  step(): void {
    const random = this.#random;
    const builder = this.#builder.reset();
    if (this.#renderer.isContextDead(VICTIM) || random.oneIn(400)) this.#recreateVictim();
    if (this.#isFresh) builder.append(random.oneIn(2) ? this.#scenes[0]! : random.pick(this.#scenes));
    this.#isFresh = false;
    for (let n = 1 + random.below(8); n > 0; n--) {
      if (random.oneIn(this.#isDrawing ? 4 : 400))
        builder.draw({ count: random.below(64), mode: random.below(7), isIndexed: random.oneIn(4) });
      else this.#generator.appendAny(builder);
    }
    const words = builder.build();
    const length = random.oneIn(12) ? this.#generator.mutate(words, words.length) : words.length;
    this.#submit(VICTIM, words, length);
    this.#streams += 1;
    if (this.#streams % 256 === 0) {
      // Completions arrive here and nowhere else, all of them: what a seed does must not depend on the driver's speed.
      this.#renderer.finish();
      this.#renderer.poll({ fenceSignalled() {} });
      this.#renderer.createFence(VICTIM, this.#streams);
    }
  }

  #isFresh = true;
  /** Few contexts draw much: a draw makes the driver compile, which costs as much as a hundred other streams. */
  #isDrawing = true;

  /**
   * Clears the canary's texture to a colour and reads it back: other contexts' errors and state must not show.
   * @returns null, or what was wrong
   */
  checkCanary(): string | null {
    this.#canaryChecks += 1;
    const level = this.#random.below(256);
    const words = this.#builder
      .reset()
      .setSubContext(1)
      .clear(PIPE_CLEAR_COLOR0, [level / 255, 0, 1, 1])
      .build();
    const code = this.#submit(CANARY, words, words.length);
    if (code !== GuestError.NONE) return `the canary's stream got error ${code}`;
    this.#pixels.bytes.fill(0xee);
    const lengthBytes = this.#pixels.bytes.length;
    const backing = new Backing([{ segment: this.#pixels, offsetBytes: 0, lengthBytes }]);
    const read = this.#renderer.transferThrough(CANARY, CANARY_RESOURCE, this.#canaryBox, backing, "from-host");
    this.#renderer.finish();
    if (read !== GuestError.NONE) return `the canary's read-back got error ${read}`;
    for (let i = 0; i < lengthBytes; i += 4) {
      const [r, g, b, a] = this.#pixels.bytes.subarray(i, i + 4);
      if (r !== level || g !== 0 || b !== 255 || a !== 255)
        return `canary texel ${i / 4} is ${r},${g},${b},${a}, not ${level},0,255,255`;
    }
    return null;
  }

  report(seconds: number): FuzzReport {
    this.#renderer.finish();
    this.#renderer.poll({ fenceSignalled() {} });
    const { outcome, counters } = this.#renderer;
    const { glErrors = 0, shaderErrors = 0, ...rest } = counters.snapshot();
    const errors: Record<string, number> = {};
    for (const [name, count] of Object.entries(rest)) if (name === name.toUpperCase()) errors[name] = count;
    const seen = COMMAND_TABLE.map((row) => outcome.seen(row.id));
    return {
      seed: this.#seed,
      streams: this.#streams,
      commands: seen.reduce((sum, count) => sum + count, 0),
      missed: COMMAND_TABLE.filter((_, id) => seen[id] === 0).map((row) => row.name),
      accepted: outcome.counts.reduce((sum, count) => sum + count, 0),
      errors,
      endedAt: endsByCommand(outcome.failures),
      contexts: this.#contexts,
      glErrors,
      shaderErrors,
      canaryChecks: this.#canaryChecks,
      seconds,
      rssMegabytes: Math.round(process.memoryUsage.rss() / (1 << 20)),
      isSanitized: process.env["VIRTGPU_ADDON"] === "sanitized",
    };
  }

  destroy(): void {
    this.#renderer.destroy();
    this.#gl.destroy();
  }

  readonly #canaryBox = {
    level: 0,
    x: 0,
    y: 0,
    z: 0,
    width: CANARY_SIZE,
    height: CANARY_SIZE,
    depth: 1,
    offsetBytes: 0,
    strideBytes: 0,
    layerStrideBytes: 0,
  };

  #segment(bytes: Uint8Array): Segment {
    return { id: this.#encoder.registerSegment(bytes) as SegmentId, bytes };
  }

  #createVictim(): void {
    this.#contexts += 1;
    this.#isFresh = true;
    this.#isDrawing = this.#random.oneIn(10);
    this.#renderer.createContext(VICTIM, 2, "victim");
    for (const { id, backingBytes, ...resource } of SCENE_RESOURCES) {
      if (this.#contexts === 1) {
        this.#renderer.createResource3d(id, resource);
        if (backingBytes > 0) {
          const segment = this.#segment(new Uint8Array(backingBytes));
          for (let i = 0; i < backingBytes; i++) segment.bytes[i] = this.#random.u32();
          this.#renderer.attachBacking(id, new Backing([{ segment, offsetBytes: 0, lengthBytes: backingBytes }]));
        }
      }
      this.#renderer.attachResource(VICTIM, id);
    }
  }

  #recreateVictim(): void {
    this.#renderer.destroyContext(VICTIM);
    this.#createVictim();
  }

  #createCanary(): void {
    const format = VirglFormat.R8G8B8A8_UNORM;
    const size = {
      width: CANARY_SIZE,
      height: CANARY_SIZE,
      depth: 1,
      arraySize: 1,
      lastLevel: 0,
      samples: 0,
      flags: 0,
    };
    this.#renderer.createContext(CANARY, 2, "canary");
    this.#renderer.createResource3d(CANARY_RESOURCE, {
      target: PIPE_TEXTURE_2D,
      format,
      bind: VIRGL_BIND_RENDER_TARGET,
      ...size,
    });
    this.#renderer.attachResource(CANARY, CANARY_RESOURCE);
    const builder = new StreamBuilder().createSubContext(1).setSubContext(1);
    builder.createSurface(1, CANARY_RESOURCE, format).setFramebuffer([1]).setViewport(CANARY_SIZE, CANARY_SIZE);
    builder.createBlend(2).bindObject(1, 2);
    const words = builder.build();
    const code = this.#submit(CANARY, words, words.length);
    if (code !== GuestError.NONE) throw new Error(`the canary cannot be set up: error ${code}`);
  }

  #submit(contextId: number, words: Uint32Array, length: number): number {
    const count = Math.min(length, STREAM_DWORDS);
    this.#words.set(words.subarray(0, count));
    return this.#renderer.submit3d(contextId, this.#stream, 0, count);
  }
}

function endsByCommand(failures: Float64Array): Record<string, number> {
  const ends: Record<string, number> = {};
  failures.forEach((count, command) => {
    if (count > 0) ends[(COMMAND_TABLE[command]?.name ?? "unknown").replace("VIRGL_CCMD_", "")] = count;
  });
  return ends;
}
