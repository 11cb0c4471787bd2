#version 300 es
precision highp float;
precision highp int;
layout(std140) uniform vs_block0 {
  vec4 vs_sys[1];
  vec4 vs_c0[4];
};
layout(location = 0) in vec4 a0;
void main() {
  vec4 out0;
  vec4 t0;
  vec4 t1;
  vec4 t2;
  uvec4 t3;
  vec4 t4;
  vec4 t5;
  vec4 t6;
  vec4 t7;
  vec4 t8;
  vec4 t9;
  t0.x = fract(a0.x);
  t1.xy = vec2(2.0, 3.0) * vec2(t0.x);
  t2.xy = fract(t1.xy);
  t3.x = (t0.x >= 0.5) ? 0xffffffffu : 0u;
  t4.x = (t3.x != 0u) ? t2.x : t2.y;
  t5.x = 0.1 * t4.x;
  t6.x = (t5.x * t0.x) + a0.y;
  t7 = vs_c0[1] * vec4(t6.x);
  t8 = (vs_c0[0] * vec4(a0.x)) + t7;
  t9 = (vs_c0[2] * vec4(a0.z)) + t8;
  out0 = t9 + vs_c0[3];
  gl_Position = vec4(out0.x, out0.y * vs_sys[0].x, out0.zw);
}
