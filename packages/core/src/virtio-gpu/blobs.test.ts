import assert from "node:assert/strict";
import { test } from "node:test";
import { GuestError, type GuestErrorCode } from "../base/index.js";
import { type Backing, CopyReason } from "../memory/index.js";
import { type Blob, NullRenderer } from "../renderer/index.js";
import { DeviceOnQueue, PIXELS } from "../testing/device-on-queue.js";
import { testSegment } from "../testing/virtqueue-driver.js";
import { defaultDeviceLimits, type HostBuffer, type HostMemory } from "./index.js";
import * as p from "./protocol.js";

const {
  VIRTIO_GPU_RESP_OK_NODATA: OK,
  VIRTIO_GPU_RESP_OK_MAP_INFO: MAPPED,
  VIRTIO_GPU_RESP_ERR_INVALID_PARAMETER: BAD_PARAMETER,
  VIRTIO_GPU_RESP_ERR_INVALID_RESOURCE_ID: BAD_RESOURCE,
  VIRTIO_GPU_RESP_ERR_INVALID_CONTEXT_ID: BAD_CONTEXT,
  VIRTIO_GPU_RESP_ERR_INVALID_SCANOUT_ID: BAD_SCANOUT,
  VIRTIO_GPU_RESP_ERR_OUT_OF_MEMORY: NO_MEMORY,
  VIRTIO_GPU_RESP_ERR_UNSPEC: UNSPECIFIED,
  VIRTIO_GPU_CMD_RESOURCE_CREATE_BLOB: CREATE,
  VIRTIO_GPU_CMD_SET_SCANOUT_BLOB: SCANOUT,
  VIRTIO_GPU_CMD_RESOURCE_MAP_BLOB: MAP,
  VIRTIO_GPU_CMD_RESOURCE_UNMAP_BLOB: UNMAP,
  VIRTIO_GPU_CMD_RESOURCE_UNREF: UNREF,
} = p;
const [GUEST, HOST3D, HOST3D_GUEST] = [1, 2, 3];
const MAPPABLE = p.VIRTIO_GPU_BLOB_FLAG_USE_MAPPABLE;
const CAPSETS = [{ id: 1, version: 1, bytes: new Uint8Array(308) }];
const WINDOW_BYTES = 0x10_0000;

/** Words of RESOURCE_CREATE_BLOB: id, memory, flags, entries, blob id, size. */
function blob(
  id: number,
  memory: number,
  flags: number,
  sizeBytes: number,
  entries: number[] = [],
  blobId = 0,
): number[] {
  return [
    id,
    memory,
    flags,
    entries.length / 4,
    blobId,
    0,
    sizeBytes % 2 ** 32,
    Math.floor(sizeBytes / 2 ** 32),
    ...entries,
  ];
}

/** Words of SET_SCANOUT_BLOB over the whole blob. */
function scanout(
  id: number,
  width: number,
  height: number,
  change: { stride?: number; offset?: number; format?: number } = {},
) {
  const { stride = width * 4, offset = 0, format = 2 } = change;
  return [0, 0, width, height, 0, id, width, height, format, 0, stride, 0, 0, 0, offset, 0, 0, 0];
}

/** Host memory without a host: counts what lives, and answers when told to. */
class TestHostMemory implements HostMemory {
  windowBytes = WINDOW_BYTES;
  live = 0;
  readonly calls: string[] = [];
  /** While set, answers wait here. */
  waiting: ((isDone: boolean) => void)[] | null = null;
  outcome = true;

  create(sizeBytes: number): HostBuffer {
    this.live++;
    return { segment: testSegment(50, sizeBytes), release: () => void this.live-- };
  }

  map(_buffer: HostBuffer, offsetBytes: number, lengthBytes: number, done: (isMapped: boolean) => void): void {
    this.#answer(`map ${offsetBytes} ${lengthBytes}`, done);
  }

  unmap(offsetBytes: number, lengthBytes: number, done: (isUnmapped: boolean) => void): void {
    this.#answer(`unmap ${offsetBytes} ${lengthBytes}`, done);
  }

  #answer(call: string, done: (isDone: boolean) => void): void {
    this.calls.push(call);
    if (this.waiting === null) done(this.outcome);
    else this.waiting.push(done);
  }
}

