// Builds a virgl command stream, lists it in words, and decodes it into calls. Needs no GPU.
import { createRecordingHandler, StreamBuilder } from "@virtgpu/core/testing";
import { DecodeOutcome, commandName, decodeStream, dumpStream, VirglFormat } from "@virtgpu/core/virgl";
import { guestErrorName } from "@virtgpu/core/base";

const stream = new StreamBuilder()
  .createSubContext(1)
  .setSubContext(1)
  .createSurface(10, 1, VirglFormat.B8G8R8A8_UNORM)
  .setFramebuffer([10])
  .setViewport(640, 480)
  .build();

dumpStream(stream, 0, stream.length, (line) => console.log(line));

const handler = createRecordingHandler();
const outcome = new DecodeOutcome();
const code = decodeStream(stream, 0, stream.length, handler, outcome);
console.log(`${guestErrorName(code)}: ${handler.calls.map(({ method }) => method).join(", ")}`);

// The same stream, cut in the middle of a command.
const cut = decodeStream(stream, 0, stream.length - 3, handler, outcome);
console.log(`cut: ${guestErrorName(cut)} in ${commandName(outcome.command)} at dword ${outcome.offsetDwords}`);
