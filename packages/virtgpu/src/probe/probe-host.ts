/** Puts together what this host takes: opens the driver on one EGL platform after the other until one imports. */
import { glImportProblem } from "@virtgpu/core/gl";
import { describeProfileDriver, type BufferRules, type HostProfile, type PinnedRules } from "@virtgpu/core/memory";
import { EGL_PLATFORMS, type EglPlatform, type GlApi } from "../native/egl.js";
import { findMultiple } from "./find-multiple.js";
import { ImageTrials, TooManyCrashes } from "./image-trials.js";
import { probeImages, type ImageFindings } from "./probe-images.js";
import { findHeaps, type FoundHeap } from "../import/host-heaps.js";
import { probeUdmabuf, type UdmabufFindings } from "./probe-udmabuf.js";
import { TRIAL_MEMORIES, type OpenAnswer } from "./trial-messages.js";
import { TrialProcess } from "./trial-process.js";

/** How to open the driver, and who is told of progress. */
export interface ProbeOptions {
  /** `auto`, or one kind of EGL platform. */
  readonly eglPlatform: string;
  readonly api: GlApi;
  readonly renderNode?: string;
  /** Environment of the trial processes. Default: ours. */
  readonly environment?: NodeJS.ProcessEnv;
  /** Told what is being done, for people. */
  readonly onStep?: (what: string) => void;
}

/** One way to open the driver, and what came of it. */
export interface PlatformFindings {
  readonly platform: EglPlatform;
  readonly software: boolean;
  readonly opened: OpenAnswer | null;
  /** Why it did not open, or why nothing was imported; empty: all is well. */
  readonly failure: string;
  readonly cure: string;
  readonly images: ImageFindings | null;
  /** Errors of refused imports, by name. */
  readonly errors: Readonly<Record<string, number>>;
  readonly crashes: number;
  readonly trials: number;
}

/** All that was found; `profile` is what `serve` reads. */
export interface ProbeReport {
  readonly profile: HostProfile;
  /** In the order in which they were tried; the last is the one that the profile is of, if any imports. */
  readonly platforms: readonly PlatformFindings[];
  readonly udmabuf: UdmabufFindings;
  readonly heaps: readonly FoundHeap[];
}

/** Surfaceless is what `serve` opens first; on Mesa 25 it takes a DRM device where there is one, whose imports may fail. */
const AUTO: readonly (readonly [EglPlatform, boolean])[] = [
  ["surfaceless", false],
  ["device", true],
  ["device", false],
  ["gbm", false],
  ["wayland", false],
];

/** Takes some seconds. Each driver runs in processes of its own. */
export async function probeHost(options: ProbeOptions): Promise<ProbeReport> {
  const udmabuf = await probeUdmabuf();
  const named = EGL_PLATFORMS.find((platform) => platform === options.eglPlatform);
  const order = named === undefined ? AUTO : ([[named, false]] as const);
  const platforms: PlatformFindings[] = [];
  for (const [platform, software] of order) {
    options.onStep?.(`trying ${describePlatform(platform, software)}`);
    const found = await probePlatform(platform, software, options, udmabuf);
    platforms.push(found);
    if (found.images !== null) break;
  }
  const best = bestOf(platforms);
  const pinned = await probePinned(best, options);
  const buffers = await probeBuffers(best, options, udmabuf);
  return { profile: { ...buildProfile(platforms, udmabuf, pinned), buffers }, platforms, udmabuf, heaps: findHeaps() };
}

/** GL_AMD_pinned_memory is desktop OpenGL's. */
async function probePinned(
  best: PlatformFindings | undefined,
  { renderNode, environment }: ProbeOptions,
): Promise<PinnedRules | null> {
  if (best === undefined) return null;
  const { platform, software } = best;
  const open = { kind: "open" as const, platform, software, api: "gl" as const };
  const process = new TrialProcess(renderNode === undefined ? open : { ...open, renderNode }, environment);
  try {
    const desktop = await process.open();
    if ("crash" in desktop || desktop.failure !== undefined || !desktop.hasPinnedMemory) return null;
    const accepts = async (offsetBytes: number): Promise<boolean> => {
      const answer = await process.pin({ kind: "pin", offsetBytes });
      return "isTaken" in answer && answer.isTaken;
    };
    const found = await findMultiple(accepts, 1, () => process.crashes === 0);
    return found === null ? null : { addressMultipleBytes: found.multiple };
  } finally {
    process.stop();
  }
}