/** A 3D device (contexts exist, nothing is drawn) with host memory. */
function setUp3d() {
  const hostMemory = new TestHostMemory();
  const fixture = DeviceOnQueue.create(new NullRenderer({ capsets: CAPSETS }), { hostMemory });
  const map = (id: number, offset: number, high = 0) => fixture.type(MAP, [id, 0, offset, high]);
  return { fixture, hostMemory, map };
}

test("a guest blob is shown from the guest's own pages: nothing is transferred, two heads may look differently", () => {
  const fixture = DeviceOnQueue.create2d();
  const { ram, renderer, ledger, display } = fixture;
  const [width, height, stride] = [8, 4, 48];
  assert.equal(fixture.type(CREATE, blob(3, GUEST, 2, 512, [PIXELS + 4096, 0, 100, 0, PIXELS, 0, 412, 0])), OK);
  assert.equal(fixture.type(SCANOUT, scanout(3, width, height, { stride, offset: 16 })), OK);
  const image = display.lastImage!;
  assert.deepEqual(image.layout, { format: 2, width, height, strideBytes: stride, offsetBytes: 16 });
  const at = (i: number): number => (i < 100 ? PIXELS + 4096 + i : PIXELS + i - 100);
  for (let i = 0; i < 512; i++) ram[at(i)] = i & 0xff;
  assert.equal(fixture.type(p.VIRTIO_GPU_CMD_RESOURCE_FLUSH, [2, 1, 3, 2, 3, 0]), OK);
  assert.equal(display.events.at(-1), "flush 0 of 3: 2,1 3x2");
  const target = testSegment(8, 256);
  const read = (layout = image.layout) => renderer.readScanout(3, 2, 1, 3, 2, target, 0, 12, layout);
  assert.equal(read(), 0);
  const row = (y: number) => Array.from({ length: 12 }, (_, i) => (16 + y * stride + 8 + i) & 0xff);
  assert.deepEqual([...target.bytes.subarray(0, 24)], [...row(1), ...row(2)]);
  // The same bytes as X8R8G8B8: red and blue change places.
  assert.equal(read({ ...image.layout!, format: 4 }), 0);
  assert.deepEqual([...target.bytes.subarray(0, 3)], [row(1)[3], row(1)[2], row(1)[1]]);
  assert.deepEqual([ledger.totalBytes[CopyReason.UPLOAD], ledger.totalBytes[CopyReason.READBACK]], [0, 48]);
  assert.equal(fixture.type(p.VIRTIO_GPU_CMD_RESOURCE_FLUSH, [0, 0, 9, 1, 3, 0]), BAD_PARAMETER, "outside the image");
  assert.equal(fixture.type(UNREF, [3, 0]), OK);
  assert.equal(display.events.at(-1), "scanout 0 off");
});

test("backing may come later, go and come back; a blob without it shows nothing", () => {
  const fixture = DeviceOnQueue.create2d();
  const attach = [3, 1, PIXELS, 0, 4096, 0];
  assert.equal(fixture.type(CREATE, blob(3, GUEST, 0, 4096)), OK);
  assert.equal(fixture.type(SCANOUT, scanout(3, 16, 16)), OK);
  const target = testSegment(8, 64);
  const read = () => fixture.renderer.readScanout(3, 0, 0, 16, 1, target, 0, 64, fixture.display.lastImage!.layout);
  assert.notEqual(read(), 0);
  assert.equal(
    fixture.type(p.VIRTIO_GPU_CMD_RESOURCE_ATTACH_BACKING, [3, 1, PIXELS, 0, 4095, 0]),
    BAD_PARAMETER,
    "too little",
  );
  assert.equal(fixture.type(p.VIRTIO_GPU_CMD_RESOURCE_ATTACH_BACKING, attach), OK);
  assert.equal(read(), 0);
  assert.equal(fixture.type(p.VIRTIO_GPU_CMD_RESOURCE_ATTACH_BACKING, attach), UNSPECIFIED, "twice");
  fixture.changeMemory(fixture.region(0, PIXELS));
  assert.notEqual(read(), 0, "no span is kept of memory that goes");
  fixture.changeMemory(fixture.region(0, fixture.ram.length));
  assert.equal(fixture.type(p.VIRTIO_GPU_CMD_RESOURCE_DETACH_BACKING, [3, 0]), OK, "it was found again");
  assert.notEqual(read(), 0);
});

