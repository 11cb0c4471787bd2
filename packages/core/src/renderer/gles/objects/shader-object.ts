import { GuestError, type GuestErrorCode } from "../../../base/index.js";
import { formatShaderError, type StreamOutputCapture } from "../../../shader/index.js";
import * as v from "../../../virgl/index.js";
import type { Program } from "../draw/program.js";
import type { GlesHost } from "../gles-host.js";
import type { VirglContext } from "../virgl-context.js";
import { VirglObject } from "./virgl-object.js";

/** Text of one shader; the largest that glmark2, Weston and dEQP send are below 200 KB. */
const MAX_TEXT_BYTES = 1 << 20;
const STREAMOUT_BUFFERS = 4;
const SYSTEM_VEC4S = 9;

/** A guest shader: TGSI text that may arrive in pieces. Programs made from it go with it. */
export class ShaderObject extends VirglObject {
  /** Whose memory it counts as: see `ShaderTexts`. */
  readonly context: VirglContext;
  readonly handle: number;
  /** Unique over the life of the renderer: part of program keys. */
  readonly serial: number;
  /** PIPE_SHADER_VERTEX or PIPE_SHADER_FRAGMENT. */
  readonly stage: number;
  readonly captures: readonly StreamOutputCapture[];
  /** Dwords per vertex record of each stream-output buffer. */
  readonly captureStrides: readonly number[];
  readonly programs: Program[] = [];
  /**
   * Fragment shaders: `partners` have a pair with this one. Vertex shaders: `pairs` are the bits of the program key that matter together
   * with a fragment shader, by that shader.
   */
  readonly partners: ShaderObject[] = [];
  readonly pairs: { readonly fragment: ShaderObject; readonly keyMask: Uint32Array }[] = [];
  /** Constant buffer 0 does not fit the host's uniform blocks beside the guest's others: it is fed as plain uniforms. */
  plainUniforms = false;
  /** As it came; whole when `isComplete`. */
  readonly text: Uint8Array;
  #received = 0;

  constructor(
    context: VirglContext,
    handle: number,
    serial: number,
    stage: number,
    textBytes: number,
    captures: readonly StreamOutputCapture[],
    captureStrides: readonly number[],
  ) {
    super(v.VIRGL_OBJECT_SHADER);
    this.context = context;
    this.handle = handle;
    this.serial = serial;
    this.stage = stage;
    this.captures = captures;
    this.captureStrides = captureStrides;
    this.text = new Uint8Array(textBytes);
  }

  get textBytes(): number {
    return this.text.length;
  }

  get receivedBytes(): number {
    return this.#received;
  }

  get isComplete(): boolean {
    return this.#received >= this.text.length;
  }

