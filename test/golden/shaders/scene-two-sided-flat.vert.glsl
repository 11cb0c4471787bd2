#version 300 es
precision highp float;
precision highp int;
layout(std140) uniform vs_block0 {
  vec4 vs_sys[1];
};
layout(location = 0) in vec4 a0;
flat out uvec4 v_color0;
flat out uvec4 v_bcolor0;
void main() {
  vec4 out0;
  uvec4 out1;
  uvec4 out2;
  out0 = a0;
  out1 = uvec4(0x3f800000u, 0u, 0u, 0x3f800000u);
  out2 = uvec4(0u, 0x3f800000u, 0x3e800000u, 0x3f800000u);
  v_color0 = out1;
  v_bcolor0 = out2;
  gl_Position = vec4(out0.x, out0.y * vs_sys[0].x, out0.zw);
}
