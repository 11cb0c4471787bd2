/** Puts the import ladder of one process together: policy, profile and what the system offers. */
import type { GlEncoder } from "@virtgpu/core/gl";
import {
  addressBits,
  NO_IMPORTS,
  parseRefusedPaths,
  VerdictBook,
  ZERO_COPY_MODES,
  type HostProfile,
  type ImportPolicy,
  type ImportServices,
  type PresentMode,
  type ZeroCopyMode,
} from "@virtgpu/core/memory";
import type { NativeGl } from "../native/native-gl.js";
import type { SegmentRegistry } from "../transport/session-memory.js";
import { checkDmaReach } from "./dma-reach.js";
import { HeapMemory } from "./heap-memory.js";
import { chooseHeap } from "./host-heaps.js";
import { NativeImporter, type ReachCheck } from "./native-importer.js";
import { driverName, trialProfile, withDriverFacts, withHeapTrial } from "./trial-profile.js";
import { udmabufRules } from "./udmabuf-rules.js";

/** As the command line gives it. */
export interface ImportSettings {
  readonly zeroCopy?: ZeroCopyMode;
  readonly present?: PresentMode;
  readonly dmaBits?: number;
  /** `--host-heap`: where the memory of host blobs comes from. Absent: this process has none. */
  readonly hostHeap?: string;
  /** What `virtgpu probe` found; used if it is of this driver. */
  readonly profile?: HostProfile;
}

/** With what the renderer need not know. */
export interface NativeImportServices extends ImportServices {
  readonly importer: NativeImporter;
}

/** Before any other use of the encoder. @throws {HostError} HOST_HEAP_…: a heap that was named cannot be had */
export function openImports(
  gl: NativeGl,
  encoder: GlEncoder,
  settings: ImportSettings = {},
  reach: ReachCheck = checkDmaReach,
): NativeImportServices {
  const policy = policyOf(settings);
  const isOurs = settings.profile !== undefined && settings.profile.driver === driverName(gl);
  const found = withDriverFacts(gl, isOurs ? settings.profile : trialProfile(gl, encoder));
  const isLimited = addressBits(policy, found) < 64;
  const heap = openHeap(settings, isLimited, encoder);
  const profile = heap === null ? found : withHeapTrial(gl, encoder, found, heap);
  return {
    policy,
    importer: new NativeImporter(profile, encoder, reach, heap, isLimited),
    verdicts: new VerdictBook(),
  };
}

function openHeap(
  { hostHeap = "none" }: ImportSettings,
  isLimited: boolean,
  registry: SegmentRegistry,
): HeapMemory | null {
  const heap = chooseHeap(hostHeap, isLimited);
  return heap === null ? null : new HeapMemory(heap, registry);
}

/** For devices without a GL driver: guest memory is shown where it lies. */
export function openImportsWithoutGl(registry: SegmentRegistry, settings: ImportSettings = {}): ImportServices {
  const profile = { ...NO_IMPORTS, udmabuf: udmabufRules() };
  return {
    policy: policyOf(settings),
    importer: new NativeImporter(profile, registry, checkDmaReach),
    verdicts: new VerdictBook(),
  };
}

/** Where the command line says nothing, VIRTGPU_ZERO_COPY does. */
function policyOf(settings: ImportSettings): ImportPolicy {
  const fromEnvironment = ZERO_COPY_MODES.find((mode) => mode === process.env["VIRTGPU_ZERO_COPY"]);
  return {
    zeroCopy: settings.zeroCopy ?? fromEnvironment ?? "auto",
    present: settings.present ?? "direct",
    dmaBits: settings.dmaBits ?? null,
    refused: parseRefusedPaths(process.env["VIRTGPU_REFUSE_IMPORT"] ?? ""),
  };
}
