/** The device of one process: GL driver, renderer and session memory, put together once. */
import { HostError, LatencyHistogram, type Logger } from "@virtgpu/core/base";
import { GlEncoder } from "@virtgpu/core/gl";
import { COPY_REASON_NAMES, CopyLedger } from "@virtgpu/core/memory";
import { GlesRenderer } from "@virtgpu/core/renderer/gles";
import { defaultCommandSet, type CommandSet } from "@virtgpu/core/virgl";
import type { VtestCounters, VtestSession } from "@virtgpu/core/vtest";
import { openImports, type NativeImporter } from "../import/index.js";
import type { NativeGl } from "../native/index.js";
import { NativeSessionMemory, type SegmentRegistry } from "../transport/session-memory.js";
import type { Totals } from "./child-messages.js";
import { fenceCounts, makeReport, type DeviceReport, type ReportSources } from "./device-report.js";
import { openDriver, type DriverSettings } from "./driver.js";

export interface GlesDeviceOptions {
  /** A reset of the GPU ends the device (`GPU_RESET`) instead of every guest's contexts. */
  readonly endsWithReset?: boolean;
  /** Guests may be given memory of the host's, from the heap that the settings name. */
  readonly hasHostBlobs?: boolean;
}

/** What draws, on this thread, until `destroy`. One per process, as there is one GL context. */
export class GlesDevice {
  readonly gles: GlesRenderer;
  readonly memory: NativeSessionMemory;
  readonly ledger: CopyLedger;
  /** From the signal of a fence, as the fence thread saw it, to the guest's answer in its ring. */
  readonly fenceLatency = new LatencyHistogram();
  /** The one encoder of the driver: for the renderer's warm-up. */
  readonly encoder: GlEncoder;
  /** Registers memory that the driver may read or write. */
  readonly registry: SegmentRegistry;
  readonly importer: NativeImporter;
  /** GL_RENDERER and GL_VERSION of the host. */
  readonly renderer: string;
  readonly version: string;
  readonly #gl: NativeGl;

  private constructor(gl: NativeGl, logger: Logger, settings: DriverSettings, options: GlesDeviceOptions) {
    this.#gl = gl;
    this.renderer = gl.caps.renderer;
    this.version = gl.caps.versionText;
    this.ledger = new CopyLedger();
    const encoder = new GlEncoder(gl);
    this.encoder = encoder;
    this.registry = encoder;
    this.memory = new NativeSessionMemory(encoder);
    const { hostHeap = "auto", ...importSettings } = settings.imports ?? {};
    const heap = options.hasHostBlobs === true ? { hostHeap } : {};
    const imports = openImports(gl, encoder, { ...importSettings, ...heap });
    this.importer = imports.importer;
    const { ledger } = this;
    const { endsWithReset = false } = options;
    const commands = offeredCommands();
    this.gles = new GlesRenderer({ gl, encoder, ledger, logger, commands, imports, endsWithReset });
  }

  /** Readable when fences have signalled: then the renderer's `poll` reports them. */
  get fenceFd(): number {
    return this.#gl.fenceEventFd;
  }

  /** Opens the driver, probes it and computes the caps. @throws {HostError} when the host cannot. */
  static open(settings: DriverSettings, logger: Logger, options: GlesDeviceOptions = {}): GlesDevice {
    const gl = openDriver(settings);
    try {
      return new GlesDevice(gl, logger, settings, options);
    } catch (error) {
      gl.destroy();
      if (error instanceof HostError) throw error;
      throw new HostError("GL_RENDERER_FAILED", `the renderer cannot run on ${gl.caps.renderer}: ${String(error)}`, {
        cause: error,
      });
    }
  }

  destroy(): void {
    this.gles.destroy();
    this.memory.destroy();
    this.#gl.destroy();
  }
}

/**
 * All commands that are implemented, less those that VIRTGPU_TEST_REMOVE_COMMAND lists (`BEGIN_QUERY,CREATE_OBJECT(QUERY)`):
 * with it tests show that a feature's test notices when the feature is missing.
 */
function offeredCommands(): CommandSet {
  const removed = process.env["VIRTGPU_TEST_REMOVE_COMMAND"] ?? "";
  return removed === "" ? defaultCommandSet : defaultCommandSet.without(removed.split(","));
}

/** Counters that say how much was done, not what went wrong. */
const ACTIVITY: readonly string[] = ["submissions", "draws", "clears", "programsLinked"];

/** What the device knows of itself while it serves one session. */
export function reportSession(device: GlesDevice, session: VtestSession, maxListed: number): DeviceReport {
  const { errors, activity } = collectTotals(device, session.counters);
  const { clientName: name, sharedBytes: guestMemoryBytes } = session;
  return reportDevice(device, { name, guestMemoryBytes, errors, activity, displays: [] }, maxListed);
}

/** What the device knows of itself; `driven`: what is known by whoever drives it. */
export function reportDevice(
  device: GlesDevice,
  driven: Pick<ReportSources, "name" | "guestMemoryBytes" | "errors" | "activity" | "displays">,
  maxListed: number,
): DeviceReport {
  const { renderer, version, ledger, gles, fenceLatency } = device;
  const own = { renderer, glVersion: version, ledger, introspection: gles, fences: fenceLatency };
  return makeReport({ ...own, ...driven }, maxListed);
}

/** What the renderer counted. */
export function rendererCounts(device: GlesDevice): Pick<DeviceReport, "errors" | "activity"> {
  const counted = Object.entries(device.gles.counters.snapshot());
  return {
    errors: Object.fromEntries(counted.filter(([name]) => !ACTIVITY.includes(name))),
    activity: Object.fromEntries(counted.filter(([name]) => ACTIVITY.includes(name))),
  };
}

/** What one client's session did and cost. */
export function collectTotals(device: GlesDevice, session: VtestCounters): Totals {
  const { errors, activity } = rendererCounts(device);
  const { submissions, frames, guestErrors, protocolErrors, hostErrors, droppedSubmissions } = session;
  return {
    bytes: byReason(device.ledger.totalBytes),
    copies: byReason(device.ledger.totalCopies),
    errors: { ...errors, guestErrors, protocolErrors, hostErrors, droppedSubmissions },
    activity: { ...activity, submissions, frames },
    fences: fenceCounts(device.fenceLatency),
  };
}

function byReason(values: Float64Array): Record<string, number> {
  const record: Record<string, number> = {};
  COPY_REASON_NAMES.forEach((name, i) => {
    if (values[i] !== 0) record[name] = values[i] ?? 0;
  });
  return record;
}
