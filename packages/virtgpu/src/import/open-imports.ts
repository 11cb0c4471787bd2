/** Puts the import ladder of one process together: policy, profile and what the system offers. */
import type { GlEncoder } from "@virtgpu/core/gl";
import {
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
import { checkDmaReach } from "../probe/dma-reach.js";
import { NativeImporter, type ReachCheck } from "./native-importer.js";
import { driverName, trialProfile, withDriverFacts } from "./trial-profile.js";
import { udmabufRules } from "./udmabuf-rules.js";

/** As the command line gives it. */
export interface ImportSettings {
  readonly zeroCopy?: ZeroCopyMode;
  readonly present?: PresentMode;
  readonly dmaBits?: number;
  /** What `virtgpu probe` found; used if it is of this driver. */
  readonly profile?: HostProfile;
}

/** Before any other use of the encoder. */
export function openImports(
  gl: NativeGl,
  encoder: GlEncoder,
  settings: ImportSettings = {},
  reach: ReachCheck = checkDmaReach,
): ImportServices {
  const policy = policyOf(settings);
  const isOurs = settings.profile !== undefined && settings.profile.driver === driverName(gl);
  const profile = withDriverFacts(gl, isOurs ? settings.profile : trialProfile(gl, encoder));
  return { policy, importer: new NativeImporter(profile, encoder, reach), verdicts: new VerdictBook() };
}

/** For devices without a GL driver: guest memory is shown where it lies. */
export function openImportsWithoutGl(registry: SegmentRegistry, settings: ImportSettings = {}): ImportServices {
  const profile = { ...NO_IMPORTS, udmabuf: udmabufRules() };
  return {
    policy: policyOf(settings),
    importer: new NativeImporter(profile, registry),
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
