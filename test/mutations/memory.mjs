// The checks that keep GL within the bytes that a guest may name, taken out one by one. See scripts/test-mutations.mjs.
const BOX = "packages/core/src/renderer/gles/transfer/transfer-box.ts";
const TRANSFERS = "packages/core/src/renderer/gles/transfer/transfers.ts";
const UPLOAD = "packages/core/src/renderer/gles/transfer/texture-upload.ts";
const READBACK = "packages/core/src/renderer/gles/transfer/texture-readback.ts";
const COMPOSITE = "packages/virtgpu/addon/gl-composite.c";
const GL = "packages/virtgpu/addon/gl.c";
const PROGRAM = "packages/virtgpu/addon/gl-program.c";

const FILL = "packages/core/src/renderer/gles/resource/zero-fill.ts";
const STAGE = "packages/core/src/renderer/gles/stage-state.ts";
const DRAW = "packages/core/src/renderer/gles/draw/draw.ts";
const SHADER = "packages/core/src/renderer/gles/objects/shader-object.ts";
const RENDERER = "packages/core/src/renderer/gles/gles-renderer.ts";
const HANDLES = "packages/core/src/renderer/gles/objects/handle-table.ts";
const QUERIES = "packages/core/src/renderer/gles/query/queries.ts";
const NAMES = "packages/core/src/gl/names.ts";
const BATCH = "packages/core/src/gl/batch.ts";

const program = "packages/virtgpu/dist/render-tests/exact-bytes/program.js";
const ops = [program, "ops", "gles", "1", "12000"];
const transfers = [program, "transfers", "gles", "1", "4500"];
const huge = [program, "huge", "gles", "0", "0"];
const boxes = ["--test", "packages/core/dist/renderer/gles/transfer/transfer-box.test.js"];
const encoded = ["--test", "packages/core/dist/renderer/gles/transfer/transfers.test.js"];
const limits = ["--test", "packages/virtgpu/dist/render-tests/batch-limits.gpu.test.js"];
const foreign = ["--test", "packages/virtgpu/dist/render-tests/foreign-bytes.gpu.test.js"];
const hostile = ["--test", "packages/virtgpu/dist/render-tests/hostile-transfers.gpu.test.js"];

/** A stride below a row passes where there is one row, as it did until November 2026: in TypeScript, and in C. */
const STRIDE_IN_TYPESCRIPT = {
  file: BOX,
  from: "else if (this.strideBytes < this.rowBytes) return",
  to: "else if (this.strideBytes < this.rowBytes && this.rows > 1) return",
};
const STRIDE_IN_C = {
  file: COMPOSITE,
  from: "if (stride < row) return false;",
  to: "if (stride < row && height > 1) return false;",
};

