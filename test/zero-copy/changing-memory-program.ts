/** Argument: `images` or `buffers`. What becomes of imports when a VMM maps guest memory anew, takes it away and gives it back. */
import assert from "node:assert/strict";
import { ImportPath, IMPORT_REASONS } from "@virtgpu/core/memory";
import * as v from "@virtgpu/core/virgl";
import { createMemfd, Mapping } from "virtgpu/native";
import { check } from "./checks.js";
import { ImportFixture } from "./import-fixture.js";
import { clearStream, SamplingScene } from "./scene.js";

const { B8G8R8A8_UNORM: BGRA } = v.VirglFormat;
const [WIDTH, HEIGHT] = [64, 16];
const SIZE = WIDTH * HEIGHT * 4;
const isImages = process.argv[2] === "images";
const fixture = new ImportFixture({ zeroCopy: "always", api: isImages ? "gles" : "gl" });
const { renderer } = fixture;
const { verdicts } = fixture.imports;
let at = 1 << 20;
const all = (bytes: Uint8Array, value: number): void => assert.deepEqual([...new Set(bytes)], [value], "every byte");
const reasonOf = (id: number): string | undefined => {
  const reason = verdicts.of(id)?.refused[0]?.reason;
  return reason === undefined ? undefined : IMPORT_REASONS[reason]!.name;
};

/** Memory goes and comes back in another mapping; `meanwhile` happens in between. */
function away(id: number, offset: number, meanwhile: () => void): void {
  fixture.settle();
  fixture.must(renderer.suspendBacking(id));
  fixture.settle();
  meanwhile();
  fixture.remap(() => fixture.must(renderer.resumeBacking(id, fixture.backing([offset, SIZE]))));
}

const scene = new SamplingScene(fixture);
let sub = 70;

/** An imported texture that is sampled and rendered to, filled with `value`. */
const texture = (id: number, value: number) => {
  const offset = (at += 1 << 16);
  const bytes = fixture.createBacked(id, { width: WIDTH, height: HEIGHT }, offset);
  bytes.fill(value);
  const draw = scene.sampler(id, BGRA, WIDTH, HEIGHT);
  all(draw(), value);
  const target = sub++;
  fixture.submit(clearStream(target, id, BGRA, [1, 1, 1, 1]));
  fixture.settle();
  all(bytes, 255);
  bytes.fill(value);
  const clear = (): void => {
    fixture.submit(scene.again(target));
    fixture.settle();
  };
  return { offset, bytes, draw, clear };
};

/** The guest's pages are the texture, through the views and framebuffers that there were before: 0 bytes. */
const isShared = (id: number, { bytes, draw, clear }: ReturnType<typeof texture>): void => {
  assert.equal(verdicts.of(id)!.path, ImportPath.MEMFD);
  const before = fixture.counted();
  bytes.fill(33);
  all(draw(), 33);
  fixture.upload(id, WIDTH, HEIGHT);
  bytes.fill(34);
  all(draw(), 34);
  clear();
  all(bytes, 0);
  fixture.download(id, WIDTH, HEIGHT);
  assert.deepEqual(fixture.payloadSince(before), { readback: 2 * SIZE }, "what the test itself read of the target");
};

function imagesThatComeBack(): void {
  check("mapped anew: nothing moves, nothing is imported again, and the pages are shared as before", () => {
    const made = texture(1, 5);
    const taken = verdicts.taken.slice();
    const before = fixture.counted();
    fixture.remap(() => fixture.must(renderer.resumeBacking(1, fixture.backing([made.offset, SIZE]))));
    assert.deepEqual(fixture.payloadSince(before), {});
    assert.deepEqual(verdicts.taken, taken);
    all(made.draw(), 5);
    isShared(1, made);
  });

  check("away and back: kept meanwhile in storage of the host's, imported again, frames after it move 0 bytes", () => {
    const made = texture(2, 6);
    const before = fixture.counted();
    away(2, made.offset, () => {
      made.bytes.fill(7);
      all(fixture.glContents(2, WIDTH, HEIGHT), 6);
      assert.notEqual(renderer.transferToHost3d(1, 2, { ...NOTHING, width: WIDTH, height: HEIGHT, depth: 1 }), 0);
      fixture.log.length = 0;
    });
    assert.deepEqual(fixture.payloadSince(before), { snapshot: SIZE, readback: SIZE });
    all(made.draw(), 7);
    isShared(2, made);
  });

  check("streams that only read it meanwhile do not matter, and objects that are made and destroyed meanwhile", () => {
    const made = texture(3, 8);
    let late: (() => Uint8Array) | null = null;
    away(3, made.offset, () => {
      all(made.draw(), 8);
      late = scene.sampler(3, BGRA, WIDTH, HEIGHT);
      all(late(), 8);
      scene.sampler(3, BGRA, WIDTH, HEIGHT)();
      fixture.submit(scene.leave(scene.lastSub));
    });
    isShared(3, made);
    made.bytes.fill(9);
    all(late!(), 9);
  });
}