test("a cursor in a guest blob needs no transfer, and Linux's is answered", () => {
  const fixture = DeviceOnQueue.create2d();
  assert.equal(fixture.type(CREATE, blob(4, GUEST, 0, 16384, [PIXELS, 0, 16384, 0])), OK);
  assert.equal(fixture.type(p.VIRTIO_GPU_CMD_TRANSFER_TO_HOST_2D, [0, 0, 64, 64, 0, 0, 4, 0]), OK);
  assert.equal(fixture.type(p.VIRTIO_GPU_CMD_UPDATE_CURSOR, [0, 1, 2, 0, 4, 0, 0, 0], { on: "cursor" }), OK);
  assert.deepEqual(fixture.display.lastCursor!.layout, {
    format: 1,
    width: 64,
    height: 64,
    strideBytes: 256,
    offsetBytes: 0,
  });
  assert.equal(fixture.ledger.totalBytes[CopyReason.UPLOAD], 0);
});

test("a host blob is mapped, seen and unmapped; unref and reset take it out of the window", () => {
  const { fixture, hostMemory, map } = setUp3d();
  assert.equal(fixture.type(CREATE, blob(5, HOST3D, MAPPABLE, 6000)), OK);
  const info = fixture.send(MAP, [5, 0, 0x3000, 0]);
  assert.deepEqual([info.byteLength, info.getUint32(0, true), info.getUint32(24, true)], [32, MAPPED, 1]);
  assert.equal(map(5, 0x8000), BAD_PARAMETER, "mapped twice");
  assert.equal(fixture.type(UNMAP, [5, 0]), OK);
  assert.equal(fixture.type(UNMAP, [5, 0]), BAD_PARAMETER, "unmapped twice");
  assert.equal(map(5, 0x3000), MAPPED);
  assert.equal(fixture.type(UNREF, [5, 0]), OK);
  assert.equal(fixture.type(CREATE, blob(6, HOST3D, MAPPABLE, 4096)), OK);
  assert.equal(map(6, 0x3000), MAPPED, "the place is free again");
  fixture.device.reset();
  assert.deepEqual(hostMemory.calls, [
    ...[
      "map 12288 8192",
      "unmap 12288 8192",
      "map 12288 8192",
      "unmap 12288 8192",
      "map 12288 4096",
      "unmap 12288 4096",
    ],
  ]);
  assert.equal(hostMemory.live, 0);
});

test("mappings stay inside the window, on pages, and apart", () => {
  const { fixture, map } = setUp3d();
  for (const id of [1, 2]) assert.equal(fixture.type(CREATE, blob(id, HOST3D, MAPPABLE, 8192)), OK);
  assert.equal(map(1, 0x1000), MAPPED);
  for (const [name, offset, high] of [
    ["its first page on the other's last", 0x2000, 0],
    ["its last page on the other's first", 0x0000, 0],
    ["the same place", 0x1000, 0],
    ["not on a page", 0x4800, 0],
    ["half outside", WINDOW_BYTES - 4096, 0],
    ["outside", WINDOW_BYTES, 0],
    ["far outside", 0, 1],
    ["above 2^53", 0, 0xffffffff],
  ] as const) {
    assert.equal(map(2, offset, high), BAD_PARAMETER, name);
  }
  assert.equal(map(2, WINDOW_BYTES - 8192), MAPPED);
  assert.equal(map(9, 0), BAD_RESOURCE);
});

test("the guest waits for the front-end, and nobody else does", () => {
  const { fixture, hostMemory } = setUp3d();
  assert.equal(fixture.type(CREATE, blob(5, HOST3D, MAPPABLE, 4096)), OK);
  hostMemory.waiting = [];
  const fence = { flags: p.VIRTIO_GPU_FLAG_FENCE, fenceId: 99 };
  const map = fixture.submit(MAP, [5, 0, 0, 0], fence);
  assert.equal(fixture.type(p.VIRTIO_GPU_CMD_RESOURCE_CREATE_2D, [1, 1, 4, 4]), OK, "others are answered meanwhile");
  fixture.changeMemory(fixture.region(0, fixture.ram.length, fixture.remapped()));
  hostMemory.waiting[0]!(true);
  fixture.device.poll();
  assert.equal(fixture.driver.takeUsed()?.head, map.head);
  const answer = fixture.answer(map.answerAt);
  assert.deepEqual([answer.getUint32(0, true), answer.getUint32(4, true), answer.getUint32(8, true)], [MAPPED, 1, 99]);

  const unmap = fixture.submit(UNMAP, [5, 0]);
  hostMemory.waiting[1]!(false);
  assert.equal(fixture.driver.takeUsed()?.head, unmap.head);
  assert.equal(fixture.answer(unmap.answerAt).getUint32(0, true), UNSPECIFIED, "the front-end refused");
});

