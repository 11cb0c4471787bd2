/**
 * A guest that draws by its processor on a 1080p screen, the driver's side without a VM: the requests that Linux' virtio_gpu sends for a
 * page flip and for a damaged rectangle of dumb buffers, all of a frame with one kick. A frame is done when its FLUSH is answered.
 */
import * as g from "@virtgpu/core/virtio-gpu";
import { FREE, type GpuFrontEnd, RAM_BASE } from "#virtgpu/testing/gpu-front-end.js";
import { paint } from "#wayland/picture.js";

export const WIDTH = 1920;
export const HEIGHT = 1080;
export const FRAME_BYTES = WIDTH * HEIGHT * 4;
const STRIDE = WIDTH * 4;
/** Side of the rectangle that is damaged. */
export const DAMAGE_SIDE = 256;
/** Side of what a flip's frame has anew: painting all of it is the guest's work, not the device's. */
const STAMP_SIDE = 64;
const B8G8R8X8 = 2;

export const WORKLOADS = ["flip", "damage"] as const;
export type Workload = (typeof WORKLOADS)[number];

/** What the device is told to take over for a frame. */
export const FRESH_BYTES: Readonly<Record<Workload, number>> = { flip: FRAME_BYTES, damage: DAMAGE_SIDE ** 2 * 4 };

/** Guest memory that the guest needs. */
export const RAM_BYTES = 64 << 20;
/** Requests lie behind those of the kit. */
const REQUESTS = RAM_BASE + 0x30_0000;
const ANSWERS = RAM_BASE + 0x31_0000;
const REQUEST_BYTES = 128;
const ANSWER_BYTES = 64;

export class HdGuest {
  readonly #frontEnd: GpuFrontEnd;
  readonly #row = new Uint8Array(STRIDE);
  #frame = 0;
  /** What is on the screen: 1 or 2. */
  #shown = 1;

  /** Makes two screens' resources and shows the first. */
  constructor(frontEnd: GpuFrontEnd) {
    this.#frontEnd = frontEnd;
    for (const id of [1, 2]) {
      paint(frontEnd.ram.bytes, this.#at(id), STRIDE, { x: 0, y: 0, width: WIDTH, height: HEIGHT }, id);
      this.#send([
        [g.VIRTIO_GPU_CMD_RESOURCE_CREATE_2D, id, B8G8R8X8, WIDTH, HEIGHT],
        [g.VIRTIO_GPU_CMD_RESOURCE_ATTACH_BACKING, id, 1, RAM_BASE + this.#at(id), 0, FRAME_BYTES, 0],
      ]);
    }
    this.flip();
  }

  draw(workload: Workload): void {
    if (workload === "flip") this.flip();
    else this.damage();
  }

  /** The other screen, all of it transferred. */
  flip(): void {
    const id = 3 - this.#shown;
    this.#shown = id;
    const { x, y } = this.#move(STAMP_SIDE);
    this.#fill(id, x, y, STAMP_SIDE);
    this.#send([
      [g.VIRTIO_GPU_CMD_TRANSFER_TO_HOST_2D, 0, 0, WIDTH, HEIGHT, 0, 0, id, 0],
      [g.VIRTIO_GPU_CMD_SET_SCANOUT, 0, 0, WIDTH, HEIGHT, 0, id],
      [g.VIRTIO_GPU_CMD_RESOURCE_FLUSH, 0, 0, WIDTH, HEIGHT, id, 0],
    ]);
  }

  /** A rectangle of the screen that is shown. */
  damage(): void {
    const id = this.#shown;
    const { x, y } = this.#move(DAMAGE_SIDE);
    this.#fill(id, x, y, DAMAGE_SIDE);
    const rect = [x, y, DAMAGE_SIDE, DAMAGE_SIDE];
    this.#send([
      [g.VIRTIO_GPU_CMD_TRANSFER_TO_HOST_2D, ...rect, y * STRIDE + 4 * x, 0, id, 0],
      [g.VIRTIO_GPU_CMD_RESOURCE_FLUSH, ...rect, id, 0],
    ]);
  }

  /** What the screen must show: 0xRRGGBB by pixel. */
  expected(): Uint32Array {
    const { bytes } = this.#frontEnd.ram;
    return new Uint32Array(bytes.buffer, bytes.byteOffset + this.#at(this.#shown), WIDTH * HEIGHT).map(
      (pixel) => pixel & 0xff_ffff,
    );
  }

  /** Where a screen's memory begins, from the begin of guest memory on. */
  #at(id: number): number {
    return FREE - RAM_BASE + (id - 1) * (16 << 20);
  }

  #move(side: number): { x: number; y: number } {
    this.#frame++;
    return { x: (this.#frame * 37) % (WIDTH - side), y: (this.#frame * 23) % (HEIGHT - side) };
  }

  /** A square of rows that differ from frame to frame. */
  #fill(id: number, x: number, y: number, side: number): void {
    const { bytes } = this.#frontEnd.ram;
    const row = this.#row.subarray(0, side * 4);
    for (let i = 0; i < row.length; i++) row[i] = i * 3 + this.#frame * 41;
    for (let i = 0; i < side; i++) {
      row[0] = i;
      bytes.set(row, this.#at(id) + (y + i) * STRIDE + x * 4);
    }
  }

  /** Offers all requests, kicks once, waits for all answers. @throws {Error} when one is no success */
  #send(requests: readonly (readonly number[])[]): void {
    const frontEnd = this.#frontEnd;
    requests.forEach(([type, ...words], i) => {
      const address = REQUESTS + i * REQUEST_BYTES;
      const answer = ANSWERS + i * ANSWER_BYTES;
      const lengthBytes = g.VIRTIO_GPU_CTRL_HDR_BYTES + 4 * words.length;
      const view = frontEnd.view(address, lengthBytes);
      view.setUint32(0, type!, true);
      words.forEach((word, at) => view.setUint32(g.VIRTIO_GPU_CTRL_HDR_BYTES + 4 * at, word, true));
      frontEnd.view(answer, 4).setUint32(0, 0, true);
      frontEnd.control.offer([
        { address, lengthBytes, isWritable: false },
        { address: answer, lengthBytes: ANSWER_BYTES, isWritable: true },
      ]);
    });
    frontEnd.kick(0);
    for (let i = 0; i < requests.length; i++) frontEnd.waitUsed();
    requests.forEach(([type], i) => {
      const answered = frontEnd.view(ANSWERS + i * ANSWER_BYTES, 4).getUint32(0, true);
      if (answered !== g.VIRTIO_GPU_RESP_OK_NODATA)
        throw new Error(`request ${type!.toString(16)} was answered with ${answered.toString(16)}`);
    });
  }
}
