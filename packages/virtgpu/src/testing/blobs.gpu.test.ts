/** Blobs, contexts and shared objects against our own process: what stock QEMU does not pass on, and its malformed twins. */
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { type BackEndListener, readMemoryMap } from "@virtgpu/core/testing";
import {
  VHOST_USER_NEED_REPLY,
  VHOST_USER_REPLY,
  VHOST_USER_VERSION,
  VhostUserBackEndRequest as B,
  VhostUserProtocolFeature as F,
  VhostUserRequest as R,
} from "@virtgpu/core/vhost-user";
import * as v from "@virtgpu/core/virgl";
import * as g from "@virtgpu/core/virtio-gpu";
import { closeFd, Mapping } from "../native/memory.js";
import { FREE, type GpuFrontEnd } from "./gpu-front-end.js";
import { startBackEnd, typeOf, untilLogged } from "./start-back-end.js";

const {
  VIRTIO_GPU_RESP_OK_NODATA: OK,
  VIRTIO_GPU_RESP_OK_MAP_INFO: MAPPED,
  VIRTIO_GPU_RESP_ERR_UNSPEC: UNSPECIFIED,
  VIRTIO_GPU_RESP_ERR_INVALID_PARAMETER: BAD_PARAMETER,
} = g;
const MAPPABLE = g.VIRTIO_GPU_BLOB_FLAG_USE_MAPPABLE;
const HOST3D = 2;
const PAGE = 4096;

/** RESOURCE_CREATE_BLOB of `sizeBytes`, in guest pages at `FREE` or on the host. */
function createBlob(frontEnd: GpuFrontEnd, id: number, kind: "guest" | "host", sizeBytes: number): number {
  const words =
    kind === "guest"
      ? [id, 1, 2, 1, 0, 0, sizeBytes, 0, FREE, 0, sizeBytes, 0]
      : [id, HOST3D, MAPPABLE, 0, 0, 0, sizeBytes, 0];
  return typeOf(frontEnd.request(g.VIRTIO_GPU_CMD_RESOURCE_CREATE_BLOB, words));
}

/** SET_SCANOUT_BLOB over all of `width` × `height`. */
function showBlob(
  frontEnd: GpuFrontEnd,
  id: number,
  width: number,
  height: number,
  stride: number,
  offset: number,
): number {
  const words = [0, 0, width, height, 0, id, width, height, 2, 0, stride, 0, 0, 0, offset, 0, 0, 0];
  return typeOf(frontEnd.request(g.VIRTIO_GPU_CMD_SET_SCANOUT_BLOB, words));
}

/** Answers the next SHMEM_MAP of the back-end. @returns where in the window, and our own mapping of the file */
function acceptMapping(t: TestContext, listener: BackEndListener): { shmOffset: number; bytes: Uint8Array } {
  const asked = listener.next();
  assert.deepEqual([asked.request, asked.fds.length], [B.SHMEM_MAP, 1]);
  const { shmId, fdOffset, shmOffset, lengthBytes, flags } = readMemoryMap(asked.payload);
  assert.deepEqual([shmId, flags], [g.VIRTIO_GPU_SHM_ID_HOST_VISIBLE, 1n]);
  const mapping = Mapping.map(asked.fds[0]!, fdOffset, lengthBytes);
  closeFd(asked.fds[0]!);
  t.after(() => mapping.release());
  listener.acknowledge(asked);
  return { shmOffset, bytes: mapping.bytes };
}

const mapWords = (id: number, offset: number): number[] => [id, 0, offset, 0];

