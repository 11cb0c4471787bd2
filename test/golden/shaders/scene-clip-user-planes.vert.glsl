#version 300 es
#extension GL_EXT_clip_cull_distance : require
precision highp float;
precision highp int;
layout(std140) uniform vs_block0 {
  vec4 vs_sys[9];
};
layout(location = 0) in vec4 a0;
out highp float gl_ClipDistance[3];
void main() {
  vec4 out0;
  out0 = a0;
  gl_Position = vec4(out0.x, out0.y * vs_sys[0].x, out0.zw);
  gl_ClipDistance[0] = dot(out0, vs_sys[1]);
  gl_ClipDistance[2] = dot(out0, vs_sys[3]);
}
