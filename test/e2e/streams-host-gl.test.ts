/** Streams of whole programs on both servers; see streams.ts. */
import { testStreams } from "./streams.js";
import { DESKTOP_GL_HOST } from "./variants.js";

testStreams(DESKTOP_GL_HOST, "--co");