for (const flags of [[], ["--virgl"]]) {
  test(`a guest blob is on the window without a transfer ${flags.join("")}`, (t) => {
    const frontEnd = startBackEnd(t, flags);
    frontEnd.openPlainGpuSocket();
    const [width, height, stride, offset] = [16, 4, 80, 32];
    assert.equal(createBlob(frontEnd, 3, "guest", PAGE), OK);
    assert.equal(showBlob(frontEnd, 3, width, height, stride, offset), OK);
    assert.equal(frontEnd.readGpuMessage().request, 7, "SCANOUT");
    for (const colour of [0x010203, 0x0a0b0c]) {
      const bytes = frontEnd.view(FREE, PAGE);
      for (let i = 0; i < PAGE / 4; i++) bytes.setUint32(4 * i, (colour * i) & 0xffffff, true);
      assert.equal(typeOf(frontEnd.request(g.VIRTIO_GPU_CMD_RESOURCE_FLUSH, [4, 1, 8, 2, 3, 0])), OK);
      const { request, payload } = frontEnd.readGpuMessage();
      const words = new Uint32Array(Uint8Array.from(payload).buffer);
      assert.deepEqual([request, ...words.subarray(0, 5)], [8, 0, 4, 1, 8, 2]);
      for (let y = 0; y < 2; y++) {
        for (let x = 0; x < 8; x++) {
          const at = (offset + (y + 1) * stride) / 4 + x + 4;
          assert.equal(words[5 + 8 * y + x]! & 0xffffff, (colour * at) & 0xffffff, `pixel ${x},${y}`);
        }
      }
    }
    assert.doesNotMatch(frontEnd.log, /error|warn/);
  });
}

test("a host blob is mapped by the front-end, drawn by the guest, shown, unmapped", (t) => {
  const frontEnd = startBackEnd(t, ["--virgl"]);
  const windowBytes = frontEnd.protocol.sharedMemory();
  assert.deepEqual([...windowBytes.keys()], [g.VIRTIO_GPU_SHM_ID_HOST_VISIBLE]);
  const listener = frontEnd.openBackEndChannel();
  frontEnd.openPlainGpuSocket();
  const [width, height] = [32, 32];
  assert.equal(createBlob(frontEnd, 4, "host", width * height * 4), OK);
  frontEnd.submit(g.VIRTIO_GPU_CMD_RESOURCE_MAP_BLOB, mapWords(4, 0x10000));
  const { shmOffset, bytes } = acceptMapping(t, listener);
  assert.deepEqual([shmOffset, bytes.length], [0x10000, PAGE]);
  const info = frontEnd.waitAnswer();
  assert.deepEqual([typeOf(info), info.getUint32(24, true)], [MAPPED, g.VIRTIO_GPU_MAP_CACHE_CACHED]);
  assert.ok(
    bytes.every((byte) => byte === 0),
    "nobody's old data",
  );
  bytes.fill(0x5a);
  assert.equal(showBlob(frontEnd, 4, width, height, width * 4, 0), OK);
  frontEnd.readGpuMessage();
  assert.equal(typeOf(frontEnd.request(g.VIRTIO_GPU_CMD_RESOURCE_FLUSH, [0, 0, 1, 1, 4, 0])), OK);
  assert.equal(new DataView(frontEnd.readGpuMessage().payload.buffer).getUint32(20, true) & 0xffffff, 0x5a5a5a);

  frontEnd.submit(g.VIRTIO_GPU_CMD_RESOURCE_UNMAP_BLOB, [4, 0]);
  const unmap = listener.next();
  assert.deepEqual(
    [unmap.request, readMemoryMap(unmap.payload)],
    [B.SHMEM_UNMAP, { shmId: 1, fdOffset: 0, shmOffset, lengthBytes: PAGE, flags: 0n }],
  );
  listener.acknowledge(unmap);
  assert.equal(typeOf(frontEnd.waitAnswer()), OK);
  assert.doesNotMatch(frontEnd.log, /error|warn/);
});

test("what is still mapped is unmapped when the resource goes, and when the device is reset", (t) => {
  const frontEnd = startBackEnd(t, ["--virgl"]);
  const listener = frontEnd.openBackEndChannel();
  for (const [id, offset] of [
    [1, 0],
    [2, 0x4000],
  ] as const) {
    assert.equal(createBlob(frontEnd, id, "host", 2 * PAGE), OK);
    frontEnd.submit(g.VIRTIO_GPU_CMD_RESOURCE_MAP_BLOB, mapWords(id, offset));
    acceptMapping(t, listener);
    assert.equal(typeOf(frontEnd.waitAnswer()), MAPPED);
  }
  assert.equal(
    typeOf(frontEnd.request(g.VIRTIO_GPU_CMD_RESOURCE_UNREF, [1, 0])),
    OK,
    "does not wait for the front-end",
  );
  assert.equal(readMemoryMap(listener.next().payload).shmOffset, 0);
  frontEnd.protocol.setU64(R.SET_STATUS, 0n);
  const unmap = listener.next();
  assert.deepEqual([unmap.request, readMemoryMap(unmap.payload).shmOffset], [B.SHMEM_UNMAP, 0x4000]);
});

