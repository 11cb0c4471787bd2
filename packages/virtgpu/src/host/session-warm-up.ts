/**
 * Warms up what lies between a client's socket and the renderer: a session on a socket pair of our own that does what a
 * frame of Mesa's does (a fence resource, a submission, a readback, waits), so that V8 has compiled it when a client comes.
 */
import { silentLogger } from "@virtgpu/core/base";
import {
  PIPE_BUFFER,
  PIPE_TEXTURE_2D,
  VIRGL_BIND_RENDER_TARGET,
  VIRGL_CCMD_NOP,
  VIRGL_CMD0,
  VirglFormat,
} from "@virtgpu/core/virgl";
import * as v from "@virtgpu/core/vtest";
import { closeFd } from "../native/memory.js";
import { readExact, recvFds, socketPair, writeFrom } from "../native/socket.js";
import { SocketChannel } from "../transport/socket-channel.js";
import type { GlesDevice } from "./gles-device.js";

const FRAMES = 150;
const SIDE = 16;
const COLOR = 1;
const FENCE = 2;
/** virgl_hw.h: VIRGL_BIND_CUSTOM, which Mesa's fence resources have. */
const BIND_CUSTOM = 1 << 17;
/** Mesa starts every submission with a prefix of this length. */
const SUBMIT_DWORDS = 1024;
const BUSY_WAIT_REPLY_BYTES = v.VTEST_HDR_BYTES + 4;
/** A context id that neither the renderer's own warm-up nor a client uses. */
const CONTEXT = 0xffffffef;

/** Call `step` while there is nothing else to do, then `end` (early too): it leaves no context or resource behind. */
export class SessionWarmUp {
  readonly #ours: number;
  readonly #theirs: number;
  readonly #session: v.VtestSession;
  readonly #replies = new Uint8Array(64);
  #frame = 0;

  constructor(device: GlesDevice) {
    [this.#ours, this.#theirs] = socketPair();
    this.#session = new v.VtestSession({
      channel: new SocketChannel(this.#ours),
      renderer: device.gles,
      memory: device.memory,
      logger: silentLogger,
      contextId: CONTEXT,
    });
  }

  /** One frame, a fraction of a millisecond. False: there is nothing more to gain. */
  step(): boolean {
    if (this.#frame >= FRAMES) return false;
    this.#frame += 1;
    return this.#frame === 1 ? this.#play(SET_UP, 2, 0) : this.#play(FRAME, 6, 2 * BUSY_WAIT_REPLY_BYTES);
  }

  end(): void {
    this.#session.release();
    closeFd(this.#ours);
    closeFd(this.#theirs);
  }

  /** Sends `bytes`, has their messages served, and takes the answers: one descriptor, then `replyBytes`. */
  #play(bytes: Uint8Array, messages: number, replyBytes: number): boolean {
    writeFrom(this.#theirs, bytes, 0, bytes.length);
    for (let i = 0; i < messages; i++) if (this.#session.step() !== null) return false;
    for (const fd of recvFds(this.#theirs, this.#replies, 0, 1, 1).fds) closeFd(fd);
    if (replyBytes > 0) readExact(this.#theirs, this.#replies, 0, replyBytes);
    return true;
  }
}

function message(id: number, ...payload: readonly number[]): number[] {
  return [payload.length, id, ...payload];
}

function create(id: number, target: number, bind: number, width: number, height: number, sizeBytes: number): number[] {
  const format = target === PIPE_BUFFER ? VirglFormat.R8_UNORM : VirglFormat.B8G8R8A8_UNORM;
  return message(v.VCMD_RESOURCE_CREATE2, id, target, format, bind, width, height, 1, 1, 0, 0, sizeBytes);
}

function bytesOf(...messages: readonly (readonly number[])[]): Uint8Array {
  return new Uint8Array(Uint32Array.from(messages.flat()).buffer);
}

const SET_UP = bytesOf(
  // The length counts bytes: a name of four.
  [4, v.VCMD_CREATE_RENDERER, 0x006d7277],
  create(COLOR, PIPE_TEXTURE_2D, VIRGL_BIND_RENDER_TARGET, SIDE, SIDE, SIDE * SIDE * 4),
);

const FRAME = bytesOf(
  create(FENCE, PIPE_BUFFER, BIND_CUSTOM, 8, 1, 8),
  message(
    v.VCMD_SUBMIT_CMD,
    VIRGL_CMD0(VIRGL_CCMD_NOP, 0, SUBMIT_DWORDS - 1),
    ...new Array<number>(SUBMIT_DWORDS - 1).fill(0),
  ),
  message(v.VCMD_RESOURCE_BUSY_WAIT, FENCE, v.VCMD_BUSY_WAIT_FLAG_WAIT),
  message(v.VCMD_TRANSFER_GET2, COLOR, 0, 0, 0, 0, SIDE, SIDE, 1, SIDE * SIDE * 4, 0),
  message(v.VCMD_RESOURCE_BUSY_WAIT, COLOR, v.VCMD_BUSY_WAIT_FLAG_WAIT),
  message(v.VCMD_RESOURCE_UNREF, FENCE),
);