test("a mapping that the front-end refuses leaves its place free", () => {
  const { fixture, hostMemory, map } = setUp3d();
  assert.equal(fixture.type(CREATE, blob(5, HOST3D, MAPPABLE, 4096)), OK);
  hostMemory.outcome = false;
  assert.equal(map(5, 0), UNSPECIFIED);
  hostMemory.outcome = true;
  assert.equal(map(5, 0), MAPPED);
});

test("a queue that stops while the front-end maps gets an error; the late answer changes nothing", () => {
  const { fixture, hostMemory } = setUp3d();
  assert.equal(fixture.type(CREATE, blob(5, HOST3D, MAPPABLE, 4096)), OK);
  hostMemory.waiting = [];
  const map = fixture.submit(MAP, [5, 0, 0, 0]);
  fixture.device.settle();
  assert.equal(fixture.driver.takeUsed()?.head, map.head);
  assert.equal(fixture.answer(map.answerAt).getUint32(0, true), UNSPECIFIED);
  hostMemory.waiting[0]!(true);
  assert.equal(fixture.driver.takeUsed(), null, "answered once");
  fixture.submit(UNMAP, [5, 0]);
  fixture.device.reset();
  hostMemory.waiting[1]!(true);
  assert.equal(fixture.driver.takeUsed(), null, "after a reset nobody waits");
});

test("malformed blobs are refused and nothing is kept", () => {
  const { fixture, hostMemory } = setUp3d();
  const page = [PIXELS, 0, 4096, 0];
  assert.equal(fixture.type(CREATE, blob(1, GUEST, 0, 4096, page)), OK);
  assert.equal(
    fixture.type(p.VIRTIO_GPU_CMD_CTX_CREATE, [1, 0, ...new Array<number>(16).fill(65)], { contextId: 1 }),
    OK,
  );
  const refused: [string, number[], number][] = [
    ["id 0", blob(0, GUEST, 0, 4096, page), BAD_RESOURCE],
    ["an id in use", blob(1, GUEST, 0, 4096, page), BAD_RESOURCE],
    ["no memory at all", blob(2, 0, 0, 4096, page), BAD_PARAMETER],
    ["memory of an unknown kind", blob(2, 4, 0, 4096, page), BAD_PARAMETER],
    ["unknown flags", blob(2, GUEST, 8, 4096, page), BAD_PARAMETER],
    ["no size", blob(2, GUEST, 0, 0, page), BAD_PARAMETER],
    ["more bytes than entries", blob(2, GUEST, 0, 4097, page), BAD_PARAMETER],
    ["a size above the limit", blob(2, GUEST, 0, 2 ** 31, page), NO_MEMORY],
    ["a size above 2^53", blob(2, GUEST, 0, 2 ** 60, page), BAD_PARAMETER],
    ["a blob id on guest memory", blob(2, GUEST, 0, 4096, page, 7), BAD_PARAMETER],
    ["fewer entries than told", [2, GUEST, 0, 2, 0, 0, 4096, 0, ...page], BAD_PARAMETER],
    ["entries without end", [2, GUEST, 0, 0xffffffff, 0, 0, 4096, 0, ...page], BAD_PARAMETER],
    ["an entry outside memory", blob(2, GUEST, 0, 4096, [0xfffff000, 0, 4096, 0]), BAD_PARAMETER],
    ["an entry above 2^53", blob(2, GUEST, 0, 4096, [0, 0x8000_0000, 4096, 0]), BAD_PARAMETER],
    ["guest pages on host memory", blob(2, HOST3D, MAPPABLE, 4096, page), BAD_PARAMETER],
    ["a shadow of nothing", blob(2, HOST3D_GUEST, 0, 4096, page), BAD_PARAMETER],
    ["an object without its context", blob(2, HOST3D, 0, 4096, [], 7), BAD_CONTEXT],
    ["host memory above the limit", blob(2, HOST3D, MAPPABLE, 2 ** 30 + 1), NO_MEMORY],
  ];
  for (const [name, words, expected] of refused) assert.equal(fixture.type(CREATE, words), expected, name);
  const inContext = (words: number[]): number => fixture.type(CREATE, words, { contextId: 1 });
  assert.notEqual(inContext(blob(2, HOST3D, 0, 4096, [], 7)), OK, "an object that the context never made");
  assert.equal(inContext(blob(2, HOST3D, MAPPABLE, 4096, [], 7)), BAD_PARAMETER, "nor to be mapped");
  assert.equal(fixture.type(CREATE, [2, GUEST, 0, 0, 0, 0], {}), BAD_PARAMETER, "cut short");
  assert.equal(hostMemory.live, 0);
  assert.equal(fixture.type(CREATE, blob(2, GUEST, 0, 4096, page)), OK, "the id is still free");
});