test("while the front-end maps, others are answered; a refusal and a lost channel are errors", async (t) => {
  const frontEnd = startBackEnd(t, ["--virgl"]);
  const listener = frontEnd.openBackEndChannel();
  assert.equal(createBlob(frontEnd, 1, "host", PAGE), OK);
  frontEnd.submit(g.VIRTIO_GPU_CMD_RESOURCE_MAP_BLOB, mapWords(1, 0));
  const asked = listener.next();
  closeFd(asked.fds[0]!);
  assert.ok((asked.flags & VHOST_USER_NEED_REPLY) !== 0);
  frontEnd.protocol.getU64(R.GET_QUEUE_NUM);
  assert.equal(frontEnd.control.takeUsed(), null);
  // The guest's RAM is mapped anew meanwhile: its answer goes where the guest looks.
  frontEnd.announceMemory();
  listener.acknowledge(asked, 1n);
  assert.equal(typeOf(frontEnd.waitAnswer()), UNSPECIFIED, "the front-end refused");

  frontEnd.submit(g.VIRTIO_GPU_CMD_RESOURCE_MAP_BLOB, mapWords(1, 0));
  closeFd(listener.next().fds[0]!);
  frontEnd.closeBackEndChannels();
  assert.equal(typeOf(frontEnd.waitAnswer()), UNSPECIFIED, "the channel is gone");
  await untilLogged(frontEnd, / info .*The channel to the front-end is closed/);
  assert.equal(
    typeOf(frontEnd.request(g.VIRTIO_GPU_CMD_RESOURCE_MAP_BLOB, mapWords(1, 0))),
    BAD_PARAMETER,
    "there is no window",
  );
  const again = frontEnd.openBackEndChannel();
  frontEnd.submit(g.VIRTIO_GPU_CMD_RESOURCE_MAP_BLOB, mapWords(1, 0));
  acceptMapping(t, again);
  assert.equal(typeOf(frontEnd.waitAnswer()), MAPPED);
});

test("replies that break the protocol close the channel, not the device", async (t) => {
  const reply = VHOST_USER_VERSION | VHOST_USER_REPLY;
  const broken: [string, (listener: BackEndListener) => void][] = [
    ["to another request", (l) => l.reply(B.SHMEM_UNMAP, 0n)],
    ["too short", (l) => l.send(B.SHMEM_MAP, reply, new Uint8Array(4))],
    ["too long", (l) => l.send(B.SHMEM_MAP, reply, new Uint8Array(4000))],
    ["not a reply", (l) => l.send(B.SHMEM_MAP, VHOST_USER_VERSION, new Uint8Array(8))],
  ];
  const frontEnd = startBackEnd(t, ["--virgl"]);
  assert.equal(createBlob(frontEnd, 1, "host", PAGE), OK);
  for (const [name, breakIt] of broken) {
    const listener = frontEnd.openBackEndChannel();
    frontEnd.submit(g.VIRTIO_GPU_CMD_RESOURCE_MAP_BLOB, mapWords(1, 0));
    closeFd(listener.next().fds[0]!);
    breakIt(listener);
    assert.equal(typeOf(frontEnd.waitAnswer()), UNSPECIFIED, name);
    assert.throws(() => listener.next(), /closed its socket|ECONNRESET/, name);
  }
  assert.equal(typeOf(frontEnd.request(g.VIRTIO_GPU_CMD_RESOURCE_UNREF, [1, 0])), OK);
  await untilLogged(frontEnd, /a reply of 4 bytes/);
});

