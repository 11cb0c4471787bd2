/** Tells systemd (`Type=notify`) how we are. Does nothing without `NOTIFY_SOCKET`. Spec: sd_notify(3). */
import { execFile } from "node:child_process";

/**
 * Sends `READY=1`, `STOPPING=1` and the like. Node has no datagram socket for Unix paths, so systemd's own helper does it;
 * where there is a NOTIFY_SOCKET there is systemd. Errors are ignored: a missing notice must not stop the device.
 */
export function notifySystemd(...assignments: string[]): void {
  if (process.env["NOTIFY_SOCKET"] === undefined) return;
  execFile("systemd-notify", [`--pid=${process.pid}`, ...assignments], () => {});
}
