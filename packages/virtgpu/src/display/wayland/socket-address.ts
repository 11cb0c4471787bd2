import { isAbsolute, join } from "node:path";
import { HostError } from "@virtgpu/core/base";

/**
 * The path of the compositor's socket. `name` is a path, a name in XDG_RUNTIME_DIR, or empty for the session's own compositor.
 * Source: wayland(7), environment variables of `wl_display_connect`.
 * @throws {HostError} when there is no session to look in
 */
export function waylandSocketPath(name: string, environment: NodeJS.ProcessEnv = process.env): string {
  const wanted = name !== "" ? name : (environment["WAYLAND_DISPLAY"] ?? "wayland-0");
  if (isAbsolute(wanted)) return wanted;
  const folder = environment["XDG_RUNTIME_DIR"] ?? "";
  if (folder !== "") return join(folder, wanted);
  throw new HostError(
    "NO_WAYLAND_SESSION",
    `no Wayland compositor: XDG_RUNTIME_DIR is not set, so "${wanted}" says nothing`,
    {
      cure: "set XDG_RUNTIME_DIR, or give the whole path: --display=wayland:/run/user/1000/wayland-0",
    },
  );
}
