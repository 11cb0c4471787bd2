import { GuestError, type GuestErrorCode } from "../../../base/index.js";
import { GL } from "../../../gl/index.js";
import type { CaptureLayout } from "../../../shader/index.js";
import * as v from "../../../virgl/index.js";
import type { GlesHost } from "../gles-host.js";
import { ResourceKind } from "../resource/index.js";
import type { SubContext } from "../sub-context.js";
import type { VirglContext } from "../virgl-context.js";
import { StreamoutTarget } from "./streamout-target.js";

/** Where a session's GL transform feedback object is in its life. */
const Phase = { NEW: 0, RUNNING: 1, PAUSED: 2, ENDED: 3 } as const;
type PhaseCode = (typeof Phase)[keyof typeof Phase];

const MAX_TARGETS = 4;

/**
 * One capture: a set of targets from the SET_STREAMOUT_TARGETS that starts it, over every pause, to the one that starts another with
 * the same targets. It has a GL transform feedback object of its own, so that captures of several guests can be open at once.
 */
export class StreamoutSession {
  readonly name: number;
  readonly targets: readonly (StreamoutTarget | null)[];
  phase: PhaseCode = Phase.NEW;
  /** Of the running or paused GL transform feedback. */
  program = 0;
  mode = 0;
  /** Vertices captured so far, to go on with another program. */
  vertices = 0;

  constructor(name: number, targets: readonly (StreamoutTarget | null)[]) {
    this.name = name;
    this.targets = targets;
  }
}

/** The stream output of one sub-context. */
export class SubStreamout {
  session: StreamoutSession | null = null;
  /** Held while bound. */
  bound: readonly (StreamoutTarget | null)[] = [];
}

/** Transform feedback. GL allows no program change while it runs, so it is paused around whatever is not a guest's draw. */
export class Streamout {
  readonly #host: GlesHost;
  readonly #sessions = new Set<StreamoutSession>();
  /** Draws that do not fit the buffers, and all indexed ones, are errors: OpenGL ES without geometry shaders (OpenGL ES 3.0 §2.15.2). */
  readonly #isStrict: boolean;
  /** The session whose transform feedback is active and not paused: GL allows one. */
  #running: StreamoutSession | null = null;

  constructor(host: GlesHost) {
    this.#host = host;
    this.#isStrict = host.caps.isGles && !host.caps.features.geometryShader;
  }

  /** CREATE_OBJECT(STREAMOUT_TARGET). The caller has checked handle and room. */
  createTarget(ctx: VirglContext, dw: Uint32Array, at: number, _len: number): GuestErrorCode {
    const resource = ctx.resource(dw[at + v.VIRGL_OBJ_STREAMOUT_RES_HANDLE]!);
    if (resource === undefined) return GuestError.UNKNOWN_RESOURCE;
    if (resource.kind !== ResourceKind.BUFFER) return GuestError.BAD_VALUE;
    const offset = dw[at + v.VIRGL_OBJ_STREAMOUT_BUFFER_OFFSET]!;
    const size = dw[at + v.VIRGL_OBJ_STREAMOUT_BUFFER_SIZE]!;
    if (offset % 4 !== 0) return GuestError.BAD_VALUE;
    if (offset + size > resource.sizeBytes) return GuestError.OUT_OF_BOUNDS;
    this.#host.imports.aboutToCapture(resource);
    ctx.sub.put(dw[at + v.VIRGL_OBJ_CREATE_HANDLE]!, new StreamoutTarget(resource, offset, size - (size % 4)));
    return GuestError.NONE;
  }

  /**
   * VIRGL_CCMD_SET_STREAMOUT_TARGETS. The same targets again go on where they were left: Mesa sends an append mask of 0
   * also when it resumes, and makes new targets when it begins anew.
   */
  setTargets(ctx: VirglContext, dw: Uint32Array, at: number, len: number): GuestErrorCode {
    const count = len - 1;
    if (count > MAX_TARGETS) return GuestError.BAD_VALUE;
    const targets: (StreamoutTarget | null)[] = [];
    for (let i = 0; i < count; i++) {
      const handle = dw[at + v.VIRGL_SET_STREAMOUT_TARGETS_H0 + i]!;
      const target = handle === 0 ? null : ctx.sub.objects.get(handle);
      if (target === undefined) return GuestError.UNKNOWN_HANDLE;
      if (target !== null && !(target instanceof StreamoutTarget)) return GuestError.WRONG_OBJECT_TYPE;
      targets.push(target);
    }
    return this.#bind(ctx.sub, targets);
  }

  #bind(sub: SubContext, targets: readonly (StreamoutTarget | null)[]): GuestErrorCode {
    this.pause(sub);
    const streamout = (sub.streamout ??= new SubStreamout());
    const first = targets.find((target) => target !== null) ?? null;
    let session: StreamoutSession | null = null;
    if (first !== null) {
      session = findSession(first, targets);
      if (session === null) {
        for (const target of targets) if (target?.session) this.endSession(target.session);
        session = this.#start(targets);
        if (session === null) return GuestError.LIMIT;
      }
    }
    for (const target of targets) target?.retain();
    for (const target of streamout.bound) target?.release(this.#host);
    streamout.bound = targets;
    streamout.session = session;
    return GuestError.NONE;
  }