  /** Appends the text in dwords `from..to` of the stream; what exceeds the announced length (padding) is dropped. */
  append(dw: Uint32Array, from: number, to: number): void {
    const { text } = this;
    for (let i = from; i < to && this.#received < text.length; i++) {
      const word = dw[i]!;
      for (let byte = 0; byte < 4 && this.#received < text.length; byte++) {
        text[this.#received++] = (word >>> (byte * 8)) & 0xff;
      }
    }
  }

  protected override dispose(host: GlesHost): void {
    host.programs.forgetShader(this);
    host.shaders.release(this);
  }
}

function decodeCaptures(dw: Uint32Array, at: number, count: number): StreamOutputCapture[] | null {
  const captures: StreamOutputCapture[] = [];
  for (let i = 0; i < count; i++) {
    const word = dw[at + v.VIRGL_OBJ_SHADER_SO_OUTPUT0(i)]!;
    const startComponent = v.VIRGL_OBJ_SHADER_SO_OUTPUT_START_COMPONENT(word);
    const componentCount = v.VIRGL_OBJ_SHADER_SO_OUTPUT_NUM_COMPONENTS(word);
    const buffer = v.VIRGL_OBJ_SHADER_SO_OUTPUT_BUFFER(word);
    if (componentCount === 0 || startComponent + componentCount > 4 || buffer >= STREAMOUT_BUFFERS) return null;
    captures.push({
      registerIndex: v.VIRGL_OBJ_SHADER_SO_OUTPUT_REGISTER_INDEX(word),
      startComponent,
      componentCount,
      buffer,
      destinationOffsetDwords: v.VIRGL_OBJ_SHADER_SO_OUTPUT_DST_OFFSET(word),
    });
  }
  return captures;
}

/**
 * CREATE_OBJECT(SHADER), whole or one piece. The finished shader is put into the table of the current sub-context.
 * Source: virgl_protocol.h, VIRGL_OBJ_SHADER_…; `len` covers the header that the stream-output count implies.
 */
export function createShader(host: GlesHost, dw: Uint32Array, at: number, len: number): GuestErrorCode {
  const sub = host.current!;
  const handle = dw[at + v.VIRGL_OBJ_SHADER_HANDLE]!;
  const stage = dw[at + v.VIRGL_OBJ_SHADER_TYPE]!;
  const offset = dw[at + v.VIRGL_OBJ_SHADER_OFFSET]!;
  const outputs = dw[at + v.VIRGL_OBJ_SHADER_SO_NUM_OUTPUTS]!;
  if (stage !== v.PIPE_SHADER_VERTEX && stage !== v.PIPE_SHADER_FRAGMENT) {
    return stage < v.PIPE_SHADER_TYPES ? GuestError.NOT_OFFERED : GuestError.BAD_VALUE;
  }
  if (outputs > v.MAX_STREAMOUT_OUTPUTS) return GuestError.BAD_VALUE;
  const header = v.VIRGL_OBJ_SHADER_HDR_SIZE(outputs);
  if (len < header) return GuestError.BAD_LENGTH;
  const value = v.VIRGL_OBJ_SHADER_OFFSET_VAL(offset);
  let shader: ShaderObject;
  if ((offset & v.VIRGL_OBJ_SHADER_OFFSET_CONT) === 0) {
    if (sub.pendingShader !== null) return GuestError.BAD_SHADER;
    if (value === 0 || value > MAX_TEXT_BYTES) return GuestError.LIMIT;
    const code = sub.checkNewHandle(handle);
    if (code !== GuestError.NONE) return code;
    const captures = decodeCaptures(dw, at, outputs);
    if (captures === null) return GuestError.BAD_VALUE;
    const strides: number[] = [];
    for (let i = 0; outputs > 0 && i < STREAMOUT_BUFFERS; i++) {
      strides.push(dw[at + v.VIRGL_OBJ_SHADER_SO_STRIDE(i)]!);
    }
    if (!host.shaders.reserve(sub.context, value)) {
      host.explain("this context, or all of them, have as much shader text as one device keeps");
      return GuestError.LIMIT;
    }
    shader = new ShaderObject(sub.context, handle, host.nextSerial(), stage, value, captures, strides);
  } else {
    const pending = sub.pendingShader;
    if (pending === null || pending.handle !== handle || pending.stage !== stage || pending.receivedBytes !== value) {
      return GuestError.BAD_SHADER;
    }
    shader = pending;
  }
  shader.append(dw, at + 1 + header, at + 1 + len);
  if (!shader.isComplete) {
    sub.pendingShader = shader;
    return GuestError.NONE;
  }
  sub.pendingShader = null;
  const code = finishShader(host, shader);
  if (code !== GuestError.NONE) shader.release(host);
  return code;
}

function finishShader(host: GlesHost, shader: ShaderObject): GuestErrorCode {
  const error = host.shaders.parse(shader);
  if (error !== null) {
    host.explain(
      `${shader.stage === v.PIPE_SHADER_VERTEX ? "vertex" : "fragment"} shader: ${formatShaderError(error)}`,
    );
    if (error.code === "not-offered") return GuestError.NOT_OFFERED;
    return error.code === "limit" ? GuestError.LIMIT : GuestError.BAD_SHADER;
  }
  // Between the pieces of a long text others may have taken the handle.
  const code = host.current!.checkNewHandle(shader.handle);
  if (code !== GuestError.NONE) return code;
  shader.plainUniforms = needsPlainUniforms(host, shader);
  host.current!.put(shader.handle, shader);
  return GuestError.NONE;
}

/** System values and constant buffer 0 share one block; every other constant buffer is a block of its own. */
function needsPlainUniforms(host: GlesHost, shader: ShaderObject): boolean {
  const { limits } = host.caps;
  const { constBuffers } = host.shaders.tree(shader).info;
  const isVertex = shader.stage === v.PIPE_SHADER_VERTEX;
  const others = constBuffers.filter((buffer) => buffer.index !== 0).length;
  if (others + 1 > (isVertex ? limits.vertexUniformBlocks : limits.fragmentUniformBlocks)) return true;
  const first = constBuffers.find((buffer) => buffer.index === 0);
  return first !== undefined && (first.vec4Count + SYSTEM_VEC4S) * 16 > limits.uniformBlockBytes;
}