const LIMITS = { ...defaultDeviceLimits, resources: 16, contexts: 2, backingEntries: 16, submitBytes: 64 };

test("all host blobs together stay below the limit", () => {
  const { fixture, hostMemory } = setUp3d();
  const half = 2 ** 29;
  const limited = DeviceOnQueue.create(new NullRenderer({ capsets: CAPSETS }), {
    hostMemory,
    limits: { ...LIMITS, blobBytes: 3 * 4096, hostBlobs: 16 },
  });
  assert.equal(limited.type(CREATE, blob(1, HOST3D, 0, 4097)), OK);
  assert.equal(limited.type(CREATE, blob(2, HOST3D, 0, 4097)), NO_MEMORY);
  assert.equal(limited.type(UNREF, [1, 0]), OK);
  assert.equal(limited.type(CREATE, blob(2, HOST3D, 0, 4097)), OK);
  assert.equal(fixture.type(CREATE, blob(1, GUEST, 0, half)), OK, "guest memory is not ours");
});

/** Takes objects of contexts that are to be mapped, or refuses them. */
class SharingRenderer extends NullRenderer {
  code: GuestErrorCode = GuestError.NONE;
  readonly asked: { isMapped: boolean; sizeBytes: number; backingBytes: number }[] = [];

  override createBlob(contextId: number, id: number, wanted: Blob, backing: Backing | null): GuestErrorCode {
    const { blobId, isMapped = false, sizeBytes } = wanted;
    if (blobId === 0) return super.createBlob(contextId, id, wanted, backing);
    this.asked.push({ isMapped, sizeBytes, backingBytes: backing?.sizeBytes ?? 0 });
    if (this.code !== GuestError.NONE) return this.code;
    return super.createBlob(contextId, id, { ...wanted, blobId: 0 }, backing);
  }
}

test("an object of a context that is to be mapped has host memory; where the renderer refuses it, nothing is kept", () => {
  const hostMemory = new TestHostMemory();
  const renderer = new SharingRenderer({ capsets: CAPSETS });
  const fixture = DeviceOnQueue.create(renderer, { hostMemory, limits: { ...LIMITS, blobBytes: 8192, hostBlobs: 2 } });
  const inContext = (words: number[]): number => fixture.type(CREATE, words, { contextId: 1 });
  const name = new Array<number>(16).fill(0);
  assert.equal(fixture.type(p.VIRTIO_GPU_CMD_CTX_CREATE, [1, 0, ...name], { contextId: 1 }), OK);
  renderer.code = GuestError.NOT_OFFERED;
  for (let i = 0; i < 4; i++) assert.equal(inContext(blob(1, HOST3D, MAPPABLE, 8000, [], 7)), UNSPECIFIED);
  assert.equal(hostMemory.live, 0, "given back");
  renderer.code = GuestError.NONE;
  assert.equal(inContext(blob(1, HOST3D, 0, 8000, [], 7)), OK, "not to be mapped: the driver's own memory");
  assert.equal(inContext(blob(2, HOST3D, MAPPABLE, 8000, [], 7)), OK);
  assert.deepEqual(renderer.asked.slice(-2), [
    { isMapped: false, sizeBytes: 8000, backingBytes: 0 },
    { isMapped: true, sizeBytes: 8000, backingBytes: 8000 },
  ]);
  assert.equal(inContext(blob(3, HOST3D, MAPPABLE, 1, [], 7)), NO_MEMORY, "host memory of all blobs is bounded");
  assert.equal(inContext(blob(3, HOST3D_GUEST, MAPPABLE, 4096, [PIXELS, 0, 4096, 0], 7)), BAD_PARAMETER, "not both");
  assert.equal(fixture.type(MAP, [1, 0, 0, 0]), BAD_PARAMETER);
  assert.equal(fixture.type(MAP, [2, 0, 0, 0]), MAPPED);
  assert.equal(fixture.type(UNREF, [2, 0]), OK);
  assert.deepEqual([hostMemory.live, hostMemory.calls], [0, ["map 0 8192", "unmap 0 8192"]]);
});

