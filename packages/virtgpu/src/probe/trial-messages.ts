/** What the probe and its child process tell each other, one JSON message each way. */
import type { AddonDisplayDevice } from "../native/addon.js";
import type { EglPlatform, GlApi } from "../native/egl.js";
import type { DriverFormat } from "../native/trial.js";

/** What stands for a dma-buf: a udmabuf, or a file of shared memory itself. */
export const TRIAL_MEMORIES = ["udmabuf", "memfd"] as const;
export type TrialMemory = (typeof TRIAL_MEMORIES)[number];

export interface OpenRequest {
  readonly kind: "open";
  readonly platform: EglPlatform;
  readonly software: boolean;
  readonly api: GlApi;
  readonly renderNode?: string;
}

export interface OpenAnswer {
  /** Undefined: the driver is open. */
  readonly failure?: { readonly code: string; readonly message: string; readonly cure?: string };
  readonly vendor: string;
  readonly renderer: string;
  readonly version: string;
  readonly extensions: string;
  readonly maxTextureSize: number;
  /** GL_AMD_pinned_memory. */
  readonly hasPinnedMemory: boolean;
  /** GL_EXT_memory_object_fd. */
  readonly hasMemoryObjects: boolean;
  /** EGL_CLIENT_APIS. */
  readonly clientApis: string;
  readonly formats: readonly DriverFormat[] | null;
  readonly device: AddonDisplayDevice | null;
}

/** One import. Numbers are ours, and must lie inside the child's memory. */
export interface TrialRequest {
  readonly kind: "trial";
  readonly memory: TrialMemory;
  /** Four characters. */
  readonly format: string;
  readonly width: number;
  readonly height: number;
  readonly offsetBytes: number;
  readonly strideBytes: number;
  readonly modifier?: string;
  /** Also: are later writes seen, do draws reach the memory? */
  readonly isThorough: boolean;
  /** Processor and GPU tell each other by DMA_BUF_IOCTL_SYNC. */
  readonly isSynced: boolean;
}

export interface TrialAnswer {
  /** 0: imported. Else the EGL error; 65536 + the GL error; negative: a system error or none that was told. */
  readonly error: number;
  /** A draw shows what was in memory before the import. */
  readonly isRight: boolean;
  /** A draw shows what was written after the import. Null: not tried. */
  readonly isFollowed: boolean | null;
  /** What the GPU draws arrives in memory; `refused`: the picture cannot be rendered to. */
  readonly rendering: "arrives" | "lost" | "refused" | null;
}

/** Memory as a buffer object (GL_AMD_pinned_memory). */
export interface PinRequest {
  readonly kind: "pin";
  /** From a page on. */
  readonly offsetBytes: number;
}

export interface PinAnswer {
  readonly isTaken: boolean;
}

/** A udmabuf as a buffer object (GL_EXT_memory_object_fd). */
export interface MemoryObjectRequest {
  readonly kind: "memory-object";
  /** Processor and GPU tell each other by DMA_BUF_IOCTL_SYNC. */
  readonly isSynced: boolean;
}

export interface MemoryObjectAnswer {
  /** As `trialMemoryObject` returns it. */
  readonly result: number;
}

/** The same small picture in many pieces of memory, wherever the system places them. */
export interface ReachRequest {
  readonly kind: "reach";
  readonly picture: TrialRequest;
  readonly pieces: number;
}

/** A piece of memory and whether the GPU works on it in place. */
export interface ReachSample {
  /** Physical address of its last byte; null: the kernel does not tell. */
  readonly highestAddress: number | null;
  readonly works: boolean;
}

export interface ReachAnswer {
  readonly samples: readonly ReachSample[];
}

/** How fast a picture is sampled where it lies. */
export interface MeasureRequest {
  readonly kind: "measure";
  readonly picture: TrialRequest;
  readonly rounds: number;
}

export interface MeasureAnswer {
  /** Time of the imported picture ÷ time of the driver's own; null: it could not be drawn. */
  readonly ratio: number | null;
}

export type TrialMessage =
  | MeasureRequest
  | MemoryObjectRequest
  | OpenRequest
  | TrialRequest
  | PinRequest
  | ReachRequest;