export const mutations = [
  {
    name: "row length 0: both checks out",
    edits: [STRIDE_IN_TYPESCRIPT, STRIDE_IN_C],
    run: [...transfers, "", "all"],
    finds: /bytes that are not the guest's|SIGSEGV/,
  },
  {
    name: "row length 0: only C checks",
    edits: [STRIDE_IN_TYPESCRIPT],
    run: hostile,
    finds: /the GL back end refused texSubImage3D/,
  },
  { name: "row length 0: only C checks, the unit test", edits: [STRIDE_IN_TYPESCRIPT], run: boxes, finds: /not ok/ },
  {
    name: "row length 0: only TypeScript checks, the ops",
    edits: [STRIDE_IN_C],
    run: ops,
    finds: /was accepted, must be refused/,
  },
  { name: "row length 0: only TypeScript checks, transfers", edits: [STRIDE_IN_C], run: transfers, finds: null },
  {
    name: "layers in rows of a stride that is no multiple of a texel",
    edits: [
      {
        file: COMPOSITE,
        from: "layout->rows_apart || !is_whole_texels || layer_step",
        to: "layout->rows_apart || layer_step",
      },
    ],
    run: ops,
    finds: /texSubImage3D .* level \d+ layer \d+ row \d+ byte/,
  },
  {
    name: "rows of a stride that is no multiple of a texel",
    edits: [
      {
        file: COMPOSITE,
        from: "height > 1 && (!is_whole_texels || layer > INT32_MAX)",
        to: "height > 1 && layer > INT32_MAX",
      },
    ],
    run: ops,
    finds: /level \d+ layer|byte \d+ is/,
  },
  {
    name: "boxes beyond 2 GiB in one call of GL",
    edits: [
      { file: COMPOSITE, from: "layer > INT32_MAX)", to: "layer > UINT32_MAX)" },
      { file: COMPOSITE, from: "all > INT32_MAX)", to: "all > UINT32_MAX)" },
    ],
    run: huge,
    finds: /SIGSEGV|byte|row/,
  },
  {
    name: "a box of 4 GiB as one reference",
    edits: [
      {
        file: UPLOAD,
        from: " && box.spanBytes <= GL_DATA_BYTES_MAX",
        to: " && box.spanBytes <= 2 * GL_DATA_BYTES_MAX",
      },
    ],
    run: hostile,
    finds: /refused texSubImage2D/,
  },
  {
    name: "a read-back of 4 GiB as one reference",
    edits: [{ file: READBACK, from: " && bytes <= GL_DATA_BYTES_MAX", to: " && bytes <= 2 * GL_DATA_BYTES_MAX" }],
    run: hostile,
    finds: /refused readPixels/,
  },
  {
    name: "the layer stride of a single layer is kept",
    edits: [{ file: BOX, from: "this.layerStrideBytes === 0 || this.depth <= 1", to: "this.layerStrideBytes === 0" }],
    run: boxes,
    finds: /not ok/,
  },
  {
    name: "layers that overlap, in TypeScript",
    edits: [{ file: BOX, from: "else if (this.layerStrideBytes < layerBytes) return GuestError.BAD_VALUE;", to: "" }],
    run: transfers,
    finds: /the GL back end refused|was done, must be refused/,
  },
  {
    name: "layers that overlap, in C",
    edits: [{ file: COMPOSITE, from: "layer_step < layer || layer_step > UINT32_MAX", to: "layer_step > UINT32_MAX" }],
    run: ops,
    finds: /was accepted, must be refused/,
  },
  {
    name: "a texel behind the data, in C",
    edits: [
      {
        file: COMPOSITE,
        from: "if (all > length) return false;",
        to: "if (all > (uint64_t)length + texel) return false;",
      },
    ],
    run: ops,
    finds: /was accepted, must be refused|SIGSEGV/,
  },
  {
    name: "a byte behind the backing, in TypeScript",
    edits: [
      {
        file: TRANSFERS,
        from: "box.spanBytes > backing.sizeBytes) return",
        to: "box.spanBytes > backing.sizeBytes + 1) return",
      },
    ],
    run: transfers,
    finds: /the GL back end refused|was done, must be refused|is not|Cannot read properties|SIGSEGV/,
  },
  {
    name: "inline data that are too short",
    edits: [
      {
        file: TRANSFERS,
        from: "if (box.spanBytes > dataBytes) return GuestError.BAD_LENGTH;",
        to: "if (box.spanBytes > 2 * dataBytes) return GuestError.BAD_LENGTH;",
      },
    ],
    run: transfers,
    finds: /RESOURCE_INLINE_WRITE|RangeError|SIGSEGV/,
  },
  {
    name: "a read-back that ignores its stride",
    edits: [
      {
        file: COMPOSITE,
        from: "set_pixel_store(PACK_ROW_LENGTH, &pack_row_length, layout.row_length)",
        to: "set_pixel_store(PACK_ROW_LENGTH, &pack_row_length, 0)",
      },
    ],
    run: ops,
    finds: /readPixels .* byte \d+ is/,
  },
  {
    name: "an upload that ignores its layer stride",
    edits: [
      {
        file: COMPOSITE,
        from: "if (has_layers) layout->image_height = layout->layer_stride / stride;",
        to: "(void)has_layers;",
      },
    ],
    run: ops,
    finds: /level \d+ layer/,
  },
  {
    name: "rows of blocks that overlap, in C",
    edits: [{ file: COMPOSITE, from: "if (stride < row_bytes) return false;", to: "" }],
    run: ops,
    finds: /compressedTexSubImage.* was accepted, must be refused/,
  },
  {
    name: "blocks behind the data, in C",
    edits: [
      {
        file: COMPOSITE,
        from: "+ layer > length) return false;\n  *blocks",
        to: "+ layer > (uint64_t)length + block_bytes) return false;\n  *blocks",
      },
    ],
    run: ops,
    finds: /was accepted, must be refused|SIGSEGV/,
  },
  {
    name: "a byte behind a segment",
    edits: [
      {
        file: GL,
        from: "reference[3] > segment->length - offset) return",
        to: "reference[3] > segment->length + 1 - offset) return",
      },
    ],
    run: ops,
    finds: /was accepted, must be refused|SIGSEGV/,
  },
  {
    name: "copies of different lengths",
    edits: [{ file: COMPOSITE, from: "if (dst.length != src.length) return 0;", to: "" }],
    run: ops,
    finds: /copyBytes .*was accepted|SIGSEGV/,
  },
  {
    name: "uniforms behind their data",
    edits: [
      {
        file: PROGRAM,
        from: "(uint64_t)count * 16 > data.length) return 0;\n  gl.Uniform4fv",
        to: "count > INT32_MAX / 16) return 0;\n  gl.Uniform4fv",
      },
    ],
    run: ops,
    finds: /uniform4fv .*was accepted|SIGSEGV/,
  },
  {
    name: "a piece that leaves the uniform ring",
    edits: [
      {
        file: GL,
        from: "if (target > ring_length || length > ring_length - target) return false;",
        to: "if (target > ring_length) return false;",
      },
    ],
    run: ops,
    finds: /ring piece .*was accepted|SIGSEGV/,
  },
  {
    name: "rows scattered too long",
    edits: [
      {
        file: READBACK,
        from: "cursor.seek(backing, offset + row * stride, rowBytes);",
        to: "cursor.seek(backing, offset + row * stride, Math.min(rowBytes + 1, stagedStride));",
      },
    ],
    run: transfers,
    finds: /guest memory: byte|refused copyBytes|Cannot read properties/,
  },
  {
    name: "rows gathered from the wrong place",
    edits: [
      {
        file: UPLOAD,
        from: "backing, offset + row * stride, band.rowBytes",
        to: "backing, offset + row * band.rowBytes, band.rowBytes",
      },
    ],
    run: transfers,
    finds: /in the resource of .*, byte/,
  },
  {
    name: "read-backs that GL refuses leave what was there",
    edits: [
      {
        file: COMPOSITE,
        from: "if (gl_check_error(0))\n    for (int32_t row = 0; row < height; row++) memset(data.bytes",
        to: "if (gl_check_error(0) && gl_debug)\n    for (int32_t row = 0; row < height; row++) memset(data.bytes",
      },
    ],
    run: foreign,
    finds: /another guest's bytes came/,
  },
  {
    name: "converted texels are scattered by ops",
    edits: [{ file: READBACK, from: "if (isRead || rows", to: "if ((isRead && stride < 0) || rows" }],
    run: foreign,
    finds: /another guest's bytes came|bytes that are staged no more/,
  },
  {
    name: "converted texels are scattered by ops, the property test",
    edits: [{ file: READBACK, from: "if (isRead || rows", to: "if ((isRead && stride < 0) || rows" }],
    run: transfers,
    finds: /bytes that are staged no more/,
  },
  {
    name: "segment 0 for private memory",
    edits: [{ file: FILL, from: "if (id === 0) return null;", to: "" }],
    run: foreign,
    finds: /not ok/,
  },
  {
    name: "segment 0 for constants",
    edits: [{ file: STAGE, from: "if (this.#storeSegment === 0) {", to: "if (this.#storeSegment < 0) {" }],
    run: foreign,
    finds: /not ok/,
  },
  {
    name: "guests take all segments",
    edits: [
      {
        file: BATCH,
        from: "new NameAllocator(GL_SEGMENTS_MAX, RESERVED_SEGMENTS)",
        to: "new NameAllocator(GL_SEGMENTS_MAX, 0 * RESERVED_SEGMENTS)",
      },
    ],
    run: foreign,
    finds: /no GL names or segments left/,
  },
  {
    name: "guests take all names",
    edits: [
      {
        file: NAMES,
        from: "new NameAllocator(GL_NAMES_MAX, RESERVED_NAMES)",
        to: "new NameAllocator(GL_NAMES_MAX, 0 * RESERVED_NAMES)",
      },
    ],
    run: foreign,
    finds: /no GL names or segments left/,
  },
  {
    name: "a refused inline write counts as written",
    edits: [
      {
        file: TRANSFERS,
        from: "if (resource.kind === ResourceKind.RENDERBUFFER || resource.samples > 1) return GuestError.BAD_VALUE;\n    const dataBytes",
        to: "const dataBytes",
      },
      {
        file: TRANSFERS,
        from: "        this.#upload.uploadStaged(resource, box, staged);\n        return GuestError.NONE;",
        to: "        if (resource.samples > 1) return GuestError.BAD_VALUE;\n        this.#upload.uploadStaged(resource, box, staged);\n        return GuestError.NONE;",
      },
    ],
    run: encoded,
    finds: /not ok/,
  },
  {
    name: "large staging is given back too early",
    edits: [
      {
        file: BATCH,
        from: "if (bad !== -1) this.#refused(",
        to: "if (this.staging.length > STAGING_KEEP_BYTES) this.#resizeStaging(STAGING_BYTES);\n    if (bad !== -1) this.#refused(",
      },
    ],
    run: ["--test", "packages/core/dist/gl/encoder.test.js"],
    finds: /not ok/,
  },
  {
    name: "constants are placed before the draw is known to fit",
    edits: [
      { file: DRAW, from: "reserveLast(encoder, program);", to: "" },
      { file: DRAW, from: "import { ConstantEmitter, reserveLast }", to: "import { ConstantEmitter }" },
    ],
    run: limits,
    finds: /refused bindUniformRing/,
  },
  {
    name: "staged bytes for many pieces outlive their batch",
    edits: [
      {
        file: TRANSFERS,
        from: "if (backing.spans.length > FEW_PIECES) encoder.flush();",
        to: "if (backing.spans.length > FEW_PIECES * 1e6) encoder.flush();",
      },
    ],
    run: limits,
    finds: /bytes that are staged no more|not ok/,
  },
  {
    name: "what comes behind a refused op is executed",
    edits: [{ file: BATCH, from: 'if (this.refusal !== "") return;', to: "" }],
    run: limits,
    finds: /not ok/,
  },
  {
    name: "a shader in pieces takes another's handle",
    edits: [
      {
        file: SHADER,
        from: "const code = host.current!.checkNewHandle(shader.handle);",
        to: "const code: GuestErrorCode = GuestError.NONE;",
      },
      {
        file: SHADER,
        from: "if (code !== GuestError.NONE) return code;\n  shader.plainUniforms",
        to: "if (code !== 0) return code;\n  shader.plainUniforms",
      },
    ],
    run: limits,
    finds: /would take another's handle/,
  },
  {
    name: "after an exception the batch is executed",
    edits: [
      { file: RENDERER, from: 'if (this.#host.encoder.refusal === "") this.#host.encoder.refuse(message);', to: "" },
    ],
    run: limits,
    finds: /not ok/,
  },
  {
    name: "a restart executes the old batch",
    edits: [
      { file: BATCH, from: "restart(): void {\n    this.#drop();", to: 'restart(): void {\n    this.refusal = "";' },
    ],
    run: limits,
    finds: /not ok/,
  },
  {
    name: "an array up to any handle",
    edits: [{ file: HANDLES, from: " || handle >= SHORT + 4 * this.#size", to: " || (handle < 0 && SHORT > 0)" }],
    run: ["--test", "packages/core/dist/renderer/gles/objects/handle-table.test.js"],
    finds: /bytes for 2000 tables/,
  },
  {
    name: "queries without end count at a time",
    edits: [{ file: QUERIES, from: "if (active >= MAX_ACTIVE) return", to: "if (active >= MAX_ACTIVE * 1e6) return" }],
    run: ["--test", "packages/core/dist/renderer/gles/query/queries.test.js"],
    finds: /there is an end/,
  },
];
