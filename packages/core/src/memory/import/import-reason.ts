/** Why a step of the ladder was refused. */
export const ImportReason = {
  POLICY_NEVER: 0,
  SNAPSHOT: 1,
  FAULT_INJECTED: 2,
  /** This host has no such path at all. */
  NOT_ON_THIS_HOST: 3,
  KIND: 4,
  LEVELS: 5,
  SAMPLES: 6,
  LAYERS: 7,
  FORMAT: 8,
  FORMAT_REFUSED: 9,
  STRIDE: 10,
  OFFSET: 11,
  TOO_LARGE: 12,
  BACKING_TOO_SMALL: 13,
  NO_FILE: 14,
  NOT_SEALED: 15,
  WRITE_SEALED: 16,
  SCATTERED: 17,
  CONTIGUOUS: 18,
  PAGE_ALIGNMENT: 19,
  LIST_LIMIT: 20,
  SIZE_LIMIT: 21,
  SYSTEM_REFUSED: 22,
  DRIVER_REFUSED: 23,
  BOUNCES: 24,
  DMA_REACH: 25,
  DMA_REACH_UNKNOWN: 26,
  SLOWER_TO_SAMPLE: 27,
  NOT_MEASURED: 28,
  HAS_CONTENTS: 29,
  OTHER_LAYOUT: 30,
  DETACHED: 31,
  NO_BACKING: 32,
  DESKTOP_GL_ONLY: 33,
  RENDER_BLOCK: 34,
  SMALL: 35,
  MEMORY_CHANGED: 36,
  DRAWN_MEANWHILE: 37,
} as const;
export type ImportReasonCode = (typeof ImportReason)[keyof typeof ImportReason];

interface ReasonText {
  /** For metrics and JSON. */
  readonly name: string;
  /** What is the matter, where the step has nothing more exact to say. */
  readonly text: string;
  /** What to change so that the step would be taken; empty: nothing. */
  readonly cure: string;
}

// prettier-ignore
/** Indexed by code. */
export const IMPORT_REASONS: readonly ReasonText[] = [
  { name: "policy-never", text: "--zero-copy=never", cure: "use --zero-copy=auto" },
  { name: "snapshot", text: "--present=snapshot copies what a guest's processor draws, so that it cannot tear", cure: "use --present=direct" },
  { name: "fault-injected", text: "refused by VIRTGPU_REFUSE_IMPORT", cure: "unset VIRTGPU_REFUSE_IMPORT" },
  { name: "not-on-this-host", text: "this host does not offer it", cure: "run virtgpu doctor" },
  { name: "kind", text: "only 2D textures and buffers can be imported", cure: "" },
  { name: "levels", text: "it has mipmap levels, which the guest packs behind each other", cure: "use a texture with one level" },
  { name: "samples", text: "it is multisampled and has no guest memory", cure: "" },
  { name: "layers", text: "it has layers or depth", cure: "use 2D textures of one layer" },
  { name: "format", text: "its format has no dma-buf format", cure: "use an 8-bit RGBA or BGRA format" },
  { name: "format-refused", text: "the driver does not import its format", cure: "run virtgpu probe and use a format that it lists" },
  { name: "stride", text: "its stride is not what the driver wants", cure: "use --modes=aligned" },
  { name: "offset", text: "its offset is not what the driver wants", cure: "" },
  { name: "too-large", text: "it is larger than the driver imports", cure: "" },
  { name: "backing-too-small", text: "its picture does not fit into its guest memory", cure: "attach memory of at least stride × height bytes" },
  { name: "no-file", text: "its memory is not a file that can be handed on", cure: "give the guest memory as memfd: -object memory-backend-memfd,share=on" },
  { name: "not-sealed", text: "its memory file is not sealed against shrinking", cure: "give the guest memory as memfd (QEMU seals it): -object memory-backend-memfd,share=on" },
  { name: "write-sealed", text: "its memory file is sealed against writing", cure: "take F_SEAL_WRITE from the memory file" },
  { name: "scattered", text: "its pages are scattered over guest memory", cure: "more guest huge pages (thp), or /dev/udmabuf on the host" },
  { name: "contiguous", text: "its pages lie in one piece: a shorter way serves", cure: "" },
  { name: "page-alignment", text: "its memory does not begin and end on a page of the host", cure: "" },
  { name: "list-limit", text: "it has more pieces than udmabuf takes", cure: "raise /sys/module/udmabuf/parameters/list_limit" },
  { name: "size-limit", text: "it is larger than udmabuf takes", cure: "raise /sys/module/udmabuf/parameters/size_limit_mb" },
  { name: "system-refused", text: "the system refused", cure: "" },
  { name: "driver-refused", text: "the driver refused", cure: "run virtgpu probe: it finds the driver's rule" },
  { name: "bounces", text: "this driver keeps a copy of what it imports", cure: "use a driver that imports without a copy" },
  { name: "dma-reach", text: "some of its pages lie above the addresses that the GPU reaches", cure: "keep guest memory below --dma-bits, or let the host allocate: HOST3D blobs (docs/32-bit-dma.md)" },
  { name: "dma-reach-unknown", text: "whether the GPU reaches its pages cannot be known without privilege", cure: "run as root, or with CAP_SYS_ADMIN, or set --dma-bits=64" },
  { name: "slower-to-sample", text: "imported textures sample slower on this host than its own", cure: "use --zero-copy=always" },
  { name: "not-measured", text: "how fast imported textures sample was not measured on this host", cure: "run virtgpu probe, or use --zero-copy=always" },
  { name: "has-contents", text: "it had contents of the host before its memory was attached", cure: "attach memory right after creation" },
  { name: "other-layout", text: "the guest transfers it in another layout than its memory's", cure: "" },
  { name: "detached", text: "its memory was taken away", cure: "" },
  { name: "no-backing", text: "it has no guest memory", cure: "" },
  { name: "desktop-gl-only", text: "drivers take addresses in desktop GL only", cure: "use --host-gl" },
  { name: "render-block", text: "the driver renders in blocks that do not fit it", cure: "use a width and height that are multiples of 4" },
  { name: "small", text: "copying so little costs less than importing it", cure: "use --zero-copy=always" },
  { name: "memory-changed", text: "guest memory has changed since, and other bytes are where its own were", cure: "make the resource again" },
  { name: "drawn-meanwhile", text: "the host drew to it while its memory was away", cure: "make the resource again" },
];
