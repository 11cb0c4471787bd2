/** Why bytes are moved at all, and what keeps them from being moved: by the ledger's reasons. The long form: docs/copies.md. */
import type { CopyReason } from "@virtgpu/core/memory";

export interface CopyCure {
  readonly why: string;
  /** Empty: there is none. */
  readonly cure: string;
}

/** In the order of `CopyReason`. */
export const COPY_CURES: readonly CopyCure[] = cures({
  UPLOAD: {
    why: "the resource has storage of its own on the host, which the driver fills from guest memory",
    cure: "an import: see why its path was not taken",
  },
  READBACK: {
    why: "the guest or a display reads what the host drew",
    cure: "an import of the resource; a display that takes buffers instead of pixels",
  },
  GATHER: {
    why: "the bytes do not lie in one piece, or not in the rows that the driver wants",
    cure: "contiguous guest memory (huge pages); /dev/udmabuf on the host",
  },
  SWIZZLE: {
    why: "the host has no format with the guest's order of bytes",
    cure: "another format in the guest: for depth with stencil 32F_S8, for colour the host's own order",
  },
  DISPLAY: {
    why: "the display takes pixels, not buffers",
    cure: "a display with dma-bufs: --display=wayland on a compositor with linux-dmabuf",
  },
  CONSTANTS: { why: "shader constants come in the command stream and go to GL in a buffer", cure: "" },
  COMMAND_STREAM: {
    why: "commands are checked in private memory, where the guest cannot change them any more",
    cure: "",
  },
  INLINE: {
    why: "the guest's driver puts small writes into its command stream",
    cure: "larger or persistently mapped buffers in the guest's program",
  },
  HOST_CONVERT: {
    why: "the GPU makes another form of the data: packed, de-strided, a temporary copy of an overlapping range",
    cure: "formats and strides that the host takes as they are",
  },
  SOCKET: {
    why: "the client speaks vtest without shared memory (protocol 0 or 1)",
    cure: "Mesa 18.1 or later in the client, which shares memory",
  },
  SNAPSHOT: {
    why: "contents are kept whose guest memory went, or that must not change while they are shown",
    cure: "--present=direct",
  },
  QUERY_RESULT: { why: "results of queries are written for the guest", cure: "" },
  ZERO_FILL: { why: "new storage must not show old bytes of another guest", cure: "" },
});

function cures(byReason: Readonly<Record<keyof typeof CopyReason, CopyCure>>): readonly CopyCure[] {
  return Object.values(byReason);
}
