/** Streams of whole programs on both servers; see streams.ts. */
import { testStreams } from "./streams.js";
import { GLES_HOST } from "./variants.js";

testStreams(GLES_HOST, "oc");