test("small host blobs are counted: each takes a descriptor", () => {
  const { hostMemory } = setUp3d();
  const limits = { ...LIMITS, blobBytes: 1 << 20, hostBlobs: 2 };
  const limited = DeviceOnQueue.create(new NullRenderer({ capsets: CAPSETS }), { hostMemory, limits });
  const create = (id: number): number => limited.type(CREATE, blob(id, HOST3D, 0, 4096));
  assert.deepEqual([create(1), create(2), create(3)], [OK, OK, NO_MEMORY]);
  assert.equal(limited.type(UNREF, [1, 0]), OK);
  assert.deepEqual([create(3), create(4)], [OK, NO_MEMORY]);
  assert.equal(hostMemory.live, 2);
});

test("scanouts of blobs lie in the blob, whatever the numbers", () => {
  const fixture = DeviceOnQueue.create2d();
  assert.equal(fixture.type(CREATE, blob(1, GUEST, 0, 4096, [PIXELS, 0, 4096, 0])), OK);
  assert.equal(fixture.type(p.VIRTIO_GPU_CMD_RESOURCE_CREATE_2D, [2, 1, 16, 16]), OK);
  const set = (words: number[]) => fixture.type(SCANOUT, words);
  const changed = (index: number, value: number): number[] => scanout(1, 16, 16).with(index, value);
  const refused: [string, number[], number][] = [
    ["a scanout too many", changed(4, 2), BAD_SCANOUT],
    ["a resource that is not there", changed(5, 9), BAD_RESOURCE],
    ["a resource that is no blob", scanout(2, 16, 16), BAD_PARAMETER],
    ["an empty rectangle", changed(2, 0), BAD_PARAMETER],
    ["a rectangle outside the image", changed(0, 1), BAD_PARAMETER],
    ["a rectangle that wraps around", changed(0, 0xfffffff8), BAD_PARAMETER],
    ["a format that is not 2D", changed(8, 5), BAD_PARAMETER],
    ["rows that overlap", changed(10, 60), BAD_PARAMETER],
    ["rows beyond the end", changed(10, 4096), BAD_PARAMETER],
    ["a stride that overflows", changed(10, 0xffffffff), BAD_PARAMETER],
    ["an offset beyond the end", changed(14, 3073), BAD_PARAMETER],
    ["an offset that overflows", changed(14, 0xffffffff), BAD_PARAMETER],
    ["an image larger than the blob", scanout(1, 32, 33), BAD_PARAMETER],
    ["an image of absurd size", scanout(1, 0x8000_0000, 0x8000_0000), BAD_PARAMETER],
  ];
  for (const [name, words, expected] of refused) assert.equal(set(words), expected, name);
  assert.deepEqual(fixture.display.events, [], "nothing was shown");
  assert.equal(set(changed(14, 3072)), OK, "to the last byte");
  assert.equal(set(changed(5, 0)), OK);
  assert.equal(fixture.display.events.at(-1), "scanout 0 off");
});

