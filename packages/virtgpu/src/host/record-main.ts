/**
 * The process that records one client: started by `record-server.ts` with the client's socket as descriptor 3 and a pipe
 * as standard input whose end means stop. Says `submitted` on stdout at the client's first submission.
 */
import { writeSync } from "node:fs";
import { silentLogger } from "@virtgpu/core/base";
import { VCMD_SUBMIT_CMD, type VtestChannel } from "@virtgpu/core/vtest";
import { SocketChannel } from "../transport/socket-channel.js";
import { recordStream } from "./record-stream.js";

const CLIENT_FD = 3;
const STOP_FD = 0;

const [, , upstream = "", file = ""] = process.argv;
const result = recordStream({
  client: announcing(new SocketChannel(CLIENT_FD, STOP_FD, () => false)),
  upstream,
  file,
  logger: silentLogger,
});
writeSync(1, `${JSON.stringify(result)}\n`);

/** Watches the client's message headers go by: they are the reads of 8 bytes. */
function announcing(inner: VtestChannel): VtestChannel {
  let told = false;
  return {
    readExact(target, offsetBytes, lengthBytes) {
      const count = inner.readExact(target, offsetBytes, lengthBytes);
      if (!told && lengthBytes === 8 && count === 8 && target[offsetBytes + 4] === VCMD_SUBMIT_CMD) {
        told = true;
        writeSync(1, "submitted\n");
      }
      return count;
    },
    write: (source, offsetBytes, lengthBytes) => inner.write(source, offsetBytes, lengthBytes),
    writeWithFd: (source, offsetBytes, lengthBytes, fd) => inner.writeWithFd(source, offsetBytes, lengthBytes, fd),
  };
}
