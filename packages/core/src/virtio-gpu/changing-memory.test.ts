/** Guest memory that comes, changes and goes, region by region (REM_MEM_REG, ADD_MEM_REG) or all at once (SET_MEM_TABLE). */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  CopyLedger,
  CopyReason,
  DEFAULT_POLICY,
  type ImportServices,
  NO_IMPORTS,
  type Segment,
  VerdictBook,
} from "../memory/index.js";
import { NullRenderer, Software2dRenderer } from "../renderer/index.js";
import { RecordingRenderer } from "../testing/index.js";
import { DeviceOnQueue, PIXELS } from "../testing/device-on-queue.js";
import { testSegment } from "../testing/virtqueue-driver.js";
import { defaultDeviceLimits } from "./index.js";
import * as p from "./protocol.js";

const {
  VIRTIO_GPU_RESP_OK_NODATA: OK,
  VIRTIO_GPU_RESP_ERR_INVALID_PARAMETER: BAD_PARAMETER,
  VIRTIO_GPU_RESP_ERR_OUT_OF_MEMORY: NO_MEMORY,
  VIRTIO_GPU_RESP_ERR_UNSPEC: UNSPECIFIED,
} = p;
const SIDE = 4;
const SIZE = SIDE * SIDE * 4;
const TRANSFER = [0, 0, SIDE, SIDE, 0, 0, 1, 0] as const;

/** A device on the software renderer, which draws from guest memory in place; resource 1 has its pixels at `PIXELS`. */
function setUp() {
  const ledger = new CopyLedger();
  const closed: number[] = [];
  let nextFd = 100;
  const imports: ImportServices = {
    policy: DEFAULT_POLICY,
    verdicts: new VerdictBook(),
    importer: {
      profile: NO_IMPORTS,
      createDmaBuf: () => -1,
      duplicate: () => nextFd++,
      close: (fd) => void closed.push(fd),
      sync: () => {},
      dmaReach: () => "unknown",
      createWindow: () => null,
    },
  };
  const renderer = new Software2dRenderer(ledger, imports);
  const all = DeviceOnQueue.create(renderer);
  assert.equal(all.type(p.VIRTIO_GPU_CMD_RESOURCE_CREATE_2D, [1, 2, SIDE, SIDE]), OK);
  assert.equal(attach(all), OK);
  paint(all, 5);
  const target = testSegment(8, SIZE);
  /** The one value of all bytes on the screen. */
  const shown = (): number => {
    assert.equal(renderer.readScanout(1, 0, 0, SIDE, SIDE, target, 0, SIDE * 4), 0);
    const values = new Set(target.bytes);
    assert.equal(values.size, 1);
    return [...values][0]!;
  };
  const low = all.region(0, PIXELS);
  const high = (segment?: Segment) => all.region(PIXELS, all.ram.length, segment);
  const path = () => renderer.describe(9).listed[0]!.path;
  return { all, renderer, ledger, closed, shown, low, high, path };
}

function attach(all: Pick<DeviceOnQueue, "type">): number {
  return all.type(p.VIRTIO_GPU_CMD_RESOURCE_ATTACH_BACKING, [1, 1, PIXELS, 0, SIZE, 0]);
}

function paint(all: Pick<DeviceOnQueue, "ram">, value: number): void {
  all.ram.fill(value, PIXELS, PIXELS + SIZE);
}

test("memory that is taken away and given back one region at a time: the resource has it again, in place", () => {
  const { all, renderer, ledger, shown, low, high, path } = setUp();
  all.changeMemory(low, high());
  assert.deepEqual(all.display.events, [], "it stayed where it was: nobody is told");
  all.changeMemory(low);
  assert.deepEqual(all.display.events, ["forget 1"]);
  paint(all, 6);
  assert.equal(shown(), 5, "nothing reaches what is not there");
  assert.equal(renderer.scanoutBuffer(1, null), null);
  assert.equal(all.type(p.VIRTIO_GPU_CMD_TRANSFER_TO_HOST_2D, TRANSFER), BAD_PARAMETER);
  assert.equal(attach(all), UNSPECIFIED, "to the guest it is attached");
  assert.equal(path().path, "host");
  all.changeMemory(low, all.region(0x8_0000, all.ram.length));
  assert.equal(all.type(p.VIRTIO_GPU_CMD_TRANSFER_TO_HOST_2D, TRANSFER), BAD_PARAMETER, "not that region");
  all.changeMemory(low, high(all.remapped()));
  assert.equal(shown(), 6);
  assert.equal(path().path, "direct");
  const moved = ledger.totalBytes.slice();
  paint(all, 7);
  assert.equal(all.type(p.VIRTIO_GPU_CMD_TRANSFER_TO_HOST_2D, TRANSFER), OK);
  assert.equal(renderer.scanoutBuffer(1, null)?.offsetBytes, PIXELS);
  assert.deepEqual(ledger.totalBytes, moved, "no byte is moved afterwards");
  assert.equal(shown(), 7);
});

