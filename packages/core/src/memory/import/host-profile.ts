/**
 * What a host's driver and kernel take, found by trial: `virtgpu probe` writes it as JSON, `serve` reads it. Without one, `serve` tries
 * one small import and assumes no rules.
 */
export interface HostProfile {
  readonly version: 1;
  /** EGL vendor, GL renderer and version: a profile of another driver is void. */
  readonly driver: string;
  /** dma-bufs (or memfds) as textures; null: the driver cannot. */
  readonly images: ImageRules | null;
  readonly udmabuf: UdmabufRules | null;
  /** Addresses as buffer objects; null: the driver cannot. */
  readonly pinned: PinnedRules | null;
  /** dma-bufs as buffer objects; absent: nobody tried. */
  readonly buffers?: BufferRules;
  readonly dma: DmaRules;
  /** How it was found; absent in profiles that nobody probed. */
  readonly probed?: ProbeRecord;
}

/** How a profile came about. */
export interface ProbeRecord {
  /** ISO 8601. */
  readonly date: string;
  /** EGL platform that was opened; `software`: on the EGL device that draws by the processor. */
  readonly platform: string;
  readonly software: boolean;
  /** Rules that no single multiple describes: what is told is merely safe. */
  readonly inexact: readonly string[];
  /** Rows may be longer than the picture is wide. */
  readonly takesPaddedRows: boolean;
  /** Whether LINEAR may be named where a picture is imported. */
  readonly modifier: ModifierRule;
  /** How often each refusal was seen, by the error's name. */
  readonly errors: Readonly<Record<string, number>>;
}

/** `mixed`: it depends on the format. */
export type ModifierRule = "optional" | "needed" | "refused" | "mixed";

/** The `driver` of a profile. */
export function describeProfileDriver(eglVendor: string, renderer: string, version: string): string {
  return `${eglVendor}, ${renderer}, ${version}`;
}

/** What the driver takes as an EGLImage of guest memory. */
export interface ImageRules {
  /** A file of shared memory is taken where a dma-buf is asked for (software EGL only maps it). */
  readonly acceptsMemfd: boolean;
  /** A udmabuf is taken. Null: not tried (there is none). */
  readonly acceptsUdmabuf: boolean | null;
  /** Memory of the host's dma-heap is taken, in place. Absent: not tried, or there is none. */
  readonly acceptsHeap?: boolean;
  /** Strides and offsets must be multiples of these; 1: any. Need not be powers of two. */
  readonly strideMultipleBytes: number;
  /** Where formats differ: the multiple by bytes per texel ("1", "2", "4", "8"). */
  readonly strideMultiplesByTexel?: Readonly<Record<string, number>>;
  readonly offsetMultipleBytes: number;
  readonly maxWidth: number;
  readonly maxHeight: number;
  /** Every format that was taken; empty: nobody tried, ask the driver each time. */
  readonly formats: readonly ImageFormatRule[];
  /** Imports succeed, but the driver works on a copy of its own: later writes of the guest are not seen. */
  readonly bounces: boolean;
  /**
   * The driver renders in blocks of so many pixels and writes back what it read of a block's rest: pixels of the next row, or memory behind
   * the picture. What is rendered to must be whole blocks. Absent: no such thing.
   */
  readonly renderBlock?: { readonly width: number; readonly height: number };
  /** Processor and GPU see the same bytes without DMA_BUF_IOCTL_SYNC. */
  readonly isCoherent: boolean;
  /** Time to sample an imported texture ÷ time to sample the driver's own; null: not measured. */
  readonly sampleCostRatio: number | null;
}

/** A format that was taken, and what can be done with it. */
export interface ImageFormatRule {
  /** DRM fourcc. */
  readonly fourcc: number;
  readonly canSample: boolean;
  readonly canRender: boolean;
  /** Modifiers as 16 hexadecimal digits; empty: none may be named. `0000000000000000` is LINEAR. */
  readonly modifiers: readonly string[];
}

/** /dev/udmabuf. */
export interface UdmabufRules {
  readonly listLimit: number;
  readonly sizeLimitBytes: number;
  readonly pageBytes: number;
}

/** GL_AMD_pinned_memory. */
export interface PinnedRules {
  /** Addresses and sizes must be multiples of it; 1: any. */
  readonly addressMultipleBytes: number;
}

/** GL_EXT_memory_object_fd with a udmabuf: what came of it, never what the driver lists. */
export interface BufferRules {
  /** A udmabuf is a buffer's storage, in place: what either side writes, the other sees. */
  readonly memoryObjects: boolean;
  /** Why it is not; empty: it is. */
  readonly refusal: string;
  /** Without DMA_BUF_IOCTL_SYNC. */
  readonly isCoherent: boolean;
}

/** Where memory must lie. */
export interface DmaRules {
  /** Physical addresses that GPU and display reach, in bits; 64: all; null: not known. */
  readonly addressBits: number | null;
}

/** The number of bytes that strides of pictures with such texels must be a multiple of. */
export function strideMultipleFor(images: ImageRules, bytesPerTexel: number): number {
  return images.strideMultiplesByTexel?.[String(bytesPerTexel)] ?? images.strideMultipleBytes;
}

/** Above this the ladder leaves sampled textures alone in `auto`. */
export const SAMPLE_COST_LIMIT = 1.1;

/** A host that imports nothing. */
export const NO_IMPORTS: HostProfile = {
  version: 1,
  driver: "",
  images: null,
  udmabuf: null,
  pinned: null,
  dma: { addressBits: null },
};

/** What may be assumed of a driver that took one small import and was asked nothing more. */
export const LENIENT_IMAGES: ImageRules = {
  acceptsMemfd: false,
  acceptsUdmabuf: null,
  strideMultipleBytes: 1,
  offsetMultipleBytes: 1,
  maxWidth: 16_384,
  maxHeight: 16_384,
  formats: [],
  bounces: false,
  isCoherent: true,
  sampleCostRatio: null,
};
