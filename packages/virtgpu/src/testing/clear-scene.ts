/** The smallest 3D work of a guest: a context that clears a render target, behind a fence. */
import { VIRTIO_GPU_FLAG_FENCE, VIRTIO_GPU_RESP_OK_NODATA } from "@virtgpu/core/virtio-gpu";
import * as g from "@virtgpu/core/virtio-gpu";
import { FREE, type GpuFrontEnd } from "./gpu-front-end.js";

/** Facts of `virgl_protocol.h`, `virgl_hw.h` and gallium's `p_defines.h`. */
const VIRGL_CREATE_SUB_CTX = 29;
const VIRGL_SET_SUB_CTX = 28;
const VIRGL_CREATE_OBJECT = 1;
const VIRGL_OBJECT_SURFACE = 8;
const VIRGL_SET_FRAMEBUFFER_STATE = 5;
const VIRGL_CLEAR = 7;
const PIPE_CLEAR_COLOR0 = 4;
const PIPE_TEXTURE_2D = 2;
const BIND_RENDER_TARGET_SAMPLER_VIEW = 10;
const R8G8B8A8_UNORM = 67;
const SURFACE = 9;

const header = (lengthDwords: number, object: number, command: number): number =>
  (lengthDwords << 16) | (object << 8) | command;

export type Colour = readonly [number, number, number, number];

export class ClearScene {
  readonly #frontEnd: GpuFrontEnd;
  readonly contextId: number;
  readonly resourceId: number;
  readonly side: number;
  /** Guest address of the target's backing. */
  readonly backing: number;
  #fenceId = 0n;

  /** Creates context, target and framebuffer. @throws when the device refuses one of them */
  constructor(frontEnd: GpuFrontEnd, contextId = 1, resourceId = 5, side = 16, backing = FREE) {
    this.#frontEnd = frontEnd;
    this.contextId = contextId;
    this.resourceId = resourceId;
    this.side = side;
    this.backing = backing;
    const name = [4, 0, ...new Array<number>(16).fill(0x41414141)];
    this.#must(g.VIRTIO_GPU_CMD_CTX_CREATE, name);
    const shape = [R8G8B8A8_UNORM, BIND_RENDER_TARGET_SAMPLER_VIEW, side, side, 1, 1, 0, 0, 0, 0];
    this.#must(g.VIRTIO_GPU_CMD_RESOURCE_CREATE_3D, [resourceId, PIPE_TEXTURE_2D, ...shape]);
    this.#must(g.VIRTIO_GPU_CMD_RESOURCE_ATTACH_BACKING, [resourceId, 1, backing, 0, side * side * 4, 0]);
    this.#must(g.VIRTIO_GPU_CMD_CTX_ATTACH_RESOURCE, [resourceId, 0]);
    const setUp = [
      ...[header(1, 0, VIRGL_CREATE_SUB_CTX), 1, header(1, 0, VIRGL_SET_SUB_CTX), 1],
      ...[header(5, VIRGL_OBJECT_SURFACE, VIRGL_CREATE_OBJECT), SURFACE, resourceId, R8G8B8A8_UNORM, 0, 0],
      ...[header(3, 0, VIRGL_SET_FRAMEBUFFER_STATE), 1, 0, SURFACE],
    ];
    this.#must(g.VIRTIO_GPU_CMD_SUBMIT_3D, [setUp.length * 4, 0, ...setUp]);
  }

  /** Clears and waits for the fence. @returns the response type */
  clear(colour: Colour): number {
    const values = new Uint32Array(Float32Array.from(colour).buffer);
    const stream = [header(8, 0, VIRGL_CLEAR), PIPE_CLEAR_COLOR0, ...values, 0, 0, 0];
    return this.#send(g.VIRTIO_GPU_CMD_SUBMIT_3D, [stream.length * 4, 0, ...stream]);
  }

  /** Reads the target back to guest memory and waits. @returns its first pixel's bytes, or null when the device refused */
  read(): number[] | null {
    const box = [0, 0, 0, this.side, this.side, 1, 0, 0, this.resourceId, 0, 0, 0];
    if (this.#send(g.VIRTIO_GPU_CMD_TRANSFER_FROM_HOST_3D, box) !== VIRTIO_GPU_RESP_OK_NODATA) return null;
    const pixel = this.#frontEnd.view(this.backing, 4);
    return [0, 1, 2, 3].map((i) => pixel.getUint8(i));
  }

  #must(type: number, words: readonly number[]): void {
    const response = this.#frontEnd.request(type, words, { contextId: this.contextId }).getUint32(0, true);
    if (response !== VIRTIO_GPU_RESP_OK_NODATA) throw new Error(`0x${type.toString(16)}: 0x${response.toString(16)}`);
  }

  #send(type: number, words: readonly number[]): number {
    const fence = { flags: VIRTIO_GPU_FLAG_FENCE, fenceId: ++this.#fenceId, contextId: this.contextId };
    return this.#frontEnd.request(type, words, fence).getUint32(0, true);
  }
}
