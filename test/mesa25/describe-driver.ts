/** Prints which EGL and GL this process gets: `{ version, extensions }`. */
import { openEgl, probeEgl } from "virtgpu/native";

const { detail } = probeEgl("surfaceless");
console.log(JSON.stringify({ detail, extensions: openEgl({ platform: "surfaceless" }).extensions }));