function imagesThatDoNot(): void {
  check("what the host drew to it meanwhile is kept: a copy from then on, and why", () => {
    const made = texture(4, 10);
    away(4, made.offset, () => made.clear());
    made.bytes.fill(11);
    all(made.draw(), 0);
    assert.deepEqual([verdicts.of(4)!.path, reasonOf(4)], [ImportPath.UPLOAD, "drawn-meanwhile"]);
    fixture.upload(4, WIDTH, HEIGHT);
    all(made.draw(), 11);
  });

  check("other pages at its place do not replace its contents: a copy from then on, and why", () => {
    const made = texture(5, 12);
    const fd = createMemfd("other", 1 << 16);
    const other = Mapping.map(fd, 0, 1 << 16);
    other.bytes.fill(13);
    const segment = fixture.mapped(fd, other);
    fixture.settle();
    fixture.must(renderer.suspendBacking(5));
    const backing = fixture.backing([0, SIZE]);
    const spans = backing.spans.map((span) => ({ ...span, segment }));
    fixture.must(renderer.attachBacking(5, Object.assign(backing, { spans })));
    all(made.draw(), 12);
    assert.equal(reasonOf(5), "memory-changed");
    fixture.upload(5, WIDTH, HEIGHT);
    all(made.draw(), 13);
    made.bytes.fill(1);
    all(made.draw(), 13);
  });

  check("DETACH and UNREF while it is away leave nothing", () => {
    for (const [id, verb] of [
      [6, "detachBacking"],
      [7, "unrefResource"],
    ] as const) {
      const made = texture(id, 14);
      fixture.must(renderer.suspendBacking(id));
      fixture.must(renderer[verb](id));
      made.bytes.fill(15);
      if (verb === "detachBacking") {
        fixture.must(renderer.attachBacking(id, fixture.backing([made.offset, SIZE])));
        assert.equal(reasonOf(id), "has-contents");
      }
      all(made.draw(), 14);
    }
  });

  check("what was copied before is copied for the same reason after", () => {
    fixture.must(fixture.create(8, { width: WIDTH, height: HEIGHT, format: v.VirglFormat.B8G8R8A8_SRGB }));
    const offset = (at += 1 << 16);
    fixture.must(renderer.attachBacking(8, fixture.backing([offset, SIZE])));
    const reason = reasonOf(8);
    assert.equal(reason, "format");
    fixture.upload(8, WIDTH, HEIGHT);
    away(8, offset, () => {});
    assert.equal(reasonOf(8), reason);
  });
}

const NOTHING = { level: 0, x: 0, y: 0, z: 0, offsetBytes: 0, strideBytes: 0, layerStrideBytes: 0 };

function buffers(): void {
  const shape = { target: v.PIPE_BUFFER, format: v.VirglFormat.R8_UNORM, width: SIZE, height: 1 };
  const buffer = (id: number) => {
    const offset = (at += 1 << 16);
    const bind = v.VIRGL_BIND_VERTEX_BUFFER | v.VIRGL_BIND_STREAM_OUTPUT | v.VIRGL_BIND_SCANOUT;
    fixture.must(fixture.create(id, { ...shape, bind }));
    fixture.must(renderer.attachBacking(id, fixture.backing([offset, SIZE])));
    assert.equal(verdicts.of(id)!.path, ImportPath.PINNED);
    assert.equal(renderer.scanoutBuffer(id, null), null, "no display reads what vertices may be captured to");
    return { offset, bytes: fixture.ram.bytes.subarray(offset, offset + SIZE) };
  };
  const contents = (id: number): Uint8Array => fixture.glContents(id, SIZE, 1, 1);
  /** The buffer's bytes are the guest's: both ways, nothing is moved by transfers. */
  const isShared = (id: number, bytes: Uint8Array): void => {
    assert.equal(verdicts.of(id)!.path, ImportPath.PINNED);
    const before = fixture.counted();
    bytes.fill(21);
    fixture.upload(id, SIZE, 1);
    assert.deepEqual(fixture.payloadSince(before), {});
    all(contents(id), 21);
    bytes.fill(22);
    all(contents(id), 22);
  };

  check("mapped anew: the driver has the new address, nothing was moved", () => {
    const { offset, bytes } = buffer(1);
    bytes.fill(5);
    const before = fixture.counted();
    fixture.remap(() => fixture.must(renderer.resumeBacking(1, fixture.backing([offset, SIZE]))));
    assert.deepEqual(fixture.payloadSince(before), {});
    all(contents(1), 5);
    isShared(1, bytes);
  });

  check("away and back: kept meanwhile, the guest's pages again afterwards", () => {
    const { offset, bytes } = buffer(2);
    bytes.fill(6);
    fixture.submit(clearStream(70, 50, v.VirglFormat.R8G8B8A8_UNORM, [1, 1, 1, 1]));
    away(2, offset, () => {
      bytes.fill(7);
      all(contents(2), 6);
    });
    all(contents(2), 7);
    isShared(2, bytes);
  });

  check("streams meanwhile may have captured to it: a copy from then on, and why", () => {
    const { offset, bytes } = buffer(3);
    bytes.fill(8);
    away(3, offset, () => fixture.submit(clearStream(71, 50, v.VirglFormat.R8G8B8A8_UNORM, [1, 1, 1, 1])));
    bytes.fill(9);
    all(contents(3), 8);
    assert.equal(reasonOf(3), "drawn-meanwhile");
  });
  fixture.settle();
}

if (isImages) {
  imagesThatComeBack();
  imagesThatDoNot();
} else {
  const format = v.VirglFormat.R8G8B8A8_UNORM;
  fixture.must(fixture.create(50, { format, bind: v.VIRGL_BIND_RENDER_TARGET, width: 16, height: 16 }));
  buffers();
}

check("no GL error was made", () => {
  fixture.settle();
  assert.equal(renderer.counters.glErrors, 0, fixture.log.join("\n"));
  assert.deepEqual(fixture.log, []);
});
fixture.close();
