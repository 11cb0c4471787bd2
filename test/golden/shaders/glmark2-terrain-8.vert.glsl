#version 300 es
precision highp float;
precision highp int;
layout(std140) uniform vs_block0 {
  vec4 vs_sys[1];
  vec4 vs_c0[2];
};
layout(location = 0) in vec4 a0;
out vec4 v_generic0;
void main() {
  vec4 out0;
  vec4 out1 = vec4(0.0);
  vec4 t0;
  t0.xy = (a0.xy * vec2(0.5)) + vec2(0.5);
  out1.xy = (vs_c0[1].xy * t0.xy) + vs_c0[0].xy;
  out0.xyz = a0.xyz;
  out0.w = 1.0;
  v_generic0 = out1;
  gl_Position = vec4(out0.x, out0.y * vs_sys[0].x, out0.zw);
}