test("an object is announced by its UUID, had by it, and withdrawn", (t) => {
  const frontEnd = startBackEnd(t, ["--virgl"]);
  const listener = frontEnd.openBackEndChannel();
  assert.equal(createBlob(frontEnd, 7, "host", PAGE), OK);
  const answer = frontEnd.request(g.VIRTIO_GPU_CMD_RESOURCE_ASSIGN_UUID, [7, 0]);
  assert.equal(typeOf(answer), g.VIRTIO_GPU_RESP_OK_RESOURCE_UUID);
  const uuid = Uint8Array.from({ length: 16 }, (_, i) => answer.getUint8(24 + i));
  const added = listener.next();
  assert.deepEqual([added.request, added.payload], [B.SHARED_OBJECT_ADD, uuid]);
  const had = frontEnd.protocol.callForFds(R.GET_SHARED_OBJECT, uuid);
  assert.deepEqual([had.payload, had.fds.length], [uuid, 1]);
  const object = Mapping.map(had.fds[0]!, 0, PAGE);
  t.after(() => object.release());
  closeFd(had.fds[0]!);
  frontEnd.submit(g.VIRTIO_GPU_CMD_RESOURCE_MAP_BLOB, mapWords(7, 0));
  acceptMapping(t, listener).bytes.fill(0x77);
  assert.equal(typeOf(frontEnd.waitAnswer()), MAPPED);
  assert.ok(
    object.bytes.every((byte) => byte === 0x77),
    "the same memory",
  );
  const unknown = frontEnd.protocol.callForFds(R.GET_SHARED_OBJECT, new Uint8Array(16));
  assert.deepEqual(unknown.fds, [], "nobody's UUID");
  frontEnd.request(g.VIRTIO_GPU_CMD_RESOURCE_UNREF, [7, 0]);
  const withdrawn = listener.next();
  assert.deepEqual([withdrawn.request, withdrawn.payload], [B.SHARED_OBJECT_REMOVE, uuid]);
  assert.deepEqual(frontEnd.protocol.callForFds(R.GET_SHARED_OBJECT, uuid).fds, []);
});

test("what needs the channel is not there without it: 2D, and a front-end that does not know it", (t) => {
  const bits = (1n << F.SHMEM) | (1n << F.SHARED_OBJECT);
  assert.equal(startBackEnd(t).offeredProtocolFeatures & bits, 0n, "2D has no host blobs");
  const frontEnd = startBackEnd(t, ["--virgl"], { acceptProtocol: (offered) => offered & ~bits });
  frontEnd.openBackEndChannel();
  assert.equal(createBlob(frontEnd, 1, "host", PAGE), OK);
  assert.equal(typeOf(frontEnd.request(g.VIRTIO_GPU_CMD_RESOURCE_MAP_BLOB, mapWords(1, 0))), BAD_PARAMETER);
  assert.equal(
    typeOf(frontEnd.request(g.VIRTIO_GPU_CMD_RESOURCE_ASSIGN_UUID, [1, 0])),
    g.VIRTIO_GPU_RESP_OK_RESOURCE_UUID,
    "the guest's own name for it",
  );
});

test("messages of features that were not negotiated end the session with a word", async (t) => {
  const without = { acceptProtocol: (offered: bigint) => offered & ~((1n << F.SHMEM) | (1n << F.SHARED_OBJECT)) };
  for (const [request, payload] of [
    [R.GET_SHMEM_CONFIG, new Uint8Array(0)],
    [R.GET_SHARED_OBJECT, new Uint8Array(16)],
    [R.GET_SHARED_OBJECT, new Uint8Array(4)],
  ] as const) {
    const frontEnd = startBackEnd(t, ["--virgl"], without);
    frontEnd.protocol.send(request, payload);
    assert.equal(await frontEnd.exited, "status 1");
    assert.match(frontEnd.log, /broke the protocol/);
  }
});

/** VIRGL_CCMD_PIPE_RESOURCE_CREATE: a 2D texture, RENDER_TARGET | SAMPLER_VIEW. */
function describeTexture(blobId: number, side: number, format = 67): number[] {
  return [(11 << 16) | 48, 2, format, 10, side, side, 1, 1, 0, 0, 0, blobId];
}

