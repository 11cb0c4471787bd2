/**
 * A machine with a render node, for Mesa's software GBM: any character device will do, as kms_swrast and swrast ask it for nothing that
 * they need. It is seen in a mount namespace of its own, in which /dev is another.
 */
import { existsSync } from "node:fs";

/** Makes /dev anew, with what was there and /dev/dri/renderD128, then runs its arguments. */
const SCRIPT = `
set -e
mount -t tmpfs tmpfs /mnt
mkdir /mnt/dev
mount --rbind /dev /mnt/dev
mount -t tmpfs tmpfs /dev
for name in null zero full random urandom; do
  touch /dev/$name
  mount --bind /mnt/dev/$name /dev/$name
done
mkdir /dev/shm /dev/dri
mount --bind /mnt/dev/shm /dev/shm
touch /dev/dri/renderD128
mount --bind /mnt/dev/null /dev/dri/renderD128
exec "$@"`;

/** What goes before a command: empty where the machine has a render node. */
export function withRenderNode(): readonly string[] {
  if (existsSync("/dev/dri/renderD128")) return [];
  const own = process.getuid?.() === 0 ? [] : ["-r"];
  return ["unshare", ...own, "-m", "sh", "-c", SCRIPT, "sh"];
}