test("blobs are no 2D resources, and 2D resources no blobs", () => {
  const { fixture, map } = setUp3d();
  assert.equal(fixture.type(CREATE, blob(1, GUEST, 0, 4096, [PIXELS, 0, 4096, 0])), OK);
  assert.equal(fixture.type(CREATE, blob(2, HOST3D, 0, 4096)), OK);
  assert.equal(fixture.type(p.VIRTIO_GPU_CMD_RESOURCE_CREATE_2D, [3, 1, 16, 16]), OK);
  const inContext = { contextId: 1 };
  assert.equal(fixture.type(p.VIRTIO_GPU_CMD_CTX_CREATE, [1, 0, ...new Array<number>(16).fill(65)], inContext), OK);
  assert.equal(fixture.type(p.VIRTIO_GPU_CMD_SET_SCANOUT, [0, 0, 16, 16, 0, 1]), BAD_PARAMETER);
  assert.equal(map(1, 0), BAD_PARAMETER, "guest memory is not mapped");
  assert.equal(map(2, 0), BAD_PARAMETER, "it was not made to be mapped");
  assert.equal(map(3, 0), BAD_PARAMETER, "no blob");
  assert.equal(fixture.type(UNMAP, [3, 0]), BAD_PARAMETER);
  assert.equal(fixture.type(UNMAP, [9, 0]), BAD_RESOURCE);
  assert.equal(fixture.type(p.VIRTIO_GPU_CMD_RESOURCE_ATTACH_BACKING, [2, 1, PIXELS, 0, 4096, 0]), BAD_PARAMETER);
  assert.equal(fixture.type(p.VIRTIO_GPU_CMD_RESOURCE_DETACH_BACKING, [2, 0]), UNSPECIFIED);
  const box = [0, 0, 0, 16, 16, 1, 0, 0, 1, 0, 0, 0];
  assert.equal(fixture.type(p.VIRTIO_GPU_CMD_TRANSFER_TO_HOST_3D, box, inContext), BAD_PARAMETER);
  assert.equal(fixture.type(p.VIRTIO_GPU_CMD_CTX_ATTACH_RESOURCE, [1, 0], inContext), OK, "guests attach every buffer");
});

test("a UUID belongs to one resource, also when its id is used again; host blobs are made known by it", () => {
  const told: string[] = [];
  const text = (uuid: Uint8Array): string => Buffer.from(uuid).toString("hex");
  const hostMemory = new TestHostMemory();
  const fixture = DeviceOnQueue.create(new NullRenderer({ capsets: CAPSETS }), {
    hostMemory,
    sharedObjects: {
      add: (uuid) => told.push(`add ${text(uuid)}`),
      remove: (uuid) => told.push(`remove ${text(uuid)}`),
    },
  });
  const assign = (id: number): Uint8Array => {
    const answer = fixture.send(p.VIRTIO_GPU_CMD_RESOURCE_ASSIGN_UUID, [id, 0]);
    assert.equal(answer.getUint32(0, true), p.VIRTIO_GPU_RESP_OK_RESOURCE_UUID);
    return new Uint8Array(answer.buffer, 24, 16);
  };
  assert.equal(fixture.type(CREATE, blob(1, HOST3D, 4, 4096)), OK);
  const first = assign(1);
  assert.deepEqual([first[6]! >> 4, first[8]! >> 6], [4, 2], "RFC 4122, version 4");
  assert.deepEqual(assign(1), first);
  assert.ok(fixture.device.sharedBuffer(first));
  assert.equal(fixture.device.sharedBuffer(new Uint8Array(16)), null);
  assert.equal(fixture.type(UNREF, [1, 0]), OK);
  assert.equal(fixture.device.sharedBuffer(first), null);
  assert.equal(fixture.type(CREATE, blob(1, GUEST, 4, 4096, [PIXELS, 0, 4096, 0])), OK);
  assert.notDeepEqual(assign(1), first);
  assert.deepEqual(told, [`add ${text(first)}`, `remove ${text(first)}`], "guest pages are not ours to share");
  assert.equal(fixture.type(p.VIRTIO_GPU_CMD_RESOURCE_ASSIGN_UUID, [9, 0]), BAD_RESOURCE);
});

test("without the feature, its commands are refused", () => {
  const { fixture } = setUp3d();
  fixture.device.setFeatures(0n);
  for (const command of [CREATE, SCANOUT, MAP, UNMAP])
    assert.equal(fixture.type(command, new Array<number>(20).fill(1)), UNSPECIFIED);
  fixture.device.setFeatures(1n << BigInt(p.VIRTIO_GPU_F_RESOURCE_BLOB));
  assert.equal(fixture.type(CREATE, blob(5, HOST3D, MAPPABLE, 4096)), BAD_PARAMETER, "host memory needs VIRGL");
});