test("memory that is mapped anew all at once: nothing is moved, and the display keeps its buffer", () => {
  const { all, renderer, ledger, closed, shown } = setUp();
  const buffer = renderer.scanoutBuffer(1, null)!;
  all.changeMemory(all.region(0, all.ram.length, all.remapped()));
  assert.deepEqual([all.display.events, closed], [[], []]);
  assert.equal(renderer.scanoutBuffer(1, null), buffer);
  paint(all, 9);
  assert.equal(all.type(p.VIRTIO_GPU_CMD_TRANSFER_TO_HOST_2D, TRANSFER), OK);
  assert.equal(ledger.totalBytes[CopyReason.SNAPSHOT], 0);
  assert.equal(shown(), 9);
});

test("other memory at the same addresses does not replace a picture before TRANSFER, and is told", () => {
  for (const isGoneBetween of [true, false]) {
    const { all, shown, low, high, path } = setUp();
    const other: Segment = {
      ...testSegment(77, all.ram.length),
      file: { ...all.segment.file!, identity: "another file" },
    };
    other.bytes.fill(8);
    if (isGoneBetween) all.changeMemory(low);
    all.changeMemory(low, high(other));
    assert.equal(shown(), 5);
    assert.equal(path().refused[0]?.reason, "memory-changed");
    assert.equal(all.type(p.VIRTIO_GPU_CMD_TRANSFER_TO_HOST_2D, TRANSFER), OK);
    assert.equal(shown(), 8);
    all.changeMemory(low, high());
    assert.equal(shown(), 8);
  }
});

test("files that are not known again are never taken for the same", () => {
  const { all, shown, low, high, path } = setUp();
  const { identity: _, ...nameless } = all.segment.file!;
  const unknown: Segment = { ...all.remapped(), file: nameless };
  all.changeMemory(low, high(unknown));
  paint(all, 6);
  assert.equal(shown(), 5);
  all.changeMemory(low, high({ ...unknown }));
  assert.equal(path().zeroCopy, false);
});

test("DETACH and UNREF while the memory is away; a second ATTACH after DETACH is the guest's own", () => {
  const { all, shown, low, high, path } = setUp();
  all.changeMemory(low);
  assert.equal(all.type(p.VIRTIO_GPU_CMD_RESOURCE_DETACH_BACKING, [1, 0]), OK);
  assert.equal(all.type(p.VIRTIO_GPU_CMD_RESOURCE_DETACH_BACKING, [1, 0]), UNSPECIFIED);
  assert.equal(attach(all), BAD_PARAMETER, "there is no such memory");
  paint(all, 6);
  all.changeMemory(low, high());
  assert.equal(shown(), 5, "nobody wants it any more");
  assert.equal(attach(all), OK);
  assert.equal(shown(), 5);
  assert.equal(path().refused[0]?.reason, "has-contents");
  all.changeMemory(low);
  assert.equal(all.type(p.VIRTIO_GPU_CMD_RESOURCE_UNREF, [1, 0]), OK);
  all.changeMemory(low, high());
  assert.equal(all.renderer.describe(9).resources, 0);
});

test("why a picture is copied is told for each case, and stays the same over a change of memory", () => {
  const { all, low, high } = setUp();
  const { renderer } = all;
  const reasonOf = (id: number) =>
    renderer.describe(9).listed.find((resource) => resource.id === id)?.path.refused[0]?.reason;
  assert.equal(all.type(p.VIRTIO_GPU_CMD_RESOURCE_CREATE_2D, [2, 2, 8, 8]), OK);
  assert.equal(all.type(p.VIRTIO_GPU_CMD_RESOURCE_ATTACH_BACKING, [2, 1, PIXELS, 0, SIZE, 0]), OK);
  assert.equal(reasonOf(2), "backing-too-small");
  const otherPlace = [1, 1, 2, 1, 0, 0, 1, 0];
  assert.equal(all.type(p.VIRTIO_GPU_CMD_TRANSFER_TO_HOST_2D, otherPlace), OK);
  assert.equal(reasonOf(1), "other-layout");
  all.changeMemory(low);
  all.changeMemory(low, high(all.remapped()));
  assert.deepEqual([reasonOf(1), reasonOf(2)], ["other-layout", "backing-too-small"]);
});

