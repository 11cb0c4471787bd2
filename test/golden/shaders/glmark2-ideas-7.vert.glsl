#version 300 es
precision highp float;
precision highp int;
layout(std140) uniform vs_block0 {
  vec4 vs_sys[1];
  vec4 vs_c0[9];
};
layout(location = 0) in vec4 a0;
out vec4 v_generic0;
void main() {
  vec4 out0;
  vec4 out1;
  vec4 t0;
  vec4 t1;
  vec4 t2;
  vec4 t3;
  vec4 t4;
  vec4 t5;
  vec4 t6;
  uvec4 t7;
  vec4 t8;
  t0 = (vs_c0[4] * vec4(a0.x)) + vs_c0[7];
  t1 = (vs_c0[5] * vec4(a0.y)) + t0;
  t2 = vs_c0[1] * vec4(t1.y);
  t3 = (vs_c0[0] * vec4(t1.x)) + t2;
  t4 = (vs_c0[2] * vec4(t1.z)) + t3;
  out0 = (vs_c0[3] * vec4(t1.w)) + t4;
  t5.x = vs_c0[8].x + (-10.0);
  t6.x = t5.x / 2.0;
  t7.x = (10.0 < vs_c0[8].x) ? 0xffffffffu : 0u;
  t8.xyz = mix(vec3(0.0), vec3(t6.x), notEqual(uvec3(t7.x), uvec3(0u)));
  out1.xyz = t8.xyz;
  out1.w = 1.0;
  v_generic0 = out1;
  gl_Position = vec4(out0.x, out0.y * vs_sys[0].x, out0.zw);
}