/** In the API that the profile is of. A driver that crashes on a dma-buf that is none of its own making has refused it. */
async function probeBuffers(
  best: PlatformFindings | undefined,
  { api, renderNode, environment }: ProbeOptions,
  udmabuf: UdmabufFindings,
): Promise<BufferRules> {
  const no = (refusal: string): BufferRules => ({ memoryObjects: false, refusal, isCoherent: true });
  if (best === undefined || best.opened === null) return no("no driver opens");
  if (!best.opened.hasMemoryObjects) return no("the driver lacks GL_EXT_memory_object_fd");
  if (!udmabuf.isUsable) return no("there is no udmabuf to try it with");
  const { platform, software } = best;
  const open = { kind: "open" as const, platform, software, api };
  const process = new TrialProcess(renderNode === undefined ? open : { ...open, renderNode }, environment);
  try {
    let refusal = "";
    for (const isSynced of [false, true]) {
      const answer = await process.memoryObject({ kind: "memory-object", isSynced });
      if ("crash" in answer) return no(`the driver died: ${answer.crash}`);
      const { result } = answer;
      if (result === 0) return { memoryObjects: true, refusal: "", isCoherent: !isSynced };
      if (result !== 1 && result !== 2) return no(`the driver refused: ${glImportProblem(result)}`);
      refusal = "the driver works on a copy";
    }
    return no(refusal);
  } finally {
    process.stop();
  }
}

/** `device (software)`: as the flags name it. */
export function describePlatform(platform: string, software: boolean): string {
  return software ? `${platform} (software)` : platform;
}

async function probePlatform(
  platform: EglPlatform,
  software: boolean,
  { api, renderNode, environment }: ProbeOptions,
  udmabuf: UdmabufFindings,
): Promise<PlatformFindings> {
  const open = { kind: "open" as const, platform, software, api };
  const process = new TrialProcess(renderNode === undefined ? open : { ...open, renderNode }, environment);
  const trials = new ImageTrials(process);
  const result = {
    platform,
    software,
    opened: null,
    failure: "",
    cure: "",
    images: null,
    errors: {},
    crashes: 0,
    trials: 0,
  };
  try {
    const opened = await process.open();
    if ("crash" in opened) return { ...result, failure: `the driver died: ${opened.crash}` };
    if (opened.failure !== undefined)
      return { ...result, failure: opened.failure.message, cure: opened.failure.cure ?? "" };
    if (!canImport(opened)) return { ...result, opened, failure: "this EGL has no EGL_EXT_image_dma_buf_import" };
    const images = await probeMemories(trials, opened, udmabuf);
    const failure = images === null ? describeRefusal(trials) : "";
    const errors = Object.fromEntries(trials.errors);
    return { ...result, opened, images, failure, errors, crashes: trials.crashes, trials: trials.count };
  } catch (error) {
    if (!(error instanceof TooManyCrashes)) throw error;
    return { ...result, failure: error.message, crashes: trials.crashes, trials: trials.count };
  } finally {
    process.stop();
  }
}

/** Real dma-bufs are preferred; a driver that takes plain files as well takes them by the same rules. */
async function probeMemories(
  trials: ImageTrials,
  opened: OpenAnswer,
  udmabuf: UdmabufFindings,
): Promise<ImageFindings | null> {
  const found: ImageFindings[] = [];
  for (const memory of TRIAL_MEMORIES) {
    if (memory === "udmabuf" && !udmabuf.isUsable) continue;
    const images = await probeImages(trials, memory, opened.maxTextureSize);
    if (images !== null) found.push(images);
  }
  const [first] = found;
  if (first === undefined) return null;
  const acceptsMemfd = found.some(({ memory }) => memory === "memfd");
  const acceptsUdmabuf = udmabuf.isUsable ? found.some(({ memory }) => memory === "udmabuf") : null;
  return { ...first, rules: { ...first.rules, acceptsMemfd, acceptsUdmabuf } };
}

function canImport({ extensions }: OpenAnswer): boolean {
  return /\bEGL_EXT_image_dma_buf_import(?!_)\b/.test(extensions);
}

function describeRefusal(trials: ImageTrials): string {
  const errors = [...trials.errors].sort(([, a], [, b]) => b - a).map(([name]) => name);
  if (errors.length > 0) return `every import is refused: ${errors.join(", ")}`;
  return "imports are accepted, but show something else";
}

/** The one that imports, else the first that opens. */
function bestOf(platforms: readonly PlatformFindings[]): PlatformFindings | undefined {
  return platforms.find(({ images }) => images !== null) ?? platforms.find(({ opened }) => opened !== null);
}

function buildProfile(
  platforms: readonly PlatformFindings[],
  udmabuf: UdmabufFindings,
  pinned: PinnedRules | null,
): HostProfile {
  const best = bestOf(platforms);
  const images = best?.images ?? null;
  const { vendor, renderer, version } = best?.opened ?? { vendor: "", renderer: "", version: "" };
  return {
    version: 1,
    driver: describeProfileDriver(vendor, renderer, version),
    images: images?.rules ?? null,
    udmabuf: udmabuf.rules,
    pinned,
    dma: { addressBits: images?.reach.addressBits ?? null },
    probed: {
      date: new Date().toISOString(),
      platform: best?.platform ?? "none",
      software: best?.software ?? false,
      inexact: images === null ? [] : inexactRules(images),
      takesPaddedRows: images?.takesPaddedRows ?? false,
      modifier: images?.modifier ?? "mixed",
      errors: best?.errors ?? {},
    },
  };
}

function inexactRules({ strides, offset }: ImageFindings): string[] {
  const names = [...strides].filter(([, { isExact }]) => !isExact).map(([bytes]) => `stride of ${bytes}-byte texels`);
  return offset !== null && !offset.isExact ? [...names, "offset"] : names;
}
