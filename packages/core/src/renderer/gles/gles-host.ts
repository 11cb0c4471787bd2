import { GuestError, type GuestErrorCode, type Logger } from "../../base/index.js";
import type { GlBackend, GlCaps, GlNames } from "../../gl/index.js";
import { GlEncoder } from "../../gl/index.js";
import type { CopyLedger, ImportServices } from "../../memory/index.js";
import { Blits } from "./blit/index.js";
import { Destride } from "./destride/index.js";
import { RendererCounters } from "./counters.js";
import { Dirty } from "./dirty.js";
import { FramebufferCache } from "./draw/framebuffer.js";
import { ShaderTexts } from "./objects/shader-texts.js";
import { ProgramCache } from "./draw/program-cache.js";
import { FormatSupport } from "./format/index.js";
import { Queries } from "./query/index.js";
import { ReleasedMemory, ResourceImports, ResourceTable } from "./resource/index.js";
import { GlBindings } from "./state/gl-bindings.js";
import { GlState } from "./state/gl-state.js";
import { Streamout } from "./streamout/index.js";
import type { SubContext } from "./sub-context.js";
import { Transfers } from "./transfer/index.js";
import { TypedBlobs } from "./typed-blobs.js";
import type { VirglContext } from "./virgl-context.js";

/** Later ones are counted only. */
const HOST_FAILURES_LOGGED = 20;

export interface GlesHostOptions {
  readonly gl: GlBackend;
  readonly ledger: CopyLedger;
  readonly logger: Logger;
  /** The encoder that already serves `gl`, when the caller made one (for its own segments); else one is made. */
  readonly encoder?: GlEncoder;
  /** What guest memory may become; absent: everything is copied. */
  readonly imports?: ImportServices | undefined;
  /** To go on counting; absent: from zero. */
  readonly counters?: RendererCounters;
}

/**
 * What the parts of the GLES renderer share: one GL context's encoder and shadows, the tables, and which sub-context the
 * shadowed state belongs to.
 */
export class GlesHost {
  readonly gl: GlBackend;
  readonly encoder: GlEncoder;
  readonly caps: GlCaps;
  readonly names: GlNames;
  readonly ledger: CopyLedger;
  readonly logger: Logger;
  readonly counters: RendererCounters;
  readonly formats: FormatSupport;
  readonly state: GlState;
  readonly bindings: GlBindings;
  readonly framebuffers: FramebufferCache;
  readonly programs: ProgramCache;
  readonly shaders = new ShaderTexts();
  readonly imports: ResourceImports;
  readonly releasedMemory = new ReleasedMemory();
  readonly resources: ResourceTable;
  readonly transfers: Transfers;
  readonly typedBlobs: TypedBlobs;
  readonly blits: Blits;
  readonly destride: Destride;
  readonly queries: Queries;
  readonly streamout: Streamout;
  /** The vertex array that guest draws use. Internal draws without attributes may use it too. */
  readonly vertexArray: number;
  /** The driver is llvmpipe: see `beforeRenderingTo`. */
  readonly keepsScenes: boolean;

  /** The sub-context whose commands run; GL holds its state where its dirty bits are clear. */
  current: SubContext | null = null;
  /** The command stream being decoded: its segment and id. Valid inside `submit3d` only. */
  streamBytes: Uint8Array = new Uint8Array(0);
  streamSegment = 0;
  /** What was wrong, in words, for the report of the command that fails next. */
  detail = "";
  /** Calls `visit` for every guest context; the renderer sets it. */
  eachContext: (visit: (context: VirglContext) => void) => void = () => {};
  #serial = 0;
  #internalDepth = 0;

  constructor(options: GlesHostOptions) {
    this.gl = options.gl;
    this.encoder = options.encoder ?? new GlEncoder(options.gl);
    this.caps = options.gl.caps;
    this.names = this.encoder.names;
    this.counters = options.counters ?? new RendererCounters();
    this.ledger = options.ledger;
    this.logger = options.logger;
    const { limits } = this.caps;
    this.keepsScenes = this.caps.renderer.startsWith("llvmpipe");
    this.formats = new FormatSupport(this.caps);
    this.state = new GlState(this.encoder, this.caps);
    this.bindings = new GlBindings(this.encoder, limits.combinedTextureUnits, limits.uniformBufferBindings);
    this.framebuffers = new FramebufferCache(this);
    this.programs = new ProgramCache(this);
    this.imports = new ResourceImports(this, options.imports ?? null);
    this.resources = new ResourceTable(this);
    this.transfers = new Transfers(this);
    this.typedBlobs = new TypedBlobs(this);
    this.blits = new Blits(this);
    this.destride = new Destride(this);
    this.queries = new Queries(this);
    this.streamout = new Streamout(this);
    this.vertexArray = this.names.vertexArray.allocateOwn();
    this.encoder.createVertexArray(this.vertexArray);
    this.state.initialise(this.caps.isGles);
  }

  /** A resource's GL object was replaced by another at the same index: what sub-contexts looked up before is void. */
  storageReplaced(): void {
    this.eachContext((context) => context.forgetFramebuffers());
  }

  /** A number never handed out before; for keys of caches. */
  nextSerial(): number {
    return ++this.#serial;
  }

  /** Notes why the command that is about to fail fails. */
  explain(detail: string): void {
    this.detail = detail;
  }

  /** Leaves out a command that a guest rightly asks for and this host cannot do: better an incomplete picture than a dead context. */
  leaveOut(detail: string): GuestErrorCode {
    if (this.counters.hostFailures++ < HOST_FAILURES_LOGGED) {
      this.logger.warn("This host cannot do what a guest asked for; the command was left out.", { detail });
    }
    return GuestError.NONE;
  }

  /** Makes a sub-context's state the one that draws emit. Its queries and transform feedback resume with its next draw. */
  makeCurrent(sub: SubContext | null): void {
    const old = this.current;
    if (old === sub) return;
    if (old !== null) {
      this.queries.pauseAll(old);
      this.streamout.pause(old);
    }
    this.current = sub;
    if (sub !== null) sub.dirty = Dirty.ALL;
  }

  /**
   * Starts GL work of our own (blits, clears of rectangles, conversions): guest queries and transform feedback stop
   * counting. Anything may be set through `state` and `bindings` until `endInternal`. May nest.
   */
  beginInternal(): void {
    if (this.#internalDepth++ > 0 || this.current === null) return;
    this.queries.pauseAll(this.current);
    this.streamout.pause(this.current);
  }

  /** The current sub-context's state must be emitted again. */
  endInternal(): void {
    if (--this.#internalDepth === 0 && this.current !== null) this.current.dirty = Dirty.ALL;
  }
}