test("an object of a context becomes a resource: drawn, read back into its guest shadow, shown", (t) => {
  const frontEnd = startBackEnd(t, ["--virgl"]);
  frontEnd.openPlainGpuSocket();
  const inContext = { contextId: 1 };
  const name = new Array<number>(16).fill(0x41414141);
  const submit = (words: number[], contextId = 1): number =>
    typeOf(frontEnd.request(g.VIRTIO_GPU_CMD_SUBMIT_3D, [words.length * 4, 0, ...words], { contextId }));
  const create = (
    id: number,
    memory: number,
    flags: number,
    blobId: number,
    entries: number[],
    contextId = 1,
  ): number => {
    const words = [id, memory, flags, entries.length / 4, blobId, 0, PAGE, 0, ...entries];
    return typeOf(frontEnd.request(g.VIRTIO_GPU_CMD_RESOURCE_CREATE_BLOB, words, { contextId }));
  };
  const shadow = [FREE, 0, PAGE, 0];
  for (const contextId of [1, 2])
    assert.equal(typeOf(frontEnd.request(g.VIRTIO_GPU_CMD_CTX_CREATE, [4, 0, ...name], { contextId })), OK);
  assert.equal(submit([...describeTexture(7, 16), ...describeTexture(8, 16), ...describeTexture(9, 16, 9999)]), OK);
  assert.deepEqual(
    [
      create(3, 3, 0, 6, shadow),
      create(3, 3, 0, 7, shadow, 2),
      create(3, 3, MAPPABLE, 7, shadow),
      create(3, HOST3D, 0, 9, []),
    ],
    [BAD_PARAMETER, BAD_PARAMETER, BAD_PARAMETER, BAD_PARAMETER],
    "never described; another context's; a driver's object cannot be mapped; a format that is none",
  );
  assert.equal(create(3, 3, 0, 7, shadow), OK, "with a shadow in guest memory");
  assert.equal(create(4, 3, 0, 7, shadow), BAD_PARAMETER, "one object, one resource");
  assert.equal(create(4, HOST3D, 0, 8, []), OK, "without");
  assert.equal(typeOf(frontEnd.request(g.VIRTIO_GPU_CMD_CTX_ATTACH_RESOURCE, [3, 0], inContext)), OK);
  const colour = new Uint32Array(Float32Array.of(1, 0.4, 0, 1).buffer);
  const clear = [
    ...[(1 << 16) | 29, 1, (1 << 16) | 28, 1],
    ...[(5 << 16) | (8 << 8) | 1, 9, 3, 67, 0, 0],
    ...[(3 << 16) | 5, 1, 0, 9],
    ...[(8 << 16) | 7, 4, ...colour, 0, 0, 0],
  ];
  assert.equal(submit(clear), OK);
  const box = [0, 0, 0, 16, 16, 1, 0, 0, 3, 0, 0, 0];
  const fenced = { ...inContext, flags: g.VIRTIO_GPU_FLAG_FENCE, fenceId: 1n };
  assert.equal(typeOf(frontEnd.request(g.VIRTIO_GPU_CMD_TRANSFER_FROM_HOST_3D, box, fenced)), OK);
  assert.equal(frontEnd.view(FREE, 4).getUint32(0, true), 0xff0066ff);
  assert.equal(showBlob(frontEnd, 3, 16, 16, 64, 0), OK);
  frontEnd.readGpuMessage();
  assert.equal(typeOf(frontEnd.request(g.VIRTIO_GPU_CMD_RESOURCE_FLUSH, [0, 0, 16, 16, 3, 0])), OK);
  const { payload } = frontEnd.readGpuMessage();
  assert.equal(new DataView(payload.buffer, payload.byteOffset).getUint32(20, true) & 0xffffff, 0xff6600);
  for (const [name, words] of [
    ["blob id 0", describeTexture(0, 16)],
    ["described twice", [...describeTexture(5, 16), ...describeTexture(5, 16)]],
    ["cut short", describeTexture(6, 16).with(0, (10 << 16) | 48)],
  ] as const) {
    assert.notEqual(submit([...words], 2), OK, name);
    frontEnd.request(g.VIRTIO_GPU_CMD_CTX_DESTROY, [], { contextId: 2 });
    assert.equal(
      typeOf(
        frontEnd.request(g.VIRTIO_GPU_CMD_CTX_CREATE, [4, 0, ...[0x41414141, ...new Array<number>(15).fill(0)]], {
          contextId: 2,
        }),
      ),
      OK,
    );
  }
  assert.equal(submit([0]), OK, "the other context goes on");
});

/** PIPE_RESOURCE_SET_TYPE: R8G8B8A8, RENDER_TARGET | SAMPLER_VIEW, one linear plane. */
function setType(id: number, side: number, stride: number, offset: number): number[] {
  return [(10 << 16) | v.VIRGL_CCMD_PIPE_RESOURCE_SET_TYPE, id, 67, 10, side, side, 0, 0, 0, stride, offset];
}

