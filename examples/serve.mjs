// Runs the device on a vtest socket from a program of your own, and asks it how it is.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serveVtest, VtestConnection } from "virtgpu";

const directory = mkdtempSync(join(tmpdir(), "virtgpu-example-"));
const path = join(directory, "vtest.sock");

const server = await serveVtest({ path, spares: 1 });
try {
  const connection = new VtestConnection(path);
  const status = await server.status();
  console.log(`renderer: ${status.renderer} (${status.glVersion})`);
  console.log(`socket: ${status.socket === path ? "as asked" : "elsewhere"}, clients so far: ${status.served}`);
  connection.close();
} finally {
  await server.kill();
  rmSync(directory, { recursive: true });
}
