/** Tells systemd (`Type=notify`) how we are. Does nothing without `NOTIFY_SOCKET`. Spec: sd_notify(3). */
import { sendDatagram } from "../native/socket.js";

/** Sends `READY=1`, `STOPPING=1` and the like. Errors are ignored: a missing notice must not stop the device. */
export function notifySystemd(...assignments: string[]): void {
  const socket = process.env["NOTIFY_SOCKET"];
  if (socket === undefined || socket === "") return;
  try {
    sendDatagram(socket, assignments.join("\n"));
  } catch {
    // Nobody listens.
  }
}
