/** The device on a renderer and a display of one's own, as a process without any GL. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { u32s } from "@virtgpu/core/testing";
import { VhostUserBackEndRequest as B, VhostUserRequest as R } from "@virtgpu/core/vhost-user";
import * as g from "@virtgpu/core/virtio-gpu";
import { GpuFrontEnd } from "./gpu-front-end.js";
import { typeOf } from "./start-back-end.js";

const program = fileURLToPath(new URL("./resizing-back-end.js", import.meta.url));

test("the null renderer serves a driver; a display that grows is an event that the driver clears", async (t) => {
  const frontEnd = GpuFrontEnd.start({ command: process.execPath, args: (fd) => [program, String(fd)] });
  t.after(() => frontEnd.close());
  const listener = frontEnd.openBackEndChannel();
  const size = (): number[] => {
    const info = frontEnd.request(g.VIRTIO_GPU_CMD_GET_DISPLAY_INFO);
    return [info.getUint32(32, true), info.getUint32(36, true)];
  };
  const events = (): number => new DataView(frontEnd.protocol.config(16).slice().buffer).getUint32(0, true);
  assert.deepEqual([size(), events()], [[640, 480], 0]);
  for (const [command, words] of [
    [g.VIRTIO_GPU_CMD_RESOURCE_CREATE_2D, [1, 2, 640, 480]],
    [g.VIRTIO_GPU_CMD_SET_SCANOUT, [0, 0, 640, 480, 0, 1]],
    [g.VIRTIO_GPU_CMD_RESOURCE_FLUSH, [0, 0, 640, 480, 1, 0]],
  ] as const)
    assert.equal(typeOf(frontEnd.request(command, words)), g.VIRTIO_GPU_RESP_OK_NODATA);
  assert.equal(listener.next().request, B.CONFIG_CHANGE_MSG);
  assert.deepEqual([size(), events()], [[1024, 768], g.VIRTIO_GPU_EVENT_DISPLAY]);
  // SET_CONFIG: offset, size, flags, then events_clear.
  frontEnd.protocol.send(R.SET_CONFIG, u32s(4, 4, 0, g.VIRTIO_GPU_EVENT_DISPLAY));
  assert.equal(events(), 0);
  assert.equal(await frontEnd.close(), "status 0");
});
