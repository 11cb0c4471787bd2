// Tests a vhost-user GPU back-end without a VM: node test-back-end.mjs [COMMAND ARGUMENT...], where {fd} stands for the number of
// the inherited socket. Default: our own launcher. Prints what a driver sees; wrong answers end it with status 1.
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import * as g from "@virtgpu/core/virtio-gpu";
import { FREE, GpuFrontEnd, GpuWindow, wordsOf } from "virtgpu/testing";

const launcher = fileURLToPath(new URL("../bin/vhost-user-virtgpu", import.meta.url));
const [command, ...words] = process.argv.length > 2 ? process.argv.slice(2) : [launcher, "--fd={fd}"];
const frontEnd = GpuFrontEnd.start({ command, args: (fd) => words.map((word) => word.replace("{fd}", String(fd))) });
const type = (answer) => answer.getUint32(0, true);
const ok = (...request) => assert.equal(type(frontEnd.request(...request)), g.VIRTIO_GPU_RESP_OK_NODATA);

// The window of the front-end: the back-end asks for its features, then sends what is shown.
frontEnd.openGpuSocket();
const window = new GpuWindow(frontEnd.gpuSocketFd);
window.negotiate(1); // bit 0: EDID, which QEMU's back-end insists on
console.log(`features: 0x${frontEnd.offeredFeatures.toString(16)}`);

// A driver's first frame: a resource, its guest memory, a scanout, a transfer, a flush.
const [width, height] = [64, 32];
ok(g.VIRTIO_GPU_CMD_RESOURCE_CREATE_2D, [1, 2, width, height]);
ok(g.VIRTIO_GPU_CMD_RESOURCE_ATTACH_BACKING, [1, 1, FREE, 0, width * height * 4, 0]);
const pixels = frontEnd.view(FREE, width * height * 4);
for (let i = 0; i < width * height; i++) pixels.setUint32(4 * i, 0x102030 + i, true);
ok(g.VIRTIO_GPU_CMD_SET_SCANOUT, [0, 0, width, height, 0, 1]);
console.log(`scanout: ${wordsOf(window.wait().payload).join(" ")}`);
ok(g.VIRTIO_GPU_CMD_TRANSFER_TO_HOST_2D, [0, 0, width, height, 0, 0, 1, 0]);
ok(g.VIRTIO_GPU_CMD_RESOURCE_FLUSH, [0, 0, width, height, 1, 0]);
const frame = wordsOf(window.wait().payload).subarray(5);
assert.ok(
  frame.every((pixel, i) => (pixel & 0xffffff) === 0x102030 + i),
  "the frame is what the guest drew",
);
console.log(`frame: ${frame.length} pixels, all as drawn`);

// What a hostile guest tries: every answer must be an error, and the back-end must live.
const refused = [
  ["a resource that is not there", g.VIRTIO_GPU_CMD_RESOURCE_UNREF, [99, 0]],
  ["memory outside the guest", g.VIRTIO_GPU_CMD_RESOURCE_ATTACH_BACKING, [1, 1, 0, 0, 4096, 0]],
  ["a scanout that is not there", g.VIRTIO_GPU_CMD_SET_SCANOUT, [0, 0, 1, 1, 16, 1]],
  ["an unknown command", 0x1ff, []],
];
for (const [name, command, words] of refused) {
  assert.ok(type(frontEnd.request(command, words)) >= g.VIRTIO_GPU_RESP_ERR_UNSPEC, name);
}
console.log(`refused: ${refused.length} of ${refused.length}; the back-end ended: ${await frontEnd.close()}`);