test("guest blobs and three-dimensional resources lose and find their memory likewise", () => {
  const capsets = [{ id: 1, version: 1, bytes: new Uint8Array(308) }];
  const all = DeviceOnQueue.create(new NullRenderer({ capsets }));
  const target = testSegment(8, SIZE);
  const blob = [3, 1, 2, 1, 0, 0, 4096, 0, PIXELS, 0, 4096, 0];
  assert.equal(all.type(p.VIRTIO_GPU_CMD_RESOURCE_CREATE_BLOB, blob), OK);
  const layout = { format: 2, width: SIDE, height: SIDE, strideBytes: SIDE * 4, offsetBytes: 0 };
  const read = () => all.renderer.readScanout(3, 0, 0, SIDE, SIDE, target, 0, SIDE * 4, layout);
  assert.equal(read(), 0);
  all.changeMemory(all.region(0, PIXELS));
  assert.notEqual(read(), 0);
  all.changeMemory(all.region(0, all.ram.length, all.remapped()));
  assert.equal(read(), 0);
});

test("only what changes is touched; what cannot come back stays wanted", () => {
  const all = DeviceOnQueue.create(new RecordingRenderer());
  for (const [id, address] of [
    [1, PIXELS],
    [2, 0x8_0000],
  ] as const) {
    assert.equal(all.type(p.VIRTIO_GPU_CMD_RESOURCE_CREATE_2D, [id, 1, 4, 4]), OK);
    assert.equal(all.type(p.VIRTIO_GPU_CMD_RESOURCE_ATTACH_BACKING, [id, 1, address, 0, 64, 0]), OK);
  }
  const { calls } = all.renderer;
  const told = () => calls.splice(0).filter((call) => call.includes("Backing"));
  told();
  all.changeMemory(all.region(0, 0x8_0000));
  assert.deepEqual(told(), ["suspendBacking(2)"]);
  all.changeMemory(all.region(0, 0x8_0000), all.region(0x9_0000, all.ram.length));
  assert.deepEqual(told(), []);
  all.changeMemory(all.region(0, all.ram.length));
  assert.deepEqual(told(), ["resumeBacking(2)"]);
  all.changeMemory(all.region(0, all.ram.length, all.remapped()));
  assert.deepEqual(told(), ["resumeBacking(1)", "resumeBacking(2)"]);
});

test("entries of all backings together are bounded, and counted down again", () => {
  const limits = { ...defaultDeviceLimits, backingEntries: 4, allBackingEntries: 5 };
  const all = DeviceOnQueue.create(new NullRenderer(), { limits });
  const entries = (count: number) => Array.from({ length: count }, () => [PIXELS, 0, 64, 0]).flat();
  const attachTo = (id: number, count: number): number =>
    all.type(p.VIRTIO_GPU_CMD_RESOURCE_ATTACH_BACKING, [id, count, ...entries(count)]);
  for (const id of [1, 2]) assert.equal(all.type(p.VIRTIO_GPU_CMD_RESOURCE_CREATE_2D, [id, 1, 4, 4]), OK);
  assert.deepEqual([attachTo(1, 4), attachTo(2, 2)], [OK, NO_MEMORY]);
  const blob = [3, 1, 0, 2, 0, 0, 64, 0, ...entries(2)];
  assert.equal(all.type(p.VIRTIO_GPU_CMD_RESOURCE_CREATE_BLOB, blob), NO_MEMORY);
  assert.equal(all.type(p.VIRTIO_GPU_CMD_RESOURCE_DETACH_BACKING, [1, 0]), OK);
  assert.equal(all.type(p.VIRTIO_GPU_CMD_RESOURCE_CREATE_BLOB, blob), OK);
  assert.deepEqual([attachTo(2, 4), attachTo(2, 3)], [NO_MEMORY, OK]);
  for (const id of [2, 3]) assert.equal(all.type(p.VIRTIO_GPU_CMD_RESOURCE_UNREF, [id, 0]), OK);
  assert.equal(attachTo(1, 4), OK);
});
