/** What the control socket answers to `explain`: a device's processes, each with its report and memory. JSON. */
import type { DeviceReport } from "./device-report.js";
import type { ProcessMemory } from "./process-memory.js";

export interface Explanation {
  /** Of the format: goes up when a field changes its meaning. */
  readonly version: 1;
  readonly device: string;
  readonly kind: "vtest" | "vhost-user";
  readonly pid: number;
  readonly uptimeMs: number;
  /** GL_RENDERER of the host; empty: drawn without GL. */
  readonly renderer: string;
  /** Where guests connect. */
  readonly socket: string;
  /** Bytes and frames of vtest clients that have gone; those of a VM are in its process. */
  readonly ended: EndedClients;
  readonly processes: readonly ExplainedProcess[];
}

export interface EndedClients {
  readonly clients: number;
  readonly frames: number;
  readonly movedBytes: Readonly<Record<string, number>>;
  readonly copies: Readonly<Record<string, number>>;
  readonly errors: Readonly<Record<string, number>>;
  readonly activity: Readonly<Record<string, number>>;
  readonly fences: Readonly<Record<string, number>>;
}

export interface ExplainedProcess {
  /** "client 3" of a vtest server, "device" of a VM. */
  readonly role: string;
  readonly pid: number;
  /** Of the guest's process, where it has one on this host. */
  readonly clientPid: number;
  readonly memory: ProcessMemory | null;
  /** Null: it did not answer in time, and never before. */
  readonly report: DeviceReport | null;
  /** True: the report is an older one, as the device is busy. */
  readonly isOld: boolean;
}

export const NO_ENDED_CLIENTS: EndedClients = {
  clients: 0,
  frames: 0,
  movedBytes: {},
  copies: {},
  errors: {},
  activity: {},
  fences: {},
};
