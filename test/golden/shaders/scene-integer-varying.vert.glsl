#version 300 es
precision highp float;
precision highp int;
layout(std140) uniform vs_block0 {
  vec4 vs_sys[1];
};
layout(location = 0) in vec4 a0;
flat out uvec4 v_generic0;
void main() {
  ivec4 sv0;
  vec4 out0;
  uvec4 out1;
  sv0 = ivec4(gl_VertexID);
  out0 = a0;
  out1 = uvec4(uint(sv0.x));
  v_generic0 = out1;
  gl_Position = vec4(out0.x, out0.y * vs_sys[0].x, out0.zw);
  gl_PointSize = vs_sys[0].y;
}
