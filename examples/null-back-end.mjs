// A vhost-user GPU back-end with a renderer of your own: here the null renderer, which draws nothing. With a number as its
// argument it serves the front-end on that inherited socket; without, it plays both sides and shows what a driver sees.
import { fileURLToPath } from "node:url";
import { VIRTIO_GPU_CMD_GET_CAPSET_INFO, VIRTIO_GPU_CMD_GET_DISPLAY_INFO } from "@virtgpu/core/virtio-gpu";
import { NullRenderer } from "@virtgpu/core/renderer";
import { serveFrontEnd } from "virtgpu";
import { GpuFrontEnd } from "virtgpu/testing";

const socketFd = process.argv[2];
if (socketFd !== undefined) {
  const capsets = [{ id: 1, version: 1, bytes: new Uint8Array(308) }];
  serveFrontEnd(Number(socketFd), new NullRenderer({ capsets }));
  process.exit();
}

const frontEnd = GpuFrontEnd.start({
  command: process.execPath,
  args: (fd) => [fileURLToPath(import.meta.url), String(fd)],
});
const info = frontEnd.request(VIRTIO_GPU_CMD_GET_DISPLAY_INFO);
console.log(`monitor: ${info.getUint32(32, true)}x${info.getUint32(36, true)}`);
const capset = frontEnd.request(VIRTIO_GPU_CMD_GET_CAPSET_INFO, [0, 0]);
console.log(`capset ${capset.getUint32(24, true)}: ${capset.getUint32(32, true)} bytes`);
console.log(`the back-end ended: ${await frontEnd.close()}`);
