/**
 * Host memory that a guest maps (HOST3D blobs), against a back-end process: drawn from, drawn to and shown where the guest sees it, with no
 * command that moves it; and what becomes of it where that cannot be. Arguments: the compiled `vhost-user`, what is expected (`host-memfd`,
 * `host-heap`, `copied`; `refused`: only the driver is not given it), flags of the back-end.
 */
import assert from "node:assert/strict";
import { StreamBuilder } from "@virtgpu/core/testing";
import * as v from "@virtgpu/core/virgl";
import * as g from "@virtgpu/core/virtio-gpu";
import { mapBuffer } from "virtgpu/testing";
import { BINDS, type ExplainedResource, GuestOverKit, setType, SPARE } from "./guest-over-kit.js";
import { check, checkLater } from "./report.js";
import { clearStream, SamplingScene } from "./scene.js";

const [backEnd, expected, ...flags] = process.argv.slice(2) as [string, string, ...string[]];
const RGBA = v.VirglFormat.R8G8B8A8_UNORM;
const SIDE = 64;
const SIZE = SIDE * SIDE * 4;
/** Ids of blobs; each is what PIPE_RESOURCE_CREATE called its object. */
const [TEXTURE, BYTES, SHOWN, CLASSIC, PLAIN] = [11, 12, 13, 14, 15];
/** Requests of the GPU socket: VHOST_USER_GPU_UPDATE, VHOST_USER_GPU_DMABUF_SCANOUT2. */
const [PIXELS, SHARED_SCANOUT] = [8, 12];
/** The other planes of SET_SCANOUT_BLOB. */
const NO_PLANES = [0, 0, 0, 0, 0, 0, 0];

const guest = GuestOverKit.start(backEnd, ["--gpu-socket=shared-memory", ...flags]);
const scene = new SamplingScene(guest);
const isShared = expected.startsWith("host-");

/** PIPE_RESOURCE_CREATE: a 2D picture. */
function describe(blobId: number, change: { width?: number; height?: number; format?: number; levels?: number } = {}) {
  const { width = SIDE, height = SIDE, format = RGBA, levels = 1 } = change;
  const words = [v.PIPE_TEXTURE_2D, format, BINDS, width, height, 1, 1, levels - 1, 0, 0, blobId];
  return new StreamBuilder().command(v.VIRGL_CCMD_PIPE_RESOURCE_CREATE, words);
}

/** A blob on the screen of a front-end that takes memory as it is. @returns its memory, as the front-end has it; null: it is sent pixels */
function show(id: number, bytes: Uint8Array): Uint8Array | null {
  const window = guest.frontEnd.openWindow();
  try {
    window.negotiate(2);
    bytes.fill(0x21);
    guest.ok(g.VIRTIO_GPU_CMD_SET_SCANOUT_BLOB, [0, 0, SIDE, SIDE, 0, id, SIDE, SIDE, 67, 0, SIDE * 4, ...NO_PLANES]);
    guest.ok(g.VIRTIO_GPU_CMD_RESOURCE_FLUSH, [0, 0, SIDE, SIDE, id, 0]);
    for (;;) {
      const message = window.wait();
      if (message.request === PIXELS) return null;
      if (message.request !== SHARED_SCANOUT || message.fds.length === 0) continue;
      return mapBuffer(message.fds[0]!, SIZE).bytes;
    }
  } finally {
    guest.ok(g.VIRTIO_GPU_CMD_SET_SCANOUT, [0, 0, 0, 0, 0, 0]);
    window.close();
  }
}

/** What the front-end sees is what the guest writes, with no command between. */
function isShown(shown: Uint8Array, bytes: Uint8Array): void {
  assert.equal(shown[SIZE - 1], 0x21);
  bytes[SIZE - 1] = 0x22;
  assert.equal(shown[SIZE - 1], 0x22, "with no command sent");
}

if (isShared) {
  check("a texture in host memory: what the guest writes through its window is sampled, with no command sent", () => {
    guest.submit(describe(TEXTURE));
    assert.equal(guest.createBlob(TEXTURE, SIZE, TEXTURE), g.VIRTIO_GPU_RESP_OK_NODATA, guest.frontEnd.log);
    guest.attach(TEXTURE);
    const { bytes } = guest.map(TEXTURE);
    assert.ok(bytes.every((byte) => byte === 0));
    const draw = scene.sampler(TEXTURE, RGBA, SIDE, SIDE);
    for (const seed of [1, 77]) {
      for (let i = 0; i < SIZE; i++) bytes[i] = (i * 7 + seed + (i >> 8)) & 0xff;
      assert.ok(Buffer.from(draw()).equals(bytes.subarray(0, SIZE)), `pixels of seed ${seed}`);
    }
    guest.submit(clearStream(900, TEXTURE, RGBA, [1, 0, 0.2, 1]));
    assert.deepEqual([...bytes.subarray(SIZE - 4, SIZE)], [255, 0, 51, 255], "what is drawn is where the guest reads");
  });

  check("a texture's memory is what a front-end is shown", () => {
    guest.submit(describe(SHOWN));
    assert.equal(guest.createBlob(SHOWN, SIZE, SHOWN), g.VIRTIO_GPU_RESP_OK_NODATA, guest.frontEnd.log);
    const { bytes } = guest.map(SHOWN);
    const shown = show(SHOWN, bytes);
    assert.ok(shown !== null, "it is sent pixels");
    isShown(shown, bytes);
  });
} else {
  check("a texture that the host does not draw in is refused, not shown wrong; its memory is given back", () => {
    for (let round = 0; round < 5; round++) {
      guest.submit(describe(TEXTURE));
      assert.equal(guest.createBlob(TEXTURE, SIZE, TEXTURE), g.VIRTIO_GPU_RESP_ERR_UNSPEC);
    }
  });
}