test("a blob that gets a type later: 3D reads what the guest's processor wrote, and writes where it reads", (t) => {
  const frontEnd = startBackEnd(t, ["--virgl"]);
  const [side, stride, offset] = [8, 48, 64];
  const name = new Array<number>(16).fill(0x41414141);
  const submit = (words: readonly number[], contextId = 1): number =>
    typeOf(frontEnd.request(g.VIRTIO_GPU_CMD_SUBMIT_3D, [words.length * 4, 0, ...words], { contextId }));
  const attach = (id: number, contextId: number): number =>
    typeOf(frontEnd.request(g.VIRTIO_GPU_CMD_CTX_ATTACH_RESOURCE, [id, 0], { contextId }));
  const newContext = (contextId: number): number =>
    typeOf(frontEnd.request(g.VIRTIO_GPU_CMD_CTX_CREATE, [4, 0, ...name], { contextId }));
  newContext(1);
  assert.equal(createBlob(frontEnd, 3, "guest", PAGE), OK);
  // A texture of the usual kind to copy to, with its backing behind the blob's page.
  const result = FREE + 2 * PAGE;
  frontEnd.request(g.VIRTIO_GPU_CMD_RESOURCE_CREATE_3D, [5, 2, 67, 10, side, side, 1, 1, 0, 0, 0, 0]);
  frontEnd.request(g.VIRTIO_GPU_CMD_RESOURCE_ATTACH_BACKING, [5, 1, result, 0, side * side * 4, 0]);
  assert.deepEqual([attach(3, 1), attach(5, 1)], [OK, OK]);
  const copy = [(13 << 16) | v.VIRGL_CCMD_RESOURCE_COPY_REGION, 5, 0, 0, 0, 0, 3, 0, 0, 0, 0, side, side, 1];
  const at = (x: number, y: number): number => FREE + offset + y * stride + 4 * x;
  const draw = (seed: number): void => {
    for (let y = 0; y < side; y++)
      for (let x = 0; x < side; x++) frontEnd.view(at(x, y), 4).setUint32(0, seed + y * side + x, true);
  };
  const box = [0, 0, 0, side, side, 1, 0, 0, 5, 0, 0, 0];
  const fenced = { contextId: 1, flags: g.VIRTIO_GPU_FLAG_FENCE, fenceId: 1n };
  draw(0x01020304);
  for (const [stream, seed] of [
    [[...setType(3, side, stride, offset), ...copy], 0x01020304],
    [copy, 0x11223344],
  ] as const) {
    draw(seed);
    assert.equal(submit(stream), OK);
    assert.equal(typeOf(frontEnd.request(g.VIRTIO_GPU_CMD_TRANSFER_FROM_HOST_3D, box, fenced)), OK);
    const pixels = frontEnd.view(result, side * side * 4);
    for (let i = 0; i < side * side; i++) assert.equal(pixels.getUint32(4 * i, true), seed + i, `pixel ${i}`);
  }
  frontEnd.view(at(side, 0), 4).setUint32(0, 0x5eed, true);
  const colour = new Uint32Array(Float32Array.of(1, 0.4, 0, 1).buffer);
  const clear = [
    ...[(1 << 16) | 29, 1, (1 << 16) | 28, 1],
    ...[(5 << 16) | (8 << 8) | 1, 9, 3, 67, 0, 0],
    ...[(3 << 16) | 5, 1, 0, 9],
    ...[(8 << 16) | 7, 4, ...colour, 0, 0, 0],
  ];
  assert.equal(submit(clear), OK);
  for (const [x, y] of [
    [0, 0],
    [side - 1, side - 1],
  ] as const)
    assert.equal(frontEnd.view(at(x, y), 4).getUint32(0, true), 0xff0066ff, "drawn where the guest reads");
  assert.equal(frontEnd.view(at(side, 0), 4).getUint32(0, true), 0x5eed, "what lies between the rows is not touched");
  assert.equal(submit(setType(3, side, stride, offset)), OK, "a type is given once, and asked for again without harm");
  assert.doesNotMatch(frontEnd.log, /error|warn/);

  assert.equal(createBlob(frontEnd, 4, "guest", PAGE), OK);
  const refused: [string, readonly number[]][] = [
    ["a resource that is not attached", setType(9, side, stride, offset)],
    ["rows that overlap", setType(4, side, 28, 0)],
    ["rows beyond the end", setType(4, side, 1024, 0)],
    ["a stride that overflows", setType(4, side, 0xffffffff, 0)],
    ["an offset that overflows", setType(4, side, stride, 0xffffffff)],
    ["a size that overflows", setType(4, 0xffffffff, stride, 0)],
    ["no size", setType(4, 0, stride, 0)],
    ["a format that is none", setType(4, side, stride, 0).with(2, 9999)],
    ["a modifier of some vendor", setType(4, side, stride, 0).with(8, 0x01000000)],
    [
      "no plane",
      setType(4, side, stride, 0)
        .slice(0, 9)
        .with(0, (8 << 16) | v.VIRGL_CCMD_PIPE_RESOURCE_SET_TYPE),
    ],
    [
      "half a plane",
      setType(4, side, stride, 0)
        .slice(0, 10)
        .with(0, (9 << 16) | v.VIRGL_CCMD_PIPE_RESOURCE_SET_TYPE),
    ],
  ];
  for (const [what, stream] of refused) {
    newContext(2);
    attach(4, 2);
    assert.notEqual(submit(stream, 2), OK, what);
    frontEnd.request(g.VIRTIO_GPU_CMD_CTX_DESTROY, [], { contextId: 2 });
  }
  newContext(2);
  attach(4, 2);
  assert.equal(submit(setType(4, side, stride, 0), 2), OK, "nothing was kept of the refused ones");
  for (const id of [3, 4]) assert.equal(typeOf(frontEnd.request(g.VIRTIO_GPU_CMD_RESOURCE_UNREF, [id, 0])), OK);
  assert.equal(createBlob(frontEnd, 3, "guest", PAGE), OK, "the id is free");
  newContext(3);
  const typed = Array.from({ length: 65 }, (_, i) => {
    assert.equal(createBlob(frontEnd, 100 + i, "guest", PAGE), OK);
    attach(100 + i, 3);
    return submit(setType(100 + i, side, stride, 0), 3);
  });
  assert.deepEqual([typed.slice(0, 64).every((code) => code === OK), typed[64] === OK], [true, false], "not for ever");
});