  /**
   * Before a draw, after its program is in use: captures into the bound targets, if the program captures.
   * @param vertices that the draw captures: of whole points, lines or triangles, all instances together.
   */
  beforeDraw(
    sub: SubContext,
    program: number,
    captures: CaptureLayout | null,
    mode: number,
    vertices: number,
    isIndexed: boolean,
  ): void {
    const session = sub.streamout?.session ?? null;
    if (session === null || captures === null || session.phase === Phase.ENDED) return;
    if (this.#isStrict && (isIndexed || !hasRoom(session, captures, vertices))) {
      this.pause(sub);
      return;
    }
    const feedbackMode = feedbackModeOf(mode);
    const fits = session.program === program && session.mode === feedbackMode;
    if (session.phase !== Phase.RUNNING || !fits) this.#run(session, program, captures, feedbackMode, fits);
    session.vertices += vertices;
  }

  /** Call before the program changes, too: GL refuses that while transform feedback runs. */
  pause(sub: SubContext): void {
    const session = sub.streamout?.session ?? null;
    if (session !== null && session === this.#running) this.#pauseRunning();
  }

  #pauseRunning(): void {
    if (this.#running === null) return;
    const { name } = this.#running;
    this.#running.phase = Phase.PAUSED;
    this.#running = null;
    this.#host.encoder.pauseTransformFeedback(name);
    // Programs with captures cannot be linked while an active object is bound, paused or not.
    this.#host.encoder.bindTransformFeedback(GL.TRANSFORM_FEEDBACK, 0);
  }

  /** The program is about to be deleted: its captures can only go on with another. */
  forgetProgram(program: number): void {
    for (const session of this.#sessions) if (session.program === program) session.program = -1;
  }

  endSession(session: StreamoutSession): void {
    if (session.phase === Phase.ENDED) return;
    const { encoder, names } = this.#host;
    this.#pauseRunning();
    this.#endFeedback(session);
    session.phase = Phase.ENDED;
    encoder.bindTransformFeedback(GL.TRANSFORM_FEEDBACK, 0);
    encoder.deleteTransformFeedback(session.name);
    names.transformFeedback.free(session.name);
    this.#sessions.delete(session);
    for (const target of session.targets) if (target?.session === session) target.session = null;
  }

  /** Lets go of a sub-context's bindings. */
  destroySub(sub: SubContext): void {
    const { streamout } = sub;
    if (streamout === null) return;
    if (streamout.session !== null) this.endSession(streamout.session);
    for (const target of streamout.bound) target?.release(this.#host);
    sub.streamout = null;
  }

  #start(targets: readonly (StreamoutTarget | null)[]): StreamoutSession | null {
    const { encoder, names } = this.#host;
    const name = names.transformFeedback.allocate();
    if (name === 0) return null;
    encoder.createTransformFeedback(name);
    const session = new StreamoutSession(name, targets);
    this.#sessions.add(session);
    for (const target of targets) if (target !== null) target.session = session;
    return session;
  }

  #run(session: StreamoutSession, program: number, captures: CaptureLayout, mode: number, fits: boolean): void {
    const { encoder } = this.#host;
    this.#pauseRunning();
    encoder.bindTransformFeedback(GL.TRANSFORM_FEEDBACK, session.name);
    if (session.phase === Phase.PAUSED && fits) {
      session.phase = Phase.RUNNING;
      this.#running = session;
      encoder.resumeTransformFeedback(session.name);
      return;
    }
    this.#endFeedback(session);
    if (!this.#bindBuffers(session, captures)) return;
    session.phase = Phase.RUNNING;
    this.#running = session;
    session.program = program;
    session.mode = mode;
    encoder.beginTransformFeedback(session.name, program, mode);
  }

  #endFeedback(session: StreamoutSession): void {
    const { encoder } = this.#host;
    if (session.phase !== Phase.PAUSED) return;
    encoder.bindTransformFeedback(GL.TRANSFORM_FEEDBACK, session.name);
    session.phase = Phase.NEW;
    encoder.endTransformFeedback(session.name);
  }

  /** Each host buffer goes on behind what the session captured. False when a buffer is missing or full. */
  #bindBuffers(session: StreamoutSession, captures: CaptureLayout): boolean {
    const { encoder } = this.#host;
    for (let i = 0; i < captures.buffers.length; i++) {
      const target = session.targets[captures.buffers[i]!] ?? null;
      if (target === null) return false;
      const done = session.vertices * captures.recordBytes[i]!;
      if (done >= target.sizeBytes) return false;
      encoder.bindBufferRange(
        GL.TRANSFORM_FEEDBACK_BUFFER,
        i,
        target.resource.name,
        target.offsetBytes + done,
        target.sizeBytes - done,
      );
    }
    return true;
  }
}

/** Whether all that the draw captures fits behind what the session captured. */
function hasRoom(session: StreamoutSession, captures: CaptureLayout, vertices: number): boolean {
  for (let i = 0; i < captures.buffers.length; i++) {
    const target = session.targets[captures.buffers[i]!] ?? null;
    if (target === null || (session.vertices + vertices) * captures.recordBytes[i]! > target.sizeBytes) return false;
  }
  return true;
}

/** The open session that wrote exactly these targets. */
function findSession(first: StreamoutTarget, targets: readonly (StreamoutTarget | null)[]): StreamoutSession | null {
  const { session } = first;
  if (session === null || session.targets.length !== targets.length) return null;
  return session.targets.every((target, i) => target === targets[i]) ? session : null;
}

/** What a draw mode is captured as. */
function feedbackModeOf(mode: number): number {
  switch (mode) {
    case GL.POINTS:
      return GL.POINTS;
    case GL.LINES:
    case GL.LINE_STRIP:
    case GL.LINE_LOOP:
      return GL.LINES;
    default:
      return GL.TRIANGLES;
  }
}
