/** `virtgpu record`: stands between clients and a vtest server and writes their streams down. */
import * as v from "valibot";
import { RecordServer } from "../host/record-server.js";
import { notifySystemd } from "../host/sd-notify.js";
import { waitForStop } from "../host/stop-signals.js";
import { ExitStatus, FailedError, UsageError, type ExitStatusCode } from "./exit-status.js";
import { flag, jsonOption, text } from "./options.js";
import { DEFAULT_VTEST_PATH } from "./serve.js";
import { defineVerb } from "./verb.js";

export const record = defineVerb({
  name: "record",
  summary: "record what clients and a vtest server say, with all that clients write to shared memory",
  args: [{ name: "<file>", help: "capture file to make, gzipped if it ends in .gz; further clients get .2, .3, …" }],
  options: {
    vtest: {
      value: "<listen>",
      help: "where clients connect",
      schema: v.optional(text, DEFAULT_VTEST_PATH),
      byDefault: DEFAULT_VTEST_PATH,
    },
    upstream: { value: "<socket>", help: "socket of the server that does the work", schema: v.optional(text) },
    once: { value: "", help: "end when the first recorded client has gone", schema: flag },
    ...jsonOption,
  },
  example: "virtgpu record --vtest=/tmp/.virgl_test --upstream=/run/virgl.sock es2gears.vgs.gz",
  async run({ options, args, log, print }): Promise<ExitStatusCode> {
    if (options.upstream === undefined) throw new UsageError("record needs a server to record: give --upstream=SOCKET");
    const server = RecordServer.start({ listen: options.vtest, upstream: options.upstream, file: args[0] ?? "", log });
    log.info("recording what connects", { socket: options.vtest, upstream: options.upstream });
    notifySystemd("READY=1");
    if (options.once) await server.firstRecording();
    else await waitForStop(server, log);
    await server.drain();
    if (options.json) print(JSON.stringify({ recordings: server.recordings, failures: server.failures }));
    else
      for (const each of server.recordings)
        print(
          `${each.file}: ${each.messages} messages, ${each.frames} frames${each.failure === null ? "" : ` (${each.failure})`}`,
        );
    if (server.failures !== 0) throw new FailedError(`${server.failures} connections could not be recorded`);
    return ExitStatus.DONE;
  },
});