check("bytes that get a type later (PIPE_RESOURCE_SET_TYPE), with rows apart", () => {
  const [stride, offset] = [SIDE * 4 + 64, 128];
  assert.equal(guest.createBlob(BYTES, offset + stride * SIDE), g.VIRTIO_GPU_RESP_OK_NODATA, guest.frontEnd.log);
  guest.attach(BYTES);
  const { bytes } = guest.map(BYTES);
  guest.submit(setType(BYTES, SIDE, stride, offset));
  const rows = SIDE;
  const draw = scene.sampler(BYTES, RGBA, SIDE, rows);
  for (const seed of [3, 90]) {
    for (let i = 0; i < bytes.length; i++) bytes[i] = (i * 5 + seed + (i >> 9)) & 0xff;
    const pixels = draw();
    for (let y = 0; y < rows; y++) {
      const row = bytes.subarray(offset + y * stride, offset + y * stride + SIDE * 4);
      assert.ok(Buffer.from(pixels.subarray(y * SIDE * 4, (y + 1) * SIDE * 4)).equals(row), `row ${y}, seed ${seed}`);
    }
  }
});

check("plain bytes on the screen", () => {
  assert.equal(guest.createBlob(PLAIN, SIZE), g.VIRTIO_GPU_RESP_OK_NODATA, guest.frontEnd.log);
  const { bytes } = guest.map(PLAIN);
  const shown = show(PLAIN, bytes);
  assert.equal(shown !== null, expected !== "copied", "handed on as they are where that may be, else as pixels");
  if (shown !== null) isShown(shown, bytes);
});

check("what a hostile guest asks of host memory is refused, and nothing is kept of it", () => {
  const { VIRTIO_GPU_RESP_ERR_UNSPEC: UNSPEC, VIRTIO_GPU_RESP_ERR_INVALID_PARAMETER: BAD } = g;
  const { VIRTIO_GPU_RESP_ERR_OUT_OF_MEMORY: MUCH } = g;
  const cases: [name: string, sizeBytes: number, answer: number, picture: Parameters<typeof describe>[1]][] = [
    ["a blob smaller than its picture", SIZE - 1, UNSPEC, {}],
    ["mipmap levels", 2 * SIZE, UNSPEC, { levels: 3 }],
    ["a format without a dma-buf format", SIZE, UNSPEC, { format: v.VirglFormat.R8G8B8A8_SRGB }],
    ["rows that overflow", SIZE, BAD, { width: 0xffffffff, height: 0xffffffff }],
    ["no size", 0, BAD, {}],
    ["more than there may be", 2 ** 40, MUCH, {}],
    ["a size of 64 bits", 2 ** 63, BAD, {}],
  ];
  for (const [i, [name, sizeBytes, answer, picture]] of cases.entries()) {
    guest.submit(describe(200 + i, picture));
    assert.equal(guest.createBlob(200, sizeBytes, 200 + i), answer, name);
  }
  assert.equal(guest.createBlob(200, SIZE, 0x7777), BAD, "an object that was never described");
});

await checkLater("explain: the paths, what was moved, and where it was refused why and what helps", async () => {
  guest.create(CLASSIC, { width: SIDE, height: SIDE });
  guest.ok(g.VIRTIO_GPU_CMD_RESOURCE_ATTACH_BACKING, [CLASSIC, 1, SPARE, 0, SIZE, 0]);
  const listed = await guest.explain();
  const of = (id: number): ExplainedResource => {
    const found = listed.find((row) => row.id === id);
    assert.ok(found !== undefined, `resource ${id} is not listed: ${JSON.stringify(listed.map((row) => row.id))}`);
    return found;
  };
  for (const id of isShared ? [TEXTURE, BYTES, SHOWN, PLAIN] : []) {
    const { path, movedBytes, hostBytes } = of(id);
    assert.deepEqual([path.path, path.zeroCopy, movedBytes, hostBytes], [expected, true, {}, 0], `resource ${id}`);
  }
  if (isShared) return;
  const { path, movedBytes } = of(BYTES);
  assert.equal(path.zeroCopy, false);
  assert.ok(Object.keys(movedBytes).length > 0);
  const [step] = path.refused;
  const classic = of(CLASSIC).path.refused[0]!;
  if (step!.reason.startsWith("dma-reach")) {
    assert.match(step!.cure, /--host-heap=NAME/);
    assert.equal(classic.reason.startsWith("dma-reach"), true);
    assert.match(classic.cure, /HOST3D blob/, "guest memory: the host may allocate instead");
    assert.equal(of(PLAIN).path.refused[0]!.reason, step!.reason, "what is shown is looked at, too");
  }
  return `${step!.path}: ${step!.reason}; cure: ${step!.cure}`;
});

await checkLater("the back-end ends as it should", async () => {
  assert.equal(await guest.close(), "status 0", guest.frontEnd.log);
  if (!isShared) assert.match(guest.frontEnd.log, /cannot draw in memory that a guest maps/);
});
