import { askDevice } from "#virtgpu/host/control-client.js";
import type { DeviceReport } from "#virtgpu/host/device-report.js";
import type { Explanation } from "#virtgpu/host/explanation.js";

/** Reasons that are no payload of a resource. */
const NO_PAYLOAD: readonly string[] = ["command stream", "constants"];

/** What a running device says of itself, through its control socket. @throws {Error} when it serves no guest */
export async function reportOf(control: string): Promise<DeviceReport> {
  const explanation = (await askDevice(control, "explain")) as Explanation;
  const report = explanation.processes[0]?.report;
  if (report === null || report === undefined) throw new Error("the device serves no guest");
  return report;
}

/** Bytes of resources that the device has moved since its start, by reason: empty means none. */
export function movedPayload(report: DeviceReport): Record<string, number> {
  return Object.fromEntries(
    Object.entries(report.movedBytes).filter(([reason, bytes]) => bytes > 0 && !NO_PAYLOAD.includes(reason)),
  );
}
