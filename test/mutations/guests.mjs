// What bounds the work and the memory that a hostile guest asks for, taken out one by one. See scripts/test-mutations.mjs.
const BACKING = "packages/core/src/memory/backing.ts";
const ENTRIES = "packages/core/src/virtio-gpu/backing-entries.ts";
const PIECES = "packages/core/src/memory/import/file-pieces.ts";
const CHAIN = "packages/core/src/virtqueue/descriptor-chain.ts";
const QUEUE = "packages/core/src/virtqueue/split-queue.ts";
const DEVICE = "packages/core/src/virtio-gpu/device.ts";
const TURNS = "packages/virtgpu/src/transport/vhost-user/device-queue.ts";

const backing = ["--test", "packages/core/dist/memory/backing.test.js"];
const rows = ["--test", "packages/core/dist/renderer/scattered-rows.test.js"];
const pieces = ["--test", "packages/core/dist/memory/import/plan-image.test.js"];
const chains = ["--test", "packages/core/dist/virtqueue/long-chains.test.js"];
const waiting = ["--test", "packages/core/dist/virtio-gpu/waiting-memory.test.js"];
const turns = ["--test", "packages/virtgpu/dist/transport/vhost-user/device-queue.test.js"];
const slow = ["--test", "packages/virtgpu/dist/testing/slow-guest.gpu.test.js"];

export const mutations = [
  {
    name: "rows of a guest's picture are looked for from its first piece on",
    edits: [
      {
        file: BACKING,
        from: "readSpans(this.spans, offsetBytes - this.startOf(index), target, index);",
        to: "readSpans(this.spans, offsetBytes, target, index * 0);",
      },
    ],
    run: rows,
    finds: /looks at \d+ spans/,
  },
  {
    name: "a place in a guest's memory is looked for piece by piece",
    edits: [
      {
        file: BACKING,
        from: "    const starts = (this.#starts ??= startsOf(spans));\n    const last",
        to: "    const starts = startsOf(spans);\n    const last",
      },
    ],
    run: backing,
    finds: /the spans themselves are not walked/,
  },
  {
    name: "a place is taken to be in the last piece or the next",
    edits: [
      { file: BACKING, from: "if (offsetBytes < starts[last + 2]!) return", to: "if (last + 1 < spans.length) return" },
    ],
    run: backing,
    finds: /^not ok/m,
  },
  {
    name: "a guest's empty pieces stay in a backing",
    edits: [{ file: BACKING, from: "return span.lengthBytes > 0;", to: "return span.lengthBytes >= 0;" }],
    run: backing,
    finds: /^not ok/m,
  },
  {
    name: "neighbours in a guest's memory are joined though they are in two mappings",
    edits: [{ file: BACKING, from: "last.segment === span.segment &&", to: "" }],
    run: backing,
    finds: /^not ok/m,
  },
  {
    name: "a guest's neighbouring pages stay apart",
    edits: [
      { file: ENTRIES, from: "appendSpan(spans, span);", to: "if (span.lengthBytes > 0) spans.push(span);" },
      { file: ENTRIES, from: "import { appendSpan, Backing", to: "import { Backing" },
    ],
    run: waiting,
    finds: /^not ok/m,
  },
  {
    name: "the files of a guest's pieces are those of its first",
    edits: [{ file: PIECES, from: "let skip = offsetBytes - backing.startOf(first);", to: "let skip = first * 0;" }],
    run: pieces,
    finds: /^not ok/m,
  },
  {
    name: "chains of descriptors without end",
    edits: [
      { file: QUEUE, from: "if (steps >= most) return", to: "if (steps >= most * 1e6) return" },
      { file: QUEUE, from: "if (chain.spans > most) return", to: "if (chain.spans > most * 8) return" },
    ],
    run: chains,
    finds: /^not ok/m,
  },
  {
    name: "chains whose buffers are many pieces each",
    edits: [{ file: QUEUE, from: "if (chain.spans > most) return", to: "if (chain.spans > most * 8) return" }],
    run: chains,
    finds: /^not ok/m,
  },
  {
    name: "chains that Linux sends are too long",
    edits: [
      {
        file: QUEUE,
        from: "const most = Math.max(this.size, CHAIN_MAX);",
        to: "const most = Math.max(this.size, CHAIN_MAX / 4);",
      },
    ],
    run: chains,
    finds: /^not ok/m,
  },
  {
    name: "a chain that waits keeps all of its descriptors",
    edits: [
      {
        file: DEVICE,
        from: "    chain.trim(readableBytes, writableBytes);\n",
        to: "    if (readableBytes + writableBytes < 0) chain.trim(0, 0);\n",
      },
    ],
    run: waiting,
    finds: /^not ok/m,
  },
  {
    name: "a trimmed chain keeps the addresses of its end",
    edits: [
      {
        file: CHAIN,
        from: "  addresses.length = count;\n  return kept;",
        to: "  addresses.splice(0, addresses.length - count);\n  return kept;",
      },
    ],
    run: chains,
    finds: /^not ok/m,
  },
  {
    name: "requests that wait are never too many pieces",
    edits: [
      {
        file: DEVICE,
        from: "return this.#heldSpans >= this.#state.limits.waitingSpans;",
        to: "return this.#heldSpans < 0;",
      },
    ],
    run: waiting,
    finds: /^not ok/m,
  },
  {
    name: "pieces of an answered request count for ever",
    edits: [{ file: DEVICE, from: "    this.#heldSpans -= chain.heldSpans;\n", to: "" }],
    run: waiting,
    finds: /^not ok/m,
  },
  {
    name: "pieces of requests count for ever after a reset of the device",
    edits: [{ file: DEVICE, from: "    this.#heldSpans = 0;\n", to: "" }],
    run: waiting,
    finds: /^not ok/m,
  },
  {
    name: "pieces of a request whose memory went count for ever",
    edits: [
      {
        file: CHAIN,
        from: "    this.#empty();\n    return false;",
        to: "    this.reset(this.head);\n    return false;",
      },
    ],
    run: waiting,
    finds: /^not ok/m,
  },
  {
    name: "a cursor request may wait for the window",
    edits: [
      {
        file: DEVICE,
        from: "row === undefined || row.queue !== queue || row.needsModes !== true",
        to: "row?.needsModes !== true",
      },
    ],
    run: waiting,
    finds: /^not ok/m,
  },
  {
    name: "a turn of slow requests has no end",
    edits: [
      {
        file: TURNS,
        from: "this.#clockMs() - startMs >= MAX_TURN_MS",
        to: "this.#clockMs() - startMs >= MAX_TURN_MS * 1e9",
      },
    ],
    run: turns,
    finds: /^not ok/m,
  },
  {
    name: "a stop waits for all slow requests",
    edits: [{ file: TURNS, from: "const MAX_TURN_MS = 10;", to: "const MAX_TURN_MS = 1e9;" }],
    run: slow,
    finds: /were served before/,
  },
  {
    name: "a turn without time for a single request",
    edits: [{ file: TURNS, from: "(count > 0 && this.#clockMs()", to: "(count >= 0 && this.#clockMs()" }],
    run: turns,
    finds: /^not ok/m,
  },
];