test("contexts by capset, fences by ring", (t) => {
  const frontEnd = startBackEnd(t, ["--virgl"]);
  const name = new Array<number>(16).fill(0x41414141);
  const create = (contextId: number, init: number): number =>
    typeOf(frontEnd.request(g.VIRTIO_GPU_CMD_CTX_CREATE, [4, init, ...name], { contextId }));
  assert.deepEqual([create(1, 0), create(2, 1), create(3, 2)], [OK, OK, OK]);
  assert.deepEqual([create(4, 3), create(4, 0xff), create(4, 0x101)], [BAD_PARAMETER, BAD_PARAMETER, BAD_PARAMETER]);
  const flags = g.VIRTIO_GPU_FLAG_FENCE | g.VIRTIO_GPU_FLAG_INFO_RING_IDX;
  for (const [contextId, ringIndex] of [
    [1, 0],
    [1, 63],
    [2, 0],
  ] as const) {
    const header = { contextId, ringIndex, flags, fenceId: 5n };
    const answer = frontEnd.request(g.VIRTIO_GPU_CMD_SUBMIT_3D, [4, 0, 0], header);
    assert.deepEqual(
      [
        typeOf(answer),
        answer.getUint32(4, true),
        answer.getBigUint64(8, true),
        answer.getUint32(16, true),
        answer.getUint8(20),
      ],
      [OK, flags, 5n, contextId, ringIndex],
    );
  }
  const onRing = (contextId: number, ringIndex: number): number =>
    typeOf(frontEnd.request(g.VIRTIO_GPU_CMD_SUBMIT_3D, [4, 0, 0], { contextId, ringIndex, flags }));
  assert.deepEqual([onRing(1, 64), onRing(9, 0)], [BAD_PARAMETER, g.VIRTIO_GPU_RESP_ERR_INVALID_CONTEXT_ID]);
});
